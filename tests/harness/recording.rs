//! What a recorder records, and what that costs.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;
use tribunal::spec::{Plain, Registers, RegistersOp, RegistersRet};
use tribunal::{Outcome, Recorder};

type Store = Registers<u8, u64>;

/// Counts this thread's allocations.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    // At a thread's end there is no counter any more.
    _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: every call is passed on to the system's allocator with the caller's arguments.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        // SAFETY: as the caller promises.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(run: impl FnOnce()) -> usize {
    let before = ALLOCATIONS.get();
    run();
    ALLOCATIONS.get() - before
}

#[test]
fn recording_does_not_allocate_after_warm_up() {
    let recorder = Recorder::<Store>::new(Instant::now());
    let mut client = recorder.client_with_capacity(3000);
    let mut round = |calls: u64| {
        for value in 0..calls {
            client.invoke(RegistersOp::write(0, value)).ok(RegistersRet::Written);
            drop(client.invoke(RegistersOp::read(0)));
            client.invoke(RegistersOp::read(0)).fail();
        }
    };
    assert_eq!(allocations(|| round(1000)), 0);
    // Beyond what was asked for: a chunk (and its place in the list) for each 3,000 calls and more.
    assert!(allocations(|| round(4000)) <= 8);
    assert!(allocations(|| drop(vec![1])) == 1, "the counter counts");
}

#[test]
fn a_call_that_nobody_answers_is_of_unknown_outcome() {
    let recorder = Recorder::<Store>::new(|| 0);
    let mut client = recorder.client();
    assert_eq!(client.process(), 0);

    // A panic,
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        let _call = client.invoke(RegistersOp::write(0, 1));
        std::panic::resume_unwind(Box::new("a crash"));
    }));
    assert!(panicked.is_err());
    assert_eq!(client.process(), 1, "the process ended with its call");

    // a future that is cancelled,
    let mut future = Box::pin(async {
        let call = client.invoke(RegistersOp::write(0, 2));
        std::future::pending::<()>().await;
        call.ok(RegistersRet::Written);
    });
    let waker = std::task::Waker::noop();
    assert!(future.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_pending());
    drop(future);

    // a call that is leaked with its client, and one that is still in flight.
    let mut leaked = recorder.client();
    std::mem::forget(leaked.invoke(RegistersOp::write(0, 3)));
    std::mem::forget(leaked);
    let pending = client.invoke(RegistersOp::write(0, 4));

    let calls = recorder.finish();
    assert_eq!(calls.outcomes(), [0, 0, 4]);
    pending.ok(RegistersRet::Written);
    assert_eq!(calls.outcomes(), [0, 0, 4], "what was taken stays as it was");
    assert_eq!(recorder.finish().outcomes(), [1, 0, 3]);
}

use std::future::Future as _;

#[test]
fn intervals_of_threads_keep_real_time() {
    let recorder = Recorder::<Store>::default();
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let mut client = recorder.client();
            scope.spawn(move || {
                for value in 0..500 {
                    client.record(RegistersOp::write(thread, value), || RegistersRet::Written);
                }
            });
        }
    });
    let calls = recorder.finish();
    assert_eq!(calls.outcomes(), [2000, 0, 0]);
    let mut instants: Vec<i64> = calls.iter().flat_map(|call| [call.start, call.end]).collect();
    instants.sort_unstable();
    instants.dedup();
    assert_eq!(instants.len(), 4000, "no two events share an instant");
    assert!(calls.iter().all(|call| call.start < call.end && call.outcome == Outcome::Ok));
    assert!(calls.is_sorted_by_key(|call| call.start));
}

#[test]
fn clients_work_in_async_code_and_across_threads() {
    fn send<T: Send>(value: T) -> T {
        value
    }
    let recorder = Recorder::<Store>::default();
    let mut client = send(recorder.client());
    let call = send(client.invoke(RegistersOp::write(0, 1)));
    call.ok(RegistersRet::Written);
    let task = send(async move {
        let call = client.invoke(RegistersOp::read(0));
        std::future::ready(()).await;
        call.ok(RegistersRet::read(1));
    });
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut task = std::pin::pin!(task);
            let waker = std::task::Waker::noop();
            assert!(task.as_mut().poll(&mut std::task::Context::from_waker(waker)).is_ready());
        });
    });
    assert_eq!(recorder.finish().outcomes(), [2, 0, 0]);
}

#[test]
fn remarks_stand_in_the_history() {
    let recorder = Recorder::<Plain<u8, u8, ()>>::new(|| 0);
    let partition = recorder.during("partition n1|n2");
    recorder.annotate("crash n3", 0..);
    drop(partition);
    let calls = recorder.finish();
    let remarks: Vec<_> = calls.annotations().iter().map(|a| (a.text.as_str(), a.start, a.end)).collect();
    assert_eq!(remarks, [("crash n3", 0, None), ("partition n1|n2", 0, Some(1))]);
}
