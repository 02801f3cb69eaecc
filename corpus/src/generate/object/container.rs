//! Queues, stacks, priority queues: as many insertions as removals, some of which find nothing.

use super::super::draft::{ABSENT, NIL, Row};
use super::super::plans::Event;
use super::super::random::Random;
use super::super::{Generate, Values};
use super::{Effect, Fresh, Object};
use std::collections::{BinaryHeap, VecDeque};
use tribunal_checker::history::Function;

/// What gives values back in some order.
pub(super) trait Container: Default {
    const INSERT: Function;
    const REMOVE: Function;

    fn insert(&mut self, value: i64);
    fn remove(&mut self) -> Option<i64>;
}

/// One container a key.
#[derive(Debug)]
pub(super) struct Containers<C> {
    state: Vec<C>,
    fresh: Fresh,
    /// Values are given out in no order of size.
    scattered: bool,
}

impl Containers<VecDeque<i64>> {
    pub(super) fn queues(options: &Generate) -> Self {
        Self::new(options, false)
    }
}

impl Containers<Vec<i64>> {
    pub(super) fn stacks(options: &Generate) -> Self {
        Self::new(options, false)
    }
}

impl Containers<BinaryHeap<i64>> {
    pub(super) fn priority_queues(options: &Generate) -> Self {
        Self::new(options, options.values == Values::Unique)
    }
}

impl<C: Container> Containers<C> {
    fn new(options: &Generate, scattered: bool) -> Self {
        let state = (0..options.keys).map(|_| C::default()).collect();
        Self { state, fresh: Fresh::new(options.values), scattered }
    }
}

impl<C: Container> Object for Containers<C> {
    fn choose(&mut self, _: u32, _: usize, random: &mut Random) -> Option<Row> {
        let object = u32::try_from(random.index(self.state.len())).expect("checked with the options");
        if random.chance(0.5) {
            return Some(Row::new(C::REMOVE, object, ABSENT));
        }
        let value = self.fresh.next(random);
        Some(Row::new(C::INSERT, object, if self.scattered { scatter(value) } else { value }))
    }

    fn apply(&mut self, row: &mut Row, _: Event) -> Effect {
        let state = &mut self.state[row.object as usize];
        if row.function == C::INSERT {
            state.insert(row.a);
        } else {
            row.a = state.remove().unwrap_or(NIL);
        }
        Effect::Done
    }
}

/// A permutation of the integers below 2^32, so that what is unique stays so: an odd multiplier and a shift, twice.
fn scatter(value: i64) -> i64 {
    let mut z = u32::try_from(value).expect("fewer values than operations");
    z = (z ^ z >> 16).wrapping_mul(0x7feb_352d);
    z = (z ^ z >> 15).wrapping_mul(0x846c_a68b);
    i64::from(z ^ z >> 16)
}

impl Container for VecDeque<i64> {
    const INSERT: Function = Function::Enqueue;
    const REMOVE: Function = Function::Dequeue;

    fn insert(&mut self, value: i64) {
        self.push_back(value);
    }

    fn remove(&mut self) -> Option<i64> {
        self.pop_front()
    }
}

impl Container for Vec<i64> {
    const INSERT: Function = Function::Push;
    const REMOVE: Function = Function::Pop;

    fn insert(&mut self, value: i64) {
        self.push(value);
    }

    fn remove(&mut self) -> Option<i64> {
        self.pop()
    }
}

impl Container for BinaryHeap<i64> {
    const INSERT: Function = Function::Insert;
    const REMOVE: Function = Function::Poll;

    fn insert(&mut self, value: i64) {
        self.push(value);
    }

    fn remove(&mut self) -> Option<i64> {
        self.pop()
    }
}
