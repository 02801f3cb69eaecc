//! Histories to try checkers on: litmus histories from the literature, and generated ones of any size.
//!
//! [`litmus`](mod@litmus) lists small histories with the verdicts that a person derived by hand.
//! [`generate`](mod@generate) makes histories that satisfy a model by construction, or violate it by construction.

pub mod generate;
pub mod litmus;

pub use generate::{Generate, GenerateError, Generated, Values, Violation, generate};
pub use litmus::{Litmus, LitmusError, litmus};
