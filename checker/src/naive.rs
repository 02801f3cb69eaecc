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
//! - one view of any data type: `strict`, `linearizable`, `sequential`;
//! - a view for each process or key of registers: `fifo`, `processor`, `cache`, `slow`, `causal`;
//! - causal pasts: `causal_weak`, `causal_convergent`;
//! - happens-before (`synchronised`): `weak`, `release`, `entry`;
//! - the client-centric guarantees: `session`, or `replicas` where logs are recorded;
//! - `eventual`.
//!
//! # Complexity
//! Exponential in the number of operations.

mod cache;
mod causal;
mod causal_convergent;
mod causal_weak;
mod entry;
mod eventual;
mod fifo;
mod linearizable;
mod one_view;
mod orders;
mod processor;
mod registers;
mod relation;
mod release;
mod replicas;
mod sequential;
mod session;
mod slow;
mod strict;
mod synchronised;
mod view;
mod weak;

use crate::certificate::Witness;
use crate::history::{History, OpId, Outcome};
use crate::limits::{Limits, Meter, Stop};
use crate::model::Model;
use crate::spec::{Scope, SpecError, SpecKind, infer};
use registers::World;
use synchronised::{HappensBefore, Scene};
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
    let spec = spec_of(history, model, options)?;
    let witness = match model {
        Model::Strict => one_view::judge(history, spec, strict::before, options, &meter)?,
        Model::Linearizable => one_view::judge(history, spec, linearizable::before, options, &meter)?,
        Model::Sequential => one_view::judge(history, spec, sequential::before, options, &meter)?,
        _ if spec != SpecKind::Register => return Err(NaiveError::NotRegisters { model, spec }),
        Model::Weak => judge_synchronised(history, weak::before, options, &meter)?,
        Model::Release => judge_synchronised(history, release::before, options, &meter)?,
        Model::Entry => judge_synchronised(history, entry::before, options, &meter)?,
        _ => judge_registers(history, model, options, &meter)?,
    };
    Ok(witness.map_or(NaiveVerdict::Violated, NaiveVerdict::Consistent))
}

/// The models of registers that pass over synchronisation operations.
fn judge_registers(
    history: &History,
    model: Model,
    options: &NaiveOptions,
    meter: &Meter,
) -> Result<Option<Witness>, NaiveError> {
    let ops = registers::operations(history)?;
    fits(ops.len(), options)?;
    if let Model::Session(set) = model
        && !history.logs().is_empty()
    {
        return Ok(replicas::hold(history, &ops, set)?.then_some(Witness::Logs));
    }
    for world in registers::worlds(history, &ops) {
        let witness = match model {
            Model::Fifo => fifo::holds(&world, meter)?,
            Model::Processor => processor::holds(&world, meter)?,
            Model::Cache => cache::holds(&world, meter)?,
            Model::Slow => slow::holds(&world, meter)?,
            Model::Causal => causal::holds(&world, meter)?,
            Model::CausalWeak => causal_weak::holds(&world, meter)?,
            Model::CausalConvergent => causal_convergent::holds(&world, meter)?,
            Model::Session(set) => session::holds(&world, set, meter)?,
            Model::Eventual => eventual::holds(&world, options.settle),
            _ => unreachable!("judged elsewhere"),
        };
        if witness.is_some() {
            return Ok(witness);
        }
    }
    Ok(None)
}

/// The models that build their happens-before from synchronisation.
fn judge_synchronised(
    history: &History,
    directly: HappensBefore,
    options: &NaiveOptions,
    meter: &Meter,
) -> Result<Option<Witness>, NaiveError> {
    let (ops, syncs) = (registers::operations(history)?, synchronised::operations(history));
    fits(ops.len() + syncs.len(), options)?;
    for scene in synchronised::scenes(history, &ops, &syncs) {
        if let Some(witness) = synchronised::holds(&scene, directly, meter)? {
            return Ok(Some(witness));
        }
    }
    Ok(None)
}

/// Whether a history is properly labelled: no two operations on the same key, one of them a write, are unordered by the
/// happens-before that the model (weak, release or entry) builds from this order of the synchronisation operations and,
/// within one process, by program order. `arbitration` tells which writes happened.
///
/// # Errors
/// If the operations do not fit registers.
///
/// # Panics
/// If the model is another one, or the history large.
pub fn properly_labelled(
    history: &History,
    model: Model,
    sync_order: &[OpId],
    arbitration: &[Vec<OpId>],
) -> Result<bool, NaiveError> {
    let directly = match model {
        Model::Weak => weak::before,
        Model::Release => release::before,
        Model::Entry => entry::before,
        _ => panic!("{model} builds no happens-before"),
    };
    let happened = |id: &OpId| {
        history.outcome(*id) == Outcome::Ok
            || sync_order.contains(id)
            || arbitration.iter().any(|key| key.contains(id))
    };
    let mut ops = registers::operations(history)?;
    ops.retain(|op| happened(&op.id));
    let scene = Scene { world: World { history, ops }, syncs: sync_order.to_vec() };
    let order: Vec<usize> = (0..sync_order.len()).collect();
    Ok(synchronised::properly_labelled(&scene, directly, &order))
}

/// The data type that is asked for, that the header names, or that the functions show. Models of registers take a history
/// of nothing but locks as one of registers, unless something else was named.
fn spec_of(history: &History, model: Model, options: &NaiveOptions) -> Result<SpecKind, SpecError> {
    let found = options.spec.map_or_else(|| infer(history), Ok)?;
    let named = options.spec.is_some() || history.declared_spec().is_some();
    let only_locks = found.scope() == Scope::Lock && !named;
    Ok(if only_locks && !model.is_one_view() { SpecKind::Register } else { found })
}

/// Refuses histories of which too much is left to enumerate.
fn fits(operations: usize, options: &NaiveOptions) -> Result<(), NaiveError> {
    let limit = options.operations.min(usize::BITS as usize - 1);
    if operations > limit { Err(NaiveError::TooLarge { operations, limit }) } else { Ok(()) }
}

#[cfg(test)]
mod tests;
