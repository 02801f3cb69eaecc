//! The engine of tribunal.
pub mod history;
