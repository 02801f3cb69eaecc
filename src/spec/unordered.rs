//! Hash maps and hash sets as states.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{BuildHasher, Hash, Hasher};
use std::ops::{Deref, DerefMut};

/// A `HashMap` or `HashSet` that can be hashed itself: states are kept in tables. Its contents count, their order does
/// not.
///
/// # Examples
/// ```
/// use tribunal::spec::{Plain, Unordered};
/// use std::collections::HashMap;
///
/// let store = Plain::new(Unordered(HashMap::new()), |map: &mut Unordered<HashMap<u32, u32>>, op: &(u32, u32)| {
///     map.insert(op.0, op.1)
/// });
/// # let _ = store;
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Unordered<C>(pub C);

impl<C> Deref for Unordered<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

impl<C> DerefMut for Unordered<C> {
    fn deref_mut(&mut self) -> &mut C {
        &mut self.0
    }
}

impl<C: fmt::Debug> fmt::Debug for Unordered<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The sum does not depend on the order.
fn sum(items: impl Iterator<Item = impl Hash>) -> u64 {
    items.map(|item| super::part(&item)).fold(0, u64::wrapping_add)
}

impl<K: Hash, V: Hash, B: BuildHasher> Hash for Unordered<HashMap<K, V, B>> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0.len(), sum(self.0.iter())).hash(state);
    }
}

impl<K: Hash, B: BuildHasher> Hash for Unordered<HashSet<K, B>> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0.len(), sum(self.0.iter())).hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_contents_hash_alike() {
        let hash = |map: &HashMap<u32, u32>| super::super::part(&Unordered(map.clone()));
        let up: HashMap<u32, u32> = (0..100).map(|i| (i, i + 1)).collect();
        let down: HashMap<u32, u32> = (0..100).rev().map(|i| (i, i + 1)).collect();
        assert_eq!(hash(&up), hash(&down));
        let other: HashMap<u32, u32> = (0..100).map(|i| (i, i + 2)).collect();
        assert_ne!(hash(&up), hash(&other));
        let set = |items: [u8; 3]| super::super::part(&Unordered(HashSet::from(items)));
        assert_eq!(set([1, 2, 3]), set([3, 1, 2]));
    }
}
