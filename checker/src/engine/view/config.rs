//! Configurations: how far a search has come, in a few words; and sets of them without the dominated ones.
//!
//! Before an event, everything that has returned has been placed, so a configuration is the state, the set of operations
//! in flight that have been placed, and how many operations without a return have been used.

use super::mask::Mask;
use super::usage::UsageTable;
use hashbrown::{HashSet, HashTable};
use rustc_hash::FxBuildHasher;

/// A configuration.
#[derive(Clone, Debug)]
pub(crate) struct Config<M> {
    pub state: u32,
    pub used: u32,
    pub placed: M,
}

/// A configuration and how it was reached.
#[derive(Clone, Debug)]
pub(crate) struct Entry<M> {
    pub config: Config<M>,
    pub trail: u32,
}

impl<M: Mask> Config<M> {
    /// A hash of the state and of the operations placed that are no observers: dominance looks across the rest.
    #[inline]
    pub(crate) fn hash(&self, observers: &M) -> u64 {
        let start = mix(0x9e37_79b9_7f4a_7c15, u64::from(self.state));
        let words = self.placed.words().iter().zip(observers.words());
        words.fold(start, |hash, (&placed, &observer)| mix(hash, placed & !observer))
    }

    /// Whether this configuration can do all that the other can: it is in the same state, has placed the same operations
    /// that change states, all the observers that the other has, and used no more of any class.
    #[inline]
    fn covers(&self, other: &Self, observers: &M, usage: &UsageTable) -> bool {
        let words = self.placed.words().iter().zip(other.placed.words()).zip(observers.words());
        self.state == other.state
            && words.into_iter().all(|((&a, &b), &observer)| (a ^ b) & !observer == 0 && b & !a == 0)
            && usage.at_most(self.used, other.used)
    }
}

/// One step of a hash by folded multiplication: all bits of the result depend on all bits of the word.
#[inline]
pub(crate) fn mix(hash: u64, word: u64) -> u64 {
    let product = u128::from(hash ^ word) * 0xd131_0ba6_98df_b5ad;
    (product as u64) ^ (product >> 64) as u64
}

/// Below this many configurations a scan is faster than a table.
const SCAN: usize = 12;

/// A set of configurations, none dominated by an earlier one.
#[derive(Debug)]
pub(crate) struct Pool<M> {
    configs: Vec<Config<M>>,
    /// Rows that a later configuration dominates.
    dead: HashSet<u32, FxBuildHasher>,
    table: HashTable<u32>,
    /// The slots of observers.
    observers: M,
}

impl<M: Mask> Pool<M> {
    /// An empty set, for a moment at which these slots hold observers.
    pub(crate) fn new(observers: M) -> Self {
        Self { configs: Vec::new(), dead: HashSet::default(), table: HashTable::new(), observers }
    }

    /// An empty set for the same moment.
    pub(crate) fn like(&self) -> Self {
        Self::new(self.observers.clone())
    }

    /// The hash by which the set files a configuration.
    #[inline]
    pub(crate) fn hash(&self, config: &Config<M>) -> u64 {
        config.hash(&self.observers)
    }

    /// Adds a configuration (`hash` = [`Pool::hash`]) unless one of the set dominates it; gives its row if it is new.
    pub(crate) fn insert(&mut self, config: Config<M>, hash: u64, usage: &UsageTable) -> Option<u32> {
        if self.dominated(&config, hash, usage) {
            return None;
        }
        let row = super::problem::number(self.configs.len());
        self.bury(&config, hash, usage);
        self.configs.push(config);
        if self.configs.len() > SCAN {
            self.index(hash, row);
        }
        Some(row)
    }

    /// Adds a configuration that no other of the set dominates or is dominated by.
    pub(crate) fn push(&mut self, config: Config<M>, hash: u64) -> u32 {
        self.move_in(config, hash, false)
    }

    /// Adds a configuration of another set in its order, dead or alive.
    pub(crate) fn move_in(&mut self, config: Config<M>, hash: u64, dead: bool) -> u32 {
        let row = super::problem::number(self.configs.len());
        self.configs.push(config);
        if dead {
            self.dead.insert(row);
        }
        if self.configs.len() == SCAN + 1 || self.configs.len() > SCAN && !dead {
            self.index(hash, row);
        }
        row
    }

    /// Whether the set holds a configuration that can do all that this one can.
    pub(crate) fn dominated(&self, config: &Config<M>, hash: u64, usage: &UsageTable) -> bool {
        let covers = |row: u32| self.configs[row as usize].covers(config, &self.observers, usage);
        if self.configs.len() <= SCAN {
            (0..self.configs.len() as u32).any(covers)
        } else {
            self.table.iter_hash(hash).any(|&row| covers(row))
        }
    }

    /// Marks those that the new configuration dominates, and takes them out of the table.
    fn bury(&mut self, config: &Config<M>, hash: u64, usage: &UsageTable) {
        let Self { configs, dead, table, observers } = self;
        let covered = |row: u32| config.covers(&configs[row as usize], observers, usage);
        if configs.len() <= SCAN {
            dead.extend((0..configs.len() as u32).filter(|&row| covered(row)));
            return;
        }
        while let Ok(entry) = table.find_entry(hash, |&row| covered(row)) {
            dead.insert(entry.remove().0);
        }
    }

    fn index(&mut self, hash: u64, row: u32) {
        let Self { configs, table, observers, dead } = self;
        let rehash = |&row: &u32| configs[row as usize].hash(observers);
        if configs.len() == SCAN + 1 {
            for row in (0..configs.len() as u32).filter(|row| !dead.contains(row)) {
                table.insert_unique(configs[row as usize].hash(observers), row, rehash);
            }
        } else {
            table.insert_unique(hash, row, rehash);
        }
    }

    /// The configuration in a row.
    #[inline]
    pub(crate) fn get(&self, row: u32) -> &Config<M> {
        &self.configs[row as usize]
    }

    /// Whether the row was dominated by a later one.
    pub(crate) fn is_dead(&self, row: u32) -> bool {
        self.dead.contains(&row)
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let heap = self.configs.first().map_or(0, |config| config.placed.heap());
        self.configs.capacity() * (size_of::<Config<M>>() + heap)
            + self.table.capacity() * 5
            + self.dead.capacity() * 5
    }
}
