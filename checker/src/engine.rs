//! Decides: a history, a model, limits → a verdict with its evidence.

mod judge;
mod view;

pub use judge::{CheckError, Judgement, Options, check};
