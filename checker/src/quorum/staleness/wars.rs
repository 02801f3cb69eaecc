//! How soon after a write reads see it: Monte Carlo over message delays (the WARS model).
//!
//! A write reaches replica i after `W_i` and is acknowledged after `A_i` more; it is done at the w-th acknowledgement. A read
//! begun `t` later reaches replica i after `R_i` and its response takes `S_i`; the first r responses count. The read is
//! fresh iff one of them comes from a replica that the write reached before the read request did.
//!
//! Trials are numbered and each has its own generator, so a seed gives the same result however the trials are divided.

use super::{Limits, QuorumError, Stopped, Thresholds};

/// The most trials of one estimate.
const MOST_TRIALS: u32 = 10_000_000;
/// The most replicas of one estimate.
const MOST_REPLICAS: u64 = 1024;

/// A distribution of one message's delay, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Delay {
    /// Always the same.
    Constant(f64),
    /// Exponential with this rate (per millisecond): 0.1 has a mean of 10 ms.
    Exponential(f64),
    /// Uniform between two bounds.
    Uniform(f64, f64),
    /// Pareto with this least value and exponent.
    Pareto(f64, f64),
}

impl Delay {
    fn validate(self, field: &str) -> Result<(), QuorumError> {
        let ok = match self {
            Self::Constant(delay) => delay.is_finite() && delay >= 0.0,
            Self::Exponential(rate) => rate.is_finite() && rate > 0.0,
            Self::Uniform(low, high) => low >= 0.0 && high >= low && high.is_finite(),
            Self::Pareto(least, exponent) => {
                least.is_finite() && least > 0.0 && exponent.is_finite() && exponent > 0.0
            }
        };
        if ok {
            return Ok(());
        }
        let mend = "write { constant = ms }, { exponential = rate }, { uniform = [low, high] } or { pareto = [least, exponent] }";
        Err(QuorumError::new(field, format!("{self:?} is no delay"), mend))
    }

    fn sample(self, random: &mut Random) -> f64 {
        // In (0, 1], so that the logarithm and the power are finite.
        let u = random.unit();
        match self {
            Self::Constant(delay) => delay,
            Self::Exponential(rate) => -u.ln() / rate,
            Self::Uniform(low, high) => low + (high - low) * u,
            Self::Pareto(least, exponent) => least * u.powf(-1.0 / exponent),
        }
    }
}

/// Delays of the four messages, and how to estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Wars {
    /// Replicas and thresholds.
    pub thresholds: Thresholds,
    /// W: the write on its way to a replica.
    pub write: Delay,
    /// A: its acknowledgement.
    pub ack: Delay,
    /// R: the read request.
    pub read: Delay,
    /// S: the response.
    pub response: Delay,
    /// How many trials.
    pub trials: u32,
    /// The seed: the same one gives the same estimates.
    pub seed: u64,
}

impl Wars {
    /// Checks the numbers.
    ///
    /// # Errors
    ///
    /// When a threshold or a delay is out of range, or there are no trials or too many.
    pub fn validate(&self) -> Result<(), QuorumError> {
        self.thresholds.validate()?;
        if self.thresholds.n > MOST_REPLICAS {
            let mend = format!("simulate at most {MOST_REPLICAS}");
            return Err(QuorumError::new("n", format!("{} replicas", self.thresholds.n), mend));
        }
        for (field, delay) in [
            ("staleness.write", self.write),
            ("staleness.ack", self.ack),
            ("staleness.read", self.read),
            ("staleness.response", self.response),
        ] {
            delay.validate(field)?;
        }
        if !(1..=MOST_TRIALS).contains(&self.trials) {
            let mend = format!("write a number between 1 and {MOST_TRIALS}");
            return Err(QuorumError::new("staleness.trials", format!("{} trials", self.trials), mend));
        }
        Ok(())
    }

    /// The least wait after the write was done at which this trial's read is fresh (0 where it is so at once).
    fn wait(&self, trial: u32) -> f64 {
        let Thresholds { n, r, w } = self.thresholds;
        let mut random = Random::new(self.seed, trial);
        let mut delays: Vec<[f64; 4]> = (0..n)
            .map(|_| [self.write, self.ack, self.read, self.response].map(|delay| delay.sample(&mut random)))
            .collect();
        let mut acknowledged: Vec<f64> = delays.iter().map(|[write, ack, ..]| write + ack).collect();
        acknowledged.sort_by(f64::total_cmp);
        let done = acknowledged[w as usize - 1];
        // Waiting shifts all requests alike, so the same replicas respond first whenever the read begins.
        delays.sort_by(|a, b| (a[2] + a[3]).total_cmp(&(b[2] + b[3])));
        let first = &delays[..r as usize];
        first.iter().map(|[write, _, read, _]| (write - done - read).max(0.0)).fold(f64::INFINITY, f64::min)
    }

    fn waits(&self, limits: &Limits) -> Result<Vec<f64>, Stopped> {
        let mut waits = Vec::with_capacity(self.trials as usize);
        for trial in 0..self.trials {
            if trial.is_multiple_of(1024) {
                limits.check()?;
            }
            waits.push(self.wait(trial));
        }
        waits.sort_by(f64::total_cmp);
        Ok(waits)
    }
}

/// The estimated probability that a read begun each of `times` milliseconds after a write is fresh.
///
/// # Errors
///
/// [`Stopped::Timeout`] where the trials take too long.
///
/// # Panics
///
/// When the thresholds were not validated.
///
/// # Complexity
///
/// O(trials · n log n).
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::Limits;
/// use tribunal_checker::quorum::staleness::{Delay, Thresholds, Wars, t_visibility};
///
/// let fast = Delay::Exponential(1.0);
/// let wars = Wars {
///     thresholds: Thresholds { n: 3, r: 2, w: 2 },
///     write: Delay::Exponential(0.1), ack: fast, read: fast, response: fast,
///     trials: 1000, seed: 1,
/// };
/// // Quorums that meet are fresh at once.
/// assert_eq!(t_visibility(&wars, &[0.0], &Limits::default()).unwrap(), [1.0]);
/// ```
pub fn t_visibility(wars: &Wars, times: &[f64], limits: &Limits) -> Result<Vec<f64>, Stopped> {
    let waits = wars.waits(limits)?;
    let fresh = |time: &f64| waits.partition_point(|wait| wait <= time) as f64 / waits.len() as f64;
    Ok(times.iter().map(fresh).collect())
}

/// The estimated time after which reads are fresh with the given probability.
///
/// # Errors
///
/// As [`t_visibility`].
///
/// # Panics
///
/// When the thresholds were not validated.
pub fn fresh_after(wars: &Wars, probability: f64, limits: &Limits) -> Result<f64, Stopped> {
    let waits = wars.waits(limits)?;
    let rank = (probability * waits.len() as f64).ceil().max(1.0) as usize;
    Ok(waits[rank.min(waits.len()) - 1])
}

/// SplitMix64 (Steele, Lea and Flood 2014), one stream a trial.
struct Random {
    state: u64,
}

impl Random {
    fn new(seed: u64, trial: u32) -> Self {
        let mut mixed = Self { state: seed ^ (u64::from(trial) << 32 | u64::from(trial)) };
        // One step parts the streams of neighbouring trials.
        Self { state: mixed.next() ^ seed.rotate_left(17) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// In (0, 1].
    fn unit(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::{Delay, Limits, Thresholds, Wars, fresh_after, t_visibility};

    fn slow_writes() -> Wars {
        let fast = Delay::Exponential(1.0);
        Wars {
            thresholds: Thresholds { n: 3, r: 1, w: 1 },
            write: Delay::Exponential(0.1),
            ack: fast,
            read: fast,
            response: fast,
            trials: 40_000,
            seed: 7,
        }
    }

    #[test]
    fn slow_writes_become_visible_as_the_paper_says() {
        let fresh = t_visibility(&slow_writes(), &[0.0, 65.0], &Limits::default()).unwrap();
        assert!((fresh[0] - 0.419).abs() < 0.01, "{fresh:?}");
        assert!((fresh[1] - 0.999).abs() < 0.001, "{fresh:?}");
        let time = fresh_after(&slow_writes(), 0.999, &Limits::default()).unwrap();
        assert!((45.0..90.0).contains(&time), "{time}");
    }

    #[test]
    fn a_seed_gives_the_same_estimate_and_another_seed_another() {
        let limits = Limits::default();
        let estimate = |seed| t_visibility(&Wars { seed, ..slow_writes() }, &[5.0], &limits).unwrap();
        assert_eq!(estimate(1), estimate(1));
        assert_ne!(estimate(1), estimate(2));
    }

    #[test]
    fn delays_that_are_none_are_refused() {
        for delay in [
            Delay::Constant(f64::NAN),
            Delay::Exponential(0.0),
            Delay::Uniform(2.0, 1.0),
            Delay::Pareto(0.0, 1.0),
        ] {
            assert!(Wars { ack: delay, ..slow_writes() }.validate().is_err(), "{delay:?}");
        }
        assert!(Wars { trials: 0, ..slow_writes() }.validate().is_err());
    }
}
