//! Do the quorums of several systems have a replica in common, always?
//!
//! **Problem.** Deciding it is co-NP-complete for formulas; the counterexample must be a smallest one.
//!
//! **Algorithm.** Thresholds over equal votes have a closed form: leave the replicas out in turn, each quorum the next
//! ones, around a circle. Everything else is a least path through the product of the decision diagrams
//! ([`super::diagram::lightest_overlap`]). Where a diagram outgrows its limit, two systems are still decided by
//! backtracking search ([`search`]), whose counterexample is minimal but perhaps not smallest.
//!
//! **Why the circle is right.** k quorums leave out `Σ (n - q_i)` memberships; a replica is out of the common part iff at
//! least one quorum leaves it out, so no choice leaves more than that many replicas out, and going around a circle
//! leaves out that many, or all.

use super::diagram::{Diagram, Overlap, lightest_overlap};
use super::error::{Limits, Stopped};
use super::formula::Formula;
use super::set::ReplicaSet;

mod search;

/// Quorums of several systems and what they share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// One quorum of each system, in their order.
    pub quorums: Vec<ReplicaSet>,
    /// The weight of the replicas common to all.
    pub common: u64,
    /// Whether the quorums are as small as possible (together) for this overlap.
    pub smallest: bool,
}

/// Two disjoint quorums, one of each system, or `None` where any two share a replica.
///
/// # Errors
///
/// [`Stopped`] when the limits end the search.
///
/// # Complexity
///
/// Polynomial for thresholds over equal votes; otherwise at most the product of two decision diagrams, or a search that
/// is exponential in the worst case.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, QuorumSystem, disjoint_quorums};
///
/// let system = QuorumSystem::from_expressions(None, "a*b + c*d", Some("a*c + b*d")).unwrap();
/// assert_eq!(disjoint_quorums(system.reads(), system.writes(), &Limits::default()), Ok(None));
/// let pair = disjoint_quorums(system.reads(), system.reads(), &Limits::default()).unwrap().unwrap();
/// assert!(pair.quorums[0].is_disjoint(&pair.quorums[1]));
/// ```
pub fn disjoint_quorums(a: &Formula, b: &Formula, limits: &Limits) -> Result<Option<Meeting>, Stopped> {
    match least_common(&[a, b], &|_| 1, limits) {
        Ok(meeting) => Ok(meeting.filter(|meeting| meeting.common == 0)),
        Err(Stopped::TooLarge) => {
            let pair = search::disjoint_pair(a, b, limits)?;
            Ok(pair.map(|(a, b)| Meeting { quorums: vec![a, b], common: 0, smallest: false }))
        }
        Err(stopped) => Err(stopped),
    }
}

/// Quorums, one of each of two or three systems, whose common replicas weigh least (`weight` is by replica); `None` where
/// one of the systems has no quorum.
///
/// # Errors
///
/// [`Stopped`] when the limits end the search.
///
/// # Panics
///
/// When there are fewer than two systems or more than three.
pub fn least_common(
    systems: &[&Formula],
    weight: &dyn Fn(usize) -> u64,
    limits: &Limits,
) -> Result<Option<Meeting>, Stopped> {
    assert!((2..=3).contains(&systems.len()), "two or three systems");
    if let Some(meeting) = equal_votes(systems, weight) {
        return Ok(Some(meeting));
    }
    let mut diagram = Diagram::over(systems, *limits);
    let mut roots = [super::diagram::TRUE; 3];
    for (root, system) in roots.iter_mut().zip(systems) {
        *root = diagram.add(system)?;
    }
    let overlap = lightest_overlap(&diagram, roots, systems.len(), weight)?;
    Ok(overlap.map(|Overlap { weight, quorums }| Meeting { quorums, common: weight, smallest: true }))
}

/// The closed form for thresholds over the same replicas with one vote each.
fn equal_votes(systems: &[&Formula], weight: &dyn Fn(usize) -> u64) -> Option<Meeting> {
    let mut voters: Option<Vec<usize>> = None;
    let mut needs = Vec::new();
    for system in systems {
        let (need, votes) = system.as_votes()?;
        if votes.iter().any(|&(replica, vote)| vote != 1 || weight(replica) != 1) {
            return None;
        }
        let mut replicas: Vec<usize> = votes.iter().map(|(replica, _)| *replica).collect();
        replicas.sort_unstable();
        if voters.get_or_insert_with(|| replicas.clone()) != &replicas {
            return None;
        }
        needs.push(usize::try_from(need).ok()?);
    }
    let voters = voters?;
    let n = voters.len();
    let mut start = 0;
    let quorums: Vec<ReplicaSet> = needs
        .iter()
        .map(|&need| {
            let left_out = n - need;
            let quorum = (left_out..n).map(|i| voters[(start + i) % n]).collect();
            start += left_out;
            quorum
        })
        .collect();
    let common =
        quorums.iter().skip(1).fold(quorums[0].clone(), |common, q| common.intersection(q)).len() as u64;
    Some(Meeting { quorums: smaller_when_disjoint(quorums, &voters, common), common, smallest: true })
}

/// Two disjoint quorums read best as the first replicas against the last.
fn smaller_when_disjoint(quorums: Vec<ReplicaSet>, voters: &[usize], common: u64) -> Vec<ReplicaSet> {
    match quorums.as_slice() {
        [a, b] if common == 0 => vec![
            voters[..a.len()].iter().copied().collect(),
            voters[voters.len() - b.len()..].iter().copied().collect(),
        ],
        _ => quorums,
    }
}

/// Drops members, last first, while the rest is still a quorum.
pub(super) fn shrunk(formula: &Formula, set: &ReplicaSet) -> ReplicaSet {
    let mut quorum = set.clone();
    let members: Vec<usize> = set.iter().collect();
    for &member in members.iter().rev() {
        quorum.remove(member);
        if !formula.is_quorum(&quorum) {
            quorum.insert(member);
        }
    }
    quorum
}

#[cfg(test)]
mod tests;
