use super::{Limits, NoStrategy, Objective, Strategy, Workload, optimise};
use crate::quorum::{QuorumSystem, Replica, ReplicaSet, Shape};

fn best(system: &QuorumSystem, workload: &Workload) -> Strategy {
    optimise(system, workload, &ReplicaSet::new(), &Limits::default()).unwrap()
}

fn exact_load(system: &QuorumSystem, fraction: f64) -> String {
    let strategy = best(system, &Workload::reads(fraction));
    let bounds = strategy.bounds.unwrap();
    assert!(bounds.certified());
    bounds.exact().map(ToString::to_string).unwrap_or_else(|| format!("{bounds:?}"))
}

#[test]
fn loads_that_the_literature_gives() {
    for (shape, load) in [
        (Shape::Plane { order: 2 }, "3/7"),
        (Shape::Plane { order: 3 }, "4/13"),
        (Shape::Wall { widths: vec![1, 2, 3] }, "1/2"),
        (Shape::Tree { n: 15 }, "2/5"),
        (Shape::Hierarchy { branching: 3, depth: 3 }, "8/27"),
        (Shape::Majority { n: 5 }, "3/5"),
    ] {
        assert_eq!(exact_load(&shape.system(None).unwrap(), 1.0), load, "{shape:?}");
    }
}

#[test]
fn a_grid_reads_rows_and_writes_one_of_each() {
    let grid = Shape::Grid { rows: 4, columns: 5 }.system(None).unwrap();
    // fr/rows + (1 - fr)/columns
    assert_eq!(exact_load(&grid, 0.75), "19/80");
    let voting = QuorumSystem::from_votes(Replica::numbered(5), &[1; 5], 2, 4).unwrap();
    assert_eq!(exact_load(&voting, 0.5), "3/5");
}

#[test]
fn a_capacity_below_one_makes_a_load_above_one() {
    let mut replicas = Replica::numbered(3);
    for replica in &mut replicas {
        replica.read_capacity = 0.5;
        replica.write_capacity = 0.25;
    }
    let system = QuorumSystem::from_votes(replicas, &[1; 3], 1, 3).unwrap();
    assert_eq!(exact_load(&system, 0.0), "4");
}

#[test]
fn unequal_capacities_are_certified_too() {
    let mut replicas = Replica::numbered(7);
    for (i, replica) in replicas.iter_mut().enumerate() {
        replica.read_capacity = 1000.0 + 137.0 * i as f64;
        replica.write_capacity = 700.0 + 91.0 * (i * i % 7) as f64;
    }
    let system = QuorumSystem::from_votes(replicas, &[1; 7], 3, 5).unwrap();
    let strategy = best(&system, &Workload::reads(0.6));
    let bounds = strategy.bounds.unwrap();
    assert!(bounds.exact().is_some(), "{bounds:?}");
}

#[test]
fn a_distribution_has_an_expected_capacity_that_is_not_one_over_the_expected_load() {
    let system = QuorumSystem::from_expressions(None, "a*b + c*d", None).unwrap();
    let workload = Workload { read_fractions: vec![(0.0, 1.0), (1.0, 3.0)], ..Workload::reads(0.5) };
    let strategy = best(&system, &workload);
    assert!(strategy.bounds.as_ref().unwrap().exact().is_some());
    let by_hand: f64 = 0.25 / strategy.loads[0].1 + 0.75 / strategy.loads[1].1;
    assert!((strategy.expected_capacity - by_hand).abs() < 1e-9);
    assert!(strategy.peak_capacity <= strategy.expected_capacity);
}

#[test]
fn resilient_strategies_contact_more_replicas() {
    let system = QuorumSystem::majority(5).unwrap();
    let workload = Workload { resilient: 1, ..Workload::reads(1.0) };
    let strategy = best(&system, &workload);
    assert!(strategy.reads.iter().all(|choice| choice.members.len() == 4));
    let impossible = Workload { resilient: 3, ..Workload::reads(1.0) };
    let error = optimise(&system, &impossible, &ReplicaSet::new(), &Limits::default()).unwrap_err();
    assert!(matches!(error, NoStrategy::Infeasible(_)));
}

#[test]
fn a_superset_of_a_minimal_resilient_quorum_can_be_faster() {
    let mut replicas: Vec<Replica> = ["a", "b", "c", "d"].map(Replica::new).into();
    for (replica, latency) in replicas.iter_mut().zip([1.0, 50.0, 100.0, 100.0]) {
        replica.latency_ms = Some(latency);
    }
    // {c, d} and {a, b} both answer; resilient sets of one loss must hold both, or three of a choice.
    let system = QuorumSystem::from_expressions(Some(replicas), "b*c + b*d + c*d + a*b*c*d", None).unwrap();
    let workload = Workload { objective: Objective::Latency, ..Workload::reads(1.0) };
    let strategy = best(&system, &workload);
    assert_eq!(strategy.latency_ms, Some(100.0));
    let system =
        QuorumSystem::from_expressions(Some(system.replicas().to_vec()), "choose(2, c, d, a) + a*b", None)
            .unwrap();
    let resilient = Workload { resilient: 1, ..workload };
    let strategy = best(&system, &resilient);
    assert_eq!(strategy.latency_ms, Some(50.0), "{strategy:?}");
    assert!(strategy.reads.iter().all(|choice| choice.members.contains(0) && choice.members.contains(1)));
}

#[test]
fn limits_that_contradict_each_other_are_named() {
    let system = QuorumSystem::majority(5).unwrap();
    let workload = Workload { load_limit: Some(0.5), ..Workload::reads(0.5) };
    let error = optimise(&system, &workload, &ReplicaSet::new(), &Limits::default()).unwrap_err();
    assert!(matches!(error, NoStrategy::Infeasible(_)));
    let workload = Workload { objective: Objective::Network, load_limit: Some(0.7), ..Workload::reads(0.5) };
    let strategy = best(&system, &workload);
    assert!((strategy.network - 3.0).abs() < 1e-6 && strategy.loads[0].1 <= 0.7 + 1e-6);
}

#[test]
fn replicas_that_are_down_carry_nothing() {
    let system = QuorumSystem::majority(5).unwrap();
    let down = system.set_of("down", &["n1", "n2"]).unwrap();
    let strategy = optimise(&system, &Workload::reads(1.0), &down, &Limits::default()).unwrap();
    assert_eq!(strategy.bounds.unwrap().exact().unwrap().to_string(), "1");
    assert_eq!(strategy.replica_loads[0], 0.0);
}
