//! Sets of replicas, as bits.

use std::fmt;

/// A set of replicas of one system, by number (`0..n`).
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::ReplicaSet;
///
/// let a: ReplicaSet = [0, 2].into_iter().collect();
/// let b: ReplicaSet = [1, 70].into_iter().collect();
/// assert!(a.is_disjoint(&b));
/// assert_eq!(b.iter().collect::<Vec<_>>(), [1, 70]);
/// ```
#[derive(Clone, Default, Eq)]
pub struct ReplicaSet {
    /// 64 replicas a word; missing words are zero.
    words: Vec<u64>,
}

impl ReplicaSet {
    /// The empty set.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// All of `0..n`.
    #[must_use]
    pub fn full(n: usize) -> Self {
        (0..n).collect()
    }

    /// Puts a replica in; says whether it was absent.
    pub fn insert(&mut self, replica: usize) -> bool {
        let (word, bit) = (replica / 64, 1_u64 << (replica % 64));
        if word >= self.words.len() {
            self.words.resize(word + 1, 0);
        }
        let absent = self.words[word] & bit == 0;
        self.words[word] |= bit;
        absent
    }

    /// Takes a replica out; says whether it was there.
    pub fn remove(&mut self, replica: usize) -> bool {
        let bit = 1_u64 << (replica % 64);
        let Some(word) = self.words.get_mut(replica / 64) else { return false };
        let present = *word & bit != 0;
        *word &= !bit;
        present
    }

    /// Whether the replica is in the set.
    #[must_use]
    pub fn contains(&self, replica: usize) -> bool {
        self.words.get(replica / 64).is_some_and(|word| word >> (replica % 64) & 1 == 1)
    }

    /// The number of replicas in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether no replica is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Whether the sets share no replica.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & b == 0)
    }

    /// Whether every replica of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.words.iter().enumerate().all(|(i, word)| word & !other.words.get(i).copied().unwrap_or(0) == 0)
    }

    /// The replicas in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self { words: self.words.iter().zip(&other.words).map(|(a, b)| a & b).collect() }
    }

    /// The replicas of `0..n` that are not in this set.
    #[must_use]
    pub fn complement(&self, n: usize) -> Self {
        (0..n).filter(|&replica| !self.contains(replica)).collect()
    }

    /// The replicas in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(i, &word)| {
            std::iter::successors((word != 0).then_some(word), |&rest| {
                let rest = rest & (rest - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |rest| i * 64 + rest.trailing_zeros() as usize)
        })
    }

    /// The words without trailing zeros: equal sets have equal significant words.
    fn significant(&self) -> &[u64] {
        let len = self.words.iter().rposition(|&word| word != 0).map_or(0, |last| last + 1);
        &self.words[..len]
    }
}

impl PartialEq for ReplicaSet {
    fn eq(&self, other: &Self) -> bool {
        self.significant() == other.significant()
    }
}

impl std::hash::Hash for ReplicaSet {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.significant().hash(state);
    }
}

impl PartialOrd for ReplicaSet {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// By size, then by the smallest members: the order in which quorums are shown.
impl Ord for ReplicaSet {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.len().cmp(&other.len()).then_with(|| self.iter().cmp(other.iter()))
    }
}

impl FromIterator<usize> for ReplicaSet {
    fn from_iter<I: IntoIterator<Item = usize>>(replicas: I) -> Self {
        let mut set = Self::new();
        for replica in replicas {
            set.insert(replica);
        }
        set
    }
}

impl fmt::Debug for ReplicaSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::ReplicaSet;

    #[test]
    fn sets_with_and_without_trailing_zero_words_are_equal() {
        let mut long: ReplicaSet = [3, 200].into_iter().collect();
        assert!(long.remove(200));
        assert_eq!(long, [3].into_iter().collect());
        assert!(!long.remove(999));
        assert_eq!(long.complement(5).iter().collect::<Vec<_>>(), [0, 1, 2, 4]);
        assert!(long.is_subset(&ReplicaSet::full(4)) && !ReplicaSet::full(4).is_subset(&long));
    }
}
