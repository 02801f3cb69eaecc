//! The engine of tribunal.
pub mod certificate;
pub mod engine;
pub mod history;
pub mod limits;
pub mod model;
pub mod spec;
mod sync;
pub mod verdict;
