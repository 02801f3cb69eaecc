//! Mutexes: holds as short as they can be.
//!
//! # Problem
//! Acquires and releases of one lock, exclusive or shared, by processes that own what they hold. Is there a view, and which?
//!
//! # Algorithm
//! Every acquire happens when it returns, every release when it is called, and the data type is asked whether it allows
//! that. A pending acquire does not happen; a pending release does, if its process holds the lock.
//!
//! # Why it is correct
//! A process's operations are one after the other, so in every view it holds the lock at least as long as here: whoever
//! holds the lock at some moment here holds it then in any view. So what is refused here (an acquire while others hold the
//! lock or it does so itself, a release by one that does not hold it) is refused in any view. Conversely, what is allowed
//! here is a view: each operation happens between its call and its return.
//!
//! Premise: what is pending is the last of its process (else a process may release what it acquired without an answer).
//!
//! # Complexity
//! O(n log n), times the number of those who hold a lock together.

use super::timeline::Timeline;
use super::{Decision, stuck};
use crate::history::History;
use crate::spec::{Decoder, Mutex, MutexOp, Object, RecordedSpec, SequentialSpec, object_of};
use rustc_hash::FxHashMap;

/// Decides a lock; `None` where a process goes on after a pending operation.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let history = decoder.history();
    let object = line.op.first().and_then(|&op| object_of(history, Mutex::KIND, op));
    Mutex::of_object(history, object.unwrap_or(Object::Whole)).ok()?;
    let mut calls = Vec::with_capacity(line.op.len());
    for &op in &line.op {
        calls.push(Mutex::decode(decoder, op).ok()?.0);
    }
    if goes_on(history, line) {
        return None;
    }
    let (mut state, mut next) = (Mutex.initial(), Vec::new());
    let (mut view, mut last): (Vec<u32>, Option<u32>) = (Vec::with_capacity(line.op.len()), None);
    for (_, item, is_return) in line.events() {
        let releases = matches!(calls[item as usize], MutexOp::Release(_));
        if releases == is_return {
            continue;
        }
        next.clear();
        Mutex.step(&state, &calls[item as usize], Some(&()), &mut next);
        match next.pop() {
            Some(after) => {
                state = after;
                view.push(item);
                last = Some(item);
            }
            None if line.is_pending(item) => {}
            None => {
                let conflict: Vec<u32> = last.into_iter().chain([item]).collect();
                return Some(stuck(line, item, &conflict));
            }
        }
    }
    Some(Decision::View(line.ops(&view)))
}

/// Whether a process has operations after a pending one.
fn goes_on(history: &History, line: &Timeline) -> bool {
    let pending = |&item: &u32| line.is_pending(item);
    let mut crashed = FxHashMap::default();
    for item in (0..line.len()).filter(pending) {
        crashed.entry(history.process(line.op[item as usize])).or_insert(item);
    }
    let after =
        |item: u32| crashed.get(&history.process(line.op[item as usize])).is_some_and(|&first| first < item);
    !crashed.is_empty() && (0..line.len()).any(after)
}
