//! The stress ladder: histories on which checkers that search blow up, and the times that their authors' programs took.
//!
//! The peers were measured on another day and a machine like this one may be, parsing excluded, on histories of the same
//! shape (closed-loop clients, always busy) but not the same ones: orders of magnitude count here, not digits.

use super::arguments::Arguments;
use super::case::judge;
use super::table;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind::{self, Counter, Queue, Register, Stack};
use tribunal_corpus::{Generate, Values, Violation};

/// A rung: its name, the history, what peers take.
struct Rung(&'static str, Generate, &'static str);

/// Runs the benchmark.
pub(crate) fn run(arguments: &Arguments) {
    table::title("Ladder: where searching checkers take seconds to minutes, or all memory");
    println!("{:48} {:>10} {:>9}  {:24} peers, seconds", "history", "check s", "peak MB", "verdict");
    for Rung(name, options, peers) in rungs(arguments.full) {
        if arguments.wants(name) {
            let cost = judge(&options, Model::Linearizable, arguments);
            let (check, memory) = (table::seconds(cost.check), table::megabytes(cost.memory));
            println!("{name:48} {check:>10} {memory:>9}  {:24} {peers}", cost.verdict);
        }
    }
}

fn unique(spec: SpecKind, processes: usize, operations: usize) -> Generate {
    Generate { processes, operations, ..Generate::new(spec) }
}

/// A register with cas, where a mismatch constrains the state as well.
fn cas(processes: usize, operations: usize) -> Generate {
    Generate { cas: 0.5, mismatches: true, ..unique(Register, processes, operations) }
}

/// Five values; the violation is a read of the initial value, which is none of them.
fn few(options: Generate) -> Generate {
    Generate { values: Values::Few(5), ..bad(options, Violation::StaleInitial) }
}

fn bad(mut options: Generate, violation: Violation) -> Generate {
    options.violation = Some(violation);
    options
}

fn stale(options: Generate) -> Generate {
    bad(options, Violation::StaleRead)
}

#[rustfmt::skip]
fn rungs(full: bool) -> Vec<Rung> {
    let crashing = |options: Generate| Generate { info: 0.02, ..options };
    let wrong = |options: Generate| bad(options, Violation::WrongCount);
    let mut rungs = vec![
        Rung("register, 5 clients, 10,000", unique(Register, 5, 10_000), "porcupine 0.46"),
        Rung("register, 5 clients, 10,000, violated", stale(unique(Register, 5, 10_000)), "porcupine 1.4"),
        Rung("register, 5 clients, 50,000", unique(Register, 5, 50_000), "porcupine 5.2"),
        Rung("register, 5 clients, 50,000, violated", stale(unique(Register, 5, 50_000)), "porcupine 30"),
        Rung("register, 10 clients, 10,000", unique(Register, 10, 10_000), "porcupine 10.7"),
        Rung("register, 10 clients, 50,000", unique(Register, 10, 50_000), "porcupine: over 9 GB"),
        Rung("register, 20 clients, 500", unique(Register, 20, 500), "todc-utils > 60"),
        Rung("cas-register, 20 clients, 1,000", cas(20, 1_000), "porcupine 35"),
        Rung("cas-register, 20 clients, 500, violated", stale(cas(20, 500)), "porcupine > 60"),
        Rung("cas-register, 40 clients, 100", cas(40, 100), "porcupine > 60"),
        Rung("counter, 20 clients, 2,000", unique(Counter, 20, 2_000), "porcupine 29"),
        Rung("counter, 20 clients, 200, violated", wrong(unique(Counter, 20, 200)), "porcupine 28"),
        Rung("counter, 40 clients, 100", unique(Counter, 40, 100), "porcupine > 60"),
        Rung("counter, 40 clients, 50, violated", wrong(unique(Counter, 40, 50)), "porcupine > 60"),
        Rung("cas, 5 values, 2 % crash, 5 clients, 200, violated", crashing(few(cas(5, 200))), "porcupine 7"),
        Rung("cas, 5 values, 2 % crash, 5 clients, 500, violated", crashing(few(cas(5, 500))), "porcupine > 60"),
        Rung("register, 5 values, 20 clients, 100, violated", few(unique(Register, 20, 100)), "porcupine > 60"),
        Rung("queue, 10 clients, 200", unique(Queue, 10, 200), "porcupine 2.5"),
        Rung("queue, 10 clients, 500", unique(Queue, 10, 500), "porcupine > 60"),
        Rung("stack, 10 clients, 500", unique(Stack, 10, 500), "porcupine 54"),
        Rung("stack, 10 clients, 1,000", unique(Stack, 10, 1_000), "porcupine > 60"),
        Rung("register, 5 values, 10 clients, 10,000, violated", few(unique(Register, 10, 10_000)), ""),
        Rung("register, 5 values, 20 clients, 1,000, violated", few(unique(Register, 20, 1_000)), ""),
        Rung("register, 5 values, 20 clients, 10,000", Generate { violation: None, ..few(unique(Register, 20, 10_000)) }, ""),
        Rung("cas, 5 values, 2 % crash, 5 clients, 5,000, violated", crashing(few(cas(5, 5_000))), ""),
        Rung("cas, 5 values, 2 % crash, 20 clients, 1,000, violated", crashing(few(cas(20, 1_000))), ""),
    ];
    if full {
        rungs.extend([
            Rung("register, 5 values, 40 clients, 1,000, violated", few(unique(Register, 40, 1_000)), ""),
            Rung("register, 5 values, 40 clients, 10,000, violated", few(unique(Register, 40, 10_000)), ""),
            Rung("cas, 5 values, 2 % crash, 20 clients, 10,000, violated", crashing(few(cas(20, 10_000))), ""),
            Rung("cas, 5 values, 2 % crash, 40 clients, 1,000, violated", crashing(few(cas(40, 1_000))), ""),
        ]);
    }
    rungs
}
