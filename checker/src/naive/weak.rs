//! **weak** (Dubois et al. 1986): hb is the transitive closure of: program order between a `sync` and any operation of
//! its process, and the total order of the `sync`s. Acquires and releases count as `sync`s.

use super::synchronised::{Scene, Thing};

/// Whether `a` happens directly before `b`.
pub(super) fn before(scene: &Scene<'_>, order: &[usize], a: Thing, b: Thing) -> bool {
    let one_syncs = scene.sync(a).is_some() || scene.sync(b).is_some();
    one_syncs && scene.program(a, b) || scene.ordered(order, a, b)
}
