//! Which lock guards which key.

use crate::history::{Datum, History, KeyId, LockId};

/// The guard of every key: the header's, else the lock that the textbooks would call `Lx` for key `x`; `None` where the
/// history has no such lock.
pub(crate) fn guards(history: &History) -> Vec<Option<LockId>> {
    (0..history.key_count()).map(|key| guard(history, KeyId::from_index(key))).collect()
}

fn guard(history: &History, key: KeyId) -> Option<LockId> {
    history.guard(key).or_else(|| {
        let name = Datum::text(&format!("L{}", history.values().plain(history.key_name(key))));
        history.find_lock(history.values().find(&name)?)
    })
}
