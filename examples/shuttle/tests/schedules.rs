//! Both registers under many schedules, always the same ones.

use shuttle::scheduler::RandomScheduler;
use shuttle::{Config, Runner, thread};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tribunal::spec::{Registers, RegistersOp, RegistersRet};
use tribunal::{Calls, Model, Recorder, Require, Trial, assert_consistent};
use tribunal_example_shuttle::{Register, Swap};

type Store = Registers<String, u64>;

fn run(swap: Swap) -> Calls<Store> {
    // Time is the number of steps that the scheduler has made.
    let recorder = Recorder::<Store>::new(|| shuttle::current::context_switches() as i64);
    let register = Arc::new(Register::new(swap));
    let threads: Vec<_> = (1..=3)
        .map(|new| {
            let (mut client, register) = (recorder.client(), Arc::clone(&register));
            thread::spawn(move || {
                let old = client.record(RegistersOp::read("x"), || RegistersRet::read(register.read()));
                let RegistersRet::Read { value: old } = old else { unreachable!("a read reads") };
                client.record(RegistersOp::cas("x", old, new), || {
                    let ok = register.compare_and_set(old, new);
                    RegistersRet::Cas { ok }
                });
                client.record(RegistersOp::read("x"), || RegistersRet::read(register.read()));
            })
        })
        .collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no panics"));
    recorder.finish()
}

fn under_schedules(schedules: usize, swap: Swap) {
    let runner = Runner::new(RandomScheduler::new_from_seed(7, schedules), Config::default());
    runner.run(move || {
        // Some schedules run one thread after the other: alone, each of them proves little.
        let trial = Trial::new().require(Require::nothing().operations(9));
        assert_consistent!(run(swap), Store::new(), Model::Linearizable, trial);
    });
}

#[test]
fn one_critical_section_is_linearizable() {
    under_schedules(300, Swap::Atomic);
}

#[test]
fn two_critical_sections_are_not() {
    let failed = catch_unwind(AssertUnwindSafe(|| under_schedules(300, Swap::InTwoSteps)));
    let message = failed.expect_err("the bug is found");
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("the history is not linearizable"), "{message}");
    assert!(message.contains("reproduce: TRIBUNAL_REPLAY="), "{message}");
}
