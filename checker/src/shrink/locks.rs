//! What operations on locks need.

use super::needs::{Cell, Draft};
use crate::history::{Function, LockId, MicroOp, OpId, Outcome, ProcessId};

/// The synchronised models: a hold must not last longer than it did. So an acquire needs the next release of its process
/// that is known to have happened, and those that may have happened at any time.
///
/// Why that is sound: the hold ends with the first release behind it in the order of synchronisation. In the whole history
/// that is the next certain one, or a doubtful one before it; all of these are kept. A release without a hold is no hold,
/// and less synchronisation orders less.
pub(super) fn synchronisation(draft: &mut Draft<'_>) {
    let history = draft.case.history;
    each_process_and_lock(
        draft,
        |function| function == Function::Release,
        |draft, certain, cell| {
            let mut next = None;
            for &op in certain.iter().rev() {
                let Some(node) = draft.node(op) else { continue };
                if history.function(op) == Function::Release {
                    next = Some(node);
                } else {
                    next.into_iter().for_each(|next| draft.needs(node, next));
                    draft.demand(node, cell, i64::MAX);
                }
            }
        },
    );
    // An acquire of unknown outcome is a hold, too, if it happened; it needs all releases of its process, for each may end it.
    for (node, op) in draft.nodes() {
        if history.function(op) == Function::Acquire && !draft.is_certain(op) {
            let own = history.program_order(history.process(op));
            let ends = |other: &&OpId| {
                history.function(**other) == Function::Release
                    && history.micro(**other).lock() == history.micro(op).lock()
            };
            for &release in own.iter().filter(ends) {
                draft.node(release).into_iter().for_each(|release| draft.needs(node, release));
            }
        }
    }
}

/// The mutex as a data type: an acquire and the release behind it go together.
///
/// Why that is sound: in a legal sequence a process holds the lock between its acquire and its release, and nobody else could
/// take it there; without the two, and without what it did to the lock in between, the lock is free there, which
/// hinders nobody. What the process is known to have done stays in turns: where it is not (two acquires in a row), something
/// of unknown outcome must have happened between, and is needed.
pub(super) fn holds(draft: &mut Draft<'_>) {
    let history = draft.case.history;
    each_process_and_lock(
        draft,
        |_| true,
        |draft, certain, cell| {
            let function = |place: usize| certain.get(place).map(|&op| history.function(op));
            for (place, &op) in certain.iter().enumerate() {
                let Some(node) = draft.node(op) else { continue };
                let partner = match history.function(op) {
                    Function::Acquire => {
                        (function(place + 1) == Some(Function::Release)).then_some(place + 1)
                    }
                    _ => place.checked_sub(1).filter(|&before| function(before) == Some(Function::Acquire)),
                };
                match partner.and_then(|partner| draft.node(certain[partner])) {
                    Some(partner) => draft.needs(node, partner),
                    None => draft.demand(node, cell, i64::MAX),
                }
            }
        },
    );
}

/// Calls `each` with what a process certainly did to a lock, in program order, and the cell of what it may have done and
/// that `matters`.
fn each_process_and_lock(
    draft: &mut Draft<'_>,
    matters: impl Fn(Function) -> bool,
    mut each: impl FnMut(&mut Draft<'_>, &[OpId], Cell),
) {
    let history = draft.case.history;
    let mut by_lock: Vec<(u32, ProcessId, usize, OpId)> = Vec::new();
    let mut processes: Vec<ProcessId> = draft.nodes().map(|(_, op)| history.process(op)).collect();
    processes.sort_unstable();
    processes.dedup();
    for process in processes {
        for (place, &op) in history.program_order(process).iter().enumerate() {
            let locks = matches!(history.function(op), Function::Acquire | Function::Release);
            if let Some(lock) = history.micros(op).next().and_then(MicroOp::lock)
                && locks
                && draft.node(op).is_some()
            {
                by_lock.push((lock.0, process, place, op));
            }
        }
    }
    by_lock.sort_unstable_by_key(|&(lock, process, place, _)| (lock, process, place));
    for group in by_lock.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let (lock, process, ..) = group[0];
        let cell = Cell::Doubtful(process, LockId(lock));
        let mut certain = Vec::new();
        for &(.., op) in group {
            let Some(node) = draft.node(op) else { continue };
            if history.outcome(op) == Outcome::Ok && draft.is_certain(op) {
                certain.push(op);
            } else if matters(history.function(op)) {
                draft.member(node, cell);
            }
        }
        each(draft, &certain, cell);
    }
}
