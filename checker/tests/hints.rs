//! The order that a system itself reports is tried first, and decides nothing.

use std::sync::atomic::{AtomicUsize, Ordering};
use tribunal_checker::engine::{Call, check_calls};
use tribunal_checker::history::Outcome;
use tribunal_checker::limits::Limits;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SequentialSpec;
use tribunal_checker::verdict::Verdict;

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
