//! Priority queues as a machine: a state is an array of how often each value is in, values in ascending order.
//!
//! To insert, and to find and take the greatest value, takes the logarithm of the number of values that the actions name,
//! whatever the length of the queue. See [`Arrays`] for why equal queues are one number.

use super::array::{Arrays, EMPTY};
use super::{Machine, NextStates};
use crate::limits::{Meter, Stop};
use crate::spec::{Priority, PriorityQueue, PriorityQueueOp, PriorityQueueRet};

/// A [`PriorityQueue`] with its actions.
#[derive(Debug)]
pub(in crate::spec) struct PriorityQueueMachine<'a> {
    arrays: Arrays<'a>,
    actions: Vec<Action>,
    initial: u32,
}

/// What an action does; values by their place in the order.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Its result is never right.
    Never,
    Insert(usize),
    /// Takes this.
    Poll(usize),
    /// Finds nothing.
    PollEmpty,
    /// Takes anything, or finds nothing.
    PollAnything,
}

impl<'a> PriorityQueueMachine<'a> {
    /// Sorts the values.
    ///
    /// # Errors
    /// If the limits leave no room for the actions and the initial queue.
    pub(in crate::spec) fn new(
        queue: &PriorityQueue,
        actions: &[(PriorityQueueOp, Option<PriorityQueueRet>)],
        meter: &'a Meter,
    ) -> Result<Self, Stop> {
        meter.charge(actions.len() * size_of::<Action>())?;
        let mut values: Vec<&Priority> = queue.initial.iter().collect();
        for (op, ret) in actions {
            values.extend(if let PriorityQueueOp::Insert(value) = op { Some(value) } else { None });
            values.extend(if let Some(PriorityQueueRet::Polled(taken)) = ret {
                taken.as_ref()
            } else {
                None
            });
        }
        values.sort_unstable();
        values.dedup();
        let place = |value: &Priority| values.binary_search(&value).expect("all values are in the list");
        let compile = |(op, ret): &(PriorityQueueOp, Option<PriorityQueueRet>)| match (op, ret) {
            (PriorityQueueOp::Insert(value), None | Some(PriorityQueueRet::Inserted)) => {
                Action::Insert(place(value))
            }
            (PriorityQueueOp::Poll, None) => Action::PollAnything,
            (PriorityQueueOp::Poll, Some(PriorityQueueRet::Polled(None))) => Action::PollEmpty,
            (PriorityQueueOp::Poll, Some(PriorityQueueRet::Polled(Some(value)))) => {
                Action::Poll(place(value))
            }
            _ => Action::Never,
        };
        let actions = actions.iter().map(compile).collect();
        let mut machine = Self { arrays: Arrays::new(values.len(), meter), actions, initial: EMPTY };
        for value in &queue.initial {
            machine.initial = machine.insert(machine.initial, place(value))?;
        }
        Ok(machine)
    }

    fn insert(&self, state: u32, place: usize) -> Result<u32, Stop> {
        self.arrays.set(state, place, self.arrays.get(state, place) + 1)
    }

    /// The queue without one of its greatest values, if that is what `wanted` takes.
    fn poll(&self, state: u32, wanted: Option<usize>) -> Result<Option<u32>, Stop> {
        match self.arrays.last(state) {
            Some((place, count)) if wanted.is_none_or(|wanted| wanted == place) => {
                self.arrays.set(state, place, count - 1).map(Some)
            }
            None if wanted.is_none() => Ok(Some(state)),
            _ => Ok(None),
        }
    }
}

impl Machine for PriorityQueueMachine<'_> {
    fn initial(&self) -> u32 {
        self.initial
    }

    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let after = match self.actions[action as usize] {
            Action::Never => None,
            Action::Insert(place) => Some(self.insert(state, place)?),
            Action::Poll(place) => self.poll(state, Some(place))?,
            Action::PollEmpty => (state == EMPTY).then_some(state),
            Action::PollAnything => self.poll(state, None)?,
        };
        Ok(after.map_or(NextStates::None, NextStates::One))
    }
}
