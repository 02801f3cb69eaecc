//! The consistency models: what must be ordered, never how to search for it.

mod guarantees;
mod lattice;
mod list;

pub use guarantees::Guarantees;
pub use lattice::{Condition, IMPLICATIONS, Implication, implied};
pub use list::Model;
