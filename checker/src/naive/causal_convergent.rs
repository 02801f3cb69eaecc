//! **causal-convergent** (CCv; Bouajjani et al., POPL 2017; causal+): some reads-from assignment exists such that the
//! causal order has no cycle, and one total order of all writes, containing co, such that each read returns the last
//! write to its key, in that order, in its causal past, or the initial value where there are none.
//!
//! Here that last write must be the one it reads from. Nothing is lost: let each read read from that last write instead;
//! the causal order becomes smaller, and that write is still the last.

use super::causal::{past, some_causal_order};
use super::registers::{Source, World};
use super::view::{self, Free};
use crate::certificate::Witness;
use crate::limits::{Meter, Stop};

/// The reads-from and the total order, if they exist.
pub(super) fn holds(world: &World<'_>, meter: &Meter) -> Result<Option<Witness>, Stop> {
    some_causal_order(world, meter, &|reads_from, causal| {
        let reads = world.reads();
        let pasts: Vec<Vec<usize>> = reads.iter().map(|&read| past(world, causal, read)).collect();
        let initial =
            |(&read, past): (&usize, &Vec<usize>)| reads_from[read] != Source::Initial || past.is_empty();
        if !reads.iter().zip(&pasts).all(initial) {
            return Ok(None);
        }
        // A read from b with another write a in its past says that a is before b.
        let before = |a: usize, b: usize| {
            let says = |(&read, past): (&usize, &Vec<usize>)| {
                a != b && reads_from[read] == Source::Write(b) && past.contains(&a)
            };
            causal.has(a, b) || reads.iter().zip(&pasts).any(says)
        };
        let order = view::first(&Free, &world.writes(), &before, meter)?;
        Ok(order.map(|order| Witness::Arbitrated {
            reads_from: world.evidence(reads_from),
            arbitration: world.ids(&order),
        }))
    })
}
