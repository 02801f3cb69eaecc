//! A recorded history: what the clients of a system did and saw.
//!
//! A [`History`] is a set of columns of integers. An operation has a process, a function, an outcome, an optional
//! interval and a slice of micro-operations (function, key, value), usually one: a `cas` is a read of the old and a
//! write of the new value; a `txn` has one for each of its reads and writes. Histories are immutable; a
//! [`HistoryBuilder`] makes them and refuses what is malformed.
//!
//! # Shape
//! For `n` operations of one micro-operation each, timed: 38 bytes an operation (process 4, function 1, flags 1,
//! start 8, end 8, micro-operation 13, process order 4 less than one), and the interned values, see [`Values`].

mod builder;
mod datum;
mod error;
mod event;
mod finish;
mod function;
mod guards;
mod ids;
mod lines;
mod pairing;
mod subset;
mod value;

pub use builder::{HistoryBuilder, Micro, Operation};
pub use datum::Datum;
pub use error::HistoryError;
pub use event::{Event, EventKind, LogLine, Span};
pub use function::{Function, Outcome};
pub use ids::{KeyId, LockId, OpId, ProcessId, ReplicaId};
pub use pairing::Response;
pub use value::{Value, Values};

use builder::Names;
use lines::Lines;
use rustc_hash::FxHashMap;

/// The end of an operation that never returned.
pub const NEVER: i64 = i64::MAX;

/// The columns of the operations; row = [`OpId`].
#[derive(Clone, Default, Debug)]
struct Columns {
    process: Vec<ProcessId>,
    function: Vec<Function>,
    /// Outcome (bits 0-1), answer (bits 2-3: absent, false, true), shared mode (bit 4).
    flags: Vec<u8>,
    /// Where the operation's micro-operations begin; empty while every operation has exactly one.
    first: Vec<u32>,
    /// Both empty in a history without times.
    start: Vec<i64>,
    end: Vec<i64>,
    micro_function: Vec<Function>,
    /// A [`KeyId`], or a [`LockId`] for synchronisation functions.
    micro_object: Vec<u32>,
    micro_value: Vec<Value>,
}

/// A recorded history. Immutable; see the [module](self) for its shape.
#[derive(Clone, Debug)]
pub struct History {
    name: String,
    columns: Columns,
    values: Values,
    processes: Names,
    keys: Names,
    locks: Names,
    replicas: Names,
    /// The operations of process `p`, in program order, are `order[order_start[p]..order_start[p + 1]]`.
    order: Vec<OpId>,
    order_start: Vec<u32>,
    replica_of: FxHashMap<OpId, ReplicaId>,
    hint_of: FxHashMap<OpId, i64>,
    initial: Value,
    initial_of: FxHashMap<KeyId, Value>,
    guards: FxHashMap<KeyId, LockId>,
    spec: Option<Box<str>>,
    events: Vec<Event>,
    logs: Vec<LogLine>,
    extras: Vec<Span>,
    lines: Lines,
}

/// A micro-operation of a history.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MicroOp {
    /// What it does.
    pub function: Function,
    /// The key (for synchronisation functions the lock's id; see [`MicroOp::key`] and [`MicroOp::lock`]).
    object: u32,
    /// Argument or result; [`Value::ABSENT`] where none was recorded.
    pub value: Value,
}

impl MicroOp {
    /// The key that it works on; `None` for synchronisation functions.
    #[inline]
    #[must_use]
    pub fn key(self) -> Option<KeyId> {
        (!self.function.is_sync()).then_some(KeyId(self.object))
    }

    /// The lock that it takes, gives back or synchronises on; `None` for other functions.
    #[inline]
    #[must_use]
    pub fn lock(self) -> Option<LockId> {
        self.function.is_sync().then_some(LockId(self.object))
    }
}

impl History {
    /// The number of operations, failed ones included.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.process.len()
    }

    /// True if there is no operation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every operation, in the order of the input.
    pub fn ops(&self) -> impl ExactSizeIterator<Item = OpId> + Clone + use<> {
        #[expect(clippy::cast_possible_truncation, reason = "the builder keeps the length below 2^32")]
        (0..self.len() as u32).map(OpId)
    }

    /// The name inside a file of several histories; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The process of an operation.
    #[inline]
    #[must_use]
    pub fn process(&self, op: OpId) -> ProcessId {
        self.columns.process[op.index()]
    }

    /// What an operation does.
    #[inline]
    #[must_use]
    pub fn function(&self, op: OpId) -> Function {
        self.columns.function[op.index()]
    }

    /// What is known about an operation's effect.
    #[inline]
    #[must_use]
    pub fn outcome(&self, op: OpId) -> Outcome {
        match self.columns.flags[op.index()] & 3 {
            0 => Outcome::Ok,
            1 => Outcome::Fail,
            _ => Outcome::Info,
        }
    }

    /// The recorded yes or no of an operation: of a `cas` (false = mismatch), `add`, `remove`, `contains`.
    #[inline]
    #[must_use]
    pub fn answer(&self, op: OpId) -> Option<bool> {
        match self.columns.flags[op.index()] >> 2 & 3 {
            0 => None,
            bits => Some(bits == 2),
        }
    }

    /// True for an `acquire` (and its `release`) in shared mode.
    #[must_use]
    pub fn shared(&self, op: OpId) -> bool {
        self.columns.flags[op.index()] & 16 != 0
    }

    /// The micro-operations of an operation.
    #[inline]
    pub fn micros(&self, op: OpId) -> impl ExactSizeIterator<Item = MicroOp> + Clone + '_ {
        let columns = &self.columns;
        let range = if columns.first.is_empty() {
            op.index()..op.index() + 1
        } else {
            let end =
                columns.first.get(op.index() + 1).map_or(columns.micro_value.len(), |&end| end as usize);
            columns.first[op.index()] as usize..end
        };
        range.map(|i| MicroOp {
            function: columns.micro_function[i],
            object: columns.micro_object[i],
            value: columns.micro_value[i],
        })
    }

    /// The first micro-operation: the only one, except for `cas` and `txn`.
    ///
    /// # Panics
    /// If the operation is an empty `txn`.
    #[inline]
    #[must_use]
    pub fn micro(&self, op: OpId) -> MicroOp {
        self.micros(op).next().expect("only a txn may be empty")
    }

    /// Whether the operations have intervals.
    #[must_use]
    pub fn is_timed(&self) -> bool {
        !self.columns.start.is_empty()
    }

    /// When an operation started; 0 in a history without times.
    #[inline]
    #[must_use]
    pub fn start(&self, op: OpId) -> i64 {
        self.columns.start.get(op.index()).copied().unwrap_or(0)
    }

    /// When an operation ended: [`NEVER`] for `info` operations and in a history without times.
    #[inline]
    #[must_use]
    pub fn end(&self, op: OpId) -> i64 {
        self.columns.end.get(op.index()).copied().unwrap_or(NEVER)
    }

    /// The number of processes.
    #[must_use]
    pub fn process_count(&self) -> usize {
        self.processes.len()
    }

    /// The number of keys.
    #[must_use]
    pub fn key_count(&self) -> usize {
        self.keys.len()
    }

    /// The number of locks.
    #[must_use]
    pub fn lock_count(&self) -> usize {
        self.locks.len()
    }

    /// The number of replicas.
    #[must_use]
    pub fn replica_count(&self) -> usize {
        self.replicas.len()
    }

    /// A process's name.
    #[must_use]
    pub fn process_name(&self, process: ProcessId) -> Value {
        self.processes.get(process.index())
    }

    /// A key's name; `null` for the anonymous key.
    #[must_use]
    pub fn key_name(&self, key: KeyId) -> Value {
        self.keys.get(key.index())
    }

    /// A lock's name.
    #[must_use]
    pub fn lock_name(&self, lock: LockId) -> Value {
        self.locks.get(lock.index())
    }

    /// A replica's name.
    #[must_use]
    pub fn replica_name(&self, replica: ReplicaId) -> Value {
        self.replicas.get(replica.index())
    }

    /// The key of that name.
    #[must_use]
    pub fn find_key(&self, name: Value) -> Option<KeyId> {
        self.keys.find(name).map(KeyId)
    }

    /// The lock of that name.
    #[must_use]
    pub fn find_lock(&self, name: Value) -> Option<LockId> {
        self.locks.find(name).map(LockId)
    }

    /// The process of that name.
    #[must_use]
    pub fn find_process(&self, name: Value) -> Option<ProcessId> {
        self.processes.find(name).map(ProcessId)
    }

    /// The operations of a process in program order (failed ones included): by start, then end, then line; by line
    /// where there are no times.
    #[must_use]
    pub fn program_order(&self, process: ProcessId) -> &[OpId] {
        let range =
            self.order_start[process.index()] as usize..self.order_start[process.index() + 1] as usize;
        &self.order[range]
    }

    /// The replica at which an operation ran, if recorded.
    #[must_use]
    pub fn replica(&self, op: OpId) -> Option<ReplicaId> {
        self.replica_of.get(&op).copied()
    }

    /// The recorded hint of an operation: a revision, an offset, a log index.
    #[must_use]
    pub fn hint(&self, op: OpId) -> Option<i64> {
        self.hint_of.get(&op).copied()
    }

    /// The initial value of a key: the header's, or `null`.
    #[must_use]
    pub fn initial(&self, key: KeyId) -> Value {
        self.initial_of.get(&key).copied().unwrap_or(self.initial)
    }

    /// The keys that have initial values of their own, in no particular order.
    pub fn initial_values(&self) -> impl ExactSizeIterator<Item = (KeyId, Value)> + '_ {
        self.initial_of.iter().map(|(&key, &value)| (key, value))
    }

    /// The header's initial value for the keys it does not name, `null` if it gives none.
    #[must_use]
    pub fn default_initial(&self) -> Value {
        self.initial
    }

    /// The same history under another name.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        self.name = name.into();
        self
    }

    /// The same history, its header naming a specification.
    #[must_use]
    pub fn with_spec(mut self, spec: &str) -> Self {
        self.spec = Some(spec.into());
        self
    }

    /// The same history with another initial value for every key: what a command line's `--initial` does.
    #[must_use]
    pub fn with_initial(mut self, initial: &Datum) -> Self {
        self.initial = self.values.datum(initial);
        self.initial_of.clear();
        self
    }

    /// The lock that the header names as the guard of a key.
    #[must_use]
    pub fn guard(&self, key: KeyId) -> Option<LockId> {
        self.guards.get(&key).copied()
    }

    /// The specification that the header names.
    #[must_use]
    pub fn declared_spec(&self) -> Option<&str> {
        self.spec.as_deref()
    }

    /// The values that do not fit their handles.
    #[must_use]
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// Crashes and annotations, in the order of the input.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The lines of the replicas' logs, in the order of the input.
    #[must_use]
    pub fn logs(&self) -> &[LogLine] {
        &self.logs
    }

    /// Where the fields stand that the format does not know, by operation.
    #[must_use]
    pub fn extras(&self) -> &[Span] {
        &self.extras
    }

    /// The 1-based line of the input where the operation (its invocation) stands; 0 if it was not read from lines.
    #[must_use]
    pub fn line(&self, op: OpId) -> u64 {
        self.lines.get(op)
    }
}

#[cfg(test)]
mod tests;
