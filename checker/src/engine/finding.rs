//! What a procedure has found out.

use super::labelling::Labelling;
use crate::certificate::{OneStep, Refutation, Witness};
use crate::history::OpId;

/// An answer with its evidence, before it becomes a judgement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Finding {
    /// The evidence: of consistency, or of violation.
    pub(crate) evidence: Result<Witness, Refutation>,
    /// The procedure that found it.
    pub(crate) method: &'static str,
    /// Holds for lack of anything to judge.
    pub(crate) vacuous: bool,
    /// weak, release, entry: whether the history is properly labelled.
    pub(crate) labelling: Option<Labelling>,
    /// What the reader of the report should know besides.
    pub(crate) notes: Vec<String>,
}

impl Finding {
    /// Consistent.
    pub(crate) fn holds(witness: Witness, method: &'static str) -> Self {
        Self { evidence: Ok(witness), method, vacuous: false, labelling: None, notes: Vec::new() }
    }

    /// Violated.
    pub(crate) fn broken(refutation: Refutation, method: &'static str) -> Self {
        Self { evidence: Err(refutation), method, vacuous: false, labelling: None, notes: Vec::new() }
    }

    /// A rule that one operation breaks by itself.
    pub(crate) fn one_step(kind: OneStep, read: OpId, with: Vec<OpId>, method: &'static str) -> Self {
        Self::broken(Refutation::OneStep { kind, read, with }, method)
    }
}
