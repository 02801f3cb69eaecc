//! Results for people and for programs: one file an output format.

mod explain;
mod human;
mod json;
mod lattice;
mod look;
mod notation;
mod profile;
pub(crate) mod quorum;
mod timeline;
mod verification;

pub(crate) use lattice::{Lines, draw as draw_lattice};
pub(crate) use look::{Look, Role, colors_wanted, wrap};
pub(crate) use profile::Standing;
pub(crate) use verification::{Verification, Worth};

use std::time::Duration;
use tribunal_checker::certificate::{Refutation, Witness};
use tribunal_checker::engine::Labelling;
use tribunal_checker::history::History;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;

/// What is said of one history and one model.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// `PATH` or `PATH#NAME`.
    pub(crate) history: String,
    pub(crate) model: Model,
    /// Unknown where the history could not be read.
    pub(crate) spec: Option<SpecKind>,
    pub(crate) answer: Answer,
    pub(crate) size: Size,
    /// The procedure that found the answer.
    pub(crate) method: Option<&'static str>,
    pub(crate) elapsed: Duration,
    /// Holds for lack of anything to judge.
    pub(crate) vacuous: bool,
    pub(crate) notes: Vec<String>,
    /// weak, release, entry: whether it is properly labelled.
    pub(crate) labelling: Option<Labelling>,
    /// eventual: the settle time, in the history's clock.
    pub(crate) settle: i64,
    /// Where it stands among the others, in a profile.
    pub(crate) standing: Option<Standing>,
}

/// The size of a history.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Size {
    pub(crate) operations: usize,
    pub(crate) processes: usize,
    pub(crate) keys: usize,
}

impl Size {
    /// The size of a history.
    pub(crate) fn of(history: &History) -> Self {
        Self { operations: history.len(), processes: history.process_count(), keys: history.key_count() }
    }
}

/// The verdict, or why there is none.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Consistent(Witness),
    Violated(Refutation),
    Unknown {
        /// The limit that was reached.
        reason: &'static str,
        /// How far the check got.
        progress: String,
    },
    /// The model does not apply: in a profile.
    Inapplicable {
        /// What is missing, in a word or two.
        reason: &'static str,
        message: String,
    },
    Error {
        message: String,
        /// 1-based; 0 where it concerns the whole input.
        line: u64,
        /// 1-based; 0 where it concerns the whole line.
        column: u64,
    },
}

impl Answer {
    /// The `verdict` of a result object.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Consistent(_) => "consistent",
            Self::Violated(_) => "violated",
            Self::Unknown { .. } => "unknown",
            Self::Inapplicable { .. } => "inapplicable",
            Self::Error { .. } => "error",
        }
    }
}

/// How many histories were judged, and with which answers; an answer is of one history and one model.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Totals {
    pub(crate) histories: usize,
    pub(crate) consistent: usize,
    pub(crate) violated: usize,
    pub(crate) unknown: usize,
    pub(crate) inapplicable: usize,
    pub(crate) errors: usize,
}

impl Totals {
    /// The answers for one history.
    pub(crate) fn of(outcomes: &[Outcome]) -> Self {
        let mut totals = Self { histories: 1, ..Self::default() };
        for outcome in outcomes {
            *match &outcome.answer {
                Answer::Consistent(_) => &mut totals.consistent,
                Answer::Violated(_) => &mut totals.violated,
                Answer::Unknown { .. } => &mut totals.unknown,
                Answer::Inapplicable { .. } => &mut totals.inapplicable,
                Answer::Error { .. } => &mut totals.errors,
            } += 1;
        }
        totals
    }

    /// Adds those of others.
    pub(crate) fn add(&mut self, other: &Self) {
        self.histories += other.histories;
        self.consistent += other.consistent;
        self.violated += other.violated;
        self.unknown += other.unknown;
        self.inapplicable += other.inapplicable;
        self.errors += other.errors;
    }
}

/// An output format of results.
#[derive(clap::ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ReportFormat {
    /// For people: verdicts, and a picture of each violation
    Human,
    /// One JSON array
    Json,
    /// One JSON object a line
    Jsonl,
}

/// How results are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renderer {
    pub(crate) format: ReportFormat,
    /// For the human format.
    pub(crate) look: Look,
}

impl Renderer {
    /// The results of one history, one for each model, each in the form in which it stands in the output; `certificates`
    /// says whether they carry their certificates. `history` is absent where it could not be read.
    pub(crate) fn render(
        &self,
        outcomes: &[Outcome],
        history: Option<&History>,
        certificates: bool,
    ) -> Vec<String> {
        match self.format {
            ReportFormat::Human => vec![match history {
                Some(history) if outcomes.iter().any(|outcome| outcome.standing.is_some()) => {
                    profile::human(outcomes, history, &self.look)
                }
                _ => human::outcomes(outcomes, history, &self.look),
            }],
            ReportFormat::Json | ReportFormat::Jsonl => {
                outcomes.iter().map(|outcome| json::object(outcome, history, certificates)).collect()
            }
        }
    }

    /// A result as a JSON object, whatever the format: the content of a certificate's file.
    pub(crate) fn object(outcome: &Outcome, history: Option<&History>) -> String {
        json::object(outcome, history, true)
    }
}

/// Joins rendered results to one output.
#[derive(Debug)]
pub(crate) struct Joiner {
    format: ReportFormat,
    first: bool,
}

impl Joiner {
    /// Before the first result.
    pub(crate) fn new(format: ReportFormat) -> Self {
        Self { format, first: true }
    }

    /// A result with what stands between it and the one before.
    pub(crate) fn piece(&mut self, result: &str) -> String {
        let first = std::mem::replace(&mut self.first, false);
        match self.format {
            ReportFormat::Human => result.to_owned(),
            ReportFormat::Jsonl => format!("{result}\n"),
            ReportFormat::Json if first => format!("[{result}"),
            ReportFormat::Json => format!(",\n {result}"),
        }
    }

    /// What stands behind the last result.
    pub(crate) fn end(&self, totals: &Totals, look: &Look) -> String {
        match self.format {
            ReportFormat::Json if self.first => "[]\n".into(),
            ReportFormat::Json => "]\n".into(),
            ReportFormat::Jsonl => String::new(),
            ReportFormat::Human => human::totals(totals, look),
        }
    }
}
