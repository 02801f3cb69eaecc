//! The simulation's recording, before it becomes a history: rows that a violation may still change.

use super::random::Random;
use super::{Generate, GenerateError};
use tribunal_checker::history::{
    Datum, Function, History, HistoryBuilder, KeyId, LockId, Micro, Operation, Outcome, ProcessId, Value,
};
use tribunal_checker::spec::{Scope, SpecKind};

/// `null`, among the values of rows, which else are the integers that they are.
pub(super) const NIL: i64 = i64::MIN;
/// No value.
pub(super) const ABSENT: i64 = i64::MIN + 1;
/// The end of an operation that did not return.
pub(super) const NEVER: u32 = u32::MAX;

/// An operation. Its position among the rows is its id in the history.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Argument or result; a `cas`'s old value; of a list's read the list, of a `txn` its first access.
    pub(super) a: i64,
    /// A `cas`'s new value; the [`Range`] of a list's read; how many accesses a `txn` has.
    pub(super) b: i64,
    pub(super) start: u32,
    pub(super) end: u32,
    pub(super) process: u32,
    /// Key or lock.
    pub(super) object: u32,
    pub(super) function: Function,
    pub(super) outcome: Outcome,
    pub(super) answer: Option<bool>,
}

impl Row {
    /// An operation that has not run yet.
    pub(super) fn new(function: Function, object: u32, a: i64) -> Self {
        Self {
            a,
            b: ABSENT,
            start: 0,
            end: NEVER,
            process: 0,
            object,
            function,
            outcome: Outcome::Ok,
            answer: None,
        }
    }

    /// Whether it is an operation of that function known to have happened.
    pub(super) fn is(&self, function: Function) -> bool {
        self.function == function && self.outcome == Outcome::Ok
    }

    /// What it may have written to its register.
    pub(super) fn written(&self) -> Option<i64> {
        match self.function {
            _ if self.outcome == Outcome::Fail => None,
            Function::Write => Some(self.a),
            Function::Cas if self.answer != Some(false) => Some(self.b),
            _ => None,
        }
    }
}

/// An access of a transaction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Access {
    pub(super) function: Function,
    pub(super) key: u32,
    pub(super) value: i64,
}

/// A piece of a list: what a read saw, as positions in the order in which things were appended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Range {
    pub(super) from: u32,
    pub(super) to: u32,
}

impl Range {
    pub(super) fn pack(self) -> i64 {
        i64::from(self.from) << 32 | i64::from(self.to)
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "packed from two halves")]
    pub(super) fn unpack(packed: i64) -> Self {
        Self { from: (packed >> 32) as u32, to: packed as u32 }
    }
}

/// A recording.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// In the order of their calls.
    pub(super) rows: Vec<Row>,
    /// For each list of an append-list history what was appended or put, in that order: value, row.
    pub(super) lists: Vec<Vec<(i64, u32)>>,
    /// The accesses of transactions.
    pub(super) accesses: Vec<Access>,
}

impl Draft {
    /// The accesses of a transaction.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positions in a table")]
    pub(super) fn accesses_of(&self, row: &Row) -> std::ops::Range<usize> {
        row.a as usize..(row.a + row.b) as usize
    }

    /// Sets each process's clock wrong, by at most as much as about sixteen operations of everybody take.
    pub(super) fn skew(&mut self, random: &mut Random) {
        let processes = 1 + self.rows.iter().map(|row| row.process).max().unwrap_or(0);
        let most = 32 * u64::from(processes);
        let skew: Vec<u32> =
            (0..processes).map(|_| u32::try_from(random.below(most)).expect("a small number")).collect();
        for row in &mut self.rows {
            row.start += skew[row.process as usize];
            if row.end != NEVER {
                row.end += skew[row.process as usize];
            }
        }
    }

    /// Makes the history.
    pub(super) fn finish(self, options: &Generate) -> Result<History, GenerateError> {
        let mut writer = Writer::new(options, &self);
        for row in &self.rows {
            writer.push(row, options)?;
        }
        Ok(writer.builder.finish()?)
    }
}

struct Writer<'a> {
    draft: &'a Draft,
    spec: SpecKind,
    builder: HistoryBuilder,
    /// One object has no name.
    named: bool,
    processes: Vec<ProcessId>,
    micros: Vec<Micro>,
}

impl<'a> Writer<'a> {
    fn new(options: &Generate, draft: &'a Draft) -> Self {
        let mut builder = HistoryBuilder::new();
        builder.set_spec(options.spec.name());
        if options.spec == SpecKind::Semaphore {
            let permits = builder.int(options.permits.into());
            builder.set_initial(permits);
        }
        let named = options.keys > 1
            || options.spec.scope() != Scope::Key
            || draft.rows.iter().any(|row| row.object > 0 || row.function.is_sync());
        Self { draft, spec: options.spec, builder, named, processes: Vec::new(), micros: Vec::new() }
    }

    fn push(&mut self, row: &Row, options: &Generate) -> Result<(), GenerateError> {
        let process = self.process(row.process);
        let mut micros = std::mem::take(&mut self.micros);
        micros.clear();
        self.micros_of(row, &mut micros);
        let ended = row.outcome != Outcome::Info;
        let operation = Operation {
            outcome: row.outcome,
            answer: row.answer,
            start: options.timed.then_some(row.start.into()),
            end: (options.timed && ended).then_some(row.end.into()),
            ..Operation::new(process, row.function, &micros)
        };
        self.builder.push(&operation)?;
        self.micros = micros;
        Ok(())
    }

    fn micros_of(&mut self, row: &Row, micros: &mut Vec<Micro>) {
        let function = row.function;
        match function {
            _ if function.is_sync() => micros.push(Micro::sync(function, self.lock(row.object))),
            Function::Txn => {
                for access in &self.draft.accesses[self.draft.accesses_of(row)] {
                    let unknown = row.outcome != Outcome::Ok && access.function == Function::Read;
                    let value = self.value(if unknown { ABSENT } else { access.value });
                    micros.push(Micro::new(access.function, self.key(access.key), value));
                }
            }
            Function::Cas => {
                let key = self.key(row.object);
                micros.push(Micro::new(Function::Read, key, self.value(row.a)));
                micros.push(Micro::new(Function::Write, key, self.value(row.b)));
            }
            _ => {
                let value = match (self.spec, function) {
                    (SpecKind::AppendList, Function::Read) if row.a != ABSENT => self.content(row),
                    (SpecKind::AppendList, Function::Put) => {
                        self.builder.datum(&Datum::List(vec![Datum::Int(row.a)]))
                    }
                    _ => self.value(row.a),
                };
                micros.push(Micro::new(function, self.key(row.object), value));
            }
        }
    }

    fn content(&mut self, row: &Row) -> Value {
        let Range { from, to } = Range::unpack(row.b);
        let list = usize::try_from(row.a).expect("the position of a list");
        let items = &self.draft.lists[list][from as usize..to as usize];
        self.builder.datum(&Datum::List(items.iter().map(|&(value, _)| Datum::Int(value)).collect()))
    }

    fn process(&mut self, process: u32) -> ProcessId {
        // Processes begin in the order of their numbers, or nearly so.
        while self.processes.len() <= process as usize {
            let number = i64::try_from(self.processes.len()).expect("fewer processes than operations");
            self.processes.push(self.builder.process_int(number));
        }
        self.processes[process as usize]
    }

    fn key(&mut self, key: u32) -> KeyId {
        if self.named { self.builder.key_text(&format!("x{key}")) } else { self.builder.anonymous_key() }
    }

    fn lock(&mut self, lock: u32) -> LockId {
        // By convention the guard of key x is lock Lx.
        let name = self.builder.text(&format!("Lx{lock}"));
        self.builder.lock(name)
    }

    fn value(&mut self, value: i64) -> Value {
        match value {
            NIL => Value::NULL,
            ABSENT => Value::ABSENT,
            value => self.builder.int(value),
        }
    }
}
