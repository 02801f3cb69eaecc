//! Generated histories against the definitions and the engine.

use super::{Generate, GenerateError, Values, Violation, generate};
use tribunal_checker::engine::{Options, check};
use tribunal_checker::history::{History, Outcome};
use tribunal_checker::model::Model;
use tribunal_checker::naive::{NaiveOptions, judge};
use tribunal_checker::spec::SpecKind;
use tribunal_checker::verdict::Verdict;

/// A few operations of a data type, with everything that the options offer.
fn small(spec: SpecKind, seed: u64) -> Generate {
    let few = seed.is_multiple_of(3);
    Generate {
        operations: 6 + (seed % 4) as usize,
        processes: 2 + (seed % 3) as usize,
        keys: 1 + (seed % 2) as usize,
        values: if few { Values::Few(2) } else { Values::Unique },
        busy: 0.6 + 0.05 * (seed % 8) as f64,
        info: 0.05 * (seed % 3) as f64,
        fail: 0.05 * (seed % 2) as f64,
        cas: 0.4,
        mismatches: seed.is_multiple_of(2),
        puts: if seed % 4 < 2 { 0.3 } else { 0.0 },
        permits: 2,
        at: 0.5,
        seed,
        ..Generate::new(spec)
    }
}

fn is_consistent(history: &History, model: Model, spec: SpecKind) -> bool {
    if spec == SpecKind::MultiRegister {
        return is_consistent_by_engine(history, model, spec);
    }
    let options = NaiveOptions { spec: Some(spec), ..NaiveOptions::default() };
    judge(history, model, &options).expect("a verdict").is_consistent()
}

fn is_consistent_by_engine(history: &History, model: Model, spec: SpecKind) -> bool {
    let judged = check(history, model, &Options { spec: Some(spec), ..Options::default() });
    matches!(judged.expect("a verdict").verdict, Verdict::Consistent(_))
}

#[test]
fn valid_histories_are_valid() {
    for &spec in SpecKind::ALL {
        for seed in 0..60 {
            for model in [Model::Strict, Model::Linearizable, Model::Sequential] {
                let options = Generate { model, ..small(spec, seed) };
                let generated = match generate(&options) {
                    Err(GenerateError::NoGenerator { model: Model::Strict, .. }) => continue,
                    generated => generated.expect("a history"),
                };
                assert_eq!(generated.history.len(), options.operations, "{options:?}");
                assert!(generated.planted.is_empty());
                assert!(is_consistent(&generated.history, model, spec), "{options:?}");
            }
        }
    }
}

#[test]
fn planted_violations_are_violations() {
    for &spec in SpecKind::ALL {
        for violation in Violation::of(spec) {
            for model in [Model::Linearizable, Model::Sequential] {
                let mut planted = 0;
                for seed in 0..400 {
                    let options = Generate { model, violation: Some(violation), ..small(spec, seed) };
                    let generated = match generate(&options) {
                        Ok(generated) => generated,
                        Err(
                            GenerateError::NoPlace { .. }
                            | GenerateError::NeedsUnique { .. }
                            | GenerateError::NeedsTimes { .. },
                        ) => continue,
                        Err(error) => panic!("{error}"),
                    };
                    assert!(!generated.planted.is_empty());
                    assert!(
                        !is_consistent(&generated.history, model, spec),
                        "{:?} {options:?}",
                        generated.planted
                    );
                    planted += 1;
                }
                let needs_times = matches!(violation, Violation::FlippedAnswer | Violation::DoubleHold);
                assert!(
                    planted > 0 || model == Model::Sequential && needs_times,
                    "{violation} {spec}: {planted}"
                );
            }
        }
    }
}

/// A few operations on registers of a model weaker than sequential.
fn weaker(model: Model, seed: u64) -> Generate {
    let certain = model.is_synchronised() || model == Model::Eventual;
    let small = small(SpecKind::Register, seed);
    Generate {
        model,
        cas: 0.0,
        info: if certain { 0.0 } else { small.info },
        timed: certain || seed.is_multiple_of(2),
        ..small
    }
}

#[test]
fn weaker_models_hold_by_construction_and_are_violated_by_plants() {
    for &model in Model::NAMED.iter().filter(|model| !model.is_one_view()) {
        let mut planted = 0;
        for seed in 0..150 {
            let options = weaker(model, seed);
            let generated = generate(&options).expect("a history");
            assert_eq!(generated.history.len(), options.operations);
            let Some(consistent) = judged(&generated.history, model) else { continue };
            assert!(consistent, "{options:?}");
            for violation in [Violation::StaleRead, Violation::ThinAir] {
                let options = Generate { violation: Some(violation), ..options.clone() };
                let Ok(generated) = generate(&options) else { continue };
                assert_eq!(judged(&generated.history, model), Some(false), "{options:?}");
                planted += 1;
            }
        }
        assert!(
            planted > 40 || matches!(model, Model::Session(_)) || !is_enumerated(model),
            "{model} {planted}"
        );
    }
}

/// What the definition says, where it is written down.
fn judged(history: &History, model: Model) -> Option<bool> {
    judge(history, model, &NaiveOptions::default()).ok().map(|verdict| verdict.is_consistent())
}

fn is_enumerated(model: Model) -> bool {
    judged(&generate(&weaker(model, 1)).expect("a history").history, model).is_some()
}

/// What the enumerator cannot do: histories of some length, with many clients.
#[test]
fn longer_histories_by_the_engine() {
    for &spec in SpecKind::ALL {
        for violation in [None].into_iter().chain(Violation::of(spec).into_iter().map(Some)) {
            let options = Generate {
                operations: 150,
                processes: 5,
                busy: 0.9,
                cas: 0.3,
                permits: 2,
                violation,
                ..Generate::new(spec)
            };
            let generated = generate(&options).expect("a history");
            let consistent = is_consistent_by_engine(&generated.history, Model::Linearizable, spec);
            assert_eq!(consistent, violation.is_none(), "{options:?}");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_history() {
    let text = |history: &History| format!("{history:?}");
    for &spec in SpecKind::ALL {
        let options = Generate { info: 0.1, fail: 0.1, keys: 3, ..Generate::new(spec) };
        let first = generate(&options).unwrap().history;
        assert_eq!(text(&first), text(&generate(&options).unwrap().history));
        let other = Generate { seed: 2, ..options };
        assert_ne!(text(&first), text(&generate(&other).unwrap().history));
    }
}

#[test]
fn outcomes_have_their_shares() {
    let options = Generate { operations: 20_000, info: 0.1, fail: 0.2, ..Generate::new(SpecKind::Register) };
    let history = generate(&options).unwrap().history;
    let count = |outcome| history.ops().filter(|&op| history.outcome(op) == outcome).count();
    assert!((1_800..2_200).contains(&count(Outcome::Info)));
    assert!((3_700..4_300).contains(&count(Outcome::Fail)));
}

#[test]
fn what_contradicts_itself_is_refused() {
    let register = Generate::new(SpecKind::Register);
    for bad in [
        Generate { busy: 1.5, ..register.clone() },
        Generate { info: f64::NAN, ..register.clone() },
        Generate { info: 0.6, fail: 0.6, ..register.clone() },
        Generate { processes: 0, ..register.clone() },
        Generate { values: Values::Few(0), ..register.clone() },
        Generate { violation: Some(Violation::DoubleHold), ..register.clone() },
        Generate { violation: Some(Violation::LostUpdate), values: Values::Few(3), ..register.clone() },
        Generate { violation: Some(Violation::LostUpdate), ..register.clone() },
        Generate { model: Model::Causal, ..Generate::new(SpecKind::Queue) },
    ] {
        let error = generate(&bad).expect_err("it contradicts itself").to_string();
        assert!(error.len() > 20, "{error}");
    }
    for &violation in Violation::ALL {
        assert_eq!(Violation::from_name(violation.name()), Some(violation));
    }
}
