//! Concurrent programs, generated with their schedules; where one fails, proptest shrinks it with tribunal as the oracle.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use tribunal::spec::{Registers, RegistersOp, RegistersRet};
use tribunal::{Call, Calls, Model, Outcome, Require, Trial};
use tribunal_example_proptest::{Cache, System};

type Store = Registers<u8, u8>;

/// A turn of a client: it reads a key, or writes a value to it; and whether the call takes its effect and returns at once, or
/// at the client's next turn, while others go on. Such a program stays one when turns are left out: it shrinks well.
#[derive(Clone, Debug)]
struct Turn {
    client: usize,
    key: u8,
    write: Option<u8>,
    later: bool,
}

const CLIENTS: usize = 3;

fn programs() -> impl Strategy<Value = Vec<Turn>> {
    let turn = (0..CLIENTS, 0..2_u8, prop::option::of(0..4_u8), any::<bool>());
    let turn = turn.prop_map(|(client, key, write, later)| Turn { client, key, write, later });
    prop::collection::vec(turn, 0..30)
}

/// Runs a program. Calls that are still open at its end never return.
fn run(program: &[Turn], cache: Cache) -> Calls<Store> {
    let mut system = System::new(CLIENTS, cache);
    let mut calls: Vec<Call<_, _>> = Vec::new();
    let mut open = [None; CLIENTS];
    let mut time = 0;
    for &Turn { client, key, write, later } in program {
        let mut end = |calls: &mut Vec<Call<_, _>>, at: usize, time: i64| {
            let call = &mut calls[at];
            let ret = match call.op {
                RegistersOp::Write { key, value: Some(value) } => {
                    system.write(client, key, value);
                    RegistersRet::Written
                }
                ref op => RegistersRet::read(system.read(client, *op.key())),
            };
            (call.ret, call.outcome, call.end) = (Some(ret), Outcome::Ok, time);
        };
        if let Some(at) = open[client].take() {
            time += 1;
            end(&mut calls, at, time);
        }
        let op = write.map_or(RegistersOp::read(key), |value| RegistersOp::write(key, value));
        let (at, process) = (calls.len(), client as u64);
        time += 1;
        calls.push(Call { process, op, ret: None, outcome: Outcome::Info, start: time, end: time });
        if !later {
            time += 1;
            end(&mut calls, at, time);
        } else {
            open[client] = Some(at);
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
    // A value into a cache, another one into the store, and a read; and little besides.
    assert!(program.len() <= 5, "{program:?}");
    assert!(judge(&run(&program, Cache::Forever)).is_err());
}
