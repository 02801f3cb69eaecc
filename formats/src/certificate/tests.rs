//! Certificates come back as they were written.

use super::*;
use tribunal_checker::certificate::{Certificate, Edge, OneStep, Refutation, View, Why, Witness, rules};
use tribunal_checker::history::{Function, History, HistoryBuilder, Micro, OpId, Operation};

/// Three writes: of process 0 to `x`, of process "c" to `y`, of process 0 to the anonymous key.
fn history() -> History {
    let mut builder = HistoryBuilder::new();
    let (p, c, one) = (builder.process_int(0), builder.process_text("c"), builder.int(1));
    let keys = [builder.key_text("x"), builder.key_text("y"), builder.anonymous_key()];
    for (process, key) in [p, c, p].into_iter().zip(keys) {
        let write = [Micro::new(Function::Write, key, one)];
        builder.push(&Operation::new(process, Function::Write, &write)).unwrap();
    }
    builder.finish().unwrap()
}

fn ops(ids: &[u32]) -> Vec<OpId> {
    ids.iter().copied().map(OpId).collect()
}

fn view(history: &History, op: u32, order: &[u32]) -> View {
    let key = history.micro(OpId(op)).key();
    View { process: Some(history.process(OpId(op))), key, order: ops(order) }
}

#[test]
fn witnesses_come_back() {
    let history = history();
    let reads_from = vec![(OpId(1), Some(OpId(0))), (OpId(2), None)];
    let views = vec![
        view(&history, 1, &[1]),
        view(&history, 2, &[2, 0]),
        View { process: None, key: None, order: vec![] },
    ];
    for witness in [
        Witness::View(ops(&[2, 0, 1])),
        Witness::Views(views.clone()),
        Witness::Causal { views, reads_from: reads_from.clone() },
        Witness::ReadsFrom(reads_from.clone()),
        Witness::Arbitrated { reads_from: reads_from.clone(), arbitration: ops(&[1, 0]) },
        Witness::Synchronised { sync_order: ops(&[2]), reads_from, arbitration: vec![ops(&[0]), ops(&[1])] },
        Witness::FinalReads(ops(&[1])),
        Witness::Logs,
        Witness::Omitted,
    ] {
        let json = write_witness(&history, &witness);
        assert_eq!(read(&history, &json).unwrap(), Certificate::Witness(witness), "{json}");
    }
}

#[test]
fn refutations_come_back() {
    let history = history();
    let edge = |from, to, why| Edge { from: OpId(from), to: OpId(to), why };
    let derived = Why::Derived { rule: rules::OVERWRITTEN, because: ops(&[0, 2]) };
    let cycle = vec![
        edge(0, 1, Why::ProgramOrder),
        edge(1, 2, Why::RealTime),
        edge(2, 1, Why::ReadsFrom),
        edge(1, 2, Why::Sync),
        edge(2, 0, derived),
    ];
    let by = |&rule: &&'static str| edge(0, 1, Why::Derived { rule, because: ops(&[2]) });
    let every_rule: Vec<Edge> = rules::ALL.iter().map(by).collect();
    let every_step =
        OneStep::ALL.iter().map(|&kind| Refutation::OneStep { kind, read: OpId(1), with: ops(&[0]) });
    for refutation in [
        Refutation::Cycle { edges: cycle.clone(), lemmas: vec![] },
        Refutation::Cycle { edges: cycle[..2].to_vec(), lemmas: cycle },
        Refutation::OneStep { kind: OneStep::ThinAir, read: OpId(2), with: vec![] },
        Refutation::OneStep { kind: OneStep::StaleRead, read: OpId(2), with: ops(&[0, 1]) },
        Refutation::Core {
            operations: ops(&[0, 1]),
            pending: ops(&[1]),
            stuck: Some(OpId(1)),
            longest: ops(&[0]),
            exhausted: true,
        },
        Refutation::Core {
            operations: ops(&[0]),
            pending: vec![],
            stuck: None,
            longest: vec![],
            exhausted: false,
        },
        Refutation::Cycle { edges: every_rule, lemmas: vec![] },
    ]
    .into_iter()
    .chain(every_step)
    {
        let json = write_refutation(&refutation);
        assert_eq!(read(&history, &json).unwrap(), Certificate::Refutation(refutation), "{json}");
    }
}

#[test]
fn the_form_is_the_documented_one() {
    let history = history();
    let witness = Witness::Views(vec![view(&history, 2, &[2])]);
    assert_eq!(write_witness(&history, &witness), r#"{"views":[{"process":0,"key":null,"order":[2]}]}"#);
    let thin_air = Refutation::OneStep { kind: OneStep::ThinAir, read: OpId(2), with: vec![] };
    assert_eq!(write_refutation(&thin_air), r#"{"kind":"thin-air","read":2}"#);
}

#[test]
fn what_is_no_certificate_is_refused() {
    let history = history();
    for (json, message) in [
        ("", "EOF"),
        ("{}", "none of view"),
        ("[1]", "no certificate"),
        (r#"{"view":[3]}"#, "operation 3"),
        (r#"{"view":[-1]}"#, "no certificate"),
        (r#"{"kind":"murder"}"#, "`murder`"),
        (r#"{"kind":"core"}"#, "`operations`"),
        (r#"{"kind":"cycle","edges":[{"from":0,"to":1,"why":"derived"}]}"#, "because"),
        (r#"{"kind":"cycle","edges":[{"from":0,"to":1,"why":"derived","because":["whim"]}]}"#, "`whim`"),
        (r#"{"views":[{"process":7,"order":[]}]}"#, "no process 7"),
    ] {
        let error = read(&history, json).expect_err(json).to_string();
        assert!(error.contains(message), "{json}: {error}");
    }
}
