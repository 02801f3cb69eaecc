//! Every specification against what it must not do (panic), and against a plain implementation of its type.

use super::testing::{Script, int, replay};
use super::*;
use crate::history::{Datum, KeyId, LockId, Outcome};
use proptest::collection::vec;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, VecDeque};

/// Values of every shape, from a small pool so that they meet.
fn datum() -> impl Strategy<Value = Datum> {
    let leaf = prop_oneof![
        4 => (-1..3_i64).prop_map(int),
        1 => Just(Datum::Null),
        1 => any::<bool>().prop_map(Datum::Bool),
        1 => prop_oneof![Just(i64::MAX), Just(i64::MIN)].prop_map(int),
        1 => Just(Datum::integer(&"9".repeat(50))),
        1 => Just(Datum::integer("-170141183460469231731687303715884105728")),
        1 => prop_oneof![Just(0.5), Just(1.0), Just(f64::MAX)].prop_map(Datum::Float),
        1 => prop_oneof![Just(""), Just("a"), Just("longer than a handle")].prop_map(Datum::text),
        1 => Just(Datum::map(vec![("x".into(), int(1))])),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| vec(inner, 0..3).prop_map(Datum::List))
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![3 => Just(Outcome::Ok), 1 => Just(Outcome::Fail), 1 => Just(Outcome::Info)]
}

/// Histories that make no sense.
fn absurd() -> impl Strategy<Value = History> {
    let access = (prop_oneof![Just(Function::Read), Just(Function::Write), Just(Function::Append)], datum());
    let op = (0..Function::ALL.len(), prop::option::of(datum()), datum(), outcome(), vec(access, 0..3));
    (prop::option::of(datum()), vec(op, 1..8)).prop_map(|(initial, ops)| {
        let mut script = Script::new();
        if let Some(initial) = initial {
            script = script.initial(&initial);
        }
        for (function, value, other, outcome, accesses) in ops {
            script = match Function::ALL[function] {
                Function::Cas => {
                    script.cas("x", value.unwrap_or(Datum::Null), other, Some(outcome == Outcome::Ok))
                }
                Function::Txn => {
                    let accesses: Vec<_> = accesses.into_iter().map(|(f, value)| (f, "y", value)).collect();
                    script.txn(&accesses, outcome)
                }
                function if function.is_sync() && outcome == Outcome::Fail => script.refused(1, function),
                function if function.is_sync() => script.sync(0, function, outcome == Outcome::Info),
                function if outcome == Outcome::Fail => script.answered(function, other, value.is_none()),
                function => script.outcome(function, value, outcome),
            };
        }
        script.finish()
    })
}

/// Steps through whatever a history decodes to; a step that knows the answer must lead where one that does not may lead.
struct Fuzz<'a>(&'a History);

impl SpecVisitor for Fuzz<'_> {
    type Output = ();

    fn visit<S: RecordedSpec>(self) {
        let history = self.0;
        for object in [Object::Key(KeyId(0)), Object::Lock(LockId(0)), Object::Whole] {
            if matches!(object, Object::Key(_)) && history.key_count() == 0 {
                continue;
            }
            let Ok(spec) = S::of_object(history, object) else { continue };
            let mut decoder = Decoder::new(history);
            let steps: Vec<_> = history.ops().filter_map(|op| S::decode(&mut decoder, op).ok()).collect();
            let mut states = vec![spec.initial()];
            for (op, _) in &steps {
                let mut after = Vec::new();
                for state in &states {
                    let mut free = Vec::new();
                    spec.step(state, op, None, &mut free);
                    for (_, ret) in &steps {
                        let mut known = Vec::new();
                        spec.step(state, op, ret.as_ref(), &mut known);
                        assert!(known.iter().all(|state| free.contains(state)), "{op:?} {ret:?}");
                        if spec.observes(op, ret.as_ref()) {
                            assert!(known.iter().all(|after| after == state), "{op:?} {ret:?}");
                        }
                    }
                    after.extend(free);
                }
                if !after.is_empty() {
                    after.truncate(4);
                    states = after;
                }
                let _ = spec.partition(op);
                assert!(states.iter().all(|state| spec.state_bytes(state) > 0));
            }
        }
    }
}

/// What a plain implementation of the type does when the choices are made, and the same with the last answer changed.
fn record(kind: SpecKind, choices: &[(u8, i64)]) -> (Script, Script) {
    use Function as F;
    let null = |value: Option<i64>| value.map_or(Datum::Null, int);
    let mut script = Script::new();
    // The function and its right answer, then a wrong one, of the observation that ends the history.
    let (observe, right, wrong) = match kind {
        SpecKind::Register | SpecKind::MultiRegister => {
            let mut held = BTreeMap::new();
            for &(choice, value) in choices {
                let old = held.get("x").copied();
                script = match choice % 4 {
                    0 => script.op(F::Read, null(old)),
                    1 => script.cas("x", null(old), int(value), None),
                    2 => script.cas("x", int(old.unwrap_or(0) + 9), int(value), Some(false)),
                    _ => script.op(F::Write, int(value)),
                };
                if choice % 4 == 1 || choice % 4 == 3 {
                    held.insert("x", value);
                }
            }
            let held = held.get("x").copied();
            (F::Read, null(held), int(held.unwrap_or(0) + 9))
        }
        SpecKind::Counter => {
            let mut sum = 0;
            for &(choice, value) in choices {
                script = if choice % 2 == 0 {
                    script.op(F::Inc, int(value))
                } else {
                    script.op(F::Read, int(sum))
                };
                sum += if choice % 2 == 0 { value } else { 0 };
            }
            (F::Read, int(sum), int(sum + 1))
        }
        SpecKind::AppendList => {
            let mut text = String::new();
            for &(choice, value) in choices {
                let piece = "ab".repeat(value.unsigned_abs() as usize);
                match choice % 3 {
                    0 => script = script.op(F::Read, Datum::text(&text)),
                    1 => {
                        text = piece.clone();
                        script = script.op(F::Put, Datum::text(&piece));
                    }
                    _ => {
                        text.push_str(&piece);
                        script = script.op(F::Append, Datum::text(&piece));
                    }
                }
            }
            (F::Read, Datum::text(&text), Datum::text(&format!("{text}c")))
        }
        SpecKind::Set => {
            let mut set = BTreeSet::new();
            for &(choice, value) in choices {
                script = match choice % 3 {
                    0 => script.answered(F::Add, int(value), set.insert(value)),
                    1 => script.answered(F::Remove, int(value), set.remove(&value)),
                    _ => script.answered(F::Contains, int(value), set.contains(&value)),
                };
            }
            let mut list: Vec<_> = set.into_iter().rev().map(int).collect();
            let right = Datum::List(list.clone());
            list.push(int(99));
            (F::Read, right, Datum::List(list))
        }
        SpecKind::Queue => {
            let mut queue = VecDeque::new();
            for &(choice, value) in choices {
                script = if choice % 2 == 0 {
                    queue.push_back(value);
                    script.op(F::Enqueue, int(value))
                } else {
                    script.op(F::Dequeue, null(queue.pop_front()))
                };
            }
            (F::Dequeue, null(queue.pop_front()), int(99))
        }
        SpecKind::Stack => {
            let mut stack = Vec::new();
            for &(choice, value) in choices {
                script = if choice % 2 == 0 {
                    stack.push(value);
                    script.op(F::Push, int(value))
                } else {
                    script.op(F::Pop, null(stack.pop()))
                };
            }
            (F::Pop, null(stack.pop()), int(99))
        }
        SpecKind::PriorityQueue => {
            let mut heap = BinaryHeap::new();
            for &(choice, value) in choices {
                script = if choice % 2 == 0 {
                    heap.push(value);
                    script.op(F::Insert, int(value))
                } else {
                    script.op(F::Poll, null(heap.pop()))
                };
            }
            (F::Poll, null(heap.pop()), int(99))
        }
        SpecKind::Mutex | SpecKind::Semaphore => {
            // Process 0 holds the lock or not; the wrong end is to do the same once more.
            for _ in choices {
                script = script.sync(0, F::Acquire, false).sync(0, F::Release, false);
            }
            let right = script.clone().sync(0, F::Acquire, false);
            return (right.clone(), right.sync(1, F::Acquire, false));
        }
    };
    (script.clone().op(observe, right), script.op(observe, wrong))
}

struct Accepts<'a>(&'a History);

impl SpecVisitor for Accepts<'_> {
    type Output = bool;

    fn visit<S: RecordedSpec>(self) -> bool {
        !replay::<S>(self.0).expect("a history that fits").is_empty()
    }
}

proptest! {
    #[test]
    fn no_step_panics(history in absurd()) {
        let _ = infer(&history);
        for &kind in SpecKind::ALL {
            kind.visit(Fuzz(&history));
        }
    }

    #[test]
    fn what_a_plain_implementation_answers_is_legal_and_nothing_else(choices in vec((0..12_u8, -3..4_i64), 0..20)) {
        for &kind in SpecKind::ALL {
            let (right, wrong) = record(kind, &choices);
            prop_assert!(kind.visit(Accepts(&right.finish())), "{kind}");
            prop_assert!(!kind.visit(Accepts(&wrong.finish())), "{kind}");
        }
    }
}
