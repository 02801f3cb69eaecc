//! Who can have written what is read.

use crate::certificate::verify::Case;
use crate::certificate::verify::registers::{read_of, write_of};
use crate::history::{History, KeyId, OpId, Outcome, Value};
use rustc_hash::{FxHashMap, FxHashSet};

/// The named operations, and for each `info` one that somebody may have read from a reader: an `ok` one if there is any,
/// else a cas, which may in turn have been read from.
fn with_readers(case: &Case<'_>, named: &[OpId]) -> Vec<OpId> {
    let history = case.history;
    let (mut all, mut begin) = (named.to_vec(), 0);
    while begin < all.len() {
        let info = all[begin..].iter().filter(|&&op| history.outcome(op) == Outcome::Info);
        let wanted: FxHashMap<(KeyId, Value), OpId> =
            info.filter_map(|&op| Some((write_of(history, op)?, op))).collect();
        begin = all.len();
        let mut found: FxHashMap<OpId, OpId> = FxHashMap::default();
        for op in history.ops().filter(|&op| !wanted.is_empty() && history.outcome(op) != Outcome::Fail) {
            let Some(&write) = read_of(history, op).and_then(|read| wanted.get(&read)) else { continue };
            let better =
                |known: &OpId| history.outcome(*known) != Outcome::Ok && history.outcome(op) == Outcome::Ok;
            if op != write && found.get(&write).is_none_or(better) {
                found.insert(write, op);
            }
        }
        let known: FxHashSet<OpId> = all.iter().copied().collect();
        all.extend(found.into_values().filter(|op| !known.contains(op)));
    }
    all
}

/// For some operations, what each can have read from, if there is no choice; and which of them happened.
pub(super) struct Sources {
    /// A write, or the initial state.
    only: FxHashMap<OpId, Option<OpId>>,
    /// `info` operations that something read from.
    seen: FxHashSet<OpId>,
}

impl Sources {
    /// Looks through the history once for what may have written what the operations read.
    pub(super) fn new(case: &Case<'_>, named: &[OpId]) -> Self {
        let history = case.history;
        let named = with_readers(case, named);
        let reads = || named.iter().filter_map(|&op| Some((op, read_of(history, op)?)));
        // The first three writers tell whether one is left besides the reader itself.
        let mut writers: FxHashMap<(KeyId, Value), Vec<OpId>> =
            reads().map(|(_, read)| (read, Vec::new())).collect();
        for op in history.ops().filter(|&op| history.outcome(op) != Outcome::Fail) {
            let found = write_of(history, op).and_then(|write| writers.get_mut(&write));
            if let Some(found) = found.filter(|found| found.len() < 3) {
                found.push(op);
            }
        }
        let mut only = FxHashMap::default();
        for (op, (key, value)) in reads() {
            let mut others = writers[&(key, value)].iter().copied().filter(|&writer| writer != op);
            let initial = value == history.initial(key);
            match (others.next(), others.next()) {
                (None, _) if initial => drop(only.insert(op, None)),
                (Some(writer), None) if !initial => drop(only.insert(op, Some(writer))),
                _ => {}
            }
        }
        let mut sources = Self { only, seen: FxHashSet::default() };
        // A cas that happened because it was read from shows that what it read from happened.
        loop {
            let happened = |&&op: &&OpId| sources.happened(history, op);
            let seen: FxHashSet<OpId> =
                named.iter().filter(happened).filter_map(|&op| sources.of(op)?).collect();
            if seen == sources.seen {
                return sources;
            }
            sources.seen = seen;
        }
    }

    /// What the operation read from, if there was no choice; `None` inside is the initial state.
    pub(super) fn of(&self, op: OpId) -> Option<Option<OpId>> {
        self.only.get(&op).copied()
    }

    /// It took effect: it is `ok`, or something that happened reads from it.
    pub(super) fn happened(&self, history: &History, op: OpId) -> bool {
        history.outcome(op) == Outcome::Ok || self.seen.contains(&op)
    }
}
