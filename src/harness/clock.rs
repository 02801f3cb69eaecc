//! Time, and how it is made strict.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// Where a recorder gets its times from. A function `Fn() -> i64` is one, and so is an [`Instant`]: nanoseconds since it.
///
/// # Examples
/// Simulated time, and no time at all (then only the order counts):
/// ```
/// use tribunal::Clock;
/// use std::time::Duration;
///
/// # fn sim_elapsed() -> Option<Duration> { None }
/// let simulated = || sim_elapsed().map_or(0, |time| time.as_nanos() as i64);
/// let logical = || 0;
/// assert_eq!((simulated.now(), logical.now()), (0, 0));
/// ```
pub trait Clock: Send + Sync {
    /// The time now, in nanoseconds from any moment on, or in any other unit. It may stand still, and even go back: the
    /// recorder makes a strict order of it.
    fn now(&self) -> i64;
}

impl Clock for Instant {
    fn now(&self) -> i64 {
        i64::try_from(self.elapsed().as_nanos()).unwrap_or(i64::MAX)
    }
}

impl<F: Fn() -> i64 + Send + Sync> Clock for F {
    fn now(&self) -> i64 {
        self()
    }
}

/// The latest time that a history can hold, with room for the sequence behind it.
const LATEST: i64 = i64::MAX / 2;

/// Gives every event a time of its own: the clock's, or the one after the last where the clock has not moved on.
///
/// The order of the times is the order of one atomic variable's changes. What happened before another event (was
/// returned before the other was invoked) changed it earlier, whatever thread either ran on; so the recorded
/// intervals contain the real ones and lose no real-time order.
pub(super) struct Strict {
    clock: Box<dyn Clock>,
    last: AtomicI64,
}

impl Strict {
    pub(super) fn new(clock: impl Clock + 'static) -> Self {
        Self { clock: Box::new(clock), last: AtomicI64::new(-1) }
    }

    pub(super) fn next(&self) -> i64 {
        let now = self.clock.now().min(LATEST);
        let after = |last: i64| now.max(last + 1);
        let update = self.last.fetch_update(Ordering::AcqRel, Ordering::Acquire, |last| Some(after(last)));
        after(update.unwrap_or_else(|last| last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn times_are_strict_whatever_the_clock_does() {
        let jumping = AtomicI64::new(0);
        let clock =
            Strict::new(move || [5, 5, 3, i64::MAX, -9][jumping.fetch_add(1, Ordering::Relaxed) as usize]);
        let times: Vec<i64> = (0..5).map(|_| clock.next()).collect();
        assert_eq!(times, [5, 6, 7, LATEST, LATEST + 1]);
        assert_eq!(Strict::new(|| i64::MIN).next(), 0, "files hold no times before 0");
    }

    #[test]
    fn threads_share_no_time() {
        let clock = Arc::new(Strict::new(|| 0));
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let clock = Arc::clone(&clock);
                std::thread::spawn(move || (0..1000).map(|_| clock.next()).collect::<Vec<_>>())
            })
            .collect();
        let mut all: Vec<i64> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..4000).collect::<Vec<i64>>());
    }
}
