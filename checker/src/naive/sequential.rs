//! **sequential**: one view of all operations that respects program order (Lamport 1979).

use super::orders;
use crate::history::{History, OpId};

/// Whether `a` is before `b` in every view.
pub(super) fn before(history: &History, a: OpId, b: OpId) -> bool {
    orders::program(history, a, b)
}
