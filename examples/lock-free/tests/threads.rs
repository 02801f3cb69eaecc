//! The stack under threads: record, judge, and see the bug.

use serde::{Deserialize, Serialize};
use std::sync::Barrier;
use tribunal::spec::Plain;
use tribunal::{Calls, Failure, Model, Recorder, Require, Trial, assert_consistent};
use tribunal_example_lock_free::Stack;

#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
enum Op {
    Push(u64),
    Pop,
}

/// What the stack must behave like: a vector.
type Sequential = Plain<Vec<u64>, Op, Option<u64>>;

fn like_a_vector() -> Sequential {
    Sequential::new(Vec::new(), |stack, op| match op {
        Op::Push(value) => {
            stack.push(*value);
            None
        }
        Op::Pop => stack.pop(),
    })
}

const THREADS: u64 = 3;
const ROUNDS: u64 = 100;

fn run() -> Calls<Sequential> {
    let recorder = Recorder::<Sequential>::default();
    let stack = Stack::with_capacity((THREADS * ROUNDS) as usize);
    let start = Barrier::new(THREADS as usize);
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let (mut client, stack, start) = (recorder.client(), &stack, &start);
            scope.spawn(move || {
                for round in 0..ROUNDS {
                    let value = round * THREADS + thread;
                    let push = client.invoke(Op::Push(value));
                    // Every thread has begun before any goes on: their calls overlap even where there is one processor.
                    start.wait();
                    stack.push(value);
                    push.ok(None);

                    let pop = client.invoke(Op::Pop);
                    start.wait();
                    pop.ok(stack.pop());
                }
            });
        }
    });
    recorder.finish()
}

#[test]
fn the_stack_is_linearizable() {
    let require = Require::default().operations(600).ok_share(1.0).telling(100);
    assert_consistent!(run(), like_a_vector(), Model::Linearizable, Trial::new().require(require));
}

#[test]
fn a_pop_in_two_steps_is_found() {
    let recorder = Recorder::<Sequential>::default();
    let (stack, meet) = (Stack::with_capacity(3), Barrier::new(2));
    let mut client = recorder.client();
    for value in 1..=3 {
        client.record(Op::Push(value), || {
            stack.push(value);
            None
        });
    }
    std::thread::scope(|scope| {
        for _ in 0..2 {
            let (mut client, stack, meet) = (recorder.client(), &stack, &meet);
            scope.spawn(move || client.record(Op::Pop, || stack.pop_in_two_steps(meet)));
        }
    });
    let failure = Trial::new().judge(&recorder.finish(), &like_a_vector(), Model::Linearizable).unwrap_err();
    assert!(matches!(failure, Failure::Violated { .. }), "{failure}");
    assert!(failure.to_string().contains("Pop → Some(3) fits nowhere"), "{failure}");
}
