//! What every search needs to know, and the two moves that all of them share: absorbing observers, trying operations.

use super::flight::Flight;
use super::mask::{Mask, difference};
use super::problem::{NONE, Problem};
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
    pub meter: &'a Meter,
}

impl Context<'_> {
    /// Whether the item never changes the state.
    #[inline]
    pub(crate) fn observes(&self, item: u32) -> bool {
        self.observer[self.problem.action[item as usize] as usize]
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
            next.as_slice().iter().try_for_each(|&after| found(What::Item(item), after))
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
                if after != state {
                    found(What::Class(class), after)?;
                }
            }
        }
        Ok(())
    }
}
