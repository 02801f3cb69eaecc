//! The synchronisation primitives of shared tables: the one place where an exploration of interleavings swaps them.
//!
//! With `--cfg tribunal_shuttle` they come from a scheduler that explores interleavings; otherwise from the standard
//! library. A poisoned lock is taken over: a panicking thread ends the check anyway.

/// A mutual-exclusion lock.
#[derive(Default, Debug)]
pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

impl<T> Mutex<T> {
    /// An unlocked value.
    pub(crate) fn new(value: T) -> Self {
        Self(std::sync::Mutex::new(value))
    }

    /// Locks the value.
    pub(crate) fn lock(&self) -> std::sync::MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
