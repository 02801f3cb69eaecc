//! What the tests of several modules and crates share: short notation for histories, random histories.
//!
//! Behind the feature `testing`; no part of the checker proper uses it.

mod arbitrary;
mod notation;

pub use arbitrary::{Registers, of_kind, registers, replicas};
pub use notation::{Draft, history};
