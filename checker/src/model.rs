//! The consistency models: what must be ordered, never how to search for it.

mod list;

pub use list::Model;
