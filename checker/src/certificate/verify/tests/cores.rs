//! Cores: what may be left out, and what may not.

use super::{assert_refuted, assert_verified, check, core, ids};
use crate::certificate::verify::Verification;
use crate::certificate::{Certificate, Refutation};
use crate::testing::history;

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
