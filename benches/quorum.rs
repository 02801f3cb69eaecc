//! Quorum systems: the loads, resiliences and intersections that a person waits for.

use divan::{Bencher, black_box};
use tribunal_checker::quorum::{
    Limits, Protocol, QuorumSystem, ReplicaSet, Shape, Workload, disjoint_quorums, judge, measure,
    minimal_quorums, optimise, resilience,
};

fn main() {
    divan::main();
}

/// Unequal capacities, so that no symmetry helps.
fn unequal(mut system: QuorumSystem) -> QuorumSystem {
    for (i, replica) in system.replicas_mut().iter_mut().enumerate() {
        replica.read_capacity = 1000.0 + ((i * 7919) % 97) as f64 * 31.0;
        replica.write_capacity = 500.0 + ((i * 104_729) % 89) as f64 * 17.0;
    }
    system
}

/// Reads share replicas between their parts; writes are the dual. These hang tools that multiply the dual out.
fn with_dual(shape: &Shape) -> QuorumSystem {
    let system = shape.system(None).expect("a shape");
    QuorumSystem::new(system.replicas().to_vec(), system.reads().clone(), system.reads().dual())
        .expect("a system")
}

fn system(name: &str) -> QuorumSystem {
    match name {
        "majority-15" => QuorumSystem::majority(15).expect("a majority"),
        "majority-101" => QuorumSystem::majority(101).expect("a majority"),
        "hierarchy-3^5" => Shape::Hierarchy { branching: 3, depth: 5 }.system(None).expect("a shape"),
        "grid-20x20" => Shape::Grid { rows: 20, columns: 20 }.system(None).expect("a shape"),
        "paths-2" => Shape::Paths { order: 2 }.system(None).expect("a shape"),
        "paths-4" => Shape::Paths { order: 4 }.system(None).expect("a shape"),
        "plane-7" => Shape::Plane { order: 7 }.system(None).expect("a shape"),
        "plane-3" => with_dual(&Shape::Plane { order: 3 }),
        "maekawa-4x4" => with_dual(&Shape::MaekawaGrid { rows: 4, columns: 4 }),
        other => panic!("no system is called {other}"),
    }
}

const SYSTEMS: &[&str] = &[
    "majority-15",
    "majority-101",
    "hierarchy-3^5",
    "grid-20x20",
    "plane-3",
    "plane-7",
    "maekawa-4x4",
    "paths-2",
    "paths-4",
];

#[divan::bench(args = SYSTEMS, max_time = 5)]
fn load_of_unequal_capacities(bencher: Bencher<'_, '_>, name: &str) {
    let system = unequal(system(name));
    bencher.bench_local(|| {
        optimise(black_box(&system), &Workload::reads(0.6), &ReplicaSet::new(), &Limits::default())
            .expect("a load")
    });
}

#[divan::bench(args = SYSTEMS, max_time = 5)]
fn everything_of_equal_capacities(bencher: Bencher<'_, '_>, name: &str) {
    let system = system(name);
    bencher.bench_local(|| {
        let limits = Limits::default();
        let judgement = judge(black_box(&system), &Protocol::Register.into(), &limits).expect("a verdict");
        (judgement, measure(&system, Some(&Workload::reads(0.6)), &ReplicaSet::new(), &limits))
    });
}

#[divan::bench(args = SYSTEMS, max_time = 2)]
fn intersection(bencher: Bencher<'_, '_>, name: &str) {
    let system = system(name);
    bencher.bench_local(|| disjoint_quorums(black_box(system.reads()), system.writes(), &Limits::default()));
}

#[divan::bench(args = SYSTEMS, max_time = 2)]
fn write_resilience(bencher: Bencher<'_, '_>, name: &str) {
    let system = system(name);
    bencher.bench_local(|| resilience(black_box(system.writes()), &Limits::default()));
}

#[divan::bench(max_time = 2)]
fn minimal_quorums_of_the_dual_of_a_plane() -> usize {
    let plane = with_dual(&Shape::Plane { order: 3 });
    minimal_quorums(plane.writes(), 1000, &Limits::default()).expect("transversals").0.len()
}
