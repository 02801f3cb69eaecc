//! How stale reads are when quorums need not meet: probabilistically bounded staleness.
//!
//! Source: Bailis, Venkataraman, Franklin, Hellerstein and Stoica, "Probabilistically bounded staleness for practical
//! partial quorums" (VLDB 2012). The closed forms take every quorum as equally likely and ignore anti-entropy, so they are
//! upper bounds of staleness.

use super::error::{Limits, QuorumError, Stopped};

mod wars;

pub use wars::{Delay, Wars, fresh_after, t_visibility};

/// Replicas and thresholds, one vote each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// The replicas.
    pub n: u64,
    /// The replicas that a read waits for.
    pub r: u64,
    /// The replicas that a write waits for.
    pub w: u64,
}

impl Thresholds {
    /// Checks the numbers.
    ///
    /// # Errors
    ///
    /// When there are no replicas, or a threshold is 0 or above their number.
    pub fn validate(&self) -> Result<(), QuorumError> {
        if self.n == 0 {
            return Err(QuorumError::new("n", "no replicas", "write 1 or more"));
        }
        for (field, value) in [("r", self.r), ("w", self.w)] {
            if !(1..=self.n).contains(&value) {
                let mend = format!("write a number between 1 and {}", self.n);
                return Err(QuorumError::new(field, format!("{value} of {}", self.n), mend));
            }
        }
        Ok(())
    }

    /// The probability that a read quorum misses one write quorum: C(n-w, r) / C(n, r).
    ///
    /// # Complexity
    ///
    /// O(min(r, n - w)).
    #[must_use]
    pub fn miss(&self) -> f64 {
        let Self { n, r, w } = *self;
        if r + w > n {
            return 0.0;
        }
        // Of two equal products, the shorter: C(n-w, r)/C(n, r) = C(n-r, w)/C(n, w).
        let (few, many) = (r.min(w), r.max(w));
        (0..few).map(|i| (n - many - i) as f64 / (n - i) as f64).product()
    }

    /// The probability that a read returns none of the last `k` versions.
    ///
    /// # Examples
    ///
    /// ```
    /// use tribunal_checker::quorum::staleness::Thresholds;
    ///
    /// let partial = Thresholds { n: 3, r: 1, w: 1 };
    /// assert!((partial.k_stale(1.0) - 0.667).abs() < 5e-4);
    /// assert!((partial.k_stale(10.0) - 0.0173).abs() < 5e-5);
    /// ```
    #[must_use]
    pub fn k_stale(&self, k: f64) -> f64 {
        self.miss().powf(k)
    }

    /// The probability that a client's read is older than its last one, where the key is written `writes` times for each
    /// `reads` of this client: k-staleness with k = 1 + writes/reads.
    #[must_use]
    pub fn non_monotonic(&self, writes: f64, reads: f64) -> f64 {
        self.k_stale(1.0 + writes / reads)
    }
}

#[cfg(test)]
mod tests {
    use super::Thresholds;

    #[test]
    fn k_staleness_is_what_the_paper_prints() {
        let partial = Thresholds { n: 3, r: 1, w: 1 };
        for (k, expected) in [(1.0, 0.667), (2.0, 0.444), (3.0, 0.296), (5.0, 0.132), (10.0, 0.0173)] {
            assert!((partial.k_stale(k) - expected).abs() < 5e-4, "{k}: {}", partial.k_stale(k));
        }
        assert_eq!(Thresholds { n: 3, r: 2, w: 2 }.k_stale(1.0), 0.0);
        assert!((Thresholds { n: 3, r: 1, w: 2 }.k_stale(1.0) - 1.0 / 3.0).abs() < 1e-12);
        assert!((partial.non_monotonic(1.0, 1.0) - 4.0 / 9.0).abs() < 1e-12);
    }

    #[test]
    fn missing_is_symmetric_and_matches_counting() {
        for n in 1..=9_u64 {
            for r in 1..=n {
                for w in 1..=n {
                    let own = Thresholds { n, r, w };
                    let (mut missed, mut all) = (0_u32, 0_u32);
                    for read in (0..1_u32 << n).filter(|set| u64::from(set.count_ones()) == r) {
                        all += 1;
                        missed += u32::from(read & ((1 << w) - 1) == 0);
                    }
                    assert!((own.miss() - f64::from(missed) / f64::from(all)).abs() < 1e-12, "{own:?}");
                }
            }
        }
    }

    #[test]
    fn thresholds_out_of_range_are_errors() {
        assert_eq!(Thresholds { n: 3, r: 4, w: 1 }.validate().unwrap_err().field, "r");
        assert_eq!(Thresholds { n: 0, r: 0, w: 0 }.validate().unwrap_err().field, "n");
    }
}
