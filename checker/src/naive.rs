//! Every definition by enumeration: the oracle for tiny histories.
//!
//! Problem: to convict a fast engine one needs a judge that cannot share its mistakes. Here each model is written as
//! its definition reads: which `info` operations happened, which write each read read from, in which order everything
//! took effect, are all tried, one after the other. Nothing is clever, so there is little to get wrong; nothing is
//! fast, so histories of more than a few operations are refused.
//!
//! This module uses histories, specifications, the data types of certificates, the names of models and limits, never
//! the engine. Each model is a file that holds its definition and little else:
//!
//! - one view of any data type: `strict`, `linearizable`, `sequential`.
//!
//! # Complexity
//! Exponential in the number of operations.

mod linearizable;
mod one_view;
mod orders;
mod sequential;
mod strict;
mod view;

use crate::certificate::Witness;
use crate::history::{History, OpId};
use crate::limits::{Limits, Meter, Stop};
use crate::model::Model;
use crate::spec::{SpecError, SpecKind, infer};
use thiserror::Error;

/// How to judge.
#[derive(Clone, Debug)]
pub struct NaiveOptions {
    /// The data type; `None` = the header's, else inferred from the functions.
    pub spec: Option<SpecKind>,
    /// eventual: how long after the last write's end a read must start to be final, in the history's clock.
    pub settle: i64,
    /// How many operations to enumerate at most, those not counted that the model drops.
    pub operations: usize,
    /// What the enumeration may spend.
    pub limits: Limits,
}

impl Default for NaiveOptions {
    fn default() -> Self {
        Self { spec: None, settle: 0, operations: 12, limits: Limits::default() }
    }
}

/// The answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NaiveVerdict {
    /// The history satisfies the model, as the witness shows.
    Consistent(Witness),
    /// It does not: every possibility was tried.
    Violated,
}

impl NaiveVerdict {
    /// True for the consistent.
    #[must_use]
    pub fn is_consistent(&self) -> bool {
        matches!(self, Self::Consistent(_))
    }
}

/// Why a history is not judged.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum NaiveError {
    /// More operations than can be enumerated.
    #[error("{operations} operations are too many to enumerate (at most {limit})")]
    TooLarge {
        /// How many it has.
        operations: usize,
        /// How many it may have.
        limit: usize,
    },
    /// The model speaks of time and the history has none.
    #[error("{model} speaks of real time, but the history has no times")]
    NoTimes {
        /// The model.
        model: Model,
    },
    /// The model is about registers, the history about something else.
    #[error("{model} is about registers, not about a {spec}")]
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
    /// The definition is not written down here yet.
    #[error("{model} is not enumerated yet")]
    Unwritten {
        /// The model.
        model: Model,
    },
    /// The history does not fit the data type.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A limit was reached.
    #[error("the enumeration was stopped: {0}")]
    Stopped(Stop),
}

impl From<Stop> for NaiveError {
    fn from(stop: Stop) -> Self {
        Self::Stopped(stop)
    }
}

/// Judges a history by a model, trying every possibility.
///
/// # Errors
/// If the history is too large, does not fit the data type or the model, or a limit is reached.
///
/// # Complexity
/// Exponential.
///
/// # Examples
/// ```
/// use tribunal_checker::history::{Function, HistoryBuilder, Micro, Operation};
/// use tribunal_checker::model::Model;
/// use tribunal_checker::naive::{NaiveOptions, judge};
///
/// let mut builder = HistoryBuilder::new();
/// let (key, one, initial) = (builder.key_text("x"), builder.int(1), tribunal_checker::history::Value::NULL);
/// let (writer, reader) = (builder.process_text("P1"), builder.process_text("P2"));
/// let write = [Micro::new(Function::Write, key, one)];
/// builder.push(&Operation { start: Some(1), end: Some(2), ..Operation::new(writer, Function::Write, &write) })?;
/// let read = [Micro::new(Function::Read, key, initial)];
/// builder.push(&Operation { start: Some(3), end: Some(4), ..Operation::new(reader, Function::Read, &read) })?;
/// let history = builder.finish()?;
/// let options = NaiveOptions::default();
/// assert!(!judge(&history, Model::Linearizable, &options)?.is_consistent());
/// assert!(judge(&history, Model::Sequential, &options)?.is_consistent());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn judge(history: &History, model: Model, options: &NaiveOptions) -> Result<NaiveVerdict, NaiveError> {
    if model.needs_times() && !history.is_timed() && !history.is_empty() {
        return Err(NaiveError::NoTimes { model });
    }
    let meter = Meter::start(&options.limits);
    let spec = spec_of(history, options)?;
    let witness = match model {
        Model::Strict => one_view::judge(history, spec, strict::before, options, &meter)?,
        Model::Linearizable => one_view::judge(history, spec, linearizable::before, options, &meter)?,
        Model::Sequential => one_view::judge(history, spec, sequential::before, options, &meter)?,
        _ => return Err(NaiveError::Unwritten { model }),
    };
    Ok(witness.map_or(NaiveVerdict::Violated, NaiveVerdict::Consistent))
}

/// The data type that is asked for, that the header names, or that the functions show.
fn spec_of(history: &History, options: &NaiveOptions) -> Result<SpecKind, SpecError> {
    options.spec.map_or_else(|| infer(history), Ok)
}

/// Refuses histories of which too much is left to enumerate.
fn fits(operations: usize, options: &NaiveOptions) -> Result<(), NaiveError> {
    let limit = options.operations.min(usize::BITS as usize - 1);
    if operations > limit { Err(NaiveError::TooLarge { operations, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
