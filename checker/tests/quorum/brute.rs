//! Random systems, and what follows from all of their subsets.

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, microlp, variable};
use proptest::prelude::*;
use tribunal_checker::quorum::{Formula, QuorumSystem, Replica, ReplicaSet};

pub(crate) const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

/// An expression over the first `n` names; names repeat, so parts share replicas.
pub(crate) fn expression(n: usize) -> BoxedStrategy<String> {
    let leaf = (0..n).prop_map(|i| NAMES[i].to_owned());
    leaf.prop_recursive(3, 24, 4, |inner| {
        let parts = prop::collection::vec(inner, 1..5);
        prop_oneof![
            parts.clone().prop_map(|parts| format!("({})", parts.join(" + "))),
            parts.clone().prop_map(|parts| format!("({})", parts.join(" * "))),
            (parts.clone(), any::<prop::sample::Index>()).prop_map(|(parts, k)| format!(
                "choose({}, {})",
                k.index(parts.len()) + 1,
                parts.join(", ")
            )),
            (parts, prop::collection::vec(1_u64..5, 4), any::<prop::sample::Index>()).prop_map(
                |(parts, weights, t)| {
                    let total: u64 = weights[..parts.len()].iter().sum();
                    let weighted: Vec<String> =
                        parts.iter().zip(&weights).map(|(part, w)| format!("{part}:{w}")).collect();
                    format!("weighted({}; {})", t.index(total as usize) + 1, weighted.join(", "))
                }
            ),
        ]
    })
    .boxed()
}

pub(crate) fn systems() -> impl Strategy<Value = QuorumSystem> {
    (1_usize..=10).prop_flat_map(|n| (Just(n), expression(n), expression(n))).prop_map(
        |(n, reads, writes)| {
            let replicas = NAMES[..n].iter().map(|name| Replica::new(*name)).collect();
            QuorumSystem::from_expressions(Some(replicas), &reads, Some(&writes)).unwrap()
        },
    )
}

pub(crate) fn votings() -> impl Strategy<Value = QuorumSystem> {
    prop::collection::vec(0_u64..6, 1..=10)
        .prop_filter("someone votes", |votes| votes.iter().sum::<u64>() > 0)
        .prop_flat_map(|votes| {
            let total: u64 = votes.iter().sum();
            (Just(votes), 1..=total, 1..=total)
        })
        .prop_map(|(votes, r, w)| {
            QuorumSystem::from_votes(Replica::numbered(votes.len()), &votes, r, w).unwrap()
        })
}

pub(crate) fn subset(mask: u32) -> ReplicaSet {
    (0..32).filter(|i| mask >> i & 1 == 1).collect()
}

/// For every subset of the replicas, whether it holds a quorum.
pub(crate) fn table(formula: &Formula, n: usize) -> Vec<bool> {
    (0..1_u32 << n).map(|mask| formula.is_quorum(&subset(mask))).collect()
}

/// The size of the smallest pair of disjoint quorums, together.
pub(crate) fn smallest_pair(a: &[bool], b: &[bool]) -> Option<u32> {
    let smallest_in = |table: &[bool], within: usize| {
        (0..table.len()).filter(|&set| set & !within == 0 && table[set]).map(usize::count_ones).min()
    };
    let all = a.len() - 1;
    (0..a.len())
        .filter(|&set| a[set])
        .filter_map(|set| Some(set.count_ones() + smallest_in(b, all & !set)?))
        .min()
}

pub(crate) fn survives(table: &[bool]) -> usize {
    let all = table.len() - 1;
    let blocking = (0..table.len()).filter(|&lost| !table[all & !lost]).map(usize::count_ones).min();
    blocking.unwrap_or(0) as usize - 1
}

pub(crate) fn minimal(table: &[bool]) -> Vec<usize> {
    (0..table.len())
        .filter(|&set| table[set] && (0..16).all(|i| set >> i & 1 == 0 || !table[set & !(1 << i)]))
        .collect()
}

/// The set as bits.
pub(crate) fn mask(set: &ReplicaSet) -> usize {
    set.iter().map(|i| 1_usize << i).sum()
}

/// The least load by the program over the given sets of each side.
pub(crate) fn least_load(system: &QuorumSystem, sides: &[Vec<usize>; 2], fraction: f64) -> f64 {
    let n = system.replicas().len();
    let mut problem = ProblemVariables::new();
    let peak = problem.add(variable().min(0.0));
    let mut loads: Vec<Expression> = (0..n).map(|_| -1.0 * peak).collect();
    let mut sums = Vec::new();
    for (quorums, share) in sides.iter().zip([fraction, 1.0 - fraction]) {
        let mut sum = Expression::default();
        for set in quorums {
            let p = problem.add(variable().min(0.0));
            sum.add_mul(1.0, p);
            for (i, load) in loads.iter_mut().enumerate().filter(|(i, _)| set >> i & 1 == 1) {
                let replica = &system.replicas()[i];
                let capacity = if sums.is_empty() { replica.read_capacity } else { replica.write_capacity };
                load.add_mul(share / capacity, p);
            }
        }
        sums.push(sum);
    }
    let mut model = problem.minimise(peak).using(microlp);
    for sum in sums {
        model.add_constraint(sum.eq(1.0));
    }
    for load in loads {
        model.add_constraint(load.leq(0.0));
    }
    model.solve().unwrap().value(peak)
}
