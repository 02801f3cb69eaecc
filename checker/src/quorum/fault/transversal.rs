//! Sets that meet every quorum of a list, where a decision diagram would be too large.
//!
//! **Problem.** The smallest set that meets every listed quorum (a minimum transversal, or hitting set) is what blocks the
//! system; it is NP-hard to find.
//!
//! **Algorithm.** Branch and bound: some quorum that is not met yet must lose one of its replicas; one after another is tried,
//! those that meet most first, and each is closed to the branches after its own. A branch ends where the best set known
//! cannot be beaten: by quorums that are pairwise disjoint (each takes a replica of its own), or by how many quorums one
//! replica can meet at most. On projective planes the second bound is exact, so nothing is searched at all.
//!
//! **Why it is correct.** Every transversal takes a replica of the chosen quorum, so the branches cover all of them; both
//! bounds hold for every completion.
//!
//! **Complexity.** Exponential in the worst case; [`MOST_BRANCHES`] ends the attempt.

use crate::quorum::error::{Limits, Stopped};
use crate::quorum::set::ReplicaSet;

/// The most branches that are looked at.
const MOST_BRANCHES: usize = 20_000;
/// The longest list that is compared with itself.
const MOST_LISTED: usize = 4_000;

/// A smallest set that meets every quorum; `None` where the attempt was given up or a quorum is empty.
pub(super) fn smallest(quorums: &[ReplicaSet], limits: &Limits) -> Option<ReplicaSet> {
    if quorums.is_empty() || quorums.len() > MOST_LISTED || quorums.iter().any(ReplicaSet::is_empty) {
        return None;
    }
    let mut search = Search { quorums, limits, branches: 0, best: None };
    let all: Vec<usize> = (0..quorums.len()).collect();
    search.visit(&all, &ReplicaSet::new(), &ReplicaSet::new()).then_some(search.best).flatten()
}

struct Search<'a> {
    quorums: &'a [ReplicaSet],
    limits: &'a Limits,
    branches: usize,
    best: Option<ReplicaSet>,
}

impl Search<'_> {
    /// Looks at every completion of `taken` that meets the quorums `open` without the replicas of `closed`; false where it
    /// was given up.
    fn visit(&mut self, open: &[usize], taken: &ReplicaSet, closed: &ReplicaSet) -> bool {
        self.branches += 1;
        if self.branches > MOST_BRANCHES || self.limits.check().is_err() {
            return false;
        }
        let Some(least) = self.least_more(open, closed) else { return true };
        if self.best.as_ref().is_some_and(|best| taken.len() + least >= best.len()) {
            return true;
        }
        // Few ways to go: the open quorum with the fewest replicas left.
        let left = |quorum: &usize| self.quorums[*quorum].iter().filter(|&r| !closed.contains(r)).count();
        let Some(&pivot) = open.iter().min_by_key(|quorum| left(quorum)) else {
            self.best = Some(taken.clone());
            return true;
        };
        let meets = |replica: usize| open.iter().filter(|&&q| self.quorums[q].contains(replica)).count();
        let mut ways: Vec<(usize, usize)> = self.quorums[pivot]
            .iter()
            .filter(|&replica| !closed.contains(replica))
            .map(|replica| (meets(replica), replica))
            .collect();
        ways.sort_by_key(|&(meets, replica)| (std::cmp::Reverse(meets), replica));
        let mut closed = closed.clone();
        for (_, replica) in ways {
            let rest: Vec<usize> =
                open.iter().copied().filter(|&quorum| !self.quorums[quorum].contains(replica)).collect();
            let mut more = taken.clone();
            more.insert(replica);
            if !self.visit(&rest, &more, &closed) {
                return false;
            }
            closed.insert(replica);
        }
        true
    }

    /// A lower bound on the replicas that the open quorums still take; `None` where one of them has none left.
    fn least_more(&self, open: &[usize], closed: &ReplicaSet) -> Option<usize> {
        let mut met: Vec<usize> = Vec::new();
        let (mut used, mut apart) = (ReplicaSet::new(), 0);
        for &quorum in open {
            let free: ReplicaSet = self.quorums[quorum].iter().filter(|&r| !closed.contains(r)).collect();
            if free.is_empty() {
                return None;
            }
            for replica in free.iter() {
                met.resize(met.len().max(replica + 1), 0);
                met[replica] += 1;
            }
            if free.is_disjoint(&used) {
                apart += 1;
                free.iter().for_each(|replica| {
                    used.insert(replica);
                });
            }
        }
        let most = met.into_iter().max().unwrap_or(1);
        Some(apart.max(open.len().div_ceil(most)))
    }
}

/// The minimal sets of a list, in order.
pub(in crate::quorum) fn minimal(
    mut list: Vec<ReplicaSet>,
    limits: &Limits,
) -> Result<Vec<ReplicaSet>, Stopped> {
    if list.len() > MOST_LISTED {
        return Err(Stopped::TooLarge);
    }
    list.sort_unstable();
    let mut kept: Vec<ReplicaSet> = Vec::new();
    for set in list {
        limits.check()?;
        if !kept.iter().any(|smaller| smaller.is_subset(&set)) {
            kept.push(set);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::{Limits, ReplicaSet, minimal, smallest};

    fn sets(sets: &[&[usize]]) -> Vec<ReplicaSet> {
        sets.iter().map(|set| set.iter().copied().collect()).collect()
    }

    #[test]
    fn the_smallest_transversal_is_not_the_greedy_one() {
        // Replica 0 meets most quorums, but 1 and 2 together meet all.
        let list = sets(&[&[0, 1], &[0, 2], &[0, 1, 3], &[1, 4], &[2, 5]]);
        let found = smallest(&list, &Limits::default()).unwrap();
        assert_eq!(found, [1, 2].into_iter().collect());
        assert!(smallest(&sets(&[&[]]), &Limits::default()).is_none());
    }

    #[test]
    fn supersets_and_repetitions_are_not_minimal() {
        let list = sets(&[&[0, 1, 2], &[1, 2], &[3], &[1, 2]]);
        assert_eq!(minimal(list, &Limits::default()).unwrap(), sets(&[&[3], &[1, 2]]));
    }
}
