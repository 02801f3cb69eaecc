//! The client-centric guarantees: of clients, and of replica logs.

use super::{expect, holds};
use crate::history::{Function, History, OpId};
use crate::limits::Meter;
use crate::model::{Guarantees, Model};
use crate::naive::registers::{Source, World, operations, worlds};
use crate::naive::view;
use crate::testing::{Draft, Registers, registers, replicas};
use proptest::prelude::*;

#[test]
fn of_clients() {
    expect(
        "P: W(x)1 R(x)NIL",
        "read-your-writes no, monotonic-reads yes, writes-follow-reads yes, monotonic-writes yes",
    );
    let back = "P: W(x)1 W(x)2\nQ: R(x)2 R(x)NIL";
    expect(back, "monotonic-reads no, read-your-writes yes, client-centric no");
    // One arbitration for all.
    let clash = "P: W(x)1\nQ: W(x)2\nR: R(x)1 R(x)2\nS: R(x)2 R(x)1";
    expect(clash, "monotonic-reads no, read-your-writes yes, fifo yes");
    let circle = "P: R(x)1 W(y)1\nQ: R(y)1 W(x)1";
    expect(circle, "writes-follow-reads no, monotonic-reads yes, monotonic-writes yes");
    // Each alone, not both: what was read is overwritten by the own write.
    let both = "P: R(x)1 W(x)2 R(x)1\nQ: W(x)1";
    expect(both, "read-your-writes yes, writes-follow-reads yes, read-your-writes+writes-follow-reads no");
    expect("P: W(x)1 W(x)2\nQ: R(x)2 R(x)1", "monotonic-writes yes, monotonic-reads+monotonic-writes no");
}

#[test]
fn of_clients_with_cas() {
    expect("P: C(x)NIL>1\nQ: C(x)NIL>2", "client-centric yes, monotonic-writes yes");
    expect("P: C(x)2>1\nQ: C(x)1>2", "monotonic-writes no, monotonic-reads no, writes-follow-reads no");
}

/// A history of one client: steps as in the notation, each at a replica, and logs `LOG(0,1)`.
fn at_replicas(steps: &[(&str, &str)]) -> History {
    let mut draft = Draft::default();
    for &(replica, step) in steps {
        let name = draft.builder.text(replica);
        let replica = draft.builder.replica(name);
        if let Some(log) = step.strip_prefix("LOG(") {
            let ids =
                log.trim_end_matches(')').split(',').map(|id| OpId(id.parse().expect("an id"))).collect();
            draft.builder.push_log(replica, ids, 0);
        } else {
            let client = if step.starts_with("O:") { "other" } else { "client" };
            let op = OpId::from_index(draft.builder.len());
            draft.step(client, step.trim_start_matches("O:"));
            draft.builder.set_replica(op, replica);
        }
    }
    draft.builder.finish().expect("a history")
}

fn guarantees(history: &History) -> String {
    let each = [
        Guarantees::MONOTONIC_READS,
        Guarantees::MONOTONIC_WRITES,
        Guarantees::READ_YOUR_WRITES,
        Guarantees::WRITES_FOLLOW_READS,
    ];
    let answers = each.map(|one| if holds(history, Model::Session(one)) { 'y' } else { 'n' });
    answers.iter().collect()
}

#[test]
fn of_replica_logs() {
    // Tanenbaum's figures: monotonic reads, monotonic writes, read your writes, writes follow reads.
    let other = [("L1", "O:W(x)1"), ("L1", "LOG(0)"), ("L1", "R(x)1"), ("L2", "O:W(x)2")];
    let with = |rest: &[(&str, &str)]| guarantees(&at_replicas(&[&other[..], rest].concat()));
    // The second write is another client's, who wrote both.
    assert_eq!(with(&[("L2", "LOG(0,2)"), ("L2", "R(x)2")]), "yyyy");
    assert_eq!(with(&[("L2", "LOG(2)"), ("L2", "R(x)2")]), "nnyy");
    let own = [("L1", "W(x)1"), ("L1", "LOG(0)"), ("L2", "W(x)2")];
    let with = |rest: &[(&str, &str)]| guarantees(&at_replicas(&[&own[..], rest].concat()));
    assert_eq!(with(&[("L2", "LOG(0,1)")]), "yyyy");
    assert_eq!(with(&[("L2", "LOG(1)")]), "ynyy");
    assert_eq!(with(&[("L2", "LOG(1,0)"), ("L2", "R(x)1")]), "ynyy");
    assert_eq!(with(&[("L2", "LOG(0)"), ("L2", "R(x)1")]), "yyny");
    let reply = [("L1", "O:W(x)1"), ("L1", "LOG(0)"), ("L1", "R(x)1"), ("L2", "W(y)1")];
    let with = |rest: &[(&str, &str)]| guarantees(&at_replicas(&[&reply[..], rest].concat()));
    assert_eq!(with(&[("L2", "LOG(0,2)")]), "yyyy");
    assert_eq!(with(&[("L2", "LOG(2)")]), "yyyn");
    // Cumulative lines say the same as incremental ones.
    assert_eq!(with(&[("L2", "LOG(0)"), ("L2", "LOG(0,2)"), ("L2", "R(y)1")]), "yyyy");
    // A read must return what the log says.
    assert_eq!(with(&[("L2", "LOG(0,2)"), ("L2", "R(x)NIL")]), "nnnn");
}

/// The definition with nothing taken for granted: some visible set for each read, some arbitration.
fn by_enumeration(history: &History, set: Guarantees) -> bool {
    let ops = operations(history).expect("registers");
    let meter = Meter::unlimited();
    let mut found = false;
    for world in worlds(history, &ops) {
        found |= world
            .each_reads_from(&meter, &mut |rf| {
                let (reads, writes) = (world.reads(), world.writes());
                let mut any = false;
                for choice in 0..1_usize << (reads.len() * writes.len()) {
                    let bit = |r: usize, w: usize| choice >> (r * writes.len() + w) & 1 == 1;
                    let place = |list: &[usize], op: usize| list.iter().position(|&other| other == op);
                    let sees = |read: usize, write: usize| {
                        place(&reads, read).zip(place(&writes, write)).is_some_and(|(r, w)| bit(r, w))
                    };
                    any |= view::each(&view::Free, &writes, &|_, _| false, &meter, &mut |ar| {
                        Ok(satisfies(&world, set, rf, &sees, ar))
                    })?;
                    if any {
                        break;
                    }
                }
                Ok(any)
            })
            .expect("no limit");
    }
    found
}

fn satisfies(
    world: &World<'_>,
    set: Guarantees,
    rf: &[Source],
    sees: &dyn Fn(usize, usize) -> bool,
    ar: &[usize],
) -> bool {
    let (reads, writes) = (world.reads(), world.writes());
    let before = |a: usize, b: usize| ar.iter().position(|&op| op == a) < ar.iter().position(|&op| op == b);
    let program = |a, b| world.program(a, b);
    let follows = |read: usize, write: usize| program(read, write) || read == write;
    let last = |&read: &usize| {
        let on_key = |&&write: &&usize| sees(read, write) && world.ops[write].key == world.ops[read].key;
        match (ar.iter().rfind(on_key), rf[read]) {
            (None, source) => source == Source::Initial,
            (Some(&write), source) => source == Source::Write(write),
        }
    };
    let all =
        |holds: &dyn Fn(usize, usize) -> bool| reads.iter().all(|&r| writes.iter().all(|&w| holds(r, w)));
    let cas = |r: usize, w: usize| rf[r] != Source::Write(w) || world.ops[r].writes.is_none() || before(w, r);
    // In every visible set and in the arbitration.
    let closed = |a: usize, b: usize| before(a, b) && reads.iter().all(|&r| !sees(r, b) || sees(r, a));
    let monotonic_reads =
        |r: usize, w: usize| reads.iter().all(|&r2| !program(r, r2) || !sees(r, w) || sees(r2, w));
    let read_your_writes = |r: usize, w: usize| !program(w, r) || sees(r, w);
    let monotonic_writes = || writes.iter().all(|&a| writes.iter().all(|&b| !program(a, b) || closed(a, b)));
    let writes_follow_reads =
        |r: usize, v: usize| !sees(r, v) || writes.iter().all(|&w| !follows(r, w) || closed(v, w));
    reads.iter().all(last)
        && all(&cas)
        && (!set.contains(Guarantees::MONOTONIC_READS) || all(&monotonic_reads))
        && (!set.contains(Guarantees::READ_YOUR_WRITES) || all(&read_your_writes))
        && (!set.contains(Guarantees::MONOTONIC_WRITES) || monotonic_writes())
        && (!set.contains(Guarantees::WRITES_FOLLOW_READS) || all(&writes_follow_reads))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn least_visible_sets_are_enough(
        history in registers(Registers { operations: 5, timed: Some(false), ..Registers::default() })
    ) {
        prop_assume!(operations(&history).expect("registers").len() <= 5);
        for set in Guarantees::sets() {
            prop_assert_eq!(holds(&history, Model::Session(set)), by_enumeration(&history, set), "{}", set);
        }
    }

    #[test]
    fn replica_logs_are_judged(history in replicas(6)) {
        let all = holds(&history, Model::Session(Guarantees::ALL));
        let each = Guarantees::EACH.map(|one| holds(&history, Model::Session(one)));
        prop_assert_eq!(all, each.iter().all(|&one| one), "nothing is existential");
        prop_assert!(history.ops().all(|op| history.function(op) != Function::Cas));
    }
}
