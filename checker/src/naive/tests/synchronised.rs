//! weak, release, entry.

use super::expect;
use crate::certificate::Witness;
use crate::model::Model;
use crate::naive::{NaiveOptions, NaiveVerdict, judge, properly_labelled};
use crate::testing::history;

#[test]
fn textbook_figures() {
    let weak = "P1: W(x)a@1-1 W(x)b@2-2 S(s)@3-3\nP2: R(x)a@4-4 R(x)b@5-5 S(s)@7-7\nP3: R(x)b@4-4 R(x)a@5-5 S(s)@8-8";
    expect(weak, "weak yes, release yes, entry yes");
    expect("P1: W(x)a@1-1 W(x)b@2-2 S(s)@3-3\nP2: S(s)@4-4 R(x)a@5-5", "weak no, release no, entry yes");
    // Without times the sync of the reader may come first.
    expect("P1: W(x)a W(x)b S(s)\nP2: S(s) R(x)a", "weak yes");
    let release =
        "P1: Acq(L)@1-1 W(x)a@2-2 W(x)b@3-3 Rel(L)@4-4\nP2: Acq(L)@5-5 R(x)b@6-6 Rel(L)@7-7\nP3: R(x)a@8-8";
    expect(release, "release yes, weak yes");
    let stale = "P1: Acq(L)@1-1 W(x)a@2-2 W(x)b@3-3 Rel(L)@4-4\nP2: Acq(L)@5-5 R(x)a@6-6 Rel(L)@7-7";
    expect(stale, "release no, weak no");
    let entry = "P1: Acq(Lx)@1-1 W(x)a@2-2 Acq(Ly)@3-3 W(y)b@4-4 Rel(Lx)@5-5 Rel(Ly)@6-6\nP2: Acq(Lx)@7-7 R(x)a@8-8 R(y)NIL@9-9\nP3: Acq(Ly)@8-8 R(y)b@9-9";
    expect(entry, "entry yes, release no");
    expect("P1: Acq(Lx)@1-1 W(x)a@2-2 Rel(Lx)@5-5\nP2: Acq(Lx)@7-7 R(x)NIL@8-8", "entry no");
    expect(
        "guard x=M\nP1: Acq(Lx)@1-1 W(x)a@2-2 Rel(Lx)@5-5\nP2: Acq(Lx)@7-7 R(x)NIL@8-8",
        "entry yes, release no",
    );
}

#[test]
fn locks_exclude() {
    expect(
        "P: Acq(L)@1-1 Rel(L)@5-5\nQ: Acq(L)@3-3 Rel(L)@7-7",
        "weak no, release no, entry no, sequential yes",
    );
    expect("P: AcqS(L)@1-1 Rel(L)@5-5\nQ: AcqS(L)@3-3 Rel(L)@7-7", "weak yes, release yes, entry yes");
    expect("P: AcqS(L)@1-1 Rel(L)@5-5\nQ: Acq(L)@3-3 Rel(L)@7-7", "weak no");
    expect("P: Acq(L)@1-1 Rel(L)@5-5\nQ: Acq(L)@3-6 Rel(L)@7-7", "weak yes");
    // Not re-entrant, in no mode; a hold that is never released lasts to the end; a release without a hold is none.
    expect("P: Acq(L) Acq(L)", "weak no, release no, entry no");
    expect("P: AcqS(L) AcqS(L)", "release no");
    expect("P: Acq(L)\nQ: Acq(L)", "release no");
    expect("P: Acq(L)@1-1\nQ: Rel(L)@2-2\nR: Acq(L)@3-3", "release no");
    expect("P: Rel(L) Acq(L) Rel(L) Rel(L)\nQ: Acq(L)", "release yes");
    // An acquire may not have happened; a release that may have frees the lock.
    expect("P: Acq(L)?\nQ: Acq(L)", "release yes");
    expect("P: Acq(L)@1-1 Rel(L)@2-2?\nQ: Acq(L)@3-3", "release yes");
}

#[test]
fn a_release_without_a_hold_synchronises() {
    expect("P: W(x)1@1-1 Rel(L)@2-2\nQ: Acq(L)@3-3 R(x)NIL@4-4", "release no, weak no");
    expect("P: AcqS(Lx)@1-1 W(x)1@2-2 Rel(Lx)@3-3\nQ: AcqS(Lx)@4-4 R(x)NIL@5-5", "release no, entry no");
    // Acquires alone publish nothing in release, everything in weak.
    expect("P: W(x)1@1-1 Acq(L)@2-2\nQ: Acq(M)@3-3 R(x)NIL@4-4", "release yes, weak no");
}

#[test]
fn writes_that_race_are_coherent() {
    expect("P: W(x)1 W(x)2\nQ: R(x)2 R(x)1", "weak yes, release yes");
    expect("P: W(x)1 R(x)2\nQ: W(x)2 R(x)1", "weak no");
    expect("P: R(x)1 W(x)1", "weak no, entry no");
    expect("P: C(x)1>2\nQ: C(x)2>1", "weak no");
    expect("P: C(x)NIL>2\nQ: C(x)NIL>1", "weak yes");
}

#[test]
fn proper_labels() {
    let labelled = |text: &str, model| {
        let history = history(text);
        let verdict = judge(&history, model, &NaiveOptions::default()).unwrap();
        let NaiveVerdict::Consistent(Witness::Synchronised { sync_order, arbitration, .. }) = verdict else {
            panic!("consistent");
        };
        properly_labelled(&history, model, &sync_order, &arbitration).unwrap()
    };
    let guarded = "P: Acq(Lx)@1-1 W(x)1@2-2 Rel(Lx)@3-3\nQ: Acq(Lx)@4-4 R(x)1@5-5 Rel(Lx)@6-6";
    assert!(
        labelled(guarded, Model::Weak)
            && labelled(guarded, Model::Release)
            && labelled(guarded, Model::Entry)
    );
    assert!(!labelled("P: W(x)1\nQ: R(x)1", Model::Release));
    assert!(labelled("P: W(x)1 R(x)1\nQ: R(y)NIL", Model::Release));
}
