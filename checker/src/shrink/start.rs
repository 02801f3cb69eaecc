//! Where shrinking starts: a part that is not much larger than it need be.

use super::part::{Case, Part};
use super::rules;
use super::{Run, named};
use crate::certificate::Refutation;
use crate::history::{History, MicroOp, OpId, Outcome};
use rustc_hash::FxHashSet;

/// The smallest violated part that the certificate leads to; everything, if need be.
pub(super) fn find(run: &mut Run<'_>, refutation: &Refutation) -> Part {
    let case = run.case;
    let none = FxHashSet::default();
    if let Refutation::Core { operations, pending, exhausted: false, .. } = refutation
        && !operations.is_empty()
    {
        let (mut operations, pending) = (operations.clone(), pending.iter().copied().collect());
        operations.sort_unstable();
        let core = Part::new(case, operations, &pending);
        if run.violates(&core) {
            return core;
        }
    }
    let everything: Vec<OpId> = case.history.ops().filter(|&op| case.judges(op)).collect();
    let seeds: Vec<OpId> =
        named(refutation).into_iter().filter(|op| everything.binary_search(op).is_ok()).collect();
    let objects = objects_of(case.history, &seeds);
    let meets = |op: &OpId| touched(case.history, *op).any(|object| objects.contains(&object));
    let near = match case.model.is_synchronised() {
        // Locks order what stands on other keys.
        true => everything.clone(),
        false => everything.iter().copied().filter(meets).collect(),
    };
    let near = Part::new(case, near, &none);
    let mut candidates = Vec::new();
    if !seeds.is_empty() {
        if rules::has_beginnings(case, &near) {
            let certain = seeds.iter().filter(|&&op| case.history.outcome(op) == Outcome::Ok);
            let until = certain.map(|&op| case.deadline(op)).max();
            candidates.extend(until.map(|until| self::until(case, &near, until)));
        } else {
            candidates.push(Part::new(case, rules::needs(case, &near).closure(&seeds), &none));
        }
    }
    if near.ops.len() < everything.len() && !near.ops.is_empty() {
        candidates.push(near);
    }
    for candidate in candidates {
        if run.violates(&candidate) {
            return candidate;
        }
    }
    Part::new(case, everything, &none)
}

/// What starts no later than an instant, the results of what is still under way then being cut off.
///
/// What starts later comes after everything else in every view of a one-view model with time.
pub(super) fn until(case: Case<'_>, part: &Part, instant: i64) -> Part {
    let ops = part.ops.iter().copied().filter(|&op| case.history.start(op) <= instant).collect::<Vec<_>>();
    let mut pending = part.pending.clone();
    pending.extend(ops.iter().filter(|&&op| case.deadline(op) > instant));
    pending.retain(|&op| case.history.outcome(op) == Outcome::Ok);
    Part::new(case, ops, &pending)
}

/// A key, or a lock.
type Thing = (bool, u32);

fn touched(history: &History, op: OpId) -> impl Iterator<Item = Thing> + '_ {
    let thing = |micro: MicroOp| match (micro.key(), micro.lock()) {
        (Some(key), _) => Some((false, key.0)),
        (None, lock) => lock.map(|lock| (true, lock.0)),
    };
    history.micros(op).filter_map(thing)
}

fn objects_of(history: &History, ops: &[OpId]) -> FxHashSet<Thing> {
    ops.iter().flat_map(|&op| touched(history, op)).collect()
}
