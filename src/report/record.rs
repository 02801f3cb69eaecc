//! A result without its evidence: what every output form tells of a history and a model, whether it was found in this
//! run or read from the results of another.

use super::{Answer, Outcome};
use serde::{Deserialize, Serialize};
use tribunal_checker::engine::Labelling;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;

/// The fields of a result object, in the order in which they are written; the certificate stands behind them.
#[derive(Clone, PartialEq, Serialize, Deserialize, Debug)]
pub(crate) struct Record {
    /// `PATH` or `PATH#NAME`.
    pub(crate) history: String,
    pub(crate) model: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) spec: Option<String>,
    pub(crate) verdict: Kind,
    pub(crate) operations: usize,
    pub(crate) processes: usize,
    pub(crate) keys: usize,
    /// The procedure that decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) method: Option<String>,
    pub(crate) elapsed_ms: f64,
    /// The version of this form.
    pub(crate) tribunal: u8,
    /// Of `unknown`: the limit that was reached; of `inapplicable`: what the history lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) reason: Option<String>,
    /// In a profile: the model whose verdict settles this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) because: Option<String>,
    /// In a profile: it holds, and no model that implies it does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) strongest: bool,
    /// In a profile: it breaks, and no model that it implies does.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) weakest: bool,
    /// Of `eventual`: how long after the last write a read must start to be final.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) settle: Option<i64>,
    /// One sentence, without its full stop: what is violated, or how far an unknown check came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) summary: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) vacuous: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) properly_labelled: Option<bool>,
    /// Two operations that conflict and are not ordered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) race: Option<[u32; 2]>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<Fault>,
}

/// The `verdict` of a result.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    Consistent,
    Violated,
    Unknown,
    /// The model does not apply: results of profiles have it.
    Inapplicable,
    Error,
}

impl Kind {
    /// The word for people.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Consistent => "consistent",
            Self::Violated => "violated",
            Self::Unknown => "unknown",
            Self::Inapplicable => "inapplicable",
            Self::Error => "error",
        }
    }
}

/// Why there is no verdict.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Debug)]
pub(crate) struct Fault {
    pub(crate) message: String,
    /// 1-based; `null` where the error has no line.
    pub(crate) line: Option<u64>,
    /// 1-based; `null` where the error has no column.
    pub(crate) column: Option<u64>,
}

impl Record {
    /// What an outcome says.
    pub(crate) fn of(outcome: &Outcome) -> Self {
        let error = match &outcome.answer {
            Answer::Error { message, line, column } => Some(Fault {
                message: message.clone(),
                line: Some(*line).filter(|&line| line > 0),
                column: Some(*column).filter(|&column| column > 0),
            }),
            _ => None,
        };
        let standing = outcome.standing.unwrap_or_default();
        Self {
            history: outcome.history.clone(),
            model: outcome.model.name().to_owned(),
            spec: outcome.spec.map(SpecKind::name).map(str::to_owned),
            verdict: outcome.answer.kind(),
            operations: outcome.size.operations,
            processes: outcome.size.processes,
            keys: outcome.size.keys,
            method: outcome.method.map(str::to_owned),
            elapsed_ms: (outcome.elapsed.as_secs_f64() * 1e6).round() / 1e3,
            tribunal: 1,
            reason: match &outcome.answer {
                Answer::Unknown { reason, .. } | Answer::Inapplicable { reason, .. } => {
                    Some((*reason).to_owned())
                }
                _ => None,
            },
            because: standing.because.map(Model::name).map(str::to_owned),
            strongest: standing.strongest,
            weakest: standing.weakest,
            settle: Some(outcome.settle).filter(|&settle| settle != 0 && outcome.model == Model::Eventual),
            summary: summary(outcome),
            vacuous: outcome.vacuous,
            properly_labelled: outcome.labelling.map(|labelling| labelling == Labelling::Proper),
            race: match outcome.labelling {
                Some(Labelling::Race(a, b)) => Some([a.0, b.0]),
                _ => None,
            },
            notes: outcome.notes.clone(),
            error,
        }
    }
}

fn summary(outcome: &Outcome) -> Option<String> {
    match &outcome.answer {
        Answer::Violated(_) => Some(match &outcome.explanation {
            Some(explanation) => explanation.summary.clone(),
            None => format!("{} is violated", outcome.model),
        }),
        Answer::Unknown { progress, .. } if !progress.is_empty() => Some(progress.clone()),
        Answer::Inapplicable { message, .. } => Some(message.clone()),
        _ => None,
    }
}
