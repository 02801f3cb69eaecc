//! Clients call a server that is killed in the middle. Skipped, loudly, where `redis-server` is not installed.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tribunal::spec::{Registers, RegistersOp, RegistersRet};
use tribunal::{Calls, Failure, Model, Outcome, Recorder, Require, Trial, assert_consistent};
use tribunal_example_redis::{Client, Disk, Server, is_installed};

type Store = Registers<String, u64>;

const CLIENTS: u64 = 6;
/// So many that some key is read before it is written again, once the server is back.
const KEYS: u64 = 16;

fn skipped() -> bool {
    if !is_installed() {
        // Past the harness's capture: a test that did not run must not look as if it had.
        use std::io::Write as _;
        _ = writeln!(
            std::io::stderr(),
            "\nSKIPPED: redis-server is not installed (apt install redis-server)\n"
        );
        return true;
    }
    false
}

fn run(disk: Disk, name: &str) -> Calls<Store> {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("a directory");
    let mut server = Server::start(&directory, disk).expect("a server");
    let address = server.address();
    let recorder = Recorder::<Store>::new(Instant::now());
    let (done, made) = (AtomicBool::new(false), AtomicU64::new(0));
    std::thread::scope(|scope| {
        for number in 0..CLIENTS {
            let (mut calls, done, made) = (recorder.client(), &done, &made);
            scope.spawn(move || {
                let mut connection = None;
                for round in 0_u64.. {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    // A new connection after every failure, until the server is back.
                    let Some(client) = connection.as_mut() else {
                        connection = Client::connect(address).ok();
                        std::thread::sleep(Duration::from_millis(2));
                        continue;
                    };
                    let key = &*format!("k{}", (round * 7 + number) % KEYS);
                    let answered = if (round / 2 + number).is_multiple_of(2) {
                        let value = round * CLIENTS + number + 1;
                        let call = calls.invoke(RegistersOp::write(key, value));
                        let answer = client.set(key, value);
                        // An error leaves the call to be dropped: its outcome is unknown.
                        answer.map(|()| call.ok(RegistersRet::Written)).is_ok()
                    } else {
                        let call = calls.invoke(RegistersOp::read(key));
                        client.get(key).map(|value| call.ok(RegistersRet::read(value))).is_ok()
                    };
                    if answered {
                        made.fetch_add(1, Ordering::Relaxed);
                    } else {
                        connection = None;
                    }
                    std::thread::sleep(Duration::from_micros(500));
                }
            });
        }
        let until = |calls| {
            while made.load(Ordering::Relaxed) < calls {
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        until(300);
        let crash = recorder.during("kill -9");
        server.crash().expect("a restart");
        drop(crash);
        until(made.load(Ordering::Relaxed) + 300);
        done.store(true, Ordering::Relaxed);
    });
    recorder.finish()
}

#[test]
fn what_was_acknowledged_survives_kill_9() {
    if skipped() {
        return;
    }
    let require = Require::default().operations(600).ok_share(0.9).keys(16).telling(100);
    let calls = run(Disk::Log, "redis-log");
    assert!(calls.iter().any(|call| call.outcome == Outcome::Ok));
    assert_consistent!(calls, Store::new(), Model::Linearizable, Trial::new().require(require));
}

#[test]
fn a_server_without_a_log_forgets() {
    if skipped() {
        return;
    }
    let calls = run(Disk::Nothing, "redis-nothing");
    let failure = Trial::new().judge(&calls, &Store::new(), Model::Linearizable).unwrap_err();
    assert!(matches!(failure, Failure::Violated { .. }), "{failure}");
    assert!(failure.to_string().contains("→ nothing fits nowhere"), "{failure}");
}
