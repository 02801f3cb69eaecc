//! Results for programs: one JSON object for each history and model.

use super::explain::explain;
use super::{Answer, Outcome};
use serde::Serialize;
use serde_json::value::RawValue;
use tribunal_checker::engine::Labelling;
use tribunal_checker::history::History;
use tribunal_checker::model::Model;
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
    because: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    strongest: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    weakest: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    settle: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    vacuous: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    properly_labelled: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    race: Option<[u32; 2]>,
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
    let standing = outcome.standing.unwrap_or_default();
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
            Answer::Unknown { reason, .. } | Answer::Inapplicable { reason, .. } => Some(reason),
            _ => None,
        },
        because: standing.because.map(Model::name),
        strongest: standing.strongest,
        weakest: standing.weakest,
        settle: Some(outcome.settle).filter(|&settle| settle != 0 && outcome.model == Model::Eventual),
        summary: summary(outcome, history),
        vacuous: outcome.vacuous,
        properly_labelled: outcome.labelling.map(|labelling| labelling == Labelling::Proper),
        race: match outcome.labelling {
            Some(Labelling::Race(a, b)) => Some([a.0, b.0]),
            _ => None,
        },
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
        (Answer::Inapplicable { message, .. }, _) => Some(message.clone()),
        _ => None,
    }
}

fn evidence(outcome: &Outcome, history: &History) -> Option<Box<RawValue>> {
    if outcome.standing.is_some_and(|standing| !standing.evident) {
        return None;
    }
    let json = match &outcome.answer {
        Answer::Consistent(witness) => certificate::write_witness(history, witness),
        Answer::Violated(refutation) => certificate::write_refutation(refutation),
        _ => return None,
    };
    Some(RawValue::from_string(json).expect("certificates are JSON"))
}
