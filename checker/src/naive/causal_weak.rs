//! **causal-weak** (CC; Bouajjani et al., POPL 2017): some reads-from assignment exists such that the causal order has
//! no cycle and each read returns the value of a write to its key that is maximal under co among the writes to that key
//! in the read's causal past, or the initial value where there are none.
//!
//! Here the write that it reads from must be maximal itself. Nothing is lost: let each read read from the maximal write
//! whose value it returns instead; the causal order becomes smaller, and that write is still there and still maximal.

use super::causal::{past, some_causal_order};
use super::registers::{Source, World};
use crate::certificate::Witness;
use crate::limits::{Meter, Stop};

/// The reads-from, if it exists.
pub(super) fn holds(world: &World<'_>, meter: &Meter) -> Result<Option<Witness>, Stop> {
    some_causal_order(world, meter, &|reads_from, causal| {
        let latest = |&read: &usize| {
            let past = past(world, causal, read);
            match reads_from[read] {
                Source::Write(write) => !past.iter().any(|&other| causal.has(write, other)),
                _ => past.is_empty(),
            }
        };
        let holds = world.reads().iter().all(latest);
        Ok(holds.then(|| Witness::ReadsFrom(world.evidence(reads_from))))
    })
}
