//! Splits a history into parts that can be judged by themselves: by key or lock, for the local models.
//!
//! Linearizability is local (Herlihy & Wing 1990, theorem 1): a history is linearizable iff for each object its part is.
//! The proof needs that program order follows from real time, which fails where an operation starts at the very instant
//! at which its process's previous one ended (intervals are closed, so the two are concurrent in real time, but ordered),
//! and where an `info` operation starts while its process's previous one is under way.
//! Objects that such a pair joins are kept together, and so are objects that one operation works on.

use super::problem::number;
use crate::history::{History, OpId, Outcome, ProcessId};
use crate::model::Model;
use rustc_hash::FxHashMap;

/// The operations of a history, by part.
#[derive(Debug)]
pub(crate) struct Parts {
    /// The operations, part by part, each part's in the order of the history.
    ops: Vec<OpId>,
    /// Where each part begins.
    begin: Vec<u32>,
    /// What program order puts directly before an operation although their intervals touch.
    pub after: FxHashMap<OpId, OpId>,
}

impl Parts {
    /// The number of parts.
    pub(crate) fn len(&self) -> usize {
        self.begin.len() - 1
    }

    /// The operations of a part.
    pub(crate) fn get(&self, part: usize) -> &[OpId] {
        &self.ops[self.begin[part] as usize..self.begin[part + 1] as usize]
    }
}

/// The interval that a one-view model with real time gives to an operation; `None` = no end.
pub(crate) fn interval(history: &History, model: Model, op: OpId) -> (i64, Option<i64>) {
    let start = history.start(op);
    match history.outcome(op) {
        Outcome::Info => (start, None),
        _ if model == Model::Strict => (start, Some(start)),
        _ => (start, Some(history.end(op))),
    }
}

/// Splits the operations for which `kept` holds.
///
/// # Complexity
/// O(n α(n)).
pub(crate) fn split(history: &History, model: Model, kept: &(dyn Fn(OpId) -> bool + Sync)) -> Parts {
    let mut joined = Union::new(history.key_count() + history.lock_count());
    let objects = |op: OpId| {
        let keys = history.key_count();
        history.micros(op).map(move |micro| match (micro.key(), micro.lock()) {
            (Some(key), _) => key.0,
            (None, Some(lock)) => number(keys) + lock.0,
            (None, None) => 0,
        })
    };
    let ops: Vec<OpId> = history.ops().filter(|&op| kept(op)).collect();
    for &op in &ops {
        let mut of_op = objects(op);
        if let Some(first) = of_op.next() {
            of_op.for_each(|other| joined.join(first, other));
        }
    }
    let object = |op: OpId| objects(op).next().unwrap_or(0);
    let after = touching(history, model, kept);
    for (&op, &before) in &after {
        joined.join(object(op), object(before));
    }
    let mut part_of = vec![u32::MAX; joined.len()];
    let mut begin = vec![0_u32];
    for &op in &ops {
        let root = joined.root(object(op)) as usize;
        if part_of[root] == u32::MAX {
            part_of[root] = number(begin.len() - 1);
            begin.push(0);
        }
        begin[part_of[root] as usize + 1] += 1;
    }
    for part in 1..begin.len() {
        begin[part] += begin[part - 1];
    }
    let mut next = begin.clone();
    let mut sorted = vec![OpId(0); ops.len()];
    for &op in &ops {
        let slot = &mut next[part_of[joined.root(object(op)) as usize] as usize];
        sorted[*slot as usize] = op;
        *slot += 1;
    }
    Parts { ops: sorted, begin, after }
}

/// Pairs of one process's operations that touch: (later, earlier).
fn touching(history: &History, model: Model, kept: &dyn Fn(OpId) -> bool) -> FxHashMap<OpId, OpId> {
    let mut after = FxHashMap::default();
    for process in 0..history.process_count() {
        let mut last: Option<OpId> = None;
        for &op in history.program_order(ProcessId::from_index(process)) {
            if history.outcome(op) == Outcome::Fail || !kept(op) {
                continue;
            }
            if let Some(before) = last
                && interval(history, model, before).1 >= Some(interval(history, model, op).0)
            {
                after.insert(op, before);
            }
            if history.outcome(op) == Outcome::Ok {
                last = Some(op);
            }
        }
    }
    after
}

/// Disjoint sets of objects.
struct Union(Vec<u32>);

impl Union {
    fn new(length: usize) -> Self {
        Self((0..number(length.max(1))).collect())
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn root(&mut self, mut object: u32) -> u32 {
        while self.0[object as usize] != object {
            self.0[object as usize] = self.0[self.0[object as usize] as usize];
            object = self.0[object as usize];
        }
        object
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}
