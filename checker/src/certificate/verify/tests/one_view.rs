//! Views of strict, linearizable and sequential.

use super::{assert_refuted, assert_verified, check, ids, view, views};
use crate::certificate::verify::{Verification, VerifyOptions, verify};
use crate::certificate::{Certificate, OneStep, Refutation, Witness};
use crate::history::{History, OpId};
use crate::model::{Guarantees, Model};
use crate::naive::{NaiveOptions, judge};
use crate::spec::SpecKind;
use crate::testing::{Registers, history, registers, replicas};
use proptest::prelude::*;

#[test]
fn a_view_and_its_mutants() {
    let history = history("P: W(x)1@1-3 R(x)2@4-6\nQ: W(x)2@2-5 W(x)3@7-8? W(x)9@1-1#");
    assert_verified(&view(&history, "linearizable", &[0, 2, 1]));
    assert_verified(&view(&history, "linearizable", &[0, 2, 1, 3]));
    assert_refuted(&view(&history, "linearizable", &[2, 0, 1]), "its result is not possible");
    assert_refuted(&view(&history, "linearizable", &[0, 1, 2]), "its result is not possible");
    assert_refuted(&view(&history, "linearizable", &[0, 2]), "lacks operation 1");
    assert_refuted(&view(&history, "linearizable", &[0, 2, 1, 4]), "takes no part");
    assert_refuted(&view(&history, "linearizable", &[0, 2, 1, 1]), "twice");
    assert_refuted(&view(&history, "linearizable", &[0, 2, 1, 7]), "the history has 5");
    assert_refuted(&view(&history, "linearizable", &[0, 3, 2, 1]), "program order");
    assert_refuted(&views(&history, "linearizable", &[&[0, 2], &[1]]), "another view");
    assert_refuted(&check(&history, "linearizable", Certificate::Witness(Witness::Logs)), "needs a view");
}

#[test]
fn views_keep_time() {
    let stale = history("P: W(x)1@1-2\nQ: R(x)NIL@3-4");
    assert_verified(&view(&stale, "sequential", &[1, 0]));
    assert_refuted(&view(&stale, "linearizable", &[1, 0]), "before 1 in time");
    let during = history("P: W(x)1@1-5\nQ: R(x)NIL@3-4");
    assert_verified(&view(&during, "linearizable", &[1, 0]));
    assert_refuted(&view(&during, "strict", &[1, 0]), "before 1 in time");
    // Not only neighbours in the view are held to time.
    let far = history("P: W(x)1@1-2\nQ: W(y)1@1-9\nR: R(x)NIL@3-9");
    assert_refuted(&view(&far, "linearizable", &[2, 1, 0]), "before 2 in time");
    // An info operation may be late in strict, never early.
    let late = history("P: W(x)1@1-1?\nQ: R(x)NIL@3-3 R(x)1@5-5");
    assert_verified(&view(&late, "strict", &[1, 0, 2]));
    let early = history("P: W(x)1@9-9?\nQ: R(x)1@3-3");
    assert_refuted(&view(&early, "strict", &[0, 1]), "before 0 in time");
}

#[test]
fn views_by_key_fit_together() {
    let apart = history("P: W(x)1@1-2 W(y)1@5-6\nQ: R(y)NIL@3-4 R(x)1@7-8");
    assert_verified(&views(&apart, "linearizable", &[&[0, 3], &[2, 1]]));
    assert_refuted(&views(&apart, "linearizable", &[&[0, 3], &[1, 2]]), "its result");
    // Each key has a view, but not together: an operation starts as its process's previous one ends.
    let meeting = history("P: R(x)1@1-3 W(y)1@3-5\nQ: R(y)1@1-3 W(x)1@3-5");
    assert_refuted(&views(&meeting, "linearizable", &[&[3, 0], &[1, 2]]), "do not fit together");
    let buffered = history("P: W(x)1 R(y)NIL\nQ: W(y)1 R(x)NIL");
    assert_refuted(&views(&buffered, "sequential", &[&[3, 0], &[1, 2]]), "do not fit together");
    let strict = history("P: W(x)1@1-9\nQ: W(y)1@2-3\nR: R(x)1@4-5 R(y)1@6-7");
    assert_verified(&views(&strict, "strict", &[&[0, 2], &[1, 3]]));
    let crossed = history("P: W(x)1@5-9\nQ: R(x)1@1-6 W(y)1@6-6\nR: R(y)1@4-7");
    assert_refuted(&views(&crossed, "strict", &[&[0, 1], &[2, 3]]), "do not fit together");
    assert_verified(&views(&crossed, "linearizable", &[&[0, 1], &[2, 3]]));
}

#[test]
fn other_data_types_are_replayed() {
    let queue = history("P: enqueue(q)1 enqueue(q)2\nQ: dequeue(q)1? dequeue(q)2");
    assert_verified(&view(&queue, "sequential", &[0, 1, 2, 3]));
    assert_refuted(&view(&queue, "sequential", &[0, 1, 3]), "its result");
    assert_refuted(&view(&queue, "sequential", &[1, 0, 3]), "program order");
}

#[test]
fn one_step_violations() {
    let step = |text: &str, model: &str, kind, read, with: &[u32]| {
        let one = Refutation::OneStep { kind, read: ids(&[read])[0], with: ids(with) };
        check(&history(text), model, Certificate::Refutation(one))
    };
    use OneStep::{StaleInitial, StaleRead, ThinAir};
    assert_verified(&step("P: W(x)1 R(x)2", "fifo", ThinAir, 1, &[]));
    assert_verified(&step("P: C(x)7>7", "sequential", ThinAir, 0, &[]));
    assert_refuted(&step("P: W(x)1 R(x)1", "sequential", ThinAir, 1, &[]), "may read from 0");
    assert_refuted(&step("P: W(x)1 R(x)2\nQ: W(x)2?", "sequential", ThinAir, 1, &[]), "may read from 2");
    assert_refuted(&step("P: R(x)NIL", "sequential", ThinAir, 0, &[]), "initial");
    assert_verified(&step("P: enqueue(q)1 dequeue(q)2", "sequential", ThinAir, 1, &[]));
    assert_refuted(
        &step("P: enqueue(q)1 dequeue(q)NIL", "sequential", ThinAir, 1, &[]),
        "may have been there",
    );
    for model in ["sequential", "fifo", "slow", "causal-weak", "weak", "read-your-writes"] {
        assert_verified(&step("P: W(x)1 R(x)NIL", model, StaleInitial, 1, &[0]));
    }
    assert_refuted(&step("P: W(x)1 R(x)NIL", "monotonic-reads", StaleInitial, 1, &[0]), "does not let");
    assert_refuted(
        &step("P: W(x)1 R(x)NIL\nQ: W(x)NIL", "sequential", StaleInitial, 1, &[0]),
        "may read from 2",
    );
    assert_refuted(&step("P: R(x)NIL W(x)1", "sequential", StaleInitial, 0, &[1]), "does not let");
    let stale = "P: W(x)1@1-2\nQ: W(x)2@3-4\nR: R(x)1@5-6";
    assert_verified(&step(stale, "linearizable", StaleRead, 2, &[0, 1]));
    assert_refuted(&step(stale, "linearizable", StaleRead, 2, &[1, 0]), "need not read");
    assert_refuted(&step(stale, "sequential", StaleRead, 2, &[0, 1]), "does not put");
}

/// Every one-step violation that can be named.
fn steps(history: &History) -> impl Iterator<Item = Refutation> {
    let ops: Vec<OpId> = history.ops().collect();
    let mut withs: Vec<Vec<OpId>> = vec![Vec::new()];
    withs.extend(ops.iter().map(|&op| vec![op]));
    withs.extend(ops.iter().flat_map(|&a| ops.iter().map(move |&b| vec![a, b]).collect::<Vec<_>>()));
    OneStep::ALL.iter().flat_map(move |&kind| {
        let withs = withs.clone();
        ops.clone().into_iter().flat_map(move |read| {
            withs.clone().into_iter().map(move |with| Refutation::OneStep { kind, read, with })
        })
    })
}

fn no_step_refutes_the_consistent(history: &History) -> Result<(), TestCaseError> {
    let sets = Guarantees::sets().map(Model::Session);
    for model in Model::NAMED.iter().copied().chain(sets) {
        let options = NaiveOptions { spec: Some(SpecKind::Register), ..NaiveOptions::default() };
        if !judge(history, model, &options).is_ok_and(|verdict| verdict.is_consistent()) {
            continue;
        }
        for step in steps(history) {
            let certificate = Certificate::Refutation(step);
            let found = verify(history, model, SpecKind::Register, &certificate, &VerifyOptions::default());
            prop_assert_ne!(found, Ok(Verification::Verified), "{} {:?}: {:#?}", model, certificate, history);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn no_step_speaks_against_a_consistent_history(history in registers(Registers { operations: 8, ..Registers::default() })) {
        no_step_refutes_the_consistent(&history)?;
    }

    #[test]
    fn nor_against_replica_logs(history in replicas(7)) {
        no_step_refutes_the_consistent(&history)?;
    }

    #[test]
    fn violated_logs_show_a_step(history in replicas(7)) {
        for guarantee in Guarantees::EACH {
            let model = Model::Session(guarantee);
            let shown = |step| {
                let certificate = Certificate::Refutation(step);
                let found = verify(&history, model, SpecKind::Register, &certificate, &VerifyOptions::default());
                found == Ok(Verification::Verified)
            };
            let holds = judge(&history, model, &NaiveOptions::default()).expect("a verdict").is_consistent();
            prop_assert_eq!(holds, !steps(&history).any(shown), "{}: {:#?}", guarantee, history);
        }
    }
}

/// How many histories each property is tried on: `TRIBUNAL_CASES`, else few.
fn cases() -> u32 {
    std::env::var("TRIBUNAL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48)
}
