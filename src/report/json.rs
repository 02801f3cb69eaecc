//! Results for programs: one JSON object for each history and model.

use super::explain::explain;
use super::{Answer, Outcome};
use serde::Serialize;
use serde_json::value::RawValue;
use tribunal_checker::history::History;
use tribunal_checker::spec::SpecKind;
use tribunal_formats::certificate;

/// The fields, in the order in which they are written.
#[derive(Serialize)]
struct Object<'a> {
    history: &'a str,
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    spec: Option<&'a str>,
    verdict: &'a str,
    operations: usize,
    processes: usize,
    keys: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<&'a str>,
    elapsed_ms: f64,
    tribunal: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    vacuous: bool,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Box<RawValue>>,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    message: &'a str,
    /// `null` where the error has no line, or no column.
    line: Option<u64>,
    column: Option<u64>,
}

/// One result, without a line end.
pub(super) fn object(outcome: &Outcome, history: Option<&History>, certificates: bool) -> String {
    let object = Object {
        history: &outcome.history,
        model: outcome.model.name(),
        spec: outcome.spec.map(SpecKind::name),
        verdict: outcome.answer.name(),
        operations: outcome.size.operations,
        processes: outcome.size.processes,
        keys: outcome.size.keys,
        method: outcome.method,
        elapsed_ms: (outcome.elapsed.as_secs_f64() * 1e6).round() / 1e3,
        tribunal: 1,
        reason: match &outcome.answer {
            Answer::Unknown { reason, .. } => Some(reason),
            _ => None,
        },
        summary: summary(outcome, history),
        vacuous: outcome.vacuous,
        notes: &outcome.notes,
        error: match &outcome.answer {
            Answer::Error { message, line, column } => Some(ErrorObject {
                message,
                line: Some(*line).filter(|&line| line > 0),
                column: Some(*column).filter(|&column| column > 0),
            }),
            _ => None,
        },
        certificate: history.filter(|_| certificates).and_then(|history| evidence(outcome, history)),
    };
    serde_json::to_string(&object).expect("strings and numbers are JSON")
}

fn summary(outcome: &Outcome, history: Option<&History>) -> Option<String> {
    match (&outcome.answer, history) {
        (Answer::Violated(refutation), Some(history)) => {
            Some(explain(history, outcome.model, outcome.spec, refutation).sentence)
        }
        (Answer::Unknown { progress, .. }, _) if !progress.is_empty() => Some(progress.clone()),
        _ => None,
    }
}

fn evidence(outcome: &Outcome, history: &History) -> Option<Box<RawValue>> {
    let json = match &outcome.answer {
        Answer::Consistent(witness) => certificate::write_witness(history, witness),
        Answer::Violated(refutation) => certificate::write_refutation(refutation),
        _ => return None,
    };
    Some(RawValue::from_string(json).expect("certificates are JSON"))
}
