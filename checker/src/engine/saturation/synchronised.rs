//! weak, release and entry where reads-from is known, at scale.
//!
//! Problem: an order of the synchronisation operations, and for each key one of the writes to it, that explain all reads.
//!
//! Algorithm: take one good [order](super::sync_order) of the synchronisation operations and its
//! [happens-before](super::happens_before). Then what each order of writes must contain is known: write → later write in
//! happens-before or program order, and w' → w for a read of w that has w' before it; of each chain only the last write
//! before matters. If that has no cycle, and nobody reads what comes later or the initial value too late, a topological
//! order is the arbitration.
//!
//! Correct: what is found is a witness. Nothing found proves nothing, for another order of the synchronisation operations
//! may do: the complete search is asked then, if the history is small enough for it.
//!
//! Complexity: O(n k) time for k chains; memory for the clocks and the edges that happens-before does not imply.

use super::causal_past::reads_from;
use super::happens_before::HappensBefore;
use super::sync_order::{SyncOrder, sync_order};
use crate::certificate::Witness;
use crate::engine::finding::Finding;
use crate::engine::labelling::Labelling;
use crate::engine::scope::Scope;
use crate::history::{OpId, Outcome};
use crate::limits::{Meter, Stop};
use crate::relation::{InEdges, Kind, NONE, Registers, Runs, UNKNOWN, topological};
use rustc_hash::FxHashMap;

const METHOD: &str = "clocks";

/// A witness of weak, release or entry, if one good order of the synchronisation operations gives one. Every source must
/// be known.
pub(crate) fn synchronised(
    scope: Scope<'_>,
    registers: &Registers,
    meter: &Meter,
) -> Result<Option<Finding>, Stop> {
    let unsure = |node: u32| {
        registers.kind(node) == Kind::Sync && scope.history.outcome(registers.op(node)) == Outcome::Info
    };
    if !registers.chains.whole() || registers.nodes().any(unsure) {
        return Ok(None);
    }
    let SyncOrder::Found(syncs) = sync_order(scope, registers) else { return Ok(None) };
    let before = HappensBefore::new(scope, registers, &syncs, meter)?;
    let arbitration = Forced::new(registers, &before, meter)?.and_then(Forced::sort);
    let finding = arbitration.map(|arbitration| {
        let sync_order = registers.ops(&syncs);
        let reads_from = reads_from(registers);
        Finding::holds(Witness::Synchronised { sync_order, reads_from, arbitration }, METHOD)
    });
    before.refund(meter);
    Ok(finding)
}

/// What the order of writes must contain.
struct Forced<'a> {
    registers: &'a Registers,
    edges: Vec<(u32, u32)>,
}

impl<'a> Forced<'a> {
    /// `None` if a read cannot be explained.
    fn new(registers: &'a Registers, before: &HappensBefore, meter: &Meter) -> Result<Option<Self>, Stop> {
        let mut runs = Runs::new(registers);
        let by_source: Vec<_> = registers
            .nodes()
            .filter(|&node| registers.source(node) < UNKNOWN)
            .map(|node| (node, registers.source(node)))
            .collect();
        let readers = InEdges::new(registers.len(), &by_source);
        let chains = &registers.chains;
        let mut forced = Self { registers, edges: Vec::new() };
        for (at, &node) in before.order.iter().enumerate() {
            if at % 4096 == 0 {
                meter.check()?;
            }
            if registers.kind(node).writes()
                && readers.of(node).iter().any(|&read| before.holds(chains, read, node))
            {
                return Ok(None);
            }
            if !forced.node(&mut runs, before, node) {
                return Ok(None);
            }
        }
        Ok(Some(forced))
    }

    /// The edges of one operation; false if it reads the initial value with a write before it.
    fn node(&mut self, runs: &mut Runs, before: &HappensBefore, node: u32) -> bool {
        let registers = self.registers;
        let chains = &registers.chains;
        let (kind, source) = (registers.kind(node), registers.source(node));
        let (home, clock) = (chains.of(node), before.before(node));
        let of_key = runs.of_key(registers.key(node));
        let own = of_key.clone().find(|&run| runs.chain(run) == home);
        let previous = own.and_then(|run| runs.last_below(run, node));
        for run in of_key {
            let chain = runs.chain(run);
            let bound = if chain == home { node } else { clock[chain] };
            let Some(write) = runs.last_below(run, bound) else { continue };
            if kind.reads() && source >= UNKNOWN {
                return false;
            }
            if kind.reads() && write != source && !before.holds(chains, write, source) {
                self.edges.push((write, source));
            }
            // What is before the process's previous write to the key is before this one by that.
            if kind.writes() && previous.is_none_or(|previous| !before.holds(chains, write, previous)) {
                self.edges.push((write, node));
            }
        }
        if kind.reads() && kind.writes() && source < UNKNOWN {
            self.edges.push((source, node));
        }
        true
    }

    /// The writes to each key in order.
    fn sort(self) -> Option<Vec<Vec<OpId>>> {
        let registers = self.registers;
        let order = topological(registers.len(), &self.edges).ok()?;
        let mut keys = vec![Vec::new(); registers.keys];
        for node in order.into_iter().filter(|&node| registers.kind(node).writes()) {
            keys[registers.key(node) as usize].push(registers.op(node));
        }
        keys.retain(|key| !key.is_empty());
        Some(keys)
    }
}

/// Whether a history is properly labelled by this order of its synchronisation operations; `None` where
/// operations of unknown outcome make that hard to say.
///
/// # Errors
/// If there is no room.
pub(crate) fn labelled(
    scope: Scope<'_>,
    registers: &Registers,
    sync_order: &[OpId],
    meter: &Meter,
) -> Result<Option<Labelling>, Stop> {
    if !registers.chains.whole() || !registers.sources.optional.is_empty() {
        return Ok(None);
    }
    let place: FxHashMap<OpId, u32> = registers.nodes().map(|node| (registers.op(node), node)).collect();
    let syncs: Vec<u32> = sync_order.iter().filter_map(|op| place.get(op).copied()).collect();
    let before = HappensBefore::new(scope, registers, &syncs, meter)?;
    let labelling = label(registers, &before);
    before.refund(meter);
    Ok(Some(labelling))
}

/// Whether the history is properly labelled: of two operations on one key, one of them a write, each time one happens
/// before the other. The operations are met in an order that extends happens-before, so it is enough to look back: at
/// each chain's last write to the key, and for a write also at its last read.
fn label(registers: &Registers, before: &HappensBefore) -> Labelling {
    let mut last: FxHashMap<u32, Vec<(usize, u32, u32)>> = FxHashMap::default();
    for &node in &before.order {
        let (home, clock) = (registers.chains.of(node), before.before(node));
        let (reads, writes) = (registers.kind(node).reads(), registers.kind(node).writes());
        let of_key = last.entry(registers.key(node)).or_default();
        let mut own = None;
        for (at, &(chain, read, write)) in of_key.iter().enumerate() {
            if chain == home {
                own = Some(at);
                continue;
            }
            let races = |other: u32| other != NONE && other >= clock[chain];
            if races(write) || writes && races(read) {
                let other = if races(write) { write } else { read };
                let (a, b) = (registers.op(other), registers.op(node));
                return Labelling::Race(a.min(b), a.max(b));
            }
        }
        let at = own.unwrap_or_else(|| {
            of_key.push((home, NONE, NONE));
            of_key.len() - 1
        });
        if reads {
            of_key[at].1 = node;
        }
        if writes {
            of_key[at].2 = node;
        }
    }
    Labelling::Proper
}
