//! Odd use of locks, pointed out by operation: it is judged as the models say, but rarely meant.

use crate::history::{Function, History, KeyId, LockId, MicroOp, OpId, Outcome, ProcessId};
use crate::model::Model;
use rustc_hash::{FxHashMap, FxHashSet};

/// The most notes of one kind.
const MOST: usize = 4;

/// What the report says about the locks of a history that weak, release or entry judges.
pub(super) fn notes(history: &History, model: Model) -> Vec<String> {
    let (mut without, mut again, mut kept) = (Vec::new(), Vec::new(), Vec::new());
    for process in (0..history.process_count()).map(ProcessId::from_index) {
        let mut held: FxHashMap<LockId, OpId> = FxHashMap::default();
        for &op in history.program_order(process) {
            let Some(lock) = history.micros(op).next().and_then(MicroOp::lock) else { continue };
            // Of others nobody knows whether they took effect.
            if history.outcome(op) != Outcome::Ok {
                continue;
            }
            match history.function(op) {
                Function::Acquire => again.extend(held.insert(lock, op).map(|_| (op, lock))),
                Function::Release if held.remove(&lock).is_none() => without.push((op, lock)),
                _ => {}
            }
        }
        kept.extend(held.into_iter().map(|(lock, op)| (op, lock)));
    }
    let mut notes = Vec::new();
    tell(history, &mut notes, without, "releases", "without holding it");
    tell(history, &mut notes, again, "acquires", "while its process holds it already");
    tell(history, &mut notes, kept, "acquires", "and it is never released");
    if model == Model::Entry {
        notes.extend(unguarded(history));
    }
    notes
}

fn tell(history: &History, notes: &mut Vec<String>, mut odd: Vec<(OpId, LockId)>, does: &str, how: &str) {
    odd.sort_unstable();
    for &(op, lock) in odd.iter().take(MOST) {
        let lock = history.values().plain(history.lock_name(lock));
        notes.push(format!("operation {op} {does} {lock} {how}"));
    }
    match odd.len().saturating_sub(MOST) {
        0 => {}
        1 => notes.push(format!("1 more operation {does} a lock {how}")),
        more => notes.push(format!("{more} more operations {} a lock {how}", does.trim_end_matches('s'))),
    }
}

/// entry: the keys whose guards nobody takes have no happens-before.
fn unguarded(history: &History) -> Option<String> {
    let taken: FxHashSet<LockId> = history
        .ops()
        .filter(|&op| history.function(op) == Function::Acquire && history.outcome(op) != Outcome::Fail)
        .filter_map(|op| history.micro(op).lock())
        .collect();
    let free = |key: &KeyId| history.guard_or_default(*key).is_none_or(|lock| !taken.contains(&lock));
    let keys: Vec<KeyId> = (0..history.key_count()).map(KeyId::from_index).filter(free).collect();
    let name = |key: &KeyId| history.values().plain(history.key_name(*key)).into_owned();
    let names: Vec<String> = keys.iter().take(MOST).map(name).collect();
    let more = if keys.len() > MOST { format!(" and {} more", keys.len() - MOST) } else { String::new() };
    let what = format!("{}{more}", names.join(", "));
    match keys.len() {
        0 => None,
        1 => Some(format!("nobody takes the guard of key {what}, so entry orders nothing on it")),
        _ => Some(format!("nobody takes the guards of keys {what}, so entry orders nothing on them")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::history;

    #[test]
    fn odd_use_is_pointed_out() {
        let odd = history("P: Rel(L) Acq(L) Acq(L) Rel(L)\nQ: Acq(M) W(x)1");
        assert_eq!(
            notes(&odd, Model::Release),
            [
                "operation 0 releases L without holding it",
                "operation 2 acquires L while its process holds it already",
                "operation 4 acquires M and it is never released"
            ]
        );
        let entry = notes(&odd, Model::Entry);
        assert_eq!(
            entry.last().map(String::as_str),
            Some("nobody takes the guard of key x, so entry orders nothing on it")
        );
        let fine = history("P: Acq(Lx) W(x)1 Rel(Lx)\nQ: Acq(Lx)?");
        assert!(notes(&fine, Model::Entry).is_empty());
        let many = history("P: Rel(L) Rel(L) Rel(L) Rel(L) Rel(L) Rel(L)");
        assert_eq!(
            notes(&many, Model::Weak).last().map(String::as_str),
            Some("2 more operations release a lock without holding it")
        );
    }
}
