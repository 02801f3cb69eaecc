//! Cores: parts of a history that violate a model by themselves.
//!
//! Problem: a part of a history may violate a model although the whole does not, because what would explain it was left
//! out. A core proves a violation only if what was left out could not have mended it.
//!
//! # Why it is sound
//! Suppose the whole history H is consistent; show that a core C that passes [`check`] is. `pending` operations of C are
//! `info` there: that only allows more, for they may take the place and the result that they had in H.
//!
//! **Registers, every model.** Take what makes H consistent (which `info` operations happened, views, reads-from,
//! arbitration, visible sets, sync order) and keep what concerns C. Orders among operations of C are those of H, or
//! fewer: program order, real time, causal order and happens-before of C are contained in those of H. A read or cas of C
//! reads in H from the initial state or from a write of its value to its key, and all of those are in C: it reads from
//! the same one, and nothing that C keeps came between. A mismatched cas finds in C the value that it found in H, for all
//! writes to its key are in C. Visible sets, restricted, keep their rules. A hold of a lock in C is a hold in H, and ends
//! no later, for the releases of its process are in C. **eventual**: all operations on its keys are in C, none of them
//! pending, so its final reads are those of H.
//!
//! **One view, any data type.** Objects do not depend on each other, so look at one. Let K be the operations of C on it
//! that are not pending. Of a view of H take the shortest beginning that holds all of K, and of that the operations in
//! C. What was left out of C may change the state only if it is in that beginning, hence not if all of K precedes it in
//! the model's order (program order, time). Otherwise it must not matter: it observes only, or works on a part of the
//! object that C does not touch, or (in a queue, stack or priority queue) on a value that C does not name ([`apart`] says
//! when), or is a write whose value no read or cas of C needs (and no mismatched cas is on its
//! key). So the operations in C are legal in this order, which is a view of C. An `info` cas of C that happened in H as a mismatch did not happen in C.
//!
//! Then C is enumerated: if it is violated, so is H.

use super::Case;
use super::apart;
use super::fault::{Fault, refuted};
use super::outside;
use super::registers::{mismatched, read_of, write_of};
use crate::history::{Function, KeyId, MicroOp, OpId, Outcome, Value};
use crate::model::Model;
use crate::naive::{NaiveOptions, NaiveVerdict, judge};
use crate::spec::{SpecKind, kept, object_of};
use rustc_hash::FxHashSet;

/// That the core proves a violation.
///
/// # Complexity
/// O(nm) for m operations of the core, and the enumeration.
pub(super) fn check(case: &Case<'_>, operations: &[OpId], pending: &[OpId]) -> Result<(), Fault> {
    case.orders.known(operations.iter().chain(pending))?;
    let core = Core::new(case, operations, pending)?;
    let options = NaiveOptions {
        spec: Some(case.spec),
        settle: case.options.settle,
        limits: case.options.limits.clone(),
        ..NaiveOptions::default()
    };
    if operations.len() > options.operations {
        return Err(Fault::Unverified(format!(
            "a core of {} operations is too large to be enumerated (at most {})",
            operations.len(),
            options.operations
        )));
    }
    core.is_closed()?;
    match judge(&case.history.subset(operations, pending), case.model, &options)? {
        NaiveVerdict::Violated => Ok(()),
        NaiveVerdict::Consistent(_) => {
            refuted(format!("the core by itself is consistent with {}", case.model))
        }
    }
}

struct Core<'a> {
    case: &'a Case<'a>,
    members: FxHashSet<OpId>,
    pending: &'a [OpId],
    /// The members that are not pending.
    certain: Vec<OpId>,
    /// The values that its reads and cas need to have been written.
    needs: FxHashSet<(KeyId, Value)>,
    /// The keys of its mismatched cas.
    exact: FxHashSet<KeyId>,
}

impl<'a> Core<'a> {
    fn new(case: &'a Case<'a>, operations: &[OpId], pending: &'a [OpId]) -> Result<Self, Fault> {
        let members: FxHashSet<OpId> = operations.iter().copied().collect();
        if let Some(stranger) = pending.iter().find(|op| !members.contains(op)) {
            return refuted(format!("operation {stranger} is pending but not in the core"));
        }
        let history = case.history;
        let certain = |op: &OpId| history.outcome(*op) == Outcome::Ok && !pending.contains(op);
        let mut core = Self {
            case,
            certain: operations.iter().copied().filter(certain).collect(),
            members,
            pending,
            needs: FxHashSet::default(),
            exact: FxHashSet::default(),
        };
        for &op in operations {
            // A pending read tells nothing; a pending cas still reads, if it happened.
            if certain(&op) || history.function(op) == Function::Cas {
                core.needs.extend(read_of(history, op));
                core.needs.extend(reads_of_transaction(case, op));
            }
            if mismatched(history, op) {
                core.exact.extend(history.micro(op).key());
            }
        }
        Ok(core)
    }

    /// Nothing that was left out could have mended the core.
    fn is_closed(&self) -> Result<(), Fault> {
        let history = self.case.history;
        let outside =
            history.ops().filter(|op| !self.members.contains(op) && history.outcome(*op) != Outcome::Fail);
        let mending = match self.case.model {
            model if model.is_one_view() => self.mending_in_one_view(outside)?,
            Model::Eventual if !self.pending.is_empty() => {
                return refuted(
                    "without its result a read may leave an earlier one as the last: nothing may be pending",
                );
            }
            Model::Eventual => {
                outside.into_iter().find(|&op| kept(history, self.case.spec, op) && self.shares_key(op))
            }
            _ => outside.into_iter().find(|&op| self.explains(op) || self.releases(op)),
        };
        match mending {
            Some(op) => refuted(format!("the core leaves out operation {op}, which could mend it")),
            None => Ok(()),
        }
    }

    /// An operation that changes an object of the core in a way that matters, and not after everything certain of the
    /// core on that object.
    fn mending_in_one_view(&self, outside: impl Iterator<Item = OpId>) -> Result<Option<OpId>, Fault> {
        let Case { history, spec, .. } = *self.case;
        let object = |op| object_of(history, spec, op);
        let early = |&op: &OpId| {
            let after = |&member: &OpId| object(member) != object(op) || self.case.one_view_order(member, op);
            !self.certain.iter().all(after)
        };
        let early = outside.filter(early);
        if matches!(spec, SpecKind::Register | SpecKind::MultiRegister) {
            return Ok(early.into_iter().find(|&op| self.explains(op) || self.disturbs(op)));
        }
        let members: Vec<OpId> = self.members.iter().copied().collect();
        let changing = outside::changing(self.case, &members, &early.collect::<Vec<_>>())?;
        Ok(apart::first_that_matters(self.case, &self.members, self.pending, &changing))
    }

    /// It writes a value that a read or cas of the core reads.
    fn explains(&self, op: OpId) -> bool {
        self.writes(op).any(|write| self.needs.contains(&write))
    }

    /// It writes to the key of a mismatched cas of the core.
    fn disturbs(&self, op: OpId) -> bool {
        self.writes(op).any(|(key, _)| self.exact.contains(&key))
    }

    fn writes(&self, op: OpId) -> impl Iterator<Item = (KeyId, Value)> {
        let history = self.case.history;
        let txn = history.function(op) == Function::Txn;
        let parts = history.micros(op).filter(move |micro| txn && micro.function == Function::Write);
        let parts = parts.filter_map(|micro| micro.key().map(|key| (key, micro.value)));
        write_of(history, op).into_iter().chain(parts)
    }

    /// It releases a lock that an acquire of the core, of the same process, took.
    fn releases(&self, op: OpId) -> bool {
        let history = self.case.history;
        let takes = |&member: &OpId| {
            history.function(member) == Function::Acquire
                && history.process(member) == history.process(op)
                && history.micro(member).lock() == history.micro(op).lock()
        };
        history.function(op) == Function::Release && self.members.iter().any(takes)
    }

    /// It is on a key of the core.
    fn shares_key(&self, op: OpId) -> bool {
        let keys = |op| self.case.history.micros(op).filter_map(MicroOp::key);
        keys(op).any(|key| self.members.iter().any(|&member| keys(member).any(|other| other == key)))
    }
}

/// What the reads of a transaction read.
fn reads_of_transaction(case: &Case<'_>, op: OpId) -> impl Iterator<Item = (KeyId, Value)> {
    let txn = case.history.function(op) == Function::Txn;
    let reads = case.history.micros(op).filter(move |micro| txn && micro.function == Function::Read);
    reads.filter(|micro| micro.value.is_known()).filter_map(|micro| micro.key().map(|key| (key, micro.value)))
}
