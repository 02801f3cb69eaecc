//! Counters that count by one.
//!
//! # Problem
//! Increments by one and exact reads of one counter, repeated at will; pending increments may have happened or not. Is
//! there a view, and which?
//!
//! # Algorithm
//! One pass over calls and returns. An increment happens when it must: at its own return, or at the return of a read of more
//! than has been counted; then the one with the earliest return goes first, pending ones last. It must not happen while a
//! read of what has been counted so far, or of less, is still to be called.
//!
//! # Why it is correct
//! **Soundness** of a refusal. Let `c` increments have happened when one is forced at the return `t`, and suppose a view.
//! By induction the view has at least as many increments before `t` as the pass: the forced one makes it `c + 1` or more (of
//! the increments that have returned by `t`, or that a read needs, the pass chose those that any view may choose first:
//! exchanging an increment with one of an earlier return that was called, too, keeps a view one). So from `t` on the
//! view's counter is above `c`, and a read of `c` or less that is called after `t` has no place. Where no increment is left
//! to be forced, the read that needs one reads more than any view could have counted by then.
//!
//! **Completeness.** Let `t(k)` be when the `k`-th increment happened: `t` ascends, and each is between the call and the
//! return of its increment. A read of `v` was called before `t(v + 1)` (else that increment was refused) and returns after
//! `t(v)` (its return forces that increment): it has a moment between the two.
//!
//! # Complexity
//! O(n log k), where at most k increments are under way at a time.

use super::timeline::{NONE, Timeline};
use super::{Decision, stuck};
use crate::spec::{Counter, CounterOp, CounterRet, Decoder, Object, RecordedSpec, object_of};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What an item is, if it is not a read of a known number.
const INCREMENT: u32 = NONE;
const FREE: u32 = NONE - 1;

/// Decides a counter; `None` where an increment is not by one.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let reads = match Reads::new(decoder, line)? {
        Ok(reads) => reads,
        Err(beyond) => return Some(stuck(line, beyond, &[beyond])),
    };
    let mut pass = Pass {
        line,
        reads: &reads,
        waiting: BinaryHeap::new(),
        pending: Vec::new(),
        next_pending: 0,
        taken: Vec::new(),
    };
    Some(match pass.run() {
        Ok(()) => {
            let view = reads.put_between(&pass.taken);
            Decision::View(line.ops(&line.with_free(view, &reads.free)))
        }
        Err((last, conflict)) => stuck(line, last, &conflict),
    })
}

/// Who reads what.
struct Reads {
    /// For each item the number of increments that it saw, or [`INCREMENT`], or [`FREE`].
    saw: Vec<u32>,
    /// For each number of increments how many reads saw it.
    count: Vec<u32>,
    /// For each number of increments the latest call of a read that saw it or less.
    last_call: Vec<u32>,
    /// Reads whose results were not recorded.
    free: Vec<u32>,
}

impl Reads {
    /// Decodes the items; the error is a read of a number that is never reached.
    fn new(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Result<Self, u32>> {
        let object = line.op.first().and_then(|&op| object_of(decoder.history(), Counter::KIND, op));
        let initial = Counter::of_object(decoder.history(), object.unwrap_or(Object::Whole)).ok()?.initial;
        let mut saw = Vec::with_capacity(line.op.len());
        let (mut free, mut increments, mut beyond) = (Vec::new(), 0_u32, None);
        let (mut greatest, most) = (0, i128::from(line.len()));
        for (item, &op) in (0_u32..).zip(&line.op) {
            saw.push(match Counter::decode(decoder, op).ok()? {
                (CounterOp::Inc(1), _) => {
                    increments += 1;
                    INCREMENT
                }
                (CounterOp::Inc(_), _) => return None,
                (CounterOp::Read, Some(CounterRet::Value(value))) => {
                    let seen = value.checked_sub(initial).filter(|seen| (0..=most).contains(seen));
                    let seen = seen.map_or(most as u32, |seen| seen as u32);
                    if seen >= greatest {
                        (greatest, beyond) = (seen, Some(item));
                    }
                    seen
                }
                (CounterOp::Read, _) => {
                    free.push(item);
                    FREE
                }
            });
        }
        if let Some(beyond) = beyond.filter(|_| greatest > increments) {
            return Some(Err(beyond));
        }
        let length = increments as usize + 1;
        let mut reads = Self { saw, count: vec![0; length], last_call: vec![0; length], free };
        for (item, &seen) in reads.saw.iter().enumerate().filter(|(_, seen)| **seen < FREE) {
            reads.count[seen as usize] += 1;
            reads.last_call[seen as usize] = line.call[item];
        }
        for seen in 1..length {
            reads.last_call[seen] = reads.last_call[seen].max(reads.last_call[seen - 1]);
        }
        Some(Ok(reads))
    }

    /// The view: the reads of each number behind the increment that reaches it, in the order of their calls.
    fn put_between(&self, taken: &[u32]) -> Vec<u32> {
        let mut place = Vec::with_capacity(taken.len() + 1);
        let mut length = 0;
        for (number, &count) in self.count.iter().take(taken.len() + 1).enumerate() {
            length += u32::from(number > 0);
            place.push(length);
            length += count;
        }
        let mut view = vec![NONE; length as usize];
        for (&at, &increment) in place.iter().skip(1).zip(taken) {
            view[at as usize - 1] = increment;
        }
        for (item, &seen) in (0..).zip(&self.saw).filter(|(_, seen)| **seen < FREE) {
            let at = &mut place[seen as usize];
            view[*at as usize] = item;
            *at += 1;
        }
        view
    }
}

struct Pass<'a> {
    line: &'a Timeline,
    reads: &'a Reads,
    /// Increments that were called and did not happen yet: by return.
    waiting: BinaryHeap<Reverse<(u32, u32)>>,
    /// Increments without a return that were called; those from `next_pending` on did not happen yet.
    pending: Vec<u32>,
    next_pending: usize,
    /// The increments that happened.
    taken: Vec<u32>,
}

impl Pass<'_> {
    /// The error is what conflicts, and of that what returns last.
    fn run(&mut self) -> Result<(), (u32, Vec<u32>)> {
        for (rank, item, is_return) in self.line.events() {
            let saw = self.reads.saw[item as usize];
            match (saw, is_return) {
                (INCREMENT, false) if self.line.is_pending(item) => self.pending.push(item),
                (INCREMENT, false) => self.waiting.push(Reverse((self.line.ret[item as usize], item))),
                // It waits iff its return is the earliest.
                (INCREMENT, true) => {
                    while self.waiting.peek().is_some_and(|Reverse((ret, _))| *ret == rank) {
                        self.take(rank, item)?;
                    }
                }
                (FREE, _) | (_, false) => {}
                (number, true) => {
                    while (self.taken.len() as u32) < number {
                        self.take(rank, item)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Lets an increment happen, which `item` forces when it returns at `rank`.
    fn take(&mut self, rank: u32, item: u32) -> Result<(), (u32, Vec<u32>)> {
        let counted = self.taken.len();
        let late = self.reads.last_call[counted];
        if late > rank {
            let read = self.line.call.binary_search(&late).unwrap_or(0) as u32;
            return Err((read, vec![item, read]));
        }
        let next = match self.waiting.pop() {
            Some(Reverse((_, increment))) => Some(increment),
            None => self.pending.get(self.next_pending).copied().inspect(|_| self.next_pending += 1),
        };
        self.taken.push(next.ok_or_else(|| (item, vec![item]))?);
        Ok(())
    }
}
