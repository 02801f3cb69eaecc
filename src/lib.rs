//! Puts recorded histories on trial.

pub use tribunal_checker as checker;
#[cfg(feature = "formats")]
pub use tribunal_formats as formats;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod report;
