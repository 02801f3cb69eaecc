//! Two disjoint quorums by good luck: a first try that costs little.
//!
//! **Problem.** A thousand replicas with votes that all differ have no small decision diagram, and the search for a disjoint
//! pair may take for ever, although most such pairs are easy to find.
//!
//! **Algorithm.** Take away replicas from all of them, in some order, while the rest is a quorum of the one system; then ask
//! whether those taken away hold one of the other. The weightiest go first: what is left then exceeds its threshold
//! by less than its lightest member. A few other orders follow, and the systems change parts.
//!
//! Systems of votes are first divided by the differencing method (Karmarkar and Karp 1982): the two weightiest items go to
//! different sides, and their difference comes back as an item. With many votes it hits a narrow window between
//! the two thresholds.
//!
//! **Why it is correct.** Whatever comes out is checked: disjoint by construction, and both quorums by their formulas. Where
//! nothing comes out nothing is said.
//!
//! **Complexity.** One evaluation of the formulas for each replica, order and side; [`WORK`] bounds them together.

use std::collections::BinaryHeap;

use super::shrunk_by;
use crate::quorum::error::Limits;
use crate::quorum::formula::{Formula, Gate};
use crate::quorum::set::ReplicaSet;

/// The most gates that are evaluated in all.
const WORK: usize = 40_000_000;
/// The most orders that are tried for each side.
const MOST_ORDERS: usize = 12;

/// Minimal disjoint quorums of `a` and `b`, if luck finds any.
pub(super) fn disjoint_pair(a: &Formula, b: &Formula, limits: &Limits) -> Option<(ReplicaSet, ReplicaSet)> {
    let everyone: ReplicaSet = a.replicas().into_iter().chain(b.replicas()).collect();
    if let Some(pair) = divided(a, b, &everyone) {
        return Some(pair);
    }
    let each = everyone.len() * (a.gates.len() + b.gates.len());
    let tries = (WORK / each.max(1)).min(MOST_ORDERS);
    (0..tries).take_while(|_| limits.check().is_ok()).find_map(|number| {
        attempt(a, b, &everyone, number).or_else(|| attempt(b, a, &everyone, number).map(|(b, a)| (a, b)))
    })
}

/// The votes of both systems divided as evenly as the thresholds ask, where both count the same votes.
fn divided(a: &Formula, b: &Formula, everyone: &ReplicaSet) -> Option<(ReplicaSet, ReplicaSet)> {
    let ((a_need, a_votes), (b_need, b_votes)) = (a.as_votes()?, b.as_votes()?);
    let total: u64 = a_votes.iter().map(|(_, votes)| votes).sum();
    if a_votes != b_votes || a_need + b_need > total {
        return None;
    }
    // The middle of the window for A's votes. An item as large as what the sides then differ by makes them equal.
    let aim = u64::midpoint(a_need, total - b_need);
    let extra = total.abs_diff(2 * aim);
    let mut votes: Vec<u64> = a_votes.iter().map(|(_, votes)| *votes).collect();
    votes.push(extra);
    let sides = difference(&votes);
    // The extra item fills up the lighter side.
    let with_extra = sides[a_votes.len()];
    let of_a = if aim <= total - aim { with_extra } else { !with_extra };
    let rest = |first: &ReplicaSet| everyone.iter().filter(|&r| !first.contains(r)).collect::<ReplicaSet>();
    let first = a_votes.iter().zip(&sides).filter(|(_, side)| **side == of_a).map(|((r, _), _)| *r).collect();
    let second = rest(&first);
    (a.is_quorum(&first) && b.is_quorum(&second))
        .then(|| (shrunk_by(a, &first, order(a, &first, 1)), shrunk_by(b, &second, order(b, &second, 1))))
}

/// For each item, its side of a division into sides of nearly equal weight.
fn difference(weights: &[u64]) -> Vec<bool> {
    let mut heap: BinaryHeap<(u64, usize)> = weights.iter().enumerate().map(|(i, &w)| (w, i)).collect();
    // Items that must be on different sides; they form a tree.
    let mut apart: Vec<Vec<usize>> = vec![Vec::new(); weights.len()];
    while let (Some((heavy, one)), Some((light, other))) = (heap.pop(), heap.pop()) {
        apart[one].push(other);
        apart[other].push(one);
        heap.push((heavy - light, one));
        if heap.len() == 1 {
            break;
        }
    }
    let mut sides: Vec<Option<bool>> = vec![None; weights.len()];
    let mut stack = vec![(0, false)];
    while let Some((item, side)) = stack.pop() {
        if sides[item].replace(side).is_none() {
            stack.extend(apart[item].iter().map(|&other| (other, !side)));
        }
    }
    sides.into_iter().map(|side| side.unwrap_or(false)).collect()
}

fn attempt(
    a: &Formula,
    b: &Formula,
    everyone: &ReplicaSet,
    number: usize,
) -> Option<(ReplicaSet, ReplicaSet)> {
    if !a.is_quorum(everyone) {
        return None;
    }
    let first = shrunk_by(a, everyone, order(a, everyone, number));
    let rest: ReplicaSet = everyone.iter().filter(|&replica| !first.contains(replica)).collect();
    b.is_quorum(&rest).then(|| {
        let second = shrunk_by(b, &rest, order(b, &rest, 1));
        (first, second)
    })
}

/// The replicas in the order in which they are given up: the weightiest first, the lightest first, by number, by
/// number backwards, and then in mixed orders.
pub(in crate::quorum) fn order(formula: &Formula, everyone: &ReplicaSet, number: usize) -> Vec<usize> {
    let mut replicas: Vec<usize> = everyone.iter().collect();
    match number {
        0 | 1 => {
            let weight = weights(formula);
            let of = |replica: &usize| weight.get(*replica).copied().unwrap_or(0.0);
            replicas.sort_by(|a, b| of(b).total_cmp(&of(a)));
            if number == 1 {
                replicas.reverse();
            }
        }
        2 => {}
        3 => replicas.reverse(),
        // Multiplication by an odd number permutes the words; the high bits are well mixed (Knuth).
        mixed => replicas.sort_by_key(|&replica| {
            (replica as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_u64.wrapping_mul(2 * mixed as u64 + 1))
        }),
    }
    replicas
}

/// How much each replica weighs in the gates that it is an input of, each gate's need counting one.
fn weights(formula: &Formula) -> Vec<f64> {
    let mut weights: Vec<f64> = Vec::new();
    for gate in &formula.gates {
        let Gate::Threshold { need, inputs } = gate else { continue };
        for (input, weight) in inputs {
            if let Gate::Replica(replica) = formula.gates[input.0 as usize] {
                let replica = replica as usize;
                if weights.len() <= replica {
                    weights.resize(replica + 1, 0.0);
                }
                weights[replica] += *weight as f64 / *need as f64;
            }
        }
    }
    weights
}
