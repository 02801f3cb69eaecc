//! Random small histories: strategies for property tests.
//!
//! Values, keys and times are few, so that they coincide: repeated values, reads of the initial value both ways, touching
//! and equal intervals, `info` and failed operations. About as many histories satisfy a model as violate it, if few
//! operations are asked for.

use crate::history::{
    Datum, Function, History, HistoryBuilder, KeyId, Micro, OpId, Operation, Outcome, ProcessId, Value,
};
use crate::spec::SpecKind;
use proptest::prelude::*;

/// What random register histories are made of.
#[derive(Clone, Copy, Debug)]
pub struct Registers {
    /// At most so many operations, at least half of them.
    pub operations: usize,
    /// How many values are written, besides `null`, which is the initial value.
    pub values: u8,
    /// Compare-and-set, mismatches included.
    pub cas: bool,
    /// Acquires and releases of two locks.
    pub locks: bool,
    /// `sync` operations.
    pub syncs: bool,
    /// Times: always, never, or either.
    pub timed: Option<bool>,
}

impl Default for Registers {
    fn default() -> Self {
        Self { operations: 10, values: 3, cas: true, locks: false, syncs: false, timed: None }
    }
}

/// Raw material of one operation; what it becomes depends on what is asked for.
#[derive(Clone, Debug)]
struct Raw {
    process: u8,
    function: u8,
    /// One key is more frequent than the other.
    key: u8,
    values: (u8, u8),
    list: Vec<u8>,
    answer: Option<bool>,
    outcome: u8,
    gap: u8,
    length: u8,
    rare: bool,
}

prop_compose! {
    fn raw()(
        process in 0..3_u8, function in any::<u8>(), key in 0..3_u8, values in any::<(u8, u8)>(),
        list in prop::collection::vec(0..3_u8, 0..3), answer in any::<Option<bool>>(), outcome in 0..12_u8,
        gap in 0..4_u8, length in 0..5_u8, rare in prop::bool::weighted(0.15),
    ) -> Raw {
        Raw { process, function, key: key / 2, values, list, answer, outcome, gap, length, rare }
    }
}

/// Random histories of registers.
pub fn registers(of: Registers) -> impl Strategy<Value = History> {
    let timed = of.timed.map_or(any::<bool>().boxed(), |timed| Just(timed).boxed());
    (prop::collection::vec(raw(), of.operations / 2..=of.operations), timed).prop_map(move |(raws, timed)| {
        let mut making = Making::new(timed);
        for raw in raws.iter().filter(|raw| !is_sync(of, raw) && raw.outcome != 0) {
            making.written[usize::from(raw.key)].extend(written_by(of, raw));
        }
        raws.iter().for_each(|raw| making.register_step(of, raw));
        making.finish()
    })
}

/// What an operation of a register does; some of them are `sync` steps instead.
fn register_function(of: Registers, raw: &Raw) -> Function {
    match raw.function % 8 {
        7 if of.cas => Function::Cas,
        0..4 => Function::Read,
        _ => Function::Write,
    }
}

fn is_sync(of: Registers, raw: &Raw) -> bool {
    (of.locks || of.syncs) && raw.function / 8 % 5 < 2
}

/// The value that an operation writes; 0 stands for `null`.
fn written_by(of: Registers, raw: &Raw) -> Option<i64> {
    let value = if raw.rare { 0 } else { i64::from(raw.values.0 % of.values.max(1)) + 1 };
    (register_function(of, raw) != Function::Read).then_some(value)
}

/// Random histories of any data type; of registers without locks.
pub fn of_kind(kind: SpecKind, operations: usize, timed: Option<bool>) -> impl Strategy<Value = History> {
    let timed = timed.map_or(any::<bool>().boxed(), |timed| Just(timed).boxed());
    (prop::collection::vec(raw(), 0..=operations), timed).prop_map(move |(raws, timed)| {
        let mut making = Making::new(timed);
        if kind == SpecKind::Semaphore {
            let permits = making.builder.int(2);
            making.builder.set_initial(permits);
        }
        raws.iter().for_each(|raw| making.step_of_kind(kind, raw));
        making.finish()
    })
}

/// Random histories of registers with the logs of two replicas, each read naming the one that it ran at.
pub fn replicas(operations: usize) -> impl Strategy<Value = History> {
    let logs = prop::collection::vec(any::<(bool, u8)>(), 0..8);
    (prop::collection::vec(raw(), 0..=operations), logs).prop_map(|(raws, logs)| {
        let mut making = Making::new(false);
        let mut logs = logs.into_iter();
        for raw in &raws {
            making.replica_step(raw);
            if raw.rare || raw.length > 2 {
                logs.next().into_iter().for_each(|(replica, skip)| making.log(replica, skip));
            }
        }
        making.log(false, 0);
        making.finish()
    })
}

/// A history in the making.
struct Making {
    builder: HistoryBuilder,
    timed: bool,
    /// When each process is free again.
    clock: [i64; 3],
    /// The lock that each process holds.
    holds: [Option<u8>; 3],
    writes: Vec<OpId>,
    /// By key the values that are written to it at any time, so that most reads return one of them.
    written: [Vec<i64>; 2],
}

impl Making {
    fn new(timed: bool) -> Self {
        let builder = HistoryBuilder::new();
        Self {
            builder,
            timed,
            clock: [0; 3],
            holds: [None; 3],
            writes: Vec::new(),
            written: Default::default(),
        }
    }

    fn finish(self) -> History {
        self.builder.finish().expect("the clocks keep each process's operations apart")
    }

    fn key(&mut self, raw: &Raw) -> KeyId {
        self.builder.key_text(if raw.key == 0 { "x" } else { "y" })
    }

    fn process(&mut self, raw: &Raw) -> ProcessId {
        self.builder.process_int(raw.process.into())
    }

    fn value(&mut self, of: u8, values: u8) -> Value {
        self.builder.int(i64::from(of % values.max(1)) + 1)
    }

    fn push(
        &mut self,
        raw: &Raw,
        function: Function,
        micros: &[Micro],
        answer: Option<bool>,
        shared: bool,
    ) -> OpId {
        let outcome = match raw.outcome {
            0 => Outcome::Fail,
            1 | 2 => Outcome::Info,
            _ => Outcome::Ok,
        };
        let process = self.process(raw);
        let clock = &mut self.clock[usize::from(raw.process)];
        let start = *clock + i64::from(raw.gap);
        let end = start + i64::from(raw.length);
        if outcome == Outcome::Ok {
            *clock = end;
        }
        let (start, end) = self.timed.then_some((start, end)).unzip();
        let operation =
            Operation { outcome, answer, shared, start, end, ..Operation::new(process, function, micros) };
        self.builder.push(&operation).expect("well formed")
    }

    fn register_step(&mut self, of: Registers, raw: &Raw) {
        if is_sync(of, raw) {
            return self.sync_step(of, raw);
        }
        let key = self.key(raw);
        let function = register_function(of, raw);
        let written = written_by(of, raw).map(|value| Micro::new(Function::Write, key, self.nullable(value)));
        let seen = self.seen(raw);
        let read = Micro::new(Function::Read, key, self.nullable(seen));
        let micros: Vec<Micro> = match (function, written) {
            (Function::Cas, Some(write)) => vec![read, write],
            (_, Some(write)) => vec![write],
            (_, None) if raw.rare && raw.list.is_empty() => {
                vec![Micro::new(Function::Read, key, Value::ABSENT)]
            }
            (_, None) => vec![read],
        };
        let answer = raw.answer.filter(|_| function == Function::Cas);
        self.push(raw, function, &micros, answer, false);
    }

    /// A value that somebody writes to the key, or the initial one; rarely one out of thin air.
    fn seen(&self, raw: &Raw) -> i64 {
        let written = &self.written[usize::from(raw.key)];
        match usize::from(raw.values.1) {
            0..2 => 9,
            seen => written.get(seen % (written.len() + 1)).copied().unwrap_or(0),
        }
    }

    /// 0 stands for `null`.
    fn nullable(&mut self, value: i64) -> Value {
        if value == 0 { Value::NULL } else { self.builder.int(value) }
    }

    /// Mostly takes a lock when none is held and gives it back when one is; rarely something odd.
    fn sync_step(&mut self, of: Registers, raw: &Raw) {
        let held = self.holds[usize::from(raw.process)];
        let number = held.filter(|_| !raw.rare).unwrap_or(raw.key);
        let name = self.builder.text(if number == 0 { "Lx" } else { "Ly" });
        let lock = self.builder.lock(name);
        let syncs = of.syncs && (!of.locks || raw.values.0.is_multiple_of(3));
        let function = match (syncs, held.is_some() != raw.rare) {
            (true, _) => Function::Sync,
            (false, true) => Function::Release,
            (false, false) => Function::Acquire,
        };
        if function != Function::Sync && raw.outcome > 2 {
            self.holds[usize::from(raw.process)] = (function == Function::Acquire).then_some(number);
        }
        let shared = function == Function::Acquire && raw.values.1.is_multiple_of(4);
        self.push(raw, function, &[Micro::sync(function, lock)], None, shared);
    }

    fn replica_step(&mut self, raw: &Raw) {
        let key = self.key(raw);
        let next = i64::try_from(self.writes.len()).expect("few");
        let function = if raw.function.is_multiple_of(2) { Function::Read } else { Function::Write };
        let value = match function {
            Function::Write => self.builder.int(next),
            _ if raw.rare => Value::NULL,
            _ => self.builder.int(i64::from(raw.values.0) % (next + 1)),
        };
        let op = self.push(raw, function, &[Micro::new(function, key, value)], None, false);
        let name = self.builder.int(i64::from(raw.values.1 % 2));
        let replica = self.builder.replica(name);
        self.builder.set_replica(op, replica);
        if function == Function::Write {
            self.writes.push(op);
        }
    }

    /// A line of a log: the writes so far, one left out or two swapped.
    fn log(&mut self, replica: bool, change: u8) {
        let mut writes = self.writes.clone();
        let length = writes.len().max(1);
        match change % 3 {
            1 if !writes.is_empty() => drop(writes.remove(usize::from(change) % length)),
            2 if writes.len() > 1 => writes.swap(usize::from(change) % length, 0),
            _ => {}
        }
        let name = self.builder.int(i64::from(replica));
        let replica = self.builder.replica(name);
        self.builder.push_log(replica, writes, 0);
    }

    fn step_of_kind(&mut self, kind: SpecKind, raw: &Raw) {
        let functions = kind.functions();
        let function = functions[usize::from(raw.function) % functions.len()];
        let key = self.key(raw);
        let (a, b) = (self.value(raw.values.0, 3), self.value(raw.values.1, 3));
        let seen = if raw.values.1.is_multiple_of(3) { Value::NULL } else { a };
        let list = Datum::List(raw.list.iter().map(|&item| Datum::Int(i64::from(item) + 1)).collect());
        let lists = matches!(kind, SpecKind::AppendList | SpecKind::Set);
        let micros = match function {
            Function::Cas => vec![Micro::new(Function::Read, key, seen), Micro::new(Function::Write, key, b)],
            Function::Txn => {
                let other = self.builder.key_text("z");
                vec![Micro::new(Function::Read, key, seen), Micro::new(Function::Write, other, b)]
            }
            function if function.is_sync() => {
                let name = self.builder.text("L");
                vec![Micro::sync(function, self.builder.lock(name))]
            }
            Function::Read if kind == SpecKind::Counter => {
                vec![Micro::new(function, key, self.builder.int(i64::from(raw.values.0 % 4)))]
            }
            Function::Read | Function::Put if lists => {
                vec![Micro::new(function, key, self.builder.datum(&list))]
            }
            Function::Read | Function::Dequeue | Function::Pop | Function::Poll => {
                vec![Micro::new(function, key, seen)]
            }
            _ => vec![Micro::new(function, key, a)],
        };
        let answered =
            matches!(function, Function::Cas | Function::Add | Function::Remove | Function::Contains);
        self.push(raw, function, &micros, raw.answer.filter(|_| answered), false);
    }
}
