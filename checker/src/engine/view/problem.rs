//! One view to be found: operations as numbers, their calls and returns as one list of events.

use crate::history::OpId;
use rustc_hash::{FxHashMap, FxHashSet};

/// No operation, no class.
pub(crate) const NONE: u32 = u32::MAX;

/// An operation as it enters a [`Problem`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    /// Its id, for certificates.
    pub op: OpId,
    /// Function, argument and result, as a number of the machine.
    pub action: u32,
    /// Its interval; `end` is `None` for an operation that may take effect at any later time, or never.
    pub start: i64,
    /// See `start`.
    pub end: Option<i64>,
    /// The item (by index) that program order puts before it although their intervals touch.
    pub after: Option<u32>,
}

/// Operations that may take effect or not, alike in function, argument and what must come before them.
#[derive(Clone, Debug)]
pub(crate) struct Class {
    pub action: u32,
    /// The item that must be placed before them, or [`NONE`].
    pub after: u32,
    /// The last event before which somebody can notice them; `u32::MAX` = any.
    pub until: u32,
    /// Its items, in the order of their calls.
    pub items: Vec<u32>,
}

/// What the view must respect, and what it is made of. Items are numbered in the order of their calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Problem {
    pub op: Vec<OpId>,
    pub action: Vec<u32>,
    /// `item << 1 | is_return`, in the order of time; at equal times calls come before returns: intervals are closed.
    pub events: Vec<u32>,
    /// The event of the item's return; [`NONE`] if it has none.
    pub deadline: Vec<u32>,
    /// The slot of an item while it is in flight; the class of one that has no return.
    pub slot: Vec<u32>,
    /// For few items only: what program order puts before them although the intervals touch.
    pub after: FxHashMap<u32, u32>,
    /// Both ends of `after`: swapping one of them with an equal operation would not be harmless.
    pub tied: FxHashSet<u32>,
    pub classes: Vec<Class>,
    /// The number of slots.
    pub width: usize,
}

impl Problem {
    /// Sorts the events and gives out slots.
    ///
    /// # Complexity
    /// O(n) for items in the order of their starts with bounded overlap; else O(n log n).
    pub(crate) fn new(items: &[Item]) -> Self {
        let mut order: Vec<u32> = (0..number(items.len())).collect();
        let depth = touching_depth(items);
        let key = |&item: &u32| (items[item as usize].start, depth.get(&item).copied().unwrap_or(0));
        order.sort_by_key(key);
        let mut rank = vec![0; items.len()];
        for (new, &old) in order.iter().enumerate() {
            rank[old as usize] = number(new);
        }
        let mut problem = Self {
            op: order.iter().map(|&old| items[old as usize].op).collect(),
            action: order.iter().map(|&old| items[old as usize].action).collect(),
            deadline: vec![NONE; items.len()],
            slot: vec![NONE; items.len()],
            ..Self::default()
        };
        for (item, &old) in order.iter().enumerate() {
            if let Some(before) = items[old as usize].after {
                problem.after.insert(number(item), rank[before as usize]);
                problem.tied.extend([number(item), rank[before as usize]]);
            }
        }
        problem.sort_events(items, &order);
        problem.assign_slots();
        problem
    }

    /// The item of an event, and whether the event is its return.
    #[inline]
    pub(crate) fn event(&self, index: usize) -> (u32, bool) {
        let event = self.events[index];
        (event >> 1, event & 1 != 0)
    }

    /// Merges calls (already in order) with returns.
    fn sort_events(&mut self, items: &[Item], order: &[u32]) {
        let end = |item: u32| items[order[item as usize] as usize].end;
        let start = |item: u32| items[order[item as usize] as usize].start;
        let mut returns: Vec<u32> = (0..number(order.len())).filter(|&item| end(item).is_some()).collect();
        returns.sort_by_key(|&item| end(item));
        self.events.reserve(order.len() + returns.len());
        let mut calls = (0..number(order.len())).peekable();
        for item in returns {
            while let Some(call) = calls.next_if(|&call| Some(start(call)) <= end(item)) {
                self.events.push(call << 1);
            }
            self.deadline[item as usize] = number(self.events.len());
            self.events.push(item << 1 | 1);
        }
        self.events.extend(calls.map(|call| call << 1));
    }

    /// The lowest free slot for each item that returns, a class for each that may not.
    fn assign_slots(&mut self) {
        let mut free = std::collections::BinaryHeap::new();
        let mut class_of: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        for event in 0..self.events.len() {
            let (item, is_return) = self.event(event);
            let index = item as usize;
            if is_return {
                free.push(std::cmp::Reverse(self.slot[index]));
            } else if self.deadline[index] == NONE {
                let after = self.after.get(&item).copied().unwrap_or(NONE);
                let class = *class_of.entry((self.action[index], after)).or_insert_with(|| {
                    let action = self.action[index];
                    self.classes.push(Class { action, after, until: u32::MAX, items: Vec::new() });
                    number(self.classes.len() - 1)
                });
                self.classes[class as usize].items.push(item);
                self.slot[index] = class;
            } else {
                self.slot[index] = free.pop().map_or_else(
                    || {
                        self.width += 1;
                        number(self.width - 1)
                    },
                    |std::cmp::Reverse(slot)| slot,
                );
            }
        }
    }
}

/// How many items that start at the same moment program order puts before each item; items with none are left out.
fn touching_depth(items: &[Item]) -> FxHashMap<u32, u32> {
    let mut depth = FxHashMap::default();
    for first in 0..number(items.len()) {
        let (mut item, mut chain) = (first, vec![first]);
        while let Some(before) = items[item as usize].after {
            if items[before as usize].start != items[first as usize].start || depth.contains_key(&item) {
                break;
            }
            chain.push(before);
            item = before;
        }
        if chain.len() > 1 || depth.contains_key(&item) {
            let base = depth.get(&item).copied().unwrap_or(0);
            for (above, &link) in (0_u32..).zip(chain.iter().rev()) {
                depth.insert(link, base + above);
            }
        }
    }
    depth
}

/// An index as 32 bits: histories have fewer operations than that.
#[inline]
pub(crate) fn number(index: usize) -> u32 {
    debug_assert!(u32::try_from(index).is_ok());
    index as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(op: u32, start: i64, end: Option<i64>) -> Item {
        Item { op: OpId(op), action: 0, start, end, after: None }
    }

    #[test]
    fn calls_come_before_returns_of_the_same_time() {
        let problem = Problem::new(&[item(0, 5, Some(9)), item(1, 1, Some(5)), item(2, 9, None)]);
        assert_eq!(problem.op, [OpId(1), OpId(0), OpId(2)]);
        let events: Vec<_> = (0..5).map(|event| problem.event(event)).collect();
        assert_eq!(events, [(0, false), (1, false), (0, true), (2, false), (1, true)]);
        assert_eq!(problem.width, 2);
        assert_eq!(problem.classes.len(), 1);
        assert_eq!(problem.deadline, [2, 4, NONE]);
    }
}
