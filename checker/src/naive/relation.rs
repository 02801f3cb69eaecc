//! A relation between a few things, pair by pair.

/// Which pairs of `0..n` are related.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Relation(Vec<Vec<bool>>);

impl Relation {
    /// The pairs that `holds`.
    pub(super) fn new(n: usize, holds: impl Fn(usize, usize) -> bool) -> Self {
        Self((0..n).map(|a| (0..n).map(|b| holds(a, b)).collect()).collect())
    }

    pub(super) fn has(&self, a: usize, b: usize) -> bool {
        self.0[a][b]
    }

    /// The transitive closure.
    pub(super) fn closed(mut self) -> Self {
        for via in 0..self.0.len() {
            for a in 0..self.0.len() {
                for b in 0..self.0.len() {
                    self.0[a][b] |= self.0[a][via] && self.0[via][b];
                }
            }
        }
        self
    }

    /// Of a closed relation: whether something is before itself.
    pub(super) fn has_cycle(&self) -> bool {
        (0..self.0.len()).any(|a| self.0[a][a])
    }
}
