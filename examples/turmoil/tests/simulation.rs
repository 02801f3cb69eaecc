//! The store in a simulated network that partitions, with replicas and a client that crash: the same on every run.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use tribunal::spec::{Registers, RegistersOp, RegistersRet};
use tribunal::{Calls, Model, Recorder, Require, Trial, assert_consistent};
use tribunal_example_turmoil::{Client, Disk, REPLICAS, Reads, replica};

type Store = Registers<String, u64>;

const CLIENTS: u64 = 4;
const ROUNDS: u64 = 40;

fn simulated() -> i64 {
    let elapsed = turmoil::sim_elapsed().unwrap_or_default();
    i64::try_from(elapsed.as_nanos()).unwrap_or(i64::MAX)
}

async fn client(
    number: u64,
    reads: Reads,
    mut calls: tribunal::Client<Store>,
) -> Result<(), Box<dyn std::error::Error>> {
    let mut client = Client::new(number, reads).await?;
    for round in 0..ROUNDS {
        let key = ["x", "y"][usize::from((round / 5 + number).is_multiple_of(3))];
        if (round + number).is_multiple_of(3) {
            let value = round * CLIENTS + number;
            let call = calls.invoke(RegistersOp::write(key, value));
            match client.write(key, value).await {
                Ok(()) => call.ok(RegistersRet::Written),
                Err(_) => call.unknown(),
            }
        } else {
            let call = calls.invoke(RegistersOp::read(key));
            match client.read(key).await {
                Ok(value) => call.ok(RegistersRet::read(value)),
                // A read that failed has no effect.
                Err(_) => call.fail(),
            }
        }
        tokio::time::sleep(Duration::from_millis(3 * (number + round % 4))).await;
    }
    Ok(())
}

fn run(reads: Reads, seed: u64) -> Calls<Store> {
    let mut sim = turmoil::Builder::new()
        .rng_seed(seed)
        .simulation_duration(Duration::from_secs(60))
        .max_message_latency(Duration::from_millis(25))
        .build();
    let recorder = Recorder::<Store>::new(simulated);
    for name in REPLICAS {
        let disk = Disk::default();
        sim.host(name, move || {
            let disk = Disk::clone(&disk);
            async move { Ok(replica(disk).await?) }
        });
    }
    for number in 1..CLIENTS {
        sim.client(format!("c{number}"), client(number, reads, recorder.client()));
    }
    // The last one runs on a host of its own, which crashes in the middle of a call.
    let calls = recorder.clone();
    sim.host("c4", move || client(CLIENTS, reads, calls.client()));

    let mut partition = None;
    for step in 0.. {
        match step {
            200 => {
                sim.partition("n1", "c1");
                sim.partition("n1", "c2");
                partition = Some(recorder.during("partition n1 | c1 c2"));
            }
            500 => {
                sim.crash("n2");
                recorder.annotate("crash n2, c4", recorder.now()..);
                sim.crash("c4");
            }
            800 => {
                sim.bounce("n2");
                sim.repair("n1", "c1");
                sim.repair("n1", "c2");
                partition.take();
            }
            1200 => sim.partition("n3", "c1"),
            _ => {}
        }
        if sim.step().expect("the simulation runs") {
            break;
        }
    }
    drop(sim);
    recorder.finish()
}

fn trial() -> Trial {
    Trial::new().require(Require::default().operations(100).ok_share(0.5).keys(2).overlapping(50).telling(50))
}

#[test]
fn majorities_are_linearizable() {
    let calls = run(Reads::Majority, 1);
    assert!(calls.outcomes()[2] > 0, "the crashed client's call is of unknown outcome");
    assert_eq!(calls, run(Reads::Majority, 1), "a simulation runs the same way again");
    assert_consistent!(calls, Store::new(), Model::Linearizable, trial());
    for seed in 2..5 {
        assert_consistent!(run(Reads::Majority, seed), Store::new(), Model::Linearizable, trial());
    }
}

#[test]
fn reads_of_the_nearest_replica_are_stale() {
    let failed = catch_unwind(AssertUnwindSafe(|| {
        assert_consistent!(run(Reads::Nearest, 1), Store::new(), Model::Linearizable, trial());
    }));
    let message = failed.expect_err("the bug is found");
    let message = message.downcast_ref::<String>().expect("a message");
    assert!(message.contains("the history is not linearizable: read"), "{message}");
    assert!(message.contains("fits nowhere"), "{message}");
}
