//! The entry of the engine.

use crate::history::History;
use crate::limits::Limits;
use crate::model::Model;
use crate::spec::{SpecError, SpecKind};
use crate::verdict::Verdict;
use thiserror::Error;

/// How to check.
#[derive(Clone, Default, Debug)]
pub struct Options {
    /// The data type; `None` = the header's, else inferred from the functions.
    pub spec: Option<SpecKind>,
    /// What it may spend.
    pub limits: Limits,
}

/// What a check says of one history and one model.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Judgement {
    /// The model.
    pub model: Model,
    /// The data type.
    pub spec: SpecKind,
    /// The answer.
    pub verdict: Verdict,
    /// The procedure that found it.
    pub method: &'static str,
    /// Holds for lack of anything to judge.
    pub vacuous: bool,
    /// What the reader of the report should know besides: operations set aside, odd lock use.
    pub notes: Vec<String>,
}

/// Why a history cannot be judged by a model.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The model speaks of time and the history has none.
    #[error(
        "{model} speaks of real time, but the history has no times; record \"start\" and \"end\", or ask for sequential"
    )]
    NoTimes {
        /// The model.
        model: Model,
    },
    /// The history does not fit the data type.
    #[error(transparent)]
    Spec(#[from] SpecError),
}

/// Judges a history by a model.
///
/// # Errors
/// If it cannot be judged: no times where the model needs them, or operations that do not fit the data type.
pub fn check(history: &History, model: Model, options: &Options) -> Result<Judgement, CheckError> {
    if model.needs_times() && !history.is_timed() && !history.is_empty() {
        return Err(CheckError::NoTimes { model });
    }
    let spec = options.spec.unwrap_or(SpecKind::Register);
    let verdict = super::view::decide(history, model, spec, &options.limits)?;
    Ok(Judgement { model, spec, verdict, method: "search", vacuous: false, notes: Vec::new() })
}
