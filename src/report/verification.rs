//! What certificates turned out to be worth.

use super::ReportFormat;
use super::case::Case;
use super::html::Section;
use super::joiner::{Piece, Renderer};
use super::look::{Look, Role};
use serde::Serialize;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;

/// What a certificate is worth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Worth {
    /// It proves its verdict.
    Verified,
    /// It says something untrue.
    Refuted,
    /// It cannot be checked.
    Unverified,
    /// It, or the history, cannot be read.
    Error,
}

/// What is said of one certificate.
#[derive(Debug)]
pub(crate) struct Verification {
    pub(crate) history: String,
    pub(crate) model: Option<Model>,
    pub(crate) spec: Option<SpecKind>,
    /// The verdict that it is a certificate of, if a result said so.
    pub(crate) verdict: Option<String>,
    pub(crate) worth: Worth,
    /// Why it is not verified.
    pub(crate) reason: Option<String>,
}

#[derive(Serialize)]
struct Object<'a> {
    history: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    spec: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'a str>,
    verification: Worth,
    tribunal: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl Verification {
    /// Nothing could be certified.
    pub(crate) fn error(history: &str, model: Option<Model>, reason: String) -> Self {
        let history = history.to_owned();
        Self { history, model, spec: None, verdict: None, worth: Worth::Error, reason: Some(reason) }
    }

    /// In an output format.
    pub(crate) fn render(&self, renderer: &Renderer) -> Piece {
        match renderer.format {
            ReportFormat::Human => Piece::Text(self.human(&renderer.look)),
            ReportFormat::Json | ReportFormat::Jsonl => Piece::Text(self.json()),
            ReportFormat::Junit | ReportFormat::Github => Piece::Case(Box::new(Case::of_verification(self))),
            ReportFormat::Html => {
                Piece::Section(Box::new(Section::of_cases(vec![Case::of_verification(self)])))
            }
        }
    }

    fn human(&self, look: &Look) -> String {
        let (role, worth) = match self.worth {
            Worth::Verified => (Role::Good, "verified"),
            Worth::Refuted => (Role::Bad, "REFUTED"),
            Worth::Unverified => (Role::Doubt, "UNVERIFIED"),
            Worth::Error => (Role::Bad, "error"),
        };
        let mut parts = vec![look.paint(Role::Name, &self.history)];
        parts.extend(self.model.map(|model| model.to_string()));
        parts.extend(self.verdict.clone());
        parts.push(look.paint(role, worth));
        parts.extend(self.reason.clone());
        parts.join(": ") + "\n"
    }

    fn json(&self) -> String {
        let object = Object {
            history: &self.history,
            model: self.model.map(Model::name),
            spec: self.spec.map(SpecKind::name),
            verdict: self.verdict.as_deref(),
            verification: self.worth,
            tribunal: 1,
            reason: self.reason.as_deref(),
        };
        serde_json::to_string(&object).expect("strings and numbers are JSON")
    }
}
