//! Sets of slots: which operations in flight a configuration has already placed.

use std::fmt::Debug;
use std::hash::Hash;

/// A set of slots, a bit each. One to four words for up to 256 operations in flight, a boxed slice beyond.
pub(crate) trait Mask: Clone + Eq + Hash + Debug + Send + Sync {
    /// The empty set, with room for `width` slots.
    fn empty(width: usize) -> Self;

    /// The bits.
    fn words(&self) -> &[u64];

    /// The bits.
    fn words_mut(&mut self) -> &mut [u64];

    /// Bytes on the heap.
    fn heap(&self) -> usize {
        0
    }

    /// Whether the slot is in the set.
    #[inline]
    fn has(&self, slot: u32) -> bool {
        self.words()[slot as usize / 64] >> (slot % 64) & 1 != 0
    }

    /// Puts the slot into the set.
    #[inline]
    fn insert(&mut self, slot: u32) {
        self.words_mut()[slot as usize / 64] |= 1 << (slot % 64);
    }

    /// Takes the slot out of the set.
    #[inline]
    fn remove(&mut self, slot: u32) {
        self.words_mut()[slot as usize / 64] &= !(1 << (slot % 64));
    }

    /// Whether every slot of this set is in the other.
    #[inline]
    fn within(&self, other: &Self) -> bool {
        self.words().iter().zip(other.words()).all(|(a, b)| a & !b == 0)
    }

    /// The number of slots in the set.
    fn count(&self) -> u32 {
        self.words().iter().map(|word| word.count_ones()).sum()
    }
}

impl<const W: usize> Mask for [u64; W] {
    fn empty(width: usize) -> Self {
        debug_assert!(width <= 64 * W);
        [0; W]
    }

    #[inline]
    fn words(&self) -> &[u64] {
        self
    }

    #[inline]
    fn words_mut(&mut self) -> &mut [u64] {
        self
    }
}

impl Mask for Box<[u64]> {
    fn empty(width: usize) -> Self {
        vec![0; width.div_ceil(64)].into()
    }

    fn words(&self) -> &[u64] {
        self
    }

    fn words_mut(&mut self) -> &mut [u64] {
        self
    }

    fn heap(&self) -> usize {
        self.len() * size_of::<u64>()
    }
}

/// Calls `visit` with every slot of `a` that is not in `b`, in ascending order, until it gives an error.
#[inline]
pub(crate) fn difference<M: Mask, E>(
    a: &M,
    b: &M,
    mut visit: impl FnMut(u32) -> Result<(), E>,
) -> Result<(), E> {
    for (index, (&a, &b)) in (0_u32..).zip(a.words().iter().zip(b.words())) {
        let mut rest = a & !b;
        while rest != 0 {
            visit(index * 64 + rest.trailing_zeros())?;
            rest &= rest - 1;
        }
    }
    Ok(())
}
