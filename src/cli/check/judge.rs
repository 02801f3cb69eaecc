//! Judges one history by every model that was asked for.

use super::{Certificates, INLINE};
use crate::cli::args::ReadArgs;
use crate::cli::exit::Tally;
use crate::cli::pipeline::{Fault, Found};
use crate::cli::shard::Shard;
use crate::cli::warden::{Warden, Watch};
use crate::report::{Answer, Outcome, Piece, Renderer, ReportFormat, Size, Standing, Totals, explain};
use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tribunal_checker::certificate::verify::{Verification, VerifyOptions, verify};
use tribunal_checker::certificate::{Certificate, Witness};
use tribunal_checker::engine::{self, CheckError, Entry, Judgement, Options, Profile, ProfileAnswer};
use tribunal_checker::history::History;
use tribunal_checker::limits::{Limits, Stop};
use tribunal_checker::model::Model;
use tribunal_checker::spec::{SpecError, SpecKind};
use tribunal_checker::verdict::Verdict;
use tribunal_formats::FormatError;

/// What histories are judged by.
pub(in crate::cli) enum Charge {
    /// These models, one by one.
    Models(Vec<Model>),
    /// All of them, and these must hold.
    Profile {
        /// Named models and sets of guarantees.
        required: Vec<Model>,
    },
}

/// How histories are judged.
pub(super) struct Judge {
    pub(super) charge: Charge,
    pub(super) settle: i64,
    pub(super) read: ReadArgs,
    pub(super) timeout: Option<Duration>,
    pub(super) warden: Arc<Warden>,
    pub(super) renderer: Renderer,
    pub(super) certificates: Option<Certificates>,
    pub(super) require_ops: usize,
    /// Only the histories of this part of the run.
    pub(super) shard: Option<Shard>,
}

/// What came out for one history.
pub(super) struct Judged {
    /// Results in their output form.
    pub(super) results: Vec<Piece>,
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
    /// Judges one history; `None` if it falls to another shard.
    pub(super) fn judge(&self, found: Found) -> Option<Judged> {
        if self.shard.is_some_and(|shard| !shard.has(&found.name)) {
            return None;
        }
        let (history, outcomes): (Option<History>, Vec<Outcome>) = match found.content {
            Ok((history, notes)) => {
                let history = self.read.adapt(history);
                let outcomes = match &self.charge {
                    Charge::Models(models) => {
                        models.iter().map(|&model| self.check(&found.name, &history, model, &notes)).collect()
                    }
                    Charge::Profile { required } => self.profile(&found.name, &history, required, &notes),
                };
                (Some(history), outcomes)
            }
            Err(fault) => {
                let models = self.models().into_iter();
                (None, models.map(|model| self.unread(&found.name, model, &fault)).collect())
            }
        };
        let history = history.as_ref();
        let operations = history.map_or(0, History::len);
        let totals = Totals::of(outcomes.iter().map(|outcome| outcome.answer.kind()));
        let required = |wanted: fn(&Answer) -> bool| match &self.charge {
            Charge::Models(_) => false,
            Charge::Profile { required } => {
                outcomes.iter().any(|outcome| required.contains(&outcome.model) && wanted(&outcome.answer))
            }
        };
        let tally = Tally {
            totals,
            fails: match self.charge {
                Charge::Models(_) => totals.violated > 0,
                Charge::Profile { .. } => required(|answer| matches!(answer, Answer::Violated(_))),
            },
            unfit: required(|answer| matches!(answer, Answer::Inapplicable { .. })),
            any_operation: operations > 0,
            too_few: history.is_some() && operations < self.require_ops,
            elsewhere: false,
        };
        let results = self.renderer.render(&outcomes, history, self.inline(operations));
        Some(Judged { results, files: self.files(&outcomes, history), tally })
    }

    /// Whether results carry their certificates.
    fn inline(&self, operations: usize) -> bool {
        match &self.certificates {
            None => operations <= INLINE,
            Some(certificates) => *certificates == Certificates::Inline,
        }
    }

    /// The models that have a result.
    fn models(&self) -> Vec<Model> {
        match &self.charge {
            Charge::Models(models) => models.clone(),
            Charge::Profile { required } => {
                let others = required.iter().filter(|model| !Model::NAMED.contains(model));
                Model::NAMED.iter().chain(others).copied().collect()
            }
        }
    }

    /// The options of the engine, and the watch that ends what it does.
    fn options(&self) -> (Options, Arc<Watch>) {
        let watch = self.warden.watch();
        let limits = self.warden.limits(self.timeout, &watch);
        (Options { spec: self.read.spec, settle: self.settle, limits }, watch)
    }

    /// What the engine says of one model.
    fn judged(&self, history: &History, model: Model) -> Result<Judgement, CheckError> {
        let (options, watch) = self.options();
        let mut judgement = engine::check(history, model, &options)?;
        if let Verdict::Unknown(unknown) = &mut judgement.verdict
            && let Some(stop) = watch.stopped().filter(|_| unknown.reason == Stop::Interrupted)
        {
            unknown.reason = stop;
        }
        Ok(judgement)
    }

    fn check(&self, name: &str, history: &History, model: Model, notes: &[String]) -> Outcome {
        let begin = Instant::now();
        let result = catch_unwind(AssertUnwindSafe(|| self.judged(history, model)));
        let mut outcome = Outcome { elapsed: begin.elapsed(), ..self.outcome(name, history, model, notes) };
        match result {
            Ok(Ok(mut judgement)) => {
                let none = Verdict::Consistent(Witness::Omitted);
                let verdict = std::mem::replace(&mut judgement.verdict, none);
                fill(&mut outcome, &judgement, verdict);
            }
            Ok(Err(error)) => outcome.answer = inapplicable(&error),
            Err(panic) => outcome.answer = fault(panic.as_ref()),
        }
        self.explain(&mut outcome, history);
        outcome
    }

    /// Says what a violation is about, in the time that is left.
    fn explain(&self, outcome: &mut Outcome, history: &History) {
        let (Answer::Violated(refutation), Some(spec)) = (&outcome.answer, outcome.spec) else { return };
        let limits = self.options().0.limits;
        let timeout = limits.timeout.map(|timeout| timeout.saturating_sub(outcome.elapsed));
        let limits = Limits { timeout, ..limits };
        // A fault here must not cost the verdict.
        outcome.explanation = catch_unwind(AssertUnwindSafe(|| {
            explain(history, outcome.model, spec, refutation, self.settle, &limits)
        }))
        .ok();
        let core = outcome.explanation.as_mut().and_then(|explanation| explanation.core.take());
        if let Some(core) = core.map(Certificate::Refutation)
            && self.proves(history, outcome.model, spec, &core)
            && let Certificate::Refutation(core) = core
        {
            outcome.answer = Answer::Violated(core);
        }
    }

    fn profile(&self, name: &str, history: &History, required: &[Model], notes: &[String]) -> Vec<Outcome> {
        let options = self.options().0;
        let mut judged = |model| self.judged(history, model);
        let result =
            catch_unwind(AssertUnwindSafe(|| engine::profile_by(history, required, &options, &mut judged)));
        let failed = match result {
            Ok(Ok(profile)) => {
                let entry = |entry: &Entry| {
                    let outcome = self.outcome(name, history, entry.model, notes);
                    self.entry(outcome, entry, &profile, history)
                };
                return self.explained(profile.entries.iter().map(entry).collect(), history);
            }
            Ok(Err(error)) => inapplicable(&error),
            Err(panic) => fault(panic.as_ref()),
        };
        let outcome = |model| Outcome { answer: failed.clone(), ..self.outcome(name, history, model, notes) };
        self.models().into_iter().map(outcome).collect()
    }

    /// Explains the violations of a profile; one that follows from another has its explanation.
    fn explained(&self, mut outcomes: Vec<Outcome>, history: &History) -> Vec<Outcome> {
        let because = |outcome: &Outcome| outcome.standing.and_then(|standing| standing.because);
        for outcome in outcomes.iter_mut().filter(|outcome| because(outcome).is_none()) {
            self.explain(outcome, history);
        }
        for index in 0..outcomes.len() {
            let is_violated = matches!(outcomes[index].answer, Answer::Violated(_));
            if let Some(source) = because(&outcomes[index]).filter(|_| is_violated) {
                let source = outcomes.iter().find(|outcome| outcome.model == source);
                outcomes[index].explanation = source.and_then(|source| source.explanation.clone());
            }
        }
        outcomes
    }

    /// The result of one model of a profile.
    fn entry(&self, outcome: Outcome, entry: &Entry, profile: &Profile, history: &History) -> Outcome {
        let model = entry.model;
        let mut outcome = Outcome { elapsed: entry.elapsed, ..outcome };
        let mut standing = Standing {
            because: entry.because,
            strongest: profile.strongest.contains(&model),
            weakest: profile.weakest.contains(&model),
            evident: true,
        };
        let source = entry.because.and_then(|because| profile.entry(because)).unwrap_or(entry);
        match (&source.judgement, &entry.answer) {
            (_, ProfileAnswer::Inapplicable(error)) => {
                let (reason, message) = (error.reason(), error.to_string());
                outcome.answer = Answer::Inapplicable { reason, message };
            }
            (Some(judgement), _) if entry.because.is_none() => {
                fill(&mut outcome, judgement, self.kept(&judgement.verdict, history));
            }
            (Some(judgement), _) => {
                let spec = if model.is_one_view() { judgement.spec } else { SpecKind::Register };
                outcome.spec = Some(spec);
                outcome.method = Some("lattice");
                let evidence = profile.evidence(history, model).filter(|_| self.wants_evidence(history));
                standing.evident =
                    evidence.as_ref().is_some_and(|evidence| self.proves(history, model, spec, evidence));
                outcome.answer = match (evidence, &judgement.verdict) {
                    (Some(Certificate::Witness(witness)), _) => Answer::Consistent(witness),
                    (_, Verdict::Violated(refutation)) => Answer::Violated(refutation.clone()),
                    _ => Answer::Consistent(Witness::Omitted),
                };
            }
            (None, _) => {}
        }
        outcome.standing = Some(standing);
        outcome
    }

    /// Whether certificates go anywhere.
    fn wants_evidence(&self, history: &History) -> bool {
        let inline = self.renderer.format != ReportFormat::Human && self.inline(history.len());
        inline || matches!(self.certificates, Some(Certificates::Folder(_)))
    }

    /// A verdict, without a long witness that nobody wants.
    fn kept(&self, verdict: &Verdict, history: &History) -> Verdict {
        match verdict {
            Verdict::Consistent(_) if !self.wants_evidence(history) => Verdict::Consistent(Witness::Omitted),
            verdict => verdict.clone(),
        }
    }

    /// Whether evidence that was made over from another model is evidence of this one.
    fn proves(&self, history: &History, model: Model, spec: SpecKind, certificate: &Certificate) -> bool {
        let options = VerifyOptions { settle: self.settle, limits: self.options().0.limits };
        verify(history, model, spec, certificate, &options) == Ok(Verification::Verified)
    }

    /// A result without an answer.
    fn outcome(&self, name: &str, history: &History, model: Model, notes: &[String]) -> Outcome {
        Outcome {
            history: name.to_owned(),
            model,
            spec: self.read.spec,
            answer: Answer::Unknown { reason: Stop::Interrupted.reason(), progress: String::new() },
            size: Size::of(history),
            method: None,
            elapsed: Duration::ZERO,
            vacuous: false,
            explanation: None,
            notes: notes.to_vec(),
            labelling: None,
            settle: self.settle,
            standing: None,
        }
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
            explanation: None,
            notes: Vec::new(),
            labelling: None,
            settle: self.settle,
            standing: None,
        }
    }

    fn files(&self, outcomes: &[Outcome], history: Option<&History>) -> Vec<CertificateFile> {
        let (Some(Certificates::Folder(folder)), Some(history)) = (&self.certificates, history) else {
            return Vec::new();
        };
        let evident = outcomes.iter().filter(|outcome| {
            matches!(outcome.answer, Answer::Consistent(_) | Answer::Violated(_))
                && outcome.standing.is_none_or(|standing| standing.evident)
        });
        evident
            .map(|outcome| {
                let name = format!("{}.{}.json", file_name(&outcome.history), outcome.model);
                let content = Renderer::object(outcome, Some(history)) + "\n";
                CertificateFile { path: folder.join(name), content }
            })
            .collect()
    }
}

/// Puts a verdict, and what the engine says besides, into a result.
fn fill(outcome: &mut Outcome, judgement: &Judgement, verdict: Verdict) {
    outcome.spec = Some(judgement.spec);
    outcome.method = Some(judgement.method);
    outcome.vacuous = judgement.vacuous;
    outcome.labelling = judgement.labelling;
    outcome.notes.extend(judgement.notes.iter().cloned());
    outcome.answer = match verdict {
        Verdict::Consistent(witness) => Answer::Consistent(witness),
        Verdict::Violated(refutation) => Answer::Violated(refutation),
        Verdict::Unknown(unknown) => {
            Answer::Unknown { reason: unknown.reason.reason(), progress: unknown.progress }
        }
    };
}

/// The answer where the engine panicked.
fn fault(panic: &(dyn Any + Send)) -> Answer {
    let what = panic.downcast_ref::<String>().map(String::as_str);
    let what = what.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic");
    let message = format!("a fault in tribunal itself, please report it: {what}");
    Answer::Error { message, line: 0, column: 0 }
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
