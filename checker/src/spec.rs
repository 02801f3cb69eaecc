//! Sequential specifications: what a data type does when one operation follows another.
//!
//! A specification is a type that implements [`SequentialSpec`]: a state, a step. Types of your own need no more than
//! that. The data types that recorded files name implement [`RecordedSpec`] too, which reads their operations out of a
//! [`History`](crate::history::History); [`SpecKind`] lists them.
//!
//! A specification says what is legal, never how to search: the engine sees numbered states and numbered actions (an
//! action is a distinct triple of function, argument and result) through [`Machine`].

mod decode;
mod kind;
mod machine;
mod register;

pub use decode::{Decoder, Element, Object, SpecError};
pub use kind::{SpecKind, SpecVisitor};
pub use machine::{Interned, Machine, NextStates};
pub use register::{Register, RegisterOp, RegisterRet};

use crate::history::{Function, History, OpId};
use std::fmt::Debug;
use std::hash::Hash;

/// The meaning of a data type: which results an operation may give in a state, and which states it may leave.
///
/// # Examples
/// A counter that may skip a number: a non-deterministic type.
/// ```
/// use tribunal_checker::spec::SequentialSpec;
///
/// struct Skipping;
///
/// impl SequentialSpec for Skipping {
///     type State = u64;
///     type Op = ();
///     type Ret = u64;
///
///     fn initial(&self) -> u64 {
///         0
///     }
///
///     fn step(&self, state: &u64, _: &(), ret: Option<&u64>, next: &mut Vec<u64>) {
///         for after in [state + 1, state + 2] {
///             if ret.is_none_or(|&ret| ret == after) {
///                 next.push(after);
///             }
///         }
///     }
/// }
/// ```
pub trait SequentialSpec: Send + Sync {
    /// What the object remembers.
    type State: Clone + Eq + Hash + Debug + Send + Sync;
    /// A function with its arguments.
    type Op: Clone + Eq + Hash + Debug + Send + Sync;
    /// A result.
    type Ret: Clone + Eq + Hash + Debug + Send + Sync;

    /// The state before every operation.
    fn initial(&self) -> Self::State;

    /// Appends to `next` every state that `op` may leave behind when it runs in `state` and answers `ret`; `None` = the
    /// answer is unknown, any will do. Appending nothing says that `op` cannot give this answer here.
    ///
    /// Must be a function of its arguments alone: the engine remembers what it said.
    fn step(&self, state: &Self::State, op: &Self::Op, ret: Option<&Self::Ret>, next: &mut Vec<Self::State>);

    /// The part of the object that `op` works on, where the object is a product of independent parts (the key of a
    /// map); `None` = all of it. Histories are then checked part by part where the model is local.
    fn partition(&self, op: &Self::Op) -> Option<u64> {
        let _ = op;
        None
    }

    /// About how many bytes a state takes, heap included: for the memory limit.
    fn state_bytes(&self, state: &Self::State) -> usize {
        let _ = state;
        size_of::<Self::State>()
    }
}

/// A data type whose operations stand in recorded histories.
pub trait RecordedSpec: SequentialSpec + Sized + 'static {
    /// Its entry in the list of data types.
    const KIND: SpecKind;

    /// The functions it knows; a history with another one does not fit.
    const FUNCTIONS: &'static [Function];

    /// The specification of one object of a history: its initial state.
    ///
    /// # Errors
    /// If the history's initial value does not fit the type.
    fn of_object(history: &History, object: Object) -> Result<Self, SpecError>;

    /// The operation and its result (`None`: not recorded).
    ///
    /// # Errors
    /// If the recorded function or value does not fit the type.
    fn decode(decoder: &mut Decoder<'_>, op: OpId) -> Result<(Self::Op, Option<Self::Ret>), SpecError>;
}
