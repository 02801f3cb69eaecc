//! Witnesses of a model made over into witnesses of a model that it implies.
//!
//! Each conversion is the proof of an implication, step by step: one view of everything, cut down to what a process sees,
//! is that process's view; the last write before a read in it is what it reads from; its writes are an arbitration. The
//! lattice says which pairs are asked for; a pair without a conversion gives nothing.
//!
//! Complexity: O(n log n) and the length of the result.

use crate::certificate::{ReadsFrom, View, Witness};
use crate::engine::saturation::MOST_ENTRIES;
use crate::history::{Function, History, KeyId, OpId, Outcome, ProcessId};
use crate::model::Model;
use rustc_hash::{FxHashMap, FxHashSet};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

/// A witness of `to` from one of `from`, which implies it.
pub(super) fn weaken(history: &History, witness: &Witness, from: Model, to: Model) -> Option<Witness> {
    if *witness == Witness::Omitted || to.is_one_view() {
        return Some(witness.clone());
    }
    if from.is_one_view() {
        let timed = history.is_timed() && from != Model::Sequential;
        return of_order(history, &single(history, witness, timed)?, to);
    }
    Some(match (witness, to) {
        (Witness::Arbitrated { .. } | Witness::Logs, Model::Session(_))
        | (Witness::Synchronised { .. }, Model::Release | Model::Entry) => witness.clone(),
        (Witness::Arbitrated { reads_from, .. } | Witness::Causal { reads_from, .. }, Model::CausalWeak) => {
            Witness::ReadsFrom(reads_from.clone())
        }
        (Witness::Views(views) | Witness::Causal { views, .. }, _) => {
            of_views(history, views, from == Model::Cache, to)?
        }
        _ => return None,
    })
}

/// A cas that is known to have answered "mismatch"; what one of unknown outcome answered is unknown.
fn mismatched(history: &History, op: OpId) -> bool {
    history.outcome(op) == Outcome::Ok && history.answer(op) == Some(false)
}

fn writes(history: &History, op: OpId) -> bool {
    match history.function(op) {
        Function::Write => true,
        Function::Cas => !mismatched(history, op),
        _ => false,
    }
}

/// A cas, or a read that tells something.
fn reads(history: &History, op: OpId) -> bool {
    match history.function(op) {
        Function::Read => history.outcome(op) == Outcome::Ok && history.micro(op).value.is_known(),
        Function::Cas => !mismatched(history, op),
        _ => false,
    }
}

fn key(history: &History, op: OpId) -> Option<KeyId> {
    history.micro(op).key()
}

/// One order of everything in a witness of a one-view model, and of the syncs, which that model passes over: what
/// extends its views, program order, and real time if it is `timed`.
fn single(history: &History, witness: &Witness, timed: bool) -> Option<Vec<OpId>> {
    let views: Vec<&[OpId]> = match witness {
        Witness::View(order) => vec![order],
        Witness::Views(views) => views.iter().map(|view| &view.order[..]).collect(),
        _ => return None,
    };
    let mut present: FxHashSet<OpId> = views.iter().flat_map(|view| view.iter().copied()).collect();
    let syncs = history.ops().filter(|&op| history.function(op) == Function::Sync);
    present.extend(syncs.filter(|&op| history.outcome(op) == Outcome::Ok));
    let mut edges: Vec<(usize, usize)> = Vec::new();
    for view in views {
        edges.extend(view.windows(2).map(|pair| (pair[0].index(), pair[1].index())));
    }
    for process in (0..history.process_count()).map(ProcessId::from_index) {
        let mut last = None;
        for op in history.program_order(process).iter().filter(|op| present.contains(op)) {
            edges.extend(last.map(|last: OpId| (last.index(), op.index())));
            // Nothing comes after an operation of unknown outcome.
            last = if history.outcome(*op) == Outcome::Ok { Some(*op) } else { last };
        }
    }
    let mut nodes = history.len();
    if timed {
        // An end, then every later start: a chain of instants, at each of which starts come first.
        let mut instants: Vec<(i64, bool)> =
            present.iter().flat_map(|&op| [(history.start(op), false), (history.end(op), true)]).collect();
        instants.sort_unstable();
        instants.dedup();
        edges.extend((1..instants.len()).map(|at| (nodes + at - 1, nodes + at)));
        let node = |instant| nodes + instants.binary_search(&instant).expect("collected from these");
        for &op in &present {
            edges.push((node((history.start(op), false)), op.index()));
            edges.push((op.index(), node((history.end(op), true))));
        }
        nodes += instants.len();
    }
    let order = topological(nodes, &edges)?;
    let ops = order.into_iter().filter_map(|node| u32::try_from(node).ok().map(OpId));
    Some(ops.filter(|op| present.contains(op)).collect())
}

/// The least topological order, by number; `None` if there is a cycle.
fn topological(nodes: usize, edges: &[(usize, usize)]) -> Option<Vec<usize>> {
    let mut later = vec![Vec::new(); nodes];
    let mut waits = vec![0_u32; nodes];
    for &(from, to) in edges {
        later[from].push(to);
        waits[to] += 1;
    }
    let mut ready: BinaryHeap<Reverse<usize>> =
        (0..nodes).filter(|&node| waits[node] == 0).map(Reverse).collect();
    let mut order = Vec::with_capacity(nodes);
    while let Some(Reverse(node)) = ready.pop() {
        order.push(node);
        for &next in &later[node] {
            waits[next] -= 1;
            if waits[next] == 0 {
                ready.push(Reverse(next));
            }
        }
    }
    (order.len() == nodes).then_some(order)
}

/// A witness from one legal order of everything.
fn of_order(history: &History, order: &[OpId], to: Model) -> Option<Witness> {
    let on_registers = |&&op: &&OpId| reads(history, op) || writes(history, op);
    let order_of_registers: Vec<OpId> = order.iter().filter(on_registers).copied().collect();
    let order_of_writes =
        || -> Vec<OpId> { order_of_registers.iter().copied().filter(|&op| writes(history, op)).collect() };
    let views = |by_process, by_key| views(history, &order_of_registers, by_process, by_key);
    let reads_from = || reads_from(history, &order_of_registers);
    Some(match to {
        Model::Fifo | Model::Processor => views(true, false).map_or(Witness::Omitted, Witness::Views),
        Model::Cache => views(false, true).map_or(Witness::Omitted, Witness::Views),
        Model::Slow => views(true, true).map_or(Witness::Omitted, Witness::Views),
        Model::Causal => views(true, false)
            .map_or(Witness::Omitted, |views| Witness::Causal { views, reads_from: reads_from() }),
        Model::CausalWeak => Witness::ReadsFrom(reads_from()),
        Model::CausalConvergent | Model::Session(_) => {
            Witness::Arbitrated { reads_from: reads_from(), arbitration: order_of_writes() }
        }
        Model::Weak | Model::Release | Model::Entry => {
            let mut arbitration: BTreeMap<KeyId, Vec<OpId>> = BTreeMap::new();
            for op in order_of_writes() {
                arbitration.entry(key(history, op)?).or_default().push(op);
            }
            let syncs = order.iter().copied().filter(|&op| history.function(op) == Function::Sync);
            Witness::Synchronised {
                sync_order: syncs.collect(),
                reads_from: reads_from(),
                arbitration: arbitration.into_values().collect(),
            }
        }
        _ => return None,
    })
}

/// What each read and cas reads from in a legal order.
fn reads_from(history: &History, order: &[OpId]) -> ReadsFrom {
    let mut last: FxHashMap<Option<KeyId>, OpId> = FxHashMap::default();
    let mut found = Vec::new();
    for &op in order {
        let key = key(history, op);
        if reads(history, op) {
            found.push((op, last.get(&key).copied()));
        }
        if writes(history, op) {
            last.insert(key, op);
        }
    }
    found.sort_unstable_by_key(|&(read, _)| read);
    found
}

/// The order cut into views of the processes, of the keys, or both; `None` if they would be too long.
fn views(history: &History, order: &[OpId], by_process: bool, by_key: bool) -> Option<Vec<View>> {
    let mut of_key: BTreeMap<Option<KeyId>, Vec<OpId>> = BTreeMap::new();
    for &op in order {
        of_key.entry(key(history, op).filter(|_| by_key)).or_default().push(op);
    }
    let (mut views, mut entries) = (Vec::new(), 0);
    for (key, order) in of_key {
        let readers = order.iter().filter(|&&op| reads(history, op));
        let mut owners: Vec<Option<ProcessId>> =
            readers.map(|&op| Some(history.process(op)).filter(|_| by_process)).collect();
        owners.sort_unstable();
        owners.dedup();
        for process in owners {
            let seen = |op: &OpId| {
                writes(history, *op) || process.is_none_or(|process| process == history.process(*op))
            };
            let order: Vec<OpId> = order.iter().copied().filter(seen).collect();
            entries += order.len();
            if entries > MOST_ENTRIES {
                return None;
            }
            views.push(View { process, key, order });
        }
    }
    Some(views)
}

/// A witness from views by key (of cache), or by process (of causal, processor and fifo).
fn of_views(history: &History, given: &[View], by_key: bool, to: Model) -> Option<Witness> {
    Some(match to {
        Model::Fifo => Witness::Views(given.to_vec()),
        Model::Slow => {
            let cut = given.iter().map(|view| {
                let parts = views(history, &view.order, true, true)?;
                let mine = |part: &View| view.process.is_none_or(|process| part.process == Some(process));
                Some(parts.into_iter().filter(mine).collect::<Vec<View>>())
            });
            let cut: Option<Vec<Vec<View>>> = cut.collect();
            cut.map_or(Witness::Omitted, |cut| Witness::Views(cut.into_iter().flatten().collect()))
        }
        Model::Cache => Witness::Views(merged(history, given)),
        Model::Session(_) if by_key => of_keys(history, given),
        Model::Session(_) => of_keys(history, &merged(history, given)),
        _ => return None,
    })
}

/// Views by key from views by process that agree on the writes to each key: each read stands behind as many of them as
/// in its process's view.
fn merged(history: &History, views: &[View]) -> Vec<View> {
    let mut writes_of: BTreeMap<KeyId, Vec<OpId>> = BTreeMap::new();
    let mut reads_of: FxHashMap<(KeyId, usize), Vec<OpId>> = FxHashMap::default();
    for (at, view) in views.iter().enumerate() {
        let mut behind: FxHashMap<KeyId, usize> = FxHashMap::default();
        for &op in &view.order {
            let Some(key) = key(history, op) else { continue };
            let writes_of = writes_of.entry(key).or_default();
            let behind = behind.entry(key).or_default();
            if writes(history, op) {
                *behind += 1;
                writes_of.extend((at == 0).then_some(op));
            } else {
                reads_of.entry((key, *behind)).or_default().push(op);
            }
        }
    }
    let merge = |(key, writes): (KeyId, Vec<OpId>)| {
        let mut order = reads_of.get(&(key, 0)).cloned().unwrap_or_default();
        for (at, write) in (1..).zip(writes) {
            order.push(write);
            order.extend(reads_of.get(&(key, at)).into_iter().flatten());
        }
        View { process: None, key: Some(key), order }
    };
    let read = |view: &View| view.order.iter().any(|&op| reads(history, op));
    writes_of.into_iter().map(merge).filter(read).collect()
}

/// A witness of the guarantees that a coherent memory gives: the keys' orders one behind the other, and then the writes
/// to keys that nobody reads.
fn of_keys(history: &History, views: &[View]) -> Witness {
    let all: Vec<OpId> = views.iter().flat_map(|view| view.order.iter().copied()).collect();
    let mut arbitration: Vec<OpId> = all.iter().copied().filter(|&op| writes(history, op)).collect();
    let known: FxHashSet<OpId> = arbitration.iter().copied().collect();
    let processes = (0..history.process_count()).map(ProcessId::from_index);
    let happened = |op: &OpId| history.outcome(*op) == Outcome::Ok && writes(history, *op);
    let unread =
        processes.flat_map(|process| history.program_order(process).iter().copied().filter(happened));
    arbitration.extend(unread.filter(|op| !known.contains(op)));
    Witness::Arbitrated { reads_from: reads_from(history, &all), arbitration }
}
