//! **strict**: one view of all operations in the order of their instants and in program order. A read returns the most
//! recent write (Tanenbaum & van Steen).
//!
//! The instant of an `ok` operation is its start. Operations of different processes with the same instant may take any
//! order. An `info` operation takes effect at any time after its start.

use super::orders;
use crate::history::{History, OpId, Outcome};

/// Whether `a` is before `b` in every view.
pub(super) fn before(history: &History, a: OpId, b: OpId) -> bool {
    let has_instant = history.outcome(a) == Outcome::Ok;
    orders::program(history, a, b) || has_instant && history.start(a) < history.start(b)
}
