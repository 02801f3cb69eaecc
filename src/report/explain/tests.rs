//! Planted violations explained: the paragraph, the orders and the picture are about the same operations.

use super::*;
use crate::report::look::Look;
use crate::report::notation::{short, value, who};
use crate::report::timeline::draw;
use std::collections::BTreeSet;
use tribunal_checker::engine::check;
use tribunal_checker::verdict::Verdict;
use tribunal_corpus::{Generate, Violation, generate};

/// Violated histories of every kind: with the model, and the data type.
fn planted() -> impl Iterator<Item = (History, Model, SpecKind)> {
    let of_kind = |violation: Violation| {
        let models =
            [Model::Linearizable, Model::Sequential, Model::Causal, Model::CausalConvergent, Model::Fifo];
        SpecKind::ALL.iter().flat_map(move |&spec| {
            models.into_iter().flat_map(move |model| {
                (1..=2).filter_map(move |seed| {
                    let plan = Generate {
                        operations: 40,
                        keys: 2,
                        violation: Some(violation),
                        model,
                        seed,
                        ..Generate::new(spec)
                    };
                    Some((generate(&plan).ok()?.history, model, spec))
                })
            })
        })
    };
    Violation::ALL.iter().flat_map(move |&violation| of_kind(violation))
}

fn explained(history: &History, model: Model, spec: SpecKind) -> Option<(Explanation, Shrunk)> {
    let options = Options { spec: Some(spec), ..Options::default() };
    let Verdict::Violated(refutation) = check(history, model, &options).ok()?.verdict else { return None };
    let options = ShrinkOptions { check: options, effort: EFFORT };
    let shrunk = shrink(history, model, spec, &refutation, &options);
    Some((explain_shrunk(model, spec, &shrunk), shrunk))
}

#[test]
fn the_paragraph_and_the_picture_are_about_the_operations_that_matter() {
    let (mut explained_ones, mut circles) = (0, 0);
    for (history, model, spec) in planted() {
        let Some((explanation, shrunk)) = explained(&history, model, spec) else { continue };
        explained_ones += 1;
        circles += usize::from(explanation.circle);
        let shown: BTreeSet<OpId> = explanation.operations.iter().copied().collect();
        let Explanation { text, guilty, orders, .. } = &explanation;
        assert!(guilty.iter().all(|op| shown.contains(op)), "{text}");
        if shrunk.operations.len() <= SHOWN {
            assert!(explanation.complete);
            assert_eq!(explanation.operations, shrunk.operations);
            for &op in &explanation.operations {
                let names =
                    [who(&history, op), value(&history, history.micros(op).next().unwrap().value, 24)];
                assert!(names.iter().all(|name| text.contains(name.as_str())), "{names:?} in {text}");
            }
            for edge in orders {
                assert!(shown.contains(&edge.from) && shown.contains(&edge.to), "{text}");
            }
        }
        for width in [40, 60, 100] {
            let look = Look { color: false, unicode: true, width };
            let picture = draw(&history, &explanation, &look);
            assert!(picture.iter().all(|line| line.chars().count() <= width), "{width}: {picture:#?}");
            // Long operations of a list are broken at spaces.
            let picture = picture.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
            for &op in &explanation.operations {
                let label = short(&history, op, 6);
                let number = format!("#{op} ");
                let whole = [short(&history, op, 24), short(&history, op, 12), label];
                assert!(
                    whole.iter().any(|label| picture.contains(label.as_str())),
                    "{number}{whole:?}:\n{picture}"
                );
            }
        }
    }
    assert!(explained_ones > 50 && circles > 5, "{explained_ones} explained, {circles} circles");
}

#[test]
fn a_cycle_is_told_edge_by_edge() {
    let mut cycles = 0;
    for (history, model, spec) in planted() {
        let Some((explanation, shrunk)) = explained(&history, model, spec) else { continue };
        let Some(Refutation::Cycle { edges, lemmas }) = shrunk.refutation() else { continue };
        if shrunk.operations.len() > SHOWN {
            continue;
        }
        cycles += 1;
        let certificate: Vec<Edge> = edges.into_iter().chain(lemmas).collect();
        assert_eq!(explanation.orders, certificate);
        for edge in &certificate {
            for op in [edge.from, edge.to] {
                assert!(explanation.text.contains(&who(&history, op)), "{}", explanation.text);
            }
        }
    }
    assert!(cycles > 0, "{cycles} cycles");
}

#[test]
fn a_paragraph() {
    let mut builder = tribunal_checker::history::HistoryBuilder::new();
    let x = builder.key_text("x");
    let (a, b) = (builder.text("a"), builder.text("b"));
    let steps = [
        ("P1", Function::Write, a),
        ("P1", Function::Write, b),
        ("P3", Function::Read, b),
        ("P3", Function::Read, a),
    ];
    for (process, function, value) in steps {
        let process = builder.process_text(process);
        let micros = [tribunal_checker::history::Micro::new(function, x, value)];
        builder.push(&tribunal_checker::history::Operation::new(process, function, &micros)).unwrap();
    }
    let history = builder.finish().unwrap();
    let (explanation, _) = explained(&history, Model::Causal, SpecKind::Register).expect("violated");
    assert_eq!(
        explanation.text,
        "P1's W(x)b comes before P1's W(x)a, because P3 read b from x, then a. \
         But P1's W(x)a comes before P1's W(x)b: that is P1's own order."
    );
    assert!(explanation.circle);
}
