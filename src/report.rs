//! Results for people and for programs: one file an output format.

mod case;
mod explain;
mod export;
mod github;
mod html;
mod human;
mod joiner;
mod json;
mod junit;
mod lattice;
mod look;
mod notation;
mod profile;
pub(crate) mod quorum;
mod record;
mod timeline;
mod verification;

pub(crate) use explain::{Explanation, explain, explain_shrunk};
pub(crate) use export::{dot, trace};
pub(crate) use human::{count, picture};
pub(crate) use joiner::{Joiner, Piece, Renderer};
pub(crate) use lattice::{Lines, draw as draw_lattice};
pub(crate) use look::{Look, Role, colors_wanted, wrap};
pub(crate) use profile::Standing;
pub(crate) use record::{Kind, Record};
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
    /// What a violation is about.
    pub(crate) explanation: Option<Explanation>,
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
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Consistent(_) => Kind::Consistent,
            Self::Violated(_) => Kind::Violated,
            Self::Unknown { .. } => Kind::Unknown,
            Self::Inapplicable { .. } => Kind::Inapplicable,
            Self::Error { .. } => Kind::Error,
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
    pub(crate) fn of(answers: impl IntoIterator<Item = Kind>) -> Self {
        let mut totals = Self { histories: 1, ..Self::default() };
        for kind in answers {
            match kind {
                Kind::Consistent => totals.consistent += 1,
                Kind::Violated => totals.violated += 1,
                Kind::Unknown => totals.unknown += 1,
                Kind::Inapplicable => totals.inapplicable += 1,
                Kind::Error => totals.errors += 1,
            }
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
    /// JUnit XML, for CI systems
    Junit,
    /// Annotations of GitHub workflows
    Github,
    /// One self-contained page
    Html,
}
