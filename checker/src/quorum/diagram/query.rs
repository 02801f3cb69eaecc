//! Questions that one pass over a diagram answers.
//!
//! Because formulas are monotone, a cheapest quorum is a cheapest path to *true* that pays for the replicas it takes,
//! and a cheapest blocking set (what every quorum meets: a transversal, or minimal quorum of the dual) is a cheapest
//! path to *false* that pays for the replicas it refuses. A replica that a path does not test costs nothing either way.

use std::ops::Add;

use super::{Diagram, FALSE, Node, Ref, TRUE};
use crate::quorum::set::ReplicaSet;

/// The nodes below one root, children first: what the passes walk over.
pub(in crate::quorum) struct Cone {
    /// `(node, its level, positions of its branches in this list)`; the terminals come first.
    steps: Vec<(u32, usize, usize)>,
    order: Vec<usize>,
}

/// Which way a path goes, and what it pays for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::quorum) enum Goal {
    /// The cheapest quorum.
    Quorum,
    /// The cheapest set whose loss leaves no quorum.
    Blocking,
}

impl Diagram {
    /// The part of the diagram that one root reaches.
    pub(in crate::quorum) fn cone(&self, root: Ref) -> Cone {
        let mut reached = vec![false; root as usize + 1];
        reached[root as usize] = true;
        for at in (2..=root as usize).rev().filter(|_| root > TRUE) {
            if reached[at] {
                let Node { lo, hi, .. } = self.nodes[at];
                reached[lo as usize] = true;
                reached[hi as usize] = true;
            }
        }
        let mut position = vec![0_usize; root.max(TRUE) as usize + 1];
        position[TRUE as usize] = 1;
        let mut steps = vec![(u32::MAX, 0, 0), (u32::MAX, 1, 1)];
        for at in (2..=root as usize).filter(|&at| reached[at]) {
            let Node { level, lo, hi } = self.nodes[at];
            position[at] = steps.len();
            steps.push((level, position[lo as usize], position[hi as usize]));
        }
        if root == FALSE {
            steps.truncate(1);
        }
        Cone { steps, order: self.order.clone() }
    }
}

impl Cone {
    fn root(&self) -> usize {
        self.steps.len() - 1
    }

    /// The replicas that some set's being a quorum turns on.
    pub(in crate::quorum) fn support(&self) -> ReplicaSet {
        self.steps.iter().skip(2).map(|&(level, ..)| self.order[level as usize]).collect()
    }

    /// The probability that the replicas that are up contain *no* quorum, where each fails on its own.
    ///
    /// Only positive terms are added, so a tiny probability keeps its digits.
    pub(in crate::quorum) fn blocked_probability(&self, fail: &[f64]) -> f64 {
        let mut blocked = vec![1.0, 0.0];
        for &(level, lo, hi) in self.steps.iter().skip(2) {
            let p = fail[self.order[level as usize]];
            blocked.push(p * blocked[lo] + (1.0 - p) * blocked[hi]);
        }
        blocked[self.root()]
    }

    /// The cheapest set that reaches the goal, and its cost; `None` where no set does.
    ///
    /// `prices` is by replica; prices are not negative. Ties prefer fewer tested levels by taking the first found.
    pub(in crate::quorum) fn cheapest<P>(&self, goal: Goal, prices: &[P]) -> Option<(P, ReplicaSet)>
    where
        P: Clone + PartialOrd + Default + Add<Output = P>,
    {
        let (start, refused) = match goal {
            Goal::Quorum => (1, 0),
            Goal::Blocking => (0, 1),
        };
        // `taken[i]`: whether the best path from step i pays for its replica.
        let mut cost: Vec<Option<P>> = vec![None; self.steps.len()];
        let mut taken = vec![false; self.steps.len()];
        if self.root() < start {
            return None;
        }
        cost[start] = Some(P::default());
        for at in 2..self.steps.len() {
            let (level, lo, hi) = self.steps[at];
            let (free, paid) = if refused == 0 { (lo, hi) } else { (hi, lo) };
            let price = &prices[self.order[level as usize]];
            let paying = cost[paid].clone().map(|rest| rest + price.clone());
            (cost[at], taken[at]) = match (cost[free].clone(), paying) {
                (Some(free), Some(paying)) if paying < free => (Some(paying), true),
                (None, Some(paying)) => (Some(paying), true),
                (free, _) => (free, false),
            };
        }
        let total = cost[self.root()].clone()?;
        let mut set = ReplicaSet::new();
        let mut at = self.root();
        while at > 1 {
            let (level, lo, hi) = self.steps[at];
            if taken[at] {
                set.insert(self.order[level as usize]);
            }
            at = if taken[at] == (refused == 0) { hi } else { lo };
        }
        Some((total, set))
    }
}
