//! Frontiers: how far each chain has come, what the objects hold; and the memo of those that lead nowhere new.

use super::super::config::mix;
use super::super::problem::number;
use crate::limits::{Meter, Stop};
use hashbrown::HashTable;

/// A place between operations. One row of integers, compared exactly.
#[derive(Debug)]
pub(crate) struct Frontier {
    /// `chains` places, then `objects` states, then for each class of optional operations how many were used.
    words: Vec<u32>,
    chains: usize,
    objects: usize,
}

impl Frontier {
    /// The start.
    pub(crate) fn new(chains: usize, states: &[u32], classes: usize) -> Self {
        let mut words = vec![0; chains];
        words.extend_from_slice(states);
        words.resize(chains + states.len() + classes, 0);
        Self { words, chains, objects: states.len() }
    }

    /// The places of the chains.
    #[inline]
    pub(crate) fn places(&self) -> &[u32] {
        &self.words[..self.chains]
    }

    /// The place of a chain.
    #[inline]
    pub(crate) fn place(&mut self, chain: u32) -> &mut u32 {
        &mut self.words[chain as usize]
    }

    /// The state of an object.
    #[inline]
    pub(crate) fn state(&mut self, object: u32) -> &mut u32 {
        &mut self.words[self.chains + object as usize]
    }

    /// How many of a class were used.
    #[inline]
    pub(crate) fn used(&mut self, class: usize) -> &mut u32 {
        &mut self.words[self.chains + self.objects + class]
    }
}

/// Frontiers seen at choices.
#[derive(Debug)]
pub(crate) struct Memo {
    rows: Vec<u32>,
    width: usize,
    table: HashTable<u32>,
    charged: usize,
}

impl Memo {
    /// An empty memo for frontiers like this one.
    pub(crate) fn new(frontier: &Frontier) -> Self {
        Self { rows: Vec::new(), width: frontier.words.len(), table: HashTable::new(), charged: 0 }
    }

    /// False if it was there.
    pub(crate) fn insert(&mut self, frontier: &Frontier, meter: &Meter) -> Result<bool, Stop> {
        let Self { rows, width, table, charged } = self;
        let row = |index: u32| &rows[index as usize * *width..][..*width];
        let hash = hash_of(&frontier.words);
        if table.find(hash, |&index| row(index) == frontier.words).is_some() {
            return Ok(false);
        }
        let index = number(rows.len() / *width);
        rows.extend_from_slice(&frontier.words);
        table.insert_unique(hash, index, |&index| hash_of(&rows[index as usize * *width..][..*width]));
        let bytes = rows.capacity() * size_of::<u32>() + table.capacity() * 5;
        if bytes > *charged {
            meter.charge(bytes - std::mem::replace(charged, bytes))?;
        }
        Ok(true)
    }

    /// How many frontiers it holds.
    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }
}

fn hash_of(words: &[u32]) -> u64 {
    words.chunks(2).fold(0x51_7cc1_b727_220a, |hash, pair| {
        mix(hash, u64::from(pair[0]) << 32 | u64::from(pair.get(1).copied().unwrap_or(u32::MAX)))
    })
}
