//! Load, capacity and latency of the best strategies.
//!
//! **Problem.** A strategy picks read and write quorums at random. The *load* is what its busiest replica does for each
//! operation, in units of capacity; the *capacity* of the system is 1/load operations (Naor and Wool 1998). With a read
//! fraction `fr` and capacities `rc`, `wc`, replica i carries
//! `fr · P[i in read quorum]/rc_i + (1 - fr) · P[i in write quorum]/wc_i`. There are too many quorums to list.
//!
//! **Algorithm.** Cutting planes over replica weights. By linear-programming duality the least load is the greatest
//! `fr·z_R + (1 - fr)·z_W` for weights of sum 1 under which every read quorum weighs `z_R` or more and every write quorum
//! `z_W` or more. Only the quorums that were needed so far are constraints; after each solution the lightest quorums
//! under its weights join ([`prices`]). They are least paths in decision diagrams ([`family`]). A last linear program
//! over the collected quorums gives the strategy. Systems that use each replica once (thresholds of thresholds, grids,
//! hierarchies) need no rounds at all: [`compact`] is one small program.
//!
//! **Why it is correct.** At every step the weights prove a lower bound and the collected quorums an upper bound on the
//! load; the loop ends when they meet. Afterwards both are recomputed in exact rationals ([`certify`]), so the answer
//! rests on neither floating point nor the solver.
//!
//! **Distributions.** With several read fractions one strategy serves all; the *expected* load is minimised. Beware:
//! the expected capacity, E[1/load], is not 1/E\[load\]; both are given.

use std::time::Instant;

use good_lp::SolverModel;
use good_lp::solvers::WithTimeLimit;
use num_rational::BigRational;
use num_traits::ToPrimitive;

use super::error::{Limits, QuorumError, Stopped};
use super::set::ReplicaSet;
use super::system::QuorumSystem;

mod certify;
mod compact;
mod elimination;
mod family;
mod prices;
mod strategy;

/// What a strategy should be best at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Objective {
    /// The least expected load.
    #[default]
    Load,
    /// The fewest replicas contacted for an operation, on average.
    Network,
    /// The least average latency.
    Latency,
}

/// What is asked of a system, and what to optimise.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Read fractions with their weights; the weights are normalised.
    pub read_fractions: Vec<(f64, f64)>,
    /// What to optimise.
    pub objective: Objective,
    /// Upper limit of the load at every read fraction.
    pub load_limit: Option<f64>,
    /// Upper limit of the average number of replicas contacted.
    pub network_limit: Option<f64>,
    /// Upper limit of the average latency in milliseconds.
    pub latency_limit: Option<f64>,
    /// Contact sets that still hold a quorum after the loss of any this many of their members.
    pub resilient: u32,
}

impl Workload {
    /// The least load at one read fraction.
    #[must_use]
    pub fn reads(fraction: f64) -> Self {
        Self {
            read_fractions: vec![(fraction, 1.0)],
            objective: Objective::Load,
            load_limit: None,
            network_limit: None,
            latency_limit: None,
            resilient: 0,
        }
    }

    /// Checks the numbers.
    ///
    /// # Errors
    ///
    /// When there is no read fraction, one is outside 0..=1, a weight is not positive, or a limit is negative.
    pub fn validate(&self) -> Result<(), QuorumError> {
        if self.read_fractions.is_empty() {
            let mend = "write a number between 0 and 1, or a table of fraction = weight";
            return Err(QuorumError::new("read_fraction", "no read fraction", mend));
        }
        for &(fraction, weight) in &self.read_fractions {
            if !(0.0..=1.0).contains(&fraction) {
                let problem = format!("{fraction} is no fraction");
                return Err(QuorumError::new("read_fraction", problem, "write a number between 0 and 1"));
            }
            if !(weight.is_finite() && weight > 0.0) {
                let problem = format!("{weight} is no weight of {fraction}");
                return Err(QuorumError::new("read_fraction", problem, "write a positive weight"));
            }
        }
        for (field, limit) in [
            ("load_limit", self.load_limit),
            ("network_limit", self.network_limit),
            ("latency_limit", self.latency_limit),
        ] {
            if let Some(limit) = limit.filter(|limit| !(limit.is_finite() && *limit >= 0.0)) {
                let problem = format!("{limit} is no limit");
                return Err(QuorumError::new(field, problem, "write a number of 0 or more"));
            }
        }
        Ok(())
    }

    fn needs_latency(&self) -> bool {
        self.objective == Objective::Latency || self.latency_limit.is_some()
    }

    fn is_plain_load(&self) -> bool {
        self.objective == Objective::Load
            && self.load_limit.is_none()
            && self.network_limit.is_none()
            && self.latency_limit.is_none()
    }
}

/// The load at its best, between exact bounds.
#[derive(Clone, Debug, PartialEq)]
pub struct LoadBounds {
    /// No strategy does better: proved by weights of the replicas.
    pub lower: BigRational,
    /// The strategy does this well.
    pub upper: BigRational,
}

impl LoadBounds {
    /// The load where both bounds are one number.
    #[must_use]
    pub fn exact(&self) -> Option<&BigRational> {
        (self.lower == self.upper).then_some(&self.upper)
    }

    /// Keeps the better of both bounds.
    fn tighten_by(&mut self, other: Option<Self>) {
        let Some(other) = other else { return };
        if other.lower > self.lower {
            self.lower = other.lower;
        }
        if other.upper < self.upper {
            self.upper = other.upper;
        }
    }

    /// Whether the bounds prove the optimum to nine digits.
    #[must_use]
    pub fn certified(&self) -> bool {
        let gap = &self.upper - &self.lower;
        gap * BigRational::from_integer(1_000_000_000_u64.into()) <= self.upper
    }
}

/// The nearest floating-point number of an exact one.
#[must_use]
pub fn nearest(exact: &BigRational) -> f64 {
    exact.to_f64().unwrap_or(f64::NAN)
}

/// A set of replicas to contact, and how often.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The replicas.
    pub members: ReplicaSet,
    /// The probability of this choice among reads (or writes).
    pub probability: f64,
    /// When the first of them that make a quorum have answered, in milliseconds, where latencies are known.
    pub latency_ms: Option<f64>,
}

/// The best strategy and what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Strategy {
    /// How reads choose.
    pub reads: Vec<Choice>,
    /// How writes choose.
    pub writes: Vec<Choice>,
    /// The expected load.
    pub load: f64,
    /// Exact bounds of the expected load, where it was the objective and nothing else was limited.
    pub bounds: Option<LoadBounds>,
    /// The load at each read fraction.
    pub loads: Vec<(f64, f64)>,
    /// 1/load at the busiest read fraction: what the system carries whatever comes.
    pub peak_capacity: f64,
    /// The expected capacity over the read fractions, E[1/load].
    pub expected_capacity: f64,
    /// How many replicas an operation contacts on average.
    pub network: f64,
    /// The average latency in milliseconds, where every replica's is known.
    pub latency_ms: Option<f64>,
    /// Each replica's expected share of the load.
    pub replica_loads: Vec<f64>,
}

/// Why there is no strategy.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoStrategy {
    /// The question is not well formed.
    #[error(transparent)]
    Invalid(#[from] QuorumError),
    /// It could not be answered in the limits.
    #[error(transparent)]
    Stopped(#[from] Stopped),
    /// No strategy keeps the workload's limits, or no quorum is that resilient.
    #[error("{0}")]
    Infeasible(String),
}

/// The best strategy of a system for a workload, with the replicas of `down` out of service.
///
/// # Errors
///
/// [`NoStrategy`]: numbers out of range, limits that no strategy keeps, or time or memory that ran out.
///
/// # Complexity
///
/// A linear program of as many variables as replicas, with a constraint for each quorum found necessary, and one pass
/// over the decision diagrams a round. Latency takes a diagram for each different latency.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, ReplicaSet, Shape, Workload, optimise};
///
/// let fano = Shape::Plane { order: 2 }.system(None).unwrap();
/// let best = optimise(&fano, &Workload::reads(1.0), &ReplicaSet::new(), &Limits::default()).unwrap();
/// assert_eq!(best.bounds.unwrap().exact().unwrap().to_string(), "3/7");
/// ```
pub fn optimise(
    system: &QuorumSystem,
    workload: &Workload,
    down: &ReplicaSet,
    limits: &Limits,
) -> Result<Strategy, NoStrategy> {
    workload.validate()?;
    let task = family::Task::new(system, workload, down, limits)?;
    let compact = if workload.is_plain_load() && workload.resilient == 0 {
        compact::solve(&task, limits)
    } else {
        None
    };
    let (columns, mixture) = match compact {
        Some(Ok(solved)) => solved,
        _ => {
            let columns = prices::collect(&task, limits)?;
            let mixture = strategy::mix(&task, &columns, limits)?;
            (columns, mixture)
        }
    };
    let bounds =
        if workload.is_plain_load() { certify::bounds(&task, &columns, &mixture, limits) } else { None };
    Ok(strategy::report(&task, &columns, &mixture, bounds))
}

/// Runs the solver for as long as the limits allow.
pub(super) fn solved<M>(model: M, limits: &Limits) -> Result<M::Solution, Stopped>
where
    M: SolverModel + WithTimeLimit,
{
    let model = match limits.deadline {
        None => model,
        Some(deadline) => {
            model.with_time_limit(deadline.saturating_duration_since(Instant::now()).as_secs_f64())
        }
    };
    model.solve().map_err(|_| limits.check().err().unwrap_or(Stopped::Solver))
}

#[cfg(test)]
mod tests;
