//! Happens-before from an order of the synchronisation operations, and the conditions across processes.
//!
//! **weak and entry.** Happens-before is one jump through the order: from an operation to a synchronisation operation after
//! it in its process (entry: a release of the key's guard; itself, if it is one), and from a later or the same one in the
//! order to an operation after that (entry: after an acquire of the guard). So an operation is reached from every one whose
//! first way out is not later in the order than its last way in.
//!
//! **release.** Clocks: a release leaves the releasing process's past with the lock, an acquire takes it up. Own operations
//! are left aside here, program order covers them. An `info` release leaves what its process had taken up when it came to it
//! in program order, for nothing later precedes it.

mod clocks;
mod jumps;

use super::Scene;
use crate::certificate::verify::fault::Fault;
use crate::history::OpId;
use crate::model::Model;

/// The conditions (1) to (3) for what happens before.
pub(super) fn check(scene: &Scene<'_>, order: &[OpId]) -> Result<(), Fault> {
    match scene.case.model {
        Model::Release => clocks::check(scene, order),
        _ => jumps::check(scene, order),
    }
}
