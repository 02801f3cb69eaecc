//! Fault tolerance, minimal quorums, and who decides.

use crate::brute::{mask, minimal, subset, survives, systems, table, votings};
use proptest::prelude::*;
use tribunal_checker::quorum::{
    EffectiveVotes, Limits, QuorumSystem, Replica, ReplicaSet, blocked_probability, disjoint_quorums,
    effective_votes, influence, is_dual, minimal_quorums, resilience, zone_resilience, zones,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

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
    fn zones_fail_as_one(system in systems(), zone in prop::collection::vec(0_usize..4, 10)) {
        let n = system.replicas().len();
        let mut system = system;
        for (replica, zone) in system.replicas_mut().iter_mut().zip(&zone) {
            // Replicas without a zone are one each.
            replica.zone = (*zone > 0).then(|| format!("z{zone}"));
        }
        let members: Vec<usize> = zones(&system).iter().map(|(_, members)| mask(members)).collect();
        let found = zone_resilience(&system, system.writes(), &Limits::default()).unwrap();
        let table = table(system.writes(), n);
        let left = |lost: u32| {
            let gone = members.iter().enumerate().filter(|(i, _)| lost >> i & 1 == 1).fold(0, |all, (_, own)| all | own);
            table[(table.len() - 1) & !gone]
        };
        let least = (0..1_u32 << members.len()).filter(|&lost| !left(lost)).map(u32::count_ones).min().unwrap();
        prop_assert_eq!(found.survives as u32 + 1, least);
        prop_assert!(!left(mask(&found.blocking.unwrap()) as u32));
    }

    #[test]
    fn replicas_that_are_down(system in systems(), down in 0_u32..1024) {
        let n = system.replicas().len();
        let down = down & ((1 << n) - 1);
        let table = table(system.reads(), n);
        let found = resilience(&system.reads().without(&subset(down)), &Limits::default()).unwrap();
        let up = !(down as usize) & (table.len() - 1);
        let least = (0..table.len()).filter(|&lost| lost & !up == 0 && !table[up & !lost]).map(usize::count_ones).min();
        prop_assert_eq!(found.blocking.map_or(0, |blocking| blocking.len() as u32), least.unwrap());
    }

    #[test]
    fn dictators_and_dummies(system in prop_oneof![systems(), votings()]) {
        let n = system.replicas().len();
        for formula in [system.reads(), system.writes()] {
            let quorums = minimal(&table(formula, n));
            let found = influence(formula, n, &Limits::default());
            prop_assert_eq!(mask(&found.dictators), quorums.iter().fold(usize::MAX, |all, own| all & own));
            let some = quorums.iter().fold(0, |any, own| any | own);
            prop_assert_eq!(mask(&found.dummies.unwrap()), ((1 << n) - 1) & !some);
        }
    }

    #[test]
    fn effective_votes_have_the_same_quorums(system in votings()) {
        let n = system.replicas().len();
        let EffectiveVotes { votes, r, w } = effective_votes(&system, &Limits::default()).unwrap().unwrap();
        let own = QuorumSystem::from_votes(Replica::numbered(n), &votes, r, w).unwrap();
        prop_assert_eq!(table(own.reads(), n), table(system.reads(), n));
        prop_assert_eq!(table(own.writes(), n), table(system.writes(), n));
        prop_assert!(votes.iter().sum::<u64>() <= system.voting().unwrap().total());
        let given = system.voting().unwrap().votes();
        let alike = |i: usize, j: usize| given[i] != given[j] || votes[i] == votes[j];
        prop_assert!((0..n).all(|i| (0..n).all(|j| alike(i, j))));
    }

    #[test]
    fn no_fewer_votes_have_the_same_quorums(
        system in votings().prop_filter("few replicas", |system| system.replicas().len() <= 4),
    ) {
        let n = system.replicas().len();
        let found = effective_votes(&system, &Limits::default()).unwrap().unwrap();
        let (reads, writes) = (table(system.reads(), n), table(system.writes(), n));
        let given = system.voting().unwrap().votes();
        let total: u64 = found.votes.iter().sum();
        // A side is a threshold over votes iff its lightest quorum is heavier than every other set.
        let is_threshold = |votes: &[u64], table: &[bool]| {
            let weight = |set: usize| (0..n).filter(|i| set >> i & 1 == 1).map(|i| votes[i]).sum::<u64>();
            let lightest = (0..table.len()).filter(|&set| table[set]).map(weight).min();
            let heaviest = (0..table.len()).filter(|&set| !table[set]).map(weight).max();
            lightest > heaviest
        };
        // Every vector of fewer votes in all, as the digits of a number.
        let base = total.max(1);
        for code in 0..base.pow(n as u32) {
            let fewer: Vec<u64> = (0..n as u32).map(|i| code / base.pow(i) % base).collect();
            let alike = |i: usize| (0..i).all(|j| given[i] != given[j] || fewer[i] == fewer[j]);
            if fewer.iter().sum::<u64>() < total && (0..n).all(alike) {
                prop_assert!(!(is_threshold(&fewer, &reads) && is_threshold(&fewer, &writes)), "{fewer:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn answers_under_small_limits_are_right_or_absent(
        system in systems(),
        lists in prop::collection::vec(prop::collection::vec(1_usize..1024, 1..8), 2),
        listed in any::<bool>(),
        entries in 4_usize..24,
    ) {
        let list = |sets: &[usize]| {
            let all = |set: &usize| {
                let names: Vec<String> = subset(*set as u32).iter().map(|i| format!("n{}", i + 1)).collect();
                format!("({})", names.join(" * "))
            };
            sets.iter().map(all).collect::<Vec<_>>().join(" + ")
        };
        let system = if listed {
            let replicas = Some(Replica::numbered(10));
            QuorumSystem::from_expressions(replicas, &list(&lists[0]), Some(&list(&lists[1]))).unwrap()
        } else {
            system
        };
        let n = system.replicas().len();
        let limits = Limits { entries, ..Limits::default() };
        let (reads, writes) = (table(system.reads(), n), table(system.writes(), n));
        let meet = (0..reads.len()).all(|set| !reads[set] || !writes[reads.len() - 1 - set]);
        if let Ok(pair) = disjoint_quorums(system.reads(), system.writes(), &limits) {
            prop_assert_eq!(pair.is_none(), meet);
            if let Some(pair) = pair {
                prop_assert!(pair.quorums[0].is_disjoint(&pair.quorums[1]));
                prop_assert!(reads[mask(&pair.quorums[0])] && writes[mask(&pair.quorums[1])]);
            }
        }
        if let Ok(found) = resilience(system.reads(), &limits) {
            prop_assert_eq!(found.survives, survives(&reads));
        }
        if let Ok(equal) = is_dual(system.reads(), system.writes(), &limits) {
            let all = reads.len() - 1;
            prop_assert_eq!(equal, (0..reads.len()).all(|set| reads[set] != writes[all & !set]));
        }
        if let Ok((quorums, true)) = minimal_quorums(system.reads(), 2000, &limits) {
            let mut found: Vec<usize> = quorums.iter().map(mask).collect();
            found.sort_unstable();
            prop_assert_eq!(found, minimal(&reads));
        }
        if let Ok(dummies) = influence(system.reads(), n, &limits).dummies {
            let some = minimal(&reads).iter().fold(0, |any, own| any | own);
            prop_assert_eq!(mask(&dummies), ((1 << n) - 1) & !some);
        }
    }
}
