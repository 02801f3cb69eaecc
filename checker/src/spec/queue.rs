//! Queue: gives its values back first in, first out.
//!
//! # Semantics
//! The FIFO queue of Herlihy and Wing (1990), made total: `enqueue` puts its value at the back, `dequeue` takes the value
//! at the front, or answers `null` where the queue is empty and leaves it so. Values may repeat. The header's initial value
//! is `null` (empty) or a list, front first.
//!
//! `null` cannot be enqueued: a dequeued `null` says that the queue was empty, and nothing else.
//!
//! # Unknown results
//! A dequeue without a recorded value, and every `info` one, takes whatever is at the front, or nothing from an empty
//! queue: it is legal everywhere.

use super::decode::initial_items;
use super::machine::QueueMachine;
use super::{Decoder, Interned, Machine, Object, RecordedSpec, SequentialSpec, SpecError, SpecKind};
use crate::history::{Function, History, OpId, Value};
use crate::limits::{Meter, Stop};
use std::collections::VecDeque;

/// A queue that starts with given values.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Queue {
    /// What it holds at first, front first.
    pub initial: Vec<Value>,
}

/// A function of a queue.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum QueueOp {
    /// Put this value at the back.
    Enqueue(Value),
    /// Take the front.
    Dequeue,
}

/// A result of a queue's function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum QueueRet {
    /// The value is in.
    Enqueued,
    /// This was the front; `None`: the queue was empty.
    Dequeued(Option<Value>),
}

impl SequentialSpec for Queue {
    type State = VecDeque<Value>;
    type Op = QueueOp;
    type Ret = QueueRet;

    fn initial(&self) -> Self::State {
        self.initial.iter().copied().collect()
    }

    fn step(&self, state: &Self::State, op: &QueueOp, ret: Option<&QueueRet>, next: &mut Vec<Self::State>) {
        let answer = match op {
            QueueOp::Enqueue(_) => QueueRet::Enqueued,
            QueueOp::Dequeue => QueueRet::Dequeued(state.front().copied()),
        };
        if ret.is_none_or(|&ret| ret == answer) {
            let mut after = state.clone();
            match *op {
                QueueOp::Enqueue(value) => after.push_back(value),
                QueueOp::Dequeue => drop(after.pop_front()),
            }
            next.push(after);
        }
    }

    fn observes(&self, op: &QueueOp, ret: Option<&QueueRet>) -> bool {
        *op == QueueOp::Dequeue && ret == Some(&QueueRet::Dequeued(None))
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of::<Self::State>() + state.capacity() * size_of::<Value>()
    }
}

impl RecordedSpec for Queue {
    const KIND: SpecKind = SpecKind::Queue;
    const FUNCTIONS: &'static [Function] = &[Function::Enqueue, Function::Dequeue];

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        Ok(Self { initial: initial_items(history, object, Self::KIND)? })
    }

    fn decode(decoder: &mut Decoder<'_>, op: OpId) -> Result<(QueueOp, Option<QueueRet>), SpecError> {
        match decoder.history().function(op) {
            Function::Enqueue => Ok((QueueOp::Enqueue(decoder.item(op)?), Some(QueueRet::Enqueued))),
            Function::Dequeue => Ok((QueueOp::Dequeue, decoder.taken(op).map(QueueRet::Dequeued))),
            _ => Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS)),
        }
    }

    fn machine<'a>(
        &'a self,
        actions: &'a [(Self::Op, Option<Self::Ret>)],
        meter: &'a Meter,
    ) -> Result<Box<dyn Machine + 'a>, Stop> {
        match QueueMachine::new(self, actions, meter)? {
            Some(machine) => Ok(Box::new(machine)),
            None => Ok(Box::new(Interned::new(self, actions, meter)?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int, list, replay, run, value};
    use super::QueueOp::{Dequeue, Enqueue};
    use super::QueueRet::{Dequeued, Enqueued};
    use super::*;
    use crate::history::Datum;

    #[test]
    fn semantics() {
        let queue = Queue::default();
        let steps =
            [(Enqueue(value(1)), Some(Enqueued)), (Enqueue(value(2)), Some(Enqueued)), (Dequeue, None)];
        assert_eq!(run(&queue, &steps), [[value(2)]]);
        assert_eq!(run(&queue, &[(Dequeue, None)]), [[]], "an unknown answer includes that it was empty");
    }

    #[test]
    fn accepts() {
        let script = Script::new()
            .initial(&list([int(9), Datum::text("longer than a handle")]))
            .op(Function::Enqueue, int(1))
            .op(Function::Dequeue, int(9))
            .unanswered(Function::Dequeue)
            .op(Function::Enqueue, int(1))
            .op(Function::Dequeue, int(1))
            .op(Function::Dequeue, int(1))
            .op(Function::Dequeue, Datum::Null);
        assert_eq!(replay::<Queue>(&script.finish()).unwrap(), [[]]);
    }

    #[test]
    fn rejects() {
        let queue = Queue { initial: vec![value(1), value(2)] };
        assert!(run(&queue, &[(Dequeue, Some(Dequeued(Some(value(2)))))]).is_empty(), "last in, first out");
        assert!(run(&queue, &[(Dequeue, Some(Dequeued(None)))]).is_empty());
        assert!(run(&Queue::default(), &[(Dequeue, Some(Dequeued(Some(value(1)))))]).is_empty());
        for script in [
            Script::new().op(Function::Enqueue, Datum::Null),
            Script::new().unanswered(Function::Enqueue),
            Script::new().op(Function::Push, int(1)),
            Script::new().initial(&int(1)).op(Function::Enqueue, int(1)),
            Script::new().initial(&list([Datum::Null])).op(Function::Enqueue, int(1)),
        ] {
            assert!(replay::<Queue>(&script.finish()).is_err());
        }
    }
}
