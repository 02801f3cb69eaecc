//! Verdicts, counterexamples and mends.

use crate::brute::{mask, minimal, smallest_pair, subset, survives, systems, table, votings};
use proptest::prelude::*;
use tribunal_checker::quorum::{
    FailProne, Judgement, Limits, MembershipChange, Protocol, QuorumSystem, Replica, Rules, Verdict, judge,
    least_common,
};

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

    #[test]
    fn fail_prone_sets_of_byzantine_replicas(
        system in systems(),
        sets in prop::collection::vec(0_usize..1024, 1..4),
        masking in any::<bool>(),
    ) {
        let n = system.replicas().len();
        let sets: Vec<usize> = sets.into_iter().map(|set| set & ((1 << n) - 1)).collect();
        let tables = [system.reads(), system.writes()].map(|formula| table(formula, n));
        let [reads, writes] = [minimal(&tables[0]), minimal(&tables[1])];
        let unions: Vec<usize> =
            if masking { sets.iter().flat_map(|a| sets.iter().map(move |b| a | b)).collect() } else { sets.clone() };
        let covered = |common: usize| unions.iter().any(|union| common & !union == 0);
        let apart = |a: &[usize], b: &[usize]| a.iter().any(|a| b.iter().any(|b| covered(a & b)));
        let blocked = sets.iter().any(|set| tables.iter().any(|table| !table[table.len() - 1 - set]));
        let safe = !apart(&reads, &writes) && !apart(&writes, &writes) && !blocked;
        let fail_prone = FailProne::Sets(sets.iter().map(|&set| subset(set as u32)).collect());
        let protocol = if masking {
            Protocol::ByzantineMasking { fail_prone }
        } else {
            Protocol::ByzantineDissemination { fail_prone }
        };
        prop_assert_eq!(verdict(&system, protocol) == Verdict::Safe, safe);
    }

    #[test]
    fn dissemination_by_any_number_of_byzantine_replicas(system in prop_oneof![systems(), votings()], faults in 0_usize..3) {
        let n = system.replicas().len();
        prop_assume!(faults < n);
        let tables = [system.reads(), system.writes()].map(|formula| table(formula, n));
        let [reads, writes] = [minimal(&tables[0]), minimal(&tables[1])];
        let fewest = |a: &[usize], b: &[usize]| {
            a.iter().flat_map(|a| b.iter().map(move |b| (a & b).count_ones() as usize)).min().unwrap()
        };
        let safe = fewest(&reads, &writes) > faults
            && fewest(&writes, &writes) > faults
            && tables.iter().all(|table| survives(table) >= faults);
        let protocol = Protocol::ByzantineDissemination { fail_prone: FailProne::Any(faults) };
        prop_assert_eq!(verdict(&system, protocol) == Verdict::Safe, safe);
    }

    #[test]
    fn phases_of_paxos(system in systems(), fast in systems()) {
        let n = system.replicas().len().max(fast.replicas().len());
        let system = QuorumSystem::new(Replica::numbered(n), system.reads().clone(), system.writes().clone()).unwrap();
        let [phase1, classic, quick] =
            [system.reads(), system.writes(), fast.reads()].map(|formula| minimal(&table(formula, n)));
        let flexible = phase1.iter().all(|a| classic.iter().all(|b| a & b != 0));
        prop_assert_eq!(verdict(&system, Protocol::FlexiblePaxos) == Verdict::Safe, flexible);
        let any_two: Vec<usize> = quick.iter().flat_map(|a| quick.iter().map(move |b| a & b)).collect();
        let meet = phase1.iter().all(|a| any_two.iter().all(|b| a & b != 0));
        let judgement = judged_by(&system, Protocol::FastPaxos { fast: fast.reads().clone() });
        prop_assert_eq!(judgement.verdict == Verdict::Safe, flexible && meet);
        if let Some(witness) = &judgement.checks[1].witness {
            let members = witness.quorums.iter().map(|quorum| mask(&quorum.members)).collect::<Vec<_>>();
            prop_assert_eq!(members.iter().fold(usize::MAX, |common, set| common & set), 0);
            prop_assert!(fast.reads().is_quorum(&witness.quorums[1].members));
            prop_assert!(fast.reads().is_quorum(&witness.quorums[2].members));
            prop_assert!(system.reads().is_quorum(&witness.quorums[0].members));
        }
    }

    #[test]
    fn witnesses_that_store_nothing(system in systems(), without in 0_usize..1024, copies in 1_u64..3) {
        let n = system.replicas().len();
        let mut system = system;
        for (i, replica) in system.replicas_mut().iter_mut().enumerate() {
            replica.data = without >> i & 1 == 0;
        }
        let fewest = minimal(&table(system.writes(), n)).iter().map(|set| (set & !without).count_ones()).min();
        let rules = Rules { protocol: Protocol::Register, data_copies: copies };
        let judgement = judge(&system, &rules, &Limits::default()).unwrap();
        let check = judgement.checks.iter().find(|check| check.id == "durability");
        prop_assert_eq!(check.is_some(), without & ((1 << n) - 1) != 0);
        if let Some(check) = check {
            prop_assert_eq!(check.exact, Ok(u64::from(fewest.unwrap()) >= copies));
        }
    }

    #[test]
    fn changes_of_a_raft_cluster(old in 1_u32..256, new in 1_u32..256) {
        let majority = |members: u32| {
            let names: Vec<String> = subset(members).iter().map(|i| format!("n{}", i + 1)).collect();
            format!("majority({})", names.join(", "))
        };
        let system = QuorumSystem::from_expressions(
            Some(Replica::numbered(8)), &majority(old), Some(&majority(new)),
        ).unwrap();
        let quorums = |members: u32| {
            minimal(&(0..256_u32).map(|set| 2 * (set & members).count_ones() > members.count_ones()).collect::<Vec<_>>())
        };
        let meet = quorums(old).iter().all(|a| quorums(new).iter().all(|b| a & b != 0));
        let change = |change| verdict(&system, Protocol::Raft { change });
        prop_assert_eq!(change(MembershipChange::Switch) == Verdict::Safe, meet);
        prop_assert_eq!(change(MembershipChange::Joint), Verdict::Safe);
        let single = (old ^ new).count_ones() <= 1;
        prop_assert!(!single || meet);
        prop_assert_eq!(change(MembershipChange::SingleServer) == Verdict::Safe, single);
    }
}

fn judged_by(system: &QuorumSystem, protocol: Protocol) -> Judgement {
    judge(system, &protocol.into(), &Limits::default()).unwrap()
}

fn verdict(system: &QuorumSystem, protocol: Protocol) -> Verdict {
    judged_by(system, protocol).verdict
}
