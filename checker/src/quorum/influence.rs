//! Which replicas decide, which never matter, and the fewest votes that have the same quorums.
//!
//! - A *dictator* is in every quorum: without it nothing goes. Under votes that is `V - v_i < t`.
//! - A *dummy* is in no minimal quorum: whether it answers never changes the outcome. A replica of no votes is one; so is
//!   the last of 4, 4, 1 where 8 votes are needed.
//! - *Effective votes* are the fewest whole votes and thresholds under which exactly the same sets are read quorums
//!   and write quorums; replicas of equal votes keep equal votes. 2, 2, 2 with thresholds of 3 are 1, 1, 1 with
//!   thresholds of 2.
//!
//! **Algorithm** for effective votes: an integer program with a variable for each different number of votes and each
//! threshold, whose constraints are found as they are needed. A solution is held against the decision diagrams: its lightest
//! quorum must reach the threshold, its heaviest set without a quorum must not; each that fails becomes a constraint.
//!
//! **Why it is correct.** Every constraint is one that any representation must keep, so the program's optimum is never
//! above the true one; and a solution that passes both tests represents the system, tested in exact integers.
//!
//! **Complexity.** An integer program a round; [`MOST_CLASSES`], [`MOST_ROUNDS`] and [`MOST_VOTES`] end the attempt. A system of
//! one class of votes has a closed form.
//!
//! Source: Taylor and Zwicker, "Simple Games" (1999); Kurz, "On minimum sum representations for weighted voting games"
//! (2012).

use std::collections::BTreeMap;

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, Variable, microlp, variable};

use super::diagram::{Cone, Diagram, Goal};
use super::error::{Limits, Stopped};
use super::formula::Formula;
use super::load;
use super::set::ReplicaSet;
use super::system::QuorumSystem;
use super::voting::Voting;

/// The most different numbers of votes (0 aside) that an integer program is asked about.
const MOST_CLASSES: usize = 10;
/// The most rounds of new constraints.
const MOST_ROUNDS: usize = 300;
/// The most effective votes of one replica.
const MOST_VOTES: u32 = 1_000_000;

/// What single replicas mean to the quorums of one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Influence {
    /// Those in every quorum.
    pub dictators: ReplicaSet,
    /// Those in no minimal quorum.
    pub dummies: Result<ReplicaSet, Stopped>,
}

/// The replicas of a system of `n` that every quorum needs, and those that no minimal quorum has.
///
/// # Errors
///
/// The dummies are [`Stopped`] when the decision diagram outgrows the limits.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, QuorumSystem, Replica, influence};
///
/// let system = QuorumSystem::from_votes(Replica::numbered(4), &[3, 1, 1, 0], 2, 4).unwrap();
/// let writes = influence(system.writes(), 4, &Limits::default());
/// assert_eq!(system.names(&writes.dictators), ["n1"]);
/// assert_eq!(system.names(&writes.dummies.unwrap()), ["n4"]);
/// ```
#[must_use]
pub fn influence(formula: &Formula, n: usize, limits: &Limits) -> Influence {
    let without = |replica: usize| std::iter::once(replica).collect::<ReplicaSet>().complement(n);
    let mentioned = formula.replicas();
    Influence {
        dictators: mentioned.iter().copied().filter(|&i| !formula.is_quorum(&without(i))).collect(),
        dummies: deciding(formula, limits).map(|deciding| deciding.complement(n)),
    }
}

/// The replicas that minimal quorums have.
fn deciding(formula: &Formula, limits: &Limits) -> Result<ReplicaSet, Stopped> {
    limits.check()?;
    if let Some((_, voters)) =
        formula.as_votes().filter(|(_, voters)| voters.iter().all(|v| v.1 == voters[0].1))
    {
        return Ok(voters.into_iter().map(|(replica, _)| replica).collect());
    }
    let by_diagram = |limits: &Limits| {
        let mut diagram = Diagram::over(&[formula], *limits);
        let root = diagram.add(formula)?;
        Ok(diagram.cone(root).support())
    };
    let Some(list) = formula.as_list() else { return by_diagram(limits) };
    match by_diagram(&limits.first_try()) {
        Err(Stopped::TooLarge) => {
            let minimal = super::fault::minimal_of(list, limits)?;
            Ok(minimal.iter().flat_map(ReplicaSet::iter).collect())
        }
        found => found,
    }
}

/// Votes and thresholds that have the quorums of others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EffectiveVotes {
    /// Each replica's votes.
    pub votes: Vec<u64>,
    /// The votes of a read quorum.
    pub r: u64,
    /// The votes of a write quorum.
    pub w: u64,
}

/// The fewest votes with the same read quorums and write quorums, where the system is one of votes.
///
/// # Errors
///
/// [`Stopped`] when there are too many different votes, or a decision diagram outgrows the limits.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, QuorumSystem, Replica, effective_votes};
///
/// let system = QuorumSystem::from_votes(Replica::numbered(3), &[49, 49, 2], 51, 51).unwrap();
/// let fewest = effective_votes(&system, &Limits::default()).unwrap().unwrap();
/// // The replica of two votes has as much to say as the others.
/// assert_eq!((fewest.votes, fewest.r, fewest.w), (vec![1, 1, 1], 2, 2));
/// ```
#[must_use]
pub fn effective_votes(system: &QuorumSystem, limits: &Limits) -> Option<Result<EffectiveVotes, Stopped>> {
    let voting = system.voting()?;
    Some(fewest(system, voting, limits))
}

fn fewest(system: &QuorumSystem, voting: &Voting, limits: &Limits) -> Result<EffectiveVotes, Stopped> {
    limits.check()?;
    let mut classes: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (replica, &votes) in voting.votes().iter().enumerate().filter(|(_, votes)| **votes > 0) {
        classes.entry(votes).or_default().push(replica);
    }
    if let (1, Some((&each, _))) = (classes.len(), classes.first_key_value()) {
        return Ok(EffectiveVotes {
            votes: voting.votes().iter().map(|votes| votes / each).collect(),
            r: voting.r().div_ceil(each),
            w: voting.w().div_ceil(each),
        });
    }
    if classes.len() > MOST_CLASSES {
        return Err(Stopped::TooLarge);
    }
    let classes: Vec<Vec<usize>> = classes.into_values().collect();
    let mut diagram = Diagram::over(&[system.reads(), system.writes()], limits.first_try());
    let roots = [diagram.add(system.reads())?, diagram.add(system.writes())?];
    let cones = roots.map(|root| diagram.cone(root));
    let mut rules: Vec<Rule> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let found = solve(&classes, &rules, limits)?;
        let mut votes = vec![0; voting.votes().len()];
        for (class, &own) in classes.iter().zip(&found.votes) {
            class.iter().for_each(|&replica| votes[replica] = own);
        }
        let broken: Vec<Rule> =
            (0..2).flat_map(|side| broken(&cones[side], side, &votes, found.need[side], &classes)).collect();
        if broken.is_empty() {
            let [r, w] = [0, 1].map(|side| heaviest_other(&cones[side], &votes) + 1);
            return Ok(EffectiveVotes { votes, r, w });
        }
        let known = rules.len();
        rules.extend(broken);
        if rules[..known].iter().any(|rule| rules[known..].contains(rule)) {
            // The solver gave what its own constraints forbid.
            return Err(Stopped::Solver);
        }
    }
    Err(Stopped::TooLarge)
}

/// A set with so many replicas of each class that must, or must not, be a quorum of a side.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    side: usize,
    quorum: bool,
    members: Vec<u64>,
}

/// The rules that votes break: the lightest quorum too light, the heaviest other set too heavy.
fn broken(cone: &Cone, side: usize, votes: &[u64], need: u64, classes: &[Vec<usize>]) -> Vec<Rule> {
    let members = |set: &ReplicaSet| {
        classes.iter().map(|class| class.iter().filter(|&&r| set.contains(r)).count() as u64).collect()
    };
    let mut rules = Vec::new();
    if let Some((lightest, quorum)) = cone.cheapest(Goal::Quorum, votes)
        && lightest < need
    {
        rules.push(Rule { side, quorum: true, members: members(&quorum) });
    }
    if let Some((blocking, lost)) = cone.cheapest(Goal::Blocking, votes)
        && votes.iter().sum::<u64>() - blocking >= need
    {
        rules.push(Rule { side, quorum: false, members: members(&lost.complement(votes.len())) });
    }
    rules
}

/// The votes of the heaviest set that is no quorum.
fn heaviest_other(cone: &Cone, votes: &[u64]) -> u64 {
    let blocking = cone.cheapest(Goal::Blocking, votes).map_or(0, |(blocking, _)| blocking);
    votes.iter().sum::<u64>() - blocking
}

struct Found {
    votes: Vec<u64>,
    need: [u64; 2],
}

/// The fewest votes that keep the rules, and thresholds for them.
fn solve(classes: &[Vec<usize>], rules: &[Rule], limits: &Limits) -> Result<Found, Stopped> {
    let most = f64::from(MOST_VOTES);
    let mut problem = ProblemVariables::new();
    let votes: Vec<Variable> =
        classes.iter().map(|_| problem.add(variable().integer().min(0.0).max(most))).collect();
    let need = [0, 1].map(|_| problem.add(variable().integer().min(1.0).max(1e9)));
    let mut sum = Expression::with_capacity(classes.len() + 2);
    for (class, &own) in classes.iter().zip(&votes) {
        sum.add_mul(class.len() as f64, own);
    }
    let mut model = problem.minimise(sum).using(microlp);
    for rule in rules {
        let mut weight = Expression::with_capacity(votes.len() + 1);
        for (&own, &members) in votes.iter().zip(&rule.members) {
            weight.add_mul(members as f64, own);
        }
        weight.add_mul(-1.0, need[rule.side]);
        model.add_constraint(if rule.quorum { weight.geq(0.0) } else { weight.leq(-1.0) });
    }
    let solution = load::solved(model, limits)?;
    let whole = |value: Variable| solution.value(value).round().max(0.0) as u64;
    Ok(Found { votes: votes.iter().map(|&own| whole(own)).collect(), need: need.map(whole) })
}

#[cfg(test)]
mod tests {
    use super::{Limits, effective_votes, influence};
    use crate::quorum::{QuorumSystem, Replica, Shape};

    fn fewest(votes: &[u64], r: u64, w: u64) -> (Vec<u64>, u64, u64) {
        let system = QuorumSystem::from_votes(Replica::numbered(votes.len()), votes, r, w).unwrap();
        let fewest = effective_votes(&system, &Limits::default()).unwrap().unwrap();
        (fewest.votes, fewest.r, fewest.w)
    }

    #[test]
    fn votes_that_only_look_different() {
        assert_eq!(fewest(&[2, 2, 2], 3, 3), (vec![1, 1, 1], 2, 2));
        assert_eq!(fewest(&[5, 4, 3], 7, 7), (vec![1, 1, 1], 2, 2));
        assert_eq!(fewest(&[2, 1, 1], 2, 3), (vec![2, 1, 1], 2, 3));
        assert_eq!(fewest(&[4, 4, 1], 8, 8), (vec![1, 1, 0], 2, 2));
        assert_eq!(fewest(&[0, 7, 7], 7, 14), (vec![0, 1, 1], 1, 2));
    }

    #[test]
    fn lines_of_a_plane_need_everyone_and_a_star_needs_its_centre() {
        let limits = Limits::default();
        let plane = Shape::Plane { order: 7 }.system(None).unwrap();
        let lines = influence(plane.reads(), 57, &limits);
        assert!(lines.dictators.is_empty() && lines.dummies.unwrap().is_empty());
        let star = QuorumSystem::from_expressions(None, "a*b + a*c + a*b*d", None).unwrap();
        let own = influence(star.reads(), 4, &limits);
        assert_eq!(star.names(&own.dictators), ["a"]);
        assert_eq!(star.names(&own.dummies.unwrap()), ["d"]);
    }
}
