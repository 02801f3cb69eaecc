//! For test harnesses: record what clients do and see, judge it in one line, and fail with a message worth reading.
//!
//! [`Recorder`] hands out one [`Client`] for each thread, task or connection; [`Client::invoke`] gives a [`Pending`] call,
//! which is answered, or dropped and then of unknown outcome. [`Recorder::finish`] gives the [`Calls`];
//! [`assert_consistent!`](crate::assert_consistent) judges them, and a [`Watch`] does so while the test runs.

mod calls;
mod census;
mod chunk;
mod clock;
mod core;
mod line;
mod macros;
mod message;
mod monitor;
mod recorder;
mod replay;
mod saved;
mod stream;
mod timeline;
mod trial;
mod watch;

pub use calls::{Annotation, Calls};
pub use census::{Census, Require};
pub use clock::Clock;
pub use recorder::{Client, During, Pending, Recorder};
pub use replay::replay;
pub use saved::SavedError;
pub use trial::{Failure, Passed, Place, Trial};
pub use watch::{Seen, Watch};

use crate::SequentialSpec;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A specification whose calls can be written to a file and read again: operations and results derive serde's traits.
///
/// Implemented for every such type; nothing is left to do but to derive.
///
/// An operation that serialises as an object with a text `f` has its members on the line as they are, and so has a
/// result that is an object; any other result is the member `value`. That is how operations of one's own become lines
/// that the program `tribunal` can judge: see [`Registers`](crate::spec::Registers).
pub trait SavedSpec: SequentialSpec<Op: Saved, Ret: Saved> {}

impl<S: SequentialSpec<Op: Saved, Ret: Saved>> SavedSpec for S {}

/// What can be written as JSON and read again.
pub trait Saved: Serialize + DeserializeOwned {}

impl<T: Serialize + DeserializeOwned> Saved for T {}
