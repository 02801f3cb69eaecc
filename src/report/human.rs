//! Results for people: a verdict line; for a violation one sentence and a picture.

use super::look::{Look, Role, plain_width, wrap};
use super::notation::{short, words};
use super::record::{Kind, Record};
use super::timeline::draw;
use super::{Answer, Explanation, Outcome, Totals};
use tribunal_checker::engine::Labelling;
use tribunal_checker::history::{History, OpId};
use tribunal_checker::model::Model;

/// The results of one history.
pub(super) fn outcomes(outcomes: &[Outcome], history: Option<&History>, look: &Look) -> String {
    let mut text = String::new();
    for (i, outcome) in outcomes.iter().enumerate() {
        // What cannot be read, or fits no data type, does so for no model: said once.
        if let (Answer::Error { message, .. }, Some(Answer::Error { message: before, .. })) =
            (&outcome.answer, i.checked_sub(1).map(|before| &outcomes[before].answer))
            && message == before
        {
            continue;
        }
        text.push_str(&verdict(&Record::of(outcome), look));
        if let (Answer::Violated(_), Some(history)) = (&outcome.answer, history) {
            text.push_str(&violation(outcome, history, look));
        }
    }
    text.push_str(&notes(outcomes, history, look));
    text
}

/// The results of one history, from the results of another run: without pictures.
pub(super) fn records(records: &[Record], look: &Look) -> String {
    let mut text = String::new();
    for record in records {
        text.push_str(&verdict(record, look));
        if let (Kind::Violated, Some(summary)) = (record.verdict, &record.summary) {
            let summary = paragraph(&format!("{summary}."), "  ", look, Role::Plain);
            text.push_str(&format!("\n{summary}\n"));
        }
    }
    text.push_str(&told_once(records.iter().flat_map(|record| record.notes.iter().cloned()), look));
    text
}

/// What a reader should know besides, each thing once.
pub(super) fn notes(outcomes: &[Outcome], history: Option<&History>, look: &Look) -> String {
    let labels = outcomes.iter().filter_map(|outcome| labels(outcome, history?));
    let notes = outcomes.iter().flat_map(|outcome| outcome.notes.iter().cloned());
    told_once(labels.chain(notes), look)
}

/// Each note once.
fn told_once(notes: impl Iterator<Item = String>, look: &Look) -> String {
    let mut told: Vec<String> = Vec::new();
    for note in notes {
        if !told.contains(&note) {
            told.push(note);
        }
    }
    told.iter().map(|note| paragraph(&format!("note: {note}"), "  ", look, Role::Faint)).collect()
}

/// Whether it is properly labelled, if that was asked.
fn labels(outcome: &Outcome, history: &History) -> Option<String> {
    let model = outcome.model;
    Some(match outcome.labelling? {
        Labelling::Proper => format!("properly labelled: {model} orders all that conflicts"),
        Labelling::Race(a, b) => {
            let (a, b) = (words(history, a), words(history, b));
            format!("not properly labelled: {model} does not order {a} and {b}")
        }
    })
}

/// `12 histories: 10 consistent, 2 violated`, where there is more than one answer.
pub(super) fn totals(totals: &Totals, look: &Look) -> String {
    let kinds = [
        (totals.consistent, "consistent", Role::Good),
        (totals.violated, "violated", Role::Bad),
        (totals.unknown, "unknown", Role::Doubt),
        (totals.inapplicable, "inapplicable", Role::Faint),
        (totals.errors, "in error", Role::Bad),
    ];
    let answers: usize = kinds.iter().map(|kind| kind.0).sum();
    // The picture of one profile says it all.
    if answers < 2 || totals.histories == 1 && answers >= Model::NAMED.len() {
        return String::new();
    }
    let some = kinds.iter().filter(|kind| kind.0 > 0);
    let parts: Vec<String> =
        some.map(|(number, what, role)| look.paint(*role, &format!("{} {what}", grouped(*number)))).collect();
    let models = match answers == totals.histories {
        true => String::new(),
        false => format!(", {}", count(answers, "verdict")),
    };
    format!("{}{models}: {}\n", count(totals.histories, "history"), parts.join(", "))
}

/// `a.jsonl: linearizable: consistent (7 operations, 3 processes, 1 key; search, 0.4 ms)`.
fn verdict(record: &Record, look: &Look) -> String {
    let name = look.paint(Role::Name, &record.history);
    let model = &record.model;
    let facts = |verdict: &str| {
        let facts = facts(record);
        let used = plain_width(&format!("{}: {model}: {verdict} {facts}", record.history));
        match used > look.width {
            true => format!("\n{}", paragraph(&facts, "  ", look, Role::Faint)),
            false => format!(" {}\n", look.paint(Role::Faint, &facts)),
        }
    };
    let why = || {
        let reason = told(record.reason.as_deref().unwrap_or("no reason was given"));
        record.summary.as_ref().map_or_else(|| reason.to_owned(), |summary| format!("{reason}; {summary}"))
    };
    match record.verdict {
        Kind::Consistent => {
            let vacuous = if record.vacuous { " (vacuous)" } else { "" };
            let verdict = format!("consistent{vacuous}");
            format!("{name}: {model}: {}{}", look.paint(Role::Good, &verdict), facts(&verdict))
        }
        Kind::Violated => {
            format!("{name}: {model}: {}{}", look.paint(Role::Bad, "VIOLATED"), facts("VIOLATED"))
        }
        Kind::Unknown => {
            let (unknown, why) = (look.paint(Role::Doubt, "UNKNOWN"), why());
            format!("{name}: {model}: {unknown}: {why}{}", facts(&format!("UNKNOWN: {why}")))
        }
        Kind::Inapplicable => format!("{name}: {model}: does not apply: {}\n", why()),
        Kind::Error => {
            let fault = record.error.as_ref();
            let place = match fault.map_or((None, None), |fault| (fault.line, fault.column)) {
                (None, _) => String::new(),
                (Some(line), None) => format!(":{line}"),
                (Some(line), Some(column)) => format!(":{line}:{column}"),
            };
            let message = fault.map_or("no reason was given", |fault| &fault.message);
            format!("{name}{place}: {}: {message}\n", look.paint(Role::Bad, "error"))
        }
    }
}

/// A limit, in words.
pub(super) fn told(reason: &str) -> &str {
    match reason {
        "timeout" => "the time was up",
        "memory" => "the memory limit was reached",
        other => other,
    }
}

pub(super) fn facts(record: &Record) -> String {
    let mut facts = format!(
        "({}, {}, {}; ",
        count(record.operations, "operation"),
        count(record.processes, "process"),
        count(record.keys, "key")
    );
    if let Some(method) = &record.method {
        facts.push_str(method);
        facts.push_str(", ");
    }
    facts.push_str(&time(record.elapsed_ms));
    facts.push(')');
    facts
}

/// `1 operation`, `2 processes`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let plural = match (number, what.ends_with('s'), what.ends_with('y') && what != "key") {
        (1, ..) => what.to_owned(),
        (_, true, _) => format!("{what}es"),
        (_, _, true) => format!("{}ies", &what[..what.len() - 1]),
        _ => format!("{what}s"),
    };
    format!("{} {plural}", grouped(number))
}

/// A number with its thousands apart.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A time in milliseconds, for people.
pub(super) fn time(elapsed_ms: f64) -> String {
    match elapsed_ms {
        ms if ms < 100.0 => format!("{ms:.1} ms"),
        ms if ms < 1e3 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1e3),
    }
}

/// What is wrong.
pub(super) fn violation(outcome: &Outcome, history: &History, look: &Look) -> String {
    let Some(explanation) = &outcome.explanation else { return String::new() };
    picture(history, explanation, look)
}

/// An explanation for people: a paragraph, a picture, where to look.
pub(crate) fn picture(history: &History, explanation: &Explanation, look: &Look) -> String {
    let mut text = String::from("\n");
    text.push_str(&paragraph(&explanation.text, "  ", look, Role::Plain));
    text.push('\n');
    for line in draw(history, explanation, look) {
        text.push_str(&line);
        text.push('\n');
    }
    text.push('\n');
    for &op in &explanation.guilty {
        text.push_str(&paragraph(&located(history, op), "  ", look, Role::Faint));
    }
    let left_out = history.len().saturating_sub(explanation.operations.len());
    if left_out > 0 {
        let rest = count(left_out, "other operation");
        let rest = match explanation.complete {
            true => format!("not shown: {rest} that the violation does not need"),
            false => format!("not shown: {rest}"),
        };
        text.push_str(&paragraph(&rest, "  ", look, Role::Faint));
    }
    text.push('\n');
    text
}

/// Where an operation stands in the input.
fn located(history: &History, op: OpId) -> String {
    let what = short(history, op, 24);
    match history.line(op) {
        0 => format!("{what} is operation {op}"),
        line => format!("{what} is operation {op}, on line {line}"),
    }
}

/// Text in lines that fit, each behind `indent`.
pub(super) fn paragraph(text: &str, indent: &str, look: &Look, role: Role) -> String {
    let width = look.width.saturating_sub(plain_width(indent)).max(20);
    wrap(text, width).iter().map(|line| format!("{indent}{}\n", look.paint(role, line))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_english() {
        assert_eq!(count(1, "process"), "1 process");
        assert_eq!(count(2, "process"), "2 processes");
        assert_eq!(count(0, "key"), "0 keys");
        assert_eq!(count(1_234_567, "operation"), "1,234,567 operations");
        assert_eq!(count(12, "history"), "12 histories");
    }
}
