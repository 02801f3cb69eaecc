//! **slow** (Hutto & Ahamad 1990): for each process p and key x, a view of all writes to x and p's reads of x that
//! respects each process's program order among the operations on x.

use super::registers::{ByValue, World};
use super::view;
use crate::certificate::{View, Witness};
use crate::limits::{Meter, Stop};

/// The views, if they exist.
pub(super) fn holds(world: &World<'_>, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut views = Vec::new();
    for process in world.processes() {
        for key in world.keys() {
            let members = world.those(|op| op.key == key && (op.writes.is_some() || op.process == process));
            let respected = |a, b| world.program(a, b);
            let Some(order) = view::first(&ByValue(world), &members, &respected, meter)? else {
                return Ok(None);
            };
            views.push(View { process: Some(process), key: Some(key), order: world.ids(&order) });
        }
    }
    Ok(Some(Witness::Views(views)))
}
