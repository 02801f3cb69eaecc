//! Decides: a history, a model, limits → a verdict with its evidence.

mod calls;
mod judge;
mod view;

pub use calls::{Call, CallError, check_calls};
pub use judge::{CheckError, Judgement, Options, check};
