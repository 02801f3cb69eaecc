//! Cycles: hand-made ones, and every short one that the rules allow, held against the enumeration.

use super::{assert_refuted, check};
use crate::certificate::verify::cycle::edge_holds;
use crate::certificate::verify::orders::Orders;
use crate::certificate::verify::{Case, Verification, VerifyOptions, verify};
use crate::certificate::{Certificate, Edge, Refutation, Why, rules};
use crate::history::{History, OpId};
use crate::model::{Guarantees, Model};
use crate::naive::{NaiveOptions, judge};
use crate::spec::SpecKind;
use crate::testing::{Registers, history, registers};
use proptest::prelude::*;

/// `"0>1 po, 1>0 overwritten 2 3"`.
fn edges(text: &str) -> Vec<Edge> {
    let op = |text: &str| OpId(text.parse().expect("an id"));
    let edge = |text: &str| {
        let mut words = text.split_whitespace();
        let (from, to) = words.next().and_then(|ends| ends.split_once('>')).expect("FROM>TO");
        let why = match words.next().expect("a reason") {
            "po" => Why::ProgramOrder,
            "rt" => Why::RealTime,
            "rf" => Why::ReadsFrom,
            "sync" => Why::Sync,
            name => {
                let rule = rules::ALL.iter().find(|&&rule| rule == name).expect("a rule");
                Why::Derived { rule, because: words.map(op).collect() }
            }
        };
        Edge { from: op(from), to: op(to), why }
    };
    text.split(',').map(str::trim).filter(|text| !text.is_empty()).map(edge).collect()
}

fn cycle(history: &History, model: &str, cycle: &str, lemmas: &str) -> Verification {
    let cycle = Refutation::Cycle { edges: edges(cycle), lemmas: edges(lemmas) };
    check(history, model, Certificate::Refutation(cycle))
}

fn verified(text: &str, models: &str, edges: &str) {
    let history = history(text);
    for model in models.split(' ') {
        assert_eq!(cycle(&history, model, edges, ""), Verification::Verified, "{model}\n{text}");
    }
}

fn refuted(text: &str, models: &str, edges: &str, why: &str) {
    let history = history(text);
    for model in models.split(' ') {
        assert_refuted(&cycle(&history, model, edges, ""), why);
    }
}

#[test]
fn overwritten() {
    let stale = "P: W(x)1 W(x)2\nQ: R(x)2 R(x)1";
    let edges = "0>1 po, 1>0 overwritten 2 3";
    verified(
        stale,
        "sequential fifo slow cache processor causal causal-weak causal-convergent client-centric",
        edges,
    );
    refuted(stale, "monotonic-reads weak", edges, "");
    refuted(stale, "fifo", "0>1 po, 1>0 overwritten 3", "not shown");
    refuted(stale, "fifo", "0>1 po, 1>0 po", "not shown");
    refuted(stale, "fifo", "0>1 po", "do not form a cycle");
    refuted(stale, "fifo", "0>1 po, 1>7 po, 7>0 po", "names operation 7");
    refuted("P: W(x)1 W(x)2\nQ: R(x)2 R(x)1\nR: W(x)1", "fifo", edges, "not shown");
    refuted("P: W(x)1 W(x)2?\nQ: R(x)2 R(x)1\nR: W(x)2?", "fifo", edges, "may not have happened");
}

#[test]
fn initial_values() {
    let stale = "P: W(x)1 W(y)1\nQ: R(y)1 R(x)NIL";
    let edges = "0>1 po, 1>2 rf, 2>3 po, 3>0 reads-initial";
    verified(stale, "sequential fifo processor causal causal-weak causal-convergent client-centric", edges);
    refuted(stale, "weak entry monotonic-reads", edges, "");
    refuted(stale, "slow cache", edges, "one key");
    refuted("P: W(x)1 W(y)1\nQ: R(y)1 R(x)NIL\nR: W(x)NIL", "fifo", edges, "not shown");
    verified("P: W(x)1 R(x)NIL", "weak release entry read-your-writes slow", "0>1 po, 1>0 reads-initial");
}

#[test]
fn of_real_time() {
    let stale = "P: W(x)1@1-2\nQ: W(x)2@3-4\nR: R(x)1@5-6";
    let edges = "0>1 rt, 1>0 overwritten 2";
    verified(stale, "linearizable strict", edges);
    refuted(stale, "sequential causal", edges, "not shown");
    refuted("P: W(x)1@1-3\nQ: W(x)2@3-4\nR: R(x)1@5-6", "linearizable", edges, "real time");
    verified("P: W(x)1@1-3\nQ: W(x)2@3-4\nR: R(x)1@5-6", "strict", edges);
}

#[test]
fn views_are_of_one_process() {
    // Each reader forces an order of its own view.
    let split = "P: W(x)1\nQ: W(x)2\nR: R(x)1 R(x)2\nS: R(x)2 R(x)1";
    let edges = "0>1 overwritten 2 3, 1>0 overwritten 4 5";
    verified(split, "sequential processor cache causal-convergent monotonic-reads", edges);
    refuted(split, "fifo causal slow causal-weak", edges, "");
    refuted(split, "read-your-writes", edges, "not shown");
    // Store buffering: the reads are of different views.
    let buffered = "P: W(x)1 R(y)NIL\nQ: W(y)1 R(x)NIL";
    let edges = "0>1 po, 1>2 reads-initial, 2>3 po, 3>0 reads-initial";
    verified(buffered, "sequential", edges);
    refuted(buffered, "fifo processor causal", edges, "different processes");
    refuted(buffered, "causal-convergent causal-weak", edges, "causal past");
}

#[test]
fn of_causal_order() {
    let buffering = "P: R(x)1 W(y)1\nQ: R(y)1 W(x)1";
    let edges = "0>1 po, 1>2 rf, 2>3 po, 3>0 rf";
    verified(
        buffering,
        "causal causal-weak causal-convergent sequential writes-follow-reads client-centric",
        edges,
    );
    refuted(buffering, "fifo processor", edges, "different processes");
    refuted(buffering, "monotonic-reads weak", edges, "");
    verified("P: R(x)1 W(x)1", "weak release entry slow", "0>1 po, 1>0 rf");
}

#[test]
fn two_cas_of_one_value() {
    let twice = "P: W(x)1\nQ: C(x)1>2\nR: C(x)1>3";
    let edges = "1>2 from-read 0, 2>1 from-read 0";
    verified(twice, "sequential fifo cache slow processor causal", edges);
    refuted(twice, "causal-convergent client-centric weak", edges, "");
    verified("P: C(x)NIL>2\nQ: C(x)NIL>3", "fifo", "0>1 reads-initial, 1>0 reads-initial");
}

#[test]
fn lemmas_are_proved_in_order() {
    let history = history("P: W(x)1 W(x)2\nQ: R(x)2 R(x)1");
    assert_eq!(
        cycle(&history, "fifo", "0>1 po, 1>0 overwritten 3", "1>3 transitive 2"),
        Verification::Verified
    );
    assert_refuted(&cycle(&history, "fifo", "0>1 po, 1>0 overwritten 3", "1>3 transitive"), "not shown");
    assert_refuted(&cycle(&history, "fifo", "0>1 po, 1>0 overwritten 3", "1>3 transitive 3"), "not shown");
}

#[test]
fn of_synchronisation() {
    let stale = "P: Acq(Lx)@1-1 W(x)1@2-2 Rel(Lx)@3-3\nQ: Acq(Lx)@4-4 R(x)NIL@5-5";
    verified(stale, "weak release", "1>2 po, 2>3 sync, 3>4 po, 4>1 reads-initial");
    verified(stale, "entry", "1>4 guarded 2 3, 4>1 reads-initial");
    refuted(stale, "entry", "1>2 po, 2>3 sync, 3>4 po, 4>1 reads-initial", "none of");
    let untimed = "P: Acq(Lx) W(x)1 Rel(Lx)\nQ: Acq(Lx) R(x)NIL";
    refuted(untimed, "release", "1>2 po, 2>3 sync, 3>4 po, 4>1 reads-initial", "not shown");
    // Two holds that never end.
    verified("P: Acq(L)\nQ: Acq(L)", "weak release entry", "0>1 unreleased, 1>0 unreleased");
    refuted("P: Acq(L)\nQ: Acq(L) Rel(L)?", "release", "0>1 unreleased, 1>0 unreleased", "not shown");
    verified("P: Acq(L) Acq(L) Rel(L)", "release", "1>2 po, 2>1 exclusion 0 1");
    refuted("P: AcqS(L)\nQ: AcqS(L)", "release", "0>1 unreleased, 1>0 unreleased", "not shown");
    let overlap = "P: Acq(L)@1-1 Rel(L)@5-5\nQ: Acq(L)@3-3 Rel(L)@7-7";
    verified(overlap, "weak", "1>2 exclusion 0 2, 2>1 rt");
    refuted(overlap, "fifo", "1>2 exclusion 0 2, 2>1 rt", "no part");
    // The arbitration of a key: race on x, ordered by both processes' reads.
    let crossed = "P: W(x)1 R(x)2\nQ: W(x)2 R(x)1";
    verified(crossed, "weak release entry", "0>2 overwritten 1, 2>0 overwritten 3");
    verified("P: C(x)1>2\nQ: C(x)2>1", "weak client-centric monotonic-writes", "0>1 rf, 1>0 rf");
}

/// Every edge that the rules allow between two operations, with ways of at most `length`.
fn allowed(case: &Case<'_>, length: usize, lemmas: &[Edge]) -> Vec<Edge> {
    let ops: Vec<OpId> = case.history.ops().collect();
    let mut ways: Vec<Vec<OpId>> = vec![Vec::new()];
    let mut begin = 0;
    for _ in 0..length {
        let end = ways.len();
        for way in begin..end {
            ways.extend(ops.iter().map(|&op| [&ways[way][..], &[op]].concat()).collect::<Vec<_>>());
        }
        begin = end;
    }
    let derived = rules::ALL
        .iter()
        .flat_map(|&rule| ways.iter().map(move |because| Why::Derived { rule, because: because.clone() }));
    let whys: Vec<Why> =
        [Why::ProgramOrder, Why::RealTime, Why::ReadsFrom, Why::Sync].into_iter().chain(derived).collect();
    let mut found = Vec::new();
    for &from in &ops {
        for &to in ops.iter().filter(|&&to| to != from) {
            for why in &whys {
                let edge = Edge { from, to, why: why.clone() };
                // One of each kind is enough.
                let same = |other: &&Edge| {
                    let names = |why: &Why| match why {
                        Why::Derived { rule, .. } => Some(*rule),
                        _ => None,
                    };
                    (other.from, other.to) == (from, to)
                        && std::mem::discriminant(&other.why) == std::mem::discriminant(why)
                        && names(&other.why) == names(why)
                };
                if found.iter().filter(same).count() < 2 && edge_holds(case, &edge, lemmas) {
                    found.push(edge);
                }
            }
        }
    }
    found
}

/// Looks for a cycle of at most four edges that is accepted.
fn accepted(case: &Case<'_>, edges: &[Edge], lemmas: &[Edge], path: &mut Vec<Edge>) -> bool {
    let (Some(first), Some(last)) = (path.first(), path.last()) else { return false };
    if last.to == first.from {
        let cycle = Refutation::Cycle { edges: path.clone(), lemmas: lemmas.to_vec() };
        let found = verify(
            case.history,
            case.model,
            SpecKind::Register,
            &Certificate::Refutation(cycle),
            &VerifyOptions::default(),
        );
        return found == Ok(Verification::Verified);
    }
    if path.len() == 4 {
        return false;
    }
    let (first, last) = (first.from, last.to);
    for edge in edges.iter().filter(|edge| edge.from == last) {
        let again = path.iter().any(|other| other.from == edge.to && other.from != first);
        if again || edge.to < first {
            continue;
        }
        path.push(edge.clone());
        if accepted(case, edges, lemmas, path) {
            return true;
        }
        path.pop();
    }
    false
}

fn sound(history: &History, models: &[Model]) -> Result<(), TestCaseError> {
    for &model in models.iter().filter(|model| history.is_timed() || !model.needs_times()) {
        let options = NaiveOptions { spec: Some(SpecKind::Register), ..NaiveOptions::default() };
        if !judge(history, model, &options).expect("a verdict").is_consistent() {
            continue;
        }
        let verify_options = VerifyOptions::default();
        let case = Case {
            history,
            model,
            spec: SpecKind::Register,
            orders: Orders::new(history),
            options: &verify_options,
        };
        let mut lemmas = Vec::new();
        for length in [2, 1, 1] {
            let edges = allowed(&case, length, &lemmas);
            for edge in &edges {
                let mut path = vec![edge.clone()];
                prop_assert!(
                    !accepted(&case, &edges, &lemmas, &mut path),
                    "{}: {:?}, {:?}\n{:#?}",
                    model,
                    path,
                    lemmas,
                    history
                );
            }
            lemmas.extend(edges.into_iter().filter(|edge| matches!(edge.why, Why::Derived { .. })));
        }
    }
    Ok(())
}

/// The search for cycles that should not be finds those that should.
#[test]
fn the_search_finds_cycles() {
    let stale = history("P: W(x)1 W(y)1\nQ: R(y)1 R(x)NIL");
    for model in
        ["sequential", "fifo", "processor", "causal", "causal-weak", "causal-convergent", "client-centric"]
    {
        let model = Model::from_name(model).expect("a model");
        let options = VerifyOptions::default();
        let case = Case {
            history: &stale,
            model,
            spec: SpecKind::Register,
            orders: Orders::new(&stale),
            options: &options,
        };
        let edges = allowed(&case, 2, &[]);
        assert!(edges.iter().any(|edge| accepted(&case, &edges, &[], &mut vec![edge.clone()])), "{model}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn no_cycle_speaks_against_a_consistent_history(
        history in registers(Registers { operations: 6, values: 200, ..Registers::default() })
    ) {
        let models = Model::NAMED.iter().copied().filter(|model| *model != Model::Eventual);
        let sets = [
            Guarantees::MONOTONIC_READS | Guarantees::MONOTONIC_WRITES,
            Guarantees::READ_YOUR_WRITES | Guarantees::WRITES_FOLLOW_READS,
            Guarantees::MONOTONIC_WRITES | Guarantees::WRITES_FOLLOW_READS,
        ];
        sound(&history, &models.chain(sets.map(Model::Session)).collect::<Vec<_>>())?;
    }

    #[test]
    fn nor_of_synchronisation(
        history in registers(Registers { operations: 7, values: 200, locks: true, syncs: true, cas: false, ..Registers::default() })
    ) {
        sound(&history, &[Model::Weak, Model::Release, Model::Entry])?;
    }
}

/// How many histories each property is tried on: `TRIBUNAL_CASES`, else few.
fn cases() -> u32 {
    std::env::var("TRIBUNAL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(48)
}
