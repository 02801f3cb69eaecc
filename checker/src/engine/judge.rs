//! The entry of the engine.

use super::labelling::Labelling;
use crate::history::{History, OpId};
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
    /// eventual: how long after the last write's end a read must start to be final, in the history's clock.
    pub settle: i64,
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
    /// weak, release, entry: whether the history is properly labelled, by the witness.
    pub labelling: Option<Labelling>,
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
    /// The model is about registers, the history about something else.
    #[error(
        "{model} is about registers, but the history is of a {spec}; ask for strict, linearizable or sequential"
    )]
    NotRegisters {
        /// The model.
        model: Model,
        /// The data type.
        spec: SpecKind,
    },
    /// A read of a history with replica logs does not say where it ran.
    #[error(
        "operation {op} names no replica, but the history records the logs of replicas; name one for every read"
    )]
    NoReplica {
        /// The read.
        op: OpId,
    },
    /// The history does not fit the data type.
    #[error(transparent)]
    Spec(#[from] SpecError),
}

impl CheckError {
    /// What is missing, in a word or two: the `reason` of an `inapplicable` model.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NoTimes { .. } => "no times",
            Self::NotRegisters { .. } => "not registers",
            Self::NoReplica { .. } => "no replica",
            Self::Spec(_) => "another data type",
        }
    }
}

/// Judges a history by a model.
///
/// # Errors
/// If it cannot be judged: no times where the model needs them, or operations that do not fit the data type.
pub fn check(history: &History, model: Model, options: &Options) -> Result<Judgement, CheckError> {
    let spec = applies(history, model, options)?;
    on_threads(&options.limits, || {
        if !model.is_one_view() {
            return super::orders::judge(history, model, spec, options);
        }
        let (verdict, method) = match model {
            Model::Sequential => (super::view::decide_sequential(history, spec, &options.limits)?, "search"),
            _ => super::view::decide_local(history, model, spec, &options.limits)?,
        };
        Ok(Judgement { model, spec, verdict, method, vacuous: false, labelling: None, notes: Vec::new() })
    })
}

/// As which data type a model judges a history, if it can.
///
/// # Errors
/// If the model does not apply, or the history fits no data type.
pub(super) fn applies(history: &History, model: Model, options: &Options) -> Result<SpecKind, CheckError> {
    if model.needs_times() && !history.is_timed() && !history.is_empty() {
        return Err(CheckError::NoTimes { model });
    }
    let spec = options.spec.map_or_else(|| infer(history), Ok)?;
    if model.is_one_view() { Ok(spec) } else { super::orders::applies(history, model, spec, options) }
}

/// Runs a check in a pool of as many threads as the limits say; in the pool at hand where they say nothing, or where the
/// system gives no threads.
pub(super) fn on_threads<T: Send>(limits: &Limits, check: impl FnOnce() -> T + Send) -> T {
    match limits.threads.map(|threads| ThreadPoolBuilder::new().num_threads(threads).build()) {
        Some(Ok(pool)) => pool.install(check),
        _ => check(),
    }
}
