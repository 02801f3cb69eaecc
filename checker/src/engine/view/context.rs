//! What every search needs to know, and the two moves that all of them share: absorbing observers, trying operations.

use super::flight::Flight;
use super::mask::{Mask, difference};
use super::problem::{NONE, Problem, number};
use super::trail::What;
use super::usage::UsageTable;
use crate::limits::{Meter, Stop};
use crate::spec::{Machine, NextStates};

/// A problem with the meaning of its actions and the limits.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub problem: &'a Problem,
    pub machine: &'a dyn Machine,
    /// For each action whether it never changes the state.
    pub observer: &'a [bool],
    /// The last event that calls an operation which a dead end can never serve; see [`Machine::is_dead_end`].
    pub last_look: u32,
    pub meter: &'a Meter,
}

/// The last event that calls an operation which a dead end of the machine can never serve; 0 if there is none.
fn last_look(problem: &Problem, machine: &dyn Machine, actions: usize) -> u32 {
    let looks: Vec<bool> = (0..number(actions)).map(|action| machine.looks(action)).collect();
    if !looks.contains(&true) {
        return 0;
    }
    let must_look = |event: &usize| {
        let (item, is_return) = problem.event(*event);
        let completes = problem.deadline[item as usize] != NONE;
        !is_return && completes && looks[problem.action[item as usize] as usize]
    };
    (0..problem.events.len()).rev().find(must_look).map_or(0, number)
}

impl<'a> Context<'a> {
    /// What the searches need to know of a problem; `observer` says for each action whether it never changes the state.
    pub(crate) fn new(
        problem: &'a Problem,
        machine: &'a dyn Machine,
        observer: &'a [bool],
        meter: &'a Meter,
    ) -> Self {
        let last_look = last_look(problem, machine, observer.len());
        Self { problem, machine, observer, last_look, meter }
    }

    /// Whether the item never changes the state.
    #[inline]
    pub(crate) fn observes(&self, item: u32) -> bool {
        self.observer[self.problem.action[item as usize] as usize]
    }

    /// Whether an operation called after the event could not be served from the state on.
    #[inline]
    fn is_given_up(&self, event: u32, state: u32) -> bool {
        event < self.last_look && self.machine.is_dead_end(state)
    }

    /// Places every observer in flight that is legal in the state; calls `placed_one` for each, in a fixed order.
    ///
    /// Sound: an observer that is legal now changes nothing for the others, so a view in which it comes later stays
    /// legal when it is moved here.
    #[inline]
    pub(crate) fn absorb<M: Mask>(
        &self,
        flight: &Flight<M>,
        state: u32,
        placed: &mut M,
        mut placed_one: impl FnMut(u32),
    ) -> Result<(), Stop> {
        loop {
            let before = placed.clone();
            difference(&flight.observers, &before, |slot| {
                let item = flight.item[slot as usize];
                if flight.may_go(self.problem, slot, placed)
                    && self.machine.step(state, self.problem.action[item as usize])? != NextStates::None
                {
                    placed.insert(slot);
                    placed_one(item);
                }
                Ok(())
            })?;
            // Only ties in program order let one observer wait for another.
            if self.problem.after.is_empty() || *placed == before {
                return Ok(());
            }
        }
    }

    /// Calls `found` with every operation that may be placed next and changes the state or is due, and the state after.
    /// Items come in the order of their slots, then classes in the order of their first calls.
    #[inline]
    pub(crate) fn candidates<M: Mask>(
        &self,
        flight: &Flight<M>,
        usage: &UsageTable,
        event: u32,
        (state, used, placed): (u32, u32, &M),
        mut found: impl FnMut(What, u32) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        difference(&flight.live, placed, |slot| {
            let item = flight.item[slot as usize];
            if flight.observers.has(slot) || !flight.may_go(self.problem, slot, placed) {
                return Ok(());
            }
            let next = self.machine.step(state, self.problem.action[item as usize])?;
            let mut promising = next.as_slice().iter().filter(|&&after| !self.is_given_up(event, after));
            promising.try_for_each(|&after| found(What::Item(item), after))
        })?;
        for &class in &flight.classes {
            let of = &self.problem.classes[class as usize];
            if of.until < event
                || usage.count(used, class) >= flight.called[class as usize]
                || of.after != NONE && !flight.is_placed(self.problem, of.after, placed)
            {
                continue;
            }
            // What may as well not happen is not tried where it would change nothing.
            for &after in self.machine.step(state, of.action)?.as_slice() {
                if after != state && !self.is_given_up(event, after) {
                    found(What::Class(class), after)?;
                }
            }
        }
        Ok(())
    }
}
