use super::{disjoint_quorums, least_common, search};
use crate::quorum::{Limits, QuorumSystem, Replica, Shape, minimal_quorums};

fn expression(reads: &str, writes: &str) -> QuorumSystem {
    QuorumSystem::from_expressions(None, reads, Some(writes)).unwrap()
}

#[test]
fn equal_votes_have_a_closed_form_at_any_size() {
    let system = QuorumSystem::from_votes(Replica::numbered(1000), &[1; 1000], 501, 499).unwrap();
    let pair = disjoint_quorums(system.reads(), system.writes(), &Limits::default()).unwrap().unwrap();
    assert!(pair.smallest && pair.quorums[0].is_disjoint(&pair.quorums[1]));
    assert_eq!(pair.quorums[0].len() + pair.quorums[1].len(), 1000);
    let system = QuorumSystem::from_votes(Replica::numbered(1000), &[1; 1000], 501, 500).unwrap();
    assert_eq!(disjoint_quorums(system.reads(), system.writes(), &Limits::default()), Ok(None));
}

#[test]
fn the_smallest_pair_is_found_among_larger_ones() {
    let system = expression("a*b*c + d", "a*b*e + f*g*h*a");
    let pair = disjoint_quorums(system.reads(), system.writes(), &Limits::default()).unwrap().unwrap();
    assert_eq!(system.names(&pair.quorums[0]), ["d"]);
    assert_eq!(system.names(&pair.quorums[1]), ["a", "b", "e"]);
}

#[test]
fn a_reads_dual_always_meets_it_also_when_parts_are_shared() {
    for shape in [
        Shape::Plane { order: 3 },
        Shape::MaekawaGrid { rows: 4, columns: 4 },
        Shape::Wall { widths: vec![1, 2, 3] },
        Shape::Grid { rows: 20, columns: 20 },
        Shape::Hierarchy { branching: 3, depth: 5 },
    ] {
        let system = shape.system(None).unwrap();
        let dual = system.reads().dual();
        assert_eq!(disjoint_quorums(system.reads(), &dual, &Limits::default()), Ok(None), "{shape:?}");
    }
}

#[test]
fn the_search_for_oversized_systems_agrees_with_the_diagrams() {
    let limits = Limits::default();
    for (reads, writes) in [
        ("a*b + c*d", "a*c + b*d"),
        ("a*b + c*d", "a*c + b"),
        ("choose(2, a, b, c, d)", "choose(3, a, b, c, d)"),
        ("choose(2, a, b, c, d)", "choose(2, a, b, c, d)"),
        ("weighted(5; a:3, b:3, c:2, d:1)", "weighted(5; a:3, b:3, c:2, d:1)"),
        ("plane(2; a, b, c, d, e, f, g)", "plane(2; a, b, c, d, e, f, g)"),
        ("tree(a, b, c, d, e, f, g)", "a + b*c"),
    ] {
        let system = expression(reads, writes);
        let by_diagram = disjoint_quorums(system.reads(), system.writes(), &limits).unwrap();
        let by_search = search::disjoint_pair(system.reads(), system.writes(), &limits).unwrap();
        let by_list = search::against_list(system.reads(), system.writes(), &limits).unwrap();
        for pair in [Some(by_search), by_list].into_iter().flatten() {
            assert_eq!(by_diagram.is_some(), pair.is_some(), "{reads} / {writes}");
            let Some((read, write)) = pair else { continue };
            assert!(read.is_disjoint(&write));
            assert!(system.reads().is_quorum(&read) && system.writes().is_quorum(&write));
        }
    }
}

#[test]
fn a_plane_too_wide_for_a_diagram_is_decided_by_search() {
    let system = Shape::Plane { order: 7 }.system(None).unwrap();
    let limits = Limits { entries: 20_000, ..Limits::default() };
    assert_eq!(disjoint_quorums(system.reads(), system.reads(), &limits), Ok(None));
}

#[test]
fn a_masking_grid_overlaps_in_as_many_as_the_literature_says() {
    // Malkhi and Reiter's grid of 5 by 5 for one Byzantine replica: three rows and a column. Two quorums share a row,
    // and each one's column crosses the two other rows of the other.
    let grid = Shape::MaskingGrid { rows: 5, columns: 5, faults: 1 }.system(None).unwrap();
    let meeting = least_common(&[grid.reads(), grid.writes()], &|_| 1, &Limits::default()).unwrap().unwrap();
    assert_eq!(meeting.common, 9);
    assert_eq!(meeting.quorums[0].intersection(&meeting.quorums[1]).len(), 9);
    assert!(meeting.quorums.iter().all(|quorum| quorum.len() == 3 * 5 + 2));
}

#[test]
fn many_different_votes_have_a_disjoint_pair_that_is_found_at_once() {
    // No sum of votes occurs twice, so that neither sums nor diagrams fit the limits.
    let votes: Vec<u64> =
        (1..=40_u64).map(|i| (1 << 40) + (i.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24)).collect();
    let half = votes.iter().sum::<u64>() / 2;
    let system = QuorumSystem::from_votes(Replica::numbered(40), &votes, half - (1 << 41), half).unwrap();
    let limits = Limits { entries: 1000, ..Limits::default() };
    let pair = disjoint_quorums(system.reads(), system.writes(), &limits).unwrap().unwrap();
    assert!(!pair.smallest && pair.quorums[0].is_disjoint(&pair.quorums[1]));
    assert!(system.reads().is_quorum(&pair.quorums[0]) && system.writes().is_quorum(&pair.quorums[1]));
}

#[test]
fn a_narrow_window_between_the_thresholds_is_hit_by_differences() {
    // Mixed twice, since plain multiples lie so evenly that all of their differences are alike.
    let mixed = |i: u64| (i ^ i >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = |i: u64| mixed(mixed(i.wrapping_mul(0x9e37_79b9_7f4a_7c15)));
    let votes: Vec<u64> = (1..=600_u64).map(|i| mixed(i) >> 24).collect();
    let total: u64 = votes.iter().sum();
    for part in [2, 3] {
        let r = total / part;
        let system =
            QuorumSystem::from_votes(Replica::numbered(600), &votes, r, total - r - 100_000).unwrap();
        let limits = Limits { entries: 1000, ..Limits::default() };
        let pair = disjoint_quorums(system.reads(), system.writes(), &limits).unwrap().unwrap();
        assert!(pair.quorums[0].is_disjoint(&pair.quorums[1]));
        assert!(system.reads().is_quorum(&pair.quorums[0]) && system.writes().is_quorum(&pair.quorums[1]));
    }
}

#[test]
fn tens_of_thousands_of_parts_do_not_overflow_the_stack() {
    let pairs = (0..300).flat_map(|i| (0..i).map(move |j| format!("n{i}*n{j}")));
    let reads = pairs.collect::<Vec<_>>().join(" + ");
    let system = QuorumSystem::from_expressions(None, &reads, None).unwrap();
    for formula in [system.reads(), system.writes()] {
        let found = minimal_quorums(formula, 1, &Limits { entries: 200_000, ..Limits::default() });
        assert!(found.is_err() || found.is_ok_and(|(quorums, all)| quorums.len() == 1 && !all));
    }
}
