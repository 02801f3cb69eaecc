//! The order that the system itself reports, tried before any search.
//!
//! Problem: many systems tell where an operation stands (a revision, an offset); searching for an order that is known
//! is a waste. Algorithm: sort the calls by their hints, and replay that order. Soundness: the order is believed only if
//! it is a view of the model, checked here step by step: legal, in program order, and for linearizability in real time.
//! Completeness is not wanted: anything else is left to the search. Complexity: O(n log n), and n steps of the
//! specification for each state that a non-deterministic type may be in, of which there may be [`STATES`].

use super::Call;
use crate::history::{OpId, Outcome};
use crate::limits::Meter;
use crate::model::Model;
use crate::spec::SequentialSpec;
use rustc_hash::FxHashMap;

/// How many states are followed at a time.
const STATES: usize = 64;

/// The order of the hints, if every `ok` call has one and the order is a view. `order`: the calls that may have taken
/// effect, by process, in program order. Calls of unknown outcome without a hint are taken not to have happened.
pub(super) fn view<S: SequentialSpec>(
    spec: &S,
    calls: &[Call<S::Op, S::Ret>],
    model: Model,
    order: &[u32],
    meter: &Meter,
) -> Option<Vec<OpId>> {
    if !matches!(model, Model::Linearizable | Model::Sequential) {
        return None;
    }
    let mut hinted = Vec::new();
    for &call in order {
        let Call { op, outcome, start, .. } = &calls[call as usize];
        let ret = calls[call as usize].ret.as_ref().filter(|_| *outcome == Outcome::Ok);
        match spec.order_hint(op, ret) {
            // An observer stands behind the change that it has seen.
            Some(hint) => hinted.push((hint, spec.observes(op, ret), *start, call)),
            None if *outcome == Outcome::Ok => return None,
            None => {}
        }
    }
    hinted.sort_unstable();
    let view: Vec<u32> = hinted.iter().map(|&(.., call)| call).collect();
    let kept = in_program_order(calls, order, &view)
        && (model == Model::Sequential || in_real_time(calls, &view))
        && is_legal(spec, calls, &view, meter);
    kept.then(|| view.into_iter().map(OpId).collect())
}

fn in_program_order<Op, Ret>(calls: &[Call<Op, Ret>], order: &[u32], view: &[u32]) -> bool {
    let place: FxHashMap<u32, usize> = view.iter().enumerate().map(|(at, &call)| (call, at)).collect();
    let mut last: Option<(u64, usize)> = None;
    order.iter().filter_map(|call| Some((calls[*call as usize].process, *place.get(call)?))).all(|next| {
        let before = last.replace(next);
        before.is_none_or(|before| before.0 != next.0 || before.1 < next.1)
    })
}

fn in_real_time<Op, Ret>(calls: &[Call<Op, Ret>], view: &[u32]) -> bool {
    let mut latest = i64::MIN;
    view.iter().all(|&call| {
        let Call { start, end, outcome, .. } = calls[call as usize];
        latest = latest.max(start);
        outcome != Outcome::Ok || latest <= end
    })
}

fn is_legal<S: SequentialSpec>(spec: &S, calls: &[Call<S::Op, S::Ret>], view: &[u32], meter: &Meter) -> bool {
    let mut states = vec![spec.initial()];
    let mut next = Vec::new();
    for &call in view {
        let Call { op, ret, outcome, .. } = &calls[call as usize];
        let ret = ret.as_ref().filter(|_| *outcome == Outcome::Ok);
        for state in &states {
            let from = next.len();
            spec.step(state, op, ret, &mut next);
            let mut at = from;
            while at < next.len() {
                if next[..at].contains(&next[at]) {
                    next.swap_remove(at);
                } else {
                    at += 1;
                }
            }
        }
        states.clear();
        std::mem::swap(&mut states, &mut next);
        if states.is_empty() || states.len() > STATES || meter.check().is_err() {
            return false;
        }
    }
    true
}
