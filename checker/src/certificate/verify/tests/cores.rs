//! Cores: what may be left out, and what may not.

use super::{assert_refuted, assert_verified, check, core, ids};
use crate::certificate::verify::{Verification, VerifyOptions, verify};
use crate::certificate::{Certificate, Refutation};
use crate::history::{History, OpId};
use crate::model::{Guarantees, Model};
use crate::naive::{NaiveOptions, judge};
use crate::spec::SpecKind;
use crate::testing::{Registers, history, of_kind, registers, replicas};
use proptest::prelude::*;

#[test]
fn reads_and_writes_with_their_reads_may_be_left_out() {
    let stale = history("P: W(x)1@1-2 W(x)5@8-9 R(x)5@10-11\nQ: R(x)NIL@3-4 R(x)1@5-6");
    assert_verified(&core(&stale, "linearizable", &[0, 3], &[]));
    assert_refuted(&core(&stale, "linearizable", &[3, 4], &[]), "leaves out operation 0");
    assert_refuted(&core(&stale, "linearizable", &[0, 4], &[]), "consistent");
    assert_refuted(&core(&stale, "linearizable", &[0, 99], &[]), "names operation 99");
}

#[test]
fn every_writer_of_a_value_read_counts() {
    let twice = history("P: W(x)1 W(x)2\nQ: R(x)2 R(x)1\nR: W(x)1?");
    assert_refuted(&core(&twice, "sequential", &[0, 1, 2, 3], &[]), "leaves out operation 4");
    assert_refuted(&core(&twice, "sequential", &[0, 1, 2, 3, 4], &[]), "consistent");
    // Unless it comes after everything that is certain.
    let late = history("P: W(x)1@1-2 W(x)2@3-4\nQ: R(x)2@5-6 R(x)1@7-8\nR: W(x)1@9-10?");
    assert_verified(&core(&late, "linearizable", &[0, 1, 2, 3], &[]));
    assert_refuted(&core(&late, "sequential", &[0, 1, 2, 3], &[]), "leaves out operation 4");
    let failed = history("P: W(x)1 W(x)2\nQ: R(x)2 R(x)1\nR: W(x)1#");
    assert_verified(&core(&failed, "sequential", &[0, 1, 2, 3], &[]));
    assert_verified(&core(&failed, "slow", &[0, 1, 2, 3], &[]));
}

#[test]
fn a_mismatch_depends_on_every_write() {
    let text = "P: W(x)1 C(x)1!2\nQ: W(x)3";
    assert_refuted(&core(&history(text), "sequential", &[0, 1], &[]), "leaves out operation 2");
    assert_verified(&core(&history("P: W(x)1 C(x)1!2\nQ: R(x)1"), "sequential", &[0, 1], &[]));
}

#[test]
fn other_data_types_keep_what_came_before() {
    let queue =
        history("P: enqueue(q)1@1-2 enqueue(q)2@3-4\nQ: dequeue(q)2@5-6 dequeue(q)1@7-8 enqueue(q)3@9-10");
    assert_verified(&core(&queue, "linearizable", &[0, 1, 2], &[]));
    assert_refuted(&core(&queue, "linearizable", &[0, 1, 3], &[]), "leaves out operation 2");
    assert_refuted(&core(&queue, "linearizable", &[0, 2], &[]), "leaves out operation 1");
    assert_verified(&core(&queue, "linearizable", &[0, 1, 2, 3], &[3]));
    assert_refuted(&core(&queue, "linearizable", &[0, 1, 2], &[2]), "consistent");
    assert_refuted(&core(&queue, "linearizable", &[0, 1, 2], &[4]), "not in the core");
    // Elements of a set do not depend on each other.
    let set = history("P: add(s)1@1-2 add(s)2@3-4\nQ: contains(s)1=false@5-6");
    assert_verified(&core(&set, "linearizable", &[0, 2], &[]));
    assert_refuted(&core(&set, "linearizable", &[2], &[]), "leaves out operation 0");
    // Other keys are other objects; observers change nothing.
    let counter = history("P: inc(c)1@1-2\nQ: read(c)0@1-9 read(c)5@10-11\nR: inc(d)1@1-2");
    assert_verified(&core(&counter, "linearizable", &[0, 2], &[]));
}

#[test]
fn holds_keep_their_releases() {
    let locks = history("P: Acq(L)@1-2 W(x)1@3-4 Rel(L)@5-6\nQ: Acq(L)@7-8 R(x)NIL@9-10");
    assert_refuted(&core(&locks, "release", &[0, 1, 3, 4], &[]), "leaves out operation 2");
    assert_verified(&core(&locks, "release", &[0, 1, 2, 3, 4], &[]));
    assert_refuted(&core(&locks, "release", &[1, 2, 3, 4], &[2]), "consistent");
}

#[test]
fn what_is_no_proof_is_not_verified() {
    let text = format!("P: {}", "W(x)1 ".repeat(14));
    let long: Vec<u32> = (0..14).collect();
    assert!(matches!(core(&history(&text), "sequential", &long, &[]), Verification::Unverified(_)));
    let exhausted = Refutation::Core {
        operations: ids(&[0]),
        pending: Vec::new(),
        stuck: None,
        longest: Vec::new(),
        exhausted: true,
    };
    let found = check(&history("P: R(x)1"), "sequential", Certificate::Refutation(exhausted));
    assert!(matches!(found, Verification::Unverified(_)));
}

#[test]
fn values_of_a_container_are_apart() {
    // enqueue 1, 2, 3; 3 overtakes 2: what happens to 1 does not matter, although it came before.
    let text = "P: enqueue(q)1@1-2 enqueue(q)2@3-4 enqueue(q)3@5-6\n\
        Q: dequeue(q)1@7-8 dequeue(q)3@9-10 dequeue(q)2@11-12";
    assert_verified(&core(&history(text), "linearizable", &[1, 2, 4, 5], &[]));
    assert_refuted(&core(&history(text), "linearizable", &[1, 4], &[]), "leaves out operation 2");
    // Unless values repeat, a removal's result is unknown, or something was in at first.
    let unknown = format!("{text}\nR: dequeue(q)@8-20?");
    assert_refuted(&core(&history(&unknown), "linearizable", &[1, 2, 4, 5], &[]), "leaves out operation");
    let twice = format!("{text}\nR: enqueue(q)1@1-9?");
    assert_refuted(&core(&history(&twice), "linearizable", &[1, 2, 4, 5], &[]), "leaves out operation");
    assert_refuted(&core(&history(text), "linearizable", &[1, 2, 4, 5], &[5]), "leaves out operation");
}

/// The core of the operations that `choice` has a bit for, those pending that `pending` has one for.
fn chosen(history: &History, model: Model, spec: SpecKind, choice: u16, pending: u16) -> Verification {
    let bit = |bits: u16, op: OpId| bits >> (op.0 % 16) & 1 == 1;
    let operations: Vec<OpId> = history.ops().filter(|&op| bit(choice, op)).collect();
    let pending = operations.iter().copied().filter(|&op| bit(pending, op)).collect();
    let core = Refutation::Core { operations, pending, stuck: None, longest: Vec::new(), exhausted: false };
    verify(history, model, spec, &Certificate::Refutation(core), &VerifyOptions::default())
        .expect("it can be judged")
}

fn consistent(history: &History, model: Model, spec: SpecKind) -> bool {
    let options = NaiveOptions { spec: Some(spec), ..NaiveOptions::default() };
    judge(history, model, &options).is_ok_and(|verdict| verdict.is_consistent())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn no_core_speaks_against_a_consistent_history(
        history in registers(Registers { locks: true, syncs: true, operations: 12, ..Registers::default() }),
        choices in prop::collection::vec(any::<(u16, u16, u16)>(), 12),
    ) {
        for &model in Model::NAMED.iter().filter(|model| history.is_timed() || !model.needs_times()) {
            if !consistent(&history, model, SpecKind::Register) {
                continue;
            }
            for &(a, b, pending) in &choices {
                for choice in [a | b, a, !(a & b)] {
                    let found = chosen(&history, model, SpecKind::Register, choice, pending & b);
                    prop_assert_ne!(found, Verification::Verified, "{} {:b} {:b}: {:#?}", model, choice, pending & b, history);
                }
            }
        }
    }

    #[test]
    fn nor_of_any_data_type(
        (kind, history) in prop::sample::select(SpecKind::ALL).prop_flat_map(|kind| (Just(kind), of_kind(kind, 9, None))),
        choices in prop::collection::vec(any::<(u16, u16, u16)>(), 24),
    ) {
        for model in [Model::Strict, Model::Linearizable, Model::Sequential] {
            if model.needs_times() && !history.is_timed() || !consistent(&history, model, kind) {
                continue;
            }
            for &(a, b, pending) in &choices {
                for choice in [a | b, a, !(a & b)] {
                    let found = chosen(&history, model, kind, choice, pending & b);
                    prop_assert_ne!(found, Verification::Verified, "{} {} {:b} {:b}: {:#?}", kind, model, choice, pending & b, history);
                }
            }
        }
    }

    #[test]
    fn nor_of_replica_logs(history in replicas(8), choices in prop::collection::vec(any::<(u16, u16)>(), 12)) {
        for set in Guarantees::sets().filter(|&set| consistent(&history, Model::Session(set), SpecKind::Register)) {
            for &(choice, other) in &choices {
                let found = chosen(&history, Model::Session(set), SpecKind::Register, choice | other, 0);
                prop_assert_ne!(found, Verification::Verified, "{} {:b}: {:#?}", set, choice | other, history);
            }
        }
    }
}

/// How many histories each property is tried on: `TRIBUNAL_CASES`, else few.
fn cases() -> u32 {
    std::env::var("TRIBUNAL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(96)
}
