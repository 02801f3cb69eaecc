//! Witnesses of every model: what the enumeration finds is verified, and what does not fit is refuted.

use super::{assert_refuted, check, ids};
use crate::certificate::verify::{Verification, VerifyOptions, verify};
use crate::certificate::{Certificate, View, Witness};
use crate::history::{History, HistoryBuilder, KeyId, Micro, OpId, Operation, Outcome, Value};
use crate::model::{Guarantees, Model};
use crate::naive::{NaiveOptions, NaiveVerdict, judge};
use crate::spec::SpecKind;
use crate::testing::{Registers, history, registers, replicas};
use proptest::prelude::*;

/// Every model, every set of guarantees among them, that the history can be judged by.
fn models(history: &History) -> impl Iterator<Item = Model> {
    let timed = history.is_timed();
    let named = Model::NAMED.iter().copied().filter(|model| !matches!(model, Model::Session(_)));
    named.chain(Guarantees::sets().map(Model::Session)).filter(move |model| timed || !model.needs_times())
}

fn witness(history: &History, model: Model) -> Option<Witness> {
    let options = NaiveOptions { spec: Some(SpecKind::Register), ..NaiveOptions::default() };
    match judge(history, model, &options).expect("a verdict") {
        NaiveVerdict::Consistent(witness) => Some(witness),
        NaiveVerdict::Violated => None,
    }
}

fn verified(history: &History, model: Model, witness: Witness) -> Verification {
    let certificate = Certificate::Witness(witness);
    verify(history, model, SpecKind::Register, &certificate, &VerifyOptions::default()).expect("registers")
}

/// The same history, but for one operation: another value, outcome, process or start.
fn altered(history: &History, which: usize, how: u8) -> Option<History> {
    let mut builder = HistoryBuilder::new();
    for op in history.ops() {
        let change = if op.index() == which % history.len() { how % 5 } else { u8::MAX };
        let name = history.process_name(history.process(op));
        let process = match change {
            1 => builder.process_int(i64::from(how) % 3),
            _ => builder.process(name),
        };
        let micros: Vec<Micro> = history
            .micros(op)
            .map(|micro| match (micro.key(), micro.lock()) {
                (Some(key), _) => {
                    let key = builder.key(history.key_name(key));
                    let other = builder.int(i64::from(how / 5) % 4);
                    let value = if change == 0 { other } else { micro.value };
                    Micro::new(micro.function, key, value)
                }
                (None, lock) => {
                    let lock = builder.lock(history.lock_name(lock.expect("a key or a lock")));
                    Micro::sync(micro.function, lock)
                }
            })
            .collect();
        let outcome = if change == 2 { Outcome::Ok } else { history.outcome(op) };
        let shift = if change == 3 { i64::from(how / 5) % 9 - 4 } else { 0 };
        let start = history.is_timed().then(|| history.start(op) + shift);
        let end = start.map(|start| history.end(op).clamp(start, start + 4));
        let operation = Operation {
            outcome,
            start,
            end,
            answer: history.answer(op),
            shared: history.shared(op),
            ..Operation::new(process, history.function(op), &micros)
        };
        builder.push(&operation).ok()?;
    }
    builder.finish().ok()
}

fn check_all(history: &History, which: usize, how: u8) -> Result<(), TestCaseError> {
    let other = if history.is_empty() { None } else { altered(history, which, how) };
    for model in models(history) {
        let Some(witness) = witness(history, model) else { continue };
        prop_assert_eq!(
            verified(history, model, witness.clone()),
            Verification::Verified,
            "{} {:?}",
            model,
            witness
        );
        // What proves one history may prove another one, but only if that is consistent.
        if let Some(other) = &other
            && verified(other, model, witness.clone()) == Verification::Verified
        {
            let options = NaiveOptions { spec: Some(SpecKind::Register), ..NaiveOptions::default() };
            let naive = judge(other, model, &options).expect("a verdict");
            prop_assert!(naive.is_consistent(), "{} {:?}\n{:#?}", model, witness, other);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn of_registers(history in registers(Registers::default()), which in any::<usize>(), how: u8) {
        check_all(&history, which, how)?;
    }

    #[test]
    fn of_values_that_hardly_repeat(
        history in registers(Registers { values: 200, ..Registers::default() }), which in any::<usize>(), how: u8,
    ) {
        check_all(&history, which, how)?;
    }

    #[test]
    fn with_locks(
        history in registers(Registers { operations: 12, locks: true, syncs: true, ..Registers::default() }),
        which in any::<usize>(), how: u8,
    ) {
        check_all(&history, which, how)?;
    }

    #[test]
    fn of_replica_logs(history in replicas(8)) {
        for set in Guarantees::sets() {
            let model = Model::Session(set);
            let found = verified(&history, model, Witness::Logs);
            match witness(&history, model) {
                Some(_) => prop_assert_eq!(found, Verification::Verified),
                None => prop_assert!(matches!(found, Verification::Refuted(_))),
            }
        }
    }
}

/// How many histories each property is tried on: `TRIBUNAL_CASES`, else few.
fn cases() -> u32 {
    std::env::var("TRIBUNAL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
}

fn of_process(process: u32, order: &[u32]) -> View {
    View { process: Some(crate::history::ProcessId(process)), key: None, order: ids(order) }
}

fn pairs(pairs: &[(u32, Option<u32>)]) -> Vec<(OpId, Option<OpId>)> {
    pairs.iter().map(|&(read, write)| (OpId(read), write.map(OpId))).collect()
}

#[test]
fn views_by_process() {
    let history = history("P: W(x)1 W(x)2\nQ: R(x)1 R(x)2 W(y)1?");
    let views = |model: &str, views: &[View]| {
        check(&history, model, Certificate::Witness(Witness::Views(views.to_vec())))
    };
    assert_eq!(views("fifo", &[of_process(1, &[0, 2, 1, 3])]), Verification::Verified);
    assert_eq!(
        views("fifo", &[of_process(1, &[0, 2, 1, 3, 4]), of_process(0, &[0, 4, 1])]),
        Verification::Verified
    );
    assert_refuted(
        &views("fifo", &[of_process(1, &[0, 2, 1, 3]), of_process(0, &[0, 4, 1])]),
        "differ about",
    );
    assert_refuted(&views("fifo", &[of_process(1, &[0, 1, 2, 3])]), "latest value");
    assert_refuted(&views("fifo", &[of_process(1, &[1, 2, 0, 3])]), "program order");
    assert_refuted(&views("fifo", &[of_process(1, &[0, 2, 3])]), "lacks an operation");
    assert_refuted(&views("fifo", &[of_process(1, &[0, 2, 1, 3, 3])]), "twice");
    assert_refuted(&views("fifo", &[of_process(0, &[0, 1])]), "no view of process");
    assert_refuted(&views("fifo", &[of_process(0, &[0, 2, 1]), of_process(1, &[0, 2, 1, 3])]), "no place");
    assert_refuted(&views("cache", &[of_process(1, &[0, 2, 1, 3])]), "wrong process or key");
    let by_key = |order: &[u32]| View { process: None, key: Some(KeyId(0)), order: ids(order) };
    assert_eq!(views("cache", &[by_key(&[0, 2, 1, 3])]), Verification::Verified);
    assert_refuted(&views("cache", &[]), "no view of a key");
}

#[test]
fn processors_must_agree() {
    let split = history("P: W(x)1\nQ: W(x)2\nR: R(x)1\nS: R(x)2");
    let views = |p: &[u32], q: &[u32]| {
        let views = vec![of_process(2, p), of_process(3, q)];
        [Model::Fifo, Model::Processor].map(|model| verified(&split, model, Witness::Views(views.clone())))
    };
    assert_eq!(views(&[0, 2, 1], &[0, 1, 3]), [Verification::Verified, Verification::Verified]);
    let [fifo, processor] = views(&[1, 0, 2], &[0, 1, 3]);
    assert_eq!(fifo, Verification::Verified);
    assert_refuted(&processor, "differ in the order of the writes");
}

#[test]
fn causal_reads_from() {
    let text = "P: W(x)1 W(y)1\nQ: R(y)1 R(x)1\nR: W(x)1";
    let history = history(text);
    let causal = |order: &[u32], rf: &[(u32, Option<u32>)]| {
        let witness = Witness::Causal { views: vec![of_process(1, order)], reads_from: pairs(rf) };
        verified(&history, Model::Causal, witness)
    };
    assert_eq!(causal(&[4, 0, 1, 2, 3], &[(2, Some(1)), (3, Some(0))]), Verification::Verified);
    assert_refuted(&causal(&[0, 1, 4, 2, 3], &[(2, Some(1)), (3, Some(0))]), "not the latest write");
    assert_refuted(&causal(&[2, 4, 0, 1, 3], &[(2, Some(1)), (3, Some(0))]), "does not respect causal order");
    assert_refuted(&causal(&[4, 0, 1, 2, 3], &[(2, Some(1)), (3, None)]), "initial");
    assert_refuted(&causal(&[4, 0, 1, 2, 3], &[(2, Some(1))]), "does not say");
    assert_refuted(&causal(&[4, 0, 1, 2, 3], &[(2, Some(0)), (3, Some(0))]), "cannot read from");
    let weak =
        |rf: &[(u32, Option<u32>)]| verified(&history, Model::CausalWeak, Witness::ReadsFrom(pairs(rf)));
    assert_eq!(weak(&[(2, Some(1)), (3, Some(4))]), Verification::Verified);
}

#[test]
fn pasts_hold_nothing_later() {
    let stale = history("P: W(x)1 W(x)2 W(y)1\nQ: R(y)1 R(x)1");
    let rf = pairs(&[(3, Some(2)), (4, Some(0))]);
    assert_refuted(&verified(&stale, Model::CausalWeak, Witness::ReadsFrom(rf.clone())), "causal past");
    let arbitrated = |order: &[u32]| {
        let witness = Witness::Arbitrated { reads_from: rf.clone(), arbitration: ids(order) };
        [
            Model::CausalConvergent,
            Model::Session(Guarantees::ALL),
            Model::Session(Guarantees::MONOTONIC_READS),
        ]
        .map(|model| verified(&stale, model, witness.clone()))
    };
    let [convergent, all, monotonic] = arbitrated(&[0, 1, 2]);
    assert_refuted(&convergent, "causal past");
    assert_refuted(&all, "must see");
    assert_eq!(monotonic, Verification::Verified);
    let [convergent, all, monotonic] = arbitrated(&[1, 0, 2]);
    assert_refuted(&convergent, "respect causal order");
    assert_refuted(&all, "same process");
    assert_eq!(monotonic, Verification::Verified);
    assert_refuted(&arbitrated(&[1, 0])[2], "lacks the write");
    assert_refuted(&arbitrated(&[1, 0, 2, 3])[2], "not a write");
}

#[test]
fn orders_of_synchronisation() {
    let history = history("P: Acq(Lx) W(x)1 Rel(Lx)\nQ: Acq(Lx) R(x)NIL Rel(Lx)");
    let sync = |model: &str, order: &[u32], rf: &[(u32, Option<u32>)], arbitration: &[u32]| {
        let witness = Witness::Synchronised {
            sync_order: ids(order),
            reads_from: pairs(rf),
            arbitration: vec![ids(arbitration)],
        };
        check(&history, model, Certificate::Witness(witness))
    };
    for model in ["weak", "release", "entry"] {
        assert_eq!(sync(model, &[3, 5, 0, 2], &[(4, None)], &[1]), Verification::Verified);
        assert_refuted(&sync(model, &[0, 2, 3, 5], &[(4, None)], &[1]), "before it");
        assert_refuted(&sync(model, &[3, 0, 5, 2], &[(4, None)], &[1]), "while it is held");
        assert_refuted(&sync(model, &[5, 3, 0, 2], &[(4, None)], &[1]), "program order");
        assert_refuted(&sync(model, &[3, 5, 0], &[(4, None)], &[1]), "lacks operation 2");
        assert_refuted(&sync(model, &[3, 5, 0, 2], &[], &[1]), "does not say");
        assert_refuted(&sync(model, &[3, 5, 0, 2], &[(4, None)], &[]), "lacks the write");
    }
    assert_refuted(&check(&history, "weak", Certificate::Witness(Witness::View(vec![]))), "needs an order");
}

#[test]
fn final_reads() {
    let history = history("P: W(x)1@1-2\nQ: R(x)NIL@1-3 R(x)1@5-6\nR: R(x)1@7-8\nS: W(y)1@1-1?");
    let finals =
        |reads: &[u32]| check(&history, "eventual", Certificate::Witness(Witness::FinalReads(ids(reads))));
    assert_eq!(finals(&[2, 3]), Verification::Verified);
    assert_refuted(&finals(&[2]), "lacks the final read 3");
    assert_refuted(&finals(&[1, 2, 3]), "not final");
    assert_refuted(&finals(&[0, 2, 3]), "not a read");
}

#[test]
fn values_are_not_confused() {
    // A cas never reads from itself, and `null` that was written is no initial value where another one is set.
    let own = history("P: C(x)1>1");
    let rf = Witness::ReadsFrom(pairs(&[(0, Some(0))]));
    assert_refuted(&verified(&own, Model::CausalWeak, rf), "cannot read from");
    let initial = history("initial x=0\nP: R(x)NIL");
    assert_eq!(initial.micro(OpId(0)).value, Value::NULL);
    assert_refuted(
        &verified(&initial, Model::CausalWeak, Witness::ReadsFrom(pairs(&[(0, None)]))),
        "initial",
    );
}
