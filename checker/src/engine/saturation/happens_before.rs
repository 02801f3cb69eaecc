//! Happens-before of weak, release and entry from an order of the synchronisation operations, as clocks.
//!
//! Algorithm: the synchronisation operations in their order; each process has a clock of what it has heard of (for each
//! chain the node below which everything happens before), each lock (or all syncs, or everything) a clock of what was
//! handed over there. A releasing operation adds its process's clock and its process's own past to what was handed
//! over; an acquiring one takes it. For entry a process has a clock for each lock, and an operation looks at that of its
//! key's guard. Operations on keys are shown in program order, each before its process's next synchronisation.
//!
//! Complexity: one vector operation for each synchronisation operation; clocks that operations on keys have seen are kept,
//! at most one for each acquiring operation.

use crate::engine::scope::Scope;
use crate::history::{Function, KeyId};
use crate::limits::{Meter, Stop};
use crate::model::Model;
use crate::relation::{Chains, Kind, NONE, Registers};
use rustc_hash::FxHashMap;

/// What happens before each operation on a key: clocks of one counter a chain.
pub(super) struct HappensBefore {
    width: usize,
    rows: Vec<u32>,
    /// The clock of each node; row 0 is the empty one.
    row_of: Vec<u32>,
    /// The operations on keys, each after all that happens before it.
    pub(super) order: Vec<u32>,
}

/// A clock in the making, and the row that holds it, if one does.
#[derive(Clone)]
struct Clock {
    counters: Vec<u32>,
    row: u32,
}

struct Making<'a> {
    scope: Scope<'a>,
    registers: &'a Registers,
    chains: &'a Chains,
    meter: &'a Meter,
    /// What each process has heard of; for entry also through which lock.
    heard: FxHashMap<(u32, u32), Clock>,
    /// What was handed over, by lock.
    handed: FxHashMap<u32, Vec<u32>>,
    /// entry: the lock of each key, or [`NONE`].
    guard: Vec<u32>,
    cursor: Vec<u32>,
    made: HappensBefore,
}

/// Locks are numbered from 0; this stands for what all processes, or all syncs, share.
const COMMON: u32 = NONE - 1;

impl HappensBefore {
    /// The happens-before of the scope's model from an order of the synchronisation operations.
    ///
    /// # Errors
    /// If there is no room.
    pub(super) fn new(
        scope: Scope<'_>,
        registers: &Registers,
        syncs: &[u32],
        meter: &Meter,
    ) -> Result<Self, Stop> {
        let chains = &registers.chains;
        let width = chains.len();
        let empty: Vec<u32> = (0..width).map(|chain| chains.range(chain).start).collect();
        let history = scope.history;
        let guard = |key: usize| history.guard_or_default(KeyId::from_index(key)).map_or(NONE, |lock| lock.0);
        meter.charge(width * size_of::<u32>())?;
        let mut making = Making {
            scope,
            registers,
            chains,
            meter,
            heard: FxHashMap::default(),
            handed: FxHashMap::default(),
            guard: (0..history.key_count()).map(guard).collect(),
            cursor: empty.clone(),
            made: Self { width, rows: empty, row_of: vec![0; registers.len()], order: Vec::new() },
        };
        for &sync in syncs {
            meter.check()?;
            making.up_to(chains.of(sync), sync)?;
            making.synchronise(sync)?;
        }
        for chain in 0..width {
            making.up_to(chain, chains.range(chain).end)?;
        }
        meter.refund(making.heard.len() * width * size_of::<u32>());
        Ok(making.made)
    }

    /// For each chain the node below which everything happens before this one; its own process's past is not told.
    #[inline]
    pub(super) fn before(&self, node: u32) -> &[u32] {
        let row = self.row_of[node as usize] as usize;
        &self.rows[row * self.width..(row + 1) * self.width]
    }

    /// Whether one operation happens before another or is before it in its process.
    #[inline]
    pub(super) fn holds(&self, chains: &Chains, a: u32, b: u32) -> bool {
        self.before(b)[chains.of(a)] > a || chains.ordered(a, b)
    }

    /// Gives the memory back.
    pub(super) fn refund(self, meter: &Meter) {
        meter.refund(self.rows.len() * size_of::<u32>());
    }
}

impl Making<'_> {
    /// The operations on keys of a chain below a node.
    fn up_to(&mut self, chain: usize, end: u32) -> Result<(), Stop> {
        let from = self.cursor[chain];
        self.cursor[chain] = end.max(from);
        for node in from..end {
            if self.registers.kind(node) == Kind::Sync {
                continue;
            }
            let through = match self.scope.model {
                Model::Entry => self.guard[self.registers.key(node) as usize],
                _ => COMMON,
            };
            self.made.row_of[node as usize] = self.row(chain, through)?;
            self.made.order.push(node);
        }
        Ok(())
    }

    /// The row of what a chain has heard of through a lock.
    #[expect(clippy::cast_possible_truncation, reason = "at most one row a node")]
    fn row(&mut self, chain: usize, through: u32) -> Result<u32, Stop> {
        let Some(clock) = self.heard.get_mut(&(chain as u32, through)) else { return Ok(0) };
        if clock.row == NONE {
            self.meter.charge(self.made.width * size_of::<u32>())?;
            clock.row = (self.made.rows.len() / self.made.width) as u32;
            self.made.rows.extend_from_slice(&clock.counters);
        }
        Ok(clock.row)
    }

    fn synchronise(&mut self, sync: u32) -> Result<(), Stop> {
        let (lock, chain) = (self.registers.key(sync), self.chains.of(sync));
        let function = self.scope.history.function(self.registers.op(sync));
        // Through which clock, at which place, whether it takes and whether it gives.
        let (through, place, takes, gives) = match (self.scope.model, function) {
            (Model::Weak, _) | (Model::Release, Function::Sync) => (COMMON, COMMON, true, true),
            (Model::Release, Function::Acquire) => (COMMON, lock, true, false),
            (Model::Release, _) => (COMMON, lock, false, true),
            (_, Function::Acquire) => (lock, lock, true, false),
            (_, Function::Release) => (lock, lock, false, true),
            _ => return Ok(()),
        };
        if takes && let Some(handed) = self.handed.get(&place) {
            let clock = heard(&mut self.heard, self.chains, self.meter, (chain, through))?;
            if join(&mut clock.counters, handed) {
                clock.row = NONE;
            }
        }
        if gives {
            let clock = heard(&mut self.heard, self.chains, self.meter, (chain, through))?;
            let mut given = clock.counters.clone();
            given[chain] = given[chain].max(sync + 1);
            match self.handed.get_mut(&place) {
                Some(handed) => {
                    join(handed, &given);
                }
                None => {
                    self.handed.insert(place, given);
                }
            }
        }
        Ok(())
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 processes")]
fn heard<'m>(
    all: &'m mut FxHashMap<(u32, u32), Clock>,
    chains: &Chains,
    meter: &Meter,
    (chain, through): (usize, u32),
) -> Result<&'m mut Clock, Stop> {
    use std::collections::hash_map::Entry;
    match all.entry((chain as u32, through)) {
        Entry::Occupied(entry) => Ok(entry.into_mut()),
        Entry::Vacant(entry) => {
            meter.charge(chains.len() * size_of::<u32>())?;
            let counters = (0..chains.len()).map(|chain| chains.range(chain).start).collect();
            Ok(entry.insert(Clock { counters, row: NONE }))
        }
    }
}

/// Joins a clock into another; whether that grew.
fn join(into: &mut [u32], from: &[u32]) -> bool {
    let mut grew = false;
    for (into, &from) in into.iter_mut().zip(from) {
        grew |= from > *into;
        *into = (*into).max(from);
    }
    grew
}
