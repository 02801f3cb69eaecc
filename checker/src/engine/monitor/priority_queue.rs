//! Priority queues whose values are all different.
//!
//! # Problem
//! Inserts and polls, also of "empty"; each value goes in at most once; every poll tells what it took. Pending inserts may
//! have happened or not. Is there a view, and which?
//!
//! # Algorithm
//! From the greatest value down. A value *covers* the cells (times between two events) in which it is certainly inside: from
//! its insert's return to its poll's call. A poll of `v` takes the first cell behind both calls that no greater value
//! covers; an empty poll the first that nothing covers. If there is none before the poll's return, there is no view.
//! Each insert takes its last cell, but none behind its poll. In a cell, polls come first, the greatest value first, an
//! insert of the same cell right before its poll; then empty polls; then the other inserts.
//!
//! # Why it is correct
//! **Soundness.** A value is inside wherever it covers, in every view, and nothing less may be polled there.
//!
//! **Completeness.** Let the poll of `w` (or an empty poll) be in cell `t`, and `v > w`. Nothing greater than `w` covers `t`.
//! If both operations of `v` are called by then, and its poll returns after `t`, then `v`'s first cell is `t` or
//! earlier: `v` is out. If its poll returned, its cell is before `t` too. Else its insert returns after `t`, or it
//! would cover `t`, or is called after it: as it happens as late as it can, it is in `t` or later; in `t`, it comes behind
//! the polls, unless it is polled in `t` as well, and then before `w` is. So `w` is the greatest value when it is
//! polled.
//!
//! # Complexity
//! O(n log n) to sort; covered cells are joined in a disjoint-set forest.
//!
//! # References
//! Lee, Mathur: Efficient Decrease-and-Conquer Linearizability Monitoring, OOPSLA 2025 (priority queues).

use super::Decision;
use super::container::{Container, Entry};
use super::timeline::{NONE, Timeline};
use crate::spec::{Decoder, PriorityQueue, PriorityQueueOp, RecordedSpec, SpecKind};

/// Places in a cell, behind the polls.
const EMPTY: u32 = u32::MAX - 1;
const LATE: u32 = u32::MAX;

/// Decides a priority queue; `None` where values repeat or a poll's result is unknown.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let queue = match Container::new(decoder, SpecKind::PriorityQueue, line)? {
        Ok(queue) => queue,
        Err(violation) => return Some(violation),
    };
    let descending = descending(decoder, &queue, line)?;
    let mut gaps = Gaps::new(line.end);
    // (cell, place in the cell, item)
    let mut placed = Vec::with_capacity(line.op.len());
    for (rank, &entry) in (0_u32..).zip(&descending) {
        let Entry { insert, remove } = queue.entries[entry as usize];
        let last = line.ret[insert as usize] - 1;
        if remove == NONE {
            placed.push((last, LATE, insert));
        } else {
            let from = line.call[insert as usize].max(line.call[remove as usize]);
            let cell = gaps.next(from);
            if cell >= line.ret[remove as usize] {
                return Some(queue.covered(line, remove, Some(entry), from, &descending[..rank as usize]));
            }
            placed.push(if last < cell { (last, LATE, insert) } else { (cell, 2 * rank, insert) });
            placed.push((cell, 2 * rank + 1, remove));
        }
        let (begin, end) = queue.inside(entry as usize, line);
        gaps.cover(begin, end);
    }
    for &item in &queue.empty {
        let cell = gaps.next(line.call[item as usize]);
        if cell >= line.ret[item as usize] {
            return Some(queue.covered(line, item, None, line.call[item as usize], &descending));
        }
        placed.push((cell, EMPTY, item));
    }
    placed.sort_unstable();
    Some(Decision::View(placed.iter().map(|&(.., item)| line.op[item as usize]).collect()))
}

/// The entries, the greatest value first; `None` if two values are equal in the order.
fn descending(decoder: &mut Decoder<'_>, queue: &Container, line: &Timeline) -> Option<Vec<u32>> {
    let entries = 0..queue.entries.len() as u32;
    let ints: Option<Vec<i64>> = queue.values.iter().map(|value| value.as_small_int()).collect();
    if let Some(ints) = ints {
        let mut sorted: Vec<(i64, u32)> = ints.into_iter().zip(entries).collect();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        return Some(sorted.into_iter().map(|(_, entry)| entry).collect());
    }
    let mut sorted = Vec::with_capacity(queue.entries.len());
    for entry in entries {
        let op = line.op[queue.entries[entry as usize].insert as usize];
        match PriorityQueue::decode(decoder, op).ok()? {
            (PriorityQueueOp::Insert(value), _) => sorted.push((value, entry)),
            (PriorityQueueOp::Poll, _) => return None,
        }
    }
    sorted.sort_unstable_by(|a, b| b.0.cmp(&a.0));
    let equal = sorted.windows(2).any(|pair| pair[0].0.cmp(&pair[1].0).is_eq());
    (!equal).then(|| sorted.into_iter().map(|(_, entry)| entry).collect())
}

/// Cells that nothing covers: a disjoint-set forest in which a covered cell leads to the next one.
struct Gaps(Vec<u32>);

impl Gaps {
    fn new(cells: u32) -> Self {
        Self((0..=cells).collect())
    }

    /// The first cell from this one on that is not covered; the last cell never is.
    fn next(&mut self, mut cell: u32) -> u32 {
        while self.0[cell as usize] != cell {
            self.0[cell as usize] = self.0[self.0[cell as usize] as usize];
            cell = self.0[cell as usize];
        }
        cell
    }

    fn cover(&mut self, begin: u32, end: u32) {
        if begin >= end {
            return;
        }
        let mut cell = self.next(begin);
        while cell < end {
            self.0[cell as usize] = cell + 1;
            cell = self.next(cell);
        }
    }
}
