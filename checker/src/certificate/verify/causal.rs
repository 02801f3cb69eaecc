//! Causal order, and the views of causal.

use super::Case;
use super::fault::{Fault, refuted};
use super::orders::{ABSENT, processes};
use super::reads_from::Sources;
use super::registers::write_of;
use crate::certificate::View;
use crate::history::{KeyId, OpId, Outcome};
use rustc_hash::FxHashMap;

/// The views respect causal order, and in each a read's source is the latest write to its key.
///
/// A view respects causal order iff together they have no cycle: a way of causal order from b to a, where a is before b
/// in the view, would close one, and every cycle has such a way in it.
///
/// # Complexity
/// O(n) for each view.
pub(super) fn views(case: &Case<'_>, views: &[View], sources: &Sources) -> Result<(), Fault> {
    let graph = CausalOrder::new(case, sources);
    graph.sorted(&[])?;
    for view in views {
        graph.sorted(&view.order)?;
        reads_its_source(case, &view.order, sources)?;
    }
    Ok(())
}

fn reads_its_source(case: &Case<'_>, order: &[OpId], sources: &Sources) -> Result<(), Fault> {
    let mut latest: FxHashMap<KeyId, OpId> = FxHashMap::default();
    for &op in order {
        let key = case.history.micro(op).key().expect("a register has a key");
        if sources.of(op).is_some_and(|source| source != latest.get(&key).copied()) {
            return refuted(format!(
                "what operation {op} reads from is not the latest write to its key in a view"
            ));
        }
        if write_of(case.history, op).is_some() {
            latest.insert(key, op);
        }
    }
    Ok(())
}

/// Program order and reads-from of what happened.
pub(super) struct CausalOrder<'a> {
    case: &'a Case<'a>,
    sources: &'a Sources,
    /// The readers of write `w` are `readers[begin[w]..begin[w + 1]]`.
    readers: Vec<OpId>,
    begin: Vec<u32>,
}

impl<'a> CausalOrder<'a> {
    /// O(n).
    pub(super) fn new(case: &'a Case<'a>, sources: &'a Sources) -> Self {
        let mut begin = vec![0_u32; case.history.len() + 1];
        let pairs = || case.history.ops().filter_map(|op| Some((sources.write(op)?, op)));
        for (write, _) in pairs() {
            begin[write.index() + 1] += 1;
        }
        for write in 1..begin.len() {
            begin[write] += begin[write - 1];
        }
        let (mut next, mut readers) = (begin.clone(), vec![OpId(0); begin[begin.len() - 1] as usize]);
        for (write, read) in pairs() {
            readers[next[write.index()] as usize] = read;
            next[write.index()] += 1;
        }
        Self { case, sources, readers, begin }
    }

    /// The operations that read from a write.
    pub(super) fn readers(&self, write: OpId) -> &[OpId] {
        &self.readers[self.begin[write.index()] as usize..self.begin[write.index() + 1] as usize]
    }

    /// Everything that happened, in an order that extends causal order and `view`; refuted if they have a cycle.
    pub(super) fn sorted(&self, view: &[OpId]) -> Result<Vec<OpId>, Fault> {
        let mut after_in_view = vec![ABSENT; if view.is_empty() { 0 } else { self.case.history.len() }];
        for pair in view.windows(2) {
            after_in_view[pair[0].index()] = pair[1].0;
        }
        let ops = || self.case.history.ops().filter(|&op| self.sources.takes_part(self.case, op));
        let mut waits_for = vec![0_u32; self.case.history.len()];
        for op in ops() {
            self.successors(op, &after_in_view, &mut |next| waits_for[next.index()] += 1);
        }
        let mut ready: Vec<OpId> = ops().filter(|op| waits_for[op.index()] == 0).collect();
        ready.reverse();
        let mut order = Vec::new();
        while let Some(op) = ready.pop() {
            order.push(op);
            self.successors(op, &after_in_view, &mut |next| {
                waits_for[next.index()] -= 1;
                if waits_for[next.index()] == 0 {
                    ready.push(next);
                }
            });
        }
        match ops().find(|op| waits_for[op.index()] > 0) {
            None => Ok(order),
            Some(op) if view.is_empty() => {
                refuted(format!("causal order has a cycle, at or before operation {op}"))
            }
            Some(op) => refuted(format!("a view does not respect causal order, at or before operation {op}")),
        }
    }

    /// What comes directly after an operation: of its process everything up to the next `ok` operation, its readers, and
    /// the next one in the view.
    fn successors(&self, op: OpId, after_in_view: &[u32], visit: &mut dyn FnMut(OpId)) {
        let history = self.case.history;
        if history.outcome(op) == Outcome::Ok {
            let later = self.case.orders.rank(op) as usize + 1;
            for &next in &history.program_order(history.process(op))[later..] {
                if self.sources.takes_part(self.case, next) {
                    visit(next);
                    if history.outcome(next) == Outcome::Ok {
                        break;
                    }
                }
            }
        }
        self.readers(op).iter().for_each(|&read| visit(read));
        if let Some(&next) = after_in_view.get(op.index()).filter(|&&next| next != ABSENT) {
            visit(OpId(next));
        }
    }
}

/// How many processes there are: the width of a clock.
pub(super) fn width(case: &Case<'_>) -> usize {
    processes(case.history).count()
}
