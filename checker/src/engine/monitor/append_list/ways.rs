//! Which of several equal appends was seen where.

use super::Class;
use super::contents::{Contents, Pieces};

/// A piece seen as often as it was appended, or less: the places of its class, and the appends to choose from.
struct Choice {
    places: Vec<(usize, usize)>,
    appends: Vec<u32>,
    /// The append at each place, as an index; all different.
    chosen: Vec<usize>,
}

impl Choice {
    /// The next choice in lexicographic order; back to the first, and false, after the last.
    fn advance(&mut self) -> bool {
        for at in (0..self.chosen.len()).rev() {
            let is_free = |candidate: &usize| !self.chosen[..at].contains(candidate);
            if let Some(next) = (self.chosen[at] + 1..self.appends.len()).find(is_free) {
                self.chosen[at] = next;
                self.fill(at + 1);
                return true;
            }
        }
        self.fill(0);
        false
    }

    /// The least choice for the places from `from` on.
    fn fill(&mut self, from: usize) {
        for at in from..self.chosen.len() {
            let is_free = |candidate: &usize| !self.chosen[..at].contains(candidate);
            self.chosen[at] = (0..self.appends.len()).find(is_free).unwrap_or(0);
        }
    }

    /// How many choices there are.
    fn count(&self) -> usize {
        let (all, places) = (self.appends.len(), self.places.len());
        (all - places + 1..=all).fold(1, usize::saturating_mul)
    }
}

/// All ways to say which append was seen where.
pub(super) struct Ways {
    /// The cluster at each place of each block.
    seen_at: Vec<Vec<u32>>,
    choices: Vec<Choice>,
    is_done: bool,
}

impl Ways {
    /// `None` if there are more than `most`.
    ///
    /// # Errors
    /// Who saw a piece more often than it was appended.
    pub(super) fn new<P: Pieces>(
        contents: &Contents<'_, P>,
        classes: &[Class],
        most: usize,
    ) -> Result<Option<Self>, Vec<u32>> {
        let mut places: Vec<Vec<(usize, usize)>> = vec![Vec::new(); classes.len()];
        let mut seen_at: Vec<Vec<u32>> = Vec::with_capacity(contents.blocks.len());
        for (number, block) in contents.blocks.iter().enumerate() {
            let mut seen = vec![0; block.pieces.len()];
            for (at, &class) in block.pieces.iter().enumerate() {
                if at == 0 && block.is_put {
                    seen[0] = classes[class as usize].put;
                } else {
                    places[class as usize].push((number, at));
                }
            }
            seen_at.push(seen);
        }
        let (mut choices, mut count) = (Vec::new(), 1_usize);
        for (class, places) in classes.iter().zip(places) {
            if places.len() > class.appends.len() {
                return Err(places.iter().map(|&(block, at)| contents.blocks[block].witness[at]).collect());
            }
            let mut choice = Choice { chosen: vec![0; places.len()], places, appends: class.appends.clone() };
            choice.fill(0);
            count = count.saturating_mul(choice.count());
            if choice.count() > 1 {
                choices.push(choice);
            } else if let [(block, at)] = choice.places[..] {
                seen_at[block][at] = choice.appends[0];
            }
        }
        Ok((count <= most).then_some(Self { seen_at, choices, is_done: false }))
    }

    /// The next way: the cluster at each place of each block.
    pub(super) fn next(&mut self) -> Option<Vec<Vec<u32>>> {
        if self.is_done {
            return None;
        }
        for choice in &self.choices {
            for (&(block, at), &chosen) in choice.places.iter().zip(&choice.chosen) {
                self.seen_at[block][at] = choice.appends[chosen];
            }
        }
        self.is_done = !self.choices.iter_mut().any(Choice::advance);
        Some(self.seen_at.clone())
    }
}
