//! tribunal puts recorded histories on trial: it decides whether what the clients of a system did and saw satisfies a
//! consistency model, and gives evidence for its verdict that someone else can check.
//!
//! This page is for authors of test harnesses. The program `tribunal` is described in the README; the theory in
//! [`checker`].
//!
//! # Calls of a type of your own
//! Describe the data type by a state and a step ([`SequentialSpec`]), record each call, and judge:
//! ```
//! use tribunal::{Call, Limits, Model, Outcome, SequentialSpec, Verdict, check_calls};
//!
//! /// Gives out tickets: 0, 1, 2, …
//! struct Tickets;
//!
//! impl SequentialSpec for Tickets {
//!     type State = u64;
//!     type Op = ();
//!     type Ret = u64;
//!
//!     fn initial(&self) -> u64 {
//!         0
//!     }
//!
//!     fn step(&self, state: &u64, _: &(), ret: Option<&u64>, next: &mut Vec<u64>) {
//!         if ret.is_none_or(|ticket| ticket == state) {
//!             next.push(state + 1);
//!         }
//!     }
//! }
//!
//! let call = |process, ticket, start, end| Call {
//!     process,
//!     op: (),
//!     ret: Some(ticket),
//!     outcome: Outcome::Ok,
//!     start,
//!     end,
//! };
//! let twice = [call(0, 0, 1, 4), call(1, 0, 2, 6)];
//! let verdict = check_calls(&Tickets, &twice, Model::Linearizable, &Limits::default())?;
//! assert!(matches!(verdict, Verdict::Violated(_)), "two clients have ticket 0");
//! # Ok::<(), tribunal::CallError>(())
//! ```
//!
//! # Histories of the built-in types
//! Registers, queues, sets, locks and the other types of [`SpecKind`] need no specification. Build the history with a
//! [`HistoryBuilder`], or read it from a file with [`formats`] (feature `formats`):
//! ```
//! use tribunal::{Function, HistoryBuilder, Micro, Model, Operation, Options, Verdict, check};
//!
//! let mut builder = HistoryBuilder::new();
//! let (x, one) = (builder.key_text("x"), builder.int(1));
//! let (writer, reader) = (builder.process_text("writer"), builder.process_text("reader"));
//! for (process, function, start, end) in [(writer, Function::Write, 0, 9), (reader, Function::Read, 3, 5)] {
//!     let micros = [Micro::new(function, x, one)];
//!     builder.push(&Operation { start: Some(start), end: Some(end), ..Operation::new(process, function, &micros) })?;
//! }
//! let judgement = check(&builder.finish()?, Model::Linearizable, &Options::default())?;
//! assert!(matches!(judgement.verdict, Verdict::Consistent(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to record
//! - Take an operation's start **before** the request leaves and its end **after** the answer has come, from one monotonic
//!   clock; different processes may share a clock tick.
//! - A call without an answer (a timeout, a lost connection) is [`Outcome::Info`]: it may or may not have taken effect. Its
//!   process makes no more calls; go on with a new one. A call that certainly took no effect is [`Outcome::Fail`].
//! - Write each value once where you can: that makes verdicts fast and violations plain.
//!
//! # Verdicts
//! [`Verdict::Violated`] is a bug, with a [`Refutation`] that names the operations. [`Verdict::Unknown`] comes only from
//! [`Limits`]; never let it pass for a yes. [`certificate::verify`](checker::certificate::verify) checks the evidence of
//! either verdict with code that shares nothing with the engine.
//!
//! # Features
//! `cli` (default) builds the program, and all it needs. A harness wants `default-features = false`: the engine, and
//! few and small dependencies; with `formats`, files too; with `quorum`, quorum configurations.

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod report;

pub use tribunal_checker as checker;
#[cfg(feature = "formats")]
pub use tribunal_formats as formats;

pub use checker::certificate::{Certificate, Refutation, Witness};
pub use checker::engine::{Call, CallError, CheckError, Judgement, Options, check, check_calls};
pub use checker::history::{
    Datum, Function, History, HistoryBuilder, HistoryError, Micro, OpId, Operation, Outcome, Value,
};
pub use checker::limits::{Limits, Stop};
pub use checker::model::Model;
pub use checker::spec::{SequentialSpec, SpecKind};
pub use checker::verdict::{Unknown, Verdict};

/// The README's examples, held true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
