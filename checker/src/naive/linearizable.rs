//! **linearizable**: one view of all operations that respects real-time order and program order (Herlihy & Wing 1990).

use super::orders;
use crate::history::{History, OpId};

/// Whether `a` is before `b` in every view.
pub(super) fn before(history: &History, a: OpId, b: OpId) -> bool {
    orders::program(history, a, b) || orders::real_time(history, a, b)
}
