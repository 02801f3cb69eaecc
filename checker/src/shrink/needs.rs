//! Which operations need which others: a part that holds all that its operations need may stand for the whole.
//!
//! A graph of operations and auxiliary nodes. "All writes of this value that start no later than my end" would be an edge
//! to each of them; instead the members of such a *cell* form a chain by their starts, each node of which needs one member
//! and the node before it, and the demand is one edge into the chain. So the graph is linear in the history.

use super::part::{Case, Part};
use crate::history::{KeyId, LockId, OpId, ProcessId, Value};
use rustc_hash::FxHashMap;

/// A set of operations that others need together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Cell {
    /// What writes, puts in or takes out a value.
    Value(KeyId, Value),
    /// What changes a key.
    Key(KeyId),
    /// What changes a lock.
    Lock(LockId),
    /// What a process may have done to a lock, or not.
    Doubtful(ProcessId, LockId),
}

/// The graph, as it is drawn.
pub(super) struct Draft<'a> {
    pub(super) case: Case<'a>,
    pub(super) part: &'a Part,
    cells: FxHashMap<Cell, Vec<(i64, u32)>>,
    demands: Vec<Demand>,
    edges: Vec<(u32, u32)>,
}

/// What a node needs of a cell.
struct Demand {
    node: u32,
    cell: Cell,
    /// All members that start no later.
    bound: i64,
    /// And in any case the first of them.
    one: bool,
}

/// The graph.
pub(super) struct Needs<'a> {
    ops: &'a [OpId],
    forward: Adjacency,
    backward: Adjacency,
}

impl<'a> Draft<'a> {
    /// A graph without edges.
    pub(super) fn new(case: Case<'a>, part: &'a Part) -> Self {
        Self { case, part, cells: FxHashMap::default(), demands: Vec::new(), edges: Vec::new() }
    }

    /// The operations with their nodes.
    pub(super) fn nodes(&self) -> impl Iterator<Item = (u32, OpId)> + use<'a> {
        (0..).zip(self.part.ops.iter().copied())
    }

    /// The node of an operation, if it is in the part.
    pub(super) fn node(&self, op: OpId) -> Option<u32> {
        u32::try_from(self.part.ops.binary_search(&op).ok()?).ok()
    }

    /// Whether an operation took effect, and its result counts.
    pub(super) fn is_certain(&self, op: OpId) -> bool {
        self.part.is_certain(self.case.history, op)
    }

    /// An operation needs another one.
    pub(super) fn needs(&mut self, node: u32, other: u32) {
        self.edges.push((node, other));
    }

    /// An operation is a member of a cell.
    pub(super) fn member(&mut self, node: u32, cell: Cell) {
        let start = self.case.history.start(self.part.ops[node as usize]);
        self.cells.entry(cell).or_default().push((start, node));
    }

    /// An operation needs all members of a cell that start no later than `bound`.
    pub(super) fn demand(&mut self, node: u32, cell: Cell, bound: i64) {
        self.demands.push(Demand { node, cell, bound, one: false });
    }

    /// The same; where none starts so early, the first of them.
    pub(super) fn demand_one(&mut self, node: u32, cell: Cell, bound: i64) {
        self.demands.push(Demand { node, cell, bound, one: true });
    }

    /// The graph.
    pub(super) fn finish(self) -> Needs<'a> {
        let Self { part, mut cells, demands, mut edges, .. } = self;
        let mut nodes = part.ops.len() as u32;
        let mut first: FxHashMap<Cell, u32> = FxHashMap::default();
        let mut sorted: Vec<(&Cell, &mut Vec<(i64, u32)>)> = cells.iter_mut().collect();
        sorted.sort_by_key(|(_, members)| members[0]);
        for (cell, members) in sorted {
            members.sort_unstable();
            first.insert(*cell, nodes);
            for (i, &(_, member)) in members.iter().enumerate() {
                edges.push((nodes, member));
                if i > 0 {
                    edges.push((nodes, nodes - 1));
                }
                nodes += 1;
            }
        }
        for Demand { node, cell, bound, one } in demands {
            let Some(members) = cells.get(&cell) else { continue };
            let early = members.partition_point(|&(start, _)| start <= bound);
            let many = early.max(usize::from(one));
            if many > 0 {
                edges.push((node, first[&cell] + many as u32 - 1));
            }
        }
        let forward = Adjacency::new(nodes, edges.iter().copied());
        let backward = Adjacency::new(nodes, edges.iter().map(|&(from, to)| (to, from)));
        Needs { ops: &part.ops, forward, backward }
    }
}

impl Needs<'_> {
    /// The least set that holds the seeds and all that they need.
    ///
    /// # Complexity
    /// Linear in what is reached.
    pub(super) fn closure(&self, seeds: &[OpId]) -> Vec<OpId> {
        let reached = self.forward.reached(self.places(seeds));
        self.those(|place| reached[place])
    }

    /// What is left when some operations go, and all that need them.
    pub(super) fn without(&self, gone: &[OpId]) -> Vec<OpId> {
        let reached = self.backward.reached(self.places(gone));
        self.those(|place| !reached[place])
    }

    fn places(&self, ops: &[OpId]) -> Vec<u32> {
        ops.iter().filter_map(|op| self.ops.binary_search(op).ok()).map(|place| place as u32).collect()
    }

    fn those(&self, wanted: impl Fn(usize) -> bool) -> Vec<OpId> {
        (0..self.ops.len()).filter(|&place| wanted(place)).map(|place| self.ops[place]).collect()
    }
}

/// Edges by the node from which they go.
struct Adjacency {
    begin: Vec<u32>,
    to: Vec<u32>,
}

impl Adjacency {
    fn new(nodes: u32, edges: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut begin = vec![0_u32; nodes as usize + 1];
        for (from, _) in edges.clone() {
            begin[from as usize + 1] += 1;
        }
        for node in 0..nodes as usize {
            begin[node + 1] += begin[node];
        }
        let mut next = begin.clone();
        let mut to = vec![0_u32; begin[nodes as usize] as usize];
        for (from, target) in edges {
            to[next[from as usize] as usize] = target;
            next[from as usize] += 1;
        }
        Self { begin, to }
    }

    fn reached(&self, mut todo: Vec<u32>) -> Vec<bool> {
        let mut reached = vec![false; self.begin.len() - 1];
        for &node in &todo {
            reached[node as usize] = true;
        }
        while let Some(node) = todo.pop() {
            let range = self.begin[node as usize] as usize..self.begin[node as usize + 1] as usize;
            for &target in &self.to[range] {
                if !std::mem::replace(&mut reached[target as usize], true) {
                    todo.push(target);
                }
            }
        }
        reached
    }
}
