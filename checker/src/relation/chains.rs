//! Chains: the pieces of program order.
//!
//! A process's operations are one chain, except its `info` operations that something follows: program order puts the
//! earlier operations before such a one and nothing after it, so it is a chain of its own, behind a `parent`.

use super::NONE;
use crate::history::ProcessId;

/// Program order over nodes `0..len`: node numbers grow along every chain, and chains are consecutive ranges.
#[derive(Clone, Default, Debug)]
pub(crate) struct Chains {
    /// Chain `c` is the nodes `first[c]..first[c + 1]`.
    first: Vec<u32>,
    /// The chain of each node.
    of: Vec<u32>,
    /// The process of each chain.
    process: Vec<ProcessId>,
    /// The node before the chain's first in program order, or [`NONE`].
    parent: Vec<u32>,
}

impl Chains {
    /// Chains of these lengths, processes and parents.
    pub(crate) fn new(lengths: impl IntoIterator<Item = (u32, ProcessId, u32)>) -> Self {
        let mut chains = Self { first: vec![0], ..Self::default() };
        let mut end = 0;
        for (chain, (length, process, parent)) in (0..).zip(lengths) {
            end += length;
            chains.first.push(end);
            chains.of.resize(end as usize, chain);
            chains.process.push(process);
            chains.parent.push(parent);
        }
        chains
    }

    /// The number of nodes.
    #[inline]
    pub(crate) fn nodes(&self) -> usize {
        self.of.len()
    }

    /// The number of chains.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.process.len()
    }

    /// The chain of a node.
    #[inline]
    pub(crate) fn of(&self, node: u32) -> usize {
        self.of[node as usize] as usize
    }

    /// The nodes of a chain.
    #[inline]
    pub(crate) fn range(&self, chain: usize) -> std::ops::Range<u32> {
        self.first[chain]..self.first[chain + 1]
    }

    /// The process of a chain.
    #[inline]
    pub(crate) fn process(&self, chain: usize) -> ProcessId {
        self.process[chain]
    }

    /// The node before the chain's first in program order, or [`NONE`].
    #[inline]
    pub(crate) fn parent(&self, chain: usize) -> u32 {
        self.parent[chain]
    }

    /// True if every chain is a whole process.
    pub(crate) fn whole(&self) -> bool {
        self.parent.iter().all(|&parent| parent == NONE)
    }

    /// Whether `a` is before `b` in program order.
    pub(crate) fn ordered(&self, a: u32, b: u32) -> bool {
        let (chain, other) = (self.of(a), self.of(b));
        if chain == other {
            return a < b;
        }
        let parent = self.parent[other];
        parent != NONE && self.of(parent) == chain && a <= parent
    }
}
