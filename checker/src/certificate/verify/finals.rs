//! **eventual**: final reads.
//!
//! For each key, a process's last read of it is final if it started after every write to the key had ended, plus the
//! settle time. All final reads of a key return one value, a written one if there was a write; and every read, final or
//! not, returns a written value or the initial one. An `info` write that happened has no end, so its key has no final
//! read.
//!
//! A witness lists final reads: for a key without `info` writes all of them; for a key with some, none if one of them
//! happened, or all if none did, and then no read may return what only they wrote. An `info` cas of a value that is not
//! there cannot have happened.

use super::Case;
use super::fault::{Fault, refuted};
use super::orders::processes;
use super::registers::{read_of, write_of};
use crate::certificate::Witness;
use crate::history::{KeyId, OpId, Outcome, Value};
use crate::spec::{SpecKind, kept};
use rustc_hash::{FxHashMap, FxHashSet};

/// That the listed reads are the final ones, and agree. O(n), unless many `info` cas depend on each other.
pub(super) fn check(case: &Case<'_>, witness: &Witness) -> Result<(), Fault> {
    let Witness::FinalReads(listed) = witness else { return refuted("eventual needs the final reads") };
    case.orders.places(listed)?;
    let mut relies = FxHashSet::default();
    for &read in listed {
        match read_of(case.history, read) {
            Some((key, _)) => drop(relies.insert(key)),
            None => return refuted(format!("operation {read} is not a read")),
        }
    }
    let listed: FxHashSet<OpId> = listed.iter().copied().collect();
    let writers = Writers::possible(case, &|key| !relies.contains(&key));
    writers.explain_all_reads(case)?;
    let mut found = 0;
    for (index, facts) in gather(case, &writers).iter().enumerate().filter(|(_, facts)| !facts.uncertain) {
        let finals: Vec<OpId> = facts.finals(case).collect();
        agree(case, &writers, &finals, facts.ended.is_some())?;
        if let Some(read) = finals.iter().find(|read| !listed.contains(read)) {
            return refuted(format!("it lacks the final read {read} of key {index}"));
        }
        found += finals.len();
    }
    if found == listed.len() { Ok(()) } else { refuted("it lists reads that are not final") }
}

/// The final reads of one key; it is an error if an `info` write to it may have happened.
pub(super) fn of_key(case: &Case<'_>, key: KeyId) -> Result<Vec<OpId>, Fault> {
    let facts = gather(case, &Writers::possible(case, &|_| true)).swap_remove(key.index());
    if facts.uncertain {
        return refuted("an `info` write to the key may have happened late: there need be no final read");
    }
    Ok(facts.finals(case).collect())
}

/// The final reads of a key return one value, a written one if there was a write.
fn agree(case: &Case<'_>, writers: &Writers, finals: &[OpId], written: bool) -> Result<(), Fault> {
    let value = |read: OpId| read_of(case.history, read);
    if let Some(pair) = finals.windows(2).find(|pair| value(pair[0]) != value(pair[1])) {
        return refuted(format!("the final reads {} and {} differ", pair[0], pair[1]));
    }
    match finals.first().filter(|&&read| written && !writers.explain(read, value(read))) {
        Some(read) => refuted(format!("the final read {read} returns no written value")),
        None => Ok(()),
    }
}

/// What the operations on a key say together.
#[derive(Clone, Default)]
struct KeyFacts {
    /// When the last `ok` write ended.
    ended: Option<i64>,
    /// An `info` write happened.
    uncertain: bool,
    /// Each process's last read.
    last_reads: Vec<OpId>,
}

impl KeyFacts {
    fn finals(&self, case: &Case<'_>) -> impl Iterator<Item = OpId> {
        self.last_reads.iter().copied().filter(|&read| {
            let start = i128::from(case.history.start(read));
            self.ended.is_none_or(|ended| i128::from(ended) + i128::from(case.options.settle) < start)
        })
    }
}

/// One pass over the history, process by process.
fn gather(case: &Case<'_>, writers: &Writers) -> Vec<KeyFacts> {
    let history = case.history;
    let mut all = vec![KeyFacts::default(); history.key_count()];
    let mut last: FxHashMap<KeyId, OpId> = FxHashMap::default();
    for process in processes(history) {
        for &op in history.program_order(process).iter().filter(|&&op| kept(history, SpecKind::Register, op))
        {
            let certain = history.outcome(op) == Outcome::Ok;
            if let Some((key, _)) =
                read_of(history, op).filter(|_| certain || writers.uncertain.contains(&op))
            {
                last.insert(key, op);
            }
            if let Some((key, _)) = write_of(history, op) {
                let facts = &mut all[key.index()];
                facts.uncertain |= writers.uncertain.contains(&op);
                if certain {
                    facts.ended = facts.ended.max(Some(history.end(op)));
                }
            }
        }
        for (key, read) in last.drain() {
            all[key.index()].last_reads.push(read);
        }
    }
    all
}

/// Who wrote what.
struct Writers {
    /// For each key and value a writer, and whether there is another.
    of: FxHashMap<(KeyId, Value), (OpId, bool)>,
    /// The `info` operations that happened.
    uncertain: FxHashSet<OpId>,
}

impl Writers {
    /// All `ok` writers, and of the `info` ones on keys that are `open` all that may have happened together.
    fn possible(case: &Case<'_>, open: &dyn Fn(KeyId) -> bool) -> Self {
        let history = case.history;
        let info = history.ops().filter(|&op| {
            history.outcome(op) == Outcome::Info && write_of(history, op).is_some_and(|(key, _)| open(key))
        });
        let mut writers = Self { of: FxHashMap::default(), uncertain: info.collect() };
        loop {
            writers.count(case);
            let before = writers.uncertain.len();
            let mut uncertain = std::mem::take(&mut writers.uncertain);
            uncertain.retain(|&op| writers.explains(case, op));
            writers.uncertain = uncertain;
            if writers.uncertain.len() == before {
                return writers;
            }
        }
    }

    fn count(&mut self, case: &Case<'_>) {
        self.of.clear();
        for op in case.history.ops() {
            if case.history.outcome(op) != Outcome::Ok && !self.uncertain.contains(&op) {
                continue;
            }
            if let Some(write) = write_of(case.history, op) {
                self.of.entry(write).and_modify(|entry| entry.1 = true).or_insert((op, false));
            }
        }
    }

    /// Another operation wrote it.
    fn explain(&self, op: OpId, read: Option<(KeyId, Value)>) -> bool {
        let writer = read.and_then(|read| self.of.get(&read));
        writer.is_some_and(|&(first, more)| more || first != op)
    }

    /// What the operation reads, if anything, is the initial value or was written by another one.
    fn explains(&self, case: &Case<'_>, op: OpId) -> bool {
        let read = read_of(case.history, op);
        read.is_none_or(|(key, value)| value == case.history.initial(key)) || self.explain(op, read)
    }

    fn explain_all_reads(&self, case: &Case<'_>) -> Result<(), Fault> {
        let ok = |&op: &OpId| case.history.outcome(op) == Outcome::Ok;
        match case.history.ops().filter(ok).find(|&op| !self.explains(case, op)) {
            Some(op) => refuted(format!("operation {op} reads a value that nobody wrote")),
            None => Ok(()),
        }
    }
}
