//! Where a client's calls are kept while the test runs: written by the client alone, readable by anybody at any time.
//!
//! Problem: recording must not change the test, so no lock and no allocation on the way; and nothing may be lost when a
//! client is killed, leaked, or still running when the history is taken. Solution: chunks of slots that are each written
//! once (two `OnceLock`s, the call and its answer), in order; a chunk twice as large follows a full one. Reading walks
//! over the slots up to the first that is not written. Nothing is ever moved.

use crate::{Outcome, SequentialSpec};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The sizes of a client's first chunk, and of its largest.
const FIRST: usize = 16;
const LARGEST: usize = 4096;

/// A call as it was invoked.
pub(super) struct Invoked<S: SequentialSpec> {
    pub(super) process: u64,
    pub(super) op: S::Op,
    pub(super) start: i64,
}

/// What became of it.
pub(super) struct Answered<S: SequentialSpec> {
    pub(super) outcome: Outcome,
    pub(super) ret: Option<S::Ret>,
    pub(super) end: i64,
}

/// A call and its answer.
pub(super) struct Slot<S: SequentialSpec> {
    pub(super) invoked: OnceLock<Invoked<S>>,
    pub(super) answered: OnceLock<Answered<S>>,
}

type Chunk<S> = Arc<[Slot<S>]>;

/// The calls of one client.
pub(super) struct Lane<S: SequentialSpec> {
    /// Locked when a chunk is full, and by readers.
    chunks: Mutex<Vec<Chunk<S>>>,
}

impl<S: SequentialSpec> Lane<S> {
    /// The chunk number `index`, if there is one yet.
    pub(super) fn chunk(&self, index: usize) -> Option<Chunk<S>> {
        self.chunks.lock().unwrap_or_else(PoisonError::into_inner).get(index).cloned()
    }
}

/// The client's end of a lane.
pub(super) struct Writer<S: SequentialSpec> {
    pub(super) lane: Arc<Lane<S>>,
    chunk: Chunk<S>,
    used: usize,
}

fn slots<S: SequentialSpec>(length: usize) -> Chunk<S> {
    (0..length).map(|_| Slot { invoked: OnceLock::new(), answered: OnceLock::new() }).collect()
}

impl<S: SequentialSpec> Writer<S> {
    /// A lane with room for so many calls before it allocates.
    pub(super) fn new(capacity: usize) -> Self {
        let chunk = slots(capacity.max(FIRST));
        let lane = Arc::new(Lane { chunks: Mutex::new(vec![Arc::clone(&chunk)]) });
        Self { lane, chunk, used: 0 }
    }

    /// Writes a call down.
    pub(super) fn invoke(&mut self, call: Invoked<S>) {
        if self.used == self.chunk.len() {
            self.chunk = slots((2 * self.used).min(LARGEST.max(self.used)));
            let mut chunks = self.lane.chunks.lock().unwrap_or_else(PoisonError::into_inner);
            chunks.push(Arc::clone(&self.chunk));
            self.used = 0;
        }
        _ = self.chunk[self.used].invoked.set(call);
        self.used += 1;
    }

    /// The call that was written down last.
    pub(super) fn last(&self) -> &Slot<S> {
        &self.chunk[self.used - 1]
    }
}
