//! The client-centric guarantees, in a history of clients only (Terry et al. 1994; one arbitration as Viotti & Vukolić
//! 2016): for a set G of them, some rf, some visible set vis(r) of writes for each read r containing rf(r), and one total
//! order ar of all writes exist such that rf(r) is the ar-last write to r's key in vis(r) (NIL iff there is none), and for
//! operations in one process, in program order:
//!
//! - **monotonic-reads**: r1 before r2 ⇒ vis(r1) ⊆ vis(r2).
//! - **read-your-writes**: w before r ⇒ w ∈ vis(r).
//! - **monotonic-writes**: w1 before w2 ⇒ w1 before w2 in ar, and every vis(r) that contains w2 contains w1.
//! - **writes-follow-reads**: r before w, v ∈ vis(r) ⇒ v before w in ar, and every vis(r') that contains w contains v.
//!
//! A cas is a read and then a write: writes-follow-reads applies to it, it never reads from itself, and ar puts what it
//! reads from before it.
//!
//! All rules only ever demand more, so the least visible sets are reached by applying them until nothing changes; larger
//! ones would order more. (The tests compare with an enumeration of all visible sets.)

use super::registers::{Source, World};
use super::relation::Relation;
use super::view::{self, Free};
use crate::certificate::Witness;
use crate::limits::{Meter, Stop};
use crate::model::Guarantees;

/// The reads-from and the arbitration, if they exist.
pub(super) fn holds(world: &World<'_>, set: Guarantees, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut found = None;
    world.each_reads_from(meter, &mut |reads_from| {
        let Some(before) = least(world, set, reads_from) else { return Ok(false) };
        let before = |a, b| before.has(a, b);
        found = view::first(&Free, &world.writes(), &before, meter)?.map(|order| Witness::Arbitrated {
            reads_from: world.evidence(reads_from),
            arbitration: world.ids(&order),
        });
        Ok(found.is_some())
    })?;
    Ok(found)
}

/// The order that the least visible sets demand of the writes; `None` if a read of the initial state must see a write.
fn least(world: &World<'_>, set: Guarantees, reads_from: &[Source]) -> Option<Relation> {
    let n = world.ops.len();
    let mut seen = Relation::new(n, |write, read| reads_from[read] == Source::Write(write));
    loop {
        let now = Relation::new(n, |write, read| {
            world.ops[read].reads.is_some()
                && world.ops[write].writes.is_some()
                && (seen.has(write, read) || must_see(world, set, &seen, write, read))
        });
        if now == seen {
            break;
        }
        seen = now;
    }
    let on_key =
        |write: usize, read: usize| seen.has(write, read) && world.ops[write].key == world.ops[read].key;
    let stale =
        |&read: &usize| reads_from[read] == Source::Initial && (0..n).any(|write| on_key(write, read));
    if world.reads().iter().any(stale) {
        return None;
    }
    Some(Relation::new(n, |a, b| {
        let overwritten = |read: usize| a != b && reads_from[read] == Source::Write(b) && on_key(a, read);
        reads_from[b] == Source::Write(a) && world.ops[b].writes.is_some()
            || must_precede(world, set, &seen, a, b)
            || (0..n).any(overwritten)
    }))
}

/// Whether a rule puts the write into the read's visible set, given what is in visible sets already.
fn must_see(world: &World<'_>, set: Guarantees, seen: &Relation, write: usize, read: usize) -> bool {
    let monotonic_reads = |other: usize| {
        world.ops[other].reads.is_some() && world.program(other, read) && seen.has(write, other)
    };
    let implied = |later: usize| seen.has(later, read) && must_precede(world, set, seen, write, later);
    set.contains(Guarantees::READ_YOUR_WRITES) && world.program(write, read)
        || set.contains(Guarantees::MONOTONIC_READS) && (0..world.ops.len()).any(monotonic_reads)
        || (0..world.ops.len()).any(implied)
}

/// Whether monotonic-writes or writes-follow-reads put write `a` before write `b`, in ar and in every visible set that
/// contains `b`.
fn must_precede(world: &World<'_>, set: Guarantees, seen: &Relation, a: usize, b: usize) -> bool {
    let (first, second) = (&world.ops[a], &world.ops[b]);
    let followed = |read: usize| (world.program(read, b) || read == b) && seen.has(a, read);
    first.writes.is_some()
        && second.writes.is_some()
        && (set.contains(Guarantees::MONOTONIC_WRITES) && world.program(a, b)
            || set.contains(Guarantees::WRITES_FOLLOW_READS) && (0..world.ops.len()).any(followed))
}
