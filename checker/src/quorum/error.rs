//! What can be wrong with a configuration, and why an analysis can stop short.

use std::time::{Duration, Instant};

/// A configuration that describes no quorum system: the field at fault, what is wrong with it, and how to mend it.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::Voting;
///
/// let error = Voting::new(&[1, 1, 1], 2, 4).unwrap_err();
/// assert_eq!(error.field, "w");
/// assert_eq!(error.to_string(), "w: 4 exceeds the total of 3 votes; choose w between 1 and 3");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}; {mend}")]
pub struct QuorumError {
    /// The field, as the configuration names it (`votes[3]`, `reads`, `nodes.a.fail_p`).
    pub field: String,
    /// What was found there.
    pub problem: String,
    /// What to write instead.
    pub mend: String,
}

impl QuorumError {
    /// An error at `field`.
    pub fn new(field: impl Into<String>, problem: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into(), mend: mend.into() }
    }
}

/// Why an analysis ended without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Stopped {
    /// The time limit was reached, or the caller cancelled.
    #[error("the time limit was reached")]
    Timeout,
    /// A decision diagram or a table outgrew its limit.
    #[error("the system is too large for an exact answer")]
    TooLarge,
    /// The linear-programming solver gave up.
    #[error("the linear-programming solver failed")]
    Solver,
}

/// How long, and how large, an analysis may become.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use tribunal_checker::quorum::Limits;
///
/// let limits = Limits::within(Duration::from_secs(5));
/// assert!(limits.check().is_ok());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The instant at which every search ends; `None` for never.
    pub deadline: Option<Instant>,
    /// The most entries a decision diagram or a table of partial results may have.
    pub entries: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline: None, entries: 2_000_000 }
    }
}

impl Limits {
    /// The default sizes, with a deadline from now on.
    #[must_use]
    pub fn within(time: Duration) -> Self {
        Self { deadline: Instant::now().checked_add(time), ..Self::default() }
    }

    /// Whether there is still time.
    ///
    /// # Errors
    ///
    /// [`Stopped::Timeout`] once the deadline has passed.
    pub fn check(&self) -> Result<(), Stopped> {
        match self.deadline {
            Some(deadline) if Instant::now() >= deadline => Err(Stopped::Timeout),
            _ => Ok(()),
        }
    }

    /// Limits of an attempt after which another way is open.
    pub(super) fn first_try(&self) -> Self {
        Self { entries: self.entries.min(50_000), ..*self }
    }

    /// The limits of one table of this many entries; looks at the clock now and then.
    pub(super) fn check_entries(&self, entries: usize) -> Result<(), Stopped> {
        if entries > self.entries {
            return Err(Stopped::TooLarge);
        }
        if entries.is_multiple_of(1024) { self.check() } else { Ok(()) }
    }
}
