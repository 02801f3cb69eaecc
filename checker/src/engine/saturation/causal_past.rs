//! causal-weak and causal-convergent where reads-from is known.
//!
//! Problem: given po ∪ rf, is every read's write maximal in the read's causal past (causal-weak), and is there one order
//! of all writes that contains the causal order co and in which it is the last (causal-convergent)?
//!
//! Algorithm: one sweep with vector clocks. For a read r of key x from w, every other write w' to x in r's past must be
//! arbitrated before w: a *conflict edge* w' → w. Of each chain only its last write to x in the past matters, the
//! earlier ones are before it; and none that is in the past of w, for co orders those two already. A read of the
//! initial value with any write to x in its past breaks both models at once. Then causal-convergent holds iff
//! co ∪ conflict edges has no cycle: a topological order of it is the arbitration. That implies causal-weak; where it
//! fails, causal-weak holds iff no conflict edge w' → w has w co w': a second sweep looks only at those pairs.
//!
//! Correct: conflict edges are forced by the definitions; conversely in a total order that contains them and co every
//! other write in the past is before the read's own. (Bouajjani, Enea, Guerraoui, Hamza, POPL 2017: the bad patterns
//! CyclicCO, WriteCOInitRead, ThinAirRead, WriteCORead, CyclicCF.)
//!
//! Complexity: O(n k) time for n operations and k chains; O(n) memory, the clocks of writes that are still to be read,
//! and the conflict edges that co does not imply.

use super::explain::{self, Early};
use crate::certificate::{OneStep, Refutation, Witness};
use crate::engine::finding::Finding;
use crate::history::OpId;
use crate::limits::{Meter, Stop};
use crate::relation::{Halt, InEdges, Registers, Runs, Seen, Stuck, UNKNOWN, short_cycle, sweep, walk};

const METHOD: &str = "saturation";

/// How a sweep can end without an answer to the question it was asked.
enum End {
    Halt(Halt),
    Finding(Box<Finding>),
}

impl From<Halt> for End {
    fn from(halt: Halt) -> Self {
        Self::Halt(halt)
    }
}

impl From<Finding> for End {
    fn from(finding: Finding) -> Self {
        Self::Finding(Box::new(finding))
    }
}

/// causal-convergent. Every source must be known.
pub(crate) fn convergent(registers: &Registers, runs: &mut Runs, meter: &Meter) -> Result<Finding, Stop> {
    match arbitrate(registers, runs, meter)? {
        Ok(arbitration) => {
            Ok(Finding::holds(Witness::Arbitrated { reads_from: reads_from(registers), arbitration }, METHOD))
        }
        Err(Failure::Found(finding)) => Ok(*finding),
        Err(Failure::Cycle { stuck, edges }) => {
            let incoming = InEdges::new(registers.len(), &edges);
            let hops = short_cycle(&registers.chains, &stuck, |node, into| {
                into.extend_from_slice(incoming.of(node));
                into.extend(Some(registers.source(node)).filter(|&source| source < UNKNOWN));
            });
            explain::causal(registers, &hops, METHOD, meter)
        }
    }
}

/// causal-weak. Every source must be known.
pub(crate) fn weak(registers: &Registers, runs: &mut Runs, meter: &Meter) -> Result<Finding, Stop> {
    let edges = match arbitrate(registers, runs, meter)? {
        Ok(_) => Vec::new(),
        Err(Failure::Found(finding)) => return Ok(*finding),
        Err(Failure::Cycle { edges, .. }) => edges,
    };
    match overwritten(registers, &edges, meter)? {
        None => Ok(Finding::holds(Witness::ReadsFrom(reads_from(registers)), METHOD)),
        Some((later, source)) => {
            let read = explain::reader(registers, later, source, meter)?;
            Ok(stale_read(registers, read, source, later))
        }
    }
}

/// Why there is no arbitration.
enum Failure {
    /// The causal order itself is broken.
    Found(Box<Finding>),
    /// The causal order and the conflict edges have a cycle.
    Cycle { stuck: Stuck, edges: Vec<(u32, u32)> },
}

/// The arbitration, or why there is none.
fn arbitrate(
    registers: &Registers,
    runs: &mut Runs,
    meter: &Meter,
) -> Result<Result<Vec<OpId>, Failure>, Stop> {
    let edges = match conflicts(registers, runs, meter) {
        Ok(edges) => edges,
        Err(End::Halt(Halt::Stop(stop))) => return Err(stop),
        Err(End::Halt(Halt::Stuck(stuck))) => {
            let finding = causal_cycle(registers, &stuck, meter)?;
            return Ok(Err(Failure::Found(Box::new(finding))));
        }
        Err(End::Finding(finding)) => return Ok(Err(Failure::Found(finding))),
    };
    meter.check()?;
    let incoming = InEdges::new(registers.len(), &edges);
    let mut arbitration = Vec::new();
    let outcome: Result<(), Stuck> = walk(
        &registers.chains,
        |node, visited| {
            let source = registers.source(node);
            if source < UNKNOWN && !visited.contains(source) {
                return Some(source);
            }
            incoming.of(node).iter().copied().find(|&from| !visited.contains(from))
        },
        |node| {
            if registers.kind(node).writes() {
                arbitration.push(registers.op(node));
            }
            Ok(())
        },
    );
    Ok(outcome.map(|()| arbitration).map_err(|stuck| Failure::Cycle { stuck, edges }))
}

/// The conflict edges that co does not imply.
fn conflicts(registers: &Registers, runs: &mut Runs, meter: &Meter) -> Result<Vec<(u32, u32)>, End> {
    let mut edges = Vec::new();
    sweep(registers, meter, |Seen { node, past, source, .. }| {
        let Some((source, then)) = source else {
            if !registers.kind(node).reads() {
                return Ok(());
            }
            return match overwritten_initial(registers, runs, node, past) {
                Some(write) => Err(stale_initial(registers, node, write).into()),
                None => Ok(()),
            };
        };
        let home = registers.chains.of(source);
        for run in runs.of_key(registers.key(node)) {
            let chain = runs.chain(run);
            let from = if chain == home { source } else { then[chain] };
            let now = past[chain];
            if now > from
                && let Some(write) = runs.last_below(run, now)
                && write >= from
                && write != source
            {
                edges.push((write, source));
            }
        }
        Ok::<(), End>(())
    })?;
    Ok(edges)
}

/// A write to the key of a read of the initial value that is in the read's past.
fn overwritten_initial(registers: &Registers, runs: &Runs, read: u32, past: &[u32]) -> Option<u32> {
    runs.of_key(registers.key(read))
        .find(|&run| runs.first(run) < past[runs.chain(run)])
        .map(|run| runs.first(run))
}

/// A conflict edge `(later, source)` with `source` co `later`.
fn overwritten(
    registers: &Registers,
    edges: &[(u32, u32)],
    meter: &Meter,
) -> Result<Option<(u32, u32)>, Stop> {
    if edges.is_empty() {
        return Ok(None);
    }
    // By the later write, the clock of which the sweep has in hand when it gets there.
    let flipped: Vec<_> = edges.iter().map(|&(later, source)| (source, later)).collect();
    let sources = InEdges::new(registers.len(), &flipped);
    let mut found = None;
    let chains = &registers.chains;
    let check = |node: u32, past: &[u32]| {
        sources
            .of(node)
            .iter()
            .copied()
            .find(|&source| past[chains.of(source)] > source)
            .map(|source| (node, source))
    };
    let outcome = sweep(registers, meter, |Seen { node, past, .. }| {
        found = check(node, past);
        if found.is_some() { Err(Early::Found) } else { Ok(()) }
    });
    match outcome {
        Err(Early::Stop(stop)) => Err(stop),
        _ => Ok(found),
    }
}

/// The evidence against a causal order with a cycle.
pub(super) fn causal_cycle(registers: &Registers, stuck: &Stuck, meter: &Meter) -> Result<Finding, Stop> {
    let hops = short_cycle(&registers.chains, stuck, |node, into| {
        into.extend(Some(registers.source(node)).filter(|&source| source < UNKNOWN));
    });
    explain::causal(registers, &hops, METHOD, meter)
}

/// The evidence against a read of the initial value that has a write in its causal past.
pub(super) fn stale_initial(registers: &Registers, read: u32, write: u32) -> Finding {
    if registers.chains.ordered(write, read) {
        let with = vec![registers.op(write)];
        return Finding::one_step(OneStep::StaleInitial, registers.op(read), with, METHOD);
    }
    explain::reads_initial(registers, &explain::path(registers, write, read), METHOD)
}

/// The evidence against a read of a write that a later one in the read's past has overwritten.
fn stale_read(registers: &Registers, read: u32, source: u32, later: u32) -> Finding {
    if registers.chains.ordered(source, later) && registers.chains.ordered(later, read) {
        let with = vec![registers.op(source), registers.op(later)];
        return Finding::one_step(OneStep::StaleRead, registers.op(read), with, METHOD);
    }
    let mut edges = explain::steps(registers, &explain::path(registers, source, later));
    edges.extend(explain::rule(registers, &explain::path(registers, later, read)));
    Finding::broken(Refutation::Cycle { edges, lemmas: Vec::new() }, METHOD)
}

/// What every read and cas reads from, in node order.
pub(crate) fn reads_from(registers: &Registers) -> Vec<(OpId, Option<OpId>)> {
    let reads = registers.nodes().filter(|&node| registers.kind(node).reads());
    reads
        .map(|node| {
            let source = registers.source(node);
            (registers.op(node), (source < UNKNOWN).then(|| registers.op(source)))
        })
        .collect()
}
