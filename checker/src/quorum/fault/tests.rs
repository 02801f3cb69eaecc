use super::{Limits, blocked_probability, is_dual, minimal_quorums, resilience, zone_resilience};
use crate::quorum::{QuorumSystem, Replica, Shape};

#[test]
fn gifford_s_example_blocks_as_rarely_as_he_says() {
    let system = QuorumSystem::from_votes(Replica::numbered(3), &[2, 1, 1], 2, 3).unwrap();
    let blocked = |formula| blocked_probability(formula, &[0.01; 3], &Limits::default()).unwrap();
    assert!((blocked(system.reads()) - 1.99e-4).abs() < 1e-12);
    assert!((blocked(system.writes()) - 1.0099e-2).abs() < 1e-12);
}

#[test]
fn a_replica_mentioned_twice_fails_once() {
    let system = QuorumSystem::from_expressions(None, "a*b + a*c", None).unwrap();
    assert_eq!(resilience(system.reads(), &Limits::default()).unwrap().survives, 0);
    let blocked = blocked_probability(system.reads(), &[0.1; 3], &Limits::default()).unwrap();
    assert!((blocked - (0.1 + 0.9 * 0.01)).abs() < 1e-15);
}

#[test]
fn the_plane_of_order_3_has_247_minimal_transversals() {
    let plane = Shape::Plane { order: 3 }.system(None).unwrap();
    let (quorums, all) = minimal_quorums(&plane.reads().dual(), 1000, &Limits::default()).unwrap();
    assert!(all);
    assert_eq!(quorums.len(), 247);
}

#[test]
fn coteries_that_the_literature_calls_nondominated() {
    let limits = Limits::default();
    for (shape, expected) in [
        (Shape::Plane { order: 2 }, true),
        (Shape::Plane { order: 3 }, false),
        (Shape::Majority { n: 5 }, true),
        (Shape::Majority { n: 4 }, false),
        (Shape::Tree { n: 15 }, true),
        (Shape::Hierarchy { branching: 3, depth: 3 }, true),
        (Shape::Wall { widths: vec![1, 2, 3] }, true),
        (Shape::Wall { widths: vec![2, 2, 3] }, false),
    ] {
        let system = shape.system(None).unwrap();
        assert_eq!(is_dual(system.reads(), system.writes(), &limits), Ok(expected), "{shape:?}");
    }
}

#[test]
fn minimal_quorums_come_lazily() {
    let system = QuorumSystem::majority(101).unwrap();
    let (quorums, all) = minimal_quorums(system.reads(), 10, &Limits::default()).unwrap();
    assert!(!all && quorums.len() == 10 && quorums.iter().all(|quorum| quorum.len() == 51));
}

#[test]
fn zones_fail_together() {
    let mut replicas = Replica::numbered(5);
    for (replica, zone) in replicas.iter_mut().zip(["x", "x", "x", "y", "y"]) {
        replica.zone = Some(zone.to_owned());
    }
    let system = QuorumSystem::from_votes(replicas, &[1; 5], 3, 3).unwrap();
    let limits = Limits::default();
    assert_eq!(resilience(system.reads(), &limits).unwrap().survives, 2);
    assert_eq!(zone_resilience(&system, system.reads(), &limits).unwrap().survives, 0);
}
