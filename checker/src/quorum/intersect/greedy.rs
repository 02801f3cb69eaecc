//! Two disjoint quorums by good luck: a first try that costs little.
//!
//! **Problem.** A thousand replicas with votes that all differ have no small decision diagram, and the search for a disjoint
//! pair may take for ever, although most such pairs are easy to find.
//!
//! **Algorithm.** Take away replicas from all of them, in some order, while the rest is a quorum of the one system; then ask
//! whether those taken away hold one of the other. The weightiest go first: what is left then exceeds its threshold
//! by less than its lightest member. A few other orders follow, and the systems change parts.
//!
//! **Why it is correct.** Whatever comes out is checked: disjoint by construction, and both quorums by their formulas. Where
//! nothing comes out nothing is said.
//!
//! **Complexity.** One evaluation of the formulas for each replica, order and side; [`WORK`] bounds them together.

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
    let each = everyone.len() * (a.gates.len() + b.gates.len());
    let tries = (WORK / each.max(1)).min(MOST_ORDERS);
    (0..tries).take_while(|_| limits.check().is_ok()).find_map(|number| {
        attempt(a, b, &everyone, number).or_else(|| attempt(b, a, &everyone, number).map(|(b, a)| (a, b)))
    })
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
