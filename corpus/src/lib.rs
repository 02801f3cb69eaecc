//! Histories to try checkers on: litmus histories from the literature, and generated ones of any size.
//!
//! [`generate`] makes histories that satisfy a model by construction, or violate it by construction.

pub mod generate;

pub use generate::{Generate, GenerateError, Generated, Values, Violation, generate};
