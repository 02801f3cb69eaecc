//! Semaphores: permits without owners.
//!
//! # Problem
//! Acquires and releases of a semaphore with P permits; pending ones may have happened or not. Is there a view, and which?
//!
//! # Algorithm
//! One pass over calls and returns. An operation happens when it must: at its return. An acquire that finds no permit makes a
//! release happen first, a release that finds none taken an acquire: of those called, the one with the earliest return,
//! pending ones last.
//!
//! # Why it is correct
//! What happens in the pass happens between its call and its return and is legal, so an answer "yes" has its view.
//! For "no": acquires are alike, and so are releases, so that in any view of two of a kind that are both under way the
//! one with the earlier return may go first. By induction, any view of that kind has let happen, at each moment, all that the
//! pass has: what the pass lets happen has returned, or is the one more acquire (release) without which a release (acquire)
//! that any view must have had by then was impossible. So where the pass finds nothing to call in, no view has it either.
//!
//! # Complexity
//! O(n log k), where at most k operations are under way at a time.

use super::timeline::Timeline;
use super::{Decision, stuck};
use crate::spec::{Decoder, Object, RecordedSpec, Semaphore, SemaphoreOp, object_of};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Operations that were called and did not happen yet, by return; pending ones come last.
type Waiting = BinaryHeap<Reverse<(u32, u32)>>;

/// Decides a semaphore.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let object = line.op.first().and_then(|&op| object_of(decoder.history(), Semaphore::KIND, op));
    let permits = Semaphore::of_object(decoder.history(), object.unwrap_or(Object::Whole)).ok()?.permits;
    let mut acquires = Vec::with_capacity(line.op.len());
    for &op in &line.op {
        acquires.push(Semaphore::decode(decoder, op).ok()?.0 == SemaphoreOp::Acquire);
    }
    let [mut to_acquire, mut to_release] = [Waiting::new(), Waiting::new()];
    let (mut taken, mut view) = (0_u64, Vec::with_capacity(line.op.len()));
    for (rank, item, is_return) in line.events() {
        let acquire = acquires[item as usize];
        let (same, other) =
            if acquire { (&mut to_acquire, &mut to_release) } else { (&mut to_release, &mut to_acquire) };
        if !is_return {
            same.push(Reverse((line.ret[item as usize], item)));
            continue;
        }
        if same.peek().is_none_or(|Reverse((ret, _))| *ret != rank) {
            continue;
        }
        if taken == if acquire { permits } else { 0 } {
            let Some(Reverse((_, first))) = other.pop().filter(|_| permits > 0) else {
                return Some(stuck(line, item, &[item]));
            };
            view.push(first);
        } else if acquire {
            taken += 1;
        } else {
            taken -= 1;
        }
        same.pop();
        view.push(item);
    }
    Some(Decision::View(line.ops(&view)))
}
