//! Everything that is measured of one system, and the requirements it can be held to.

use super::error::{Limits, Stopped};
use super::fault::{self, Resilience};
use super::formula::Formula;
use super::influence::{EffectiveVotes, Influence, effective_votes, influence};
use super::load::{NoStrategy, Strategy, Workload, optimise};
use super::set::ReplicaSet;
use super::system::QuorumSystem;

/// What reads or writes survive.
#[derive(Clone, Debug, PartialEq)]
pub struct Tolerance {
    /// The least replicas whose loss blocks.
    pub resilience: Result<Resilience, Stopped>,
    /// The least zones whose loss blocks, where zones are known; the blocking set holds positions in [`super::zones`].
    pub zones: Option<Result<Resilience, Stopped>>,
    /// The probability of being blocked, where every failure probability is known.
    pub blocked: Option<Result<f64, Stopped>>,
}

/// The measures of one system.
#[derive(Clone, Debug, PartialEq)]
pub struct Measures {
    /// Of reads.
    pub reads: Tolerance,
    /// Of writes.
    pub writes: Tolerance,
    /// Whether no read or write quorum could be smaller without missing the others.
    pub nondominated: Result<bool, Stopped>,
    /// What single replicas mean to read quorums and to write quorums, whoever is down.
    pub influence: [Influence; 2],
    /// The fewest votes with the same quorums, where the system is one of votes.
    pub effective_votes: Option<Result<EffectiveVotes, Stopped>>,
    /// The best strategy, where a workload is given.
    pub strategy: Option<Result<Strategy, NoStrategy>>,
}

/// Measures a system with the replicas of `down` out of service.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, QuorumSystem, Replica, ReplicaSet, measure};
///
/// let system = QuorumSystem::from_votes(Replica::numbered(5), &[1; 5], 2, 4).unwrap();
/// let measures = measure(&system, None, &ReplicaSet::new(), &Limits::default());
/// assert_eq!(measures.reads.resilience.unwrap().survives, 3);
/// assert_eq!(measures.writes.resilience.unwrap().survives, 1);
/// ```
#[must_use]
pub fn measure(
    system: &QuorumSystem,
    workload: Option<&Workload>,
    down: &ReplicaSet,
    limits: &Limits,
) -> Measures {
    let fail: Option<Vec<f64>> = system.replicas().iter().map(|replica| replica.fail_p).collect();
    let zoned = system.replicas().iter().any(|replica| replica.zone.is_some());
    let tolerance = |formula: &Formula| {
        let formula = formula.without(down);
        Tolerance {
            resilience: fault::resilience(&formula, limits),
            zones: zoned.then(|| fault::zone_resilience(system, &formula, limits)),
            blocked: fail.as_ref().map(|fail| fault::blocked_probability(&formula, fail, limits)),
        }
    };
    Measures {
        reads: tolerance(system.reads()),
        writes: tolerance(system.writes()),
        nondominated: fault::is_dual(system.reads(), system.writes(), limits),
        influence: [system.reads(), system.writes()]
            .map(|formula| influence(formula, system.replicas().len(), limits)),
        effective_votes: effective_votes(system, limits),
        // Last, since it takes longest.
        strategy: workload.map(|workload| optimise(system, workload, down, limits)),
    }
}

/// Conditions that a configuration must meet; those left out are not asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requirements {
    /// Reads survive the loss of any this many replicas.
    pub read_resilience: Option<usize>,
    /// Writes do.
    pub write_resilience: Option<usize>,
    /// Reads survive the loss of any this many zones.
    pub read_zones: Option<usize>,
    /// Writes do.
    pub write_zones: Option<usize>,
    /// The least probability that reads are possible.
    pub read_availability: Option<f64>,
    /// The least probability that writes are.
    pub write_availability: Option<f64>,
    /// The greatest expected load.
    pub max_load: Option<f64>,
    /// The least capacity at the busiest read fraction.
    pub min_capacity: Option<f64>,
    /// The greatest average latency in milliseconds.
    pub max_latency_ms: Option<f64>,
    /// Whether the quorums must be nondominated.
    pub nondominated: Option<bool>,
}

impl Requirements {
    /// Whether nothing is required.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Holds measures to the requirements.
    #[must_use]
    pub fn hold(&self, measures: &Measures) -> Vec<Requirement> {
        let mut held = Vec::new();
        let survives = |resilience: &Result<Resilience, Stopped>| {
            resilience.as_ref().map_or_else(
                |stopped| Found::Unknown(stopped.to_string()),
                |resilience| match resilience.blocking {
                    // A system that is blocked already survives not even the loss of nothing.
                    None => Found::Number(-1.0),
                    Some(_) => Found::Number(resilience.survives as f64),
                },
            )
        };
        let zones = |zones: &Option<Result<Resilience, Stopped>>| {
            zones.as_ref().map_or_else(|| Found::Unknown("no zones are given".to_owned()), &survives)
        };
        let available = |blocked: &Option<Result<f64, Stopped>>| match blocked {
            None => Found::Unknown("fail_p is not given for every replica".to_owned()),
            Some(Err(stopped)) => Found::Unknown(stopped.to_string()),
            Some(Ok(blocked)) => Found::Number(1.0 - blocked),
        };
        let strategy = |of: &dyn Fn(&Strategy) -> Option<f64>| match &measures.strategy {
            None => Found::Unknown("no read_fraction is given".to_owned()),
            Some(Err(NoStrategy::Infeasible(why))) => Found::Never(why.clone()),
            Some(Err(why)) => Found::Unknown(why.to_string()),
            Some(Ok(strategy)) => of(strategy)
                .map_or_else(|| Found::Unknown("latencies are not given".to_owned()), Found::Number),
        };
        let mut at_least = |name: &str, wanted: Option<f64>, found: Found| {
            held.extend(wanted.map(|wanted| Requirement::new(name, wanted, Relation::AtLeast, found)));
        };
        let count = |wanted: Option<usize>| wanted.map(|wanted| wanted as f64);
        at_least("read_resilience", count(self.read_resilience), survives(&measures.reads.resilience));
        at_least("write_resilience", count(self.write_resilience), survives(&measures.writes.resilience));
        at_least("read_zones", count(self.read_zones), zones(&measures.reads.zones));
        at_least("write_zones", count(self.write_zones), zones(&measures.writes.zones));
        at_least("read_availability", self.read_availability, available(&measures.reads.blocked));
        at_least("write_availability", self.write_availability, available(&measures.writes.blocked));
        at_least("min_capacity", self.min_capacity, strategy(&|strategy| Some(strategy.peak_capacity)));
        let mut at_most = |name: &str, wanted: Option<f64>, found: Found| {
            held.extend(wanted.map(|wanted| Requirement::new(name, wanted, Relation::AtMost, found)));
        };
        at_most("max_load", self.max_load, strategy(&|strategy| Some(strategy.load)));
        at_most("max_latency_ms", self.max_latency_ms, strategy(&|strategy| strategy.latency_ms));
        if let Some(wanted) = self.nondominated {
            let found = match measures.nondominated {
                Ok(found) => Found::Number(f64::from(u8::from(found))),
                Err(stopped) => Found::Unknown(stopped.to_string()),
            };
            held.push(Requirement::new("nondominated", f64::from(u8::from(wanted)), Relation::Equal, found));
        }
        held
    }
}

enum Found {
    Number(f64),
    Unknown(String),
    Never(String),
}

#[derive(Clone, Copy)]
enum Relation {
    AtLeast,
    AtMost,
    Equal,
}

/// One requirement and what was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// The field of [`Requirements`].
    pub name: String,
    /// What is wanted.
    pub wanted: f64,
    /// What was measured, where it was.
    pub found: Option<f64>,
    /// Whether it is met; `None` where that is not known.
    pub met: Option<bool>,
    /// Why it is not known, or can never be met.
    pub reason: Option<String>,
}

impl Requirement {
    fn new(name: &str, wanted: f64, relation: Relation, found: Found) -> Self {
        // Measures of the solver are floats; a limit met up to their rounding is met.
        let slack = 1e-9 * wanted.abs();
        let (found, met, reason) = match found {
            Found::Number(found) => {
                let met = match relation {
                    Relation::AtLeast if name.ends_with("availability") => found >= wanted,
                    Relation::AtLeast => found >= wanted - slack,
                    Relation::AtMost => found <= wanted + slack,
                    Relation::Equal => found == wanted,
                };
                (Some(found), Some(met), None)
            }
            Found::Unknown(reason) => (None, None, Some(reason)),
            Found::Never(reason) => (None, Some(false), Some(reason)),
        };
        Self { name: name.to_owned(), wanted, found, met, reason }
    }
}

#[cfg(test)]
mod tests {
    use super::{Requirements, Workload, measure};
    use crate::quorum::{Limits, QuorumSystem, Replica, ReplicaSet};

    #[test]
    fn requirements_are_met_missed_or_unknown() {
        let mut replicas = Replica::numbered(3);
        replicas.iter_mut().for_each(|replica| replica.fail_p = Some(0.01));
        let system = QuorumSystem::from_votes(replicas, &[2, 1, 1], 2, 3).unwrap();
        let measures = measure(&system, Some(&Workload::reads(0.5)), &ReplicaSet::new(), &Limits::default());
        let requirements = Requirements {
            read_resilience: Some(1),
            write_resilience: Some(1),
            read_availability: Some(0.9998),
            max_latency_ms: Some(3.0),
            ..Requirements::default()
        };
        let met: Vec<_> = requirements.hold(&measures).into_iter().map(|r| (r.name, r.met)).collect();
        let expected = [
            ("read_resilience", Some(true)),
            ("write_resilience", Some(false)),
            ("read_availability", Some(true)),
            ("max_latency_ms", None),
        ];
        assert_eq!(met, expected.map(|(name, met)| (name.to_owned(), met)));
    }

    #[test]
    fn a_blocked_system_survives_nothing() {
        let system = QuorumSystem::majority(3).unwrap();
        let down: ReplicaSet = [0, 1].into_iter().collect();
        let measures = measure(&system, None, &down, &Limits::default());
        let requirements = Requirements { read_resilience: Some(0), ..Requirements::default() };
        assert_eq!(requirements.hold(&measures)[0].met, Some(false));
    }
}
