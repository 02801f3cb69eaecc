//! Containers whose values are all different: what happens to one value says nothing of another.
//!
//! # Why it is sound
//! Take a legal sequence of operations of a queue, stack or priority queue that starts empty and in which no value is
//! inserted twice, and leave out all operations on some values. After each operation the container holds what it held
//! before, without these values; so what was at the front (on top, the greatest) still is, and what was empty still is: the
//! rest is legal. Hence an operation that a core leaves out cannot mend it if the core names its value nowhere. That needs
//! to be known of every operation which value it is about: no removal may have an unknown result, nor be cut off.

use super::Case;
use crate::history::{Function, KeyId, OpId, Outcome, Value};
use crate::spec::SpecKind;
use rustc_hash::FxHashSet;

/// The first of `candidates` whose value the members name, or about whose container too little is known.
///
/// # Complexity
/// O(n) for n operations of the history.
pub(super) fn first_that_matters(
    case: &Case<'_>,
    members: &FxHashSet<OpId>,
    pending: &[OpId],
    candidates: &[OpId],
) -> Option<OpId> {
    if candidates.is_empty() || !pending.is_empty() || !is_container(case.spec) {
        return candidates.first().copied();
    }
    let cell = |op: OpId| {
        let micro = case.history.micro(op);
        Some((micro.key()?, micro.value))
    };
    let doubtful = doubtful(case);
    let named: FxHashSet<(KeyId, Value)> = members.iter().filter_map(|&op| cell(op)).collect();
    let is_apart =
        |op: OpId| cell(op).is_some_and(|cell| !doubtful.contains(&cell.0) && !named.contains(&cell));
    candidates.iter().copied().find(|&op| !is_apart(op))
}

fn is_container(spec: SpecKind) -> bool {
    matches!(spec, SpecKind::Queue | SpecKind::Stack | SpecKind::PriorityQueue)
}

/// The containers that do not start empty, into which a value may go twice, or of which a removal's result is unknown.
fn doubtful(case: &Case<'_>) -> FxHashSet<KeyId> {
    let history = case.history;
    let (mut doubtful, mut inserted) = (FxHashSet::default(), FxHashSet::default());
    for op in history.ops().filter(|&op| history.outcome(op) != Outcome::Fail) {
        let micro = history.micro(op);
        let Some(key) = micro.key() else { continue };
        let is_clear = match history.function(op) {
            Function::Enqueue | Function::Push | Function::Insert => {
                micro.value.is_known() && inserted.insert((key, micro.value))
            }
            _ => history.outcome(op) == Outcome::Ok && micro.value.is_known(),
        };
        if !is_clear || history.initial(key) != Value::NULL {
            doubtful.insert(key);
        }
    }
    doubtful
}
