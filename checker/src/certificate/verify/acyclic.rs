//! Whether views fit together: with program order and the order of time they have no cycle.
//!
//! Problem: real-time order has up to n² pairs. Algorithm: a node for each distinct start; an operation leads to the
//! node of the first start after its end, each such node to the next one and to the operations that start there. A path
//! from a to b through these nodes exists iff a ended before b started. Then nodes without predecessors are removed
//! until none is left (Kahn): what remains, if anything, has a cycle.
//!
//! # Complexity
//! O(n log n) time, a few words an operation; edges are found anew when they are walked, never stored.

use super::Case;
use super::fault::{Fault, refuted};
use super::orders::ABSENT;
use crate::certificate::View;
use crate::history::{OpId, Outcome};
use crate::model::Model;

/// That the views, program order and the model's order of time have no cycle together.
pub(super) fn check(case: &Case<'_>, views: &[View]) -> Result<(), Fault> {
    let graph = Graph::new(case, views);
    let mut waits_for = vec![0_u32; graph.len()];
    for node in 0..graph.len() {
        graph.successors(node, &mut |next| waits_for[next] += 1);
    }
    let mut ready: Vec<usize> = (0..graph.len()).filter(|&node| waits_for[node] == 0).collect();
    let mut removed = 0;
    while let Some(node) = ready.pop() {
        removed += 1;
        graph.successors(node, &mut |next| {
            waits_for[next] -= 1;
            if waits_for[next] == 0 {
                ready.push(next);
            }
        });
    }
    if removed < graph.len() {
        return refuted("the views do not fit together: no order of all operations extends them and time");
    }
    Ok(())
}

/// Nodes: the operations of the views, one view behind the other; then the distinct starts.
struct Graph<'a> {
    case: &'a Case<'a>,
    ops: Vec<OpId>,
    /// By operation of the history its node, or [`ABSENT`].
    node_of: Vec<u32>,
    /// By node of an operation: whether it is the last of its view.
    last_of_view: Vec<bool>,
    /// The operations' nodes by start, if the model speaks of time.
    by_start: Vec<u32>,
    /// Where in `by_start` each distinct start begins, and its end.
    starts: Vec<u32>,
}

impl<'a> Graph<'a> {
    fn new(case: &'a Case<'a>, views: &[View]) -> Self {
        let ops: Vec<OpId> = views.iter().flat_map(|view| view.order.iter().copied()).collect();
        let mut node_of = vec![ABSENT; case.history.len()];
        for (node, op) in (0..).zip(&ops) {
            node_of[op.index()] = node;
        }
        let mut last_of_view = vec![false; ops.len()];
        let mut end = 0;
        for view in views.iter().filter(|view| !view.order.is_empty()) {
            end += view.order.len();
            last_of_view[end - 1] = true;
        }
        let mut graph = Self { case, ops, node_of, last_of_view, by_start: Vec::new(), starts: Vec::new() };
        if case.model.needs_times() {
            graph.sort_starts();
        }
        graph
    }

    fn sort_starts(&mut self) {
        let start = |&node: &u32| self.case.history.start(self.ops[node as usize]);
        let mut by_start: Vec<u32> = (0..).take(self.ops.len()).collect();
        by_start.sort_unstable_by_key(start);
        let begins = |&place: &usize| place == 0 || start(&by_start[place - 1]) < start(&by_start[place]);
        let places = (0..by_start.len()).filter(begins).chain([by_start.len()]);
        self.starts = places.map(|place| u32::try_from(place).expect("operations are below 2^32")).collect();
        self.by_start = by_start;
    }

    fn len(&self) -> usize {
        self.ops.len() + self.starts.len().saturating_sub(1)
    }

    fn successors(&self, node: usize, visit: &mut dyn FnMut(usize)) {
        match node.checked_sub(self.ops.len()) {
            None => self.after_operation(node, visit),
            Some(start) => self.after_start(start, visit),
        }
    }

    fn after_operation(&self, node: usize, visit: &mut dyn FnMut(usize)) {
        if !self.last_of_view[node] {
            visit(node + 1);
        }
        let (history, op) = (self.case.history, self.ops[node]);
        if history.outcome(op) != Outcome::Ok {
            return;
        }
        // Program order: every operation up to the next `ok` one; what comes later comes after that one.
        let rank = self.case.orders.rank(op) as usize;
        for &later in &history.program_order(history.process(op))[rank + 1..] {
            if self.node_of[later.index()] != ABSENT {
                visit(self.node_of[later.index()] as usize);
                if history.outcome(later) == Outcome::Ok {
                    break;
                }
            }
        }
        // Time: the first start after its end (strict: after its start).
        let end = if self.case.model == Model::Strict { history.start(op) } else { history.end(op) };
        let distinct = self.starts.len().saturating_sub(1);
        let start = self.starts[..distinct]
            .partition_point(|&place| history.start(self.ops[self.by_start[place as usize] as usize]) <= end);
        if start < distinct {
            visit(self.ops.len() + start);
        }
    }

    fn after_start(&self, start: usize, visit: &mut dyn FnMut(usize)) {
        if start + 2 < self.starts.len() {
            visit(self.ops.len() + start + 1);
        }
        for &node in &self.by_start[self.starts[start] as usize..self.starts[start + 1] as usize] {
            visit(node as usize);
        }
    }
}
