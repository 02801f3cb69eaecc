//! A strict partial order on few nodes, kept transitively closed.

use super::store::{Store, ones};

/// The order: two bit matrices in a [`Store`], successors and predecessors of every node.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    nodes: usize,
    pub(super) words: usize,
    succ: usize,
    pred: usize,
}

impl Order {
    /// The empty order on `0..nodes`.
    pub(super) fn new(store: &mut Store, nodes: usize) -> Self {
        let words = nodes.div_ceil(64);
        Self { nodes, words, succ: store.alloc(nodes * words), pred: store.alloc(nodes * words) }
    }

    #[inline]
    pub(super) fn has(&self, store: &Store, a: usize, b: usize) -> bool {
        store.bit(self.succ + a * self.words, b)
    }

    /// The nodes after one.
    #[inline]
    pub(super) fn after<'a>(&self, store: &'a Store, a: usize) -> &'a [u64] {
        store.words(self.succ + a * self.words, self.words)
    }

    /// The nodes before one.
    #[inline]
    pub(super) fn before<'a>(&self, store: &'a Store, a: usize) -> &'a [u64] {
        store.words(self.pred + a * self.words, self.words)
    }

    /// Puts `a` before `b`, and all that follows from it; false if `b` is before `a` already, or is `a`.
    #[must_use]
    pub(super) fn add(&self, store: &mut Store, a: usize, b: usize) -> bool {
        if a == b || self.has(store, b, a) {
            return false;
        }
        if self.has(store, a, b) {
            return true;
        }
        let mut up: Vec<u64> = self.before(store, a).to_vec();
        up[a / 64] |= 1 << (a % 64);
        let mut down: Vec<u64> = self.after(store, b).to_vec();
        down[b / 64] |= 1 << (b % 64);
        for x in ones(&up) {
            self.merge(store, self.succ + x * self.words, &down);
        }
        for y in ones(&down) {
            self.merge(store, self.pred + y * self.words, &up);
        }
        true
    }

    fn merge(&self, store: &mut Store, row: usize, more: &[u64]) {
        for (at, &word) in more.iter().enumerate() {
            if word != 0 {
                store.put(row + at, store.word(row + at) | word);
            }
        }
    }

    /// Puts in every pair that holds, all at once.
    pub(super) fn fill(&self, store: &mut Store, holds: impl Fn(usize, usize) -> bool) {
        for a in 0..self.nodes {
            for b in (0..self.nodes).filter(|&b| holds(a, b)) {
                store.set(self.succ + a * self.words, b);
                store.set(self.pred + b * self.words, a);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_closed_and_refuses_cycles() {
        let mut store = Store::default();
        let order = Order::new(&mut store, 70);
        assert!(order.add(&mut store, 0, 1) && order.add(&mut store, 2, 69) && order.add(&mut store, 1, 2));
        assert!(order.has(&store, 0, 69) && !order.has(&store, 69, 0));
        assert!(!order.add(&mut store, 69, 0) && !order.add(&mut store, 5, 5));
        assert_eq!(ones(order.before(&store, 69)).collect::<Vec<_>>(), [0, 1, 2]);
    }
}
