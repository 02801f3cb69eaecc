//! Arrays as numbers: persistent arrays of words, equal arrays one number.
//!
//! # Algorithm
//! A binary tree over the indices, as deep as the length needs, of hash-consed pairs ([`Pairs`]): a leaf is a word, an
//! inner node its two halves, and a half of zeros is [`EMPTY`], whatever its size. To set a word rebuilds the nodes on its
//! path; all others are shared.
//!
//! # Correctness
//! Arrays of one length have one shape; by induction on the level, equal subtrees of a level are one node
//! ([`EMPTY`] exactly for zeros, otherwise by the uniqueness of pairs). A leaf's pair is marked by a number that no node
//! has, so that it is never taken for an inner node.
//!
//! # Complexity
//! O(log length) look-ups each.

use super::pairs::{Pairs, ROOT};
use crate::limits::{Meter, Stop};

/// The array of zeros.
pub(super) const EMPTY: u32 = ROOT;

/// Stands in the pair of a leaf in the place of a node.
const LEAF: u32 = u32::MAX;

/// Arrays, mostly of one length.
#[derive(Debug)]
pub(super) struct Arrays<'a> {
    pairs: Pairs<'a>,
    /// The bits of an index.
    levels: u32,
}

impl<'a> Arrays<'a> {
    /// Arrays of `length` words.
    pub(super) fn new(length: usize, meter: &'a Meter) -> Self {
        Self { pairs: Pairs::new(meter), levels: length.max(1).next_power_of_two().trailing_zeros() }
    }

    /// The word at an index.
    pub(super) fn get(&self, array: u32, index: usize) -> u64 {
        self.get_in(self.levels, array, index)
    }

    /// The array with another word at an index.
    ///
    /// # Errors
    /// If the limits leave no room for it.
    pub(super) fn set(&self, array: u32, index: usize, word: u64) -> Result<u32, Stop> {
        self.set_in(self.levels, array, index, word)
    }

    /// The word at an index of an array of 2^`levels` words; bits of the index beyond that are passed over.
    pub(super) fn get_in(&self, levels: u32, array: u32, index: usize) -> u64 {
        let leaf = (0..levels).rev().fold(array, |node, level| {
            let (left, right) = self.halves(node);
            if index >> level & 1 == 0 { left } else { right }
        });
        self.word(leaf)
    }

    /// The array of 2^`levels` words with another word at an index.
    ///
    /// # Errors
    /// If the limits leave no room for it.
    pub(super) fn set_in(&self, levels: u32, array: u32, index: usize, word: u64) -> Result<u32, Stop> {
        // The halves that the path leaves aside, by level.
        let mut aside = [EMPTY; usize::BITS as usize];
        let mut node = array;
        for level in (0..levels).rev() {
            let (left, right) = self.halves(node);
            (node, aside[level as usize]) =
                if index >> level & 1 == 0 { (left, right) } else { (right, left) };
        }
        let leaf = if word == 0 { EMPTY } else { self.pairs.child(LEAF, word)? };
        (0..levels).try_fold(leaf, |node, level| match (index >> level & 1, aside[level as usize]) {
            (0, right) => self.join(node, right),
            (_, left) => self.join(left, node),
        })
    }

    /// The greatest index whose word is not zero, and the word.
    pub(super) fn last(&self, array: u32) -> Option<(usize, u64)> {
        if array == EMPTY {
            return None;
        }
        let (leaf, index) = (0..self.levels).fold((array, 0), |(node, index), _| match self.halves(node) {
            (left, EMPTY) => (left, index << 1),
            (_, right) => (right, index << 1 | 1),
        });
        Some((index, self.word(leaf)))
    }

    /// The array of these halves.
    ///
    /// # Errors
    /// If the limits leave no room for it.
    pub(super) fn join(&self, left: u32, right: u32) -> Result<u32, Stop> {
        if (left, right) == (EMPTY, EMPTY) { Ok(EMPTY) } else { self.pairs.child(left, right.into()) }
    }

    /// The halves of an array of more than one word.
    #[expect(clippy::cast_possible_truncation, reason = "the label of an inner node is a node")]
    pub(super) fn halves(&self, node: u32) -> (u32, u32) {
        self.pairs.split(node).map_or((EMPTY, EMPTY), |(left, right)| (left, right as u32))
    }

    /// The nodes, for what holds arrays.
    pub(super) fn pairs(&self) -> &Pairs<'a> {
        &self.pairs
    }

    fn word(&self, leaf: u32) -> u64 {
        self.pairs.split(leaf).map_or(0, |(_, word)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;
    use std::collections::HashMap;

    proptest! {
        #[test]
        fn arrays_are_equal_iff_their_numbers_are(length in 1..20_usize, sets in vec((0..20_usize, 0..3_u64), 0..60)) {
            let meter = Meter::unlimited();
            let arrays = Arrays::new(length, &meter);
            let (mut plain, mut array) = (vec![0; length], EMPTY);
            let mut numbers = HashMap::from([(plain.clone(), array)]);
            for (index, word) in sets {
                let index = index % length;
                plain[index] = word;
                array = arrays.set(array, index, word).unwrap();
                prop_assert_eq!(*numbers.entry(plain.clone()).or_insert(array), array);
                prop_assert_eq!(numbers.values().filter(|&&other| other == array).count(), 1);
                prop_assert!((0..length).all(|index| arrays.get(array, index) == plain[index]));
                let last = (0..length).rev().find(|&index| plain[index] != 0);
                prop_assert_eq!(arrays.last(array), last.map(|index| (index, plain[index])));
            }
        }
    }
}
