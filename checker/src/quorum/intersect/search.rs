//! Backtracking search for two disjoint quorums, for systems whose decision diagrams are too large.
//!
//! **Algorithm.** Every replica is on the side of A, on the side of B, or free. A side is hopeless when it and the free
//! replicas hold no quorum; a free replica that a side cannot do without is put there. Otherwise the search branches
//! on a replica of a minimal quorum that A could still form.
//!
//! Systems that list their quorums (an *or* of *and*s) need no search: each listed quorum is held against the rest
//! ([`against_list`]).
//!
//! **Why it is correct.** Both sides' formulas are monotone, so giving every free replica to a side tests all of its
//! futures at once; forced moves lose nothing; branching tries both sides. It ends because each branch fixes a replica.
//!
//! **Complexity.** Exponential in the worst case; [`Limits::entries`] bounds the branches.

use super::shrunk;
use crate::quorum::error::{Limits, Stopped};
use crate::quorum::formula::Formula;
use crate::quorum::set::ReplicaSet;

/// A partial division of the replicas: those of one side may not serve the other.
#[derive(Clone, Default)]
struct Sides {
    a: ReplicaSet,
    b: ReplicaSet,
}

/// Minimal disjoint quorums of `a` and `b`, or `None` where there are none.
pub(super) fn disjoint_pair(
    a: &Formula,
    b: &Formula,
    limits: &Limits,
) -> Result<Option<(ReplicaSet, ReplicaSet)>, Stopped> {
    let everyone: ReplicaSet = a.replicas().into_iter().chain(b.replicas()).collect();
    let without = |set: &ReplicaSet| everyone.iter().filter(|&replica| !set.contains(replica)).collect();
    let mut stack = vec![Sides::default()];
    let mut branches = 0;
    while let Some(mut sides) = stack.pop() {
        branches += 1;
        if branches > limits.entries {
            return Err(Stopped::TooLarge);
        }
        limits.check()?;
        if !propagate(&mut sides, a, b, &everyone, limits)? {
            continue;
        }
        // A's own replicas suffice already, or B's do: the other side has all of the rest, which holds a quorum.
        let settled = if a.is_quorum(&sides.a) {
            Some(shrunk(a, &sides.a))
        } else if b.is_quorum(&sides.b) {
            Some(shrunk(a, &without(&sides.b)))
        } else {
            None
        };
        if let Some(quorum) = settled {
            let rest: ReplicaSet = without(&quorum);
            return Ok(Some((quorum, shrunk(b, &rest))));
        }
        let candidate = shrunk(a, &without(&sides.b));
        let Some(pivot) = candidate.iter().find(|&replica| !sides.a.contains(replica)) else { continue };
        let mut refused = sides.clone();
        refused.b.insert(pivot);
        stack.push(refused);
        sides.a.insert(pivot);
        stack.push(sides);
    }
    Ok(None)
}

/// The most gates that are evaluated to hold a list against a formula.
const MOST_WORK: usize = 100_000_000;

/// A disjoint pair of quorums where one of the systems lists its own, or `Some(None)` where there is none; `None` where
/// neither is a list short enough.
pub(super) fn against_list(
    a: &Formula,
    b: &Formula,
    limits: &Limits,
) -> Result<Option<Option<(ReplicaSet, ReplicaSet)>>, Stopped> {
    let everyone: ReplicaSet = a.replicas().into_iter().chain(b.replicas()).collect();
    let short =
        |list: &Vec<ReplicaSet>, other: &Formula| list.len().saturating_mul(other.gates.len()) <= MOST_WORK;
    if let Some(list) = a.as_list().filter(|list| short(list, b)) {
        return listed(&list, b, &everyone, limits).map(Some);
    }
    match b.as_list().filter(|list| short(list, a)) {
        Some(list) => Ok(Some(listed(&list, a, &everyone, limits)?.map(|(b, a)| (a, b)))),
        None => Ok(None),
    }
}

/// The first listed quorum whose complement holds one of the other system.
fn listed(
    list: &[ReplicaSet],
    other: &Formula,
    everyone: &ReplicaSet,
    limits: &Limits,
) -> Result<Option<(ReplicaSet, ReplicaSet)>, Stopped> {
    for quorum in list {
        limits.check()?;
        let rest: ReplicaSet = everyone.iter().filter(|&replica| !quorum.contains(replica)).collect();
        if other.is_quorum(&rest) {
            return Ok(Some((quorum.clone(), shrunk(other, &rest))));
        }
    }
    Ok(None)
}

/// Puts replicas where a side cannot do without them; `false` where a side has no quorum left.
fn propagate(
    sides: &mut Sides,
    a: &Formula,
    b: &Formula,
    everyone: &ReplicaSet,
    limits: &Limits,
) -> Result<bool, Stopped> {
    loop {
        let mut may_a: ReplicaSet = everyone.iter().filter(|&replica| !sides.b.contains(replica)).collect();
        let mut may_b: ReplicaSet = everyone.iter().filter(|&replica| !sides.a.contains(replica)).collect();
        if !a.is_quorum(&may_a) || !b.is_quorum(&may_b) {
            return Ok(false);
        }
        let mut forced = false;
        let free: Vec<usize> = may_a.iter().filter(|&replica| may_b.contains(replica)).collect();
        for replica in free {
            limits.check()?;
            may_a.remove(replica);
            may_b.remove(replica);
            match (!a.is_quorum(&may_a), !b.is_quorum(&may_b)) {
                (true, true) => return Ok(false),
                (true, false) => {
                    sides.a.insert(replica);
                    may_a.insert(replica);
                    forced = true;
                }
                (false, true) => {
                    sides.b.insert(replica);
                    may_b.insert(replica);
                    forced = true;
                }
                (false, false) => {
                    may_a.insert(replica);
                    may_b.insert(replica);
                }
            }
        }
        if !forced {
            return Ok(true);
        }
    }
}
