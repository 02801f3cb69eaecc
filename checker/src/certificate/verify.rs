//! Checks certificates with code that shares nothing with the engine.
//!
//! Problem: an engine that is fast is hard to believe. A certificate reduces belief to checking: this module sees the
//! history, the model's name, the data type and the certificate, and answers whether the certificate proves its verdict.
//! It shares with the engine only what a history is, what a data type does, and what a certificate says.
//!
//! - A **witness** is checked in full: who is in each view, that it extends the orders the model demands, and that the
//!   data type allows it; or what the reads-from and the arbitration must satisfy.
//! - A **core** is a part of the history that violates the model by itself, small enough to be enumerated by
//!   [`naive`](crate::naive), and such that what was left out could not have mended it: `core` argues why.
//! - A **cycle** is checked edge by edge; its rules stand in [`rules`](super::rules).
//! - A **one-step** violation is looked up in the history.
//!
//! A certificate that is larger than what can be enumerated, or that says of itself that it is no proof (`exhausted`),
//! is [`Verification::Unverified`]: neither believed nor refuted.
//!
//! # Complexity
//! Views, reads-from and arbitrations take time O(n log n) in the length of the history and of the certificate, and a few
//! words an operation; nothing recurses. Cores are enumerated: exponential, in a dozen operations at most.

mod acyclic;
mod apart;
mod causal;
mod clocks;
mod core;
mod cycle;
mod fault;
mod finals;
mod logs;
mod one_step;
mod one_view;
mod orders;
mod outside;
mod pasts;
mod process_views;
mod reads_from;
mod registers;
mod replay;
mod sessions;
mod synchronised;

pub use fault::VerifyError;

use super::{Certificate, Refutation};
use crate::history::History;
use crate::limits::Limits;
use crate::model::Model;
use crate::spec::SpecKind;
use fault::Fault;
use orders::Orders;

/// How to check a certificate.
#[derive(Clone, Default, Debug)]
pub struct VerifyOptions {
    /// eventual: how long after the last write's end a read must start to be final, in the history's clock.
    pub settle: i64,
    /// What enumerating a core may spend.
    pub limits: Limits,
}

/// What a certificate is worth.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verification {
    /// It proves its verdict.
    Verified,
    /// It does not, and says something untrue: why.
    Refuted(String),
    /// It may be right, but cannot be checked: why.
    Unverified(String),
}

/// Checks a certificate of a history and a model; `spec` is the data type that the history was judged as.
///
/// # Errors
/// If the history itself cannot be judged by the model: no times where it needs them, operations that do not fit.
///
/// # Examples
/// ```
/// use tribunal_checker::certificate::verify::{Verification, VerifyOptions, verify};
/// use tribunal_checker::certificate::{Certificate, Witness};
/// use tribunal_checker::history::{Function, HistoryBuilder, Micro, OpId, Operation};
/// use tribunal_checker::model::Model;
/// use tribunal_checker::spec::SpecKind;
///
/// let mut builder = HistoryBuilder::new();
/// let (process, key, one) = (builder.process_int(0), builder.key_text("x"), builder.int(1));
/// builder.push(&Operation::new(process, Function::Write, &[Micro::new(Function::Write, key, one)]))?;
/// builder.push(&Operation::new(process, Function::Read, &[Micro::new(Function::Read, key, one)]))?;
/// let history = builder.finish()?;
/// let certificate = |view: [u32; 2]| Certificate::Witness(Witness::View(view.map(OpId).to_vec()));
/// let verify = |certificate| {
///     verify(&history, Model::Sequential, SpecKind::Register, &certificate, &VerifyOptions::default())
/// };
/// assert_eq!(verify(certificate([0, 1]))?, Verification::Verified);
/// assert!(matches!(verify(certificate([1, 0]))?, Verification::Refuted(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(
    history: &History,
    model: Model,
    spec: SpecKind,
    certificate: &Certificate,
    options: &VerifyOptions,
) -> Result<Verification, VerifyError> {
    if model.needs_times() && !history.is_timed() && !history.is_empty() {
        return Err(VerifyError::NoTimes { model });
    }
    if !model.is_one_view() && spec != SpecKind::Register {
        return Err(VerifyError::NotRegisters { model, spec });
    }
    let case = Case { history, model, spec, orders: Orders::new(history), options };
    let checked = match certificate {
        Certificate::Witness(witness) => case.witness(witness),
        Certificate::Refutation(refutation) => case.refutation(refutation),
    };
    match checked {
        Ok(()) => Ok(Verification::Verified),
        Err(Fault::Refuted(why)) => Ok(Verification::Refuted(why)),
        Err(Fault::Unverified(why)) => Ok(Verification::Unverified(why)),
        Err(Fault::Input(error)) => Err(error),
    }
}

/// What a certificate is checked against.
struct Case<'a> {
    history: &'a History,
    model: Model,
    spec: SpecKind,
    orders: Orders<'a>,
    options: &'a VerifyOptions,
}

impl Case<'_> {
    fn witness(&self, witness: &super::Witness) -> Result<(), Fault> {
        if *witness == super::Witness::Omitted {
            return Err(Fault::Unverified("the evidence was too large to be written down".into()));
        }
        match self.model {
            Model::Strict | Model::Linearizable | Model::Sequential => one_view::check(self, witness),
            Model::Fifo | Model::Processor | Model::Cache | Model::Slow | Model::Causal => {
                process_views::check(self, witness)
            }
            Model::CausalWeak | Model::CausalConvergent => pasts::check(self, witness),
            Model::Weak | Model::Release | Model::Entry => synchronised::check(self, witness),
            Model::Session(set) if !self.history.logs().is_empty() => match witness {
                super::Witness::Logs => logs::check(self, set),
                _ => fault::refuted("the history records logs: they are the evidence"),
            },
            Model::Session(set) => sessions::check(self, set, witness),
            Model::Eventual => finals::check(self, witness),
        }
    }

    fn refutation(&self, refutation: &Refutation) -> Result<(), Fault> {
        match refutation {
            Refutation::Core { exhausted: true, .. } => Err(Fault::Unverified(
                "the search was complete, but no part of the history small enough to be enumerated was found"
                    .into(),
            )),
            Refutation::Core { operations, pending, stuck, longest, exhausted: false } => {
                self.orders.known(stuck.iter().chain(longest))?;
                core::check(self, operations, pending)
            }
            Refutation::OneStep { kind, read, with } => one_step::check(self, *kind, *read, with),
            Refutation::Cycle { edges, lemmas } => cycle::check(self, edges, lemmas),
        }
    }
}

#[cfg(test)]
mod tests;
