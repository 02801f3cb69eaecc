//! The minimal quorums of a diagram, one after another.
//!
//! **Problem.** A majority of 101 has about 10^29 minimal quorums: they must come lazily.
//!
//! **Algorithm.** A depth-first walk over the diagram. Beside the node reached, it carries for each replica taken so far
//! the node that the same walk *without that replica* would have reached. A branch is dead as soon as one of those
//! is *true* or equals the node itself: then that replica is not needed, whatever follows.
//!
//! **Why it is correct.** A quorum is minimal iff no single member can be left out; the carried nodes are exactly those
//! tests. Every minimal quorum is one path (it takes no replica that its path does not test), so none comes twice.
//!
//! **Complexity.** O(n) nodes carried a step; no dead ends for thresholds over equal votes, possible ones elsewhere.

use super::{Diagram, FALSE, Ref, TRUE};
use crate::quorum::error::Stopped;
use crate::quorum::set::ReplicaSet;

/// An iterator over the minimal quorums of one root.
pub(in crate::quorum) struct MinimalSets<'a> {
    diagram: &'a Diagram,
    stack: Vec<State>,
    steps: usize,
}

struct State {
    node: Ref,
    /// The level of each replica taken, and the node reached without it.
    taken: Vec<(u32, Ref)>,
}

impl<'a> MinimalSets<'a> {
    pub(in crate::quorum) fn new(diagram: &'a Diagram, root: Ref) -> Self {
        Self { diagram, stack: vec![State { node: root, taken: Vec::new() }], steps: 0 }
    }

    /// Follows the absence of every replica that `node` no longer tests: the quorum will not take them.
    fn settle(&self, mut without: Ref, node: Ref) -> Ref {
        let level = self.diagram.nodes[node as usize].level;
        while self.diagram.nodes[without as usize].level < level {
            without = self.diagram.nodes[without as usize].lo;
        }
        without
    }

    fn go(&self, state: &State, level: u32, present: bool) -> Option<State> {
        let node = self.diagram.branch(state.node, level, present);
        let mut taken = Vec::with_capacity(state.taken.len() + 1);
        for &(earlier, without) in &state.taken {
            let without = self.settle(self.diagram.branch(without, level, present), node);
            if without == TRUE || without == node {
                return None;
            }
            taken.push((earlier, without));
        }
        if present {
            let without = self.settle(self.diagram.branch(state.node, level, false), node);
            if without == TRUE || without == node {
                return None;
            }
            taken.push((level, without));
        }
        (node != FALSE).then_some(State { node, taken })
    }
}

impl Iterator for MinimalSets<'_> {
    type Item = Result<ReplicaSet, Stopped>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(state) = self.stack.pop() {
            self.steps += 1;
            if self.steps.is_multiple_of(256)
                && let Err(stopped) = self.diagram.limits.check()
            {
                self.stack.clear();
                return Some(Err(stopped));
            }
            if state.node == FALSE {
                continue;
            }
            if state.node == TRUE {
                return Some(Ok(self.diagram.replicas(state.taken.iter().map(|(level, _)| *level))));
            }
            let level = self.diagram.nodes[state.node as usize].level;
            let absent = self.go(&state, level, false);
            let present = self.go(&state, level, true);
            self.stack.extend(absent);
            self.stack.extend(present);
        }
        None
    }
}
