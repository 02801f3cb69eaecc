//! The litmus histories hold the engine, the enumerator and the certificates to what a person derived by hand.

use tribunal_checker::certificate::Certificate;
use tribunal_checker::certificate::verify::{Verification, VerifyOptions, verify};
use tribunal_checker::engine::{Options, check};
use tribunal_checker::model::Model;
use tribunal_checker::naive::{NaiveError, NaiveOptions, judge};
use tribunal_checker::verdict::Verdict;
use tribunal_corpus::{Litmus, litmus};

/// Every litmus history with each of its expectations.
fn expectations() -> impl Iterator<Item = (Litmus, Model, bool)> {
    litmus().flat_map(|litmus| {
        let litmus = litmus.unwrap_or_else(|error| panic!("{error}"));
        let expected = litmus.expectations.clone();
        expected.into_iter().map(move |(model, holds)| (litmus.clone(), model, holds))
    })
}

/// What is wrong, all of it: one look at a failure should tell what a change has broken.
fn report(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_engine_agrees_and_proves_it() {
    let (mut judged, mut verified, mut wrong) = (0, 0, Vec::new());
    for (Litmus { path, history, .. }, model, holds) in expectations() {
        if !model.decided() {
            continue;
        }
        judged += 1;
        let judgement = match check(&history, model, &Options::default()) {
            Ok(judgement) => judgement,
            Err(error) => {
                wrong.push(format!("{path}: {model}: {error}"));
                continue;
            }
        };
        let (found, certificate) = match judgement.verdict {
            Verdict::Consistent(witness) => (true, Certificate::Witness(witness)),
            Verdict::Violated(refutation) => (false, Certificate::Refutation(refutation)),
            Verdict::Unknown(unknown) => {
                wrong.push(format!("{path}: {model}: unknown: {}", unknown.progress));
                continue;
            }
        };
        if found != holds {
            wrong.push(format!("{path}: {model}: expected {holds}, found {found}"));
        }
        match verify(&history, model, judgement.spec, &certificate, &VerifyOptions::default()) {
            Ok(Verification::Verified) => verified += 1,
            other => wrong.push(format!("{path}: {model}: {certificate:?}: {other:?}")),
        }
    }
    report(&wrong);
    assert!(judged > 200 && verified == judged);
}

#[test]
fn the_enumerator_agrees() {
    let (mut judged, mut wrong) = (0, Vec::new());
    for (Litmus { path, history, .. }, model, holds) in expectations() {
        match judge(&history, model, &NaiveOptions::default()) {
            Ok(verdict) if verdict.is_consistent() == holds => judged += 1,
            Ok(verdict) => {
                wrong.push(format!("{path}: {model}: expected {holds}, found {}", verdict.is_consistent()));
            }
            Err(NaiveError::TooLarge { .. }) => {}
            Err(error) => wrong.push(format!("{path}: {model}: {error}")),
        }
    }
    report(&wrong);
    assert!(judged > 200);
}
