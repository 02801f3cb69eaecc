//! Puts recorded histories on trial.
pub use tribunal_checker as checker;
