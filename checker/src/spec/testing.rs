//! What the tests of the specifications share.

use super::{Decoder, Object, RecordedSpec, Scope, SequentialSpec, SpecError};
use crate::history::{
    Datum, Function, History, HistoryBuilder, KeyId, LockId, Micro, Operation, Outcome, Value,
};

/// The states after a sequence of operations.
pub(super) fn run<S: SequentialSpec>(spec: &S, steps: &[(S::Op, Option<S::Ret>)]) -> Vec<S::State> {
    steps.iter().fold(vec![spec.initial()], |states, (op, ret)| {
        let mut next = Vec::new();
        for state in &states {
            spec.step(state, op, ret.as_ref(), &mut next);
        }
        next
    })
}

/// The states after all operations of a history of one object, in the order of the input.
pub(super) fn replay<S: RecordedSpec>(history: &History) -> Result<Vec<S::State>, SpecError> {
    let object = match S::SCOPE {
        Scope::Key => Object::Key(KeyId(0)),
        Scope::Lock => Object::Lock(LockId(0)),
        Scope::Whole => Object::Whole,
    };
    let spec = S::of_object(history, object)?;
    let mut decoder = Decoder::new(history);
    let steps = history.ops().map(|op| S::decode(&mut decoder, op)).collect::<Result<Vec<_>, _>>()?;
    Ok(run(&spec, &steps))
}

pub(super) fn value(int: i64) -> Value {
    Value::small_int(int).expect("a small integer")
}

pub(super) fn int(int: i64) -> Datum {
    Datum::Int(int)
}

pub(super) fn list<const N: usize>(items: [Datum; N]) -> Datum {
    Datum::List(items.into())
}

/// A history without times, written down operation by operation: by process 0, on one key or one lock.
#[derive(Clone, Default)]
pub(super) struct Script(HistoryBuilder);

impl Script {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn finish(self) -> History {
        self.0.finish().expect("a well-formed history")
    }

    pub(super) fn spec(mut self, name: &str) -> Self {
        self.0.set_spec(name);
        self
    }

    pub(super) fn initial(mut self, initial: &Datum) -> Self {
        let initial = self.0.datum(initial);
        self.0.set_initial(initial);
        self
    }

    /// An operation with this value: its argument or its result.
    pub(super) fn op(self, function: Function, value: Datum) -> Self {
        self.outcome(function, Some(value), Outcome::Ok)
    }

    /// An `ok` operation without a value.
    pub(super) fn unanswered(self, function: Function) -> Self {
        self.outcome(function, None, Outcome::Ok)
    }

    /// An operation with a yes or no.
    pub(super) fn answered(mut self, function: Function, value: Datum, answer: bool) -> Self {
        let micros = [self.micro(function, "x", Some(value))];
        self.push(function, &micros, |operation| operation.answer = Some(answer));
        self
    }

    pub(super) fn outcome(mut self, function: Function, value: Option<Datum>, outcome: Outcome) -> Self {
        let micros = [self.micro(function, "x", value)];
        self.push(function, &micros, |operation| operation.outcome = outcome);
        self
    }

    pub(super) fn cas(mut self, key: &str, old: Datum, new: Datum, answer: Option<bool>) -> Self {
        let micros =
            [self.micro(Function::Read, key, Some(old)), self.micro(Function::Write, key, Some(new))];
        self.push(Function::Cas, &micros, |operation| operation.answer = answer);
        self
    }

    pub(super) fn txn(mut self, accesses: &[(Function, &str, Datum)], outcome: Outcome) -> Self {
        let accesses =
            accesses.iter().map(|(function, key, value)| self.micro(*function, key, Some(value.clone())));
        let micros: Vec<_> = accesses.collect();
        self.push(Function::Txn, &micros, |operation| operation.outcome = outcome);
        self
    }

    pub(super) fn sync(mut self, process: i64, function: Function, shared: bool) -> Self {
        let lock = self.0.lock(Value::NULL);
        let process = self.0.process_int(process);
        self.push(function, &[Micro::sync(function, lock)], |operation| {
            operation.process = process;
            operation.shared = shared;
        });
        self
    }

    /// An acquire or release that was answered "no".
    pub(super) fn refused(mut self, process: i64, function: Function) -> Self {
        let lock = self.0.lock(Value::NULL);
        let process = self.0.process_int(process);
        self.push(function, &[Micro::sync(function, lock)], |operation| {
            operation.process = process;
            operation.answer = Some(false);
        });
        self
    }

    fn micro(&mut self, function: Function, key: &str, value: Option<Datum>) -> Micro {
        let key = self.0.key_text(key);
        Micro::new(function, key, value.map_or(Value::ABSENT, |value| self.0.datum(&value)))
    }

    fn push(&mut self, function: Function, micros: &[Micro], change: impl FnOnce(&mut Operation<'_>)) {
        let mut operation = Operation::new(self.0.process_int(0), function, micros);
        change(&mut operation);
        self.0.push(&operation).expect("a well-formed operation");
    }
}
