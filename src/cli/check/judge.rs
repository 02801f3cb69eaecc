//! Judges one history by every model that was asked for.

use super::{Certificates, INLINE};
use crate::cli::args::ReadArgs;
use crate::cli::exit::Tally;
use crate::cli::pipeline::{Fault, Found};
use crate::cli::warden::Warden;
use crate::report::{Answer, Outcome, Renderer, Size, Totals};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tribunal_checker::engine::{self, CheckError, Judgement, Options};
use tribunal_checker::history::History;
use tribunal_checker::limits::Stop;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecError;
use tribunal_checker::verdict::Verdict;
use tribunal_formats::FormatError;

/// How histories are judged.
pub(super) struct Judge {
    pub(super) models: Vec<Model>,
    pub(super) read: ReadArgs,
    pub(super) timeout: Option<Duration>,
    pub(super) warden: Arc<Warden>,
    pub(super) renderer: Renderer,
    pub(super) certificates: Option<Certificates>,
    pub(super) require_ops: usize,
}

/// What came out for one history.
pub(super) struct Judged {
    /// Results in their output form.
    pub(super) results: Vec<String>,
    pub(super) files: Vec<CertificateFile>,
    pub(super) tally: Tally,
}

/// A certificate to be written to a file of its own.
pub(super) struct CertificateFile {
    path: PathBuf,
    content: String,
}

impl CertificateFile {
    /// Writes it.
    pub(super) fn write(&self) -> io::Result<()> {
        std::fs::write(&self.path, &self.content)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", self.path.display())))
    }
}

impl Judge {
    /// Judges one history.
    pub(super) fn judge(&self, found: Found) -> Judged {
        let (history, outcomes): (Option<History>, Vec<Outcome>) = match found.content {
            Ok((history, notes)) => {
                let history = self.read.adapt(history);
                let outcomes = self
                    .models
                    .iter()
                    .map(|&model| self.check(&found.name, &history, model, &notes))
                    .collect();
                (Some(history), outcomes)
            }
            Err(fault) => {
                let outcomes =
                    self.models.iter().map(|&model| self.unread(&found.name, model, &fault)).collect();
                (None, outcomes)
            }
        };
        let history = history.as_ref();
        let operations = history.map_or(0, History::len);
        let inline = match &self.certificates {
            None => operations <= INLINE,
            Some(certificates) => *certificates == Certificates::Inline,
        };
        let tally = Tally {
            totals: Totals::of(&outcomes),
            any_operation: operations > 0,
            too_few: history.is_some() && operations < self.require_ops,
        };
        let results = self.renderer.render(&outcomes, history, inline);
        Judged { results, files: self.files(&outcomes, history), tally }
    }

    fn check(&self, name: &str, history: &History, model: Model, notes: &[String]) -> Outcome {
        let begin = Instant::now();
        let watch = self.warden.watch();
        let limits = self.warden.limits(self.timeout, &watch);
        let options = Options { spec: self.read.spec, limits, ..Options::default() };
        let result = catch_unwind(AssertUnwindSafe(|| engine::check(history, model, &options)));
        let elapsed = begin.elapsed();
        let mut outcome = Outcome {
            history: name.to_owned(),
            model,
            spec: self.read.spec,
            answer: Answer::Unknown { reason: Stop::Interrupted.reason(), progress: String::new() },
            size: Size::of(history),
            method: None,
            elapsed,
            vacuous: false,
            notes: notes.to_vec(),
        };
        match result {
            Ok(Ok(judgement)) => {
                let Judgement { spec, verdict, method, vacuous, notes, .. } = judgement;
                outcome.spec = Some(spec);
                outcome.method = Some(method);
                outcome.vacuous = vacuous;
                outcome.notes.extend(notes);
                outcome.answer = match verdict {
                    Verdict::Consistent(witness) => Answer::Consistent(witness),
                    Verdict::Violated(refutation) => Answer::Violated(refutation),
                    Verdict::Unknown(unknown) => {
                        let by_watch = watch.stopped().filter(|_| unknown.reason == Stop::Interrupted);
                        let reason = by_watch.unwrap_or(unknown.reason).reason();
                        Answer::Unknown { reason, progress: unknown.progress }
                    }
                };
            }
            Ok(Err(error)) => outcome.answer = inapplicable(&error),
            Err(panic) => {
                let what = panic.downcast_ref::<String>().map(String::as_str);
                let what = what.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
                let message = format!("a fault in tribunal itself, please report it: {what}");
                outcome.answer = Answer::Error { message, line: 0, column: 0 };
            }
        }
        outcome
    }

    /// The result for a history that could not be read.
    fn unread(&self, name: &str, model: Model, fault: &Fault) -> Outcome {
        let answer = match fault {
            Fault::Error(error) => {
                Answer::Error { message: message(error), line: error.line, column: error.column }
            }
            Fault::Stopped(stop) => {
                Answer::Unknown { reason: stop.reason(), progress: "it was not read to its end".into() }
            }
        };
        Outcome {
            history: name.to_owned(),
            model,
            spec: self.read.spec,
            answer,
            size: Size::default(),
            method: None,
            elapsed: Duration::ZERO,
            vacuous: false,
            notes: Vec::new(),
        }
    }

    fn files(&self, outcomes: &[Outcome], history: Option<&History>) -> Vec<CertificateFile> {
        let (Some(Certificates::Folder(folder)), Some(history)) = (&self.certificates, history) else {
            return Vec::new();
        };
        let evident = outcomes
            .iter()
            .filter(|outcome| matches!(outcome.answer, Answer::Consistent(_) | Answer::Violated(_)));
        evident
            .map(|outcome| {
                let name = format!("{}.{}.json", file_name(&outcome.history), outcome.model);
                let content = Renderer::object(outcome, Some(history)) + "\n";
                CertificateFile { path: folder.join(name), content }
            })
            .collect()
    }
}

/// A history's name as the name of a file: what is not a letter, a digit, `.`, `-` or `_` is written as `%` and its
/// bytes in hexadecimal, so that different histories have different files.
fn file_name(history: &str) -> String {
    use std::fmt::Write as _;
    let mut name = String::new();
    for byte in history.bytes() {
        if byte.is_ascii_alphanumeric() || b".-_".contains(&byte) {
            name.push(char::from(byte));
        } else {
            write!(name, "%{byte:02x}").expect("strings take all text");
        }
    }
    name
}

/// An error's text without the place, which has fields of its own.
fn message(error: &FormatError) -> String {
    let text = error.to_string();
    let mut place = error.file.to_string();
    for number in [error.line, error.column].into_iter().take_while(|&number| number > 0) {
        place.push_str(&format!(":{number}"));
    }
    text.strip_prefix(&format!("{place}: ")).map_or_else(|| text.clone(), str::to_owned)
}

fn inapplicable(error: &CheckError) -> Answer {
    let line = match error {
        CheckError::Spec(SpecError::UnknownFunction { line, .. } | SpecError::BadValue { line, .. }) => *line,
        _ => 0,
    };
    let text = error.to_string();
    let message = text.strip_prefix(&format!("line {line}: ")).unwrap_or(&text).to_owned();
    Answer::Error { message, line, column: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn histories_have_files_of_their_own() {
        assert_eq!(file_name("a/b.jsonl#x y"), "a%2fb.jsonl%23x%20y");
        assert_ne!(file_name("a/b"), file_name("a_b"));
    }
}
