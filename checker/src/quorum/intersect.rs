//! Do the quorums of several systems have a replica in common, always?
//!
//! **Problem.** Deciding it is co-NP-complete for formulas; the counterexample must be a smallest one.
//!
//! **Algorithm.** Thresholds over equal votes have a closed form: leave the replicas out in turn, each quorum the next
//! ones, around a circle. Systems that list their quorums are compared pair by pair. Everything else is a least path
//! through the product of the decision diagrams ([`super::diagram::lightest_overlap`]). Where a diagram outgrows its limit,
//! two systems are still decided: a pair that a greedy try ([`greedy`]) found before stands, and without one a
//! backtracking search ([`search`]) goes on. Those counterexamples are minimal, but perhaps not smallest.
//!
//! **Why the circle is right.** k quorums leave out `Σ (n - q_i)` memberships; a replica is out of the common part iff at
//! least one quorum leaves it out, so no choice leaves more than that many replicas out, and going around a circle
//! leaves out that many, or all.

use super::diagram::{Diagram, Overlap, lightest_overlap};
use super::error::{Limits, Stopped};
use super::formula::Formula;
use super::set::ReplicaSet;

mod greedy;
mod search;

/// The most pairs of listed quorums that are compared one by one.
const MOST_PAIRS: usize = 4_000_000;

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
    limits.check()?;
    if let Some(meeting) = directly(&[a, b], &|_| 1, limits)? {
        return Ok(meeting.filter(|meeting| meeting.common == 0));
    }
    // A pair that is easily found stands whatever becomes of the search for a smaller one.
    let quick = match search::against_list(a, b, limits)? {
        Some(None) => return Ok(None),
        Some(found) => found,
        None => greedy::disjoint_pair(a, b, limits),
    };
    let meeting = |(a, b)| Meeting { quorums: vec![a, b], common: 0, smallest: false };
    match (by_diagram(&[a, b], &|_| 1, limits), quick) {
        (Ok(least), _) => Ok(least.filter(|meeting| meeting.common == 0)),
        (Err(_), Some(pair)) => Ok(Some(meeting(pair))),
        (Err(Stopped::TooLarge), None) => Ok(search::disjoint_pair(a, b, limits)?.map(meeting)),
        (Err(stopped), None) => Err(stopped),
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
    match directly(systems, weight, limits)? {
        Some(meeting) => Ok(meeting),
        None => by_diagram(systems, weight, limits),
    }
}

fn by_diagram(
    systems: &[&Formula],
    weight: &dyn Fn(usize) -> u64,
    limits: &Limits,
) -> Result<Option<Meeting>, Stopped> {
    let mut diagram = Diagram::over(systems, *limits);
    let mut roots = [super::diagram::TRUE; 3];
    for (root, system) in roots.iter_mut().zip(systems) {
        *root = diagram.add(system)?;
    }
    let overlap = lightest_overlap(&diagram, roots, systems.len(), weight)?;
    Ok(overlap.map(|Overlap { weight, quorums }| Meeting { quorums, common: weight, smallest: true }))
}

/// The answer where it takes no diagram: `None` where it does, `Some(None)` where a system has no quorum.
fn directly(
    systems: &[&Formula],
    weight: &dyn Fn(usize) -> u64,
    limits: &Limits,
) -> Result<Option<Option<Meeting>>, Stopped> {
    if let Some(meeting) = equal_votes(systems, weight) {
        return Ok(Some(Some(meeting)));
    }
    let [a, b] = systems else { return Ok(None) };
    let (Some(a), Some(b)) = (a.as_list(), b.as_list()) else { return Ok(None) };
    if a.len().saturating_mul(b.len()) > MOST_PAIRS {
        return Ok(None);
    }
    lightest_pair(&a, &b, weight, limits).map(Some)
}

/// The pair of listed quorums that shares least, and of those the smallest. Every quorum holds a listed one, which
/// shares no more.
fn lightest_pair(
    a: &[ReplicaSet],
    b: &[ReplicaSet],
    weight: &dyn Fn(usize) -> u64,
    limits: &Limits,
) -> Result<Option<Meeting>, Stopped> {
    let mut best: Option<((u64, usize), &ReplicaSet, &ReplicaSet)> = None;
    for first in a {
        limits.check()?;
        for second in b {
            let common = if first.is_disjoint(second) {
                0
            } else {
                first.intersection(second).iter().map(weight).fold(0, u64::saturating_add)
            };
            let cost = (common, first.len() + second.len());
            if best.is_none_or(|(least, ..)| cost < least) {
                best = Some((cost, first, second));
            }
        }
    }
    Ok(best.map(|((common, _), first, second)| Meeting {
        quorums: vec![first.clone(), second.clone()],
        common,
        smallest: true,
    }))
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

/// One of a formula's minimal quorums among the replicas, another for another number (or not).
pub(super) fn some_minimal(formula: &Formula, among: &ReplicaSet, number: usize) -> ReplicaSet {
    shrunk_by(formula, among, greedy::order(formula, among, number))
}

/// Drops members, last first, while the rest is still a quorum.
pub(super) fn shrunk(formula: &Formula, set: &ReplicaSet) -> ReplicaSet {
    let members: Vec<usize> = set.iter().collect();
    shrunk_by(formula, set, members.into_iter().rev())
}

/// Drops members in the given order while the rest is still a quorum.
pub(super) fn shrunk_by(
    formula: &Formula,
    set: &ReplicaSet,
    order: impl IntoIterator<Item = usize>,
) -> ReplicaSet {
    let mut quorum = set.clone();
    for member in order {
        if quorum.remove(member) && !formula.is_quorum(&quorum) {
            quorum.insert(member);
        }
    }
    quorum
}

#[cfg(test)]
mod tests;
