//! Causal order, and **causal** (causal memory, CM; Ahamad et al. 1995): some reads-from assignment exists such that the
//! causal order co = (po ∪ rf)⁺ has no cycle, and for each process p a view of all writes and p's own reads that respects
//! co and in which each read reads from its write, not just the same value.
//!
//! A cas of whichever process reads from its write in every view.

use super::registers::{BySource, Source, World};
use super::relation::Relation;
use super::view;
use crate::certificate::{View, Witness};
use crate::limits::{Meter, Stop};

/// What a model says of a reads-from assignment and its causal order.
type Judge<'a> = dyn Fn(&[Source], &Relation) -> Result<Option<Witness>, Stop> + 'a;

/// Calls `holds` with every reads-from assignment whose causal order has no cycle, and with that order, until one gives
/// a witness.
pub(super) fn some_causal_order(
    world: &World<'_>,
    meter: &Meter,
    holds: &Judge<'_>,
) -> Result<Option<Witness>, Stop> {
    let mut found = None;
    world.each_reads_from(meter, &mut |reads_from| {
        let before = |a: usize, b: usize| world.program(a, b) || reads_from[b] == Source::Write(a);
        let causal = Relation::new(world.ops.len(), before).closed();
        if !causal.has_cycle() {
            found = holds(reads_from, &causal)?;
        }
        Ok(found.is_some())
    })?;
    Ok(found)
}

/// The writes to the read's key in its causal past.
pub(super) fn past(world: &World<'_>, causal: &Relation, read: usize) -> Vec<usize> {
    let writes = world.writes_to(world.ops[read].key);
    writes.into_iter().filter(|&write| causal.has(write, read)).collect()
}

/// The views, if they exist for some reads-from assignment.
pub(super) fn holds(world: &World<'_>, meter: &Meter) -> Result<Option<Witness>, Stop> {
    some_causal_order(world, meter, &|reads_from, causal| {
        let mut views = Vec::new();
        for process in world.processes() {
            let members = world.those(|op| op.writes.is_some() || op.process == process);
            let replay = BySource { world, reads_from };
            let Some(order) = view::first(&replay, &members, &|a, b| causal.has(a, b), meter)? else {
                return Ok(None);
            };
            views.push(View { process: Some(process), key: None, order: world.ids(&order) });
        }
        Ok(Some(Witness::Causal { views, reads_from: world.evidence(reads_from) }))
    })
}
