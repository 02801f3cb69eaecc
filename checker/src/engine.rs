//! Decides: a history, a model, limits → a verdict with its evidence.

mod judge;

pub use judge::{CheckError, Judgement, Options, check};
