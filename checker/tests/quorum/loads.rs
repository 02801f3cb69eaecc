//! Loads and latencies against the linear program over all sets.

use crate::brute::{least_load, minimal, systems, table, votings};
use proptest::prelude::*;
use tribunal_checker::quorum::{
    Formula, Limits, NoStrategy, Objective, QuorumSystem, ReplicaSet, Workload, optimise,
};

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
        let n = system.replicas().len();
        let quorums = [system.reads(), system.writes()].map(|formula| minimal(&table(formula, n)));
        let expected = least_load(&system, &quorums, fraction);
        prop_assert!((best.load - expected).abs() < 1e-7 * expected.max(1.0), "{} {}", best.load, expected);
        let bounds = best.bounds.unwrap();
        prop_assert!(bounds.certified(), "{bounds:?}");
        for (choices, formula) in [(&best.reads, system.reads()), (&best.writes, system.writes())] {
            prop_assert!(choices.iter().all(|choice| formula.is_quorum(&choice.members)));
            prop_assert!((choices.iter().map(|choice| choice.probability).sum::<f64>() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn loads_of_sets_that_survive_losses(system in small(), losses in 1_u32..3, fraction in 0.0..=1.0_f64) {
        let n = system.replicas().len();
        let survivors = |formula: &Formula| {
            let table = table(formula, n);
            let lost = |set: usize| (0..table.len()).filter(move |lost| lost & !set == 0 && lost.count_ones() == losses);
            let kept: Vec<bool> = (0..table.len())
                .map(|set| set.count_ones() > losses && lost(set).all(|lost| table[set & !lost]))
                .collect();
            minimal(&kept)
        };
        let sets = [system.reads(), system.writes()].map(survivors);
        let workload = Workload { resilient: losses, ..Workload::reads(fraction) };
        let found = optimise(&system, &workload, &ReplicaSet::new(), &Limits::default());
        if sets.iter().any(Vec::is_empty) {
            prop_assert!(matches!(found, Err(NoStrategy::Infeasible(_))), "{found:?}");
        } else {
            let expected = least_load(&system, &sets, fraction);
            let found = found.unwrap();
            prop_assert!((found.load - expected).abs() < 1e-7 * expected.max(1.0), "{} {}", found.load, expected);
            prop_assert!(found.bounds.unwrap().certified());
        }
    }

    #[test]
    fn latencies(system in small(), latency in prop::collection::vec(1_u32..20, 6), losses in 0_u32..2) {
        let n = system.replicas().len();
        let mut system = system;
        for (replica, latency) in system.replicas_mut().iter_mut().zip(&latency) {
            replica.latency_ms = Some(f64::from(*latency));
        }
        // The least latency of any set that survives the losses: the first answers that are a quorum.
        let least = |formula: &Formula| {
            let table = table(formula, n);
            let survives = |set: usize| {
                (0..table.len())
                    .filter(|lost| lost & !set == 0 && lost.count_ones() <= losses)
                    .all(|lost| table[set & !lost])
            };
            let answered = |set: usize, by: u32| (0..n).filter(|&i| set >> i & 1 == 1 && latency[i] <= by).map(|i| 1 << i).sum::<usize>();
            (1..table.len())
                .filter(|&set| set.count_ones() >= losses && survives(set))
                .filter_map(|set| (1..20).find(|&by| table[answered(set, by)]))
                .min()
        };
        let workload =
            Workload { resilient: losses, objective: Objective::Latency, ..Workload::reads(0.5) };
        let found = optimise(&system, &workload, &ReplicaSet::new(), &Limits::default());
        match (least(system.reads()), least(system.writes())) {
            (Some(reads), Some(writes)) => {
                let expected = f64::from(reads + writes) / 2.0;
                prop_assert!((found.unwrap().latency_ms.unwrap() - expected).abs() < 1e-6);
            }
            _ => prop_assert!(found.is_err()),
        }
    }
}

/// Systems of six replicas at most: what is enumerated for each of their subsets' subsets stays small.
fn small() -> impl Strategy<Value = QuorumSystem> {
    prop_oneof![systems(), votings()].prop_filter("small", |system| system.replicas().len() <= 6)
}
