//! The causal past of every node at once, for those who must look back.

use super::clocks::{Halt, Seen, sweep};
use super::{Chains, NONE, Registers};
use crate::limits::Meter;

/// The causal past of every node: one row of a counter a chain for each read that learned something.
#[derive(Debug)]
pub(crate) struct Pasts {
    width: usize,
    cells: Vec<u32>,
    row_of: Vec<u32>,
}

impl Pasts {
    /// Sweeps the history and keeps the clocks.
    ///
    /// # Errors
    /// If the causal order has a cycle, or there is no room.
    pub(crate) fn new(registers: &Registers, meter: &Meter) -> Result<Self, Halt> {
        let width = registers.chains.len();
        let mut pasts = Self { width, cells: Vec::new(), row_of: vec![0; registers.len()] };
        let mut row_now = vec![0; width];
        sweep(registers, meter, |Seen { node, past, learned, .. }| {
            let chain = registers.chains.of(node);
            if learned {
                meter.charge(width * size_of::<u32>())?;
                #[expect(clippy::cast_possible_truncation, reason = "at most one row a node")]
                {
                    row_now[chain] = (pasts.cells.len() / width) as u32;
                }
                pasts.cells.extend_from_slice(past);
            }
            pasts.row_of[node as usize] = row_now[chain];
            Ok::<(), Halt>(())
        })?;
        Ok(pasts)
    }

    /// For each chain the node below which all is in the past of `node`; of its own chain use the node itself.
    #[inline]
    pub(crate) fn row(&self, node: u32) -> &[u32] {
        let row = self.row_of[node as usize] as usize;
        &self.cells[row * self.width..(row + 1) * self.width]
    }

    /// Gives the memory back.
    pub(crate) fn refund(self, meter: &Meter) {
        meter.refund(self.cells.len() * size_of::<u32>());
    }
}

/// What comes before the writes of a history, the same for every process's view: a set of nodes closed under program
/// order for each write.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Before<'a> {
    /// Program order alone.
    Program(&'a Chains),
    /// The causal order.
    Causal(&'a Chains, &'a Pasts),
}

impl Before<'_> {
    pub(crate) fn chains(&self) -> &Chains {
        match self {
            Self::Program(chains) | Self::Causal(chains, _) => chains,
        }
    }

    /// Whether `a` is before `b`.
    #[inline]
    pub(crate) fn holds(&self, a: u32, b: u32) -> bool {
        match self {
            Self::Program(chains) => chains.ordered(a, b),
            Self::Causal(chains, pasts) => {
                let chain = chains.of(a);
                if chain == chains.of(b) { a < b } else { pasts.row(b)[chain] > a }
            }
        }
    }

    /// Shows, for each chain that has any, the end of what is before `node` or is `node`.
    #[inline]
    pub(crate) fn up_to(&self, node: u32, mut show: impl FnMut(usize, u32)) {
        let chains = self.chains();
        let home = chains.of(node);
        show(home, node + 1);
        match self {
            Self::Program(chains) => {
                let parent = chains.parent(home);
                if parent != NONE {
                    show(chains.of(parent), parent + 1);
                }
            }
            Self::Causal(_, pasts) => {
                for (chain, &end) in pasts.row(node).iter().enumerate() {
                    if chain != home {
                        show(chain, end);
                    }
                }
            }
        }
    }
}
