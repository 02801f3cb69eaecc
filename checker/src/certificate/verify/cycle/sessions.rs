//! Cycles of the client-centric guarantees: what must be visible, and what that says of the arbitration.
//!
//! Walk along the edges and keep what is known about where the walk began, a write w:
//!
//! - at a **write** v: w is v, or before v in the arbitration (and, as long as the walk is a way, in every visible set that
//!   contains v);
//! - at a **read** r: some write that is w, or after it in the arbitration, is visible to r (on a way: w itself is).
//!
//! Reads-from leads from a write to a read that sees it. Program order leads on where a guarantee that is asked for says
//! so: monotonic-writes from write to write; read-your-writes from write to read; monotonic-reads from read to read;
//! writes-follow-reads from read to write, and from the read of a cas to its write. What a cas reads from is before it in
//! the arbitration in any case, and so is a write that is overwritten before the one that overwrites it; those two steps
//! are no part of a way, for they say nothing of visible sets.
//!
//! A walk that comes back to its first write shows a cycle of the arbitration. A way from a write to a read of its key's
//! initial state contradicts that read.

use super::{Facts, unjustified};
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::{Edge, Why, rules};
use crate::history::OpId;
use crate::model::Guarantees;

/// That the cycle is one of the arbitration, or contradicts a read of the initial state.
pub(super) fn check(
    facts: &Facts<'_>,
    guarantees: Guarantees,
    edges: &[Edge],
    lemmas: &[Edge],
) -> Result<(), Fault> {
    let session = Session { facts, guarantees };
    for edge in edges.iter().chain(lemmas) {
        session.edge(edge)?;
    }
    let rotations = (0..edges.len()).map(|first| [&edges[first..], &edges[..first]].concat());
    for rotation in rotations {
        let (first, rest) = rotation.split_first().expect("a cycle has an edge");
        let initial = matches!(first.why, Why::Derived { rule: rules::READS_INITIAL, .. });
        if initial && session.walk(first.to, rest, false).is_some_and(|at| at.read) {
            return Ok(());
        }
        let begins = facts.writes(first.from);
        if begins && session.walk(first.from, &rotation, true).is_some_and(|at| at.write) {
            return Ok(());
        }
    }
    refuted(format!("its orders do not follow from {guarantees}"))
}

/// What is known at an operation about where the walk began.
#[derive(Clone, Copy, Default)]
struct At {
    write: bool,
    read: bool,
}

struct Session<'a> {
    facts: &'a Facts<'a>,
    guarantees: Guarantees,
}

impl Session<'_> {
    /// That the edge's reason holds.
    fn edge(&self, edge: &Edge) -> Result<(), Fault> {
        let facts = self.facts;
        let &Edge { from, to, ref why } = edge;
        let holds = match why {
            Why::ProgramOrder => facts.program(from, to),
            Why::ReadsFrom => facts.reads_from(from, to),
            Why::Derived { rule: rules::OVERWRITTEN, because } => {
                facts.overwriting(from, to, because).is_some() && self.sees(from, because)
            }
            Why::Derived { rule: rules::READS_INITIAL, because } => facts.initial(from, to, because),
            _ => false,
        };
        if holds { Ok(()) } else { unjustified(edge) }
    }

    /// A way from a write to the read at its end.
    fn sees(&self, write: OpId, way: &[OpId]) -> bool {
        let mut at = At { write: true, read: false };
        let mut here = write;
        for &next in way {
            at = self.step(at, here, next, false);
            here = next;
        }
        at.read
    }

    /// A walk from a write along edges: of the arbitration, or a way.
    fn walk(&self, write: OpId, edges: &[Edge], arbitration: bool) -> Option<At> {
        let mut at = At { write: true, read: false };
        for (place, edge) in edges.iter().enumerate() {
            debug_assert!(place > 0 || edge.from == write);
            at = match edge.why {
                Why::ProgramOrder | Why::ReadsFrom => self.step(at, edge.from, edge.to, arbitration),
                Why::Derived { rule: rules::OVERWRITTEN, .. } if arbitration => {
                    At { write: at.write, read: false }
                }
                _ => return None,
            };
        }
        Some(at)
    }

    fn step(&self, at: At, from: OpId, to: OpId, arbitration: bool) -> At {
        let (facts, asked) = (self.facts, |guarantee| self.guarantees.contains(guarantee));
        let (program, reads, writes) = (facts.program(from, to), facts.reads(to), facts.writes(to));
        let reads_from = facts.reads_from(from, to);
        let read = reads
            && (at.write && reads_from
                || program && at.write && asked(Guarantees::READ_YOUR_WRITES)
                || program && at.read && asked(Guarantees::MONOTONIC_READS));
        let write = writes
            && (at.write && reads_from && arbitration
                || program && at.write && asked(Guarantees::MONOTONIC_WRITES)
                || program && at.read && asked(Guarantees::WRITES_FOLLOW_READS)
                || read && asked(Guarantees::WRITES_FOLLOW_READS));
        At { write, read }
    }
}
