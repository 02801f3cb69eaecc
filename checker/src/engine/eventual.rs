//! eventual: once the writes to a key have ended, everybody reads the same value of it.
//!
//! Problem: reads are of written values or of the initial one; and for each key the *final reads* (each process's last
//! read of it, if it started after every write to the key had ended, plus the settle time) return one value, a written
//! one if there was a write.
//!
//! Algorithm: an `info` write that happened never ended, so a key that has one that can have happened has no final reads:
//! to suppose that it happened is always best. An `info` cas can have happened if its old value was written, or is the
//! initial one. What is left is one scan for the ends and one for the reads.
//!
//! Complexity: linear, but for circles of `info` cas.

use super::core;
use super::finding::Finding;
use super::scope::Scope;
use crate::certificate::{OneStep, Witness};
use crate::history::{Function, History, KeyId, OpId, Outcome, Value};
use crate::limits::{Meter, Stop};
use crate::relation::written;
use rustc_hash::{FxHashMap, FxHashSet};

const METHOD: &str = "scan";

/// Judges a history with times.
///
/// # Errors
/// The limit that was reached.
pub(crate) fn decide(scope: Scope<'_>, meter: &Meter) -> Result<Finding, Stop> {
    let history = scope.history;
    let ops: Vec<OpId> = history.ops().filter(|&op| scope.keeps(op) && takes_part(history, op)).collect();
    let (possible, values) = possible(history, &ops);
    let unread = |op: &&OpId| history.outcome(**op) == Outcome::Ok && !explained(history, &values, **op);
    if let Some(&read) = ops.iter().find(unread) {
        // Only an `info` cas that cannot have happened writes the value: that takes the key's operations to see.
        let by_cas = ops.iter().any(|&op| op != read && writes(history, op) && same_value(history, op, read));
        return if by_cas {
            core::around(scope, &[read], METHOD, meter)
        } else {
            Ok(Finding::one_step(OneStep::ThinAir, read, Vec::new(), METHOD))
        };
    }
    let settled = settled(scope, &possible);
    let finals = final_reads(history, &possible, &settled);
    let mut first: Vec<Option<OpId>> = vec![None; history.key_count()];
    for &read in &finals {
        let micro = history.micro(read);
        let Some(key) = micro.key() else { continue };
        match first[key.index()] {
            Some(other) if history.micro(other).value != micro.value => {
                return Ok(Finding::one_step(OneStep::Diverged, read, vec![other], METHOD));
            }
            _ => first[key.index()] = Some(read),
        }
        let wrote = matches!(settled[key.index()], Settled::After(_));
        if wrote && !values.contains_key(&(key, micro.value)) {
            return Ok(Finding::one_step(OneStep::Diverged, read, Vec::new(), METHOD));
        }
    }
    let vacuous = finals.is_empty();
    Ok(Finding { vacuous, ..Finding::holds(Witness::FinalReads(finals), METHOD) })
}

/// Whether a write writes what a read reads.
fn same_value(history: &History, write: OpId, read: OpId) -> bool {
    let (from, to) = (history.micro(write), history.micro(read));
    from.key() == to.key() && written(history, write) == to.value
}

fn takes_part(history: &History, op: OpId) -> bool {
    let outcome = history.outcome(op);
    match history.function(op) {
        Function::Read => outcome == Outcome::Ok && history.micro(op).value.is_known(),
        Function::Write => outcome != Outcome::Fail,
        Function::Cas => {
            outcome == Outcome::Info || outcome == Outcome::Ok && history.answer(op) != Some(false)
        }
        _ => false,
    }
}

fn reads(history: &History, op: OpId) -> bool {
    history.function(op) != Function::Write
}

fn writes(history: &History, op: OpId) -> bool {
    history.function(op) != Function::Read
}

/// How many operations write each value of each key.
type Writers = FxHashMap<(KeyId, Value), u32>;

/// The operations that can have happened, and the values that they write.
fn possible(history: &History, ops: &[OpId]) -> (Vec<OpId>, Writers) {
    let mut possible = ops.to_vec();
    loop {
        let mut writers = Writers::default();
        for &op in possible.iter().filter(|&&op| writes(history, op)) {
            if let Some(key) = history.micro(op).key() {
                *writers.entry((key, written(history, op))).or_default() += 1;
            }
        }
        let before = possible.len();
        possible.retain(|&op| history.outcome(op) == Outcome::Ok || explained(history, &writers, op));
        if possible.len() == before {
            return (possible, writers);
        }
    }
}

/// Whether what an operation read, if it read, was written by another one, or is the initial value.
fn explained(history: &History, writers: &Writers, op: OpId) -> bool {
    let micro = history.micro(op);
    let Some(key) = micro.key().filter(|_| reads(history, op)) else { return true };
    let itself = writes(history, op) && written(history, op) == micro.value;
    let others = writers.get(&(key, micro.value)).copied().unwrap_or(0).saturating_sub(u32::from(itself));
    micro.value == history.initial(key) || others > 0
}

/// When the writes to a key had ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Settled {
    /// There are none.
    NoWrite,
    /// Reads that start after it are final.
    After(i128),
    Never,
}

fn settled(scope: Scope<'_>, possible: &[OpId]) -> Vec<Settled> {
    let history = scope.history;
    let mut settled = vec![Settled::NoWrite; history.key_count()];
    for &op in possible.iter().filter(|&&op| writes(history, op)) {
        let Some(key) = history.micro(op).key() else { continue };
        let end = i128::from(history.end(op)) + i128::from(scope.settle);
        let slot = &mut settled[key.index()];
        *slot = match *slot {
            _ if history.outcome(op) == Outcome::Info => Settled::Never,
            Settled::Never => Settled::Never,
            Settled::NoWrite => Settled::After(end),
            Settled::After(other) => Settled::After(other.max(end)),
        };
    }
    settled
}

/// The last read of each key by each process, if it is final.
fn final_reads(history: &History, possible: &[OpId], settled: &[Settled]) -> Vec<OpId> {
    let there: FxHashSet<OpId> = possible.iter().copied().filter(|&op| reads(history, op)).collect();
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    for process in 0..history.process_count() {
        seen.clear();
        for &op in history.program_order(crate::history::ProcessId::from_index(process)).iter().rev() {
            let Some(key) = history.micro(op).key().filter(|_| there.contains(&op)) else { continue };
            if !seen.insert(key) {
                continue;
            }
            let is_final = match settled[key.index()] {
                Settled::NoWrite => true,
                Settled::After(end) => end < i128::from(history.start(op)),
                Settled::Never => false,
            };
            found.extend(is_final.then_some(op));
        }
    }
    found.sort_unstable();
    found
}
