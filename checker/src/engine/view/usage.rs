//! How many operations of each class a configuration has used: interned, compared by dominance.
//!
//! Operations without a return may take effect at any time or never. Of two configurations equal in everything else, the
//! one that used no more of any class can do all that the other can: only it is kept.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use std::sync::RwLock;

/// The usage of nothing.
pub(crate) const UNUSED: u32 = 0;

/// (class, how many), ascending by class, none with zero.
type Counts = Box<[(u32, u32)]>;

/// The table of usages; shared by the threads of a search.
#[derive(Debug)]
pub(crate) struct UsageTable(RwLock<Rows>);

#[derive(Debug, Default)]
struct Rows {
    rows: Vec<Counts>,
    ids: HashMap<Counts, u32, FxBuildHasher>,
    /// (usage, class) → the usage with one more of the class.
    more: HashMap<(u32, u32), u32, FxBuildHasher>,
}

impl Rows {
    fn intern(&mut self, counts: Counts) -> u32 {
        if let Some(&id) = self.ids.get(&counts) {
            return id;
        }
        let id = super::problem::number(self.rows.len());
        self.rows.push(counts.clone());
        self.ids.insert(counts, id);
        id
    }
}

impl UsageTable {
    /// A table that knows [`UNUSED`].
    pub(crate) fn new() -> Self {
        let mut rows = Rows::default();
        rows.intern(Box::default());
        Self(RwLock::new(rows))
    }

    /// How many of the class a usage has.
    pub(crate) fn count(&self, usage: u32, class: u32) -> u32 {
        if usage == UNUSED {
            return 0;
        }
        let rows = self.read();
        let row = &rows.rows[usage as usize];
        row.binary_search_by_key(&class, |entry| entry.0).map_or(0, |at| row[at].1)
    }

    /// The usage with one more of the class.
    pub(crate) fn with(&self, usage: u32, class: u32) -> u32 {
        if let Some(&id) = self.read().more.get(&(usage, class)) {
            return id;
        }
        let mut rows = self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut counts = rows.rows[usage as usize].to_vec();
        match counts.binary_search_by_key(&class, |entry| entry.0) {
            Ok(at) => counts[at].1 += 1,
            Err(at) => counts.insert(at, (class, 1)),
        }
        let id = rows.intern(counts.into());
        rows.more.insert((usage, class), id);
        id
    }

    /// The usage without the classes that nobody can notice any more.
    pub(crate) fn project(&self, usage: u32, keep: impl Fn(u32) -> bool) -> u32 {
        if usage == UNUSED {
            return UNUSED;
        }
        let counts: Counts = {
            let rows = self.read();
            let row = &rows.rows[usage as usize];
            if row.iter().all(|entry| keep(entry.0)) {
                return usage;
            }
            row.iter().filter(|entry| keep(entry.0)).copied().collect()
        };
        self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner).intern(counts)
    }

    /// Whether `a` uses no more of any class than `b`.
    pub(crate) fn at_most(&self, a: u32, b: u32) -> bool {
        if a == b || a == UNUSED {
            return true;
        }
        if b == UNUSED {
            return false;
        }
        let rows = self.read();
        let mut of_b = rows.rows[b as usize].iter();
        rows.rows[a as usize].iter().all(|&(class, used)| {
            of_b.by_ref()
                .find(|entry| entry.0 >= class)
                .is_some_and(|entry| entry.0 == class && entry.1 >= used)
        })
    }

    /// About how many bytes the table takes.
    pub(crate) fn bytes(&self) -> usize {
        let rows = self.read();
        rows.rows.len() * 96 + rows.more.len() * 24
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, Rows> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usages_are_compared_class_by_class() {
        let table = UsageTable::new();
        let a = table.with(UNUSED, 3);
        let b = table.with(table.with(UNUSED, 5), 3);
        let aa = table.with(a, 3);
        assert_eq!(table.with(table.with(UNUSED, 3), 5), b);
        assert!(table.at_most(a, b) && table.at_most(a, aa) && table.at_most(UNUSED, a));
        assert!(
            !table.at_most(b, a)
                && !table.at_most(aa, b)
                && !table.at_most(b, aa)
                && !table.at_most(a, UNUSED)
        );
        assert_eq!((table.count(aa, 3), table.count(aa, 5)), (2, 0));
        assert_eq!(table.project(b, |class| class != 5), a);
    }
}
