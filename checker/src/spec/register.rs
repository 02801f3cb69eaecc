//! Register: holds a value; reads, writes, and compare-and-set in one step.

use super::machine::RegisterMachine;
use super::{Decoder, Machine, Object, RecordedSpec, SequentialSpec, SpecError, SpecKind};
use crate::history::{Function, History, OpId, Outcome, Value};
use crate::limits::{Meter, Stop};

/// A register that starts with a given value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Register {
    /// What a read before every write returns.
    pub initial: Value,
}

/// A function of a register.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RegisterOp {
    /// Read.
    Read,
    /// Write this value.
    Write(Value),
    /// Write the second value if the register holds the first.
    Cas(Value, Value),
}

/// A result of a register's function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RegisterRet {
    /// A write has happened.
    Written,
    /// A read has seen this.
    Value(Value),
    /// A compare-and-set has (not) found its old value.
    Swapped(bool),
}

impl SequentialSpec for Register {
    type State = Value;
    type Op = RegisterOp;
    type Ret = RegisterRet;

    fn initial(&self) -> Value {
        self.initial
    }

    fn step(&self, state: &Value, op: &RegisterOp, ret: Option<&RegisterRet>, next: &mut Vec<Value>) {
        let (answer, after) = match *op {
            RegisterOp::Read => (RegisterRet::Value(*state), *state),
            RegisterOp::Write(value) => (RegisterRet::Written, value),
            RegisterOp::Cas(old, new) if old == *state => (RegisterRet::Swapped(true), new),
            RegisterOp::Cas(..) => (RegisterRet::Swapped(false), *state),
        };
        if ret.is_none_or(|&ret| ret == answer) {
            next.push(after);
        }
    }

    fn observes(&self, op: &RegisterOp, ret: Option<&RegisterRet>) -> bool {
        matches!(op, RegisterOp::Read) || ret == Some(&RegisterRet::Swapped(false))
    }
}

impl RecordedSpec for Register {
    const KIND: SpecKind = SpecKind::Register;
    const FUNCTIONS: &'static [Function] = &[Function::Read, Function::Write, Function::Cas];

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        Ok(Self { initial: object.initial(history) })
    }

    fn decode(decoder: &mut Decoder<'_>, op: OpId) -> Result<(RegisterOp, Option<RegisterRet>), SpecError> {
        let history = decoder.history();
        match history.function(op) {
            Function::Read => Ok((RegisterOp::Read, decoder.result(op).map(RegisterRet::Value))),
            Function::Write => Ok((RegisterOp::Write(decoder.argument(op)?), Some(RegisterRet::Written))),
            Function::Cas => {
                let mut values = history.micros(op).map(|micro| micro.value);
                let (Some(old), Some(new)) = (values.next(), values.next()) else {
                    return Err(decoder.bad_value(op, Value::ABSENT, "[old, new]"));
                };
                let known = history.outcome(op) == Outcome::Ok;
                let swapped = known.then(|| RegisterRet::Swapped(history.answer(op).unwrap_or(true)));
                Ok((RegisterOp::Cas(old, new), swapped))
            }
            _ => Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS)),
        }
    }

    fn machine<'a>(
        &'a self,
        actions: &'a [(Self::Op, Option<Self::Ret>)],
        meter: &'a Meter,
    ) -> Result<Box<dyn Machine + 'a>, Stop> {
        Ok(Box::new(RegisterMachine::new(self, actions, meter)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(int: i64) -> Value {
        Value::small_int(int).unwrap()
    }

    /// The states after a sequence of operations from the initial value 0.
    fn run(steps: &[(RegisterOp, Option<RegisterRet>)]) -> Vec<Value> {
        let register = Register { initial: int(0) };
        let mut states = vec![register.initial()];
        for (op, ret) in steps {
            let mut next = Vec::new();
            for state in &states {
                register.step(state, op, ret.as_ref(), &mut next);
            }
            states = next;
        }
        states
    }

    use RegisterOp::{Cas, Read, Write};
    use RegisterRet::{Swapped, Value as Saw, Written};

    #[test]
    fn semantics() {
        assert_eq!(run(&[(Write(int(1)), Some(Written))]), [int(1)]);
        assert_eq!(run(&[(Cas(int(0), int(2)), Some(Swapped(true)))]), [int(2)]);
        assert_eq!(run(&[(Cas(int(1), int(2)), None)]), [int(0)], "an unknown answer includes the mismatch");
    }

    #[test]
    fn accepts() {
        let steps = [
            (Read, Some(Saw(int(0)))),
            (Write(int(1)), Some(Written)),
            (Cas(int(0), int(9)), Some(Swapped(false))),
            (Cas(int(1), int(3)), Some(Swapped(true))),
            (Read, Some(Saw(int(3)))),
            (Read, None),
        ];
        assert_eq!(run(&steps), [int(3)]);
    }

    #[test]
    fn rejects() {
        assert!(run(&[(Read, Some(Saw(int(1))))]).is_empty());
        assert!(run(&[(Cas(int(0), int(1)), Some(Swapped(false)))]).is_empty());
        assert!(run(&[(Cas(int(1), int(2)), Some(Swapped(true)))]).is_empty());
    }
}
