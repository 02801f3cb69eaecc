//! A part as calls and returns, ranked: times as small distinct integers.
//!
//! Intervals are closed, so of two events at the same time the call comes first: then operations whose intervals touch
//! are concurrent by rank too, and `a` precedes `b` iff the rank of `a`'s return is below the rank of `b`'s call. A
//! linearization is the choice of a moment between the call and the return of every operation.
//!
//! # Complexity
//! O(n log n); O(n) but for the returns where operations come in the order of their starts.

use crate::engine::view::interval;
use crate::history::{History, OpId};
use crate::model::Model;

/// The rank of a return that never comes; no operation, no cluster.
pub(super) const NONE: u32 = u32::MAX;

/// The operations of a part ("items"), numbered in the order of their calls. Ranks begin at 1.
#[derive(Debug)]
pub(super) struct Timeline {
    pub op: Vec<OpId>,
    /// The rank of each item's call: ascending.
    pub call: Vec<u32>,
    /// The rank of each item's return, or [`NONE`].
    pub ret: Vec<u32>,
    /// Above every rank.
    pub end: u32,
}

impl Timeline {
    /// Ranks the events of some operations; `None` if there are too many for 32 bits.
    pub(super) fn new(history: &History, model: Model, ops: &[OpId]) -> Option<Self> {
        if ops.len() > (u32::MAX / 2 - 2) as usize {
            return None;
        }
        let start = |op: OpId| interval(history, model, op).0;
        let mut op = ops.to_vec();
        if !op.is_sorted_by_key(|&op| start(op)) {
            let mut keyed: Vec<(i64, OpId)> = op.iter().map(|&op| (start(op), op)).collect();
            keyed.sort_unstable();
            op.clear();
            op.extend(keyed.into_iter().map(|(_, op)| op));
        }
        let end = |(item, &op): (u32, &OpId)| interval(history, model, op).1.map(|end| (end, item));
        let mut returns: Vec<(i64, u32)> = (0..).zip(&op).filter_map(end).collect();
        returns.sort_unstable();
        let (mut call, mut ret) = (Vec::with_capacity(op.len()), vec![NONE; op.len()]);
        let mut rank = 1;
        for (end, item) in returns {
            while call.len() < op.len() && start(op[call.len()]) <= end {
                call.push(rank);
                rank += 1;
            }
            ret[item as usize] = rank;
            rank += 1;
        }
        while call.len() < op.len() {
            call.push(rank);
            rank += 1;
        }
        Some(Self { op, call, ret, end: rank })
    }

    /// The number of items.
    pub(super) fn len(&self) -> u32 {
        self.op.len() as u32
    }

    /// The calls and returns in their order: rank, item, and whether it is the return.
    pub(super) fn events(&self) -> impl Iterator<Item = (u32, u32, bool)> {
        let mut events = vec![0; self.end as usize];
        for item in 0..self.len() {
            events[self.call[item as usize] as usize] = item << 1;
            if !self.is_pending(item) {
                events[self.ret[item as usize] as usize] = item << 1 | 1;
            }
        }
        (0_u32..).zip(events).skip(1).map(|(rank, event)| (rank, event >> 1, event & 1 != 0))
    }

    /// Whether the item may not have happened.
    #[inline]
    pub(super) fn is_pending(&self, item: u32) -> bool {
        self.ret[item as usize] == NONE
    }

    /// Whether one item returned before the other was called.
    pub(super) fn precedes(&self, a: u32, b: u32) -> bool {
        self.ret[a as usize] < self.call[b as usize]
    }

    /// The operations of items.
    pub(super) fn ops(&self, items: &[u32]) -> Vec<OpId> {
        items.iter().map(|&item| self.op[item as usize]).collect()
    }

    /// A view with items put in that are legal anywhere (`free`, ascending): each at the moment of its call.
    ///
    /// An item of the view has its moment at the latest call of all items up to it, which is before its own return. So
    /// what stands before a free item has its moment, hence its call, before that item's call; and what stands after it
    /// has its moment, hence its return, after it.
    pub(super) fn with_free(&self, view: Vec<u32>, free: &[u32]) -> Vec<u32> {
        if free.is_empty() {
            return view;
        }
        let mut all = Vec::with_capacity(view.len() + free.len());
        let mut free = free.iter().copied().peekable();
        let mut moment = 0;
        for item in view {
            moment = moment.max(item);
            while let Some(early) = free.next_if(|&early| early < moment) {
                all.push(early);
            }
            all.push(item);
        }
        all.extend(free);
        all
    }
}
