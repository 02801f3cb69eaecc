//! Causal pasts as clocks.
//!
//! What precedes an operation in causal order is, of each process, a beginning of its `ok` operations: a clock counts them.
//! Nothing comes after an `info` write in its process, so it is in the past of whoever reads from it, and of what comes
//! after those readers: readers expose it.
//!
//! # Complexity
//! O(nk) time for n operations of k processes. A clock is kept while something still needs it: one for each process, and
//! one for each write with readers to come.

use super::Case;
use super::causal::{CausalOrder, width};
use super::fault::Fault;
use super::reads_from::Sources;
use super::registers::write_of;
use crate::history::{KeyId, OpId, Outcome, ProcessId};
use rustc_hash::FxHashMap;

/// For each process, below which rank its `ok` operations are in the past.
pub(super) type Clock = [u32];

/// Calls `visit` with each operation and its past, in an order that extends causal order.
pub(super) fn sweep(
    case: &Case<'_>,
    sources: &Sources,
    graph: &CausalOrder<'_>,
    order: &[OpId],
    visit: &mut dyn FnMut(OpId, &Clock) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let zero = vec![0; width(case)];
    let before = previous(case, sources);
    let mut now: FxHashMap<ProcessId, Vec<u32>> = FxHashMap::default();
    let mut kept: FxHashMap<OpId, (Vec<u32>, usize)> = FxHashMap::default();
    for &op in order {
        let process = case.history.process(op);
        let certain = case.history.outcome(op) == Outcome::Ok;
        let mut clock = match before.info.get(&op) {
            Some(&Some(previous)) => {
                let mut clock = take(&mut kept, previous);
                count(case, &mut clock, previous);
                clock
            }
            Some(None) => zero.clone(),
            None => now.remove(&process).unwrap_or_else(|| zero.clone()),
        };
        if let Some(write) = sources.write(op) {
            join(&mut clock, &take(&mut kept, write));
            if case.history.outcome(write) == Outcome::Ok {
                count(case, &mut clock, write);
            }
        }
        visit(op, &clock)?;
        let needed = graph.readers(op).len() + before.needed.get(&op).copied().unwrap_or(0);
        if needed > 0 {
            kept.insert(op, (clock.clone(), needed));
        }
        if certain {
            count(case, &mut clock, op);
            now.insert(process, clock);
        }
    }
    Ok(())
}

/// `info` operations that happened, each with the last operation that is before it in its process.
struct Previous {
    info: FxHashMap<OpId, Option<OpId>>,
    /// How often an operation is one.
    needed: FxHashMap<OpId, usize>,
}

fn previous(case: &Case<'_>, sources: &Sources) -> Previous {
    let mut found = Previous { info: FxHashMap::default(), needed: FxHashMap::default() };
    for &op in &sources.happened {
        let own = case.history.program_order(case.history.process(op));
        let earlier = &own[..case.orders.rank(op) as usize];
        let certain =
            |op: &&OpId| case.history.outcome(**op) == Outcome::Ok && sources.takes_part(case, **op);
        let last = earlier.iter().rev().find(certain).copied();
        found.info.insert(op, last);
        if let Some(last) = last {
            *found.needed.entry(last).or_default() += 1;
        }
    }
    found
}

/// A clock that was kept; forgotten after its last use.
fn take(kept: &mut FxHashMap<OpId, (Vec<u32>, usize)>, op: OpId) -> Vec<u32> {
    let (clock, needed) = kept.get_mut(&op).expect("what is needed was kept");
    *needed -= 1;
    if *needed > 0 {
        return clock.clone();
    }
    kept.remove(&op).expect("it was just there").0
}

/// The operation and what is before it in its process are in the past.
fn count(case: &Case<'_>, clock: &mut Clock, op: OpId) {
    let own = &mut clock[case.history.process(op).index()];
    *own = (*own).max(case.orders.rank(op) + 1);
}

pub(super) fn join(clock: &mut Clock, other: &Clock) {
    for (here, there) in clock.iter_mut().zip(other) {
        *here = (*here).max(*there);
    }
}

/// The writes to a key that a process's operations bring into the pasts of what comes after them, in program order.
#[derive(Default)]
pub(super) struct Lane {
    /// The operation's rank; the write: itself, or an `info` write that it exposes.
    pub(super) events: Vec<(u32, OpId)>,
}

impl Lane {
    /// Those of the operations in the past.
    pub(super) fn below(&self, rank: u32) -> &[(u32, OpId)] {
        &self.events[..self.events.partition_point(|event| event.0 < rank)]
    }
}

/// The lanes of each key.
pub(super) type Lanes = FxHashMap<KeyId, Vec<(ProcessId, Lane)>>;

/// All lanes. O(n).
pub(super) fn lanes(case: &Case<'_>, sources: &Sources) -> Lanes {
    let mut lanes = Lanes::default();
    for process in super::orders::processes(case.history) {
        for &op in case.history.program_order(process) {
            if case.history.outcome(op) != Outcome::Ok || !sources.takes_part(case, op) {
                continue;
            }
            let info = |write: &OpId| case.history.outcome(*write) == Outcome::Info;
            let exposed = sources.chain(case, op).take_while(info);
            for write in exposed.chain(write_of(case.history, op).map(|_| op)) {
                let key = case.history.micro(write).key().expect("a register has a key");
                let lanes = lanes.entry(key).or_default();
                if lanes.last().is_none_or(|(last, _)| *last != process) {
                    lanes.push((process, Lane::default()));
                }
                let lane = &mut lanes.last_mut().expect("it was just pushed").1;
                lane.events.push((case.orders.rank(op), write));
            }
        }
    }
    lanes
}
