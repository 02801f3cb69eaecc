//! A result as a test case: what CI systems are told.

use super::Outcome;
use super::human;
use super::look::Look;
use super::record::{Kind, Record};
use super::verification::{Verification, Worth};
use tribunal_checker::history::History;
use tribunal_checker::model::Model;

/// How text in files looks: no terminal, no colours.
const LOOK: Look = Look { color: false, unicode: true, width: 100 };

/// How a test case ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Status {
    Passed,
    /// A violation, a refuted certificate.
    Failed,
    /// No verdict.
    Errored,
    /// No verdict, and nobody minds.
    Skipped,
}

/// A history and a model, as a test case.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    /// `PATH` or `PATH#NAME`.
    pub(crate) history: String,
    /// The model; empty where a certificate does not say it.
    pub(crate) model: String,
    pub(crate) status: Status,
    /// The verdict in a word.
    pub(crate) verdict: &'static str,
    /// One line: what is wrong. Empty if it passed.
    pub(crate) message: String,
    /// More lines, such as a picture; may be empty.
    pub(crate) details: String,
    pub(crate) notes: Vec<String>,
    /// Place in the file, 1-based.
    pub(crate) line: Option<u64>,
    pub(crate) column: Option<u64>,
    pub(crate) seconds: f64,
    /// Facts about the history by name.
    pub(crate) facts: Vec<(&'static str, String)>,
}

impl Case {
    /// The case of a record. An unknown verdict is an error, unless `unknown_passes`.
    pub(crate) fn of(record: &Record, unknown_passes: bool) -> Self {
        let status = match record.verdict {
            Kind::Consistent => Status::Passed,
            Kind::Violated => Status::Failed,
            Kind::Unknown if unknown_passes => Status::Skipped,
            Kind::Inapplicable => Status::Skipped,
            Kind::Unknown | Kind::Error => Status::Errored,
        };
        let mut facts = vec![
            ("operations", record.operations.to_string()),
            ("processes", record.processes.to_string()),
            ("keys", record.keys.to_string()),
        ];
        facts.extend(record.spec.clone().map(|spec| ("spec", spec)));
        Self {
            history: record.history.clone(),
            model: record.model.clone(),
            status,
            verdict: record.verdict.word(),
            message: message(record),
            details: String::new(),
            notes: record.notes.clone(),
            line: record.error.as_ref().and_then(|error| error.line),
            column: record.error.as_ref().and_then(|error| error.column),
            seconds: record.elapsed_ms.max(0.0) / 1e3,
            facts,
        }
    }

    /// The case of an outcome of this run: with the picture, and the line to look at.
    pub(crate) fn of_outcome(outcome: &Outcome, history: Option<&History>, unknown_passes: bool) -> Self {
        let mut case = Self::of(&Record::of(outcome), unknown_passes);
        if let (Some(explanation), Some(history)) = (&outcome.explanation, history) {
            case.details = human::violation(outcome, history, &LOOK);
            let place = explanation.guilty.first().or_else(|| explanation.operations.last());
            case.line = place.map(|&op| history.line(op)).filter(|&line| line > 0);
        }
        case
    }

    /// The case of a certificate.
    pub(crate) fn of_verification(verification: &Verification) -> Self {
        let (status, verdict) = match verification.worth {
            Worth::Verified => (Status::Passed, "verified"),
            Worth::Refuted => (Status::Failed, "refuted"),
            Worth::Unverified => (Status::Errored, "unverified"),
            Worth::Error => (Status::Errored, "error"),
        };
        Self {
            history: verification.history.clone(),
            model: verification.model.map_or("", Model::name).to_owned(),
            status,
            verdict,
            message: verification.reason.clone().unwrap_or_default(),
            details: String::new(),
            notes: Vec::new(),
            line: None,
            column: None,
            seconds: 0.0,
            facts: Vec::new(),
        }
    }
}

/// What is wrong, in one line.
fn message(record: &Record) -> String {
    let summary = record.summary.as_deref().unwrap_or_default();
    match (record.verdict, &record.error) {
        (Kind::Consistent, _) => String::new(),
        (_, Some(error)) => error.message.clone(),
        (Kind::Unknown | Kind::Inapplicable, _) => {
            let reason = human::told(record.reason.as_deref().unwrap_or("no reason was given"));
            if summary.is_empty() { reason.to_owned() } else { format!("{reason}; {summary}") }
        }
        _ if summary.is_empty() => format!("the history is not {}", record.model),
        _ => summary.to_owned(),
    }
}
