//! The entry of the engine.

use crate::history::History;
use crate::limits::Limits;
use crate::model::Model;
use crate::spec::{SpecError, SpecKind, infer};
use crate::verdict::Verdict;
use rayon::ThreadPoolBuilder;
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
    let spec = options.spec.map_or_else(|| infer(history), Ok)?;
    let verdict =
        match options.limits.threads.map(|threads| ThreadPoolBuilder::new().num_threads(threads).build()) {
            // Where the system gives no threads, the pool at hand does.
            Some(Ok(pool)) => pool.install(|| decide(history, model, spec, options)),
            _ => decide(history, model, spec, options),
        }?;
    Ok(Judgement { model, spec, verdict, method: "search", vacuous: false, notes: Vec::new() })
}

fn decide(history: &History, model: Model, spec: SpecKind, options: &Options) -> Result<Verdict, CheckError> {
    match model {
        Model::Sequential => super::view::decide_sequential(history, spec, &options.limits),
        _ => super::view::decide_local(history, model, spec, &options.limits),
    }
}
