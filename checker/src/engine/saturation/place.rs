//! Writes down a process's view: a total order that extends the saturated one.
//!
//! p's operations in order, before each the writes of its level (see [`levels`](super::levels)), sorted by the order
//! that the view extends and by the rules of p's reads; at the end the writes of no level. A depth-first walk with an
//! explicit stack: a chain that is blocked waits for the chain that blocks it.

use super::levels::Levels;
use crate::relation::Registers;

/// The nodes of the view of a process whose levels are saturated without a cycle.
pub(super) fn place(registers: &Registers, levels: &mut Levels<'_>) -> Vec<u32> {
    let chains = &registers.chains;
    let own = levels.chain();
    let mut placing = Placing {
        registers,
        last_readers: levels.last_readers(),
        cursor: (0..chains.len()).map(|chain| chains.range(chain).start).collect(),
        order: Vec::new(),
    };
    for (index, node) in (0..).zip(chains.range(own)) {
        let ends = levels.row(index).to_vec();
        placing.up_to(levels, &ends, Some(index), own);
        placing.order.push(node);
        placing.cursor[own] = node + 1;
    }
    let ends: Vec<u32> = (0..chains.len()).map(|chain| chains.range(chain).end).collect();
    placing.up_to(levels, &ends, None, own);
    placing.order
}

struct Placing<'a> {
    registers: &'a Registers,
    /// (write, index of its last reader), ascending.
    last_readers: Vec<(u32, u32)>,
    /// For each chain the first node that is not placed (or passed over: reads of others).
    cursor: Vec<u32>,
    order: Vec<u32>,
}

impl Placing<'_> {
    /// Places everything below these ends, except own operations.
    fn up_to(&mut self, levels: &mut Levels<'_>, ends: &[u32], level: Option<u32>, own: usize) {
        let mut stack = Vec::new();
        for chain in (0..ends.len()).filter(|&chain| chain != own) {
            stack.push((chain, ends[chain]));
            while let Some(&(chain, end)) = stack.last() {
                let node = self.cursor[chain];
                if node >= end {
                    stack.pop();
                    continue;
                }
                match self.blocker(levels, node, level) {
                    // A saturated order has no cycle, so a chain that waits is never met again.
                    Some(other) if stack.len() <= ends.len() => {
                        stack.push((self.registers.chains.of(other), other + 1));
                    }
                    _ => {
                        if self.registers.kind(node).writes() {
                            self.order.push(node);
                        }
                        self.cursor[chain] += 1;
                    }
                }
            }
        }
    }

    /// A node that must be placed before this one and is not.
    fn blocker(&self, levels: &mut Levels<'_>, node: u32, level: Option<u32>) -> Option<u32> {
        if !self.registers.kind(node).writes() {
            return None;
        }
        let chains = &self.registers.chains;
        let missing = |other: u32| self.cursor[chains.of(other)] <= other;
        let mut found = None;
        let before = levels.before();
        before.up_to(node, |chain, end| {
            if chain != chains.of(node) && end > self.cursor[chain] {
                found = Some(end - 1);
            }
        });
        if let (None, Some(level)) = (found, level)
            && let Ok(at) = self.last_readers.binary_search_by_key(&node, |&(write, _)| write)
        {
            levels.forced(level, node, self.last_readers[at].1, |write| {
                if missing(write) {
                    found = Some(write);
                }
            });
        }
        found
    }
}
