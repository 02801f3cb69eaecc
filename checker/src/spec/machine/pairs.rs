//! Pairs as numbers: what sequences and arrays are made of, so that a state of any size is one number.
//!
//! # Problem
//! A state of size s costs O(s) to copy, hash and compare, at every step; along a history of n operations that is O(n²).
//!
//! # Algorithm
//! Hash consing: a node is a pair (node, label), and there is only one node for each pair. A sequence is the path from
//! [`ROOT`], the empty one, to a node: to append or to drop the last label is one look-up. An array is a tree of pairs; see
//! [`Arrays`](super::array::Arrays).
//!
//! # Correctness
//! By induction on the number of pairs, two structures of one shape are equal iff they are one node: the table compares
//! pairs exactly, and never forgets one. Nodes are numbered under the lock of the shard that their pair falls in, so that
//! threads that make the same node agree on its number.
//!
//! # Reference
//! J.-C. Filliâtre, S. Conchon: Type-safe modular hash-consing, ML 2006.

use crate::limits::{Meter, Stop};
use crate::sync::Mutex;
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// The node that is no pair.
pub(super) const ROOT: u32 = 0;

const SHARD_BITS: u32 = 5;
const SHARDS: usize = 1 << SHARD_BITS;
/// What a node takes: parent, label, a slot of the table, and what growing tables leave unused.
const NODE_BYTES: usize = 32;

/// The nodes. Shared by the threads of a search.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    /// Node `1 + (row << SHARD_BITS | shard)` is that row of that shard.
    shards: Vec<Mutex<Shard>>,
    meter: &'a Meter,
}

#[derive(Default, Debug)]
struct Shard {
    parents: Vec<u32>,
    labels: Vec<u64>,
    table: HashTable<u32>,
}

impl<'a> Pairs<'a> {
    /// The root alone.
    pub(super) fn new(meter: &'a Meter) -> Self {
        Self { shards: (0..SHARDS).map(|_| Mutex::new(Shard::default())).collect(), meter }
    }

    /// The sequence with one label more.
    ///
    /// # Errors
    /// If the limits leave no room for it.
    pub(super) fn child(&self, parent: u32, label: u64) -> Result<u32, Stop> {
        let hash = FxBuildHasher.hash_one((parent, label));
        let index = (hash >> 40) as usize & (SHARDS - 1);
        let mut shard = self.shards[index].lock();
        let Shard { parents, labels, table } = &mut *shard;
        let is_it = |&row: &u32| parents[row as usize] == parent && labels[row as usize] == label;
        if let Some(&row) = table.find(hash, is_it) {
            return Ok(number(row, index));
        }
        let row = u32::try_from(parents.len())
            .ok()
            .filter(|&row| row < u32::MAX >> SHARD_BITS)
            .ok_or(Stop::Memory)?;
        self.meter.charge(NODE_BYTES)?;
        parents.push(parent);
        labels.push(label);
        table.insert_unique(hash, row, |&row| {
            FxBuildHasher.hash_one((parents[row as usize], labels[row as usize]))
        });
        Ok(number(row, index))
    }

    /// Takes bytes for what is kept beside the nodes.
    pub(super) fn charge(&self, bytes: usize) -> Result<(), Stop> {
        self.meter.charge(bytes)
    }

    /// The sequence without its last label, and that label; `None` for the empty one.
    pub(super) fn split(&self, node: u32) -> Option<(u32, u64)> {
        let place = node.checked_sub(1)?;
        let shard = self.shards[place as usize & (SHARDS - 1)].lock();
        let row = (place >> SHARD_BITS) as usize;
        Some((shard.parents[row], shard.labels[row]))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "there are few shards")]
fn number(row: u32, shard: usize) -> u32 {
    1 + (row << SHARD_BITS | shard as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    #[test]
    fn equal_sequences_are_one_node() {
        let meter = Meter::unlimited();
        let pairs = Pairs::new(&meter);
        let path =
            |labels: &[u64]| labels.iter().fold(ROOT, |node, &label| pairs.child(node, label).unwrap());
        let sequences = [&[][..], &[1], &[2], &[1, 2], &[2, 1], &[1, 1], &[0], &[u64::MAX]];
        for (i, a) in sequences.iter().enumerate() {
            for (j, b) in sequences.iter().enumerate() {
                assert_eq!(path(a) == path(b), i == j);
            }
        }
        assert_eq!(pairs.split(path(&[1, 2])), Some((path(&[1]), 2)));
        assert_eq!(pairs.split(ROOT), None);
    }

    #[test]
    fn nodes_are_counted() {
        let meter = Meter::start(&Limits { memory: Some(3 * NODE_BYTES as u64), ..Limits::default() });
        let pairs = Pairs::new(&meter);
        let made = (0..9).map_while(|label| pairs.child(ROOT, label).ok()).count();
        assert_eq!(made, 3);
        assert_eq!(pairs.child(ROOT, 99), Err(Stop::Memory));
    }
}
