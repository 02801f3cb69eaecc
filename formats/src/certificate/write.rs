//! Certificates to JSON.

use std::fmt::{Display, Write};
use tribunal_checker::certificate::{Edge, ReadsFrom, Refutation, View, Why, Witness};
use tribunal_checker::history::{Datum, History, OpId};

/// Evidence of consistency as a JSON object.
#[must_use]
pub fn write_witness(history: &History, witness: &Witness) -> String {
    match witness {
        Witness::View(order) => object([("view", ids(order))]),
        Witness::Views(views) => object([("views", self::views(history, views))]),
        Witness::Causal { views, reads_from } => {
            object([("views", self::views(history, views)), ("reads_from", self::reads_from(reads_from))])
        }
        Witness::ReadsFrom(reads_from) => object([("reads_from", self::reads_from(reads_from))]),
        Witness::Arbitrated { reads_from, arbitration } => {
            object([("reads_from", self::reads_from(reads_from)), ("arbitration", ids(arbitration))])
        }
        Witness::Synchronised { sync_order, reads_from, arbitration } => object([
            ("sync_order", ids(sync_order)),
            ("reads_from", self::reads_from(reads_from)),
            ("arbitration", list(arbitration.iter().map(|writes| ids(writes)))),
        ]),
        Witness::FinalReads(reads) => object([("final_reads", ids(reads))]),
        Witness::Logs => object([("logs", "true".to_owned())]),
        Witness::Omitted => object([("omitted", "true".to_owned())]),
        other => unreachable!("a witness without a form: {other:?}"),
    }
}

/// Evidence of violation as a JSON object.
#[must_use]
pub fn write_refutation(refutation: &Refutation) -> String {
    match refutation {
        Refutation::Cycle { edges, lemmas } => {
            let mut fields = vec![("kind", text("cycle")), ("edges", list(edges.iter().map(edge)))];
            if !lemmas.is_empty() {
                fields.push(("lemmas", list(lemmas.iter().map(edge))));
            }
            object(fields)
        }
        Refutation::OneStep { kind, read, with } => {
            let mut fields = vec![("kind", text(kind.name())), ("read", read.to_string())];
            if !with.is_empty() {
                fields.push(("with", ids(with)));
            }
            object(fields)
        }
        Refutation::Core { operations, pending, stuck, longest, exhausted } => {
            let mut fields =
                vec![("kind", text("core")), ("operations", ids(operations)), ("pending", ids(pending))];
            if let Some(stuck) = stuck {
                fields.push(("stuck", stuck.to_string()));
            }
            if !longest.is_empty() {
                fields.push(("longest", ids(longest)));
            }
            if *exhausted {
                fields.push(("exhausted", "true".into()));
            }
            object(fields)
        }
        other => unreachable!("a kind of refutation without a form: {other:?}"),
    }
}

/// `because` names the rule first, then the operations that it is applied to.
fn edge(edge: &Edge) -> String {
    let mut fields = vec![("from", edge.from.to_string()), ("to", edge.to.to_string())];
    let (why, because) = match &edge.why {
        Why::ProgramOrder => ("program-order", None),
        Why::RealTime => ("real-time", None),
        Why::ReadsFrom => ("reads-from", None),
        Why::Sync => ("sync", None),
        Why::Derived { rule, because } => {
            ("derived", Some(list(std::iter::once(text(rule)).chain(because.iter().map(OpId::to_string)))))
        }
        other => unreachable!("a reason without a form: {other:?}"),
    };
    fields.push(("why", text(why)));
    fields.extend(because.map(|because| ("because", because)));
    object(fields)
}

fn views(history: &History, views: &[View]) -> String {
    let name = |value| history.values().display(value);
    list(views.iter().map(|view| {
        let mut fields = Vec::new();
        if let Some(process) = view.process {
            fields.push(("process", name(history.process_name(process))));
        }
        if let Some(key) = view.key {
            fields.push(("key", name(history.key_name(key))));
        }
        fields.push(("order", ids(&view.order)));
        object(fields)
    }))
}

fn reads_from(pairs: &ReadsFrom) -> String {
    list(pairs.iter().map(|(read, write)| match write {
        Some(write) => format!("[{read},{write}]"),
        None => format!("[{read},null]"),
    }))
}

fn ids(ops: &[OpId]) -> String {
    list(ops)
}

fn text(text: &str) -> String {
    Datum::text(text).to_string()
}

fn list(items: impl IntoIterator<Item = impl Display>) -> String {
    let mut out = String::from("[");
    for (i, item) in items.into_iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        write!(out, "{comma}{item}").expect("strings take all text");
    }
    out.push(']');
    out
}

fn object<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let mut out = String::from("{");
    for (i, (name, value)) in fields.into_iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        write!(out, "{comma}\"{name}\":{value}").expect("strings take all text");
    }
    out.push('}');
    out
}
