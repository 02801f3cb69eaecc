//! The litmus histories hold the engine, the enumerator and the certificates to what a person derived by hand.

use tribunal::formats::certificate;
use tribunal_checker::certificate::verify::{Verification, VerifyOptions, verify};
use tribunal_checker::engine::{Options, ProfileAnswer, check, profile};
use tribunal_checker::history::History;
use tribunal_checker::model::Model;
use tribunal_checker::naive::{NaiveError, NaiveOptions, judge};
use tribunal_checker::spec::{SpecKind, infer};
use tribunal_checker::verdict::Verdict;
use tribunal_corpus::{Litmus, litmus};

/// Every litmus history.
fn histories() -> impl Iterator<Item = Litmus> {
    litmus().map(|litmus| litmus.unwrap_or_else(|error| panic!("{error}")))
}

/// Every litmus history with each of its expectations.
fn expectations() -> impl Iterator<Item = (Litmus, Model, bool)> {
    histories().flat_map(|litmus| {
        let expected = litmus.expectations.clone();
        expected.into_iter().map(move |(model, holds)| (litmus.clone(), model, holds))
    })
}

/// What is wrong, all of it: one look at a failure should tell what a change has broken.
fn report(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

/// What the verifier says of a verdict whose certificate went through its JSON form.
fn certified(history: &History, model: Model, spec: SpecKind, verdict: &Verdict) -> Result<(), String> {
    let json = match verdict {
        Verdict::Consistent(witness) => certificate::write_witness(history, witness),
        Verdict::Violated(refutation) => certificate::write_refutation(refutation),
        Verdict::Unknown(unknown) => return Err(format!("unknown: {}", unknown.progress)),
    };
    let read = certificate::read(history, &json).map_err(|error| format!("{json}: {error}"))?;
    match verify(history, model, spec, &read, &VerifyOptions::default()) {
        Ok(Verification::Verified) => Ok(()),
        other => Err(format!("{json}: {other:?}")),
    }
}

#[test]
fn the_engine_agrees_and_proves_it() {
    let (mut judged, mut wrong) = (0, Vec::new());
    for (Litmus { path, history, .. }, model, holds) in expectations() {
        judged += 1;
        let judgement = match check(&history, model, &Options::default()) {
            Ok(judgement) => judgement,
            Err(error) => {
                wrong.push(format!("{path}: {model}: {error}"));
                continue;
            }
        };
        let found = matches!(judgement.verdict, Verdict::Consistent(_));
        if found != holds {
            wrong.push(format!("{path}: {model}: expected {holds}, found {found}"));
        }
        if let Err(why) = certified(&history, model, judgement.spec, &judgement.verdict) {
            wrong.push(format!("{path}: {model}: {why}"));
        }
    }
    report(&wrong);
    assert!(judged > 2000);
}

/// Models about which a history expects nothing are judged too: then only the certificate is there to be held to.
#[test]
fn every_verdict_on_every_history_is_certified() {
    let (mut judged, mut wrong) = (0, Vec::new());
    for Litmus { path, history, .. } in histories() {
        for &model in Model::NAMED {
            let Ok(judgement) = check(&history, model, &Options::default()) else { continue };
            judged += 1;
            if let Err(why) = certified(&history, model, judgement.spec, &judgement.verdict) {
                wrong.push(format!("{path}: {model}: {why}"));
            }
        }
    }
    report(&wrong);
    assert!(judged > 4000);
}

#[test]
fn profiles_agree_and_prove_it() {
    let (mut followed, mut unproved, mut wrong) = (0, 0, Vec::new());
    for Litmus { path, history, expectations, .. } in histories() {
        let found =
            profile(&history, &[], &Options::default()).unwrap_or_else(|error| panic!("{path}: {error}"));
        for (model, holds) in expectations {
            let Some(entry) = found.entry(model) else { continue };
            let expected = if holds { ProfileAnswer::Holds } else { ProfileAnswer::Breaks };
            if entry.answer != expected {
                wrong.push(format!("{path}: {model}: expected {holds}, found {:?}", entry.answer));
            }
        }
        for entry in found.entries.iter().filter(|entry| entry.because.is_some()) {
            followed += 1;
            let evidence = found.evidence(&history, entry.model).expect("made over");
            let spec = if entry.model.is_one_view() { infer(&history) } else { Ok(SpecKind::Register) };
            let spec = spec.expect("it was judged");
            let verified = verify(&history, entry.model, spec, &evidence, &VerifyOptions::default());
            if verified != Ok(Verification::Verified) {
                unproved += 1;
                if entry.answer == ProfileAnswer::Holds {
                    wrong.push(format!("{path}: {} by {:?}: {verified:?}", entry.model, entry.because));
                }
            }
        }
    }
    println!("{unproved} of {followed} verdicts that follow have no evidence of their own");
    report(&wrong);
    assert!(followed > 1000 && unproved * 20 < followed, "{unproved} of {followed}");
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
