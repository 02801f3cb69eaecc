use super::{disjoint_quorums, least_common, search};
use crate::quorum::{Limits, QuorumSystem, Replica, Shape};

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
        assert_eq!(by_diagram.is_some(), by_search.is_some(), "{reads} / {writes}");
        if let Some((read, write)) = by_search {
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
fn masking_grids_overlap_in_as_many_as_the_literature_says() {
    // Malkhi and Reiter's M-Grid of 5 by 5 for one Byzantine replica: two rows and two columns.
    let name = |row: usize, column: usize| format!("n{row}{column}");
    let line = |cells: Vec<String>| format!("({})", cells.join("*"));
    let rows = (0..5).map(|row| line((0..5).map(|column| name(row, column)).collect()));
    let columns = (0..5).map(|column| line((0..5).map(|row| name(row, column)).collect()));
    let rows: Vec<String> = rows.collect();
    let columns: Vec<String> = columns.collect();
    let reads = format!("choose(2, {}) * choose(1, {})", rows.join(", "), columns.join(", "));
    let system = expression(&reads, &reads);
    let meeting =
        least_common(&[system.reads(), system.writes()], &|_| 1, &Limits::default()).unwrap().unwrap();
    assert!(meeting.common >= 3);
}
