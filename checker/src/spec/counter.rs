//! Counter: holds an integer; increments add to it, reads return it exactly.
//!
//! # Semantics
//! A counter starts at the header's initial value, 0 if that is `null`. `inc` adds its value, 1 where none (or `null`)
//! was recorded; a negative value subtracts. `read` returns the sum so far: an exact counter, as in Herlihy and Wing's
//! sense of a sequential type, not one that may lag. Where the initial value is `null`, a `null` read is a read of it.
//!
//! # Unknown results
//! A read whose value was not recorded is legal everywhere.
//!
//! # Numbers
//! Sums are exact: amounts may take 94 bits, and a history has fewer than 2³² operations, so that no sum leaves 128 bits.
//! A read of a number beyond that reads what no counter holds. Reads that are no integer (1.5, but also 1.0) do not fit
//! the type.

use super::decode::bad_initial;
use super::{Decoder, Object, RecordedSpec, SequentialSpec, SpecError, SpecKind};
use crate::history::{Datum, Function, History, OpId, Value};

/// A counter that starts with a given number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counter {
    /// What a read before every increment returns.
    pub initial: i128,
}

/// A function of a counter.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CounterOp {
    /// Read.
    Read,
    /// Add this amount; illegal where the sum leaves 128 bits.
    Inc(i128),
}

/// A result of a counter's function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CounterRet {
    /// An increment has happened.
    Added,
    /// A read has seen this.
    Value(i128),
}

/// Amounts and initial values stay below 2 to this power.
const AMOUNT_BITS: u32 = 94;
const AMOUNT: &str = "an integer of at most 94 bits";

impl SequentialSpec for Counter {
    type State = i128;
    type Op = CounterOp;
    type Ret = CounterRet;

    fn initial(&self) -> i128 {
        self.initial
    }

    fn step(&self, state: &i128, op: &CounterOp, ret: Option<&CounterRet>, next: &mut Vec<i128>) {
        let (answer, after) = match *op {
            CounterOp::Read => (CounterRet::Value(*state), Some(*state)),
            CounterOp::Inc(amount) => (CounterRet::Added, state.checked_add(amount)),
        };
        if ret.is_none_or(|&ret| ret == answer) {
            next.extend(after);
        }
    }

    fn observes(&self, op: &CounterOp, _: Option<&CounterRet>) -> bool {
        *op == CounterOp::Read
    }
}

impl RecordedSpec for Counter {
    const KIND: SpecKind = SpecKind::Counter;
    const FUNCTIONS: &'static [Function] = &[Function::Inc, Function::Read];

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        let value = object.initial(history);
        let initial = if value == Value::NULL { Some(0) } else { amount(history, value) };
        let initial = initial.ok_or_else(|| bad_initial(history, Self::KIND, value, AMOUNT))?;
        Ok(Self { initial })
    }

    fn decode(decoder: &mut Decoder<'_>, op: OpId) -> Result<(CounterOp, Option<CounterRet>), SpecError> {
        let history = decoder.history();
        match history.function(op) {
            Function::Inc => {
                let amount = match history.micro(op).value {
                    Value::ABSENT | Value::NULL => 1,
                    value => amount(history, value).ok_or_else(|| decoder.bad_value(op, value, AMOUNT))?,
                };
                Ok((CounterOp::Inc(amount), Some(CounterRet::Added)))
            }
            Function::Read => {
                let Some(value) = decoder.result(op) else { return Ok((CounterOp::Read, None)) };
                let starts_null =
                    history.micro(op).key().is_none_or(|key| history.initial(key) == Value::NULL);
                let seen =
                    if value == Value::NULL && starts_null { Some(0) } else { integer(history, value) };
                let seen = seen.ok_or_else(|| decoder.bad_value(op, value, "an integer"))?;
                Ok((CounterOp::Read, Some(CounterRet::Value(seen))))
            }
            _ => Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS)),
        }
    }
}

fn amount(history: &History, value: Value) -> Option<i128> {
    integer(history, value).filter(|amount| amount.unsigned_abs() >> AMOUNT_BITS == 0)
}

/// The integer that a value is; beyond 128 bits the greatest or least one, which no counter reaches.
fn integer(history: &History, value: Value) -> Option<i128> {
    if let Some(small) = value.as_small_int() {
        return Some(small.into());
    }
    match history.values().get(value)? {
        Datum::Int(int) => Some(int.into()),
        Datum::Big(digits) => {
            let beyond = if digits.starts_with('-') { i128::MIN } else { i128::MAX };
            Some(digits.parse().unwrap_or(beyond))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int, replay, run};
    use super::CounterOp::{Inc, Read};
    use super::CounterRet::{Added, Value as Saw};
    use super::*;

    #[test]
    fn semantics() {
        let counter = Counter { initial: 5 };
        assert_eq!(run(&counter, &[(Inc(3), Some(Added)), (Inc(-10), Some(Added))]), [-2]);
        let script =
            Script::new().op(Function::Inc, int(2)).unanswered(Function::Inc).op(Function::Inc, Datum::Null);
        assert_eq!(
            replay::<Counter>(&script.finish()).unwrap(),
            [4],
            "an increment is by 1 where nothing says more"
        );
        let big = Datum::integer("9223372036854775807000");
        let script = Script::new().op(Function::Inc, big.clone()).op(Function::Read, big);
        assert_eq!(replay::<Counter>(&script.finish()).unwrap(), [9_223_372_036_854_775_807_000]);
    }

    #[test]
    fn accepts() {
        let counter = Counter { initial: 0 };
        assert_eq!(
            run(&counter, &[(Read, Some(Saw(0))), (Inc(7), None), (Read, Some(Saw(7))), (Read, None)]),
            [7]
        );
        let script = Script::new()
            .op(Function::Read, Datum::Null)
            .op(Function::Inc, int(-1))
            .op(Function::Read, int(-1));
        assert_eq!(replay::<Counter>(&script.finish()).unwrap(), [-1]);
    }

    #[test]
    fn rejects() {
        let counter = Counter { initial: 0 };
        assert!(run(&counter, &[(Inc(1), Some(Added)), (Read, Some(Saw(0)))]).is_empty());
        assert!(run(&counter, &[(Inc(i128::MAX), None), (Inc(1), None)]).is_empty(), "no overflow, no panic");
        let beyond = Datum::integer(&"9".repeat(60));
        let read = Script::new().op(Function::Read, beyond.clone()).finish();
        assert!(replay::<Counter>(&read).unwrap().is_empty(), "no counter holds it");
        for script in [
            Script::new().op(Function::Inc, beyond.clone()),
            Script::new().op(Function::Inc, Datum::Float(1.0)),
            Script::new().op(Function::Read, Datum::text("1")),
            Script::new().initial(&int(1)).op(Function::Read, Datum::Null),
            Script::new().op(Function::Write, int(1)),
            Script::new().initial(&Datum::text("0")).op(Function::Inc, int(1)),
        ] {
            assert!(replay::<Counter>(&script.finish()).is_err());
        }
    }
}
