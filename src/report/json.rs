//! Results for programs: one JSON object for each history and model. `docs/schema/result.schema.json` describes them.

use super::record::Record;
use super::{Answer, Outcome};
use serde::Serialize;
use serde_json::value::RawValue;
use tribunal_checker::history::History;
use tribunal_formats::certificate;

#[derive(Serialize)]
struct Object {
    #[serde(flatten)]
    record: Record,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Box<RawValue>>,
}

/// One result, without a line end.
pub(super) fn object(outcome: &Outcome, history: Option<&History>, certificates: bool) -> String {
    let object = Object {
        record: Record::of(outcome, history),
        certificate: history.filter(|_| certificates).and_then(|history| evidence(outcome, history)),
    };
    serde_json::to_string(&object).expect("strings and numbers are JSON")
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
