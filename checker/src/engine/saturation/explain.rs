//! Refutations out of cycles: every edge with its reason.
//!
//! A conflict edge w' → w holds because some read r from w has w' in its past: the reason is the path from w' to r, step
//! by step along program order or reads-from. Neither the readers nor the paths are kept while a history is judged:
//! they are looked up once a violation is known.

use crate::certificate::{Edge, Refutation, Why, rules};
use crate::engine::finding::Finding;
use crate::limits::{Meter, Stop};
use crate::relation::{Halt, Hop, Registers, Seen, UNKNOWN, short_path, sweep};
use rustc_hash::FxHashMap;

/// Why a sweep that looked for something ended.
pub(super) enum Early {
    /// It has found it.
    Found,
    /// A limit.
    Stop(Stop),
    /// The causal order has a cycle: the sweep saw all that is before it.
    Cycle,
}

impl From<Halt> for Early {
    fn from(halt: Halt) -> Self {
        match halt {
            Halt::Stuck(_) => Self::Cycle,
            Halt::Stop(stop) => Self::Stop(stop),
        }
    }
}

/// The refutation that a cycle of program order, reads-from and conflict edges is.
pub(super) fn causal(
    registers: &Registers,
    hops: &[Hop],
    method: &'static str,
    meter: &Meter,
) -> Result<Finding, Stop> {
    let is_conflict = |hop: &&Hop| !hop.program_order && registers.source(hop.to) != hop.from;
    let pairs: Vec<_> = hops.iter().filter(is_conflict).map(|hop| (hop.from, hop.to)).collect();
    let readers = readers(registers, &pairs, meter)?;
    let mut edges = Vec::new();
    for hop in hops {
        let why = if hop.program_order {
            Why::ProgramOrder
        } else if let Some(&read) = readers.get(&(hop.from, hop.to)) {
            let because = registers.ops(&path(registers, hop.from, read)[1..]);
            Why::Derived { rule: rules::OVERWRITTEN, because }
        } else {
            Why::ReadsFrom
        };
        edges.push(Edge { from: registers.op(hop.from), to: registers.op(hop.to), why });
    }
    Ok(Finding::broken(Refutation::Cycle { edges, lemmas: Vec::new() }, method))
}

/// A read that reads from `source` and has `later` in its causal past.
pub(super) fn reader(registers: &Registers, later: u32, source: u32, meter: &Meter) -> Result<u32, Stop> {
    Ok(readers(registers, &[(later, source)], meter)?.get(&(later, source)).copied().unwrap_or(source))
}

/// For each pair (w', w) the first read that the sweep meets which reads from w and has w' in its past.
fn readers(
    registers: &Registers,
    pairs: &[(u32, u32)],
    meter: &Meter,
) -> Result<FxHashMap<(u32, u32), u32>, Stop> {
    let mut found = FxHashMap::default();
    if pairs.is_empty() {
        return Ok(found);
    }
    let outcome = sweep(registers, meter, |Seen { node, past, source, .. }| {
        let Some((source, _)) = source else { return Ok(()) };
        for &(later, written) in pairs.iter().filter(|pair| pair.1 == source) {
            if past[registers.chains.of(later)] > later && registers.key(later) == registers.key(node) {
                found.entry((later, written)).or_insert(node);
            }
        }
        if found.len() == pairs.len() { Err(Early::Found) } else { Ok(()) }
    });
    match outcome {
        Err(Early::Stop(stop)) => Err(stop),
        _ => Ok(found),
    }
}

/// The nodes from one to a later one in the causal order.
pub(super) fn path(registers: &Registers, from: u32, to: u32) -> Vec<u32> {
    let sources = |node: u32, into: &mut Vec<u32>| {
        into.extend(Some(registers.source(node)).filter(|&source| source < UNKNOWN));
    };
    short_path(&registers.chains, from, to, sources).unwrap_or_else(|| vec![from, to])
}

/// The steps along a path of program order and reads-from.
pub(super) fn steps(registers: &Registers, path: &[u32]) -> Vec<Edge> {
    let step = |pair: &[u32]| {
        let why = if registers.source(pair[1]) == pair[0] { Why::ReadsFrom } else { Why::ProgramOrder };
        Edge { from: registers.op(pair[0]), to: registers.op(pair[1]), why }
    };
    path.windows(2).map(step).collect()
}

/// From the first node of a path of program order and reads-from to what its last node reads from, or to its last node
/// if that is a write.
pub(super) fn rule(registers: &Registers, path: &[u32]) -> Vec<Edge> {
    let (Some(&from), Some(&read)) = (path.first(), path.last()) else { return Vec::new() };
    let source = registers.source(read);
    if source >= UNKNOWN {
        return steps(registers, path);
    }
    let why = Why::Derived { rule: rules::OVERWRITTEN, because: registers.ops(&path[1..]) };
    vec![Edge { from: registers.op(from), to: registers.op(source), why }]
}

/// The last node of a path reads the initial value, the first writes the key.
pub(super) fn reads_initial(registers: &Registers, path: &[u32], method: &'static str) -> Finding {
    let mut edges = steps(registers, path);
    if let (Some(&write), Some(&read)) = (path.first(), path.last()) {
        let why = Why::Derived { rule: rules::READS_INITIAL, because: Vec::new() };
        edges.push(Edge { from: registers.op(read), to: registers.op(write), why });
    }
    Finding::broken(Refutation::Cycle { edges, lemmas: Vec::new() }, method)
}

/// A read goes back to `source`, which was in the process's view because of its operation `by`, when the view had come to
/// the write `now` by its operation `now_by`.
pub(super) fn going_back(
    registers: &Registers,
    (source, by): (u32, u32),
    (now, now_by): (u32, u32),
    read: u32,
    method: &'static str,
) -> Finding {
    let way = |nodes: &[u32]| {
        let mut path = nodes.to_vec();
        path.dedup();
        path
    };
    let taken = Some(registers.source(by)).filter(|&taken| taken < UNKNOWN).unwrap_or(by);
    let mut edges = rule(registers, &way(&[source, taken, by, now_by]));
    edges.extend(rule(registers, &way(&[now, now_by, read])));
    Finding::broken(Refutation::Cycle { edges, lemmas: Vec::new() }, method)
}
