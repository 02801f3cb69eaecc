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
    /// A hash of state and placed operations; usage is left out, since dominance looks across usages.
    #[inline]
    pub(crate) fn hash(&self) -> u64 {
        let start = mix(0x9e37_79b9_7f4a_7c15, u64::from(self.state));
        self.placed.words().iter().fold(start, |hash, &word| mix(hash, word))
    }

    #[inline]
    fn alike(&self, other: &Self) -> bool {
        self.state == other.state && self.placed == other.placed
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
}

impl<M> Default for Pool<M> {
    fn default() -> Self {
        Self { configs: Vec::new(), dead: HashSet::default(), table: HashTable::new() }
    }
}

impl<M: Mask> Pool<M> {
    /// Adds a configuration (`hash` = [`Config::hash`]) unless one of the set dominates it; gives its row if it is new.
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

    /// Whether the set holds a configuration that can do all that this one can.
    pub(crate) fn dominated(&self, config: &Config<M>, hash: u64, usage: &UsageTable) -> bool {
        let covers = |row: u32| {
            let other = &self.configs[row as usize];
            other.alike(config) && usage.at_most(other.used, config.used)
        };
        if self.configs.len() <= SCAN {
            (0..self.configs.len() as u32).any(covers)
        } else {
            self.table.iter_hash(hash).any(|&row| covers(row))
        }
    }

    /// Marks those that the new configuration dominates.
    fn bury(&mut self, config: &Config<M>, hash: u64, usage: &UsageTable) {
        let Self { configs, dead, table } = self;
        let covered = |row: u32| {
            let other = &configs[row as usize];
            other.used != config.used && other.alike(config) && usage.at_most(config.used, other.used)
        };
        if configs.len() <= SCAN {
            dead.extend((0..configs.len() as u32).filter(|&row| covered(row)));
        } else {
            dead.extend(table.iter_hash(hash).copied().filter(|&row| covered(row)));
        }
    }

    fn index(&mut self, hash: u64, row: u32) {
        let Self { configs, table, .. } = self;
        let rehash = |&row: &u32| configs[row as usize].hash();
        if table.is_empty() {
            for row in 0..configs.len() as u32 {
                table.insert_unique(configs[row as usize].hash(), row, rehash);
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
        self.configs.capacity() * (size_of::<Config<M>>() + heap) + self.table.capacity() * 5
    }
}
