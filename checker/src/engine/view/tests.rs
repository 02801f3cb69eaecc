//! Both searches against the definition, enumerated, on random problems: a register with few values, ties, operations
//! without return.

use super::breadth::{Breadth, Progress};
use super::context::Context;
use super::depth::Depth;
use super::mask::Mask;
use super::problem::{Item, Problem};
use super::replay;
use crate::history::{OpId, Value};
use crate::limits::Meter;
use crate::spec::{Interned, Register, RegisterOp, RegisterRet, SequentialSpec};
use proptest::prelude::*;
use std::sync::atomic::AtomicBool;

type Action = (RegisterOp, Option<RegisterRet>);

fn int(int: u8) -> Value {
    Value::small_int(i64::from(int)).unwrap()
}

/// A random operation: (process, action, start, length, without return).
fn operation() -> impl Strategy<Value = (u8, Action, i64, i64, bool)> {
    let action = prop_oneof![
        3 => (0..3_u8).prop_map(|v| (RegisterOp::Write(int(v)), Some(RegisterRet::Written))),
        3 => (0..3_u8).prop_map(|v| (RegisterOp::Read, Some(RegisterRet::Value(int(v))))),
        2 => (0..3_u8, 0..3_u8).prop_map(|(a, b)| (RegisterOp::Cas(int(a), int(b)), Some(RegisterRet::Swapped(true)))),
        1 => (0..3_u8, 0..3_u8).prop_map(|(a, b)| (RegisterOp::Cas(int(a), int(b)), Some(RegisterRet::Swapped(false)))),
        1 => (0..3_u8, 0..3_u8).prop_map(|(a, b)| (RegisterOp::Cas(int(a), int(b)), None)),
    ];
    (0..4_u8, action, 0..12_i64, 0..6_i64, prop::bool::weighted(0.2))
}

/// Items and actions; an operation that starts where the process's last one ended comes after it.
fn items(operations: Vec<(u8, Action, i64, i64, bool)>) -> (Vec<Item>, Vec<Action>) {
    let (mut items, mut actions): (Vec<Item>, Vec<Action>) = (Vec::new(), Vec::new());
    for (index, (process, action, start, length, open)) in operations.into_iter().enumerate() {
        let number = actions.iter().position(|other| *other == action).unwrap_or_else(|| {
            actions.push(action);
            actions.len() - 1
        });
        let previous = (0..items.len()).rev().find(|&other: &usize| {
            items[other].end.is_some_and(|end| end == start) && process.is_multiple_of(2)
        });
        items.push(Item {
            op: OpId(index as u32),
            action: number as u32,
            start,
            end: (!open).then_some(start + length),
            after: previous.map(|other| other as u32),
        });
    }
    (items, actions)
}

/// The definition: some order of the operations that happened is legal and respects the intervals and the ties.
fn enumerate(items: &[Item], actions: &[Action], placed: &mut Vec<usize>, state: Value) -> bool {
    let rest: Vec<usize> = (0..items.len()).filter(|item| !placed.contains(item)).collect();
    if rest.iter().all(|&item| items[item].end.is_none()) {
        return true;
    }
    let register = Register { initial: int(0) };
    for &item in &rest {
        let first = rest.iter().all(|&other| items[other].end.is_none_or(|end| end >= items[item].start));
        let tied = items[item].after.is_some_and(|before| !placed.contains(&(before as usize)));
        if !first || tied {
            continue;
        }
        let (op, ret) = &actions[items[item].action as usize];
        let mut next = Vec::new();
        register.step(&state, op, ret.as_ref(), &mut next);
        placed.push(item);
        if next.into_iter().any(|state| enumerate(items, actions, placed, state)) {
            return true;
        }
        placed.pop();
    }
    false
}

/// Whether a view is legal, complete, and respects the intervals and ties.
fn is_view(items: &[Item], actions: &[Action], view: &[OpId]) -> bool {
    let register = Register { initial: int(0) };
    let mut state = int(0);
    let mut latest = i64::MIN;
    for (index, op) in view.iter().enumerate() {
        let item = &items[op.index()];
        let (function, ret) = &actions[item.action as usize];
        let mut next = Vec::new();
        register.step(&state, function, ret.as_ref(), &mut next);
        let Some(&after) = next.first() else { return false };
        let tied = item.after.is_some_and(|before| !view[..index].contains(&OpId(before)));
        latest = latest.max(item.start);
        if tied || item.end.is_some_and(|end| end < latest) || view[..index].contains(op) {
            return false;
        }
        state = after;
    }
    (0..items.len()).all(|item| items[item].end.is_none() || view.contains(&OpId(item as u32)))
}

/// A search's answer, in budgets of one step, with its view.
fn answer<M: Mask>(cx: Context<'_>, mut run: impl FnMut() -> Progress) -> Option<Vec<OpId>> {
    loop {
        match run() {
            Progress::Paused => {}
            Progress::Found(steps) => return Some(replay::view::<M>(cx, &steps, usize::MAX).unwrap()),
            Progress::Stuck { event, longest, .. } => {
                replay::view::<M>(cx, &longest, event as usize).unwrap();
                return None;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]
    #[test]
    fn searches_agree_with_the_definition(operations in prop::collection::vec(operation(), 1..8)) {
        let (items, actions) = items(operations);
        let expected = enumerate(&items, &actions, &mut Vec::new(), int(0));
        let (problem, meter, register) = (Problem::new(&items), Meter::unlimited(), Register { initial: int(0) });
        let machine = Interned::new(&register, &actions, &meter).unwrap();
        let observer: Vec<bool> = actions.iter().map(|(op, ret)| register.observes(op, ret.as_ref())).collect();
        let cx = Context::new(&problem, &machine, &observer, &meter);
        let mut depth = Depth::<[u64; 1]>::new(cx);
        let mut breadth = Breadth::<Box<[u64]>>::new(cx);
        let found = [
            answer::<[u64; 1]>(cx, || depth.run(1).unwrap()),
            answer::<Box<[u64]>>(cx, || breadth.run(1, &AtomicBool::new(false)).unwrap()),
        ];
        for view in found {
            prop_assert_eq!(view.is_some(), expected, "{:?} {:?}", items, actions);
            if let Some(view) = view {
                prop_assert!(is_view(&items, &actions, &view), "{:?} {:?} {:?}", view, items, actions);
            }
        }
    }
}

/// Many writes at once, then reads one after the other: frontiers large enough for the threads to share.
fn crowd(reads: &[u8]) -> (Vec<Item>, Vec<Action>) {
    let writes =
        (1..15).map(|v| ((RegisterOp::Write(int(v)), Some(RegisterRet::Written)), 0, 1000 + i64::from(v)));
    let reads = reads
        .iter()
        .zip(1_i64..)
        .map(|(&v, time)| ((RegisterOp::Read, Some(RegisterRet::Value(int(v)))), 10 * time, 10 * time + 15));
    let (mut items, mut actions) = (Vec::new(), Vec::new());
    for (index, (action, start, end)) in writes.chain(reads).enumerate() {
        actions.push(action);
        let (op, action) = (OpId(index as u32), index as u32);
        items.push(Item { op, action, start, end: Some(end), after: None });
    }
    (items, actions)
}

#[test]
fn any_number_of_threads_finds_the_same() {
    for reads in [&[3, 5, 1, 7, 9, 2][..], &[3, 5, 1, 7, 9, 3]] {
        let (items, actions) = crowd(reads);
        let (problem, register) = (Problem::new(&items), Register { initial: int(0) });
        let answers = [1, 2, 8].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let meter = Meter::unlimited();
                let machine = Interned::new(&register, &actions, &meter).unwrap();
                let observer: Vec<bool> =
                    actions.iter().map(|(op, ret)| register.observes(op, ret.as_ref())).collect();
                let cx = Context::new(&problem, &machine, &observer, &meter);
                let mut breadth = Breadth::<[u64; 1]>::new(cx);
                let progress = breadth.run(u64::MAX, &AtomicBool::new(false)).unwrap();
                (format!("{progress:?}"), breadth.progress().1, super::race::search(cx))
            })
        });
        assert!(answers[0].1 > 10_000, "a crowd: {} configurations", answers[0].1);
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0], answers[2]);
    }
}
