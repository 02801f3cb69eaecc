//! A register with compare-and-set behind a lock, and one that looks and writes under two locks instead of one.
//!
//! `tests/schedules.rs` runs both under the schedules of shuttle, and judges each run.

use shuttle::sync::Mutex;

/// How a compare-and-set is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Swap {
    /// In one critical section.
    Atomic,
    /// Looks in one, writes in another: the bug.
    InTwoSteps,
}

/// A register that may be empty.
#[derive(Debug)]
pub struct Register {
    value: Mutex<Option<u64>>,
    swap: Swap,
}

impl Register {
    /// An empty one.
    #[must_use]
    pub fn new(swap: Swap) -> Self {
        Self { value: Mutex::new(None), swap }
    }

    /// What it holds.
    ///
    /// # Panics
    /// If another thread panicked.
    pub fn read(&self) -> Option<u64> {
        *self.value.lock().expect("no panics")
    }

    /// Writes `new` if it holds `old`.
    ///
    /// # Panics
    /// If another thread panicked.
    pub fn compare_and_set(&self, old: Option<u64>, new: u64) -> bool {
        let mut value = self.value.lock().expect("no panics");
        if *value != old {
            return false;
        }
        if self.swap == Swap::InTwoSteps {
            drop(value);
            value = self.value.lock().expect("no panics");
        }
        *value = Some(new);
        true
    }
}
