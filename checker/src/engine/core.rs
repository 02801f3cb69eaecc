//! Small sub-histories that violate a model by themselves.
//!
//! Problem: a violation that is no short cycle still needs evidence that others can check.
//!
//! Algorithm: start from operations that are known (or believed) to be enough, close them, and take operations out one by
//! one as long as what is left is closed and violates the model. *Closed*: for each read and cas every write of that
//! value to that key, for each acquire its process's releases of the lock; for eventual all operations on its keys. So putting back what was left out cannot
//! mend it: it adds no write that a read could read from, and orders never need an operation's absence.
//!
//! Complexity: one verdict on a small history for each operation that is tried.

use super::decide::verdict;
use super::finding::Finding;
use super::scope::Scope;
use crate::certificate::Refutation;
use crate::history::{Function, History, KeyId, OpId, Outcome, Value};
use crate::limits::{Meter, Stop};
use crate::model::Model;
use crate::relation::written;
use rustc_hash::{FxHashMap, FxHashSet};

/// A core that `certify` can enumerate.
const SMALL: usize = 12;
/// Beyond that many operations a core is not made smaller.
const SHRINKABLE: usize = 400;

/// The violation that follows from these operations (and what closes them).
pub(crate) fn around(
    scope: Scope<'_>,
    ops: &[OpId],
    method: &'static str,
    meter: &Meter,
) -> Result<Finding, Stop> {
    let core = |operations: Vec<OpId>, exhausted| {
        let refutation =
            Refutation::Core { operations, pending: Vec::new(), stuck: None, longest: Vec::new(), exhausted };
        Finding::broken(refutation, method)
    };
    if !scope.evidence {
        return Ok(core(Vec::new(), true));
    }
    let closure = Closure::new(scope);
    let mut set: FxHashSet<OpId> = ops.iter().copied().collect();
    closure.close(&mut set);
    if set.len() > SHRINKABLE || !violated(scope, &set, meter)? {
        return Ok(core(sorted(&set), true));
    }
    shrink(scope, &closure, &mut set, meter)?;
    let exhausted = set.len() > SMALL;
    Ok(core(sorted(&set), exhausted))
}

fn sorted(set: &FxHashSet<OpId>) -> Vec<OpId> {
    let mut ops: Vec<_> = set.iter().copied().collect();
    ops.sort_unstable();
    ops
}

fn violated(scope: Scope<'_>, set: &FxHashSet<OpId>, meter: &Meter) -> Result<bool, Stop> {
    let part = Scope { keep: Some(set), evidence: false, ..scope };
    Ok(!verdict(part, meter)?)
}

/// Takes out what is not needed: halves first, then single operations, until nothing more goes.
fn shrink(
    scope: Scope<'_>,
    closure: &Closure<'_>,
    set: &mut FxHashSet<OpId>,
    meter: &Meter,
) -> Result<(), Stop> {
    let mut chunk = (set.len() / 2).max(1);
    loop {
        let mut shrunk = false;
        // Readers before the writes that they read from: later operations first.
        let ops = sorted(set);
        for part in ops.rchunks(chunk) {
            let mut smaller = set.clone();
            for op in part {
                smaller.remove(op);
            }
            if smaller.len() < set.len() && !smaller.is_empty() && closure.is_closed(&smaller) {
                match violated(scope, &smaller, meter) {
                    Ok(true) => {
                        *set = smaller;
                        shrunk = true;
                    }
                    Ok(false) => {}
                    // What there is so far is a core already.
                    Err(_) => return Ok(()),
                }
            }
        }
        if !shrunk && chunk == 1 {
            return Ok(());
        }
        if !shrunk || chunk > set.len() {
            chunk = (chunk / 2).max(1);
        }
    }
}

/// What each operation needs in a core.
struct Closure<'a> {
    history: &'a History,
    /// eventual is about all operations on a key together.
    all_of_key: bool,
    by_key: FxHashMap<KeyId, Vec<OpId>>,
    writers: FxHashMap<(KeyId, Value), Vec<OpId>>,
}

impl<'a> Closure<'a> {
    fn new(scope: Scope<'a>) -> Self {
        let history = scope.history;
        let mut writers: FxHashMap<_, Vec<_>> = FxHashMap::default();
        let writes = |op: &OpId| {
            matches!(history.function(*op), Function::Write | Function::Cas)
                && history.outcome(*op) != Outcome::Fail
                && (history.outcome(*op) == Outcome::Info || history.answer(*op) != Some(false))
                && scope.keeps(*op)
        };
        for op in history.ops().filter(writes) {
            if let Some(key) = history.micro(op).key() {
                writers.entry((key, written(history, op))).or_default().push(op);
            }
        }
        let all_of_key = scope.model == Model::Eventual;
        let mut by_key: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for op in history.ops().filter(|&op| all_of_key && scope.keeps(op)) {
            if let Some(key) = history.micro(op).key() {
                by_key.entry(key).or_default().push(op);
            }
        }
        Self { history, all_of_key, by_key, writers }
    }

    /// What an operation needs.
    fn needs(&self, op: OpId) -> Vec<OpId> {
        let history = self.history;
        if self.all_of_key {
            let key = history.micro(op).key();
            return key.and_then(|key| self.by_key.get(&key)).cloned().unwrap_or_default();
        }
        match history.function(op) {
            Function::Read | Function::Cas => {
                let micro = history.micro(op);
                let value = micro.key().map(|key| (key, micro.value));
                value.and_then(|value| self.writers.get(&value)).cloned().unwrap_or_default()
            }
            Function::Acquire => {
                let same_lock = |other: &&OpId| {
                    history.function(**other) == Function::Release
                        && history.micro(**other).lock() == history.micro(op).lock()
                };
                history.program_order(history.process(op)).iter().filter(same_lock).copied().collect()
            }
            _ => Vec::new(),
        }
    }

    fn close(&self, set: &mut FxHashSet<OpId>) {
        let mut todo: Vec<OpId> = set.iter().copied().collect();
        while let Some(op) = todo.pop() {
            for other in self.needs(op) {
                if set.insert(other) {
                    todo.push(other);
                }
            }
        }
    }

    fn is_closed(&self, set: &FxHashSet<OpId>) -> bool {
        set.iter().all(|&op| self.needs(op).iter().all(|other| set.contains(other)))
    }
}
