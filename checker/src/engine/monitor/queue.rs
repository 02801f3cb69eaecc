//! FIFO queues whose values are all different.
//!
//! # Problem
//! Enqueues and dequeues, also of "empty"; each value goes in at most once; every dequeue tells what it took. Pending
//! enqueues may have happened or not. Is there a view, and which?
//!
//! # Algorithm
//! Violations have four patterns (Henzinger, Sezgin, Vafeiadis 2013): a value is dequeued that was not enqueued, or only
//! later; or twice; `a` is enqueued before `b` in real time and `b` dequeued before `a` (which perhaps stays in); or a
//! dequeue finds the queue empty although at each moment of it some value is certainly inside. To find the view:
//!
//! 1. *Tighten*: an enqueue has happened by its value's dequeue's return, a dequeue not before its enqueue's call.
//! 2. Every empty dequeue gets the first cell (time between two events) in which nothing is certainly inside. These cells
//!    cut time into *segments*; a value belongs to the first at whose end both its operations may have happened.
//! 3. Order the values: topologically by segment, real time of enqueues, real time of dequeues. Repeatedly take any value of
//!    which both operations are called before the first return of the values left.
//! 4. Enqueues in this order, each at the latest call so far; dequeues likewise, but not before their enqueues.
//!
//! # Why it is correct
//! **Soundness.** Each pattern contradicts every view at once: the values go out in the order in which they went in.
//!
//! **Completeness.** (3) Two interval orders whose union has no cycle of two has none: in `a <e b <d c <e d <d a`, of
//! `a <e b` and `c <e d` follows `a <e d` or `c <e b`, so the cycle shortens (interval orders have no 2+2). A cycle of two is
//! the third pattern, which tightening does not add to: a tightened end is one of the value's other operation, and both
//! orders then agree or a value leaves before it comes. Segments agree with both orders: a value that need not be in a
//! segment cannot be before its end `t`; since it is not certainly inside at `t`, both its operations may be after `t`,
//! hence return after it, and cannot precede those of a value in that segment, called before `t`.
//! (4) An enqueue's moment is the call of an enqueue that is not after it in the order, so before its return; a
//! dequeue's is a call of a dequeue likewise, or of an enqueue of a value `u` not after it: if the dequeue had returned by
//! then, it would precede the tightened dequeue of `u`. Values in a segment are gone by its end, and the others not
//! there yet: empty dequeues are right.
//!
//! # Complexity
//! O(n log n) to sort; all else is linear.
//!
//! # References
//! Henzinger, Sezgin, Vafeiadis: Aspect-Oriented Linearizability Proofs, CONCUR 2013. Lee, Mathur: Efficient Decrease-and-
//! Conquer Linearizability Monitoring, OOPSLA 2025.

mod order;

use super::Decision;
use super::container::{Container, conflict};
use super::timeline::{NONE, Timeline};
use crate::spec::{Decoder, SpecKind};

/// A value's operations, tightened.
#[derive(Clone, Copy, Debug)]
struct Span {
    enqueue_call: u32,
    enqueue_return: u32,
    /// [`Timeline::end`] if it stays in.
    dequeue_call: u32,
    /// [`NONE`] if it stays in.
    dequeue_return: u32,
    segment: u32,
}

/// Decides a queue; `None` where values repeat or a dequeue's result is unknown.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let queue = match Container::new(decoder, SpecKind::Queue, line)? {
        Ok(queue) => queue,
        Err(violation) => return Some(violation),
    };
    let cells = match empty_cells(&queue, line) {
        Ok(cells) => cells,
        Err(item) => {
            let all: Vec<u32> = (0..queue.entries.len() as u32).collect();
            return Some(queue.covered(line, item, None, line.call[item as usize], &all));
        }
    };
    let mut cuts: Vec<u32> = cells.iter().map(|&(cell, _)| cell).collect();
    cuts.dedup();
    let spans: Vec<Span> = (0..queue.entries.len()).map(|entry| span(&queue, entry, line, &cuts)).collect();
    match order::order(&spans, !cuts.is_empty()) {
        Some(order) => Some(Decision::View(line.ops(&moments(&queue, &spans, &order, &cells, &cuts)))),
        None => overtaken(&queue, &spans, line),
    }
}

/// For each empty dequeue the first cell in which nothing is certainly inside, ascending; the error is one without.
fn empty_cells(queue: &Container, line: &Timeline) -> Result<Vec<(u32, u32)>, u32> {
    if queue.empty.is_empty() {
        return Ok(Vec::new());
    }
    let mut inside = vec![0_i32; line.end as usize + 1];
    for entry in 0..queue.entries.len() {
        let (begin, end) = queue.inside(entry, line);
        if begin < end {
            inside[begin as usize] += 1;
            inside[end as usize] -= 1;
        }
    }
    for cell in 1..inside.len() {
        inside[cell] += inside[cell - 1];
    }
    let mut next = vec![NONE; inside.len() + 1];
    for cell in (0..inside.len()).rev() {
        next[cell] = if inside[cell] == 0 { cell as u32 } else { next[cell + 1] };
    }
    let cell = |&item: &u32| {
        let cell = next[line.call[item as usize] as usize];
        if cell < line.ret[item as usize] { Ok((cell, item)) } else { Err(item) }
    };
    let mut cells = queue.empty.iter().map(cell).collect::<Result<Vec<_>, u32>>()?;
    cells.sort_unstable();
    Ok(cells)
}

fn span(queue: &Container, entry: usize, line: &Timeline, cuts: &[u32]) -> Span {
    let entry = queue.entries[entry];
    let (enqueue_call, enqueue_return) = (line.call[entry.insert as usize], line.ret[entry.insert as usize]);
    let (dequeue_call, dequeue_return) = if entry.remove == NONE {
        (line.end, NONE)
    } else {
        (line.call[entry.remove as usize].max(enqueue_call), line.ret[entry.remove as usize])
    };
    let segment = cuts.partition_point(|&cut| cut < dequeue_call) as u32;
    Span {
        enqueue_call,
        enqueue_return: enqueue_return.min(dequeue_return),
        dequeue_call,
        dequeue_return,
        segment,
    }
}

/// Everything at its moment, given the order of the values: merges enqueues, dequeues and empty dequeues.
fn moments(queue: &Container, spans: &[Span], order: &[u32], cells: &[(u32, u32)], cuts: &[u32]) -> Vec<u32> {
    let begin = |segment: u32| segment.checked_sub(1).map_or(0, |before| cuts[before as usize]);
    let (mut enqueued, mut dequeued) = (0, 0);
    let enqueue_at = order.iter().map(|&entry| {
        let span = &spans[entry as usize];
        enqueued = span.enqueue_call.max(begin(span.segment)).max(enqueued);
        (enqueued, span.segment, 0, queue.entries[entry as usize].insert)
    });
    let enqueues: Vec<(u32, u32, u8, u32)> = enqueue_at.collect();
    let stays = |&(entry, _): &(&u32, _)| queue.entries[*entry as usize].remove != NONE;
    let dequeue_at = order.iter().zip(&enqueues).filter(stays).map(|(&entry, enqueue)| {
        let span = &spans[entry as usize];
        dequeued = span.dequeue_call.max(enqueue.0).max(dequeued);
        (dequeued, span.segment, 1, queue.entries[entry as usize].remove)
    });
    let mut dequeues = dequeue_at.peekable();
    let mut segment = 0;
    let empty_at = cells.iter().map(|&(cell, item)| {
        while cuts[segment] < cell {
            segment += 1;
        }
        (cell, segment as u32, 2, item)
    });
    let mut empties = empty_at.peekable();
    let mut view = Vec::with_capacity(2 * order.len() + cells.len());
    let mut enqueues = enqueues.iter().copied().peekable();
    let key =
        |next: Option<&(u32, u32, u8, u32)>| next.map_or((NONE, NONE, 3), |next| (next.0, next.1, next.2));
    loop {
        let keys = [key(enqueues.peek()), key(dequeues.peek()), key(empties.peek())];
        let next = match keys.iter().min().map(|least| least.2) {
            Some(0) => enqueues.next(),
            Some(1) => dequeues.next(),
            Some(2) => empties.next(),
            _ => return view,
        };
        view.extend(next.map(|next| next.3));
    }
}

/// The third pattern: a value that overtook another.
fn overtaken(queue: &Container, spans: &[Span], line: &Timeline) -> Option<Decision> {
    let mut by_return: Vec<u32> = (0..spans.len() as u32).collect();
    by_return.sort_unstable_by_key(|&entry| spans[entry as usize].enqueue_return);
    let (mut returned, mut latest): (_, Option<u32>) = (by_return.into_iter().peekable(), None);
    for (late, span) in spans.iter().enumerate() {
        while let Some(early) =
            returned.next_if(|&early| spans[early as usize].enqueue_return < span.enqueue_call)
        {
            let is_later =
                |&latest: &u32| spans[latest as usize].dequeue_call >= spans[early as usize].dequeue_call;
            latest = latest.filter(is_later).or(Some(early));
        }
        if let Some(early) = latest.filter(|&early| span.dequeue_return < spans[early as usize].dequeue_call)
        {
            return Some(conflict(line, queue.entries[late].remove, queue.items([early, late as u32])));
        }
    }
    None
}
