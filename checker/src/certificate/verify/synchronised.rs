//! Witnesses of weak, release and entry: an order of the synchronisation operations, reads-from, and for each key an
//! arbitration.
//!
//! The order extends program order and real time, and no two holds overlap that exclude each other. Happens-before is
//! looked up in [`happens`]. Then, with "before" for happens-before or one process's program order:
//!
//! 1. a write has nothing before it that the arbitration of its key puts after it;
//! 2. no read is before the write that it reads from;
//! 3. a read has no write to its key before it that the arbitration puts after what it reads from.
//!
//! # Complexity
//! O(n log n) for weak and entry, O(nk) for release with k processes.

mod happens;
mod locks;

use super::Case;
use super::fault::{Fault, refuted};
use super::orders::processes;
use super::reads_from::{Sources, arbitration, takes_part};
use super::registers::write_of;
use crate::certificate::Witness;
use crate::history::{KeyId, OpId, Outcome};
use rustc_hash::FxHashMap;

/// That the witness proves the model.
pub(super) fn check(case: &Case<'_>, witness: &Witness) -> Result<(), Fault> {
    let Witness::Synchronised { sync_order, reads_from, arbitration: by_key } = witness else {
        return refuted(format!("{} needs an order of the synchronisation operations", case.model));
    };
    locks::check(case, sync_order)?;
    let flat: Vec<OpId> = by_key.iter().flatten().copied().collect();
    one_order_a_key(case, by_key)?;
    let (places, happened) = arbitration(case, &flat)?;
    let sources = Sources::new(case, reads_from, happened)?;
    let scene = Scene { case, sources: &sources, places: &places };
    scene.own_process()?;
    happens::check(&scene, sync_order)
}

/// Each order is of one key, and no key has two.
fn one_order_a_key(case: &Case<'_>, by_key: &[Vec<OpId>]) -> Result<(), Fault> {
    let mut seen = rustc_hash::FxHashSet::default();
    for order in by_key {
        case.orders.known(order)?;
        let key = order.first().and_then(|&op| case.history.micro(op).key());
        if order.iter().any(|&op| case.history.micro(op).key() != key) {
            return refuted("an arbitration is not of one key");
        }
        if key.is_some_and(|key| !seen.insert(key)) {
            return refuted("a key has two arbitrations");
        }
    }
    Ok(())
}

/// What the conditions speak of.
struct Scene<'a> {
    case: &'a Case<'a>,
    sources: &'a Sources,
    /// Each write's place in the arbitrations, one key's behind the other's.
    places: &'a [u32],
}

impl Scene<'_> {
    fn writes(&self, op: OpId) -> bool {
        write_of(self.case.history, op).is_some() && self.sources.takes_part(self.case, op)
    }

    fn key(&self, op: OpId) -> KeyId {
        self.case.history.micro(op).key().expect("a register has a key")
    }

    /// (1) and (3) for an operation and a write to its key that is before it.
    fn behind(&self, write: OpId, op: OpId) -> Result<(), Fault> {
        let place = |op: OpId| self.places[op.index()];
        if self.writes(op) && place(write) > place(op) {
            return refuted(format!(
                "the arbitration does not put {write} before {op}, though it is before it"
            ));
        }
        match self.sources.of(op) {
            Some(None) => refuted(format!("operation {op} reads the initial value, with {write} before it")),
            Some(Some(source)) if place(write) > place(source) => {
                refuted(format!("operation {op} reads from {source}, with the later {write} before it"))
            }
            _ => Ok(()),
        }
    }

    /// The conditions within each process, and that what a cas reads from is arbitrated before it.
    fn own_process(&self) -> Result<(), Fault> {
        for process in processes(self.case.history) {
            let mut last: FxHashMap<KeyId, OpId> = FxHashMap::default();
            for &op in self.case.history.program_order(process) {
                if !self.sources.takes_part(self.case, op) {
                    continue;
                }
                let key = self.key(op);
                if let Some(&write) = last.get(&key) {
                    self.behind(write, op)?;
                }
                if self.writes(op) && self.case.history.outcome(op) == Outcome::Ok {
                    last.insert(key, op);
                }
            }
        }
        for op in self.case.history.ops().filter(|&op| takes_part(self.case, op)) {
            let Some(source) = self.sources.write(op) else { continue };
            if self.case.orders.program(op, source) {
                return refuted(format!("operation {op} reads from {source}, which is later in its process"));
            }
            if self.writes(op) && self.places[source.index()] > self.places[op.index()] {
                return refuted(format!(
                    "the arbitration does not put {source} before the cas {op} that reads from it"
                ));
            }
        }
        Ok(())
    }
}
