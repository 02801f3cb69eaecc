//! The engine of tribunal.
pub mod certificate;
pub mod engine;
pub mod history;
pub mod limits;
pub mod model;
pub mod naive;
#[cfg(feature = "quorum")]
pub mod quorum;
mod relation;
pub mod shrink;
pub mod spec;
mod sync;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
pub mod verdict;
