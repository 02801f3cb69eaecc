//! **entry** (Midway; Bershad et al. 1993): as release, but for key x only through the lock that guards x: a → b iff both
//! are operations on x and a is before a release of guard(x), which is before an acquire of guard(x), which is before b.
//! Syncs do not count.
//!
//! A key that the header gives no guard is guarded by lock `Lx`, the textbook's convention.

use super::synchronised::{Scene, Thing};
use crate::history::Function::{Acquire, Release};

/// Whether `a` happens directly before `b`.
pub(super) fn before(scene: &Scene<'_>, order: &[usize], a: Thing, b: Thing) -> bool {
    let (Some(first), Some(second)) = (scene.world.ops.get(a), scene.world.ops.get(b)) else { return false };
    let Some(guard) = scene.world.history.guard_or_default(first.key).filter(|_| first.key == second.key)
    else {
        return false;
    };
    let of_guard = |function| {
        let held = move |&thing: &Thing| scene.is(thing, function) && scene.lock(thing) == Some(guard);
        (scene.world.ops.len()..scene.len()).filter(held)
    };
    of_guard(Release).filter(|&release| scene.program(a, release)).any(|release| {
        of_guard(Acquire).any(|acquire| scene.ordered(order, release, acquire) && scene.program(acquire, b))
    })
}
