//! Planted violations of every kind, shrunk: small, violated by definition, and nothing more to leave out.

use std::collections::BTreeSet;
use tribunal_checker::certificate::Refutation;
use tribunal_checker::engine::{Options, check, violates};
use tribunal_checker::history::{Function, History, KeyId, OpId, Value};
use tribunal_checker::model::Model;
use tribunal_checker::naive::{NaiveOptions, NaiveVerdict, judge};
use tribunal_checker::shrink::{ShrinkOptions, Shrunk, shrink};
use tribunal_checker::spec::SpecKind;
use tribunal_checker::verdict::Verdict;
use tribunal_corpus::{Generate, Violation, generate};

/// What the engine said, and the part.
fn shrunk(history: &History, model: Model, spec: SpecKind) -> Option<(Refutation, Shrunk)> {
    let check_options = Options { spec: Some(spec), ..Options::default() };
    let Verdict::Violated(refutation) = check(history, model, &check_options).ok()?.verdict else {
        return None;
    };
    let options = ShrinkOptions { check: check_options, ..ShrinkOptions::default() };
    let shrunk = shrink(history, model, spec, &refutation, &options);
    Some((refutation, shrunk))
}

/// What an operation reads and writes.
fn cells(history: &History, op: OpId, function: Function) -> Vec<(Option<KeyId>, Value)> {
    let of = history.micros(op).filter(|micro| micro.function == function);
    of.map(|micro| (micro.key(), micro.value)).collect()
}

/// An operation with all that reads what it writes, and so on.
fn with_readers(history: &History, op: OpId) -> BTreeSet<OpId> {
    let mut gone = BTreeSet::from([op]);
    let mut todo = vec![op];
    while let Some(write) = todo.pop() {
        for cell in cells(history, write, Function::Write) {
            for reader in history.ops().filter(|&op| cells(history, op, Function::Read).contains(&cell)) {
                if gone.insert(reader) {
                    todo.push(reader);
                }
            }
        }
    }
    gone
}

#[test]
fn planted_violations_shrink_to_what_shows_them() {
    let models = [Model::Linearizable, Model::Sequential, Model::Causal, Model::Fifo, Model::Cache];
    let (mut kinds, mut small) = (BTreeSet::new(), 0);
    for &violation in Violation::ALL {
        for &spec in SpecKind::ALL {
            for model in models {
                let plan = Generate {
                    operations: 40,
                    keys: 2,
                    violation: Some(violation),
                    model,
                    ..Generate::new(spec)
                };
                let Ok(generated) = generate(&plan) else { continue };
                let Some((_, shrunk)) = shrunk(&generated.history, model, spec) else { continue };
                let what = format!("{violation} of a {spec}, {model}: {:?}", shrunk.operations);
                kinds.insert((violation, spec));
                assert!(shrunk.minimal && shrunk.refutation().is_some(), "{what}");
                assert_eq!(violates(&shrunk.history, model, spec, &Options::default()), Some(true), "{what}");
                let naive = |history: &History| {
                    let options = NaiveOptions { spec: Some(spec), ..NaiveOptions::default() };
                    judge(history, model, &options).ok()
                };
                if shrunk.operations.len() > 7 {
                    continue;
                }
                small += 1;
                assert_eq!(naive(&shrunk.history), Some(NaiveVerdict::Violated), "{what}");
                if spec != SpecKind::Register {
                    continue;
                }
                for op in shrunk.history.ops() {
                    let gone = with_readers(&shrunk.history, op);
                    let left: Vec<OpId> = shrunk.history.ops().filter(|op| !gone.contains(op)).collect();
                    let left = shrunk.history.subset(&left, &[]);
                    assert!(
                        naive(&left).is_none_or(|verdict| verdict.is_consistent()),
                        "{what}: {gone:?} of the part can go, too"
                    );
                }
            }
        }
    }
    assert!(kinds.len() > 10 && small > 20, "{} kinds, {small} small parts", kinds.len());
}

/// As many operations as a test can afford: the part does not grow with the history.
#[test]
fn a_large_history_has_a_small_part() {
    let plan = Generate {
        operations: 5_000,
        violation: Some(Violation::StaleRead),
        ..Generate::new(SpecKind::Register)
    };
    let history = generate(&plan).unwrap().history;
    let (_, shrunk) = shrunk(&history, Model::Linearizable, SpecKind::Register).expect("violated");
    assert!(shrunk.minimal && shrunk.operations.len() <= 8, "{:?}", shrunk.operations);
}
