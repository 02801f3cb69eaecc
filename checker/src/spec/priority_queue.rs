//! Priority queue: gives its values back, the greatest first.
//!
//! # Semantics
//! The unbounded priority queue of Herlihy and Shavit's "The Art of Multiprocessor Programming", greatest value first:
//! `insert` puts its value in, `poll` takes the greatest value, or answers `null` where the queue is empty and leaves it so.
//! "Greatest" is by the order of [`Datum`]: numbers by size, below texts, below lists. Values may repeat, and come out as
//! often as they went in. The header's initial value is `null` (empty) or a list in any order.
//!
//! `null` cannot be inserted: a polled `null` says that the queue was empty, and nothing else.
//!
//! # Unknown results
//! A poll without a recorded value, and every `info` one, takes the greatest value, whatever it is, or nothing from an empty
//! queue: it is legal everywhere.

use super::decode::bad_initial;
use super::machine::PriorityQueueMachine;
use super::{Decoder, Machine, Object, RecordedSpec, SequentialSpec, SpecError, SpecKind};
use crate::history::{Datum, Function, History, OpId, Value};
use crate::limits::{Meter, Stop};
use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// A priority queue that starts with given values.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct PriorityQueue {
    /// What it holds at first, in any order.
    pub initial: Vec<Priority>,
}

/// A value that knows its place in the order of values.
#[derive(Clone, Debug)]
pub struct Priority(Order);

/// Integers stand for themselves; nearly every recorded priority is one.
#[derive(Clone, Debug)]
enum Order {
    Int(i64),
    /// Never a [`Datum::Int`].
    Other(Arc<Datum>),
}

/// A function of a priority queue.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PriorityQueueOp {
    /// Put this value in.
    Insert(Priority),
    /// Take the greatest value.
    Poll,
}

/// A result of a priority queue's function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum PriorityQueueRet {
    /// The value is in.
    Inserted,
    /// This was the greatest value; `None`: the queue was empty.
    Polled(Option<Priority>),
}

/// A state is the values in ascending order: one form for each multiset.
impl SequentialSpec for PriorityQueue {
    type State = Vec<Priority>;
    type Op = PriorityQueueOp;
    type Ret = PriorityQueueRet;

    fn initial(&self) -> Self::State {
        let mut state = self.initial.clone();
        state.sort();
        state
    }

    fn step(
        &self,
        state: &Self::State,
        op: &PriorityQueueOp,
        ret: Option<&PriorityQueueRet>,
        next: &mut Vec<Self::State>,
    ) {
        let legal = match (op, ret) {
            (_, None) | (PriorityQueueOp::Insert(_), Some(PriorityQueueRet::Inserted)) => true,
            (PriorityQueueOp::Poll, Some(PriorityQueueRet::Polled(taken))) => taken.as_ref() == state.last(),
            _ => false,
        };
        if legal {
            let mut after = state.clone();
            match op {
                PriorityQueueOp::Insert(value) => {
                    after.insert(after.partition_point(|other| other <= value), value.clone());
                }
                PriorityQueueOp::Poll => drop(after.pop()),
            }
            next.push(after);
        }
    }

    fn observes(&self, op: &PriorityQueueOp, ret: Option<&PriorityQueueRet>) -> bool {
        *op == PriorityQueueOp::Poll && ret == Some(&PriorityQueueRet::Polled(None))
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of::<Self::State>() + state.capacity() * size_of::<Priority>()
    }
}

impl RecordedSpec for PriorityQueue {
    const KIND: SpecKind = SpecKind::PriorityQueue;
    const FUNCTIONS: &'static [Function] = &[Function::Insert, Function::Poll];

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        let value = object.initial(history);
        match history.values().get(value) {
            Some(Datum::Null) => Ok(Self::default()),
            Some(Datum::List(items)) if !items.contains(&Datum::Null) => {
                Ok(Self { initial: items.into_iter().map(Priority::from).collect() })
            }
            _ => {
                let expected = "null (nothing) or a list of values other than null";
                Err(bad_initial(history, Self::KIND, value, expected))
            }
        }
    }

    fn decode(
        decoder: &mut Decoder<'_>,
        op: OpId,
    ) -> Result<(PriorityQueueOp, Option<PriorityQueueRet>), SpecError> {
        let history = decoder.history();
        match history.function(op) {
            Function::Insert => {
                let value = priority(history, decoder.item(op)?);
                Ok((PriorityQueueOp::Insert(value), Some(PriorityQueueRet::Inserted)))
            }
            Function::Poll => {
                let taken = decoder.taken(op).map(|taken| taken.map(|value| priority(history, value)));
                Ok((PriorityQueueOp::Poll, taken.map(PriorityQueueRet::Polled)))
            }
            _ => Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS)),
        }
    }

    fn machine<'a>(
        &'a self,
        actions: &'a [(Self::Op, Option<Self::Ret>)],
        meter: &'a Meter,
    ) -> Result<Box<dyn Machine + 'a>, Stop> {
        Ok(Box::new(PriorityQueueMachine::new(self, actions, meter)?))
    }
}

fn priority(history: &History, value: Value) -> Priority {
    match value.as_small_int() {
        Some(int) => Priority(Order::Int(int)),
        None => history.values().get(value).unwrap_or(Datum::Null).into(),
    }
}

impl From<Datum> for Priority {
    fn from(datum: Datum) -> Self {
        match datum {
            Datum::Int(int) => Self(Order::Int(int)),
            other => Self(Order::Other(other.into())),
        }
    }
}

impl Ord for Priority {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Order::Int(a), Order::Int(b)) => a.cmp(b),
            (Order::Int(a), Order::Other(b)) => Datum::Int(*a).cmp(b),
            (Order::Other(a), Order::Int(b)) => (**a).cmp(&Datum::Int(*b)),
            (Order::Other(a), Order::Other(b)) => a.cmp(b),
        }
    }
}

impl PartialOrd for Priority {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Priority {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Priority {}

impl Hash for Priority {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Order::Int(int) => int.hash(state),
            Order::Other(datum) => {
                let mut bytes = Vec::new();
                datum.encode(&mut bytes);
                bytes.hash(state);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int, list, replay, run};
    use super::PriorityQueueOp::{Insert, Poll};
    use super::PriorityQueueRet::{Inserted, Polled};
    use super::*;

    fn of(value: i64) -> Priority {
        int(value).into()
    }

    #[test]
    fn semantics() {
        let queue = PriorityQueue { initial: vec![of(5), of(3)] };
        assert_eq!(run(&queue, &[(Insert(of(4)), Some(Inserted))]), [[of(3), of(4), of(5)]]);
        assert_eq!(run(&queue, &[(Insert(of(9)), None), (Poll, None)]), [[of(3), of(5)]]);
        assert_eq!(run(&PriorityQueue::default(), &[(Poll, None)]), [[]], "an unknown answer includes empty");
    }

    #[test]
    fn accepts() {
        let long = Datum::text("longer than a handle");
        let script = Script::new()
            .initial(&list([int(2), int(2)]))
            .op(Function::Insert, Datum::Float(2.5))
            .op(Function::Insert, long.clone())
            .op(Function::Poll, long)
            .op(Function::Poll, Datum::Float(2.5))
            .op(Function::Poll, int(2))
            .unanswered(Function::Poll)
            .op(Function::Poll, Datum::Null);
        assert_eq!(replay::<PriorityQueue>(&script.finish()).unwrap(), [[]]);
    }

    #[test]
    fn rejects() {
        let queue = PriorityQueue { initial: vec![of(5), of(3)] };
        assert!(run(&queue, &[(Poll, Some(Polled(Some(of(3)))))]).is_empty(), "5 is greater");
        assert!(run(&queue, &[(Poll, Some(Polled(None)))]).is_empty());
        let float = Priority::from(Datum::Float(5.0));
        assert!(run(&queue, &[(Poll, Some(Polled(Some(float))))]).is_empty(), "5.0 is not 5");
        for script in [
            Script::new().op(Function::Insert, Datum::Null),
            Script::new().unanswered(Function::Insert),
            Script::new().op(Function::Push, int(1)),
            Script::new().initial(&int(1)).op(Function::Insert, int(1)),
        ] {
            assert!(replay::<PriorityQueue>(&script.finish()).is_err());
        }
    }
}
