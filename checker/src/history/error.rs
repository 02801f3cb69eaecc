//! Why a recording is not a history: what stands where, and how to mend it.

use super::ids::OpId;
use thiserror::Error;

/// A malformed recording. Lines are 1-based input lines; 0 where the history was built by a program.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// Two `ok` operations of one process overlap.
    #[error(
        "operations {first} (line {first_line}) and {second} (line {second_line}) of process {process} overlap: the \
         later starts at {start}, before the earlier has ended at {end}; a process does one thing at a time, so give \
         concurrent calls processes of their own"
    )]
    Overlap {
        /// The process, as written.
        process: String,
        /// The operation that starts first.
        first: OpId,
        /// Its line.
        first_line: u64,
        /// The operation that starts before the first has ended.
        second: OpId,
        /// Its line.
        second_line: u64,
        /// When the second starts.
        start: i64,
        /// When the first ends.
        end: i64,
    },
    /// An operation ends before it starts.
    #[error(
        "line {line}: operation {op} ends at {end}, before its start at {start}; swap \"start\" and \"end\""
    )]
    EndBeforeStart {
        /// The operation.
        op: OpId,
        /// Its line.
        line: u64,
        /// Its start.
        start: i64,
        /// Its end.
        end: i64,
    },
    /// Some operations have times and some have none.
    #[error(
        "line {line}: operation {op} has {found} times but operation {other} (line {other_line}) {contrary}; give \
         every operation of a history times, or none"
    )]
    MixedTimes {
        /// The first operation that differs.
        op: OpId,
        /// Its line.
        line: u64,
        /// An operation before it.
        other: OpId,
        /// The line of that one.
        other_line: u64,
        /// `"no"` or `"recorded"`: what `op` has.
        found: &'static str,
        /// What `other` has.
        contrary: &'static str,
    },
    /// An `ok` operation of a timed history has no end.
    #[error(
        "line {line}: operation {op} is ok but has no \"end\"; record when it returned, or give it \"outcome\":\"info\""
    )]
    NoEnd {
        /// The operation.
        op: OpId,
        /// Its line.
        line: u64,
    },
    /// An operation has an end but no start.
    #[error("line {line}: operation {op} has an \"end\" but no \"start\"; record both, or neither")]
    NoStart {
        /// The operation.
        op: OpId,
        /// Its line.
        line: u64,
    },
    /// A response without its invocation.
    #[error(
        "line {line}: process {process} got a response but has no call in flight; its invocation must stand before it"
    )]
    NoCall {
        /// The process, as written.
        process: String,
        /// The line of the response.
        line: u64,
    },
    /// A process invokes while its previous call is in flight.
    #[error(
        "line {line}: process {process} makes a call while its call of line {pending_line} is in flight; a process \
         does one thing at a time (a call whose fate is unknown needs an \"info\" line first)"
    )]
    StillInFlight {
        /// The process, as written.
        process: String,
        /// The line of the new call.
        line: u64,
        /// The line of the call in flight.
        pending_line: u64,
    },
    /// A response of another function than its invocation.
    #[error(
        "line {line}: process {process} invoked {expected} (line {call_line}) but got a response to {found}"
    )]
    WrongResponse {
        /// The process, as written.
        process: String,
        /// The line of the response.
        line: u64,
        /// The line of the call.
        call_line: u64,
        /// The function that was invoked.
        expected: &'static str,
        /// The function that answered.
        found: &'static str,
    },
    /// A replica's log names an operation that is not a write before it.
    #[error("line {line}: the log of replica {replica} names operation {op}, {why}")]
    BadLog {
        /// The line of the log.
        line: u64,
        /// The replica, as written.
        replica: String,
        /// What it names.
        op: OpId,
        /// What is wrong with it.
        why: &'static str,
    },
    /// More than 2^32 - 1 operations or micro-operations.
    #[error(
        "line {line}: a history holds at most 4,294,967,294 operations; split it (`--shard`, or one file a key)"
    )]
    TooLong {
        /// The line that was too much.
        line: u64,
    },
}

impl HistoryError {
    /// The 1-based line at which the recording goes wrong (for two operations that do not agree, the later one's); 0
    /// where the history was built by a program.
    #[must_use]
    pub fn line(&self) -> u64 {
        match *self {
            Self::Overlap { first_line, second_line, .. } => first_line.max(second_line),
            Self::EndBeforeStart { line, .. }
            | Self::MixedTimes { line, .. }
            | Self::NoEnd { line, .. }
            | Self::NoStart { line, .. }
            | Self::NoCall { line, .. }
            | Self::StillInFlight { line, .. }
            | Self::WrongResponse { line, .. }
            | Self::BadLog { line, .. }
            | Self::TooLong { line } => line,
        }
    }
}
