//! What is in flight at a moment of the history: the slots, the twins, the classes; moves forward and back.

use super::mask::Mask;
use super::problem::{NONE, Problem};

/// The operations in flight before an event.
#[derive(Clone, Debug)]
pub(crate) struct Flight<M> {
    /// The slots in use.
    pub live: M,
    /// The slots whose operation never changes the state.
    pub observers: M,
    /// The item in each slot that is in use.
    pub item: Vec<u32>,
    /// For each slot: those of its twins (equal action) that return earlier, and so go first.
    twins: Vec<M>,
    /// For each class how many of its operations have been called.
    pub called: Vec<u32>,
    /// The classes with an operation called, in the order of their first calls.
    pub classes: Vec<u32>,
}

impl<M: Mask> Flight<M> {
    /// Nothing is in flight.
    pub(crate) fn new(problem: &Problem) -> Self {
        let empty = M::empty(problem.width);
        Self {
            live: empty.clone(),
            observers: empty.clone(),
            item: vec![NONE; problem.width],
            twins: vec![empty; problem.width],
            called: vec![0; problem.classes.len()],
            classes: Vec::new(),
        }
    }

    /// Moves past a call.
    pub(crate) fn call(&mut self, problem: &Problem, item: u32, observer: bool) {
        let slot = problem.slot[item as usize];
        if problem.deadline[item as usize] == NONE {
            if self.called[slot as usize] == 0 {
                self.classes.push(slot);
            }
            self.called[slot as usize] += 1;
        } else {
            self.board(problem, item, slot, observer);
        }
    }

    /// Moves back over a call.
    pub(crate) fn uncall(&mut self, problem: &Problem, item: u32) {
        let slot = problem.slot[item as usize];
        if problem.deadline[item as usize] == NONE {
            self.called[slot as usize] -= 1;
            if self.called[slot as usize] == 0 {
                self.classes.pop();
            }
        } else {
            self.leave(slot);
        }
    }

    /// Moves past a return.
    pub(crate) fn ret(&mut self, problem: &Problem, item: u32) {
        self.leave(problem.slot[item as usize]);
    }

    /// Moves back over a return.
    pub(crate) fn unret(&mut self, problem: &Problem, item: u32, observer: bool) {
        self.board(problem, item, problem.slot[item as usize], observer);
    }

    /// Whether program order lets the item in `slot` be placed when those in `placed` are, and whether it is its turn
    /// among its twins.
    #[inline]
    pub(crate) fn may_go(&self, problem: &Problem, slot: u32, placed: &M) -> bool {
        self.twins[slot as usize].within(placed)
            && (problem.after.is_empty() || self.after_is_placed(problem, self.item[slot as usize], placed))
    }

    /// Whether what program order puts before the item has been placed.
    fn after_is_placed(&self, problem: &Problem, item: u32, placed: &M) -> bool {
        problem.after.get(&item).is_none_or(|&before| self.is_placed(problem, before, placed))
    }

    /// Whether an item that was called has been placed: it has returned, or stands in `placed`.
    pub(crate) fn is_placed(&self, problem: &Problem, item: u32, placed: &M) -> bool {
        let slot = problem.slot[item as usize];
        self.item[slot as usize] != item || placed.has(slot)
    }

    fn board(&mut self, problem: &Problem, item: u32, slot: u32, observer: bool) {
        self.live.insert(slot);
        self.item[slot as usize] = item;
        if observer {
            self.observers.insert(slot);
            return;
        }
        if problem.tied.contains(&item) {
            return;
        }
        let (action, deadline) = (problem.action[item as usize], problem.deadline[item as usize]);
        for other_slot in 0..self.item.len() {
            let other = self.item[other_slot];
            if other == NONE
                || other == item
                || problem.action[other as usize] != action
                || problem.tied.contains(&other)
            {
                continue;
            }
            if problem.deadline[other as usize] < deadline {
                self.twins[slot as usize].insert(other_slot as u32);
            } else {
                self.twins[other_slot].insert(slot);
            }
        }
    }

    fn leave(&mut self, slot: u32) {
        self.live.remove(slot);
        self.observers.remove(slot);
        self.item[slot as usize] = NONE;
        self.twins[slot as usize] = M::empty(self.item.len());
        for twins in &mut self.twins {
            twins.remove(slot);
        }
    }
}
