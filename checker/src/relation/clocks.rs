//! Vector clocks for the causal order co = (po ∪ rf)⁺.
//!
//! Problem: for each read, what was in its causal past, and what in the past of the write that it read.
//!
//! Algorithm: walk the chains in an order that extends po ∪ rf and keep one clock a chain: for each chain the node below
//! which everything is in the past. A read joins the clock of the write it reads from. The clock of a write is kept
//! (a *row*) until its last reader has been visited; writes between which the chain learns nothing share one row, and
//! a row is a copy only if somebody reads from such a write.
//!
//! Complexity: O(n) steps and one vector operation for each read that learns something; as many rows live as there are
//! writes with readers to come, at most one for each read that learns something.

use super::walk::{Stuck, walk};
use super::{Chains, NONE, Registers, UNKNOWN};
use crate::limits::{Meter, Stop};

/// Why a sweep ended early.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The causal order has a cycle.
    Stuck(Stuck),
    /// A limit.
    Stop(Stop),
}

impl From<Stuck> for Halt {
    fn from(stuck: Stuck) -> Self {
        Self::Stuck(stuck)
    }
}

impl From<Stop> for Halt {
    fn from(stop: Stop) -> Self {
        Self::Stop(stop)
    }
}

/// What a sweep shows of a node.
pub(crate) struct Seen<'a> {
    /// The node.
    pub(crate) node: u32,
    /// For each chain the node below which all is in the causal past of `node`; for its own chain that is `node` itself.
    pub(crate) past: &'a [u32],
    /// The write that it reads from and the same for that (of its own chain: at most that write); `None` if there is
    /// none.
    pub(crate) source: Option<(u32, &'a [u32])>,
    /// Whether the chain knows more than at its last node, besides that node.
    pub(crate) learned: bool,
}

/// Rows of one width, with the free ones reused.
struct Pool {
    width: usize,
    cells: Vec<u32>,
    free: Vec<u32>,
}

impl Pool {
    fn get(&self, row: u32) -> &[u32] {
        &self.cells[row as usize * self.width..(row as usize + 1) * self.width]
    }

    fn copy(&mut self, clock: &[u32], meter: &Meter) -> Result<u32, Stop> {
        if let Some(row) = self.free.pop() {
            self.cells[row as usize * self.width..(row as usize + 1) * self.width].copy_from_slice(clock);
            return Ok(row);
        }
        meter.charge(self.width * size_of::<u32>())?;
        #[expect(clippy::cast_possible_truncation, reason = "one row a read at most")]
        let row = (self.cells.len() / self.width.max(1)) as u32;
        self.cells.extend_from_slice(clock);
        Ok(row)
    }
}

/// Visits every node in an order that extends the causal order, and shows it with its clock.
///
/// # Errors
/// If the causal order has a cycle, or a limit is reached, or `visit` says so.
pub(crate) fn sweep<E: From<Halt>>(
    registers: &Registers,
    meter: &Meter,
    visit: impl FnMut(Seen<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut sweep = Sweep::new(registers, meter, visit);
    let outcome = walk(
        &registers.chains,
        |node, visited| {
            let source = registers.source(node);
            (source < UNKNOWN && !visited.contains(source)).then_some(source)
        },
        |node| sweep.step(node),
    );
    meter.refund(sweep.pool.cells.len() * size_of::<u32>());
    outcome.map_err(|halt| match halt {
        Inner::Halt(halt) => halt.into(),
        Inner::Visit(error) => error,
    })
}

enum Inner<E> {
    Halt(Halt),
    Visit(E),
}

impl<E> From<Stuck> for Inner<E> {
    fn from(stuck: Stuck) -> Self {
        Self::Halt(Halt::Stuck(stuck))
    }
}

struct Sweep<'a, V> {
    registers: &'a Registers,
    chains: &'a Chains,
    meter: &'a Meter,
    visit: V,
    /// The clock of each chain, one behind the other.
    clocks: Vec<u32>,
    /// The row that holds each chain's clock now, or [`NONE`].
    row_now: Vec<u32>,
    /// The row of each write whose readers are to come, or [`NONE`].
    row_of: Vec<u32>,
    /// How many readers of each write, and children of each parent, are to come.
    readers: Vec<u32>,
    /// How many users each row has: writes with readers to come, and the chain while it is its row.
    users: Vec<u32>,
    pool: Pool,
    steps: u32,
}

impl<'a, E, V: FnMut(Seen<'_>) -> Result<(), E>> Sweep<'a, V> {
    fn new(registers: &'a Registers, meter: &'a Meter, visit: V) -> Self {
        let chains = &registers.chains;
        let width = chains.len();
        let start = (0..width).map(|chain| chains.range(chain).start);
        let zero: Vec<u32> = start.collect();
        let mut readers = vec![0; registers.len()];
        for node in registers.nodes() {
            let source = registers.source(node);
            if source < UNKNOWN {
                readers[source as usize] += 1;
            }
        }
        for chain in (0..width).filter(|&chain| !chains.range(chain).is_empty()) {
            if chains.parent(chain) != NONE {
                readers[chains.parent(chain) as usize] += 1;
            }
        }
        Self {
            registers,
            chains,
            meter,
            visit,
            clocks: zero.repeat(width),
            row_now: vec![NONE; width],
            row_of: vec![NONE; registers.len()],
            readers,
            users: Vec::new(),
            pool: Pool { width, cells: Vec::new(), free: Vec::new() },
            steps: 0,
        }
    }

    fn step(&mut self, node: u32) -> Result<(), Inner<E>> {
        self.steps += 1;
        if self.steps.is_multiple_of(1 << 12) {
            self.meter.check().map_err(|stop| Inner::Halt(stop.into()))?;
        }
        let chain = self.chains.of(node);
        if node == self.chains.range(chain).start {
            self.inherit(chain);
        }
        let width = self.chains.len();
        self.clocks[chain * width + chain] = node;
        self.read(node, chain)?;
        if self.readers[node as usize] > 0 {
            self.keep(node, chain).map_err(|stop| Inner::Halt(stop.into()))?;
        }
        Ok(())
    }

    /// A chain with a parent starts with the parent's past and the parent: the row that was kept for it, for the
    /// parent's chain may have gone on since.
    fn inherit(&mut self, chain: usize) {
        let parent = self.chains.parent(chain);
        if parent == NONE {
            return;
        }
        let width = self.chains.len();
        let row = self.row_of[parent as usize];
        self.clocks[chain * width..(chain + 1) * width].copy_from_slice(self.pool.get(row));
        self.clocks[chain * width + self.chains.of(parent)] = parent + 1;
        self.forget(parent, row);
    }

    /// One reader less of a node.
    fn forget(&mut self, node: u32, row: u32) {
        self.readers[node as usize] -= 1;
        if self.readers[node as usize] == 0 {
            release(&mut self.users, &mut self.pool, row);
        }
    }

    fn read(&mut self, node: u32, chain: usize) -> Result<(), Inner<E>> {
        let width = self.chains.len();
        let source = self.registers.source(node);
        let clock = &mut self.clocks[chain * width..(chain + 1) * width];
        let mut learned = node == self.chains.range(chain).start;
        if source >= UNKNOWN {
            return (self.visit)(Seen { node, past: clock, source: None, learned }).map_err(Inner::Visit);
        }
        let row = self.row_of[source as usize];
        let then = self.pool.get(row);
        let from = self.chains.of(source);
        if clock[from] <= source {
            learned = true;
            for (now, &then) in clock.iter_mut().zip(then) {
                *now = (*now).max(then);
            }
            clock[from] = source + 1;
            let stale = std::mem::replace(&mut self.row_now[chain], NONE);
            release(&mut self.users, &mut self.pool, stale);
        }
        let then = self.pool.get(row);
        (self.visit)(Seen { node, past: clock, source: Some((source, then)), learned })
            .map_err(Inner::Visit)?;
        self.forget(source, row);
        Ok(())
    }

    fn keep(&mut self, node: u32, chain: usize) -> Result<(), Stop> {
        if self.row_now[chain] == NONE {
            let width = self.chains.len();
            let row = self.pool.copy(&self.clocks[chain * width..(chain + 1) * width], self.meter)?;
            self.users.resize(self.users.len().max(row as usize + 1), 0);
            self.users[row as usize] = 1;
            self.row_now[chain] = row;
        }
        let row = self.row_now[chain];
        self.users[row as usize] += 1;
        self.row_of[node as usize] = row;
        Ok(())
    }
}

fn release(users: &mut [u32], pool: &mut Pool, row: u32) {
    if row != NONE {
        users[row as usize] -= 1;
        if users[row as usize] == 0 {
            pool.free.push(row);
        }
    }
}
