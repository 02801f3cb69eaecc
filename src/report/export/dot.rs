//! The operations of a violation and the orders between them, as a graph for Graphviz.
//!
//! A column a process, its operations from top to bottom; orders that the model forces are arrows with their reasons, those
//! in a circle in red.

use crate::report::explain::Explanation;
use crate::report::notation::{process, short};
use std::fmt::Write;
use tribunal_checker::certificate::{Edge, Why};
use tribunal_checker::history::{History, OpId, ProcessId};

/// The longest value in a label.
const LONGEST: usize = 32;

/// The graph, in the DOT language.
pub(crate) fn dot(history: &History, explanation: &Explanation, title: &str) -> String {
    let mut text = String::from("digraph violation {\n");
    // Writing to a text does not fail.
    let _ = writeln!(text, "  label={};", quoted(&format!("{title}\n{}.", explanation.summary)));
    text.push_str("  labelloc=t;\n  node [shape=box, fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\", fontsize=10];\n");
    let mut processes: Vec<ProcessId> =
        explanation.operations.iter().map(|&op| history.process(op)).collect();
    processes.sort_unstable();
    processes.dedup();
    for (number, &id) in processes.iter().enumerate() {
        let own: Vec<OpId> = (history.program_order(id).iter().copied())
            .filter(|op| explanation.operations.contains(op))
            .collect();
        let _ =
            writeln!(text, "  subgraph cluster_{number} {{\n    label={};", quoted(&process(history, id)));
        text.push_str("    color=gray;\n");
        for &op in &own {
            let guilty = if explanation.guilty.contains(&op) { ", color=red, penwidth=2" } else { "" };
            let _ = writeln!(text, "    op{op} [label={}{guilty}];", quoted(&short(history, op, LONGEST)));
        }
        for pair in own.windows(2) {
            let told = |edge: &Edge| (edge.from, edge.to) == (pair[0], pair[1]);
            if !explanation.orders.iter().any(told) {
                let _ = writeln!(text, "    op{} -> op{} [style=dotted, color=gray];", pair[0], pair[1]);
            }
        }
        text.push_str("  }\n");
    }
    let shown = |op: OpId| explanation.operations.contains(&op);
    for edge in explanation.orders.iter().filter(|edge| shown(edge.from) && shown(edge.to)) {
        let style = match edge.why {
            Why::Derived { .. } => "color=red, fontcolor=red, penwidth=2",
            Why::ReadsFrom | Why::Sync => "color=blue, fontcolor=blue",
            _ => "color=black",
        };
        // Orders back up a column would turn it upside down.
        let constraint = if matches!(edge.why, Why::Derived { .. }) { ", constraint=false" } else { "" };
        let _ = writeln!(
            text,
            "  op{} -> op{} [label={}, {style}{constraint}];",
            edge.from,
            edge.to,
            quoted(&reason(history, edge))
        );
    }
    text.push_str("}\n");
    text
}

fn reason(history: &History, edge: &Edge) -> String {
    match &edge.why {
        Why::ProgramOrder => "program order".into(),
        Why::RealTime => "real time".into(),
        Why::ReadsFrom => "read".into(),
        Why::Sync => "synchronisation".into(),
        Why::Derived { rule, because } => {
            let because: Vec<String> = because.iter().map(|&op| short(history, op, LONGEST)).collect();
            match because.is_empty() {
                true => rule.to_string(),
                false => format!("{rule}: {}", because.join(", ")),
            }
        }
        _ => "forced".into(),
    }
}

/// A string of the DOT language: only the quote and the backslash mean something in it; line ends are `\n`.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_quoted() {
        assert_eq!(quoted("a\"b\\c\nd"), r#""a\"b\\c\nd""#);
    }
}
