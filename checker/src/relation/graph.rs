//! Topological order of an explicit graph, or a short cycle in it.

use super::{InEdges, NONE};

/// How many nodes of a cycle are tried for a shorter one.
const TRIES: usize = 24;

/// The nodes `0..nodes` in an order that extends the edges, or a cycle: nodes, each with an edge to the next, the last
/// to the first. Deterministic. Linear; a cycle costs a search through what could not be ordered for each of up to a
/// fixed number of its nodes.
pub(crate) fn topological(nodes: usize, edges: &[(u32, u32)]) -> Result<Vec<u32>, Vec<u32>> {
    let flipped: Vec<_> = edges.iter().map(|&(from, to)| (to, from)).collect();
    let outgoing = InEdges::new(nodes, &flipped);
    drop(flipped);
    let mut missing = vec![0_u32; nodes];
    for edge in edges {
        missing[edge.1 as usize] += 1;
    }
    let mut order: Vec<u32> =
        (0..).zip(&missing).filter_map(|(node, &count)| (count == 0).then_some(node)).collect();
    let mut at = 0;
    while let Some(&node) = order.get(at) {
        at += 1;
        for &to in outgoing.of(node) {
            missing[to as usize] -= 1;
            if missing[to as usize] == 0 {
                order.push(to);
            }
        }
    }
    if order.len() == nodes { Ok(order) } else { Err(cycle(nodes, edges, &outgoing, &missing)) }
}

/// A short cycle among the nodes that still miss a predecessor.
fn cycle(nodes: usize, edges: &[(u32, u32)], outgoing: &InEdges, missing: &[u32]) -> Vec<u32> {
    let incoming = InEdges::new(nodes, edges);
    let left = |&node: &u32| missing[node as usize] > 0;
    let back = |node: u32| incoming.of(node).iter().copied().find(left);
    #[expect(clippy::cast_possible_truncation, reason = "nodes are numbered with 32 bits")]
    let Some(mut at) = (0..nodes as u32).find(left) else { return Vec::new() };
    // Backwards from anywhere until a node repeats: from there on it is a cycle.
    let mut seen = vec![false; nodes];
    while !std::mem::replace(&mut seen[at as usize], true) {
        at = back(at).unwrap_or(at);
    }
    let first = at;
    let mut found = vec![first];
    while let Some(before) = back(at).filter(|&before| before != first) {
        found.push(before);
        at = before;
    }
    found.reverse();
    let mut best = found.clone();
    for &node in found.iter().take(TRIES) {
        if let Some(shorter) = through(nodes, outgoing, missing, node, best.len()) {
            best = shorter;
        }
    }
    best
}

/// A shortest cycle through a node, if it has fewer than `bound` nodes.
fn through(nodes: usize, outgoing: &InEdges, missing: &[u32], start: u32, bound: usize) -> Option<Vec<u32>> {
    let mut from = vec![NONE; nodes];
    let mut layer = vec![start];
    for length in 1..bound {
        let mut next = Vec::new();
        for &node in &layer {
            for &to in outgoing.of(node) {
                if to == start {
                    let mut cycle = vec![node];
                    while cycle.len() < length {
                        cycle.push(from[cycle[cycle.len() - 1] as usize]);
                    }
                    cycle.reverse();
                    return Some(cycle);
                }
                if missing[to as usize] > 0 && from[to as usize] == NONE {
                    from[to as usize] = node;
                    next.push(to);
                }
            }
        }
        layer = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::topological;

    #[test]
    fn orders_or_shows_a_short_cycle() {
        assert_eq!(topological(3, &[(2, 1), (1, 0)]), Ok(vec![2, 1, 0]));
        let ring = [(0, 1), (1, 2), (2, 3), (3, 0), (4, 0), (3, 5)];
        assert_eq!(topological(6, &ring).unwrap_err().len(), 4);
        let chord = [&ring[..], &[(2, 1)]].concat();
        let mut cycle = topological(6, &chord).unwrap_err();
        cycle.sort_unstable();
        assert_eq!(cycle, [1, 2]);
        assert_eq!(topological(2, &[(1, 1)]), Err(vec![1]));
    }
}
