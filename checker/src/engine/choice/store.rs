//! Words that can be put back: the state of a search, with a trail instead of copies.

/// Bits of a search: relations, candidate sets, flags.
#[derive(Clone, Default, Debug)]
pub(super) struct Store {
    cells: Vec<u64>,
    /// What was overwritten since the start: (word, old value).
    trail: Vec<(u32, u64)>,
    /// Grows with every change.
    pub(super) changes: u64,
}

impl Store {
    /// So many words of zeros; where they begin.
    pub(super) fn alloc(&mut self, words: usize) -> usize {
        let start = self.cells.len();
        self.cells.resize(start + words, 0);
        start
    }

    #[inline]
    pub(super) fn word(&self, at: usize) -> u64 {
        self.cells[at]
    }

    #[inline]
    pub(super) fn words(&self, at: usize, words: usize) -> &[u64] {
        &self.cells[at..at + words]
    }

    #[inline]
    pub(super) fn put(&mut self, at: usize, value: u64) {
        let old = std::mem::replace(&mut self.cells[at], value);
        if old != value {
            #[expect(clippy::cast_possible_truncation, reason = "a store has fewer than 2^32 words")]
            self.trail.push((at as u32, old));
            self.changes += 1;
        }
    }

    #[inline]
    pub(super) fn bit(&self, at: usize, bit: usize) -> bool {
        self.cells[at + bit / 64] >> (bit % 64) & 1 == 1
    }

    #[inline]
    pub(super) fn set(&mut self, at: usize, bit: usize) {
        let word = at + bit / 64;
        self.put(word, self.cells[word] | 1 << (bit % 64));
    }

    #[inline]
    pub(super) fn clear(&mut self, at: usize, bit: usize) {
        let word = at + bit / 64;
        self.put(word, self.cells[word] & !(1 << (bit % 64)));
    }

    /// A point to come back to.
    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    /// Undoes everything since a mark.
    pub(super) fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((at, old)) = self.trail.pop() {
                self.cells[at as usize] = old;
            }
        }
    }

    /// Bytes in use.
    pub(super) fn bytes(&self) -> usize {
        self.cells.len() * 8 + self.trail.capacity() * size_of::<(u32, u64)>()
    }
}

/// The set bits of a word array, ascending.
pub(super) fn ones(words: &[u64]) -> impl Iterator<Item = usize> + '_ {
    words.iter().enumerate().flat_map(|(at, &word)| {
        std::iter::successors((word != 0).then_some(word), |word| {
            Some(word & (word - 1)).filter(|&rest| rest != 0)
        })
        .map(move |word| at * 64 + word.trailing_zeros() as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_undone_was_never_done() {
        let mut store = Store::default();
        let at = store.alloc(2);
        store.set(at, 3);
        let mark = store.mark();
        store.set(at, 70);
        store.clear(at, 3);
        assert_eq!(ones(store.words(at, 2)).collect::<Vec<_>>(), [70]);
        store.undo(mark);
        assert_eq!(ones(store.words(at, 2)).collect::<Vec<_>>(), [3]);
    }
}
