//! Every monitor against the definition, enumerated (where a history is short), and against the search, on random small histories whose values are
//! mostly inserted once; and every certificate against its verifier.
//!
//! `TRIBUNAL_CASES` sets how many histories a data type.

mod random;

use crate::certificate::verify::{Verification, VerifyOptions, verify};
use crate::certificate::{Certificate, Refutation};
use crate::engine::view::search_alone;
use crate::engine::{Options, check};
use crate::history::History;
use crate::model::Model;
use crate::naive::{NaiveOptions, judge};
use crate::spec::SpecKind;
use crate::verdict::Verdict;
use random::{Random, history};

fn cases() -> u64 {
    std::env::var("TRIBUNAL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

/// Judges random histories; at least `share` percent must be decided by the monitor.
fn agree(kind: SpecKind, share: u64) {
    let (mut monitored, mut violated) = (0, 0);
    for seed in 0..cases() {
        let mut random = Random::new(seed);
        // Now and then one that is too long to be enumerated.
        let length = if seed % 4 == 3 { 9 + random.below(14) } else { 2 + random.below(7) };
        let history = history(kind, length, &mut random);
        for model in [Model::Linearizable, Model::Strict] {
            let (by_monitor, is_violated) = one(kind, seed, &history, model);
            monitored += u64::from(by_monitor);
            violated += u64::from(is_violated);
        }
    }
    let all = 2 * cases();
    println!("{kind}: {all} verdicts, {monitored} by the monitor, {violated} violated");
    assert!(monitored * 100 >= all * share, "{kind}: {monitored} of {all} decided by the monitor");
    assert!(violated * 10 > all && violated * 10 < all * 9, "{kind}: {violated} of {all} are violated");
}

/// Whether the monitor decided, and whether it is violated.
fn one(kind: SpecKind, seed: u64, history: &History, model: Model) -> (bool, bool) {
    let said = || format!("{kind} {model} seed {seed}\n{}", random::text(history));
    let options = NaiveOptions { spec: Some(kind), ..NaiveOptions::default() };
    let naive = (history.len() <= 8)
        .then(|| judge(history, model, &options).unwrap_or_else(|error| panic!("{error}: {}", said())));
    let options = Options { spec: Some(kind), ..Options::default() };
    let found = check(history, model, &options).expect("naive could judge it");
    let mut exhausted = false;
    let (consistent, certificate) = match &found.verdict {
        Verdict::Consistent(witness) => (true, Certificate::Witness(witness.clone())),
        Verdict::Violated(refutation) => {
            exhausted = naive.is_none() && matches!(refutation, Refutation::Core { exhausted: true, .. });
            (false, Certificate::Refutation(refutation.clone()))
        }
        Verdict::Unknown(unknown) => panic!("{unknown:?}: {}", said()),
    };
    if let Some(naive) = naive {
        assert_eq!(consistent, naive.is_consistent(), "{certificate:?}: {}", said());
    }
    if let Some(searched) = search_alone(history, model, kind) {
        assert_eq!(consistent, searched, "{}", said());
    }
    let verified = verify(history, model, kind, &certificate, &VerifyOptions::default());
    if !exhausted {
        assert_eq!(verified, Ok(Verification::Verified), "{certificate:?}: {}", said());
    }
    (found.method == "monitor", !consistent)
}

#[test]
fn register() {
    agree(SpecKind::Register, 70);
}

#[test]
fn counter() {
    agree(SpecKind::Counter, 70);
}

#[test]
fn set() {
    agree(SpecKind::Set, 70);
}

#[test]
fn mutex() {
    agree(SpecKind::Mutex, 50);
}

#[test]
fn semaphore() {
    agree(SpecKind::Semaphore, 70);
}

#[test]
fn queue() {
    agree(SpecKind::Queue, 70);
}

#[test]
fn stack() {
    agree(SpecKind::Stack, 70);
}

#[test]
fn append_list() {
    agree(SpecKind::AppendList, 70);
}

#[test]
fn priority_queue() {
    agree(SpecKind::PriorityQueue, 70);
}
