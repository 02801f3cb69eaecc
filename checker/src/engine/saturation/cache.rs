//! cache (coherence) where reads-from is known.
//!
//! Problem: for each key, one view of its operations that respects program order.
//!
//! Algorithm: in a view of one key, a write is followed by its readers and then by the next write: a *block*. A cas's
//! block comes directly behind the block of the write it reads from, so these are glued together; the initial value's
//! block comes first. Program order between two operations orders their blocks, or must agree with the order inside
//! them. The view exists iff the graph of the glued blocks has no cycle; a topological order is the view. All keys are
//! one graph, for no edge joins two of them.
//!
//! Correct: within a block the readers may take any order that extends program order, and neighbours in program order
//! on a key give all the edges that matter, the others follow.
//!
//! Complexity: linear.

use super::explain;
use crate::certificate::{OneStep, Refutation, View, Witness};
use crate::engine::core;
use crate::engine::finding::Finding;
use crate::engine::scope::Scope;
use crate::history::KeyId;
use crate::limits::{Meter, Stop};
use crate::relation::{INITIAL, InEdges, NONE, Registers, UNKNOWN, topological};

const METHOD: &str = "saturation";

/// cache. Every source must be known.
pub(crate) fn cache(scope: Scope<'_>, registers: &Registers, meter: &Meter) -> Result<Finding, Stop> {
    match Blocks::new(registers).and_then(|blocks| blocks.sort(registers).map(|order| (blocks, order))) {
        Ok((blocks, order)) => Ok(Finding::holds(Witness::Views(blocks.views(registers, &order)), METHOD)),
        Err(broken) => refute(scope, registers, broken, meter),
    }
}

/// Why there is no view.
enum Broken {
    /// Two cas that read one write, or cas that read one another in a circle.
    Cas(Vec<u32>),
    /// A read of the initial value behind an operation of a later block.
    Initial { before: u32, read: u32 },
    /// Program order against the order inside a block.
    Inside { before: u32, after: u32 },
    /// Neighbours in program order, the blocks of which form a cycle.
    Cycle(Vec<(u32, u32)>),
}

/// Where an operation stands in its glued block.
struct Blocks {
    /// The first write of each node's glued block, or [`INITIAL`].
    head: Vec<u32>,
    /// How many cas are before its block in it.
    depth: Vec<u32>,
    /// The cas that reads each write, or [`NONE`]; the last one for the initial values, by key.
    next: Vec<u32>,
    next_initial: Vec<u32>,
}

impl Blocks {
    fn new(registers: &Registers) -> Result<Self, Broken> {
        let nodes = registers.len();
        let mut blocks = Self {
            head: vec![NONE; nodes],
            depth: vec![0; nodes],
            next: vec![NONE; nodes],
            next_initial: vec![NONE; registers.keys],
        };
        let is_cas = |node: u32| registers.kind(node).reads() && registers.kind(node).writes();
        for node in registers.nodes().filter(|&node| is_cas(node)) {
            let source = registers.source(node);
            let slot = if source == INITIAL {
                &mut blocks.next_initial[registers.key(node) as usize]
            } else {
                &mut blocks.next[source as usize]
            };
            let other = std::mem::replace(slot, node);
            if other != NONE {
                return Err(Broken::Cas(vec![other, node]));
            }
        }
        // Writes first, then along the cas, then the reads.
        for node in registers.nodes().filter(|&node| registers.kind(node).writes() && !is_cas(node)) {
            blocks.head[node as usize] = node;
            blocks.glue(blocks.next[node as usize], node);
        }
        for key in 0..registers.keys {
            blocks.glue(blocks.next_initial[key], INITIAL);
        }
        for node in registers.nodes() {
            let source = registers.source(node);
            if is_cas(node) && blocks.head[node as usize] == NONE {
                return Err(Broken::Cas(circle(registers, node)));
            }
            if !registers.kind(node).writes() {
                let known = source < UNKNOWN;
                blocks.head[node as usize] = if known { blocks.head[source as usize] } else { source };
                blocks.depth[node as usize] = if known { blocks.depth[source as usize] } else { 0 };
            }
        }
        Ok(blocks)
    }

    /// Gives a chain of cas its head.
    fn glue(&mut self, mut cas: u32, head: u32) {
        let mut depth = 1;
        while cas != NONE {
            self.head[cas as usize] = head;
            self.depth[cas as usize] = depth;
            depth += 1;
            cas = self.next[cas as usize];
        }
    }

    /// The heads in the order of the views, key by key mixed.
    fn sort(&self, registers: &Registers) -> Result<Vec<u32>, Broken> {
        let pairs = neighbours(registers);
        let mut edges = Vec::new();
        for &(before, after) in &pairs {
            let (from, to) = (self.head[before as usize], self.head[after as usize]);
            let place = |node: u32| (self.depth[node as usize], !registers.kind(node).writes());
            if from == to {
                if place(before) > place(after) {
                    return Err(Broken::Inside { before, after });
                }
            } else if to == INITIAL {
                return Err(Broken::Initial { before, read: after });
            } else if from != INITIAL {
                edges.push((from, to));
            }
        }
        topological(registers.len(), &edges).map_err(|cycle| {
            let next = |at: usize| cycle[(at + 1) % cycle.len()];
            let pair = |(at, &from): (usize, &u32)| {
                let joins = |&&(before, after): &&(u32, u32)| {
                    self.head[before as usize] == from && self.head[after as usize] == next(at)
                };
                pairs.iter().find(joins).copied()
            };
            Broken::Cycle(cycle.iter().enumerate().filter_map(pair).collect())
        })
    }

    /// The views: the initial block, then the others in order.
    fn views(&self, registers: &Registers, order: &[u32]) -> Vec<View> {
        let by_source: Vec<_> = registers
            .nodes()
            .filter(|&node| !registers.kind(node).writes() && registers.source(node) < UNKNOWN)
            .map(|node| (node, registers.source(node)))
            .collect();
        let readers = InEdges::new(registers.len(), &by_source);
        let mut orders: Vec<Vec<u32>> = vec![Vec::new(); registers.keys];
        for node in registers.nodes().filter(|&node| !registers.kind(node).writes()) {
            if registers.source(node) == INITIAL {
                orders[registers.key(node) as usize].push(node);
            }
        }
        let follow = |orders: &mut Vec<Vec<u32>>, mut write: u32| {
            while write != NONE {
                let key = &mut orders[registers.key(write) as usize];
                key.push(write);
                key.extend_from_slice(readers.of(write));
                write = self.next[write as usize];
            }
        };
        for key in 0..registers.keys {
            follow(&mut orders, self.next_initial[key]);
        }
        for &head in order.iter().filter(|&&node| self.head[node as usize] == node) {
            follow(&mut orders, head);
        }
        let view = |(key, order): (usize, &Vec<u32>)| {
            let key = Some(KeyId::from_index(key));
            (!order.is_empty()).then(|| View { process: None, key, order: registers.ops(order) })
        };
        orders.iter().enumerate().filter_map(view).collect()
    }
}

/// Neighbours in program order among the operations on one key.
fn neighbours(registers: &Registers) -> Vec<(u32, u32)> {
    let chains = &registers.chains;
    let mut pairs = Vec::new();
    let mut last = vec![(NONE, NONE); registers.keys];
    #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 processes")]
    for chain in 0..chains.len() {
        let parent = chains.parent(chain);
        for node in chains.range(chain) {
            let (of, before) =
                std::mem::replace(&mut last[registers.key(node) as usize], (chain as u32, node));
            if of == chain as u32 {
                pairs.push((before, node));
            } else if parent != NONE {
                let range = chains.range(chains.of(parent)).start..parent + 1;
                let same = |&other: &u32| registers.key(other) == registers.key(node);
                pairs.extend(range.rev().find(same).map(|other| (other, node)));
            }
        }
    }
    pairs
}

/// The circle of cas that a node leads to.
fn circle(registers: &Registers, mut node: u32) -> Vec<u32> {
    let mut seen = Vec::new();
    while node < UNKNOWN && !seen.contains(&node) {
        seen.push(node);
        node = registers.source(node);
    }
    let start = seen.iter().position(|&other| other == node).unwrap_or(0);
    seen.split_off(start)
}

fn refute(scope: Scope<'_>, registers: &Registers, broken: Broken, meter: &Meter) -> Result<Finding, Stop> {
    let with_cas = registers.cas > 0;
    match broken {
        Broken::Initial { before, read }
            if registers.kind(before).writes() && registers.source(read) == INITIAL =>
        {
            Ok(Finding::one_step(
                OneStep::StaleInitial,
                registers.op(read),
                vec![registers.op(before)],
                METHOD,
            ))
        }
        Broken::Initial { before, read } if !with_cas => {
            let path = [registers.source(before), before, read];
            Ok(explain::reads_initial(registers, &path, METHOD))
        }
        Broken::Inside { before, after } if !with_cas => {
            let edges = explain::steps(registers, &[before, after, before]);
            Ok(Finding::broken(Refutation::Cycle { edges, lemmas: Vec::new() }, METHOD))
        }
        Broken::Cycle(pairs) if !with_cas => {
            let edges = pairs.iter().flat_map(|&(before, after)| {
                let source = Some(registers.source(before)).filter(|&source| source < UNKNOWN);
                let mut path: Vec<u32> = source.into_iter().collect();
                path.extend([before, after]);
                explain::rule(registers, &path)
            });
            Ok(Finding::broken(Refutation::Cycle { edges: edges.collect(), lemmas: Vec::new() }, METHOD))
        }
        Broken::Cas(nodes) => core::around(scope, &registers.ops(&nodes), METHOD, meter),
        Broken::Initial { before, read: after } | Broken::Inside { before, after } => {
            core::around(scope, &registers.ops(&[before, after]), METHOD, meter)
        }
        Broken::Cycle(pairs) => {
            let nodes: Vec<u32> = pairs.iter().flat_map(|&(before, after)| [before, after]).collect();
            core::around(scope, &registers.ops(&nodes), METHOD, meter)
        }
    }
}
