//! Whether a data type allows operations in a given order.

use super::Case;
use super::fault::{Fault, refuted};
use crate::history::OpId;
use crate::spec::{Decoder, Object, RecordedSpec, SpecVisitor, object_of};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// That the data type allows the operations in this order, each object for itself.
///
/// A type that is not deterministic may be in several states; it allows what some state allows.
///
/// # Complexity
/// A step of the data type for each operation.
pub(super) fn legal(case: &Case<'_>, order: &[OpId]) -> Result<(), Fault> {
    case.spec.visit(Replay { case, order })
}

struct Replay<'a> {
    case: &'a Case<'a>,
    order: &'a [OpId],
}

impl SpecVisitor for Replay<'_> {
    type Output = Result<(), Fault>;

    fn visit<S: RecordedSpec>(self) -> Self::Output {
        let history = self.case.history;
        let mut decoder = Decoder::new(history);
        let mut objects: FxHashMap<Object, (S, Vec<S::State>)> = FxHashMap::default();
        let mut after = Vec::new();
        for (place, &id) in self.order.iter().enumerate() {
            let (op, ret) = S::decode(&mut decoder, id)?;
            let Some(object) = object_of(history, S::KIND, id) else {
                return refuted(format!("operation {id} is none of a {}", S::KIND));
            };
            let (spec, states) = match objects.entry(object) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let spec = S::of_object(history, object)?;
                    let initial = spec.initial();
                    entry.insert((spec, vec![initial]))
                }
            };
            after.clear();
            for state in &*states {
                spec.step(state, &op, ret.as_ref(), &mut after);
            }
            if after.is_empty() {
                return refuted(format!(
                    "a {} does not allow operation {id} at place {place} of the view: its result is not possible there",
                    S::KIND
                ));
            }
            keep_distinct(&mut after);
            std::mem::swap(states, &mut after);
        }
        Ok(())
    }
}

/// Several states are rare; equal ones among them need no second look.
fn keep_distinct<T: Clone + Eq + std::hash::Hash>(states: &mut Vec<T>) {
    if states.len() > 1 {
        let mut seen = rustc_hash::FxHashSet::default();
        states.retain(|state| seen.insert(state.clone()));
    }
}
