//! Visits nodes in an order that extends program order and whatever else a node must wait for.
//!
//! Problem: a topological order of program order and some more edges, without storing program order.
//!
//! Algorithm: every chain has a cursor. A runnable chain visits its nodes until one is blocked by a node that has not
//! been visited; then the chain waits for that node, and is runnable again once it has been. Chains take turns of a
//! fixed number of nodes, so that they advance together and little is pending between them.
//!
//! Correct: a node is visited only after its blockers, each at most once; if no chain is runnable, the heads of the
//! waiting chains block one another in a cycle. Deterministic: turns depend on nothing but the edges.
//!
//! Complexity: linear in nodes and edges, plus the number of chains for each time that a chain waits.

use super::{Chains, NONE};
use std::collections::VecDeque;

/// How many nodes a chain visits in one turn.
const TURN: u32 = 32;

/// Chains that cannot go on: the order has a cycle.
#[derive(Debug)]
pub(crate) struct Stuck {
    /// For each chain the first node that was not visited; the chain's end if all were.
    pub(crate) cursor: Vec<u32>,
    /// For each waiting chain the node that its first unvisited node waits for, else [`NONE`].
    pub(crate) waits_for: Vec<u32>,
}

/// What has been visited so far.
#[derive(Debug)]
pub(crate) struct Visited<'a> {
    chains: &'a Chains,
    cursor: &'a [u32],
}

impl Visited<'_> {
    /// Whether a node has been visited.
    #[inline]
    pub(crate) fn contains(&self, node: u32) -> bool {
        node < self.cursor[self.chains.of(node)]
    }
}

/// Visits every node after its predecessor in program order and after all its blockers. `blocker` names a node that has
/// not been visited and must be before the given one, or `None`.
///
/// # Errors
/// If that is impossible.
pub(crate) fn walk<E: From<Stuck>>(
    chains: &Chains,
    mut blocker: impl FnMut(u32, &Visited<'_>) -> Option<u32>,
    mut visit: impl FnMut(u32) -> Result<(), E>,
) -> Result<(), E> {
    let mut cursor: Vec<u32> = (0..chains.len()).map(|chain| chains.range(chain).start).collect();
    let mut waits_for = vec![NONE; chains.len()];
    // The chains that wait for a node of the chain, and the first of these nodes.
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); chains.len()];
    let mut first_wait = vec![NONE; chains.len()];
    let mut runnable: VecDeque<usize> = (0..chains.len()).collect();
    let mut left = chains.nodes();
    while let Some(chain) = runnable.pop_front() {
        let end = chains.range(chain).end;
        let turn_end = end.min(cursor[chain].saturating_add(TURN));
        let mut node = cursor[chain];
        let mut blocked = None;
        while node < turn_end {
            let visited = Visited { chains, cursor: &cursor };
            blocked = if node == chains.range(chain).start {
                let parent = chains.parent(chain);
                if parent != NONE && !visited.contains(parent) {
                    Some(parent)
                } else {
                    blocker(node, &visited)
                }
            } else {
                blocker(node, &visited)
            };
            if blocked.is_some() {
                break;
            }
            visit(node)?;
            left -= 1;
            node += 1;
            cursor[chain] = node;
            if first_wait[chain] == node - 1 {
                wake(chain, node, &mut waiting, &mut first_wait, &mut waits_for, &mut runnable);
            }
        }
        match blocked {
            Some(other) => {
                waits_for[chain] = other;
                let owner = chains.of(other);
                waiting[owner].push(chain);
                first_wait[owner] = first_wait[owner].min(other);
            }
            None if node < end => runnable.push_back(chain),
            None => {}
        }
    }
    if left == 0 { Ok(()) } else { Err(Stuck { cursor, waits_for }.into()) }
}

/// Makes the chains runnable that wait for a node of `chain` below `cursor`.
fn wake(
    chain: usize,
    cursor: u32,
    waiting: &mut [Vec<usize>],
    first_wait: &mut [u32],
    waits_for: &mut [u32],
    runnable: &mut VecDeque<usize>,
) {
    let mut next = NONE;
    waiting[chain].retain(|&waiter| {
        let target = waits_for[waiter];
        if target < cursor {
            waits_for[waiter] = NONE;
            runnable.push_back(waiter);
            return false;
        }
        next = next.min(target);
        true
    });
    first_wait[chain] = next;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::ProcessId;

    fn order(chains: &Chains, edges: &[(u32, u32)]) -> Result<Vec<u32>, Stuck> {
        let mut order = Vec::new();
        let blocker = |node: u32, visited: &Visited<'_>| {
            edges.iter().find(|edge| edge.1 == node && !visited.contains(edge.0)).map(|edge| edge.0)
        };
        walk(chains, blocker, |node| -> Result<(), Stuck> {
            order.push(node);
            Ok(())
        })?;
        Ok(order)
    }

    #[test]
    fn visits_after_blockers_or_gets_stuck() {
        let chains = Chains::new([(3, ProcessId(0), NONE), (2, ProcessId(1), NONE), (1, ProcessId(0), 1)]);
        let edges = [(4, 1), (5, 3)];
        // 5 has the parent 1, 1 waits for 4, 4 follows 3, 3 waits for 5: a cycle.
        let stuck = order(&chains, &edges).unwrap_err();
        assert_eq!((stuck.cursor, stuck.waits_for), (vec![1, 3, 5], vec![4, 5, 1]));
        let visited = order(&chains, &edges[..1]).unwrap();
        let at = |node| visited.iter().position(|&n| n == node).unwrap();
        assert!(at(3) < at(4) && at(4) < at(1) && at(1) < at(2) && at(1) < at(5));
    }
}
