//! Results as one page: a single file that needs no network, of bounded size whatever the histories'.
//!
//! Each history is rendered where it was judged ([`Section`]); a [`Page`] keeps what fits, violated ones first, and says
//! what it left out. All text of histories goes through maud's escapes, or as JSON without `<` into a script element
//! that is only data; the page forbids itself every request.

mod arrows;
mod cause;
mod lattice;
mod overview;
mod place;
mod rows;
mod section;
mod timeline;

use super::case::{Case, Status};
use super::human::{self, count};
use super::{Outcome, Totals};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use tribunal_checker::history::History;

const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Bytes of sections that a page holds; the first is kept even if it alone has more.
const BYTES: usize = 800_000;

/// Histories that the index lists.
const LISTED: usize = 500;

/// Characters of a history's name that are shown.
const NAME: usize = 160;

/// What the page says of one history.
#[derive(Debug)]
pub(crate) struct Section {
    name: String,
    cases: Vec<Case>,
    /// Rendered pictures and tables; empty where there is no history to draw.
    details: String,
    /// Its place among the histories.
    order: usize,
}

impl Section {
    /// Of a history of this run; `history` is absent where it could not be read.
    pub(super) fn of(outcomes: &[Outcome], history: Option<&History>, unknown_passes: bool) -> Self {
        let record = |outcome| super::Record::of(outcome);
        let cases = outcomes.iter().map(|outcome| Case::of(&record(outcome), unknown_passes)).collect();
        let details =
            history.map_or(String::new(), |history| section::details(outcomes, history).into_string());
        Self { details, ..Self::of_cases(cases) }
    }

    /// Of results without the history: its operations cannot be shown. There must be a case.
    pub(super) fn of_cases(cases: Vec<Case>) -> Self {
        Self { name: cases[0].history.clone(), cases, details: String::new(), order: 0 }
    }

    /// The gravest first.
    fn rank(&self) -> u8 {
        let rank = |case: &Case| match case.status {
            Status::Failed => 0,
            Status::Errored => 1,
            Status::Skipped => 2,
            Status::Passed => 3,
        };
        self.cases.iter().map(rank).min().unwrap_or(3)
    }
}

/// The page, as histories come.
#[derive(Default, Debug)]
pub(super) struct Page {
    sections: Vec<Section>,
    seen: usize,
}

impl Page {
    /// Takes in the next history.
    pub(super) fn add(&mut self, mut section: Section) {
        section.order = self.seen;
        self.seen += 1;
        self.sections.push(section);
        // Now and then, so that memory is bounded too.
        if self.sections.len() > 2 * LISTED {
            self.settle();
        }
    }

    /// Drops what the page cannot hold: the gravest are kept, and of these the first.
    fn settle(&mut self) {
        self.sections.sort_by_key(|section| (section.rank(), section.order));
        self.sections.truncate(LISTED);
        let mut used = 0;
        for section in self.sections.iter_mut().skip(1) {
            used += section.details.len();
            if used > BYTES {
                section.details = String::new();
            }
        }
    }

    /// The histories that are shown in detail, by their places in the index: as many as fit.
    fn articles(&self) -> Vec<Option<String>> {
        let several = self.seen > 1;
        let mut used = 0;
        let article = |(i, section): (usize, &Section)| {
            let worth = !several || !section.details.is_empty() || section.rank() < 3;
            let text = worth.then(|| article(section, several).into_string())?;
            used += text.len();
            (i == 0 || used <= BYTES).then_some(text)
        };
        self.sections.iter().enumerate().map(article).collect()
    }

    /// The document.
    pub(super) fn finish(mut self, totals: &Totals) -> String {
        self.settle();
        let several = self.seen > 1;
        let articles = self.articles();
        let title = match self.sections.first() {
            Some(section) if !several => format!("{}: {}", clip(&section.name), gist(section)),
            _ => format!("{}: {}", count(self.seen, "history"), told(totals)),
        };
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta http-equiv="Content-Security-Policy"
                        content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
                    title { (title) " · tribunal" }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a .skip href="#main" { "Skip to the verdicts" }
                    (arrows::markers())
                    header .top { span .brand { "tribunal" } span { "consistency on trial" } }
                    main #main {
                        @if several || articles.is_empty() { (self.index(totals, &articles)) }
                        @for article in articles.iter().flatten() { (PreEscaped(article)) }
                    }
                    footer { (footer()) }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        page.into_string()
    }

    fn index(&self, totals: &Totals, articles: &[Option<String>]) -> Markup {
        let detailed = articles.iter().flatten().count();
        let left = self.seen - self.sections.len();
        html! {
            section .index aria-label="All histories" {
                h1 { (count(self.seen, "history")) ": " (told(totals)) }
                p .faint {
                    "Gravest first. "
                    @if detailed < self.seen { (count(detailed, "history")) " of " (self.seen) " in detail" }
                    @else { "All in detail" }
                    @if left > 0 { "; " (count(left, "history")) " not listed, with nothing graver than those that are" }
                    ". A page holds at most " (LISTED) " histories, and as many details as fit in two megabytes."
                }
                div .scroll {
                    table aria-label="Histories, gravest first" {
                        thead { tr { th scope="col" { "History" } th scope="col" { "Verdicts" } th scope="col" { "Why" } } }
                        tbody {
                            @for (section, article) in self.sections.iter().zip(articles) {
                                tr {
                                    th scope="row" {
                                        @if article.is_none() { (clip(&section.name)) }
                                        @else { a href={ "#h" (section.order) } { (clip(&section.name)) } }
                                    }
                                    td { span class={ "word small " (class(gravest(section))) } { (gist(section)) } }
                                    td { (shortened(gravest(section).map_or("", |case| &case.message), 120)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// One history.
fn article(section: &Section, several: bool) -> Markup {
    let name = clip(&section.name);
    let verdict = html! { span class={ "word " (class(gravest(section))) } { (gist(section)) } };
    html! {
        article id={ "h" (section.order) } aria-label=(name) {
            header .history {
                @if several { h2 { (name) " " (verdict) } } @else { h1 { (name) " " (verdict) } }
                @if let Some(case) = section.cases.iter().max_by_key(|case| case.facts.len()) {
                    p .facts { @for (what, value) in &case.facts { span { b { (value.parse().map_or_else(|_| value.clone(), rows::grouped)) } " " (unit(what, value)) } } }
                }
            }
            (verdicts(section))
            (PreEscaped(&section.details))
            @if section.details.is_empty() && section.rank() == 0 {
                p .faint { "The operations are not shown here: only the results were at hand, or the page was full." }
            }
        }
    }
}

/// A row for each model.
fn verdicts(section: &Section) -> Markup {
    let mut notes: Vec<&String> = section.cases.iter().flat_map(|case| &case.notes).collect();
    notes.dedup();
    html! {
        div .scroll {
            table .verdicts aria-label="Verdicts" {
                thead { tr { th scope="col" { "Model" } th scope="col" { "Verdict" } th scope="col" { "Why" } th scope="col" { "Time" } } }
                tbody {
                    @for case in &section.cases {
                        tr {
                            th scope="row" { @if case.model.is_empty() { "certificate" } @else { (case.model) } }
                            td { (chip_word(case)) }
                            td { (place(case)) (shortened(&case.message, 600)) }
                            td .number { (human::time(case.seconds * 1e3)) }
                        }
                    }
                }
            }
        }
        @for note in notes.iter().take(20) { p .note { "Note: " (shortened(note, 600)) } }
    }
}

/// `keys`, or `key` of one.
fn unit<'a>(what: &'a str, value: &str) -> &'a str {
    match (what, value) {
        ("operations", "1") => "operation",
        ("processes", "1") => "process",
        ("keys", "1") => "key",
        ("spec", _) => "",
        _ => what,
    }
}

fn place(case: &Case) -> String {
    match (case.line, case.column) {
        (Some(line), Some(column)) => format!("line {line}, column {column}: "),
        (Some(line), None) => format!("line {line}: "),
        _ => String::new(),
    }
}

fn footer() -> Markup {
    html! {
        p {
            "tribunal " (env!("CARGO_PKG_VERSION")) ". Keys: " kbd { "j" } " " kbd { "k" } " or arrows move in the table of operations, "
            kbd { "n" } " to the next operation of the violation, " kbd { "/" } " searches, " kbd { "Esc" } " leaves the search."
        }
        p { "Whoever doubts a verdict checks its certificate: " code { "tribunal certify HISTORY RESULTS" } "." }
    }
}

/// The class of a status, for its colour.
fn class(case: Option<&Case>) -> &'static str {
    match case.map(|case| case.status) {
        Some(Status::Passed) => "good",
        Some(Status::Failed) => "bad",
        Some(Status::Errored) => "doubt",
        Some(Status::Skipped) | None => "none",
    }
}

/// A status has a sign too, for those who do not see its colour.
fn sign(case: &Case) -> &'static str {
    match case.status {
        Status::Passed => "✓",
        Status::Failed => "✗",
        Status::Errored => "?",
        Status::Skipped => "–",
    }
}

fn chip_word(case: &Case) -> Markup {
    html! { span class={ "chip " (class(Some(case))) } { span aria-hidden="true" { (sign(case)) " " } (case.verdict) } }
}

/// The verdict that counts most.
fn gravest(section: &Section) -> Option<&Case> {
    [Status::Failed, Status::Errored, Status::Skipped, Status::Passed]
        .into_iter()
        .find_map(|status| section.cases.iter().find(|case| case.status == status))
}

/// `violated: linearizable, sequential`.
fn gist(section: &Section) -> String {
    let of = |status: Status| {
        let cases: Vec<&Case> = section.cases.iter().filter(|case| case.status == status).collect();
        let models: Vec<&str> = cases.iter().map(|case| case.model.as_str()).collect();
        cases
            .first()
            .map(|case| format!("{}: {}", case.verdict, models.join(", ")).trim_end_matches(": ").to_owned())
    };
    let parts = [Status::Failed, Status::Errored, Status::Skipped, Status::Passed].map(of);
    parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// `10 consistent, 2 violated`.
fn told(totals: &Totals) -> String {
    let kinds = [
        (totals.violated, "violated"),
        (totals.errors, "in error"),
        (totals.unknown, "unknown"),
        (totals.consistent, "consistent"),
    ];
    let parts: Vec<String> = kinds
        .iter()
        .filter(|kind| kind.0 > 0)
        .map(|(number, what)| format!("{} {what}", rows::grouped(*number as i128)))
        .collect();
    if parts.is_empty() { "nothing judged".into() } else { parts.join(", ") }
}

fn clip(name: &str) -> String {
    shortened(name, NAME)
}

fn shortened(text: &str, longest: usize) -> String {
    super::notation::clip(text, longest)
}
