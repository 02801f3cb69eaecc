//! Witnesses of the client-centric guarantees: reads-from and an arbitration.
//!
//! Problem: the least visible sets that the guarantees demand, for every read; then the last write to its key in it, by
//! the arbitration, must be what it reads from.
//!
//! Representation: everything visible to a read is
//! - what it reads from, and on through `info` cas where writes follow reads;
//! - of each process, what a beginning of its reads reads from: those whose visible sets it takes over;
//! - of each process, a beginning of its `ok` writes: its own by read-your-writes, others' by monotonic-writes.
//!
//! So two counters for each process, joined along these steps: reads-from; read to read (monotonic-reads), write to write
//! (monotonic-writes), write to read (read-your-writes), read to write (writes-follow-reads), the last also inside a cas.
//! If the steps have a cycle, a write would be visible to a read before it that it must follow: refuted. The latest write
//! in a beginning is looked up in running maxima, by key for the check of the read, and over all keys for what the
//! arbitration must put before a write that follows the read.
//!
//! # Complexity
//! O(nk) time for n operations of k processes, up to logarithms; a row of 2k counters while something still needs it.

mod sweep;

use super::Case;
use super::causal::CausalOrder;
use super::fault::{Fault, refuted};
use super::orders::processes;
use super::reads_from::{Sources, arbitration};
use super::registers::write_of;
use crate::certificate::Witness;
use crate::history::{OpId, Outcome};
use crate::model::Guarantees;
use sweep::Sweep;

/// That the witness proves the guarantees.
pub(super) fn check(case: &Case<'_>, set: Guarantees, witness: &Witness) -> Result<(), Fault> {
    let Witness::Arbitrated { reads_from, arbitration: order } = witness else {
        return refuted(format!("{set} needs reads-from and an arbitration"));
    };
    let (places, happened) = arbitration(case, order)?;
    let sources = Sources::new(case, reads_from, happened)?;
    let graph = CausalOrder::new(case, &sources);
    let session = Session { case, set, sources: &sources, places: &places };
    for op in case.history.ops() {
        if let Some(write) = sources.write(op).filter(|_| session.writes(op))
            && places[write.index()] > places[op.index()]
        {
            return refuted(format!(
                "the arbitration does not put {write} before the cas {op}, which reads from it"
            ));
        }
    }
    session.monotonic_writes()?;
    Sweep::new(&session, &graph).run()
}

struct Session<'a> {
    case: &'a Case<'a>,
    set: Guarantees,
    sources: &'a Sources,
    /// Each write's place in the arbitration.
    places: &'a [u32],
}

impl Session<'_> {
    fn asks(&self, guarantee: Guarantees) -> bool {
        self.set.contains(guarantee)
    }

    fn writes(&self, op: OpId) -> bool {
        write_of(self.case.history, op).is_some() && self.sources.takes_part(self.case, op)
    }

    fn reads(&self, op: OpId) -> bool {
        self.sources.of(op).is_some()
    }

    fn certain(&self, op: OpId) -> bool {
        self.case.history.outcome(op) == Outcome::Ok
    }

    /// A write's place in the arbitration, counted from 1.
    fn place(&self, write: OpId) -> u32 {
        self.places[write.index()] + 1
    }

    /// What a read brings into a visible set: what it reads from, and on through `info` cas where writes follow reads.
    fn brings(&self, read: OpId) -> impl Iterator<Item = OpId> {
        let chain = if self.asks(Guarantees::WRITES_FOLLOW_READS) { usize::MAX } else { 1 };
        self.sources.chain(self.case, read).take(chain)
    }

    /// The arbitration keeps each process's writes in order.
    fn monotonic_writes(&self) -> Result<(), Fault> {
        if !self.asks(Guarantees::MONOTONIC_WRITES) {
            return Ok(());
        }
        for process in processes(self.case.history) {
            let mut last: Option<OpId> = None;
            for &op in self.case.history.program_order(process).iter().filter(|&&op| self.writes(op)) {
                if let Some(last) = last.filter(|last| self.places[last.index()] > self.places[op.index()]) {
                    return refuted(format!(
                        "the arbitration does not put {last} before {op} of the same process"
                    ));
                }
                if self.certain(op) {
                    last = Some(op);
                }
            }
        }
        Ok(())
    }
}
