//! Operations as reads and writes of registers.

use super::Case;
use crate::history::{Function, History, KeyId, OpId, Outcome, Value};

/// The key and value that a read, or a `cas` that did not answer "mismatch", reads; `None` where it is not known.
pub(super) fn read_of(history: &History, op: OpId) -> Option<(KeyId, Value)> {
    let reads = match history.function(op) {
        Function::Read => true,
        Function::Cas => !mismatched(history, op),
        _ => false,
    };
    let micro = reads.then(|| history.micro(op))?;
    micro.key().filter(|_| micro.value.is_known()).map(|key| (key, micro.value))
}

/// The key and value that a write, or a `cas` that did not answer "mismatch", writes.
pub(super) fn write_of(history: &History, op: OpId) -> Option<(KeyId, Value)> {
    let micro = match history.function(op) {
        Function::Write => history.micro(op),
        Function::Cas if !mismatched(history, op) => history.micros(op).nth(1)?,
        _ => return None,
    };
    micro.key().map(|key| (key, micro.value))
}

/// A `cas` that took effect and changed nothing.
pub(super) fn mismatched(history: &History, op: OpId) -> bool {
    history.function(op) == Function::Cas
        && history.outcome(op) == Outcome::Ok
        && history.answer(op) == Some(false)
}

impl Case<'_> {
    /// Everything that may have written to the key. O(n).
    pub(super) fn writes_to(&self, key: KeyId) -> impl Iterator<Item = OpId> {
        self.history.ops().filter(move |&op| {
            self.history.outcome(op) != Outcome::Fail
                && write_of(self.history, op).is_some_and(|(other, _)| other == key)
        })
    }

    /// Everything that may have written the value to the key. O(n).
    pub(super) fn writers(&self, key: KeyId, value: Value) -> impl Iterator<Item = OpId> {
        self.history.ops().filter(move |&op| {
            self.history.outcome(op) != Outcome::Fail && write_of(self.history, op) == Some((key, value))
        })
    }
}
