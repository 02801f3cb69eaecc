//! The orders that a recording shows: program order and real time.

use crate::history::{History, OpId, Outcome};

/// Program order: the operations of one process in their order. An `info` operation has every earlier operation of its
/// process before it, and nothing after it.
pub(super) fn program(history: &History, a: OpId, b: OpId) -> bool {
    let process = history.process(a);
    let position = |op| history.program_order(process).iter().position(|&other| other == op);
    process == history.process(b) && history.outcome(a) == Outcome::Ok && position(a) < position(b)
}

/// Real-time order: a ended before b started. Intervals are closed: equal timestamps are concurrent.
pub(super) fn real_time(history: &History, a: OpId, b: OpId) -> bool {
    history.is_timed() && history.outcome(a) == Outcome::Ok && history.end(a) < history.start(b)
}
