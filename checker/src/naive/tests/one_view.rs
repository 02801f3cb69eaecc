//! strict, linearizable, sequential.

use super::expect;
use crate::model::Model;
use crate::naive::{NaiveError, NaiveOptions, judge};
use crate::testing::history;

#[test]
fn the_three_differ_in_what_time_means() {
    // A read during the write may see either value: strict's write takes effect at its start.
    let during = "P: W(x)1@1-5\nQ: R(x)NIL@3-4";
    expect(during, "strict no, linearizable yes, sequential yes");
    expect("P: W(x)1@1-5\nQ: R(x)1@3-4", "strict yes, linearizable yes, sequential yes");
    expect("P: W(x)1@1-2\nQ: R(x)NIL@3-4", "strict no, linearizable no, sequential yes");
}

#[test]
fn tanenbaums_figures() {
    expect("P1: W(x)a\nP2: R(x)NIL R(x)a", "sequential yes");
    expect("P1: W(x)a\nP2: W(x)b\nP3: R(x)b R(x)a\nP4: R(x)b R(x)a", "sequential yes");
    expect("P1: W(x)a\nP2: W(x)b\nP3: R(x)b R(x)a\nP4: R(x)a R(x)b", "sequential no");
}

#[test]
fn store_buffering_is_not_sequential() {
    expect("P: W(x)1 R(y)NIL\nQ: W(y)1 R(x)NIL", "sequential no");
    expect("P: W(x)1 R(y)NIL\nQ: W(y)1 R(x)1", "sequential yes");
}

#[test]
fn intervals_are_closed() {
    expect("P: W(x)1@1-3\nQ: R(x)NIL@3-4", "linearizable yes");
    expect("P: W(x)1@1-3\nQ: R(x)NIL@4-5", "linearizable no");
    // At one instant strict orders one process's operations only.
    expect("P: W(x)1@3-3\nQ: R(x)NIL@3-3", "strict yes, linearizable yes");
    expect("P: W(x)1@3-3 R(x)NIL@3-3", "strict no, linearizable no, sequential no");
    // Not local where an operation starts as its process's previous one ends.
    let meeting = "P: R(x)1@1-3 W(y)1@3-5\nQ: R(y)1@1-3 W(x)1@3-5";
    expect(meeting, "linearizable no");
}

#[test]
fn info_operations_happen_late_or_never() {
    let late = "P: W(x)1@1-9?\nQ: R(x)NIL@20-21 R(x)1@30-31";
    expect(late, "strict yes, linearizable yes, sequential yes");
    expect("P: W(x)1@1-9?\nQ: R(x)1@20-21 R(x)NIL@30-31", "strict no, linearizable no, sequential no");
    expect("P: W(x)1@10-11?\nQ: R(x)1@1-2", "strict no, linearizable no, sequential yes");
    // At most once: 1, 2, 1 needs two writes of 1.
    let twice = "P: W(x)1@1-2?\nQ: R(x)1@3-4 W(x)2@5-6 R(x)2@7-8 R(x)1@9-10";
    expect(twice, "strict no, linearizable no, sequential no");
    // Everything earlier of its process is before it, nothing after it.
    expect("P: W(x)1 W(x)2?\nQ: R(x)2 R(x)1", "sequential no");
    expect("P: W(x)1? W(x)2\nQ: R(x)2 R(x)1", "sequential yes");
    expect("P: R(x)7?", "sequential yes");
}

#[test]
fn failed_operations_took_no_effect() {
    expect("P: W(x)1#\nQ: R(x)1", "sequential no");
    expect("P: C(x)1>2#\nQ: R(x)NIL", "sequential yes");
}

#[test]
fn compare_and_set() {
    expect("P: W(x)1 C(x)1>2 R(x)2", "sequential yes");
    expect("P: W(x)1 C(x)3>2", "sequential no");
    expect("P: W(x)1 C(x)3!2 R(x)1", "sequential yes");
    expect("P: W(x)1 C(x)1!2", "sequential no");
    expect("P: W(x)1 C(x)1>2?\nQ: R(x)1", "sequential yes");
    expect("P: W(x)1 C(x)3>2?\nQ: R(x)2", "sequential no");
}

#[test]
fn initial_values() {
    expect("P: R(x)NIL", "sequential yes");
    expect("P: W(x)1 W(x)NIL R(x)NIL", "sequential yes");
    expect("initial x=0\nP: R(x)0", "sequential yes");
    expect("initial x=0\nP: R(x)NIL", "sequential no");
    expect("initial x=0\nP: W(x)1\nQ: R(x)0 R(x)1", "sequential yes");
}

#[test]
fn locks_are_passed_over() {
    expect("P: Acq(L) W(x)1\nQ: Acq(L) R(x)1", "sequential yes");
}

#[test]
fn what_cannot_be_judged_is_an_error() {
    let untimed = history("P: W(x)1");
    let options = NaiveOptions::default();
    let error = judge(&untimed, Model::Linearizable, &options).unwrap_err();
    assert_eq!(error, NaiveError::NoTimes { model: Model::Linearizable });
    let large = history(&format!("P: {}", "W(x)1 ".repeat(13)));
    let error = judge(&large, Model::Sequential, &options).unwrap_err();
    assert_eq!(error, NaiveError::TooLarge { operations: 13, limit: 12 });
    assert!(judge(&history("P: enqueue(q)1 W(x)1"), Model::Sequential, &options).is_err());
}

#[test]
fn other_data_types() {
    expect("P: enqueue(q)1 enqueue(q)2\nQ: dequeue(q)2 dequeue(q)1", "sequential no");
    expect("P: enqueue(q)1 enqueue(q)2\nQ: dequeue(q)1 dequeue(q)2", "sequential yes");
    expect("P: enqueue(q)1@1-9\nQ: dequeue(q)1@2-3?\nR: dequeue(q)NIL@10-11", "linearizable yes");
    expect("P: enqueue(q)1@1-9\nR: dequeue(q)NIL@10-11", "linearizable no");
    expect("P: push(s)1 push(s)2 pop(s)1 pop(s)2", "sequential no");
    expect("P: Acq(L)@1-2 Rel(L)@5-6\nQ: Acq(L)@3-4", "linearizable no, sequential yes");
}
