//! Fault tolerance: how many losses block, which zones, and how likely that is.
//!
//! All of it is read off decision diagrams: the least losses are a least path to *false* that pays for each absent
//! replica; the probability of being blocked is summed over the paths to *false*. A replica that the formula mentions
//! twice is one level, so it fails once.

use super::diagram::{Diagram, Goal, MinimalSets};
use super::error::{Limits, Stopped};
use super::formula::Formula;
use super::set::ReplicaSet;
use super::system::QuorumSystem;

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
/// [`Stopped`] when the decision diagram outgrows the limits and the system is no threshold over votes.
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
    if let Some((need, voters)) = formula.as_votes() {
        return Ok(of_votes(need, voters));
    }
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
    let mut diagram = Diagram::over(&[a, &dual], *limits);
    Ok(diagram.add(a)? == diagram.add(&dual)?)
}

/// The minimal quorums, at most `most` of them, and whether these are all.
///
/// # Errors
///
/// [`Stopped`] when the decision diagram outgrows the limits.
///
/// # Complexity
///
/// They are made one after another; a system with more than `most` costs no more than one with as many.
pub fn minimal_quorums(
    formula: &Formula,
    most: usize,
    limits: &Limits,
) -> Result<(Vec<ReplicaSet>, bool), Stopped> {
    let mut diagram = Diagram::over(&[formula], *limits);
    let root = diagram.add(formula)?;
    let mut sets = MinimalSets::new(&diagram, root);
    let mut quorums = sets.by_ref().take(most).collect::<Result<Vec<_>, _>>()?;
    quorums.sort_unstable();
    Ok((quorums, sets.next().transpose()?.is_none()))
}

#[cfg(test)]
mod tests;
