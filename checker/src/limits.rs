//! Limits: time, memory, interruption; a check that reaches one ends in `unknown`.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What a check may spend. The default is no limit.
#[derive(Clone, Default, Debug)]
pub struct Limits {
    /// Time for one history and model.
    pub timeout: Option<Duration>,
    /// Bytes that the tables of one check may take together (memo, states, steps). What the process holds besides, the
    /// history first of all, is the caller's to subtract.
    pub memory: Option<u64>,
    /// Set to true to end the check soon.
    pub interrupt: Option<Arc<AtomicBool>>,
    /// Threads for one check; `None` = rayon's current pool.
    pub threads: Option<usize>,
}

/// Which limit ended a check.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Stop {
    /// The time was up.
    Timeout,
    /// The tables had grown to the limit.
    Memory,
    /// Somebody asked.
    Interrupted,
    /// The number of steps that the caller gave was used up.
    Budget,
}

impl Stop {
    /// The `reason` of an `unknown` verdict.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Memory => "memory",
            Self::Interrupted => "interrupted",
            Self::Budget => "budget",
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.reason())
    }
}

/// What a check has spent: shared by its threads.
#[derive(Debug)]
pub struct Meter {
    deadline: Option<Instant>,
    memory: u64,
    spent: AtomicU64,
    interrupt: Option<Arc<AtomicBool>>,
    /// Set once another thread of the same check has its answer.
    done: AtomicBool,
}

impl Meter {
    /// Starts the clock.
    #[must_use]
    pub fn start(limits: &Limits) -> Self {
        Self {
            deadline: limits.timeout.and_then(|timeout| Instant::now().checked_add(timeout)),
            memory: limits.memory.unwrap_or(u64::MAX),
            spent: AtomicU64::new(0),
            interrupt: limits.interrupt.clone(),
            done: AtomicBool::new(false),
        }
    }

    /// A meter that never stops anything.
    #[must_use]
    pub fn unlimited() -> Self {
        Self::start(&Limits::default())
    }

    /// Looks at the clock and at the interruption. Costs a few dozen nanoseconds: call it between steps of user code,
    /// and every few hundred steps of the engine's own.
    ///
    /// # Errors
    /// The limit that is reached.
    pub fn check(&self) -> Result<(), Stop> {
        if self.done.load(Ordering::Relaxed)
            || self.interrupt.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed))
        {
            return Err(Stop::Interrupted);
        }
        if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(Stop::Timeout);
        }
        Ok(())
    }

    /// The time that is left; `None` = no limit.
    #[must_use]
    pub fn left(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }

    /// Takes `bytes` more for tables.
    ///
    /// # Errors
    /// If that is over the limit; the bytes stay taken.
    pub fn charge(&self, bytes: usize) -> Result<(), Stop> {
        let before = self.spent.fetch_add(bytes as u64, Ordering::Relaxed);
        if before + bytes as u64 > self.memory { Err(Stop::Memory) } else { Ok(()) }
    }

    /// Gives bytes back.
    pub fn refund(&self, bytes: usize) {
        self.spent.fetch_sub(bytes as u64, Ordering::Relaxed);
    }

    /// The bytes taken now.
    #[must_use]
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Tells the other threads of this check to stop: the answer is known.
    pub fn finish(&self) {
        self.done.store(true, Ordering::Relaxed);
    }
}
