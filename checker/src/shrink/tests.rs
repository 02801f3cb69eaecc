//! Soundness and minimality against the definitions, enumerated.

use super::part::{Case, Part};
use super::{ShrinkOptions, rules, shrink, start};
use crate::engine::{Options, check};
use crate::history::{History, OpId};
use crate::model::{Guarantees, Model};
use crate::naive::{NaiveOptions, judge};
use crate::spec::SpecKind;
use crate::testing::{Registers, of_kind, registers, replicas};
use crate::verdict::Verdict;
use proptest::prelude::*;
use rustc_hash::FxHashSet;

const ONE_VIEW: &[Model] = &[Model::Strict, Model::Linearizable, Model::Sequential];
const OTHERS: &[Model] = &[
    Model::Causal,
    Model::CausalConvergent,
    Model::CausalWeak,
    Model::Processor,
    Model::Fifo,
    Model::Cache,
    Model::Slow,
    Model::Weak,
    Model::Release,
    Model::Entry,
    Model::Session(Guarantees::ALL),
    Model::Session(Guarantees::MONOTONIC_READS),
    Model::Session(Guarantees::READ_YOUR_WRITES),
    Model::Session(Guarantees::WRITES_FOLLOW_READS),
    Model::Eventual,
];

/// What the definitions say; `None` where the history cannot be judged.
fn naive(history: &History, model: Model, spec: SpecKind) -> Option<bool> {
    let options = NaiveOptions { spec: Some(spec), ..NaiveOptions::default() };
    judge(history, model, &options).ok().map(|verdict| verdict.is_consistent())
}

/// Every way to make the history smaller by one step.
fn smaller(case: Case<'_>, part: &Part) -> Vec<Part> {
    let needs = rules::needs(case, part);
    let mut ways: Vec<Part> = Vec::new();
    for &op in &part.ops {
        ways.push(Part::new(case, needs.without(&[op]), &part.pending));
        ways.push(Part::new(case, needs.closure(&[op]), &part.pending));
        if rules::is_late(case, part, op) {
            let rest = part.ops.iter().copied().filter(|&other| other != op).collect();
            ways.push(Part::new(case, rest, &part.pending));
        }
    }
    if case.model.is_one_view() && case.model.needs_times() {
        ways.extend(part.ops.iter().map(|&op| start::until(case, part, case.history.start(op))));
    }
    ways.retain(|way| !way.ops.is_empty());
    ways
}

/// No step turns a consistent history into a violated one.
fn sound(history: &History, model: Model, spec: SpecKind) -> Result<(), TestCaseError> {
    if naive(history, model, spec) != Some(true) {
        return Ok(());
    }
    let case = Case { history, model, spec };
    let whole = history.ops().filter(|&op| case.judges(op)).collect();
    let whole = Part::new(case, whole, &FxHashSet::default());
    let mut parts = vec![whole];
    // Steps compose: two after each other.
    for _ in 0..2 {
        let mut next = Vec::new();
        for part in &parts {
            for way in smaller(case, part) {
                prop_assert_ne!(
                    naive(&way.history(case), model, spec),
                    Some(false),
                    "{} {}: {:?} pending {:?} of a consistent history",
                    model,
                    spec,
                    &way.ops,
                    way.cut()
                );
                next.push(way);
            }
        }
        // Some of them: all would be too many.
        next.sort_by(|a, b| a.ops.cmp(&b.ops));
        next.dedup_by(|a, b| a.ops == b.ops);
        parts = next.into_iter().rev().take(4).collect();
    }
    Ok(())
}

/// The result is violated, and no step makes it smaller.
fn minimal(history: &History, model: Model, spec: SpecKind) -> Result<(), TestCaseError> {
    let options = Options { spec: Some(spec), ..Options::default() };
    let Ok(judgement) = check(history, model, &options) else { return Ok(()) };
    let Verdict::Violated(refutation) = &judgement.verdict else { return Ok(()) };
    let options = ShrinkOptions { check: options, ..ShrinkOptions::default() };
    let shrunk = shrink(history, model, judgement.spec, refutation, &options);
    prop_assert!(shrunk.minimal, "there was no limit");
    prop_assert_eq!(naive(&shrunk.history, model, spec), Some(false), "{:?} is violated", &shrunk.operations);
    prop_assert!(shrunk.refutation().is_some());
    let case = Case { history, model, spec: judgement.spec };
    let part = Part::new(case, shrunk.operations.clone(), &shrunk.pending.iter().copied().collect());
    let needs = rules::needs(case, &part);
    for &op in &part.ops {
        let left = needs.without(&[op]);
        let late = rules::is_late(case, &part, op)
            .then(|| part.ops.iter().copied().filter(|&other| other != op).collect::<Vec<_>>());
        for left in late.into_iter().chain([left]).filter(|left| !left.is_empty()) {
            let way = Part::new(case, left, &part.pending);
            prop_assert_ne!(
                naive(&way.history(case), model, spec),
                Some(false),
                "{}: {:?} of {:?} is violated, too",
                model,
                &way.ops,
                &part.ops
            );
        }
    }
    let again = shrink(history, model, judgement.spec, refutation, &options);
    prop_assert_eq!((again.operations, again.pending), (shrunk.operations, shrunk.pending));
    Ok(())
}

fn one_view_histories() -> impl Strategy<Value = (SpecKind, History)> {
    (0..SpecKind::ALL.len()).prop_flat_map(|kind| {
        let kind = SpecKind::ALL[kind];
        of_kind(kind, 8, None).prop_map(move |history| (kind, history))
    })
}

fn of_locks() -> impl Strategy<Value = History> {
    registers(Registers { operations: 8, values: 2, cas: true, locks: true, syncs: true, timed: None })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(400), ..ProptestConfig::default() })]

    #[test]
    fn steps_are_sound_for_every_data_type((kind, history) in one_view_histories()) {
        for &model in ONE_VIEW {
            sound(&history, model, kind)?;
        }
    }

    #[test]
    fn steps_are_sound_for_registers(
        history in registers(Registers { operations: 8, ..Registers::default() }),
    ) {
        for &model in ONE_VIEW.iter().chain(OTHERS) {
            sound(&history, model, SpecKind::Register)?;
        }
    }

    #[test]
    fn steps_are_sound_where_locks_count(history in of_locks()) {
        for model in [Model::Weak, Model::Release, Model::Entry] {
            sound(&history, model, SpecKind::Register)?;
        }
    }

    #[test]
    fn steps_are_sound_for_logs(history in replicas(8)) {
        for set in Guarantees::sets() {
            sound(&history, Model::Session(set), SpecKind::Register)?;
        }
    }

    #[test]
    fn results_are_minimal_for_every_data_type((kind, history) in one_view_histories()) {
        for &model in ONE_VIEW {
            minimal(&history, model, kind)?;
        }
    }

    #[test]
    fn results_are_minimal_for_registers(
        history in registers(Registers { operations: 8, ..Registers::default() }),
    ) {
        for &model in ONE_VIEW.iter().chain(OTHERS) {
            minimal(&history, model, SpecKind::Register)?;
        }
    }

    #[test]
    fn results_are_minimal_where_locks_count(history in of_locks()) {
        for model in [Model::Weak, Model::Release, Model::Entry] {
            minimal(&history, model, SpecKind::Register)?;
        }
    }

    #[test]
    fn results_are_minimal_for_logs(history in replicas(8)) {
        for set in Guarantees::sets() {
            minimal(&history, Model::Session(set), SpecKind::Register)?;
        }
    }
}

fn cases(default: u32) -> u32 {
    std::env::var("TRIBUNAL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(default)
}

/// Ids of the whole history are kept.
#[test]
fn operations_keep_their_ids() {
    let history = crate::testing::history(
        "P: W(y)7@1-2 W(x)1@3-4 W(x)2@5-6\nQ: R(y)7@3-4 R(x)1@8-9\nR: W(z)1@1-9 R(z)1@10-11",
    );
    let options = Options::default();
    let judgement = check(&history, Model::Linearizable, &options).unwrap();
    let Verdict::Violated(refutation) = &judgement.verdict else { panic!("violated") };
    let shrunk = shrink(&history, Model::Linearizable, judgement.spec, refutation, &ShrinkOptions::default());
    assert_eq!(shrunk.operations, [OpId(1), OpId(2), OpId(4)]);
    assert_eq!(shrunk.history.len(), 3);
}
