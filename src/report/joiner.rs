//! From outcomes to one output: each history is rendered on the thread that judged it, and the pieces are joined in
//! their order.

use super::case::{Case, Status};
use super::html::{Page, Section};
use super::record::Record;
use super::{Look, Outcome, ReportFormat, Totals, github, human, json, junit, profile};
use tribunal_checker::history::History;

/// How results are written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renderer {
    pub(crate) format: ReportFormat,
    /// For the human format.
    pub(crate) look: Look,
    /// An unknown verdict is no failure.
    pub(crate) unknown_passes: bool,
}

/// A rendered part of the output.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Text as it stands.
    Text(String),
    /// For test reports.
    Case(Box<Case>),
    /// For the page.
    Section(Box<Section>),
}

impl Renderer {
    /// The results of one history, one for each model; `certificates` says whether they carry their certificates.
    /// `history` is absent where it could not be read.
    pub(crate) fn render(
        &self,
        outcomes: &[Outcome],
        history: Option<&History>,
        certificates: bool,
    ) -> Vec<Piece> {
        let each = |piece: &dyn Fn(&Outcome) -> Piece| outcomes.iter().map(piece).collect();
        match self.format {
            ReportFormat::Human => vec![Piece::Text(match history {
                Some(history) if outcomes.iter().any(|outcome| outcome.standing.is_some()) => {
                    profile::human(outcomes, history, &self.look)
                }
                _ => human::outcomes(outcomes, history, &self.look),
            })],
            ReportFormat::Json | ReportFormat::Jsonl => {
                each(&|outcome| Piece::Text(json::object(outcome, history, certificates)))
            }
            ReportFormat::Junit | ReportFormat::Github => each(&|outcome| {
                Piece::Case(Box::new(Case::of_outcome(outcome, history, self.unknown_passes)))
            }),
            ReportFormat::Html => {
                vec![Piece::Section(Box::new(Section::of(outcomes, history, self.unknown_passes)))]
            }
        }
    }

    /// The results of one history that another run found: each with the JSON object that it was read from.
    pub(crate) fn render_records(&self, results: &[(Record, String)]) -> Vec<Piece> {
        let cases = || results.iter().map(|(record, _)| Case::of(record, self.unknown_passes));
        match self.format {
            ReportFormat::Human => {
                let records: Vec<Record> = results.iter().map(|result| result.0.clone()).collect();
                vec![Piece::Text(human::records(&records, &self.look))]
            }
            ReportFormat::Json | ReportFormat::Jsonl => {
                results.iter().map(|(_, json)| Piece::Text(json.clone())).collect()
            }
            ReportFormat::Junit | ReportFormat::Github => {
                cases().map(|case| Piece::Case(Box::new(case))).collect()
            }
            ReportFormat::Html => vec![Piece::Section(Box::new(Section::of_cases(cases().collect())))],
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
    renderer: Renderer,
    first: bool,
    /// Of a format that begins with sums: what is written at the end.
    cases: Vec<Case>,
    page: Page,
    passed: usize,
    count: usize,
}

impl Joiner {
    /// Before the first result.
    pub(crate) fn new(renderer: Renderer) -> Self {
        Self { renderer, first: true, cases: Vec::new(), page: Page::default(), passed: 0, count: 0 }
    }

    /// A result with what stands between it and the one before; may be empty.
    pub(crate) fn piece(&mut self, piece: Piece) -> String {
        match piece {
            Piece::Text(text) => {
                let first = std::mem::replace(&mut self.first, false);
                match self.renderer.format {
                    ReportFormat::Jsonl => format!("{text}\n"),
                    ReportFormat::Json if first => format!("[{text}"),
                    ReportFormat::Json => format!(",\n {text}"),
                    _ => text,
                }
            }
            Piece::Section(section) => {
                self.page.add(*section);
                String::new()
            }
            Piece::Case(case) => {
                self.count += 1;
                self.passed += usize::from(case.status == Status::Passed);
                match self.renderer.format {
                    ReportFormat::Github => github::annotation(&case),
                    _ => {
                        self.cases.push(*case);
                        String::new()
                    }
                }
            }
        }
    }

    /// What stands behind the last result.
    pub(crate) fn end(&mut self, totals: &Totals) -> String {
        match self.renderer.format {
            ReportFormat::Json if self.first => "[]\n".into(),
            ReportFormat::Json => "]\n".into(),
            ReportFormat::Jsonl => String::new(),
            ReportFormat::Human => human::totals(totals, &self.renderer.look),
            ReportFormat::Junit => junit::document(&self.cases),
            ReportFormat::Html => std::mem::take(&mut self.page).finish(totals),
            ReportFormat::Github => github::closing(self.count, self.passed),
        }
    }
}
