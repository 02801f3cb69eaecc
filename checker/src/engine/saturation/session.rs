//! The four guarantees alone, and some pairs of them, where reads-from is known.
//!
//! Problem: one order ar of the writes such that each read's source is the last write to its key in the read's visible
//! set, the least that the guarantees allow.
//!
//! Algorithm: for these sets of guarantees everything that ar must contain is a linear number of edges; it exists iff
//! they have no cycle. An edge to the source of a read r of key x:
//!
//! - monotonic-reads: from the source of the process's read of x before r; the earlier ones follow.
//! - read-your-writes: from each write to x of the process before r, itself excepted. They are linked into a prefix node,
//!   so that it is one edge; with monotonic-writes the last of them is enough.
//! - monotonic-writes: from each write of a process to its next.
//! - writes-follow-reads: from the source of each read to every later write of the process, through a node for all
//!   sources so far. What a read sees besides its source is before its source then.
//!
//! A cas is a read and then a write, and its source is before it. A read of the initial value must not see a write.
//!
//! Correct: each edge is forced by the definition, and a topological order satisfies every read, because what is
//! visible to it is the source itself or has a path to it.
//!
//! Complexity: linear.

use super::causal_past::reads_from;
use crate::certificate::Witness;
use crate::engine::core;
use crate::engine::finding::Finding;
use crate::engine::scope::Scope;
use crate::limits::{Meter, Stop};
use crate::model::Guarantees;
use crate::relation::{NONE, Registers, UNKNOWN, topological};

const METHOD: &str = "saturation";

/// Whether [`session`] decides the set.
pub(crate) fn is_linear(set: Guarantees) -> bool {
    let together = [
        Guarantees::MONOTONIC_READS | Guarantees::READ_YOUR_WRITES,
        Guarantees::MONOTONIC_WRITES | Guarantees::READ_YOUR_WRITES,
        Guarantees::MONOTONIC_WRITES | Guarantees::WRITES_FOLLOW_READS,
    ];
    Guarantees::EACH.contains(&set) || together.contains(&set)
}

/// One of the sets that [`is_linear`] names. Every source must be known.
pub(crate) fn session(
    scope: Scope<'_>,
    registers: &Registers,
    set: Guarantees,
    meter: &Meter,
) -> Result<Finding, Stop> {
    meter.charge(registers.len() * 40)?;
    let mut build = Build::new(registers, set);
    let broken = (0..registers.chains.len()).find_map(|chain| build.chain(chain).err());
    meter.check()?;
    let nodes = match broken {
        Some(nodes) => nodes,
        None => match topological(2 * registers.len(), &build.edges) {
            Ok(order) => {
                let is_write =
                    |&node: &u32| (node as usize) < registers.len() && registers.kind(node).writes();
                let writes: Vec<u32> = order.into_iter().filter(is_write).collect();
                let arbitration = registers.ops(&writes);
                meter.refund(registers.len() * 40);
                let witness = Witness::Arbitrated { reads_from: reads_from(registers), arbitration };
                return Ok(Finding::holds(witness, METHOD));
            }
            Err(cycle) => build.met(&cycle),
        },
    };
    meter.refund(registers.len() * 40);
    core::around(scope, &registers.ops(&nodes), METHOD, meter)
}

/// The edges in the making. Node `len + i` stands for what led up to node `i`.
struct Build<'a> {
    registers: &'a Registers,
    set: Guarantees,
    edges: Vec<(u32, u32)>,
    /// For each edge the read that forces it, or [`NONE`].
    because: Vec<u32>,
    /// By key, for the chain at hand: the last read, the last write, and the own write that was read last.
    last: Vec<Last>,
    /// For each write the one before it of its chain to its key, or [`NONE`]; kept for read-your-writes.
    previous: Vec<u32>,
}

#[derive(Clone, Copy)]
struct Last {
    chain: u32,
    read: u32,
    write: u32,
    /// The own write that was read although there were others, and the last of those then.
    chosen: (u32, u32),
}

impl<'a> Build<'a> {
    fn new(registers: &'a Registers, set: Guarantees) -> Self {
        let empty = Last { chain: NONE, read: NONE, write: NONE, chosen: (NONE, NONE) };
        Self {
            registers,
            set,
            edges: Vec::new(),
            because: Vec::new(),
            last: vec![empty; registers.keys],
            previous: vec![NONE; registers.len()],
        }
    }

    fn edge(&mut self, from: u32, to: u32, because: u32) {
        if from != to {
            self.edges.push((from, to));
            self.because.push(because);
        }
    }

    fn beside(&self, node: u32) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^31 operations here")]
        let len = self.registers.len() as u32;
        len + node
    }

    /// The edges of a chain's operations; the nodes that show a violation if one read is enough for it.
    fn chain(&mut self, chain: usize) -> Result<(), Vec<u32>> {
        let registers = self.registers;
        let parent = registers.chains.parent(chain);
        // The last node before in program order that writes, and that reads from a write.
        let (mut last_write, mut last_read) = (NONE, NONE);
        if parent != NONE {
            let home = registers.chains.range(registers.chains.of(parent)).start;
            let before = || (home..=parent).rev();
            last_write = before().find(|&node| registers.kind(node).writes()).unwrap_or(NONE);
            last_read = before().find(|&node| registers.source(node) < UNKNOWN).unwrap_or(NONE);
        }
        for node in registers.chains.range(chain) {
            let kind = registers.kind(node);
            let source = registers.source(node);
            if kind.reads() {
                self.read(chain, node)?;
                if source < UNKNOWN && self.set.contains(Guarantees::WRITES_FOLLOW_READS) {
                    let here = self.beside(node);
                    self.edge(source, here, node);
                    if last_read != NONE {
                        self.edge(self.beside(last_read), here, NONE);
                    }
                    last_read = node;
                }
            }
            if kind.writes() {
                if source < UNKNOWN {
                    self.edge(source, node, NONE);
                }
                if last_read != NONE && self.set.contains(Guarantees::WRITES_FOLLOW_READS) {
                    self.edge(self.beside(last_read), node, NONE);
                }
                if last_write != NONE && self.set.contains(Guarantees::MONOTONIC_WRITES) {
                    self.edge(last_write, node, NONE);
                }
                last_write = node;
                self.write(chain, node);
            }
        }
        Ok(())
    }

    fn last(&mut self, chain: usize, key: u32) -> Last {
        #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 processes")]
        let chain = chain as u32;
        let last = &mut self.last[key as usize];
        if last.chain != chain {
            *last = Last { chain, read: NONE, write: NONE, chosen: (NONE, NONE) };
        }
        *last
    }

    fn write(&mut self, chain: usize, node: u32) {
        let key = self.registers.key(node);
        let last = self.last(chain, key);
        if self.set == Guarantees::READ_YOUR_WRITES
            || self.set == Guarantees::MONOTONIC_READS | Guarantees::READ_YOUR_WRITES
        {
            // The prefix node of this write: the earlier writes to the key, and itself.
            let here = self.beside(node);
            self.edge(node, here, NONE);
            if last.write != NONE {
                self.edge(self.beside(last.write), here, NONE);
            }
        }
        self.previous[node as usize] = last.write;
        self.last[key as usize].write = node;
    }

    fn read(&mut self, chain: usize, node: u32) -> Result<(), Vec<u32>> {
        let registers = self.registers;
        let (key, source) = (registers.key(node), registers.source(node));
        let last = self.last(chain, key);
        self.last[key as usize].read = node;
        let saw = if last.read == NONE { NONE } else { registers.source(last.read) };
        if source >= UNKNOWN {
            if self.set.contains(Guarantees::MONOTONIC_READS) && saw < UNKNOWN {
                return Err(vec![saw, last.read, node]);
            }
            if self.set.contains(Guarantees::READ_YOUR_WRITES) && last.write != NONE {
                return Err(vec![last.write, node]);
            }
            return Ok(());
        }
        if self.set.contains(Guarantees::MONOTONIC_READS) && saw < UNKNOWN {
            self.edge(saw, source, node);
        }
        if !self.set.contains(Guarantees::READ_YOUR_WRITES) || last.write == NONE {
            return Ok(());
        }
        if self.set.contains(Guarantees::MONOTONIC_WRITES) {
            self.edge(last.write, source, node);
            return Ok(());
        }
        let own = registers.chains.of(source) == chain && source < node;
        if !own {
            self.edge(self.beside(last.write), source, node);
            return Ok(());
        }
        self.own(chain, node, last)
    }

    /// A read of an own write: the others before the read are before it.
    fn own(&mut self, chain: usize, node: u32, last: Last) -> Result<(), Vec<u32>> {
        let registers = self.registers;
        let (key, source) = (registers.key(node), registers.source(node));
        let (chosen, until) = last.chosen;
        if chosen != NONE && chosen != source && source <= until {
            // Both were visible when the other was read.
            let range = registers.chains.range(chain);
            let other = (range.start..node).find(|&read| {
                registers.kind(read).reads() && registers.source(read) == chosen && read > until
            });
            let mut met = vec![chosen, source, node];
            met.extend(other);
            return Err(met);
        }
        let known = if chosen == source { until } else { source };
        let earlier = self.previous[source as usize];
        if chosen != source && earlier != NONE {
            self.edge(self.beside(earlier), source, node);
        }
        let mut write = last.write;
        while write != NONE && write > known {
            self.edge(write, source, node);
            write = self.previous[write as usize];
        }
        self.last[key as usize].chosen = (source, last.write);
        Ok(())
    }

    /// The operations from which a cycle follows.
    fn met(&self, cycle: &[u32]) -> Vec<u32> {
        let registers = self.registers;
        let mut met: Vec<u32> = Vec::new();
        for (at, &from) in cycle.iter().enumerate() {
            let to = cycle[(at + 1) % cycle.len()];
            let because =
                self.edges.iter().position(|&edge| edge == (from, to)).map(|edge| self.because[edge]);
            for node in [Some(from), because] {
                let Some(node) = node.filter(|&node| node != NONE) else { continue };
                if (node as usize) < registers.len() {
                    met.push(node);
                    let earlier = registers.chains.range(registers.chains.of(node)).start..node;
                    let reads = |&other: &u32| {
                        registers.kind(other).reads() && registers.key(other) == registers.key(node)
                    };
                    met.extend(earlier.rev().find(reads).filter(|_| registers.kind(node).reads()));
                }
            }
        }
        met.sort_unstable();
        met.dedup();
        met
    }
}
