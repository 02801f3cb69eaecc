//! Queues as a machine: a state is how many values went in and came out, and an array of those that are in.
//!
//! # Algorithm
//! The i-th value that goes in stands at position i for ever. The values in, from position `head` to before `tail`, are an
//! array over the smallest aligned block of positions (of a power of two) that has them all, so that the tree is as deep
//! as the queue is long, but for the moment in which it crosses the edge of a large block. See [`Arrays`].
//!
//! # Correctness
//! The block is a function of `head` and `tail`; so a state's number is one for (head, tail, values). It is exact, but
//! finer than equality of queues: equal queues have one number iff equally many values came out of them. A search loses
//! nothing by that, for it only ever compares states after the same dequeues, and those that took a value are known by
//! their results. Only a dequeue whose result is unknown may have taken a value here and none there; histories with one are
//! left to [`Interned`](super::Interned).
//!
//! # Complexity
//! A step takes the logarithm of the length of the queue, but for those edges.

use super::array::{Arrays, EMPTY};
use super::{Machine, NextStates};
use crate::history::Value;
use crate::limits::{Meter, Stop};
use crate::spec::{Queue, QueueOp, QueueRet};
use rustc_hash::FxHashMap;

/// A [`Queue`] with its actions.
#[derive(Debug)]
pub(in crate::spec) struct QueueMachine<'a> {
    arrays: Arrays<'a>,
    actions: Vec<Action>,
    initial: u32,
}

/// What an action does; values by number, from 1 on.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Its result is never right.
    Never,
    Enqueue(u64),
    /// Takes this.
    Dequeue(u64),
    /// Finds nothing.
    DequeueEmpty,
}

/// A state; its number is that of the pair (block, head and tail).
#[derive(Clone, Copy, Debug)]
struct Held {
    head: u32,
    tail: u32,
    /// The array over the smallest block with all values; [`EMPTY`] if there are none.
    block: u32,
}

impl Held {
    /// The levels of the block, if any value is in.
    fn levels(self) -> u32 {
        if self.head == self.tail { 0 } else { levels(self.head, self.tail - 1) }
    }
}

/// The levels of the smallest block with two positions.
fn levels(first: u32, last: u32) -> u32 {
    u32::BITS - (first ^ last).leading_zeros()
}

impl<'a> QueueMachine<'a> {
    /// Numbers the values; `None` if a dequeue may take anything.
    ///
    /// # Errors
    /// If the limits leave no room for the actions and the initial queue.
    pub(in crate::spec) fn new(
        queue: &Queue,
        actions: &[(QueueOp, Option<QueueRet>)],
        meter: &'a Meter,
    ) -> Result<Option<Self>, Stop> {
        if actions.contains(&(QueueOp::Dequeue, None)) {
            return Ok(None);
        }
        meter.charge(actions.len() * size_of::<Action>())?;
        let mut numbers = FxHashMap::default();
        let mut number = |value: Value| {
            let next = 1 + numbers.len() as u64;
            *numbers.entry(value).or_insert(next)
        };
        let compile = |(op, ret): &(QueueOp, Option<QueueRet>)| match (*op, *ret) {
            (QueueOp::Enqueue(value), None | Some(QueueRet::Enqueued)) => Action::Enqueue(number(value)),
            (QueueOp::Dequeue, Some(QueueRet::Dequeued(None))) => Action::DequeueEmpty,
            (QueueOp::Dequeue, Some(QueueRet::Dequeued(Some(value)))) => Action::Dequeue(number(value)),
            _ => Action::Never,
        };
        let actions = actions.iter().map(compile).collect();
        let arrays = Arrays::new(0, meter);
        let mut machine = Self { arrays, actions, initial: EMPTY };
        let mut held = Held { head: 0, tail: 0, block: EMPTY };
        for &value in &queue.initial {
            held = machine.enqueue(held, number(value))?;
        }
        machine.initial = machine.number(held)?;
        Ok(Some(machine))
    }

    fn number(&self, held: Held) -> Result<u32, Stop> {
        self.arrays.pairs().child(held.block, u64::from(held.head) << 32 | u64::from(held.tail))
    }

    #[expect(clippy::cast_possible_truncation, reason = "two halves of a word")]
    fn held(&self, state: u32) -> Held {
        let (block, ends) = self.arrays.pairs().split(state).expect("a state is a pair");
        Held { head: (ends >> 32) as u32, tail: ends as u32, block }
    }

    fn enqueue(&self, held: Held, value: u64) -> Result<Held, Stop> {
        let Held { head, tail, mut block } = held;
        let deeper = levels(head, tail);
        for level in held.levels()..deeper {
            let left = head >> level & 1 == 0;
            block = if left { self.arrays.join(block, EMPTY)? } else { self.arrays.join(EMPTY, block)? };
        }
        let block = self.arrays.set_in(deeper, block, tail as usize, value)?;
        Ok(Held { head, tail: tail.checked_add(1).ok_or(Stop::Memory)?, block })
    }

    /// The queue without its front, and the front; `None` if it is empty.
    fn dequeue(&self, held: Held) -> Result<Option<(Held, u64)>, Stop> {
        let Held { head, tail, .. } = held;
        if head == tail {
            return Ok(None);
        }
        let front = self.arrays.get_in(held.levels(), held.block, head as usize);
        let block = self.arrays.set_in(held.levels(), held.block, head as usize, 0)?;
        let mut after = Held { head: head + 1, tail, block };
        for level in (after.levels()..held.levels()).rev() {
            let (left, right) = self.arrays.halves(after.block);
            after.block = if after.head >> level & 1 == 0 { left } else { right };
        }
        Ok(Some((after, front)))
    }
}

impl Machine for QueueMachine<'_> {
    fn initial(&self) -> u32 {
        self.initial
    }

    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let held = self.held(state);
        let after = match self.actions[action as usize] {
            Action::Never => None,
            Action::Enqueue(value) => Some(self.number(self.enqueue(held, value)?)?),
            Action::DequeueEmpty => (held.head == held.tail).then_some(state),
            Action::Dequeue(value) => match self.dequeue(held)? {
                Some((after, front)) if front == value => Some(self.number(after)?),
                _ => None,
            },
        };
        Ok(after.map_or(NextStates::None, NextStates::One))
    }
}
