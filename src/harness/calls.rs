//! Typed calls, as a recorder or a file gives them.

use crate::{Call, Outcome, SequentialSpec};
use std::fmt;
use std::ops::{Bound, RangeBounds};

/// What the clients of a system did and saw, by start.
///
/// # Examples
/// ```
/// use tribunal::{Calls, Recorder};
/// use tribunal::spec::{Registers, RegistersOp, RegistersRet};
///
/// let recorder = Recorder::<Registers<String, u64>>::default();
/// let mut client = recorder.client();
/// client.invoke(RegistersOp::write("x", 1)).ok(RegistersRet::Written);
/// let calls: Calls<Registers<String, u64>> = recorder.finish();
/// assert_eq!(calls.len(), 1);
/// ```
pub struct Calls<S: SequentialSpec> {
    pub(super) calls: Vec<Call<S::Op, S::Ret>>,
    pub(super) annotations: Vec<Annotation>,
    pub(super) warnings: Vec<String>,
}

/// A remark about a span of time: a partition, a crash, a change of leader.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Annotation {
    /// The remark.
    pub text: String,
    /// When it began, on the recorder's clock.
    pub start: i64,
    /// When it ended; `None` = it lasted.
    pub end: Option<i64>,
}

impl Annotation {
    pub(super) fn new(text: &str, span: &impl RangeBounds<i64>) -> Self {
        let start = match span.start_bound() {
            Bound::Included(&start) => start,
            Bound::Excluded(&start) => start.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match span.end_bound() {
            Bound::Included(&end) => Some(end),
            Bound::Excluded(&end) => Some(end.saturating_sub(1).max(start)),
            Bound::Unbounded => None,
        };
        Self { text: text.into(), start, end }
    }
}

impl<S: SequentialSpec> Calls<S> {
    /// Calls that were recorded by other means; sorts them by start.
    #[must_use]
    pub fn new(mut calls: Vec<Call<S::Op, S::Ret>>) -> Self {
        calls.sort_by_key(|call| call.start);
        Self { calls, annotations: Vec::new(), warnings: Vec::new() }
    }

    /// What happened around the calls, by start.
    #[must_use]
    pub fn annotations(&self) -> &[Annotation] {
        &self.annotations
    }

    /// What a reader of the verdict should know: a torn last line that was set aside, a file that could not be written.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// The calls by outcome: ok, failed, unknown.
    #[must_use]
    pub fn outcomes(&self) -> [usize; 3] {
        [Outcome::Ok, Outcome::Fail, Outcome::Info]
            .map(|outcome| self.calls.iter().filter(|call| call.outcome == outcome).count())
    }
}

impl<S: SequentialSpec> std::ops::Deref for Calls<S> {
    type Target = [Call<S::Op, S::Ret>];

    fn deref(&self) -> &Self::Target {
        &self.calls
    }
}

impl<S: SequentialSpec> Clone for Calls<S> {
    fn clone(&self) -> Self {
        Self {
            calls: self.calls.clone(),
            annotations: self.annotations.clone(),
            warnings: self.warnings.clone(),
        }
    }
}

impl<S: SequentialSpec> PartialEq for Calls<S> {
    /// The calls and the annotations are the same.
    fn eq(&self, other: &Self) -> bool {
        self.calls == other.calls && self.annotations == other.annotations
    }
}

impl<S: SequentialSpec> fmt::Debug for Calls<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Calls")
            .field("calls", &self.calls)
            .field("annotations", &self.annotations)
            .field("warnings", &self.warnings)
            .finish()
    }
}
