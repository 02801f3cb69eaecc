//! Sequential specifications: what a data type does when one operation follows another.
//!
//! A specification is a type that implements [`SequentialSpec`]: a state, a step. Types of your own need no more than
//! that. The data types that recorded files name implement [`RecordedSpec`] too, which reads their operations out of a
//! [`History`]; [`SpecKind`] lists them.
//!
//! A specification says what is legal, never how to search: the engine sees numbered states and numbered actions (an
//! action is a distinct triple of function, argument and result) through [`Machine`].

mod append_list;
mod concern;
mod counter;
mod decode;
mod infer;
mod kind;
mod machine;
mod multi_register;
mod mutex;
mod priority_queue;
mod queue;
mod register;
mod semaphore;
mod set;
mod stack;

pub use append_list::{AppendList, AppendListOp, AppendListRet, Piece, Sequence};
pub use concern::{Concern, concerns, kept, object_of};
pub use counter::{Counter, CounterOp, CounterRet};
pub use decode::{Decoder, Element, Object, SpecError};
pub use infer::infer;
pub use kind::{SpecKind, SpecVisitor};
pub use machine::{Interned, Machine, NextStates};
pub use multi_register::{Access, MultiRegister, MultiRegisterOp, MultiRegisterRet};
pub use mutex::{Hold, Mutex, MutexOp};
pub use priority_queue::{Priority, PriorityQueue, PriorityQueueOp, PriorityQueueRet};
pub use queue::{Queue, QueueOp, QueueRet};
pub use register::{Register, RegisterOp, RegisterRet};
pub use semaphore::{Semaphore, SemaphoreOp};
pub use set::{Set, SetOp, SetRet};
pub use stack::{Stack, StackOp, StackRet};

use crate::history::{Function, History, OpId};
use crate::limits::{Meter, Stop};
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

    /// Whether `op` with this result leaves every state as it is, wherever it is legal: a read. The engine places such
    /// operations as soon as they are legal; answering `false` costs time only.
    fn observes(&self, op: &Self::Op, ret: Option<&Self::Ret>) -> bool {
        let _ = (op, ret);
        false
    }

    /// Where the system itself says that `op` stands in the order: a revision, an offset, a commit timestamp. Operations
    /// are tried in the order of their hints first, and hints never decide: a history that this order does not explain
    /// is searched as any other. Used where every call that returned has one.
    fn order_hint(&self, op: &Self::Op, ret: Option<&Self::Ret>) -> Option<i64> {
        let _ = (op, ret);
        None
    }

    /// Why `op` cannot answer `ret` in `state`, for people: a clause such as `it holds 3`. Only messages use it.
    fn explain(&self, state: &Self::State, op: &Self::Op, ret: Option<&Self::Ret>) -> Option<String> {
        let _ = (state, op, ret);
        None
    }

    /// About how many bytes a state takes, heap included: for the memory limit.
    fn state_bytes(&self, state: &Self::State) -> usize {
        let _ = state;
        size_of::<Self::State>()
    }
}

/// What an object of a data type is in a history: what is one [`Object`], and judged as one where a model is local.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Scope {
    /// Each key is an object of its own.
    Key,
    /// Each lock is.
    Lock,
    /// All keys together are one.
    Whole,
}

/// A data type whose operations stand in recorded histories.
pub trait RecordedSpec: SequentialSpec + Sized + 'static {
    /// Its entry in the list of data types.
    const KIND: SpecKind;

    /// The functions it knows; a history with another one does not fit.
    const FUNCTIONS: &'static [Function];

    /// What an object of it is in a history.
    const SCOPE: Scope = Scope::Key;

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

    /// The object as numbers, for a search: action `i` is `actions[i]`, an operation and its result.
    ///
    /// [`Interned`] does for any type; types whose states are large have machines of their own.
    ///
    /// # Errors
    /// If the limits leave no room for what the machine knows beforehand.
    fn machine<'a>(
        &'a self,
        actions: &'a [(Self::Op, Option<Self::Ret>)],
        meter: &'a Meter,
    ) -> Result<Box<dyn Machine + 'a>, Stop> {
        Ok(Box::new(Interned::new(self, actions, meter)?))
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
