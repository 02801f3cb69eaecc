//! All total orders of a few things that extend a relation and can be replayed.
//!
//! A view in the sense of the definitions, a lock order, an arbitration: what differs is what the replay remembers.

use crate::limits::{Meter, Stop};
use std::collections::HashSet;
use std::hash::Hash;

/// What happens when things happen one after the other. Things are numbers.
pub(super) trait Replay {
    /// What the past leaves behind.
    type State: Clone + Eq + Hash;

    /// Before everything.
    fn initial(&self) -> Self::State;

    /// After `thing`; `None` if it cannot happen in that state.
    fn step(&self, state: &Self::State, thing: usize) -> Option<Self::State>;
}

/// A replay in which everything may happen at any time.
pub(super) struct Free;

impl Replay for Free {
    type State = ();

    fn initial(&self) {}

    fn step(&self, (): &(), _: usize) -> Option<()> {
        Some(())
    }
}

/// Some total order of `things` that extends `before` and can be replayed.
///
/// Tries each thing in turn as the next one. A set of things placed, and the state they left, that led nowhere once is
/// not tried again: what can follow depends on nothing else.
pub(super) fn first<R: Replay>(
    replay: &R,
    things: &[usize],
    before: &dyn Fn(usize, usize) -> bool,
    meter: &Meter,
) -> Result<Option<Vec<usize>>, Stop> {
    let mut found = None;
    let mut walk = Walk { replay, things, before, meter, order: Vec::new(), dead_ends: Some(HashSet::new()) };
    walk.from(0, &replay.initial(), &mut |order| {
        found = Some(order.to_vec());
        Ok(true)
    })?;
    Ok(found)
}

/// Calls `visit` with every total order of `things` that extends `before` and can be replayed, until it says true;
/// says whether it did.
pub(super) fn each<R: Replay>(
    replay: &R,
    things: &[usize],
    before: &dyn Fn(usize, usize) -> bool,
    meter: &Meter,
    visit: &mut dyn FnMut(&[usize]) -> Result<bool, Stop>,
) -> Result<bool, Stop> {
    let mut walk = Walk { replay, things, before, meter, order: Vec::new(), dead_ends: None };
    walk.from(0, &replay.initial(), visit)
}

struct Walk<'a, R: Replay> {
    replay: &'a R,
    things: &'a [usize],
    before: &'a dyn Fn(usize, usize) -> bool,
    meter: &'a Meter,
    order: Vec<usize>,
    dead_ends: Option<HashSet<(usize, R::State)>>,
}

impl<R: Replay> Walk<'_, R> {
    /// Every completion of the order so far: `placed` has a bit for each of the things in it.
    fn from(
        &mut self,
        placed: usize,
        state: &R::State,
        visit: &mut dyn FnMut(&[usize]) -> Result<bool, Stop>,
    ) -> Result<bool, Stop> {
        self.meter.check()?;
        if self.order.len() == self.things.len() {
            return visit(&self.order);
        }
        if self.dead_ends.as_ref().is_some_and(|dead| dead.contains(&(placed, state.clone()))) {
            return Ok(false);
        }
        for next in 0..self.things.len() {
            if !self.may_be_next(placed, next) {
                continue;
            }
            let Some(after) = self.replay.step(state, self.things[next]) else { continue };
            self.order.push(self.things[next]);
            if self.from(placed | 1 << next, &after, visit)? {
                return Ok(true);
            }
            self.order.pop();
        }
        if let Some(dead) = &mut self.dead_ends {
            dead.insert((placed, state.clone()));
        }
        Ok(false)
    }

    /// Not placed yet, and nothing that is not placed yet goes before it.
    fn may_be_next(&self, placed: usize, next: usize) -> bool {
        let waits =
            |other: usize| placed >> other & 1 == 0 && (self.before)(self.things[other], self.things[next]);
        placed >> next & 1 == 0 && !(0..self.things.len()).any(waits)
    }
}
