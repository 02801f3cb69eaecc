//! The messages of failures read well.

use super::snapshot;
use serde::{Deserialize, Serialize};
use tribunal::spec::{Plain, Registers, RegistersOp, RegistersRet};
use tribunal::{Calls, Failure, Limits, Model, Recorder, Trial};

type Store = Registers<String, u32>;

/// A store with a cache that nobody invalidates, among other traffic.
pub(crate) fn stale() -> Calls<Store> {
    let recorder = Recorder::<Store>::new(|| 0);
    let mut clients: Vec<_> = (0..4).map(|_| recorder.client()).collect();
    for value in 1..=5 {
        let mut pending = Vec::new();
        for (client, key) in clients.iter_mut().zip(["x", "x", "y", "z"]) {
            pending.push(client.invoke(RegistersOp::write(key, value)));
        }
        pending.into_iter().for_each(|call| call.ok(RegistersRet::Written));
    }
    let start = recorder.now();
    clients[0].invoke(RegistersOp::write("x", 100)).ok(RegistersRet::Written);
    clients[2].invoke(RegistersOp::read("y")).ok(RegistersRet::read(5));
    clients[1].invoke(RegistersOp::write("x", 101)).ok(RegistersRet::Written);
    recorder.annotate("partition n1|n2", start..recorder.now());
    clients[3].invoke(RegistersOp::read("x")).ok(RegistersRet::read(100));
    clients[3].invoke(RegistersOp::read("x")).ok(RegistersRet::read(101));
    recorder.finish()
}

fn failure<S: tribunal::SequentialSpec>(trial: &Trial, calls: &Calls<S>, spec: &S) -> Failure {
    trial.judge(calls, spec, Model::Linearizable).expect_err("a failure")
}

#[test]
fn a_stale_read() {
    let failure = failure(&Trial::new(), &stale(), &Store::new());
    snapshot("stale-read.txt", &failure.to_string());
}

#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
enum Op {
    Push(u32),
    Pop,
}

type Stack = Plain<Vec<u32>, Op, Option<u32>>;

fn stack() -> Stack {
    Stack::new(Vec::new(), |stack, op| match op {
        Op::Push(value) => {
            stack.push(*value);
            None
        }
        Op::Pop => stack.pop(),
    })
}

#[test]
fn a_value_popped_twice() {
    let recorder = Recorder::<Stack>::new(|| 0);
    let (mut a, mut b) = (recorder.client(), recorder.client());
    for value in 1..=3 {
        a.invoke(Op::Push(value)).ok(None);
    }
    let (first, second) = (a.invoke(Op::Pop), b.invoke(Op::Pop));
    first.ok(Some(3));
    second.ok(Some(3));
    a.invoke(Op::Push(7)).unknown();
    let failure = failure(&Trial::new(), &recorder.finish(), &stack());
    snapshot("popped-twice.txt", &failure.to_string());
}

#[test]
fn a_limit() {
    // Many concurrent pushes and no room to try their orders.
    let recorder = Recorder::<Stack>::new(|| 0);
    let mut clients: Vec<_> = (0..12).map(|_| recorder.client()).collect();
    let pushes: Vec<_> =
        clients.iter_mut().zip(0..).map(|(client, value)| client.invoke(Op::Push(value))).collect();
    pushes.into_iter().for_each(|call| call.ok(None));
    clients[0].invoke(Op::Pop).ok(Some(3));
    let limits = Limits { memory: Some(1), threads: Some(1), ..Limits::default() };
    let trial = Trial::new().limits(limits);
    let failure = failure(&trial, &recorder.finish(), &stack());
    assert!(matches!(failure, Failure::Unknown { .. }), "{failure}");
    let message = failure.to_string();
    let first = message.lines().next().unwrap_or_default();
    assert_eq!(first, "nobody knows whether the history is linearizable: the check ended by memory");
    let passed = trial.allow_unknown().judge(&recorder.finish(), &stack(), Model::Linearizable);
    assert!(passed.is_ok());
}

#[test]
fn a_history_that_is_none() {
    let recorder = Recorder::<Stack>::new(|| 0);
    recorder.client().invoke(Op::Push(1)).ok(None);
    let mut calls = recorder.finish().to_vec();
    calls[0].end = -5;
    let failure = failure(&Trial::new(), &Calls::new(calls), &stack());
    assert_eq!(failure.to_string(), "call 0 returns at -5, before its start at 0; swap `start` and `end`");
}

/// The README shows the message as it is.
#[test]
fn the_readme_shows_it() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let message = failure(&Trial::new(), &stale(), &Store::new()).to_string();
    let (shown, _) = message.split_once("  meanwhile").expect("the remark");
    assert!(readme.contains(shown.trim_end()), "the README has\n{shown}");
}
