//! What papers and manuals say of systems, each with its source.

use tribunal_checker::quorum::{
    Check, FailProne, Judgement, Limits, MembershipChange, Protocol, QuorumSystem, Replica, ReplicaSet,
    Shape, Verdict, Workload, judge, optimise,
};

fn votes(votes: &[u64], r: u64, w: u64) -> QuorumSystem {
    QuorumSystem::from_votes(Replica::numbered(votes.len()), votes, r, w).unwrap()
}

fn judged(system: &QuorumSystem, protocol: Protocol) -> Judgement {
    judge(system, &protocol.into(), &Limits::default()).unwrap()
}

fn safe(system: &QuorumSystem, protocol: Protocol) -> bool {
    judged(system, protocol).verdict == Verdict::Safe
}

fn witness(system: &QuorumSystem, check: &Check) -> Vec<Vec<String>> {
    let witness = check.witness.as_ref().unwrap();
    witness.quorums.iter().map(|quorum| system.names(&quorum.members)).collect()
}

/// Gifford 1979; the arithmetic is sufficient, not necessary.
#[test]
fn three_replicas_of_two_votes() {
    let system = votes(&[2, 2, 2], 3, 3);
    let judgement = judged(&system, Protocol::Register);
    assert_eq!(judgement.verdict, Verdict::Safe);
    for check in &judgement.checks {
        assert_eq!((check.holds(), check.exact), (Some(false), Ok(true)));
        assert!(check.note.as_ref().unwrap().contains("no concrete disjoint pair exists"));
    }
}

/// Tanenbaum and van Steen's figure of the three choices for twelve replicas, of which one has a write-write conflict.
#[test]
fn the_textbook_s_twelve_replicas() {
    for (r, w, read_write, write_write) in [(3, 10, true, true), (7, 6, true, false), (1, 12, true, true)] {
        let judgement = judged(&votes(&[1; 12], r, w), Protocol::Register);
        let exact: Vec<_> = judgement.checks.iter().map(|check| check.exact).collect();
        assert_eq!(exact, [Ok(read_write), Ok(write_write)], "{r} {w}");
    }
}

/// Howard, Malkhi and Spiegelman 2016.
#[test]
fn flexible_paxos_of_ten() {
    assert!(safe(&votes(&[1; 10], 8, 3), Protocol::FlexiblePaxos));
    assert!(!safe(&votes(&[1; 10], 7, 3), Protocol::FlexiblePaxos));
}

/// Howard, Charapko and Mortier 2021.
#[test]
fn fast_flexible_paxos_of_eleven() {
    let fast = |q: u64| {
        let fast = votes(&[1; 11], q, q).reads().clone();
        safe(&votes(&[1; 11], 9, 3), Protocol::FastPaxos { fast })
    };
    assert!(fast(7) && !fast(6));
}

/// Lamport 2006: fast quorums of n - E and classic ones of n - F take n > 2E + F and n > 2F.
#[test]
fn fast_paxos_of_all_small_sizes() {
    for n in 1..=9_u64 {
        for f in 0..n {
            for e in 0..n {
                let fast = votes(&vec![1; n as usize], n - e, n - e).reads().clone();
                let system = votes(&vec![1; n as usize], n - f, n - f);
                let expected = n > 2 * f && n > 2 * e + f;
                assert_eq!(safe(&system, Protocol::FastPaxos { fast }), expected, "n={n} E={e} F={f}");
            }
        }
    }
}

/// Ongaro's dissertation, section 4.1.
#[test]
fn members_of_a_raft_cluster_that_change_at_once() {
    let change = |old: &str, new: &str, change| {
        let nodes = Some(["1", "2", "3", "4", "5"].map(Replica::new).to_vec());
        let system = QuorumSystem::from_expressions(nodes, old, Some(new)).unwrap();
        let judgement = judged(&system, Protocol::Raft { change });
        (system, judgement)
    };
    let (three, five) = ("majority(\"1\", \"2\", \"3\")", "majority(\"1\", \"2\", \"3\", \"4\", \"5\")");
    let (system, switch) = change(three, five, MembershipChange::Switch);
    assert_eq!(switch.verdict, Verdict::Unsafe);
    let pair = witness(&system, &switch.checks[0]);
    assert_eq!((pair[0].len(), pair[1].len()), (2, 3));
    assert_eq!(change(three, five, MembershipChange::Joint).1.verdict, Verdict::Safe);
    assert_eq!(change(three, five, MembershipChange::SingleServer).1.verdict, Verdict::Unsafe);
    // Replacing one of three is two changes.
    let replaced = "majority(\"1\", \"2\", \"4\")";
    let (system, switch) = change(three, replaced, MembershipChange::Switch);
    let pair = witness(&system, &switch.checks[0]);
    assert!(pair[0].contains(&"3".to_owned()) && pair[1].contains(&"4".to_owned()), "{pair:?}");
    let four = "majority(\"1\", \"2\", \"3\", \"4\")";
    let (_, single) = change(three, four, MembershipChange::SingleServer);
    assert_eq!(single.verdict, Verdict::Safe);
    assert!(single.checks.iter().any(|check| check.note.as_ref().is_some_and(|note| note.contains("no-op"))));
}

/// Malkhi and Reiter 1998; Malkhi, Reiter and Wool 2000.
#[test]
fn byzantine_quorums_of_equal_votes() {
    let dissemination = |n: usize, q, f| {
        let fail_prone = FailProne::Any(f);
        safe(&votes(&vec![1; n], q, q), Protocol::ByzantineDissemination { fail_prone })
    };
    let masking = |n: usize, q, f| {
        let fail_prone = FailProne::Any(f);
        safe(&votes(&vec![1; n], q, q), Protocol::ByzantineMasking { fail_prone })
    };
    let opaque = |n: usize, q, f| safe(&votes(&vec![1; n], q, q), Protocol::ByzantineOpaque { faults: f });
    assert!(dissemination(4, 3, 1) && !dissemination(4, 2, 1) && !dissemination(4, 4, 1));
    assert!(masking(5, 4, 1) && !masking(5, 3, 1));
    assert!(opaque(5, 4, 1) && !opaque(5, 3, 1));
    for f in 1..=3_usize {
        for n in 2 * f..=5 * f + 2 {
            let some = |safe: &dyn Fn(u64) -> bool| (1..=n as u64).find(|&q| safe(q));
            let least = |bound: usize, q: usize| (n >= bound).then_some(q as u64);
            assert_eq!(
                some(&|q| dissemination(n, q, f)),
                least(3 * f + 1, (n + f + 1).div_ceil(2)),
                "{n} {f}"
            );
            assert_eq!(some(&|q| masking(n, q, f)), least(4 * f + 1, (n + 2 * f + 1).div_ceil(2)), "{n} {f}");
            assert_eq!(some(&|q| opaque(n, q, f)), least(5 * f, (2 * n + 2 * f).div_ceil(3)), "{n} {f}");
        }
    }
}

/// Malkhi and Reiter 1998: the masking grid of 5 by 5 shares nine replicas at the least.
#[test]
fn the_masking_grid_of_five_by_five() {
    let grid = Shape::MaskingGrid { rows: 5, columns: 5, faults: 1 }.system(None).unwrap();
    let judgement = judged(&grid, Protocol::ByzantineMasking { fail_prone: FailProne::Any(1) });
    assert_eq!(judgement.verdict, Verdict::Safe);
    assert_eq!(judgement.checks[0].inequality.as_ref().unwrap().lhs.as_whole(), Some(9));
}

/// Naor and Wool 1998, and what quoracle gives for its example systems.
#[test]
fn loads_of_shapes() {
    let load = |shape: &Shape, fraction| {
        let system = shape.system(None).unwrap();
        let best =
            optimise(&system, &Workload::reads(fraction), &ReplicaSet::new(), &Limits::default()).unwrap();
        best.bounds.unwrap().exact().unwrap().to_string()
    };
    for fraction in [0.0, 0.25, 1.0] {
        assert_eq!(load(&Shape::Paths { order: 2 }, fraction), "1/3");
        assert_eq!(load(&Shape::Plane { order: 2 }, fraction), "3/7");
        assert_eq!(load(&Shape::Plane { order: 7 }, fraction), "8/57");
    }
    assert_eq!(Shape::Paths { order: 2 }.replicas(), Some(13));
    // A wheel of n balances its hub against its rim.
    assert_eq!(load(&Shape::Wheel { n: 5 }, 1.0), "4/7");
    for (rows, columns) in [(2, 3), (3, 2), (4, 4)] {
        // fr/rows + (1 - fr)/columns at fr = 1/4
        let grid = load(&Shape::Grid { rows, columns }, 0.25);
        let (top, bottom) = (columns + 3 * rows, 4 * rows * columns);
        assert_eq!(
            grid.split_once('/').map_or(0.0, |(a, b)| a.parse::<f64>().unwrap() / b.parse::<f64>().unwrap()),
            top as f64 / bottom as f64
        );
    }
    for (n, r, w) in [(5, 2, 4), (7, 4, 4), (9, 1, 9)] {
        let best = optimise(
            &votes(&vec![1; n], r, w),
            &Workload::reads(0.5),
            &ReplicaSet::new(),
            &Limits::default(),
        );
        assert!((best.unwrap().load - (r + w) as f64 / (2 * n) as f64).abs() < 1e-12);
    }
}
