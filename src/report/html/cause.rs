//! What a violation is made of, as the page shows it: operations, and arrows between them with their reasons.

use super::super::explain::Explanation;
use super::super::notation::words;
use tribunal_checker::certificate::{Edge, Why, rules};
use tribunal_checker::history::{Function, History, OpId, Outcome as Effect};

/// A violation of one model.
pub(super) struct Cause {
    /// A paragraph, without its last full stop.
    pub(super) sentence: String,
    /// In the order of the input.
    pub(super) operations: Vec<OpId>,
    /// Those that cannot be fitted in.
    pub(super) guilty: Vec<OpId>,
    pub(super) arrows: Vec<Arrow>,
    /// The operations shown are a violation by themselves.
    pub(super) complete: bool,
}

/// One operation before another.
pub(super) struct Arrow {
    pub(super) from: OpId,
    pub(super) to: OpId,
    /// A word or two.
    pub(super) label: &'static str,
    /// A sentence; empty for what is drawn to help only.
    pub(super) sentence: String,
}

impl Arrow {
    /// One of the cycle's, not drawn to help only.
    pub(super) fn forced(&self) -> bool {
        !self.sentence.is_empty()
    }
}

/// What a violation is made of.
pub(super) fn cause(told: &Explanation, history: &History) -> Cause {
    let Explanation { text, operations, guilty, orders, complete, .. } = told.clone();
    let sentence = text.trim_end_matches('.').to_owned();
    let mut arrows: Vec<Arrow> = orders.iter().map(|edge| arrow(history, edge)).collect();
    let linked = |arrows: &[Arrow], from, to| arrows.iter().any(|arrow| (arrow.from, arrow.to) == (from, to));
    for (from, to) in reads_from(history, &operations) {
        if !linked(&arrows, from, to) {
            arrows.push(Arrow { from, to, label: "read by", sentence: String::new() });
        }
    }
    Cause { sentence, operations, guilty, arrows, complete }
}

fn arrow(history: &History, edge: &Edge) -> Arrow {
    let (from, to) = (words(history, edge.from), words(history, edge.to));
    let said = |ops: &[OpId]| ops.iter().map(|&op| words(history, op)).collect::<Vec<_>>().join(", then ");
    let (label, why) = match &edge.why {
        Why::ProgramOrder => ("program order", "one process did both, in this order".to_owned()),
        Why::RealTime => ("real time", "the first had ended when the second began".to_owned()),
        Why::ReadsFrom => ("reads from", "the second returned what the first wrote".to_owned()),
        Why::Sync => ("synchronised", "synchronisation puts them in this order".to_owned()),
        Why::Derived { rule, because } => derived(rule, because, &from, &to, &said),
        _ => ("forced", "it is forced".to_owned()),
    };
    Arrow { from: edge.from, to: edge.to, label, sentence: format!("{from} comes before {to}: {why}.") }
}

fn derived(
    rule: &str,
    because: &[OpId],
    from: &str,
    to: &str,
    said: &dyn Fn(&[OpId]) -> String,
) -> (&'static str, String) {
    match (rule, because) {
        (rules::OVERWRITTEN, [.., read]) => {
            let read = said(&[*read]);
            (
                "overwritten",
                format!("{read}, which {from} precedes, returned what {to} left, not what {from} did"),
            )
        }
        (rules::READS_INITIAL, _) => (
            "read initial value",
            "the first returned the initial value, so no write to its key precedes it".into(),
        ),
        (rules::FROM_READ, [source, ..]) => {
            let source = said(&[*source]);
            (
                "read before",
                format!(
                    "the first returned what {source} left, and the second comes after that and would have replaced it"
                ),
            )
        }
        (rules::TRANSITIVE, way) => ("by way of others", format!("by way of {}", said(way))),
        (rules::EXCLUSION, _) => {
            ("excludes", "a hold that comes first has ended before the next begins".into())
        }
        (rules::UNRELEASED, _) => {
            ("never released", "a hold that never ends comes after all that it excludes".into())
        }
        (rules::GUARDED, locks) => {
            ("guarded", format!("through the lock that guards the key: {}", said(locks)))
        }
        _ => ("derived", "by a rule of the model".into()),
    }
}

/// Pairs of a write and an operation that returned its value, where no other of those shown wrote it.
fn reads_from(history: &History, operations: &[OpId]) -> Vec<(OpId, OpId)> {
    let written = |op: OpId| match history.function(op) {
        Function::Cas if history.answer(op) == Some(false) => None,
        Function::Cas => history.micros(op).nth(1),
        Function::Write | Function::Enqueue | Function::Push | Function::Insert => history.micros(op).next(),
        _ => None,
    };
    let returned = |op: OpId| match history.function(op) {
        Function::Cas if history.answer(op) == Some(false) => None,
        Function::Read | Function::Cas | Function::Dequeue | Function::Pop | Function::Poll => {
            history.micros(op).next().filter(|micro| micro.value.is_known())
        }
        _ => None,
    };
    let mut pairs = Vec::new();
    for &to in operations.iter().filter(|&&op| history.outcome(op) == Effect::Ok) {
        let Some(seen) = returned(to) else { continue };
        let mut sources = operations.iter().copied().filter(|&from| {
            let same = |micro: tribunal_checker::history::MicroOp| {
                micro.key() == seen.key() && micro.value == seen.value
            };
            from != to && written(from).is_some_and(same)
        });
        if let (Some(from), None) = (sources.next(), sources.next()) {
            pairs.push((from, to));
        }
    }
    pairs
}
