//! **release** (Gharachorloo et al. 1990, RCsc): hb is the transitive closure of: acquire → every later operation of its
//! process; every earlier operation of its process → release; release(L) → every later acquire(L) in the total order. A
//! `sync` is both an acquire and a release, of one variable that all syncs share whatever their names; it is no lock
//! operation.

use super::synchronised::{Scene, Thing};
use crate::history::Function::{Acquire, Release, Sync};

/// Whether `a` happens directly before `b`.
pub(super) fn before(scene: &Scene<'_>, order: &[usize], a: Thing, b: Thing) -> bool {
    let acquires = scene.is(a, Acquire) || scene.is(a, Sync);
    let releases = scene.is(b, Release) || scene.is(b, Sync);
    let through_lock = scene.is(a, Release) && scene.is(b, Acquire) && scene.lock(a) == scene.lock(b);
    let through_syncs = scene.is(a, Sync) && scene.is(b, Sync);
    (acquires || releases) && scene.program(a, b)
        || (through_lock || through_syncs) && scene.ordered(order, a, b)
}
