//! **cache** (coherence): for each key, one view of that key's operations that respects program order.

use super::registers::{ByValue, World};
use super::view;
use crate::certificate::{View, Witness};
use crate::limits::{Meter, Stop};

/// The views, if they exist.
pub(super) fn holds(world: &World<'_>, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut views = Vec::new();
    for key in world.keys() {
        let members = world.those(|op| op.key == key);
        let respected = |a, b| world.program(a, b);
        let Some(order) = view::first(&ByValue(world), &members, &respected, meter)? else { return Ok(None) };
        views.push(View { process: None, key: Some(key), order: world.ids(&order) });
    }
    Ok(Some(Witness::Views(views)))
}
