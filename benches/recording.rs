//! What recording costs: nanoseconds for each operation (an invocation and its answer), by threads.
//!
//! `cargo bench --bench recording`. The clock alone costs two looks at it; the difference is the recorder's.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use std::sync::Barrier;
use std::time::Instant;
use tribunal::Recorder;
use tribunal::spec::{Registers, RegistersOp, RegistersRet};

type Store = Registers<u8, u64>;

const CALLS: u64 = 100_000;
const THREADS: [usize; 4] = [1, 2, 4, 8];

fn main() {
    divan::main();
}

/// Every thread makes its calls between two barriers; what is measured lies between them.
fn run(bencher: Bencher<'_, '_>, threads: usize, recorder: impl Fn() -> Recorder<Store> + Sync) {
    bencher.counter(ItemsCount::new(CALLS * threads as u64)).with_inputs(&recorder).bench_local_values(
        |recorder| {
            let (start, end) = (Barrier::new(threads), Barrier::new(threads));
            std::thread::scope(|scope| {
                for _ in 0..threads {
                    let (mut client, start, end) =
                        (recorder.client_with_capacity(CALLS as usize), &start, &end);
                    scope.spawn(move || {
                        start.wait();
                        for value in 0..CALLS {
                            client.invoke(RegistersOp::write(0, black_box(value))).ok(RegistersRet::Written);
                        }
                        end.wait();
                    });
                }
            });
            recorder
        },
    );
}

#[divan::bench(args = THREADS, sample_count = 10)]
fn system_clock(bencher: Bencher<'_, '_>, threads: usize) {
    run(bencher, threads, Recorder::default);
}

#[divan::bench(args = THREADS, sample_count = 10)]
fn logical_clock(bencher: Bencher<'_, '_>, threads: usize) {
    run(bencher, threads, || Recorder::new(|| 0));
}

#[divan::bench(sample_count = 3)]
fn streaming(bencher: Bencher<'_, '_>) {
    let path = std::env::temp_dir().join(format!("tribunal-bench-{}.jsonl", std::process::id()));
    let create = || Recorder::<Store>::streaming(Instant::now(), &path).expect("a file");
    bencher.counter(ItemsCount::new(CALLS)).with_inputs(create).bench_values(|recorder| {
        let mut client = recorder.client_with_capacity(CALLS as usize);
        for value in 0..CALLS {
            client.invoke(RegistersOp::write(0, value)).ok(RegistersRet::Written);
        }
    });
    _ = std::fs::remove_file(&path);
}

/// The clock alone, twice for each operation.
#[divan::bench(sample_count = 10)]
fn clock_alone(bencher: Bencher<'_, '_>) {
    let clock = Instant::now();
    bencher.counter(ItemsCount::new(CALLS)).bench(|| {
        for _ in 0..CALLS {
            black_box((clock.elapsed(), clock.elapsed()));
        }
    });
}
