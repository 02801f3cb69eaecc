//! Fault tolerance: how many losses block, which zones, and how likely that is.
//!
//! All of it is read off decision diagrams: the least losses are a least path to *false* that pays for each absent
//! replica; the probability of being blocked is summed over the paths to *false*. A replica that the formula mentions
//! twice is one level, so it fails once.

use super::diagram::{Diagram, Goal, MinimalSets};
use super::error::{Limits, Stopped};
use super::formula::Formula;
use super::intersect;
use super::set::ReplicaSet;
use super::system::QuorumSystem;

mod transversal;

pub(super) use transversal::minimal as minimal_of;

/// What a quorum formula survives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resilience {
    /// It survives the loss of any this many.
    pub survives: usize,
    /// A smallest set whose loss blocks (one more than it survives); `None` where no quorum is left already.
    pub blocking: Option<ReplicaSet>,
}

/// The least replicas whose loss blocks every quorum.
///
/// # Errors
///
/// [`Stopped`] when the decision diagram outgrows the limits and the system neither is a threshold over votes nor lists its
/// quorums.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, QuorumSystem, resilience};
///
/// // One `a` in two places is still one replica: its loss blocks both.
/// let system = QuorumSystem::from_expressions(None, "a*b + a*c", None).unwrap();
/// let resilience = resilience(system.reads(), &Limits::default()).unwrap();
/// assert_eq!(resilience.survives, 0);
/// assert_eq!(system.names(&resilience.blocking.unwrap()), ["a"]);
/// ```
pub fn resilience(formula: &Formula, limits: &Limits) -> Result<Resilience, Stopped> {
    limits.check()?;
    if let Some((need, voters)) = formula.as_votes() {
        return Ok(of_votes(need, voters));
    }
    if let Some(clauses) = formula.dual().as_list().filter(|clauses| !clauses.is_empty()) {
        // Every quorum meets each of the dual's quorums, and what blocks holds one of them.
        let blocking = clauses.into_iter().min();
        return Ok(Resilience { survives: blocking.as_ref().map_or(0, ReplicaSet::len) - 1, blocking });
    }
    let by_list = || transversal::smallest(&formula.as_list()?, limits);
    match by_diagram(formula, &limits.first_try()) {
        Err(Stopped::TooLarge) => match by_list() {
            Some(blocking) => Ok(Resilience { survives: blocking.len() - 1, blocking: Some(blocking) }),
            None => by_diagram(formula, limits),
        },
        found => found,
    }
}

fn by_diagram(formula: &Formula, limits: &Limits) -> Result<Resilience, Stopped> {
    let mut diagram = Diagram::over(&[formula], *limits);
    let root = diagram.add(formula)?;
    let prices = vec![1_usize; diagram.order.iter().max().map_or(0, |max| max + 1)];
    Ok(match diagram.cone(root).cheapest(Goal::Blocking, &prices) {
        Some((losses, blocking)) => {
            Resilience { survives: losses.saturating_sub(1), blocking: Some(blocking).filter(|_| losses > 0) }
        }
        None => Resilience { survives: 0, blocking: None },
    })
}

/// The heaviest votes are lost first: no other choice of as many takes more.
fn of_votes(need: u64, mut voters: Vec<(usize, u64)>) -> Resilience {
    voters.sort_by_key(|&(replica, votes)| (std::cmp::Reverse(votes), replica));
    let mut left: u64 = voters.iter().map(|(_, votes)| votes).sum();
    let mut blocking = ReplicaSet::new();
    for (replica, votes) in voters {
        if left < need {
            break;
        }
        left -= votes;
        blocking.insert(replica);
    }
    Resilience {
        survives: blocking.len().saturating_sub(1),
        blocking: Some(blocking).filter(|b| !b.is_empty()),
    }
}

/// The zones of a system, each the name and its replicas; a replica without a zone is one by itself.
#[must_use]
pub fn zones(system: &QuorumSystem) -> Vec<(String, ReplicaSet)> {
    let mut zones: Vec<(String, ReplicaSet)> = Vec::new();
    for (number, replica) in system.replicas().iter().enumerate() {
        let shared = replica.zone.as_ref().and_then(|zone| zones.iter_mut().find(|(name, _)| name == zone));
        match shared {
            Some((_, members)) => {
                members.insert(number);
            }
            None => {
                let name = replica.zone.clone().unwrap_or_else(|| format!("({})", replica.name));
                zones.push((name, std::iter::once(number).collect()));
            }
        }
    }
    zones
}

/// The least zones whose loss blocks: the same question of the formula with every replica replaced by its zone. The
/// blocking set holds positions in [`zones`].
///
/// # Errors
///
/// As [`resilience`].
pub fn zone_resilience(
    system: &QuorumSystem,
    formula: &Formula,
    limits: &Limits,
) -> Result<Resilience, Stopped> {
    let mut zone_of = vec![0; system.replicas().len()];
    for (zone, (_, members)) in zones(system).iter().enumerate() {
        for replica in members.iter() {
            zone_of[replica] = zone;
        }
    }
    resilience(&formula.renamed(|replica| zone_of[replica]), limits)
}

/// The probability that no quorum is up, where replica `i` is down with probability `fail[i]`, independently.
///
/// Exact up to rounding: no sampling, no cut-off; only positive terms are added.
///
/// # Errors
///
/// [`Stopped`] when the decision diagram outgrows the limits.
///
/// # Panics
///
/// When `fail` has no entry for a replica of the formula.
///
/// # Complexity
///
/// Linear in the decision diagram.
pub fn blocked_probability(formula: &Formula, fail: &[f64], limits: &Limits) -> Result<f64, Stopped> {
    let mut diagram = Diagram::over(&[formula], *limits);
    let root = diagram.add(formula)?;
    Ok(diagram.cone(root).blocked_probability(fail))
}

/// Whether a formula equals the dual of another: then neither can be given a smaller or another quorum without breaking
/// the intersection (the pair is *nondominated*; with both formulas the same, the coterie is).
///
/// # Errors
///
/// [`Stopped`] when the decision diagram outgrows the limits.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, Shape, is_dual};
///
/// let fano = Shape::Plane { order: 2 }.system(None).unwrap();
/// assert_eq!(is_dual(fano.reads(), fano.reads(), &Limits::default()), Ok(true));
/// ```
pub fn is_dual(a: &Formula, b: &Formula, limits: &Limits) -> Result<bool, Stopped> {
    let dual = b.dual();
    let equal = |limits: &Limits| {
        let mut diagram = Diagram::over(&[a, &dual], *limits);
        Ok(diagram.add(a)? == diagram.add(&dual)?)
    };
    match equal(&limits.first_try()) {
        Err(Stopped::TooLarge) if differ(a, &dual, limits) => Ok(false),
        Err(Stopped::TooLarge) => equal(limits),
        decided => decided,
    }
}

/// How many minimal quorums of each formula are held against the other.
const SAMPLES: usize = 12;

/// Whether a minimal quorum of the one that comes to hand is no quorum of the other.
fn differ(a: &Formula, b: &Formula, limits: &Limits) -> bool {
    let everyone: ReplicaSet = a.replicas().into_iter().chain(b.replicas()).collect();
    (0..SAMPLES).take_while(|_| limits.check().is_ok()).any(|number| {
        [(a, b), (b, a)].into_iter().any(|(own, other)| {
            let quorum = intersect::some_minimal(own, &everyone, number);
            !other.is_quorum(&quorum)
        })
    })
}

/// The minimal quorums, at most `most` of them, and whether these are all.
///
/// # Errors
///
/// [`Stopped`] when the decision diagram outgrows the limits.
///
/// # Complexity
///
/// They are made one after another; a system with more than `most` costs no more than one with as many. At most as many as
/// [`Limits::entries`] are given.
pub fn minimal_quorums(
    formula: &Formula,
    most: usize,
    limits: &Limits,
) -> Result<(Vec<ReplicaSet>, bool), Stopped> {
    let walked = |limits: &Limits| {
        let mut diagram = Diagram::over(&[formula], *limits);
        let root = diagram.add(formula)?;
        let mut sets = MinimalSets::new(&diagram, root);
        let mut quorums = sets.by_ref().take(most.min(limits.entries)).collect::<Result<Vec<_>, _>>()?;
        quorums.sort_unstable();
        Ok((quorums, sets.next().transpose()?.is_none()))
    };
    let Some(list) = formula.as_list() else { return walked(limits) };
    match walked(&limits.first_try()) {
        Err(Stopped::TooLarge) => {
            let mut quorums = transversal::minimal(list, limits)?;
            let all = quorums.len() <= most;
            quorums.truncate(most);
            Ok((quorums, all))
        }
        found => found,
    }
}

#[cfg(test)]
mod tests;
