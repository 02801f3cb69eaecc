//! From a violation to a small core: operations that violate the model by themselves.
//!
//! # Problem
//! A history has no view. Which few of its operations show that?
//!
//! # Algorithm
//! First a beginning of the history: up to the return that could not be served, operations in flight losing their
//! results. Then operations are left out, in ever smaller chunks (Zeller's delta debugging), each attempt decided by a
//! search with a budget; what [`closed`](super::removal) calls sound to leave out goes together.
//!
//! # Why it is correct
//! Leaving out what nobody in the rest could have read, or what changes nothing, turns a consistent history into a
//! consistent one. So if the rest is violated, the history is. The certificate's verifier argues and checks the same
//! with code of its own.
//!
//! # Complexity
//! Each attempt is a search on what is left; there are O(m log n) of them for a core of m operations. All budgets are
//! counted in steps, so the core does not depend on the clock.

use super::removal::Removal;
use crate::certificate::Refutation;
use crate::history::{History, OpId};
use crate::limits::Meter;
use crate::spec::{SpecKind, kept};
use rustc_hash::FxHashSet;

/// A core that one can enumerate has at most this many operations.
pub(crate) const ENUMERABLE: usize = 12;
/// How many operations and steps of searches all attempts together may take.
const EFFORT: u64 = 6_000_000;

/// Whether a history is violated, and the steps that it took to say so.
pub(crate) type Attempt<'a> = &'a (dyn Fn(&History, &Meter) -> (Option<bool>, u64) + 'a);

/// A violated part: what is known when its search ends.
pub(crate) struct Violation<'a> {
    pub history: &'a History,
    pub kind: SpecKind,
    /// The part.
    pub ops: &'a [OpId],
    /// Ever longer beginnings of the part, with the operations whose results they cut off; the first should do.
    pub beginnings: Vec<(Vec<OpId>, Vec<OpId>)>,
    pub stuck: Option<OpId>,
    pub longest: Vec<OpId>,
    /// Whether some operations violate the model by themselves (`None` = not decided within its budget), and the steps
    /// that it took.
    pub violates: Attempt<'a>,
    pub meter: &'a Meter,
}

/// The refutation of a violated part, as small as the budget allows.
pub(crate) fn refute(violation: Violation<'_>) -> Refutation {
    let mut effort = EFFORT;
    let mut shrinking = Shrinking { violation: &violation, effort: &mut effort };
    let beginning =
        violation.beginnings.iter().find(|(ops, pending)| shrinking.still_violates(ops, pending)).cloned();
    let (mut operations, mut pending) = (violation.ops.to_vec(), Vec::new());
    let mut proved = false;
    if let Some((ops, cut)) = beginning {
        (operations, pending) = shrinking.shrink(&ops, &cut);
        proved = true;
    } else if shrinking.still_violates(&operations, &pending) {
        (operations, pending) = shrinking.shrink(&operations, &pending);
        proved = true;
    }
    let exhausted = !proved || operations.len() > ENUMERABLE;
    operations.sort_unstable();
    pending.sort_unstable();
    let longest = if violation.longest.len() <= 1000 { violation.longest } else { Vec::new() };
    Refutation::Core { operations, pending, stuck: violation.stuck, longest, exhausted }
}

struct Shrinking<'a, 'b> {
    violation: &'a Violation<'b>,
    effort: &'a mut u64,
}

impl Shrinking<'_, '_> {
    /// Whether the operations violate the model by themselves; false too where that is not known in time.
    fn still_violates(&mut self, operations: &[OpId], pending: &[OpId]) -> bool {
        if *self.effort < operations.len() as u64 || self.violation.meter.check().is_err() {
            *self.effort = 0;
            return false;
        }
        let part = self.violation.history.subset(operations, pending);
        let (violated, steps) = (self.violation.violates)(&part, self.violation.meter);
        *self.effort = self.effort.saturating_sub(operations.len() as u64 + steps);
        violated == Some(true)
    }

    /// Leaves out what can be left out.
    fn shrink(&mut self, operations: &[OpId], pending: &[OpId]) -> (Vec<OpId>, Vec<OpId>) {
        let Violation { history, kind, .. } = *self.violation;
        let silent: FxHashSet<OpId> =
            pending.iter().copied().filter(|&op| is_silent(history, kind, op)).collect();
        let operations = operations.iter().copied().filter(|op| !silent.contains(op)).collect();
        let removal = Removal::new(history, kind);
        let mut rest = self.last_ones(&removal, operations, pending);
        let mut chunk = rest.len().div_ceil(2).max(1);
        loop {
            let mut changed = false;
            let mut end = rest.len();
            while end > 0 {
                let begin = end.saturating_sub(chunk);
                if let Some(left) = removal.without(&rest, &rest[begin..end.min(rest.len())])
                    && self.still_violates(&left, &cut(pending, &left))
                {
                    end = begin.min(left.len());
                    rest = left;
                    changed = true;
                } else {
                    end = begin;
                }
            }
            if chunk == 1 && !changed || *self.effort == 0 {
                break;
            }
            chunk = if changed { chunk.min(rest.len().max(1)) } else { chunk }.div_ceil(2);
        }
        let pending = cut(pending, &rest);
        (rest, pending)
    }

    /// Most violations show in the last few operations and what they read: tries ever more of them.
    fn last_ones(&mut self, removal: &Removal<'_>, operations: Vec<OpId>, pending: &[OpId]) -> Vec<OpId> {
        let history = self.violation.history;
        let mut by_time = operations.clone();
        by_time.sort_by_key(|&op| (history.end(op), op));
        let mut window = 8;
        while window < operations.len() {
            let certain = by_time.iter().rev().filter(|op| history.end(**op) != crate::history::NEVER);
            if let Some(part) = removal.closed(&operations, certain.take(window).copied())
                && part.len() < operations.len() / 2
                && self.still_violates(&part, &cut(pending, &part))
            {
                return part;
            }
            window *= 4;
        }
        operations
    }
}

/// Those of the pending operations that are left.
fn cut(pending: &[OpId], left: &[OpId]) -> Vec<OpId> {
    if pending.is_empty() {
        return Vec::new();
    }
    let left: FxHashSet<OpId> = left.iter().copied().collect();
    pending.iter().copied().filter(|op| left.contains(op)).collect()
}

/// Whether an operation tells nothing once its result is cut off.
fn is_silent(history: &History, kind: SpecKind, op: OpId) -> bool {
    let part = history.subset(&[op], &[op]);
    !kept(&part, kind, OpId(0))
}
