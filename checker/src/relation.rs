//! Orders over the operations of a register history: chains, reads-from, clocks, cycles.
//!
//! Everything here speaks of **nodes**: dense numbers of the operations that count, chain by chain in program order (see
//! [`Registers`]). An order that contains program order is a *vector*: for each chain, how many of its nodes are in.

mod chains;
mod clocks;
mod cycle;
mod edges;
mod graph;
mod pasts;
mod registers;
mod runs;
mod sources;
mod walk;

pub(crate) use chains::Chains;
pub(crate) use clocks::{Halt, Seen, sweep};
pub(crate) use cycle::{Hop, short_cycle, short_path};
pub(crate) use edges::InEdges;
pub(crate) use graph::topological;
pub(crate) use pasts::{Before, Pasts};
pub(crate) use registers::{Kind, Registers, written};
pub(crate) use runs::Runs;
pub(crate) use sources::{INITIAL, NONE, Sources, UNKNOWN};
pub(crate) use walk::{Stuck, walk};
