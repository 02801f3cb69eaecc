//! Puts recorded histories on trial.
pub use tribunal_checker as checker;

pub mod cli;
mod report;
