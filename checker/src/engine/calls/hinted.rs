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

#[cfg(test)]
mod tests {
    use super::super::check_calls;
    use super::*;
    use crate::limits::Limits;
    use crate::verdict::Verdict;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A register whose answers carry the revision; counts its steps.
    #[derive(Default)]
    struct Revised(AtomicUsize);

    #[derive(Clone, PartialEq, Eq, Hash, Debug)]
    enum Op {
        Read,
        Write(u64),
    }

    impl SequentialSpec for Revised {
        type State = u64;
        type Op = Op;
        type Ret = (u64, i64);

        fn initial(&self) -> u64 {
            0
        }

        fn step(&self, state: &u64, op: &Op, ret: Option<&(u64, i64)>, next: &mut Vec<u64>) {
            self.0.fetch_add(1, Ordering::Relaxed);
            match op {
                Op::Write(value) => next.push(*value),
                Op::Read => next.extend(ret.is_none_or(|ret| ret.0 == *state).then_some(*state)),
            }
        }

        fn observes(&self, op: &Op, _: Option<&(u64, i64)>) -> bool {
            *op == Op::Read
        }

        fn order_hint(&self, _: &Op, ret: Option<&(u64, i64)>) -> Option<i64> {
            ret.map(|ret| ret.1)
        }
    }

    fn call(process: u64, op: Op, ret: (u64, i64), start: i64, end: i64) -> Call<Op, (u64, i64)> {
        Call { process, op, ret: Some(ret), outcome: Outcome::Ok, start, end }
    }

    fn judge(spec: &Revised, calls: &[Call<Op, (u64, i64)>], model: Model) -> Verdict {
        check_calls(spec, calls, model, &Limits::default()).unwrap()
    }

    #[test]
    fn a_true_order_is_replayed_once() {
        // Concurrent all of them: a search would have to guess.
        let calls: Vec<_> = (0..40_u32)
            .flat_map(|i| {
                let at = i64::from(i);
                let value = u64::from(i) % 3 + 1;
                [
                    call(u64::from(i), Op::Write(value), (0, at), 0, 100),
                    call(100 + u64::from(i), Op::Read, (value, at), 0, 100),
                ]
            })
            .collect();
        let spec = Revised::default();
        assert!(matches!(judge(&spec, &calls, Model::Linearizable), Verdict::Consistent(_)));
        assert_eq!(spec.0.load(Ordering::Relaxed), calls.len());
    }

    #[test]
    fn a_false_order_decides_nothing() {
        // The revisions are swapped: consistent all the same.
        let lying = [call(0, Op::Write(1), (0, 2), 0, 1), call(1, Op::Write(2), (0, 1), 2, 3)];
        assert!(matches!(judge(&Revised::default(), &lying, Model::Linearizable), Verdict::Consistent(_)));
        // In the order of the revisions it would be fine, but real time says no.
        let stale = [
            call(0, Op::Write(1), (0, 1), 0, 1),
            call(0, Op::Write(2), (0, 2), 2, 3),
            call(1, Op::Read, (1, 1), 4, 5),
        ];
        assert!(matches!(judge(&Revised::default(), &stale, Model::Linearizable), Verdict::Violated(_)));
        assert!(matches!(judge(&Revised::default(), &stale, Model::Sequential), Verdict::Consistent(_)));
        // And here the process's own order does.
        let own = [
            call(0, Op::Write(1), (0, 1), 0, 1),
            call(0, Op::Write(2), (0, 2), 2, 3),
            call(0, Op::Read, (1, 1), 4, 5),
        ];
        assert!(matches!(judge(&Revised::default(), &own, Model::Sequential), Verdict::Violated(_)));
    }
}
