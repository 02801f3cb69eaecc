//! Results for programs: one JSON object for each history and model. `docs/schema/result.schema.json` describes them.

use super::record::Record;
use super::{Answer, Explanation, Outcome};
use serde::Serialize;
use serde_json::value::RawValue;
use tribunal_checker::certificate::{Edge, Why};
use tribunal_checker::history::{History, OpId};
use tribunal_formats::certificate;

#[derive(Serialize)]
struct Object<'a> {
    #[serde(flatten)]
    record: Record,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate: Option<Box<RawValue>>,
}

/// Operations by id.
#[derive(Serialize)]
pub(super) struct ExplanationObject<'a> {
    operations: Vec<u32>,
    orders: Vec<OrderObject>,
    text: &'a str,
}

#[derive(Serialize)]
struct OrderObject {
    from: u32,
    to: u32,
    why: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    because: Vec<u32>,
}

impl<'a> ExplanationObject<'a> {
    /// An explanation as it stands in a result.
    pub(super) fn new(explanation: &'a Explanation) -> Self {
        let ids = |ops: &[OpId]| ops.iter().map(|op| op.0).collect();
        let order = |edge: &Edge| {
            let (rule, because) = match &edge.why {
                Why::Derived { rule, because } => (Some(*rule), ids(because)),
                _ => (None, Vec::new()),
            };
            OrderObject { from: edge.from.0, to: edge.to.0, why: why(&edge.why), rule, because }
        };
        Self {
            operations: ids(&explanation.operations),
            orders: explanation.orders.iter().map(order).collect(),
            text: &explanation.text,
        }
    }
}

/// The name of a reason, as in certificates.
fn why(why: &Why) -> &'static str {
    match why {
        Why::ProgramOrder => "program-order",
        Why::RealTime => "real-time",
        Why::ReadsFrom => "reads-from",
        Why::Sync => "sync",
        _ => "derived",
    }
}

/// One result, without a line end.
pub(super) fn object(outcome: &Outcome, history: Option<&History>, certificates: bool) -> String {
    let object = Object {
        record: Record::of(outcome),
        explanation: outcome.explanation.as_ref().map(ExplanationObject::new),
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
