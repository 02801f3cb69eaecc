//! A short cycle in an order that a walk could not extend.
//!
//! Problem: program order and more edges have a cycle; show one that a person can follow.
//!
//! Algorithm: the heads of the stuck chains block one another; that gives one cycle. From each of its heads, breadth-first
//! backwards, a step along an edge counting one and a step along program order nothing, until the head is met again.
//! The shortest of these is the answer.
//!
//! Correct: every cycle lies among the nodes that were not visited, so no others are looked at. Not always the shortest
//! of all cycles, but a shortest one through an operation at which the walk got stuck. Deterministic.
//!
//! Complexity: linear in the unvisited nodes and their edges for each head, at most [`HEADS`] of them.

use super::walk::Stuck;
use super::{Chains, NONE};

/// How many heads are tried.
const HEADS: usize = 24;

/// A step of a cycle.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Hop {
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// Along program order; else along one of the other edges.
    pub(crate) program_order: bool,
}

/// A short cycle through the nodes that a walk could not visit. `sources` appends the sources of a node's incoming edges.
pub(crate) fn short_cycle(
    chains: &Chains,
    stuck: &Stuck,
    mut sources: impl FnMut(u32, &mut Vec<u32>),
) -> Vec<Hop> {
    let mut best: Option<Vec<(u32, u32)>> = None;
    for head in blocked_heads(chains, stuck).into_iter().take(HEADS) {
        let bound = best.as_ref().map_or(usize::MAX, Vec::len);
        if let Some(found) = through(chains, &stuck.cursor, (head, head), bound, &mut sources) {
            best = Some(found);
        }
    }
    with_program_order(chains, &best.unwrap_or_default())
}

/// The heads of stuck chains that block one another in a cycle.
fn blocked_heads(chains: &Chains, stuck: &Stuck) -> Vec<u32> {
    let Some(mut chain) = stuck.waits_for.iter().position(|&target| target != NONE) else {
        return Vec::new();
    };
    for _ in 0..chains.len() {
        chain = chains.of(stuck.waits_for[chain]);
    }
    let mut heads = Vec::new();
    let first = chain;
    loop {
        heads.push(stuck.cursor[chain]);
        chain = chains.of(stuck.waits_for[chain]);
        if chain == first {
            break;
        }
    }
    heads.sort_unstable();
    heads
}

/// How the nodes of a chain below `bound` reach the target: by program order to `entry`, then its edge to `next`.
struct Reach {
    bound: u32,
    entry: u32,
    next: u32,
}

/// A shortest path from `from` to `to`, which is not earlier in the same chain, as nodes from `from` to `to`: each step is
/// along program order or along an edge. `None` if there is none.
pub(crate) fn short_path(
    chains: &Chains,
    from: u32,
    to: u32,
    mut sources: impl FnMut(u32, &mut Vec<u32>),
) -> Option<Vec<u32>> {
    if chains.ordered(from, to) {
        return Some(vec![from, to]);
    }
    let floor: Vec<u32> = (0..chains.len()).map(|chain| chains.range(chain).start).collect();
    let mut path = vec![from];
    for (source, target) in through(chains, &floor, (from, to), usize::MAX, &mut sources)? {
        path.extend([source, target]);
    }
    path.push(to);
    path.dedup();
    Some(path)
}

/// The edges of a shortest path from the goal, or from a later node of its chain, to `target`, with fewer than `bound`
/// edges; the goal and the target may be one node, then it is a cycle.
fn through(
    chains: &Chains,
    cursor: &[u32],
    (goal, target): (u32, u32),
    bound: usize,
    sources: &mut impl FnMut(u32, &mut Vec<u32>),
) -> Option<Vec<(u32, u32)>> {
    let mut reach: Vec<Vec<Reach>> = (0..chains.len()).map(|_| Vec::new()).collect();
    let (home, goal_chain) = (chains.of(target), chains.of(goal));
    let mut layer = vec![(home, cursor[home], target + 1)];
    reach[home].push(Reach { bound: target + 1, entry: target, next: target });
    let (mut next_layer, mut found) = (Vec::new(), Vec::new());
    for _ in 1..bound {
        for &(chain, from, to) in &layer {
            for node in from..to {
                found.clear();
                sources(node, &mut found);
                let parent = if node == chains.range(chain).start { chains.parent(chain) } else { NONE };
                found.extend((parent != NONE).then_some(parent));
                for &source in &found {
                    let other = chains.of(source);
                    if other == goal_chain && source >= goal {
                        return Some(back(chains, &reach, (source, node), target));
                    }
                    let covered = reach[other].last().map_or(cursor[other], |reach| reach.bound);
                    if source >= covered {
                        reach[other].push(Reach { bound: source + 1, entry: source, next: node });
                        next_layer.push((other, covered, source + 1));
                    }
                }
            }
        }
        if next_layer.is_empty() {
            return None;
        }
        layer.clear();
        std::mem::swap(&mut layer, &mut next_layer);
    }
    None
}

/// The edges from the first one to the target.
fn back(chains: &Chains, reach: &[Vec<Reach>], first: (u32, u32), target: u32) -> Vec<(u32, u32)> {
    let mut edges = vec![first];
    let mut at = first.1;
    loop {
        let chain = &reach[chains.of(at)];
        let step = &chain[chain.partition_point(|reach| reach.bound <= at)];
        if step.entry == target && step.next == target {
            return edges;
        }
        edges.push((step.entry, step.next));
        at = step.next;
    }
}

/// Fills in program order between consecutive edges, and marks the edges that are program order themselves.
fn with_program_order(chains: &Chains, edges: &[(u32, u32)]) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    for (i, &(from, to)) in edges.iter().enumerate() {
        hops.push(Hop { from, to, program_order: chains.ordered(from, to) });
        let next = edges[(i + 1) % edges.len()].0;
        if next != to {
            hops.push(Hop { from: to, to: next, program_order: true });
        }
    }
    merge(chains, hops)
}

/// Joins neighbouring steps along program order.
fn merge(chains: &Chains, hops: Vec<Hop>) -> Vec<Hop> {
    let mut merged: Vec<Hop> = Vec::new();
    for hop in hops {
        match merged.last_mut() {
            Some(last) if last.program_order && hop.program_order && chains.ordered(last.from, hop.to) => {
                last.to = hop.to;
            }
            _ => merged.push(hop),
        }
    }
    if let [first, .., last] = &mut merged[..]
        && first.program_order
        && last.program_order
        && chains.ordered(last.from, first.to)
    {
        first.from = last.from;
        merged.pop();
    }
    merged
}
