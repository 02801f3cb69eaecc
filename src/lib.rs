//! tribunal puts recorded histories on trial: it decides whether what the clients of a system did and saw satisfies a
//! consistency model, and gives evidence for its verdict that someone else can check.
//!
//! This page is for authors of test harnesses. The program `tribunal` is described in the README; the theory in
//! [`checker`].
//!
//! There are three ways in, for three kinds of user.
//!
//! # A test of a system of your own: record, and assert
//! A [`Recorder`] costs a look at the clock and an atomic step for each event; [`assert_consistent!`] judges what it
//! recorded, and its message explains a violation with a picture and says how to judge the saved history again. A store is
//! a [`Registers`](spec::Registers), and [`Plain`](spec::Plain) makes a specification of any sequential implementation:
//! ```
//! use tribunal::spec::{Registers, RegistersOp, RegistersRet};
//! use tribunal::{Calls, Model, Recorder, assert_consistent};
//! use std::sync::{Barrier, Mutex};
//!
//! type Store = Registers<String, u64>;
//!
//! fn run() -> Calls<Store> {
//!     let (register, start) = (Mutex::new(None), Barrier::new(2));
//!     let recorder = Recorder::<Store>::default();
//!     std::thread::scope(|scope| {
//!         for value in 1..=2 {
//!             let (mut client, register, start) = (recorder.client(), &register, &start);
//!             scope.spawn(move || {
//!                 let write = client.invoke(RegistersOp::write("x", value));
//!                 start.wait();
//!                 *register.lock().unwrap() = Some(value);
//!                 write.ok(RegistersRet::Written);
//!
//!                 let read = client.invoke(RegistersOp::read("x"));
//!                 let seen = *register.lock().unwrap();
//!                 read.ok(RegistersRet::read(seen));
//!             });
//!         }
//!     });
//!     recorder.finish()
//! }
//!
//! assert_consistent!(run(), Store::new(), Model::Linearizable);
//! ```
//! A call that is dropped without an answer (a panic, a cancelled future, a crashed host) is recorded as of unknown
//! outcome. [`Recorder::streaming`] writes a file as it goes, which outlives the process; [`Recorder::watch`] judges while
//! the test runs. A history that proves nothing (no operation, no overlap, no result that could have been wrong) fails: see
//! [`Require`].
//!
//! # A type of your own: describe it by a step
//! Describe the data type by a state and a step ([`SequentialSpec`]), and judge calls however they were recorded:
//! ```
//! use tribunal::{Call, Limits, Model, Outcome, SequentialSpec, Verdict, check};
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
//! let verdict = check(&twice[..], &Tickets, Model::Linearizable, &Limits::default())?;
//! assert!(matches!(verdict, Verdict::Violated(_)), "two clients have ticket 0");
//! # Ok::<(), tribunal::CallError>(())
//! ```
//!
//! # A tool that has histories: the built-in types, every model
//! Registers, queues, sets, locks and the other types of [`SpecKind`] need no specification, and registers are judged by
//! every model. Build the history with a [`HistoryBuilder`], or read it from a file with [`formats`] (feature `formats`):
//! ```
//! use tribunal::{Function, HistoryBuilder, Limits, Micro, Model, Operation, SpecKind, Verdict, check};
//!
//! let mut builder = HistoryBuilder::new();
//! let (x, one) = (builder.key_text("x"), builder.int(1));
//! let (writer, reader) = (builder.process_text("writer"), builder.process_text("reader"));
//! for (process, function, start, end) in [(writer, Function::Write, 0, 9), (reader, Function::Read, 3, 5)] {
//!     let micros = [Micro::new(function, x, one)];
//!     builder.push(&Operation { start: Some(start), end: Some(end), ..Operation::new(process, function, &micros) })?;
//! }
//! let verdict = check(&builder.finish()?, &SpecKind::Register, Model::Causal, &Limits::default())?;
//! assert!(matches!(verdict, Verdict::Consistent(_)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What to record
//! - Take an operation's start **before** the request leaves and its end **after** the answer has come, from one monotonic
//!   clock; different processes may share a clock tick. A [`Recorder`] does.
//! - A call without an answer (a timeout, a lost connection) is [`Outcome::Info`]: it may or may not have taken effect. Its
//!   process makes no more calls; go on with a new one. A call that certainly took no effect is [`Outcome::Fail`].
//! - Write each value once where you can: that makes verdicts fast and violations plain.
//!
//! # Verdicts
//! [`Verdict::Violated`] is a bug, with a [`Refutation`] that names the operations. [`Verdict::Unknown`] comes only from
//! [`Limits`]; never let it pass for a yes. [`certificate::verify`](checker::certificate::verify) checks the evidence of
//! either verdict with code that shares nothing with the engine.
//!
//! # Features, dependencies, compilers
//! `cli` (default) builds the program, and all it needs. A harness wants `default-features = false`: the engine, the
//! recorder, and few and small dependencies (a test pins them); with `formats`, files of every format; with `quorum`, quorum
//! configurations. No async runtime is needed, and any will do. Rust 1.95 or later; a later minimum is a minor version.

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
mod report;

mod check;
mod harness;
pub mod spec;

pub use tribunal_checker as checker;
#[cfg(feature = "formats")]
pub use tribunal_formats as formats;

pub use check::{Judged, check};
pub use checker::certificate::{Certificate, Refutation, Witness};
pub use checker::engine::{Call, CallError, CheckError, Judgement, Options, check_calls};
pub use checker::history::{
    Datum, Function, History, HistoryBuilder, HistoryError, Micro, OpId, Operation, Outcome, Value,
};
pub use checker::limits::{Limits, Stop};
pub use checker::model::Model;
pub use checker::shrink::{ShrinkOptions, Shrunk, shrink};
pub use checker::spec::{SequentialSpec, SpecKind};
pub use checker::verdict::{Unknown, Verdict};
pub use harness::{
    Annotation, Calls, Census, Client, Clock, During, Failure, Passed, Pending, Place, Recorder, Require,
    Saved, SavedError, SavedSpec, Seen, Trial, Watch, replay,
};

/// The README's examples, held true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
