//! A lock-free stack (Treiber 1986) over a fixed number of nodes, in safe Rust, and one whose `pop` takes a step too many.
//!
//! `tests/threads.rs` records both under threads of the standard library, and judges what happened.

use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};

/// "No node".
const NONE: u64 = 0;

/// A stack of numbers. Nodes are used once, so that a head never comes back (no ABA).
#[derive(Debug)]
pub struct Stack {
    /// 1-based number of the top node.
    head: AtomicU64,
    /// How many nodes were used.
    used: AtomicU64,
    /// Value and next node of each.
    nodes: Vec<(AtomicU64, AtomicU64)>,
}

impl Stack {
    /// A stack that can take so many pushes.
    #[must_use]
    pub fn with_capacity(pushes: usize) -> Self {
        let nodes = (0..pushes).map(|_| (AtomicU64::new(0), AtomicU64::new(NONE))).collect();
        Self { head: AtomicU64::new(NONE), used: AtomicU64::new(0), nodes }
    }

    fn node(&self, number: u64) -> &(AtomicU64, AtomicU64) {
        &self.nodes[usize::try_from(number - 1).expect("a node's number")]
    }

    /// Puts a value on top.
    ///
    /// # Panics
    /// If there were too many pushes.
    pub fn push(&self, value: u64) {
        let number = self.used.fetch_add(1, Ordering::Relaxed) + 1;
        let node = self.node(number);
        node.0.store(value, Ordering::Relaxed);
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            node.1.store(head, Ordering::Relaxed);
            match self.head.compare_exchange_weak(head, number, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return,
                Err(now) => head = now,
            }
        }
    }

    /// Takes the top.
    pub fn pop(&self) -> Option<u64> {
        let mut head = self.head.load(Ordering::Acquire);
        loop {
            if head == NONE {
                return None;
            }
            let node = self.node(head);
            let next = node.1.load(Ordering::Relaxed);
            match self.head.compare_exchange_weak(head, next, Ordering::AcqRel, Ordering::Acquire) {
                Ok(_) => return Some(node.0.load(Ordering::Relaxed)),
                Err(now) => head = now,
            }
        }
    }

    /// Takes the top with a load and a store instead of one exchange: the bug. Two callers meet between them, so that it
    /// shows on every run.
    pub fn pop_in_two_steps(&self, meet: &Barrier) -> Option<u64> {
        let head = self.head.load(Ordering::Acquire);
        meet.wait();
        if head == NONE {
            return None;
        }
        let node = self.node(head);
        self.head.store(node.1.load(Ordering::Relaxed), Ordering::Release);
        Some(node.0.load(Ordering::Relaxed))
    }
}
