//! What each operation needs, by model and data type.
//!
//! # Why leaving out the rest is sound
//! Suppose that the whole history is consistent; show that a part which holds all that its operations need is. Take what
//! makes the whole consistent (views, reads-from, arbitration, visible sets, sync order, which `info` operations happened) and
//! keep what concerns the part. Orders within the part are those of the whole, or fewer.
//!
//! **Registers and transactions.** A read, or a cas, needs every write of its value to its key: so it reads in the part
//! from what it read from in the whole, and nothing that is kept came between. In a one-view model a write that comes
//! after the read in time cannot be what it reads from, and is not needed; but where all of them are, the first is kept, for
//! "nobody wrote it" would not be the truth. A cas that answered "mismatch" finds what it
//! found, as it needs all writes to its key. [`locks`] and [`eventual`] have rules of their own.
//!
//! **Queues, stacks, priority queues** that start empty: an operation needs all operations on its value. Leave out of a legal
//! sequence all operations on some values: the container holds what it held, without these values, so what was at the front
//! (on top, the greatest) still is, and what was empty still is. A removal whose result is unknown may have been of any value,
//! so every operation needs it; where its effect is certain, the container is treated as the types below.
//!
//! **Sets**: an operation on an element needs what changes this element; elements do not depend on each other. A read of
//! the whole set needs what changes any.
//!
//! **Other types** (and the containers above in doubt): take the shortest beginning of the view that holds all operations of the
//! part on an object that certainly happened. What starts after their ends is not in it; every other change is needed.
//! Operations that change nothing are never needed.
//!
//! **Mutex**: see [`locks`].

use super::needs::{Cell, Draft, Needs};
use super::part::{Case, Part, changes, observes};
use super::{eventual, locks};
use crate::history::{Function, History, KeyId, MicroOp, OpId, Outcome, Value};
use crate::model::Model;
use crate::spec::SpecKind;
use rustc_hash::FxHashSet;

/// What the operations of a part need of it.
///
/// # Complexity
/// O(m log m) for m operations.
pub(super) fn needs<'a>(case: Case<'a>, part: &'a Part) -> Needs<'a> {
    let mut draft = Draft::new(case, part);
    match case.spec {
        _ if case.model == Model::Eventual => eventual::needs(&mut draft),
        SpecKind::Register | SpecKind::MultiRegister => registers(&mut draft),
        SpecKind::Mutex => locks::holds(&mut draft),
        SpecKind::Queue | SpecKind::Stack | SpecKind::PriorityQueue => containers(&mut draft),
        SpecKind::Set => sets(&mut draft),
        _ => beginnings(&mut draft, |_| true),
    }
    if case.model.is_synchronised() {
        locks::synchronisation(&mut draft);
    }
    draft.finish()
}

/// Whether the data type has operations that only beginnings of the history can leave out.
pub(super) fn has_beginnings(case: Case<'_>, part: &Part) -> bool {
    match case.spec {
        _ if !case.model.needs_times() || !case.model.is_one_view() => false,
        SpecKind::Counter | SpecKind::AppendList | SpecKind::Semaphore => true,
        SpecKind::Queue | SpecKind::Stack | SpecKind::PriorityQueue => !doubtful(case, part).is_empty(),
        SpecKind::Set => part.ops.iter().any(|&op| case.history.function(op) == Function::Read),
        _ => false,
    }
}

/// Values written and read.
pub(super) fn registers(draft: &mut Draft<'_>) {
    let (case, history) = (draft.case, draft.case.history);
    for (node, op) in draft.nodes() {
        let certain = draft.is_certain(op);
        if case.mismatched(op) && certain {
            if let Some(key) = history.micro(op).key() {
                draft.demand(node, Cell::Key(key), case.deadline(op));
            }
            continue;
        }
        let bound = if certain { case.deadline(op) } else { i64::MAX };
        let writes_too = !observes(history, op);
        for micro in history.micros(op) {
            let Some(key) = micro.key() else { continue };
            match micro.function {
                Function::Write => {
                    draft.member(node, Cell::Value(key, micro.value));
                    draft.member(node, Cell::Key(key));
                }
                // A cas of unknown outcome still reads, if it happened.
                Function::Read if micro.value.is_known() && (certain || writes_too) => {
                    draft.demand_one(node, Cell::Value(key, micro.value), bound);
                }
                _ => {}
            }
        }
    }
}

/// Containers of values.
fn containers(draft: &mut Draft<'_>) {
    let doubtful = doubtful(draft.case, draft.part);
    let history = draft.case.history;
    for (node, op) in draft.nodes() {
        let micro = history.micro(op);
        let Some(key) = micro.key().filter(|key| !doubtful.contains(key)) else { continue };
        let puts = matches!(history.function(op), Function::Enqueue | Function::Push | Function::Insert);
        let certain = draft.is_certain(op);
        if certain {
            draft.demand(node, Cell::Key(key), draft.case.deadline(op));
        }
        match puts || micro.value != Value::NULL {
            _ if !puts && !certain => draft.member(node, Cell::Key(key)),
            true => {
                draft.member(node, Cell::Value(key, micro.value));
                if certain {
                    draft.demand(node, Cell::Value(key, micro.value), i64::MAX);
                }
            }
            false => {}
        }
    }
    beginnings(draft, |key| doubtful.contains(&key));
}

/// The containers that do not start empty, or from which something unknown was taken.
fn doubtful(case: Case<'_>, part: &Part) -> FxHashSet<KeyId> {
    let history = case.history;
    let unknown = |op: OpId| {
        let micro = history.micro(op);
        let lost = part.is_certain(history, op) && !micro.value.is_known();
        micro.key().filter(|&key| lost || history.initial(key) != Value::NULL)
    };
    part.ops.iter().filter_map(|&op| unknown(op)).collect()
}

/// Sets, element by element.
fn sets(draft: &mut Draft<'_>) {
    let (case, history) = (draft.case, draft.case.history);
    for (node, op) in draft.nodes() {
        let micro = history.micro(op);
        let Some(key) = micro.key() else { continue };
        let whole = history.function(op) == Function::Read;
        let certain = draft.is_certain(op);
        if !certain && !whole || changes(history, op) {
            draft.member(node, Cell::Value(key, micro.value));
            draft.member(node, Cell::Key(key));
        }
        if certain {
            let cell = if whole { Cell::Key(key) } else { Cell::Value(key, micro.value) };
            draft.demand(node, cell, case.deadline(op));
        }
    }
}

/// Everything that changes an object, up to the last operation on it.
fn beginnings(draft: &mut Draft<'_>, treated: impl Fn(KeyId) -> bool) {
    let (case, history) = (draft.case, draft.case.history);
    for (node, op) in draft.nodes() {
        let micro = history.micro(op);
        let cell = match (micro.key(), micro.lock()) {
            (Some(key), _) if treated(key) => Cell::Key(key),
            (None, Some(lock)) => Cell::Lock(lock),
            _ => continue,
        };
        let certain = draft.is_certain(op);
        if if certain { changes(history, op) } else { !observes(history, op) } {
            draft.member(node, cell);
        }
        if certain {
            draft.demand(node, cell, case.deadline(op));
        }
    }
}

/// Whether everything certain of a part on an operation's object comes before it in every view: then it can go, for the
/// beginning of the view that holds the others does not hold it. The only operation that gives what another one takes stays,
/// for the sake of the truth, and so does the release of a lock that is held.
pub(super) fn is_late(case: Case<'_>, part: &Part, op: OpId) -> bool {
    let Case { history, model, .. } = case;
    let Some(object) = case.object(op).filter(|_| model.is_one_view()) else { return false };
    let tells = |&other: &OpId| takes_only_from(case, part, other, op) || ends_hold_of(history, other, op);
    if part.ops.iter().any(tells) {
        return false;
    }
    let place = |op: OpId| (history.start(op), history.end(op), op);
    part.ops.iter().all(|&other| {
        other == op
            || !part.is_certain(history, other)
            || case.object(other) != Some(object)
            || case.deadline(other) < history.start(op)
            || (history.process(other) == history.process(op)
                && history.outcome(other) == Outcome::Ok
                && place(other) < place(op))
    })
}

/// Whether an operation takes a value that, of the part, only `giver` gives.
fn takes_only_from(case: Case<'_>, part: &Part, taker: OpId, giver: OpId) -> bool {
    let history = case.history;
    let takes = |function: Function| {
        matches!(
            function,
            Function::Read | Function::Dequeue | Function::Pop | Function::Poll | Function::Contains
        )
    };
    let gives = |op: OpId, cell: (Option<KeyId>, Value)| {
        let of_cell = |micro: MicroOp| !takes(micro.function) && (micro.key(), micro.value) == cell;
        history.micros(op).any(of_cell)
    };
    taker != giver
        && history.micros(taker).filter(|micro| takes(micro.function)).any(|micro| {
            let cell = (micro.key(), micro.value);
            gives(giver, cell)
                && !part.ops.iter().any(|&other| other != giver && other != taker && gives(other, cell))
        })
}

/// Whether an operation may give back the lock that another one took.
fn ends_hold_of(history: &History, acquire: OpId, release: OpId) -> bool {
    history.function(acquire) == Function::Acquire
        && history.function(release) == Function::Release
        && history.process(acquire) == history.process(release)
        && history.micro(acquire).lock() == history.micro(release).lock()
}
