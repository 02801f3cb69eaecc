//! **fifo** (PRAM; Lipton & Sandberg 1988): for each process p, a view of all writes and p's own reads that respects
//! every process's program order.

use super::registers::{ByValue, World};
use super::view;
use crate::certificate::{View, Witness};
use crate::limits::{Meter, Stop};

/// The views, if they exist.
pub(super) fn holds(world: &World<'_>, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut views = Vec::new();
    for process in world.processes() {
        let members = world.those(|op| op.writes.is_some() || op.process == process);
        let respected = |a, b| world.program(a, b);
        let Some(order) = view::first(&ByValue(world), &members, &respected, meter)? else { return Ok(None) };
        views.push(View { process: Some(process), key: None, order: world.ids(&order) });
    }
    Ok(Some(Witness::Views(views)))
}
