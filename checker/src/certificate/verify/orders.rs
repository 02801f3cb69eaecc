//! The orders that a recording shows, looked up in constant time.

use super::fault::{Fault, refuted};
use crate::history::{History, OpId, Outcome, ProcessId};

/// Where an operation does not stand in any order.
pub(super) const ABSENT: u32 = u32::MAX;

/// The history's orders.
pub(super) struct Orders<'a> {
    history: &'a History,
    /// The place of each operation in its process's order.
    rank: Vec<u32>,
}

impl<'a> Orders<'a> {
    /// O(n).
    pub(super) fn new(history: &'a History) -> Self {
        let mut rank = vec![0; history.len()];
        for process in processes(history) {
            for (place, op) in (0..).zip(history.program_order(process)) {
                rank[op.index()] = place;
            }
        }
        Self { history, rank }
    }

    /// The place of an operation among its process's.
    pub(super) fn rank(&self, op: OpId) -> u32 {
        self.rank[op.index()]
    }

    /// Program order: same process, earlier in its order. Nothing comes after an `info` operation.
    pub(super) fn program(&self, a: OpId, b: OpId) -> bool {
        self.history.process(a) == self.history.process(b)
            && self.rank(a) < self.rank(b)
            && self.history.outcome(a) == Outcome::Ok
    }

    /// Real-time order: one ended before the other started.
    pub(super) fn real_time(&self, a: OpId, b: OpId) -> bool {
        self.history.is_timed()
            && self.history.outcome(a) == Outcome::Ok
            && self.history.end(a) < self.history.start(b)
    }

    /// The order of instants: of an `ok` operation the start.
    pub(super) fn instants(&self, a: OpId, b: OpId) -> bool {
        self.history.outcome(a) == Outcome::Ok && self.history.start(a) < self.history.start(b)
    }

    /// That the history has operations of these ids.
    pub(super) fn known<'i>(&self, ids: impl IntoIterator<Item = &'i OpId>) -> Result<(), Fault> {
        match ids.into_iter().find(|op| op.index() >= self.history.len()) {
            None => Ok(()),
            Some(op) => {
                refuted(format!("it names operation {op}, but the history has {}", self.history.len()))
            }
        }
    }

    /// The place of each operation of the history in `order`, [`ABSENT`] for those not in it; each may be in it once.
    pub(super) fn places<'i>(
        &self,
        order: impl IntoIterator<Item = &'i OpId> + Clone,
    ) -> Result<Vec<u32>, Fault> {
        self.known(order.clone())?;
        let mut places = vec![ABSENT; self.history.len()];
        for (place, op) in (0..).zip(order) {
            if places[op.index()] != ABSENT {
                return refuted(format!("it has operation {op} twice"));
            }
            places[op.index()] = place;
        }
        Ok(places)
    }

    /// That an order, given by its `places`, extends program order as far as its operations go. O(n).
    pub(super) fn extends_program_order(&self, places: &[u32]) -> Result<(), Fault> {
        for process in processes(self.history) {
            let mut last: Option<OpId> = None;
            for &op in self.history.program_order(process) {
                if places[op.index()] == ABSENT {
                    continue;
                }
                if let Some(earlier) = last.filter(|last| places[last.index()] > places[op.index()]) {
                    return refuted(format!(
                        "operation {earlier} is before {op} in program order, but not in the order given"
                    ));
                }
                if self.history.outcome(op) == Outcome::Ok {
                    last = Some(op);
                }
            }
        }
        Ok(())
    }
}

pub(super) fn processes(history: &History) -> impl Iterator<Item = ProcessId> + use<> {
    (0..history.process_count()).map(ProcessId::from_index)
}
