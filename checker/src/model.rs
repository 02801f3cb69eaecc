//! The consistency models: what must be ordered, never how to search for it.

mod guarantees;
mod list;

pub use guarantees::Guarantees;
pub use list::Model;
