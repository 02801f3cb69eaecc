//! Transactions, step by step and read from histories.

use super::super::testing::{Script, int, replay, run, value};
use super::Access::{Read, Write};
use super::MultiRegisterOp::{Cas, Txn};
use super::MultiRegisterRet::{Reads, Swapped};
use super::*;

const X: KeyId = KeyId(0);
const Y: KeyId = KeyId(1);

fn txn(accesses: &[Access]) -> MultiRegisterOp {
    Txn(accesses.into())
}

fn reads(values: &[i64]) -> Option<MultiRegisterRet> {
    Some(Reads(values.iter().map(|&int| value(int)).collect()))
}

#[test]
fn semantics() {
    let map = MultiRegister { initial: value(0), initial_of: [].into() };
    let steps = [(txn(&[Write(X, value(1)), Write(Y, value(2)), Read(X)]), reads(&[1]))];
    assert_eq!(
        *run(&map, &steps),
        [[(X, value(1)), (Y, value(2))].into()],
        "a read sees its own transaction's write"
    );
    let back = [(txn(&[Write(Y, value(2))]), reads(&[])), (txn(&[Write(Y, value(0))]), None)];
    assert_eq!(run(&map, &back), [map.initial()], "one form for each state");
    assert_eq!(
        *run(&map, &[(Cas(X, value(1), value(2)), None)]),
        [[].into()],
        "an unknown answer includes the mismatch"
    );
    assert_eq!(
        map.partition(&txn(&[Read(X), Write(X, value(1))])),
        map.partition(&Cas(X, value(1), value(2)))
    );
    assert_eq!(map.partition(&txn(&[Read(X), Read(Y)])), None);
    let mixed = MultiRegister { initial: value(0), initial_of: [(Y, value(5))].into() };
    assert_eq!(
        run(&mixed, &[(txn(&[Read(X), Read(Y), Write(Y, value(5))]), reads(&[0, 5]))]),
        [mixed.initial()]
    );
}

#[test]
fn accepts() {
    use Function::{Read, Write};
    let initial = Datum::map(vec![("x".into(), int(0)), ("y".into(), Datum::text("longer than a handle"))]);
    let script = Script::new()
        .initial(&initial)
        .txn(&[(Read, "x", int(0)), (Read, "z", Datum::Null)], Outcome::Ok)
        .txn(&[(Write, "x", int(1)), (Read, "x", int(1)), (Write, "x", int(2))], Outcome::Ok)
        .op(Read, int(2))
        .op(Write, int(3))
        .cas("x", int(3), int(4), None)
        .cas("x", int(3), int(5), Some(false))
        .txn(&[], Outcome::Ok)
        .txn(&[(Read, "x", int(4)), (Read, "y", Datum::text("longer than a handle"))], Outcome::Ok);
    assert_eq!(replay::<MultiRegister>(&script.finish()).unwrap().len(), 1);
}

#[test]
fn rejects() {
    let map = MultiRegister { initial: value(0), initial_of: [].into() };
    for (op, ret) in [
        (txn(&[Read(X), Write(X, value(1))]), reads(&[1])),
        (txn(&[Write(X, value(1)), Read(X), Read(Y)]), reads(&[1, 1])),
        (txn(&[Read(X)]), reads(&[])),
        (txn(&[Read(X)]), reads(&[0, 0])),
        (txn(&[Read(X)]), Some(Swapped(true))),
        (Cas(X, value(1), value(2)), Some(Swapped(true))),
        (Cas(X, value(0), value(2)), Some(Swapped(false))),
        (Cas(X, value(0), value(2)), reads(&[])),
    ] {
        assert!(run(&map, &[(op, ret)]).is_empty());
    }
    let thin_air =
        Script::new().initial(&Datum::map(vec![("x".into(), Datum::Float(0.5))])).op(Function::Read, int(0));
    assert!(replay::<MultiRegister>(&thin_air.finish()).unwrap().is_empty());
    for script in [
        Script::new().op(Function::Push, int(1)),
        Script::new().unanswered(Function::Write),
        Script::new().txn(&[(Function::Append, "x", int(1))], Outcome::Ok),
    ] {
        assert!(replay::<MultiRegister>(&script.finish()).is_err());
    }
}
