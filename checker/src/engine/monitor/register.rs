//! Registers whose written values are all different: zones, with compare-and-set merged into blocks.
//!
//! # Problem
//! Reads, writes and `cas` of one register; each value is written at most once, and never the initial one. Is there a
//! view, and which?
//!
//! # Algorithm
//! A *cluster* is a write and the reads of its value; one cluster has the initial value and no write. A `cas` from `a` to
//! `b` glues the cluster of `b` right behind that of `a`, so clusters form chains: *blocks* (mostly of one cluster). Pending
//! writes that nobody observed are left out; so is a pending `cas`. A block's *zone* lies between `f`, the least return in
//! it, and `s`, the greatest call: *forward* where `f < s`, else *backward*. There is no view iff
//! 1. somebody reads what nobody wrote, or two `cas` read from one write, or a chain of `cas` bites its tail;
//! 2. inside a block, an operation returns before one is called that the block puts before it;
//! 3. two forward zones overlap; or
//! 4. a backward zone lies inside a forward one.
//!
//! # Why it is correct
//! **Soundness.** In every view, nothing else is written between a write and its readers, so a block is contiguous, and in
//! the block's order; hence 1 and 2. All of a forward block's zone is between two of its operations, so no other block can
//! have its moment there (4), let alone two have their own (3). What is left out may be: it is pending and unobserved.
//!
//! **Completeness.** Sort zones by their lower ends. A forward block takes the moments of its zone: its operations in the
//! block's order, each at the greatest of `f` and the calls up to it; by 2 and by the choice of `f` that is before its
//! return. All operations of a backward block have the moments from `s` to `f` in common: it takes `s`, or, where a
//! forward zone covers `s`, the moment right behind that zone, which is before `f` by 4 and in no other zone by 3. So
//! moments ascend in the order of the lower ends: the blocks in this order are the view.
//!
//! A `cas` that answered "mismatch" orders itself against all writes at once and is not covered.
//!
//! # Complexity
//! O(n log n) to rank calls and returns and to sort the zones; all else is linear.
//!
//! # References
//! Gibbons, Korach: Testing Shared Memories, SIAM J. Comput. 1997. Golab, Li, Shah: Analyzing Consistency Properties for
//! Fun and Profit, PODC 2011 (zones).

mod clusters;
mod conflict;
mod order;

use super::Decision;
use super::timeline::Timeline;
use crate::spec::Decoder;
pub(super) use clusters::{Cluster, Clusters};
pub(super) use conflict::involved;
pub(super) use order::view;

/// Decides a register; `None` where values repeat or a `cas` answered "mismatch".
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let clusters = Clusters::new(decoder, line)?;
    Some(match view(&clusters, line) {
        Ok(view) => Decision::View(line.ops(&line.with_free(view, &clusters.free))),
        Err(conflict) => {
            Decision::Refuted(conflict::refutation(decoder.history(), &clusters, line, &conflict))
        }
    })
}
