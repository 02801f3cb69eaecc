//! The implications between the models, as properties of the definitions themselves.

use crate::certificate::Witness;
use crate::history::{Function, History};
use crate::model::{Guarantees, Model};
use crate::naive::{NaiveOptions, NaiveVerdict, judge, properly_labelled};
use crate::spec::SpecKind;
use crate::testing::{Registers, registers};
use proptest::prelude::*;

use Model::{
    Cache, Causal, CausalConvergent, CausalWeak, Entry, Fifo, Linearizable, Processor, Release, Sequential,
    Session, Slow, Strict, Weak,
};

/// Stronger, weaker: for every history.
const ALWAYS: &[(Model, Model)] = &[
    (Strict, Linearizable),
    (Linearizable, Sequential),
    (Sequential, Causal),
    (Sequential, CausalConvergent),
    (Sequential, Processor),
    (Causal, Fifo),
    (Fifo, Slow),
    (Causal, CausalWeak),
    (CausalConvergent, CausalWeak),
    (Processor, Fifo),
    (Processor, Cache),
    (Cache, Slow),
    (Cache, Session(Guarantees::MONOTONIC_READS)),
    (Cache, Session(Guarantees::READ_YOUR_WRITES)),
    (Weak, Release),
    (Release, Entry),
    (Session(Guarantees::ALL), Session(Guarantees::MONOTONIC_READS)),
    (Session(Guarantees::ALL), Session(Guarantees::MONOTONIC_WRITES)),
    (Session(Guarantees::ALL), Session(Guarantees::READ_YOUR_WRITES)),
    (Session(Guarantees::ALL), Session(Guarantees::WRITES_FOLLOW_READS)),
];

/// As registers, even if there are only locks.
fn judged(history: &History, model: Model) -> NaiveVerdict {
    let options = NaiveOptions { spec: Some(SpecKind::Register), ..NaiveOptions::default() };
    judge(history, model, &options).expect("a verdict")
}

fn holds(history: &History, model: Model) -> bool {
    judged(history, model).is_consistent()
}

fn has(history: &History, function: Function) -> bool {
    history.ops().any(|op| history.function(op) == function)
}

#[track_caller]
fn implies(history: &History, stronger: Model, weaker: Model) {
    if (stronger.needs_times() || weaker.needs_times()) && !history.is_timed() {
        return;
    }
    assert!(!holds(history, stronger) || holds(history, weaker), "{stronger} without {weaker}: {history:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn stronger_models_imply_weaker_ones(history in registers(Registers::default())) {
        for &(stronger, weaker) in ALWAYS {
            implies(&history, stronger, weaker);
        }
    }

    #[test]
    fn of_values_that_hardly_repeat(history in registers(Registers { values: 200, ..Registers::default() })) {
        for &(stronger, weaker) in ALWAYS {
            implies(&history, stronger, weaker);
        }
    }

    #[test]
    fn with_locks_too(
        history in registers(Registers { locks: true, syncs: true, operations: 12, ..Registers::default() })
    ) {
        for &(stronger, weaker) in ALWAYS {
            implies(&history, stronger, weaker);
        }
    }

    #[test]
    fn without_cas_client_centric_is_causal_convergence(
        history in registers(Registers { cas: false, ..Registers::default() })
    ) {
        prop_assert_eq!(holds(&history, Session(Guarantees::ALL)), holds(&history, CausalConvergent));
    }

    #[test]
    fn without_locks_linearizable_is_weak(
        history in registers(Registers { syncs: true, timed: Some(true), ..Registers::default() })
    ) {
        implies(&history, Linearizable, Weak);
    }

    #[test]
    fn without_locks_and_times_sequential_is_weak(
        history in registers(Registers { syncs: true, timed: Some(false), ..Registers::default() })
    ) {
        prop_assert!(!has(&history, Function::Acquire));
        implies(&history, Sequential, Weak);
    }

    #[test]
    fn more_guarantees_are_stronger(history in registers(Registers::default())) {
        for set in Guarantees::sets() {
            for one in Guarantees::EACH.into_iter().filter(|&one| set.contains(one)) {
                implies(&history, Session(set), Session(one));
            }
        }
    }

    #[test]
    fn properly_labelled_and_release_consistent_is_sequential(
        history in registers(Registers { locks: true, syncs: true, timed: Some(false), ..Registers::default() })
    ) {
        // A mismatched cas is set aside by release, and judged by sequential.
        if history.ops().any(|op| history.answer(op) == Some(false)) {
            return Ok(());
        }
        for model in [Weak, Release, Entry] {
            let NaiveVerdict::Consistent(Witness::Synchronised { sync_order, arbitration, .. }) =
                judged(&history, model)
            else {
                continue;
            };
            if properly_labelled(&history, model, &sync_order, &arbitration).expect("registers") {
                assert!(holds(&history, Sequential), "{model}, properly labelled: {history:#?}");
            }
        }
    }
}

/// How many histories each property is tried on: `TRIBUNAL_CASES`, else few.
fn cases() -> u32 {
    std::env::var("TRIBUNAL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
}
