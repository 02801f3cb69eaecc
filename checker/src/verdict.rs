//! What a check says.

use crate::certificate::{Refutation, Witness};
use crate::limits::Stop;

/// The answer of a check: yes, no, or not known, each with its evidence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The history satisfies the model.
    Consistent(Witness),
    /// It does not.
    Violated(Refutation),
    /// A limit was reached first.
    Unknown(Unknown),
}

/// Why there is no answer, and how far the check got.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Unknown {
    /// The limit.
    pub reason: Stop,
    /// How far: a sentence with numbers.
    pub progress: String,
}
