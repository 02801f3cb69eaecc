//! Judging a recorded history as a test does: anything but a well-founded yes is a failure.

use super::calls::Calls;
use super::census::{Census, Require};
use super::replay::Evidence;
use super::{SavedSpec, core, message};
use crate::{CallError, Limits, Model, SequentialSpec, Verdict, Witness, check_calls};
use std::fmt::Write as _;
use std::path::PathBuf;
use thiserror::Error;

/// How to judge: limits, what the history must have to prove something, and where evidence goes.
///
/// # Examples
/// ```
/// use tribunal::{Limits, Require, Trial};
/// use std::time::Duration;
///
/// let trial = Trial::new()
///     .limits(Limits { timeout: Some(Duration::from_secs(10)), ..Limits::default() })
///     .require(Require::default().operations(1000).ok_share(0.5).overlapping(100));
/// # let _ = trial;
/// ```
#[derive(Clone, Default, Debug)]
#[non_exhaustive]
pub struct Trial {
    /// What the check may spend.
    pub limits: Limits,
    /// What the history must have.
    pub require: Require,
    /// Whether a check that reaches a limit passes.
    pub allow_unknown: bool,
    /// Where the histories of failures are saved, and a report beside each; `None` = `TRIBUNAL_REPORT_DIR`, else no
    /// report, and histories in the system's directory for temporary files.
    pub report_dir: Option<PathBuf>,
}

/// A history that passed.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Passed {
    /// The verdict: consistent, or unknown where that is allowed.
    pub verdict: Verdict,
    /// What the history is made of.
    pub census: Census,
}

/// A history that did not pass; its message is what the test should print.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum Failure {
    /// The history violates the model.
    #[error("{message}")]
    Violated {
        /// The explanation, of several lines.
        message: String,
    },
    /// A limit was reached first.
    #[error("{message}")]
    Unknown {
        /// Which, and what to do.
        message: String,
    },
    /// The history satisfies the model, but proves too little.
    #[error("{message}")]
    Vacuous {
        /// What it lacks.
        message: String,
    },
    /// The history cannot be judged.
    #[error("{0}")]
    Malformed(CallError),
}

/// Where an assertion stands; [`assert_consistent!`](crate::assert_consistent) fills it in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// The package.
    pub package: &'static str,
    /// The module.
    pub module: &'static str,
}

impl Trial {
    /// The default: no limits, the default requirements, `unknown` fails.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the limits.
    #[must_use]
    pub fn limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// Sets what the history must have.
    #[must_use]
    pub fn require(self, require: Require) -> Self {
        Self { require, ..self }
    }

    /// Lets a check that reaches a limit pass.
    #[must_use]
    pub fn allow_unknown(self) -> Self {
        Self { allow_unknown: true, ..self }
    }

    /// Sets where the histories of failures are saved, and reports beside them.
    #[must_use]
    pub fn report_dir(self, directory: impl Into<PathBuf>) -> Self {
        Self { report_dir: Some(directory.into()), ..self }
    }

    /// Judges a history; nothing is written anywhere.
    ///
    /// # Errors
    /// If it violates the model, cannot be judged, reaches a limit, or proves too little.
    ///
    /// # Complexity
    /// As [`check_calls`]; explaining a violation makes up to some hundred small checks more.
    pub fn judge<S: SequentialSpec>(
        &self,
        calls: &Calls<S>,
        spec: &S,
        model: Model,
    ) -> Result<Passed, Failure> {
        let verdict = check_calls(spec, calls, model, &self.limits).map_err(Failure::Malformed)?;
        let mut census = Census::of(calls, spec);
        match &verdict {
            Verdict::Violated(refutation) => {
                let core = core::core(spec, calls, model, refutation);
                return Err(Failure::Violated { message: message::violation(calls, spec, model, &core) });
            }
            Verdict::Unknown(unknown) if !self.allow_unknown => {
                let (reason, progress) = (unknown.reason, &unknown.progress);
                let mut message = format!(
                    "nobody knows whether the history is {model}: the check ended by {reason}\n\n  {} calls",
                    calls.len()
                );
                if !progress.is_empty() {
                    _ = write!(message, "; {progress}");
                }
                message.push_str(
                    "\n  Give it more (`Trial::limits`), record fewer overlapping calls, or write each value once; \
                     `Trial::allow_unknown` lets it pass.\n",
                );
                return Err(Failure::Unknown { message });
            }
            Verdict::Consistent(Witness::View(view)) => census.tell(calls, spec, view),
            _ => {}
        }
        let lacking = self.require.lacking(&census);
        if lacking.is_empty() {
            return Ok(Passed { verdict, census });
        }
        let mut message = format!("the history is {model}, but that proves too little\n\n");
        lacking.iter().for_each(|lack| _ = writeln!(message, "  - {lack}"));
        let Census { operations, ok, failed, unknown, keys, overlapping, .. } = census;
        _ = write!(
            message,
            "\n  {operations} calls: {ok} ok, {failed} failed, {unknown} unknown; {keys} keys; {overlapping} \
             overlapping pairs\n  Make the test do more, or ask for less with `Trial::require`.\n"
        );
        Err(Failure::Vacuous { message })
    }

    /// Judges a history, saves it where it fails, and panics then: what [`assert_consistent!`](crate::assert_consistent)
    /// does.
    ///
    /// # Panics
    /// If the history does not pass.
    #[track_caller]
    pub fn hold<S: SavedSpec>(&self, calls: &Calls<S>, spec: &S, model: Model, place: &Place) -> Passed {
        match self.judge(calls, spec, model) {
            Ok(passed) => passed,
            Err(failure) => {
                let message = Evidence::new(self, place).message(calls, &failure);
                panic!("{message}")
            }
        }
    }
}
