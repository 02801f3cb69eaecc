//! **eventual**: reads are of written values or NIL; and for each key, the *final reads* (each process's last read of it,
//! provided it started after every write to the key had ended, plus the settle time) all return the same value, which is
//! a written one if there was a write. No final read: consistent, but vacuous.
//!
//! An `info` write that happened has not ended, so its key has no final read.

use super::registers::{Op, Source, World};
use crate::certificate::Witness;
use crate::history::{KeyId, Outcome};

/// The final reads, if they agree.
pub(super) fn holds(world: &World<'_>, settle: i64) -> Option<Witness> {
    let of_written_values = |op: usize| world.sources(op).iter().any(|source| *source != Source::None);
    if !world.reads().into_iter().all(of_written_values) {
        return None;
    }
    let mut all = Vec::new();
    for key in world.keys() {
        let reads = final_reads(world, key, settle);
        let values: Vec<_> = reads.iter().map(|&read| world.ops[read].reads).collect();
        let written: Vec<_> = world.writes_to(key).iter().map(|&write| world.ops[write].writes).collect();
        let agreed = values.windows(2).all(|pair| pair[0] == pair[1]);
        let arrived = values.first().is_none_or(|value| written.is_empty() || written.contains(value));
        if !agreed || !arrived {
            return None;
        }
        all.extend(world.ids(&reads));
    }
    Some(Witness::FinalReads(all))
}

fn final_reads(world: &World<'_>, key: KeyId, settle: i64) -> Vec<usize> {
    let history = world.history;
    let settled = |read: &Op| {
        world.writes_to(key).iter().all(|&write| {
            let write = world.ops[write].id;
            history.outcome(write) == Outcome::Ok
                && i128::from(history.end(write)) + i128::from(settle) < i128::from(history.start(read.id))
        })
    };
    let mut found = Vec::new();
    for process in world.processes() {
        let reads = world.those(|op| op.process == process && op.key == key && op.reads.is_some());
        let last = reads.iter().copied().find(|&read| !reads.iter().any(|&other| world.program(read, other)));
        found.extend(last.filter(|&read| settled(&world.ops[read])));
    }
    found
}
