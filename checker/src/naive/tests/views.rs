//! fifo, processor, cache, slow, eventual.

use super::expect;
use crate::certificate::Witness;
use crate::history::OpId;
use crate::model::Model;
use crate::naive::{NaiveOptions, NaiveVerdict, judge};
use crate::testing::history;

#[test]
fn lipton_and_sandbergs_figure() {
    // Tanenbaum's figure for fifo: writes of one process in order, of different processes in any.
    let figure = "P1: W(x)a\nP2: R(x)a W(x)b W(x)c\nP3: R(x)b R(x)a R(x)c\nP4: R(x)a R(x)b R(x)c";
    expect(figure, "fifo yes, slow yes, causal no, processor no, cache no, sequential no");
    expect("P1: W(x)1 W(x)2\nP2: R(x)2 R(x)1", "slow no, fifo no, cache no, processor no");
    expect("P1: W(x)1 W(y)1\nP2: R(y)1 R(x)NIL", "slow yes, cache yes, fifo no, processor no");
}

#[test]
fn processors_agree_on_each_key() {
    expect("P: W(x)1 R(y)NIL\nQ: W(y)1 R(x)NIL", "processor yes, sequential no");
    let split = "P: W(x)1\nQ: W(x)2\nR: R(x)1 R(x)2\nS: R(x)2 R(x)1";
    expect(split, "fifo yes, processor no, cache no, causal yes, slow yes");
    // fifo and cache, but no fifo views agree on x: each process's own write to y orders them differently.
    let entangled = "P: W(x)1 W(y)1 R(y)2 R(x)1\nQ: W(y)2 W(x)2 R(x)1 R(y)2";
    expect(entangled, "cache yes");
}

#[test]
fn a_cas_must_succeed_in_every_view() {
    expect("P: C(x)NIL>1\nQ: C(x)NIL>2", "fifo no, slow no, cache no, causal no, processor no");
    expect(
        "P: C(x)NIL>1\nQ: C(x)1>2",
        "fifo yes, cache yes, causal yes, processor yes, causal-convergent yes",
    );
    // R has no reads of its own, and yet a view: Q's cas must find P's 1 there.
    expect("P: W(x)1 W(x)3\nQ: C(x)1>2 R(x)3\nR: W(x)9", "fifo yes");
    expect("P: C(x)1!2\nQ: R(x)NIL", "fifo yes, causal yes");
    expect("P: C(x)NIL!2", "sequential no, fifo yes, cache yes, weak yes, client-centric yes");
}

#[test]
fn initial_and_repeated_values() {
    expect("P: W(x)1 R(x)NIL", "fifo no, slow no, cache no, causal-weak no, causal no, weak no");
    expect("P: W(x)1 R(x)NIL\nQ: W(x)NIL", "fifo yes, cache yes, causal yes");
    expect("P: W(x)1\nQ: R(x)1 R(x)2 R(x)1\nR: W(x)2\nS: W(x)1?", "fifo yes, cache yes");
    expect("P: W(x)1\nQ: R(x)1 R(x)2 R(x)1\nR: W(x)2", "fifo no, cache no");
    expect("P: R(x)5", "fifo no, slow no, cache no, causal-weak no, weak no, entry no, monotonic-writes no");
}

#[test]
fn eventual() {
    expect("P: W(x)1@1-2\nQ: R(x)NIL@3-4 R(x)1@5-6\nR: R(x)1@7-8", "eventual yes");
    expect("P: W(x)1@1-2 W(x)2@1-2#\nQ: R(x)1@5-6\nR: R(x)NIL@7-8", "eventual no");
    expect("P: W(x)1@1-2\nQ: R(x)NIL@5-6\nR: R(x)NIL@7-8", "eventual no");
    expect("P: W(x)1@1-2\nQ: R(x)NIL@2-6\nR: R(x)1@7-8", "eventual yes");
    expect("P: R(x)1@1-2", "eventual no");
    expect("P: W(x)1@1-2 W(x)2@3-3?\nQ: R(x)1@5-6\nR: R(x)NIL@7-8", "eventual yes");
    let settle = history("P: W(x)1@1-2\nQ: R(x)NIL@7-8\nR: R(x)1@8-9");
    let finals = |settle_time| {
        let options = NaiveOptions { settle: settle_time, ..NaiveOptions::default() };
        match judge(&settle, Model::Eventual, &options).unwrap() {
            NaiveVerdict::Consistent(Witness::FinalReads(reads)) => Some(reads),
            _ => None,
        }
    };
    assert_eq!(finals(0), None);
    assert_eq!(finals(5), Some(vec![OpId(2)]));
    assert_eq!(finals(6), Some(vec![]), "vacuous");
}
