//! One good order of the synchronisation operations.
//!
//! Problem: a total order that extends program order and real time, in which holds exclude one another.
//!
//! Algorithm: with times, a release counts at its start and everything else at its end; sort, releases first where they
//! are equal, then by program order. Without times, the order of the input, an acquire waiting until the lock is free.
//!
//! Correct: if a ends before b starts, a counts before b, and so does it if it is earlier in b's process. With times
//! this is the best order for locks: if two holds overlap in it, then each was taken before the other was given back
//! in real time, so they overlap in all orders. It is not the only order, and not always one that makes a history
//! consistent: whoever finds a violation with it must try others.
//!
//! Complexity: O(s log s) for s synchronisation operations; without times O(s) more for each turn that somebody waits.

use crate::engine::scope::Scope;
use crate::history::Function;
use crate::relation::{Kind, Registers};
use rustc_hash::FxHashMap;

/// An order of the synchronisation operations.
pub(super) enum SyncOrder {
    Found(Vec<u32>),
    /// There is none.
    Impossible,
    /// This way finds none.
    Unknown,
}

/// Who holds a lock: an exclusive holder, or shared ones.
#[derive(Default)]
struct Lock {
    exclusive: Option<u32>,
    shared: Vec<u32>,
}

impl Lock {
    fn admits(&self, process: u32, shared: bool) -> bool {
        self.exclusive.is_none()
            && if shared { !self.shared.contains(&process) } else { self.shared.is_empty() }
    }

    fn holds(&self, process: u32) -> bool {
        self.exclusive == Some(process) || self.shared.contains(&process)
    }
}

/// A good order of the synchronisation operations, all of which must be known to have happened.
pub(super) fn sync_order(scope: Scope<'_>, registers: &Registers) -> SyncOrder {
    let history = scope.history;
    let mut syncs: Vec<u32> = registers.nodes().filter(|&node| registers.kind(node) == Kind::Sync).collect();
    let release = |node: u32| history.function(registers.op(node)) == Function::Release;
    if !history.is_timed() {
        syncs.sort_by_key(|&node| registers.op(node));
        return waiting(scope, registers, &syncs);
    }
    syncs.sort_by_key(|&node| {
        let op = registers.op(node);
        let moment = if release(node) { history.start(op) } else { history.end(op) };
        (moment, !release(node), node)
    });
    // Neighbours of one process may count at one moment, an earlier acquire behind a later release.
    let mut last = vec![None; registers.chains.len()];
    for &node in &syncs {
        let chain = registers.chains.of(node);
        if last[chain].replace(node).is_some_and(|last| last > node) {
            return SyncOrder::Unknown;
        }
    }
    let mut locks: FxHashMap<u32, Lock> = FxHashMap::default();
    if syncs.iter().all(|&node| step(scope, registers, &mut locks, node)) {
        SyncOrder::Found(syncs)
    } else {
        SyncOrder::Impossible
    }
}

/// Takes or gives back a lock; false if it is not to be had.
fn step(scope: Scope<'_>, registers: &Registers, locks: &mut FxHashMap<u32, Lock>, node: u32) -> bool {
    let op = registers.op(node);
    let process = scope.history.process(op).0;
    let lock = locks.entry(registers.key(node)).or_default();
    match scope.history.function(op) {
        Function::Acquire => {
            let shared = scope.history.shared(op);
            if !lock.admits(process, shared) {
                return false;
            }
            if shared {
                lock.shared.push(process);
            } else {
                lock.exclusive = Some(process);
            }
        }
        Function::Release if lock.holds(process) => {
            lock.exclusive = lock.exclusive.filter(|&holder| holder != process);
            lock.shared.retain(|&holder| holder != process);
        }
        _ => {}
    }
    true
}

/// The order of the input, but for acquires that wait.
fn waiting(scope: Scope<'_>, registers: &Registers, syncs: &[u32]) -> SyncOrder {
    let mut locks: FxHashMap<u32, Lock> = FxHashMap::default();
    let mut order = Vec::with_capacity(syncs.len());
    let mut left = syncs.to_vec();
    while !left.is_empty() {
        let mut stuck = vec![false; registers.chains.len()];
        let before = order.len();
        left.retain(|&node| {
            let chain = registers.chains.of(node);
            // A later release may come first only if nothing of its process waits.
            let waits = stuck[chain] || !step(scope, registers, &mut locks, node);
            stuck[chain] = waits;
            if !waits {
                order.push(node);
            }
            waits
        });
        if order.len() == before {
            return SyncOrder::Unknown;
        }
    }
    SyncOrder::Found(order)
}
