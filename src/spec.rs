//! Specifications for harnesses: registers by key, and adapters for what a test has at hand already.
//!
//! A type of your own implements [`SequentialSpec`]. [`Plain`] makes a specification of a plain sequential
//! implementation ("here is my `BTreeMap`; the service must behave like it") or of a closure; [`Registers`] is the
//! key-value store that most tests are about.

mod plain;
mod registers;
mod unordered;

pub use crate::SequentialSpec;
pub use plain::Plain;
pub use registers::{Registers, RegistersOp, RegistersRet};
pub use unordered::Unordered;

use std::hash::{DefaultHasher, Hash, Hasher};

/// A part's number. Parts that share one by accident are judged together, which is as right.
fn part(key: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}
