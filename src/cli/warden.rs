//! Watches over the work: ends it when somebody asks (SIGINT, SIGTERM) or when the process holds too much memory.
//!
//! Work that can be ended takes a [`Watch`], whose flag the engine looks at. One thread polls the signal and the
//! resident memory, a few dozen times a second; on too much memory it ends whatever is running then, so that the verdict
//! is `unknown` and not a kill by the operating system. A second signal ends the process at once.

use super::memory;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::{Duration, Instant};
use tribunal_checker::limits::{Limits, Stop};

const POLL: Duration = Duration::from_millis(20);

/// How long new work waits for memory that ended work gives back.
const PATIENCE: Duration = Duration::from_millis(500);

/// The watcher of one run.
#[derive(Debug)]
pub(super) struct Warden {
    signal: Arc<AtomicBool>,
    /// Bytes that the process may hold.
    memory: u64,
    watches: Mutex<Vec<Weak<Watch>>>,
}

/// What a piece of work is ended by.
#[derive(Debug)]
pub(super) struct Watch {
    flag: Arc<AtomicBool>,
    /// The flag was raised for memory, not by a signal.
    over_memory: AtomicBool,
}

impl Watch {
    /// Why the work was ended, if it was.
    pub(super) fn stopped(&self) -> Option<Stop> {
        let stopped = self.flag.load(Ordering::SeqCst);
        let over_memory = self.over_memory.load(Ordering::SeqCst);
        stopped.then_some(if over_memory { Stop::Memory } else { Stop::Interrupted })
    }
}

impl Warden {
    /// Starts to watch; ends with the last reference. `memory` is what the process may hold.
    pub(super) fn start(memory: u64) -> Arc<Self> {
        let warden = Arc::new(Self { signal: signal(), memory, watches: Mutex::default() });
        let weak = Arc::downgrade(&warden);
        std::thread::spawn(move || {
            while let Some(warden) = weak.upgrade() {
                warden.poll();
                drop(warden);
                std::thread::sleep(POLL);
            }
        });
        warden
    }

    /// Whether a signal has come.
    pub(super) fn interrupted(&self) -> bool {
        self.signal.load(Ordering::SeqCst)
    }

    /// A watch over new work; it begins stopped after a signal.
    pub(super) fn watch(&self) -> Arc<Watch> {
        let flag = Arc::new(AtomicBool::new(self.interrupted()));
        let watch = Arc::new(Watch { flag, over_memory: AtomicBool::new(false) });
        let mut watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        watches.retain(|watch| watch.strong_count() > 0);
        watches.push(Arc::downgrade(&watch));
        watch
    }

    /// The limits of one check, which `watch` can end: its tables may take what the process does not hold yet.
    pub(super) fn limits(&self, timeout: Option<Duration>, watch: &Watch) -> Limits {
        Limits {
            timeout,
            memory: Some(self.room()),
            interrupt: Some(Arc::clone(&watch.flag)),
            ..Limits::default()
        }
    }

    /// The memory that is left; where there is none, waits a little for work that was ended.
    fn room(&self) -> u64 {
        let begin = Instant::now();
        loop {
            let room = self.memory.saturating_sub(memory::resident().unwrap_or(0));
            if room > 0 || begin.elapsed() > PATIENCE || self.interrupted() {
                return room;
            }
            std::thread::sleep(POLL);
        }
    }

    fn poll(&self) {
        let over_memory = memory::resident().is_some_and(|bytes| bytes > self.memory);
        if !over_memory && !self.interrupted() {
            return;
        }
        let watches = self.watches.lock().unwrap_or_else(PoisonError::into_inner);
        for watch in watches.iter().filter_map(Weak::upgrade) {
            if !watch.flag.load(Ordering::SeqCst) {
                watch.over_memory.store(over_memory, Ordering::SeqCst);
                watch.flag.store(true, Ordering::SeqCst);
            }
        }
    }
}

/// The flag that SIGINT and SIGTERM raise; while it is up they end the process.
fn signal() -> Arc<AtomicBool> {
    static FLAG: OnceLock<Arc<AtomicBool>> = OnceLock::new();
    let flag = FLAG.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            // Where a handler cannot be set, the signal ends the process: no verdict, but no false one.
            let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(&flag));
            let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
        }
        flag
    });
    Arc::clone(flag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(watch: &Watch) -> Option<Stop> {
        let begin = Instant::now();
        while watch.stopped().is_none() && begin.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(POLL);
        }
        watch.stopped()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn too_much_memory_ends_the_work() {
        let warden = Warden::start(1);
        let watch = warden.watch();
        assert_eq!(ended(&watch), Some(Stop::Memory));
        assert_eq!(warden.limits(None, &watch).memory, Some(0));
    }

    #[test]
    fn work_within_its_limits_goes_on() {
        let warden = Warden::start(u64::MAX);
        let watch = warden.watch();
        std::thread::sleep(3 * POLL);
        assert_eq!(watch.stopped(), None);
    }
}
