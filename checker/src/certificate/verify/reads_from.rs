//! Reads-from assignments, and orders of writes, as certificates give them.

use super::Case;
use super::fault::{Fault, refuted};
use super::registers::{mismatched, read_of, write_of};
use crate::certificate::ReadsFrom;
use crate::history::{OpId, Outcome};
use crate::spec::{SpecKind, kept};
use rustc_hash::FxHashSet;

/// What each operation reads from.
pub(super) struct Sources {
    /// By operation: [`Sources::NOTHING`], [`Sources::INITIAL`], or the write's id.
    of: Vec<u32>,
    /// The `info` operations that happened.
    pub(super) happened: FxHashSet<OpId>,
}

impl Sources {
    const NOTHING: u32 = u32::MAX;
    const INITIAL: u32 = u32::MAX - 1;

    /// Checks an assignment: every read with a known result and every cas that happened is there once, and reads from
    /// another operation that happened and wrote this value to its key, or, if it is the initial value, from the initial
    /// state. O(n).
    pub(super) fn new(case: &Case<'_>, pairs: &ReadsFrom, happened: FxHashSet<OpId>) -> Result<Self, Fault> {
        case.orders.known(pairs.iter().flat_map(|(read, write)| [Some(read), write.as_ref()]).flatten())?;
        let mut sources = Self { of: vec![Self::NOTHING; case.history.len()], happened };
        for &(read, write) in pairs {
            let Some((key, value)) = read_of(case.history, read).filter(|_| sources.takes_part(case, read))
            else {
                return refuted(format!("operation {read} reads nothing, or did not happen"));
            };
            if sources.of[read.index()] != Self::NOTHING {
                return refuted(format!("operation {read} reads from two"));
            }
            let fits = match write {
                None => value == case.history.initial(key),
                Some(write) => {
                    write != read
                        && sources.takes_part(case, write)
                        && write_of(case.history, write) == Some((key, value))
                }
            };
            if !fits {
                return refuted(match write {
                    Some(write) => format!("operation {read} cannot read from {write}"),
                    None => format!("operation {read} does not read the initial value"),
                });
            }
            sources.of[read.index()] = write.map_or(Self::INITIAL, |write| write.0);
        }
        for op in case.history.ops() {
            let reads = read_of(case.history, op).is_some() && sources.takes_part(case, op);
            if reads && sources.of[op.index()] == Self::NOTHING {
                return refuted(format!("it does not say what operation {op} reads from"));
            }
        }
        Ok(sources)
    }

    /// It is a read, a write or a successful cas, and happened.
    pub(super) fn takes_part(&self, case: &Case<'_>, op: OpId) -> bool {
        takes_part(case, op) && (case.history.outcome(op) == Outcome::Ok || self.happened.contains(&op))
    }

    /// What an operation reads from: `None` if it reads nothing, `Some(None)` the initial state.
    pub(super) fn of(&self, op: OpId) -> Option<Option<OpId>> {
        match self.of[op.index()] {
            Self::NOTHING => None,
            Self::INITIAL => Some(None),
            write => Some(Some(OpId(write))),
        }
    }

    /// The write that an operation reads from.
    pub(super) fn write(&self, op: OpId) -> Option<OpId> {
        self.of(op).flatten()
    }

    /// Every write that an operation depends on through `info` operations alone: what it reads from, and if that is an
    /// `info` cas what that reads from, and so on.
    pub(super) fn chain(&self, case: &Case<'_>, op: OpId) -> impl Iterator<Item = OpId> {
        let info = |op: &OpId| case.history.outcome(*op) == Outcome::Info;
        // No longer than the history, even if `info` cas read from each other in a circle.
        std::iter::successors(self.write(op), move |write| {
            Some(*write).filter(info).and_then(|op| self.write(op))
        })
        .take(case.history.len())
    }
}

/// It is a read with a known result, a write or a cas of a register that did not fail or answer "mismatch".
pub(super) fn takes_part(case: &Case<'_>, op: OpId) -> bool {
    let history = case.history;
    kept(history, SpecKind::Register, op)
        && !mismatched(history, op)
        && (read_of(history, op).is_some() || write_of(history, op).is_some())
}

/// Checks a list of writes in order: every `ok` write once, and any `info` ones, which happened then. Gives each
/// operation's place.
pub(super) fn arbitration(case: &Case<'_>, order: &[OpId]) -> Result<(Vec<u32>, FxHashSet<OpId>), Fault> {
    let places = case.orders.places(order)?;
    let writes = |op: OpId| takes_part(case, op) && write_of(case.history, op).is_some();
    if let Some(op) = order.iter().find(|&&op| !writes(op)) {
        return refuted(format!("operation {op} of the arbitration is not a write that may have happened"));
    }
    let certain = |&op: &OpId| writes(op) && case.history.outcome(op) == Outcome::Ok;
    if let Some(op) =
        case.history.ops().filter(certain).find(|op| places[op.index()] == super::orders::ABSENT)
    {
        return refuted(format!("the arbitration lacks the write {op}"));
    }
    let info = |op: &OpId| case.history.outcome(*op) == Outcome::Info;
    Ok((places, order.iter().copied().filter(info).collect()))
}
