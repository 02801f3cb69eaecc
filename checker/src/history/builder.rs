//! Builds histories, operation by operation or event by event.

use super::error::HistoryError;
use super::event::{Event, LogLine, Span};
use super::lines::Lines;
use super::pairing::InFlight;
use super::{
    Columns, Datum, Function, KeyId, LockId, NEVER, OpId, Outcome, ProcessId, ReplicaId, Value, Values,
};
use rustc_hash::FxHashMap;

/// A micro-operation as it is handed to the builder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Micro {
    /// What it does.
    pub function: Function,
    /// [`KeyId`] or, for synchronisation functions, [`LockId`].
    pub(super) object: u32,
    /// Argument or result; [`Value::ABSENT`] where none was recorded.
    pub value: Value,
}

impl Micro {
    /// A micro-operation on a key.
    #[must_use]
    pub fn new(function: Function, key: KeyId, value: Value) -> Self {
        debug_assert!(!function.is_sync());
        Self { function, object: key.0, value }
    }

    /// A synchronisation on a lock.
    #[must_use]
    pub fn sync(function: Function, lock: LockId) -> Self {
        debug_assert!(function.is_sync());
        Self { function, object: lock.0, value: Value::ABSENT }
    }
}

/// An operation as it is handed to the builder.
#[derive(Clone, Copy, Debug)]
pub struct Operation<'a> {
    /// Its process.
    pub process: ProcessId,
    /// What it does.
    pub function: Function,
    /// Its micro-operations: two for `cas` (a read of the old, a write of the new value), any number for `txn`, else
    /// one.
    pub micros: &'a [Micro],
    /// What is known about its effect.
    pub outcome: Outcome,
    /// The recorded yes or no.
    pub answer: Option<bool>,
    /// Shared mode of an `acquire` or `release`.
    pub shared: bool,
    /// When it started.
    pub start: Option<i64>,
    /// When it ended; ignored for `info`.
    pub end: Option<i64>,
    /// Its 1-based line in the input, or 0.
    pub line: u64,
}

impl<'a> Operation<'a> {
    /// An `ok` operation without times, answer, mode or line.
    #[must_use]
    pub fn new(process: ProcessId, function: Function, micros: &'a [Micro]) -> Self {
        Self {
            process,
            function,
            micros,
            outcome: Outcome::Ok,
            answer: None,
            shared: false,
            start: None,
            end: None,
            line: 0,
        }
    }
}

/// Names of processes, keys, locks or replicas: a dense id for each value.
#[derive(Clone, Default, Debug)]
pub(super) struct Names {
    names: Vec<Value>,
    ids: FxHashMap<Value, u32>,
}

impl Names {
    pub(super) fn intern(&mut self, name: Value) -> u32 {
        // Inputs name the same few processes and keys again and again; one hash a name.
        let next = u32::try_from(self.names.len()).expect("fewer names than values");
        *self.ids.entry(name).or_insert_with(|| {
            self.names.push(name);
            next
        })
    }

    pub(super) fn find(&self, name: Value) -> Option<u32> {
        self.ids.get(&name).copied()
    }

    pub(super) fn get(&self, id: usize) -> Value {
        self.names[id]
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }
}

/// A line of a replica's log that is checked when the history is complete.
#[derive(Clone, Debug)]
pub(super) struct PendingLog {
    pub(super) log: LogLine,
    /// The 1-based line of the input.
    pub(super) line: u64,
    /// It may name writes behind its position.
    pub(super) ahead: bool,
}

/// Builds a [`History`](super::History): intern names and values, push operations (or invocations and responses),
/// then [`finish`](HistoryBuilder::finish).
///
/// # Examples
/// ```
/// use tribunal_checker::history::{Function, HistoryBuilder, Micro, Operation};
///
/// let mut builder = HistoryBuilder::new();
/// let (process, x, one) = (builder.process_int(0), builder.key_text("x"), builder.int(1));
/// let write = [Micro::new(Function::Write, x, one)];
/// builder.push(&Operation { start: Some(1), end: Some(2), ..Operation::new(process, Function::Write, &write) })?;
/// let history = builder.finish()?;
/// assert_eq!(history.len(), 1);
/// # Ok::<(), tribunal_checker::history::HistoryError>(())
/// ```
#[derive(Clone, Debug)]
pub struct HistoryBuilder {
    pub(super) name: String,
    pub(super) columns: Columns,
    pub(super) values: Values,
    pub(super) processes: Names,
    pub(super) keys: Names,
    pub(super) locks: Names,
    pub(super) replicas: Names,
    pub(super) replica_of: FxHashMap<OpId, ReplicaId>,
    pub(super) hint_of: FxHashMap<OpId, i64>,
    pub(super) initial: Value,
    pub(super) initial_of: FxHashMap<KeyId, Value>,
    pub(super) guards: FxHashMap<KeyId, LockId>,
    pub(super) spec: Option<Box<str>>,
    pub(super) events: Vec<Event>,
    pub(super) logs: Vec<PendingLog>,
    pub(super) extras: Vec<Span>,
    pub(super) lines: Lines,
    pub(super) in_flight: FxHashMap<ProcessId, InFlight>,
}

impl Default for HistoryBuilder {
    fn default() -> Self {
        Self {
            name: String::new(),
            columns: Columns::default(),
            values: Values::default(),
            processes: Names::default(),
            keys: Names::default(),
            locks: Names::default(),
            replicas: Names::default(),
            replica_of: FxHashMap::default(),
            hint_of: FxHashMap::default(),
            initial: Value::NULL,
            initial_of: FxHashMap::default(),
            guards: FxHashMap::default(),
            spec: None,
            events: Vec::new(),
            logs: Vec::new(),
            extras: Vec::new(),
            lines: Lines::default(),
            in_flight: FxHashMap::default(),
        }
    }
}

impl HistoryBuilder {
    /// An empty builder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Names the history.
    pub fn set_name(&mut self, name: &str) {
        self.name = name.into();
    }

    /// The handle of an integer.
    #[inline]
    pub fn int(&mut self, int: i64) -> Value {
        self.values.int(int)
    }

    /// The handle of a text.
    #[inline]
    pub fn text(&mut self, text: &str) -> Value {
        self.values.text(text)
    }

    /// The handle of any value.
    pub fn datum(&mut self, datum: &Datum) -> Value {
        self.values.datum(datum)
    }

    /// The values interned so far.
    #[must_use]
    pub fn values(&self) -> &Values {
        &self.values
    }

    /// The process of that name.
    #[inline]
    pub fn process(&mut self, name: Value) -> ProcessId {
        ProcessId(self.processes.intern(name))
    }

    /// The process of that number.
    pub fn process_int(&mut self, number: i64) -> ProcessId {
        let name = self.int(number);
        self.process(name)
    }

    /// The process of that name.
    pub fn process_text(&mut self, name: &str) -> ProcessId {
        let name = self.text(name);
        self.process(name)
    }

    /// The key of that name.
    #[inline]
    pub fn key(&mut self, name: Value) -> KeyId {
        KeyId(self.keys.intern(name))
    }

    /// The key of that name.
    pub fn key_text(&mut self, name: &str) -> KeyId {
        let name = self.text(name);
        self.key(name)
    }

    /// The key of that name, if there is one yet.
    #[must_use]
    pub fn find_key(&self, name: Value) -> Option<KeyId> {
        self.keys.find(name).map(KeyId)
    }

    /// The one key of histories that name none.
    pub fn anonymous_key(&mut self) -> KeyId {
        self.key(Value::NULL)
    }

    /// The lock of that name.
    pub fn lock(&mut self, name: Value) -> LockId {
        LockId(self.locks.intern(name))
    }

    /// The replica of that name.
    pub fn replica(&mut self, name: Value) -> ReplicaId {
        ReplicaId(self.replicas.intern(name))
    }

    /// Sets the initial value of every key that has none of its own.
    pub fn set_initial(&mut self, value: Value) {
        self.initial = value;
    }

    /// Sets the initial value of one key.
    pub fn set_initial_of(&mut self, key: KeyId, value: Value) {
        self.initial_of.insert(key, value);
    }

    /// Names the lock that guards a key.
    pub fn set_guard(&mut self, key: KeyId, lock: LockId) {
        self.guards.insert(key, lock);
    }

    /// Names the specification that the history's header asks for.
    pub fn set_spec(&mut self, spec: &str) {
        self.spec = Some(spec.into());
    }

    /// The specification that the header asked for, so far.
    #[must_use]
    pub fn spec(&self) -> Option<&str> {
        self.spec.as_deref()
    }

    /// The number of operations so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.process.len()
    }

    /// True while there is no operation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends an operation.
    ///
    /// # Errors
    /// If its end is before its start, an `ok` operation with a start has no end, there is an end without a start, or
    /// the history is too long. What concerns several operations is checked by [`finish`](Self::finish).
    #[inline]
    pub fn push(&mut self, operation: &Operation<'_>) -> Result<OpId, HistoryError> {
        let op = self.next_op(operation)?;
        let line = operation.line;
        let times = match (operation.start, operation.end) {
            (Some(start), _) if operation.outcome == Outcome::Info => Some((start, NEVER)),
            (Some(start), Some(end)) if end < start => {
                return Err(HistoryError::EndBeforeStart { op, line, start, end });
            }
            (Some(start), Some(end)) => Some((start, end)),
            (Some(start), None) if operation.outcome == Outcome::Fail => Some((start, start)),
            (Some(_), None) => return Err(HistoryError::NoEnd { op, line }),
            (None, Some(_)) => return Err(HistoryError::NoStart { op, line }),
            (None, None) => None,
        };
        self.set_times(op, line, times)?;
        self.append(op, operation);
        Ok(op)
    }

    /// Records at which replica an operation ran.
    pub fn set_replica(&mut self, op: OpId, replica: ReplicaId) {
        self.replica_of.insert(op, replica);
    }

    /// Records a hint of an operation's place in the order: a revision, an offset.
    pub fn set_hint(&mut self, op: OpId, hint: i64) {
        self.hint_of.insert(op, hint);
    }

    /// Records where fields stand that the format does not know.
    pub fn push_extra(&mut self, op: OpId, offset: u64, length: u32) {
        self.extras.push(Span { op, offset, length });
    }

    /// Records an event; its position is where it is pushed.
    pub fn push_event(&mut self, kind: super::EventKind, time: Option<i64>) {
        self.events.push(Event { kind, position: self.position(), time });
    }

    /// Records a line of a replica's log; its position is where it is pushed, and the writes must have been pushed.
    pub fn push_log(&mut self, replica: ReplicaId, writes: Vec<OpId>, line: u64) {
        let log = LogLine { replica, position: self.position(), writes };
        self.logs.push(PendingLog { log, line, ahead: false });
    }

    /// Records a line of a replica's log that may name writes still to be pushed: in a figure with a line for each
    /// replica, a write at a lower line may have reached an upper one.
    pub fn push_log_ahead(&mut self, replica: ReplicaId, writes: Vec<OpId>, line: u64) {
        let log = LogLine { replica, position: self.position(), writes };
        self.logs.push(PendingLog { log, line, ahead: true });
    }

    fn position(&self) -> u32 {
        u32::try_from(self.len()).expect("push keeps the length below 2^32")
    }

    /// The id of the operation to come.
    pub(super) fn next_op(&self, operation: &Operation<'_>) -> Result<OpId, HistoryError> {
        let micros = self.columns.micro_value.len() + operation.micros.len();
        match u32::try_from(self.len().max(micros) + 1) {
            Ok(_) => Ok(OpId::from_index(self.len())),
            Err(_) => Err(HistoryError::TooLong { line: operation.line }),
        }
    }

    /// Appends times, if the earlier operations have them too.
    fn set_times(&mut self, op: OpId, line: u64, times: Option<(i64, i64)>) -> Result<(), HistoryError> {
        let timed = self.columns.start.len() == op.index();
        match times {
            Some((start, end)) if timed => {
                self.columns.start.push(start);
                self.columns.end.push(end);
                Ok(())
            }
            None if !timed || op.0 == 0 => Ok(()),
            _ => {
                let (found, contrary) = if timed { ("no", "has some") } else { ("recorded", "has none") };
                let other = OpId(0);
                Err(HistoryError::MixedTimes {
                    op,
                    line,
                    other,
                    other_line: self.lines.get(other),
                    found,
                    contrary,
                })
            }
        }
    }

    /// Appends all columns but the times.
    pub(super) fn append(&mut self, op: OpId, operation: &Operation<'_>) {
        let columns = &mut self.columns;
        columns.process.push(operation.process);
        columns.function.push(operation.function);
        let answer = operation.answer.map_or(0, |yes| 1 + u8::from(yes));
        columns.flags.push(operation.outcome as u8 | answer << 2 | u8::from(operation.shared) << 4);
        if !columns.first.is_empty() || operation.micros.len() != 1 {
            if columns.first.is_empty() {
                columns.first.extend(0..op.0);
            }
            #[expect(clippy::cast_possible_truncation, reason = "next_op keeps it below 2^32")]
            columns.first.push(columns.micro_value.len() as u32);
        }
        for micro in operation.micros {
            columns.micro_function.push(micro.function);
            columns.micro_object.push(micro.object);
            columns.micro_value.push(micro.value);
        }
        self.lines.push(op, operation.line);
    }
}
