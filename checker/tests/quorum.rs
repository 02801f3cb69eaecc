//! Quorum systems against brute force over all subsets, on random systems of up to ten replicas.
#![cfg(feature = "quorum")]

use good_lp::{Expression, ProblemVariables, Solution, SolverModel, microlp, variable};
use proptest::prelude::*;
use tribunal_checker::quorum::{
    FailProne, Formula, Limits, Protocol, QuorumSystem, Replica, ReplicaSet, Verdict, Workload,
    blocked_probability, disjoint_quorums, is_dual, judge, least_common, minimal_quorums, optimise,
    resilience,
};

const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];

/// An expression over the first `n` names; names repeat, so parts share replicas.
fn expression(n: usize) -> BoxedStrategy<String> {
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

fn systems() -> impl Strategy<Value = QuorumSystem> {
    (1_usize..=10).prop_flat_map(|n| (Just(n), expression(n), expression(n))).prop_map(
        |(n, reads, writes)| {
            let replicas = NAMES[..n].iter().map(|name| Replica::new(*name)).collect();
            QuorumSystem::from_expressions(Some(replicas), &reads, Some(&writes)).unwrap()
        },
    )
}

fn votings() -> impl Strategy<Value = QuorumSystem> {
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

fn subset(mask: u32) -> ReplicaSet {
    (0..32).filter(|i| mask >> i & 1 == 1).collect()
}

/// For every subset of the replicas, whether it holds a quorum.
fn table(formula: &Formula, n: usize) -> Vec<bool> {
    (0..1_u32 << n).map(|mask| formula.is_quorum(&subset(mask))).collect()
}

/// The size of the smallest pair of disjoint quorums, together.
fn smallest_pair(a: &[bool], b: &[bool]) -> Option<u32> {
    let smallest_in = |table: &[bool], within: usize| {
        (0..table.len()).filter(|&set| set & !within == 0 && table[set]).map(usize::count_ones).min()
    };
    let all = a.len() - 1;
    (0..a.len())
        .filter(|&set| a[set])
        .filter_map(|set| Some(set.count_ones() + smallest_in(b, all & !set)?))
        .min()
}

fn survives(table: &[bool]) -> usize {
    let all = table.len() - 1;
    let blocking = (0..table.len()).filter(|&lost| !table[all & !lost]).map(usize::count_ones).min();
    blocking.unwrap_or(0) as usize - 1
}

fn minimal(table: &[bool]) -> Vec<usize> {
    (0..table.len())
        .filter(|&set| table[set] && (0..16).all(|i| set >> i & 1 == 0 || !table[set & !(1 << i)]))
        .collect()
}

/// The least load by the program over all minimal quorums.
fn least_load(system: &QuorumSystem, fraction: f64) -> f64 {
    let n = system.replicas().len();
    let sides = [minimal(&table(system.reads(), n)), minimal(&table(system.writes(), n))];
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

fn judged(system: &QuorumSystem) -> Result<(), TestCaseError> {
    let n = system.replicas().len();
    let limits = Limits::default();
    let (reads, writes) = (table(system.reads(), n), table(system.writes(), n));
    let judgement = judge(system, &Protocol::Register.into(), &limits).unwrap();
    let mut safe = true;
    for (check, (a, b)) in judgement.checks.iter().zip([(&reads, &writes), (&writes, &writes)]) {
        let pair = smallest_pair(a, b);
        safe &= pair.is_none();
        prop_assert_eq!(check.exact, Ok(pair.is_none()));
        // The inequality is sufficient.
        prop_assert!(check.inequality.as_ref().is_none_or(|inequality| !inequality.holds || pair.is_none()));
        prop_assert_eq!(check.witness.is_some(), pair.is_some());
        if let Some(witness) = &check.witness {
            let [first, second] = witness.quorums.as_slice() else { panic!("two quorums") };
            prop_assert!(first.members.is_disjoint(&second.members));
            let mask = |set: &ReplicaSet| set.iter().map(|i| 1_usize << i).sum::<usize>();
            prop_assert!(a[mask(&first.members)] && b[mask(&second.members)]);
            prop_assert!(witness.smallest);
            prop_assert_eq!(Some((first.members.len() + second.members.len()) as u32), pair);
        }
    }
    prop_assert_eq!(judgement.verdict == Verdict::Safe, safe);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn verdicts_and_smallest_counterexamples_of_expressions(system in systems()) {
        judged(&system)?;
    }

    #[test]
    fn verdicts_and_smallest_counterexamples_of_votes(system in votings()) {
        judged(&system)?;
    }

    #[test]
    fn the_least_mend_mends_and_one_less_does_not(system in votings()) {
        let voting = system.voting().unwrap();
        let limits = Limits::default();
        let meets = |r, w| !voting.disjoint_exists(r, w, &limits).unwrap();
        let (r, w) = (voting.r(), voting.w());
        match voting.least_meeting(r, w, &limits).unwrap() {
            Some(least) => {
                prop_assert!(meets(least, w));
                prop_assert!((r..least).all(|r| !meets(r, w)));
            }
            None => prop_assert!((r..=voting.total()).all(|r| !meets(r, w))),
        }
        let least = voting.least_self_meeting(w, &limits).unwrap();
        prop_assert!(meets(least, least));
        prop_assert!((w..least).all(|w| !meets(w, w)));
    }

    #[test]
    fn resilience_and_availability(system in systems(), fail in prop::collection::vec(0.0..=1.0_f64, 10)) {
        let n = system.replicas().len();
        let limits = Limits::default();
        for formula in [system.reads(), system.writes()] {
            let table = table(formula, n);
            let found = resilience(formula, &limits).unwrap();
            prop_assert_eq!(found.survives, survives(&table));
            let blocking = found.blocking.unwrap();
            prop_assert_eq!(blocking.len(), found.survives + 1);
            prop_assert!(!formula.is_quorum(&blocking.complement(n)));
            let blocked: f64 = (0..table.len())
                .filter(|&up| !table[up])
                .map(|up| (0..n).map(|i| if up >> i & 1 == 1 { 1.0 - fail[i] } else { fail[i] }).product::<f64>())
                .sum();
            prop_assert!((blocked_probability(formula, &fail, &limits).unwrap() - blocked).abs() < 1e-12);
        }
    }

    #[test]
    fn minimal_quorums_and_duals(system in systems()) {
        let n = system.replicas().len();
        let limits = Limits::default();
        let (quorums, all) = minimal_quorums(system.reads(), 2000, &limits).unwrap();
        let mut expected: Vec<ReplicaSet> =
            minimal(&table(system.reads(), n)).into_iter().map(|set| subset(set as u32)).collect();
        expected.sort();
        prop_assert!(all);
        prop_assert_eq!(quorums, expected);
        let dual = system.reads().dual();
        for mask in 0..1_u32 << n {
            let set = subset(mask);
            prop_assert_eq!(dual.is_quorum(&set), !system.reads().is_quorum(&set.complement(n)));
        }
        prop_assert_eq!(disjoint_quorums(system.reads(), &dual, &limits), Ok(None));
        let equal = table(system.writes(), n) == table(&dual, n);
        prop_assert_eq!(is_dual(system.writes(), system.reads(), &limits), Ok(equal));
    }

    #[test]
    fn overlaps_of_byzantine_quorums(system in systems(), faults in 0_usize..3) {
        let n = system.replicas().len();
        let quorums = minimal(&table(system.reads(), n));
        let fewest = quorums.iter().flat_map(|a| quorums.iter().map(move |b| (a & b).count_ones())).min().unwrap();
        let meeting = least_common(&[system.reads(), system.reads()], &|_| 1, &Limits::default()).unwrap().unwrap();
        prop_assert_eq!(meeting.common, u64::from(fewest));
        prop_assert_eq!(meeting.quorums[0].intersection(&meeting.quorums[1]).len() as u64, meeting.common);
        if faults < n {
            let rules = Protocol::ByzantineMasking { fail_prone: FailProne::Any(faults) }.into();
            let own = QuorumSystem::new(system.replicas().to_vec(), system.reads().clone(), system.reads().clone()).unwrap();
            let safe = fewest as usize > 2 * faults && survives(&table(system.reads(), n)) >= faults;
            let verdict = judge(&own, &rules, &Limits::default()).unwrap().verdict;
            prop_assert_eq!(verdict == Verdict::Safe, safe);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn loads(
        system in prop_oneof![systems(), votings()],
        fraction in prop::sample::select(vec![0.0, 0.25, 0.6, 1.0]),
        capacities in prop::collection::vec((1_u32..9, 1_u32..9), 10),
    ) {
        let mut system = system;
        for (replica, (read, write)) in system.replicas_mut().iter_mut().zip(capacities) {
            replica.read_capacity = f64::from(read) / 2.0;
            replica.write_capacity = f64::from(write) / 2.0;
        }
        let best = optimise(&system, &Workload::reads(fraction), &ReplicaSet::new(), &Limits::default()).unwrap();
        let expected = least_load(&system, fraction);
        prop_assert!((best.load - expected).abs() < 1e-7 * expected.max(1.0), "{} {}", best.load, expected);
        let bounds = best.bounds.unwrap();
        prop_assert!(bounds.certified(), "{bounds:?}");
        for (choices, formula) in [(&best.reads, system.reads()), (&best.writes, system.writes())] {
            prop_assert!(choices.iter().all(|choice| formula.is_quorum(&choice.members)));
            prop_assert!((choices.iter().map(|choice| choice.probability).sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }
}
