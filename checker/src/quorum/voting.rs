//! Gifford's weighted voting.
//!
//! **The rules** (Gifford, "Weighted voting for replicated data", SOSP 1979; Tanenbaum and van Steen state them as):
//! with N votes in total,
//!
//! 1. N_R + N_W > N keeps a read from missing a write (no read-write conflict);
//! 2. N_W > N/2 keeps two writes from missing each other (no write-write conflict).
//!
//! **Sufficient, not necessary.** With unequal votes a violated inequality may still be safe: no set of replicas need
//! have the number of votes that a pair of disjoint quorums would take. Disjoint quorums of `a` and `b` votes exist iff
//! some set of replicas has a number of votes in `a ..= N - b`. The sums that occur are listed, ascending and without
//! repetition, so the cost follows how many *different* sums there are, not how large the votes are.

use super::error::{Limits, QuorumError, Stopped};
use super::formula::Formula;
use super::system::votes_formula;

/// The largest total of votes: every whole number below is exact in JSON.
pub const MAX_VOTES: u64 = 1 << 53;

/// Votes and the two thresholds.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, Voting};
///
/// // 3 + 3 > 6 fails, but any quorum has two of the three replicas.
/// let voting = Voting::new(&[2, 2, 2], 3, 3).unwrap();
/// assert!(!voting.reads_meet_writes() && !voting.writes_meet());
/// assert_eq!(voting.disjoint_exists(3, 3, &Limits::default()), Ok(false));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Voting {
    votes: Vec<u64>,
    total: u64,
    r: u64,
    w: u64,
}

impl Voting {
    /// Checks votes and thresholds.
    ///
    /// # Errors
    ///
    /// When there are no votes at all, they overflow [`MAX_VOTES`], or a threshold is 0 or above the total.
    pub fn new(votes: &[u64], r: u64, w: u64) -> Result<Self, QuorumError> {
        let total = votes.iter().try_fold(0_u64, |sum, &vote| sum.checked_add(vote));
        let total = total.filter(|&total| total <= MAX_VOTES).ok_or_else(|| {
            QuorumError::new("votes", "the votes overflow", format!("keep their sum at {MAX_VOTES} or below"))
        })?;
        if total == 0 {
            return Err(QuorumError::new(
                "votes",
                "no replica has a vote",
                "give at least one replica a vote",
            ));
        }
        for (field, threshold) in [("r", r), ("w", w)] {
            let mend = format!("choose {field} between 1 and {total}");
            if threshold == 0 {
                return Err(QuorumError::new(field, "0 votes would make nobody a quorum", mend));
            }
            if threshold > total {
                let problem = format!("{threshold} exceeds the total of {total} votes");
                return Err(QuorumError::new(field, problem, mend));
            }
        }
        Ok(Self { votes: votes.to_vec(), total, r, w })
    }

    /// Each replica's votes.
    #[must_use]
    pub fn votes(&self) -> &[u64] {
        &self.votes
    }

    /// N: all votes together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// N_R: the votes of a read quorum.
    #[must_use]
    pub fn r(&self) -> u64 {
        self.r
    }

    /// N_W: the votes of a write quorum.
    #[must_use]
    pub fn w(&self) -> u64 {
        self.w
    }

    /// The first rule, N_R + N_W > N.
    #[must_use]
    pub fn reads_meet_writes(&self) -> bool {
        self.r + self.w > self.total
    }

    /// The second rule, N_W > N/2.
    #[must_use]
    pub fn writes_meet(&self) -> bool {
        2 * self.w > self.total
    }

    /// The read quorums as a formula.
    #[must_use]
    pub fn reads(&self) -> Formula {
        votes_formula(&self.votes, self.r)
    }

    /// The write quorums as a formula.
    #[must_use]
    pub fn writes(&self) -> Formula {
        votes_formula(&self.votes, self.w)
    }

    /// Whether two disjoint sets of replicas have `a` and `b` votes or more: the exact truth behind the inequalities.
    ///
    /// # Errors
    ///
    /// [`Stopped`] when there are too many different sums to list in the limits.
    ///
    /// # Complexity
    ///
    /// O(n · s) for s different sums of votes.
    pub fn disjoint_exists(&self, a: u64, b: u64, limits: &Limits) -> Result<bool, Stopped> {
        if a + b > self.total {
            return Ok(false);
        }
        let sums = self.sums(limits)?;
        let first = sums.partition_point(|&sum| sum < a);
        Ok(sums.get(first).is_some_and(|&sum| sum <= self.total - b))
    }

    /// The least threshold of `a` or more that every quorum of `b` votes is sure to meet; `None` where all votes
    /// together do not reach it.
    ///
    /// # Errors
    ///
    /// [`Stopped`], as [`Voting::disjoint_exists`].
    pub fn least_meeting(&self, a: u64, b: u64, limits: &Limits) -> Result<Option<u64>, Stopped> {
        let sums = self.sums(limits)?;
        // Sums of at most N - b votes leave b votes to the others: a threshold above the largest of them is sure.
        let largest = sums[..sums.partition_point(|&sum| sum <= self.total - b)].last().copied().unwrap_or(0);
        Ok(Some(a.max(largest + 1)).filter(|&threshold| threshold <= self.total))
    }

    /// The least threshold of `a` or more whose quorums meet one another.
    ///
    /// # Errors
    ///
    /// [`Stopped`], as [`Voting::disjoint_exists`].
    pub fn least_self_meeting(&self, a: u64, limits: &Limits) -> Result<u64, Stopped> {
        let sums = self.sums(limits)?;
        // Sums come in pairs s and N - s. The largest sum of at most half the votes is the smaller side of the most
        // even split, so quorums of more votes than that cannot be disjoint.
        let even = sums[..sums.partition_point(|&sum| sum <= self.total / 2)].last().copied().unwrap_or(0);
        Ok(a.max(even + 1))
    }

    /// The numbers of votes that sets of replicas have, ascending, from 0 to the total.
    fn sums(&self, limits: &Limits) -> Result<Vec<u64>, Stopped> {
        let mut sums = vec![0_u64];
        for &vote in self.votes.iter().filter(|&&vote| vote > 0) {
            limits.check()?;
            let mut next = Vec::with_capacity(sums.len() * 2);
            let (mut low, mut high) = (sums.iter().peekable(), sums.iter().map(|sum| sum + vote).peekable());
            loop {
                let least = match (low.peek(), high.peek()) {
                    (Some(&&a), Some(&b)) => a.min(b),
                    (Some(&&a), None) => a,
                    (None, Some(&b)) => b,
                    (None, None) => break,
                };
                low.next_if(|&&sum| sum == least);
                high.next_if(|&sum| sum == least);
                next.push(least);
            }
            if next.len() > limits.entries {
                return Err(Stopped::TooLarge);
            }
            sums = next;
        }
        Ok(sums)
    }

    /// The replicas without which no quorum of `threshold` votes forms (each alone could block).
    #[must_use]
    pub fn vetoes(&self, threshold: u64) -> Vec<usize> {
        (0..self.votes.len()).filter(|&i| self.total - self.votes[i] < threshold).collect()
    }

    /// The least number of replicas whose loss leaves fewer than `threshold` votes, less one.
    ///
    /// The heaviest are lost first: no other choice of as many takes more votes.
    #[must_use]
    pub fn resilience(&self, threshold: u64) -> usize {
        let mut heaviest = self.votes.clone();
        heaviest.sort_unstable_by(|a, b| b.cmp(a));
        let mut left = self.total;
        heaviest
            .iter()
            .take_while(|&&vote| {
                left -= vote;
                left >= threshold
            })
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, Voting};

    #[test]
    fn weights_make_the_inequalities_sufficient_only() {
        let voting = Voting::new(&[2, 2, 2], 3, 3).unwrap();
        let limits = Limits::default();
        assert_eq!(voting.disjoint_exists(3, 3, &limits), Ok(false));
        assert_eq!(voting.least_meeting(3, 3, &limits), Ok(Some(3)));
        assert_eq!(voting.least_self_meeting(1, &limits), Ok(3));
    }

    #[test]
    fn resilience_of_five_with_two_and_four() {
        let voting = Voting::new(&[1; 5], 2, 4).unwrap();
        assert_eq!((voting.resilience(2), voting.resilience(4)), (3, 1));
    }

    #[test]
    fn huge_votes_are_listed_by_their_sums_not_their_size() {
        let big = super::MAX_VOTES / 4;
        let voting = Voting::new(&[big, big, big, 1], big, big).unwrap();
        assert_eq!(voting.disjoint_exists(big, big, &Limits::default()), Ok(true));
        assert!(Voting::new(&[u64::MAX, 2], 1, 1).unwrap_err().problem.contains("overflow"));
    }

    #[test]
    fn too_many_sums_stop_instead_of_filling_the_memory() {
        let votes: Vec<u64> = (0..40).map(|i| 1 << i).collect();
        let voting = Voting::new(&votes, 1 << 30, 1 << 30).unwrap();
        let limits = Limits { entries: 1000, ..Limits::default() };
        assert!(voting.disjoint_exists(1 << 30, 1 << 30, &limits).is_err());
    }

    #[test]
    fn vetoes_are_the_replicas_that_every_quorum_needs() {
        let voting = Voting::new(&[3, 1, 1], 1, 3).unwrap();
        assert_eq!(voting.vetoes(3), [0]);
        assert_eq!(voting.vetoes(1), [] as [usize; 0]);
    }
}
