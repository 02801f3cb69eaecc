//! Concurrent programs, generated with their schedules; where one fails, proptest shrinks it with tribunal as the oracle.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use tribunal::spec::{Registers, RegistersOp, RegistersRet};
use tribunal::{Call, Calls, Model, Outcome, Require, Trial};
use tribunal_example_proptest::{Cache, System};

type Store = Registers<u8, u8>;

/// What a client does: read a key, or write a value to it.
type Step = (u8, Option<u8>);

/// Each client's steps, and who goes next.
type Program = (Vec<Vec<Step>>, Vec<usize>);

const CLIENTS: usize = 3;

fn programs() -> impl Strategy<Value = Program> {
    let step = (0..2_u8, prop::option::of(0..4_u8));
    let client = prop::collection::vec(step, 0..6);
    (prop::collection::vec(client, CLIENTS), prop::collection::vec(0..CLIENTS, 0..40))
}

/// Runs a program: a client's turn begins its next call, or makes the one that it has begun and ends it. What the
/// schedule leaves over never returns.
fn run((program, schedule): &Program, cache: Cache) -> Calls<Store> {
    let mut system = System::new(CLIENTS, cache);
    let mut calls: Vec<Call<_, _>> = Vec::new();
    let mut next = [0; CLIENTS];
    let mut open = [None; CLIENTS];
    for (time, &client) in (0..).zip(schedule) {
        if let Some(at) = open[client].take() {
            let call: &mut Call<_, _> = &mut calls[at];
            let ret = match call.op {
                RegistersOp::Write { key, value: Some(value) } => {
                    system.write(client, key, value);
                    RegistersRet::Written
                }
                ref op => RegistersRet::read(system.read(client, *op.key())),
            };
            (call.ret, call.outcome, call.end) = (Some(ret), Outcome::Ok, time);
        } else if let Some(&(key, write)) = program[client].get(next[client]) {
            next[client] += 1;
            open[client] = Some(calls.len());
            let op = write.map_or(RegistersOp::read(key), |value| RegistersOp::write(key, value));
            let process = client as u64;
            calls.push(Call { process, op, ret: None, outcome: Outcome::Info, start: time, end: time });
        }
    }
    Calls::new(calls)
}

/// The same programs on every run.
fn runner() -> TestRunner {
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn judge(calls: &Calls<Store>) -> Result<(), TestCaseError> {
    // Generated programs may be trivial.
    let trial = Trial::new().require(Require::nothing());
    let judged = trial.judge(calls, &Store::new(), Model::Linearizable);
    judged.map(drop).map_err(|failure| TestCaseError::fail(failure.to_string()))
}

#[test]
fn the_store_is_linearizable() {
    runner().run(&programs(), |program| judge(&run(&program, Cache::None))).unwrap();
}

#[test]
fn a_cache_that_nobody_invalidates_is_found_and_shrunk() {
    let found = runner().run(&programs(), |program| judge(&run(&program, Cache::Forever)));
    let Err(TestError::Fail(reason, program)) = found else { panic!("not found: {found:?}") };
    assert!(reason.message().contains("fits nowhere"), "{reason}");
    // A value into the cache, another one into the store, and a read.
    let steps: usize = program.0.iter().map(Vec::len).sum();
    let calls = run(&program, Cache::Forever);
    assert!(calls.len() <= 3 && steps <= 3, "{steps} steps: {calls:?}");
    assert!(judge(&calls).is_err());
}
