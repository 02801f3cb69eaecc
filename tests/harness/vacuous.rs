//! A test that proves nothing must not look green.

use tribunal::spec::{Registers, RegistersOp, RegistersRet};
use tribunal::{Calls, Client, Failure, Model, Recorder, Require, Trial, assert_consistent};

type Store = Registers<String, u32>;

fn judge(calls: &Calls<Store>, require: Require) -> Result<tribunal::Passed, Failure> {
    Trial::new().require(require).judge(calls, &Store::new(), Model::Linearizable)
}

fn recorded(run: impl FnOnce(&mut Client<Store>, &mut Client<Store>)) -> Calls<Store> {
    let recorder = Recorder::<Store>::new(|| 0);
    run(&mut recorder.client(), &mut recorder.client());
    recorder.finish()
}

/// Says that it is vacuous, and why.
fn lacks(calls: &Calls<Store>, require: Require, why: &str) {
    match judge(calls, require) {
        Err(Failure::Vacuous { message }) => assert!(message.contains(why), "{message}"),
        other => panic!("not vacuous: {other:?}"),
    }
}

fn useful() -> Calls<Store> {
    recorded(|a, b| {
        let (write, read) = (a.invoke(RegistersOp::write("x", 1)), b.invoke(RegistersOp::read("x")));
        write.ok(RegistersRet::Written);
        read.ok(RegistersRet::read(1));
        a.invoke(RegistersOp::read("y")).fail();
    })
}

#[test]
fn nothing_was_done() {
    lacks(&recorded(|_, _| ()), Require::default(), "it has no operation");
}

#[test]
fn nothing_was_concurrent() {
    let calls = recorded(|a, b| {
        a.invoke(RegistersOp::write("x", 1)).ok(RegistersRet::Written);
        b.invoke(RegistersOp::read("x")).ok(RegistersRet::read(1));
    });
    lacks(&calls, Require::default(), "nothing was concurrent");
    assert!(judge(&calls, Require::default().overlapping(0)).is_ok());
}

#[test]
fn nothing_was_read() {
    let writes = recorded(|a, b| {
        let (one, two) = (a.invoke(RegistersOp::write("x", 1)), b.invoke(RegistersOp::write("x", 2)));
        one.ok(RegistersRet::Written);
        two.ok(RegistersRet::Written);
        a.invoke(RegistersOp::read("x")).unknown();
    });
    lacks(&writes, Require::default(), "no successful read");
    let reads = recorded(|a, b| {
        let (one, two) = (a.invoke(RegistersOp::read("x")), b.invoke(RegistersOp::read("x")));
        one.ok(RegistersRet::read(None));
        two.ok(RegistersRet::read(None));
    });
    lacks(&reads, Require::default(), "no successful read saw anything that changes");
}

#[test]
fn what_is_asked_for_counts() {
    let calls = useful();
    let passed = judge(&calls, Require::default()).unwrap();
    assert_eq!((passed.census.operations, passed.census.ok, passed.census.failed), (3, 2, 1));
    assert_eq!((passed.census.keys, passed.census.overlapping, passed.census.telling), (1, 1, Some(1)));
    lacks(&calls, Require::default().operations(4), "3 operations, fewer than 4");
    lacks(&calls, Require::default().ok_share(0.9), "2 of 3 calls took effect");
    lacks(&calls, Require::default().keys(2), "1 keys, fewer than 2");
    lacks(&calls, Require::default().overlapping(2), "1 pairs");
    lacks(&calls, Require::default().telling(2), "1 results");
}

#[test]
fn the_assertion_gives_what_it_counted() {
    let passed = assert_consistent!(&useful(), Store::new(), Model::Sequential);
    assert_eq!(passed.census.operations, 3);
    let trivial = recorded(|_, _| ());
    assert_consistent!(trivial, Store::new(), Model::Linearizable, Trial::new().require(Require::nothing()));
}
