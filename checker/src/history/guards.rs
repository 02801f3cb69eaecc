//! Which lock guards which key.

use super::{Datum, History, KeyId, LockId};

impl History {
    /// The lock that guards a key: the one that the header names, else the one named `L` and the key's name, which is
    /// the textbook's convention (`Lx` guards x); `None` if the history has no lock of that name.
    #[must_use]
    pub fn guard_or_default(&self, key: KeyId) -> Option<LockId> {
        self.guard(key).or_else(|| {
            let name = format!("L{}", self.values().plain(self.key_name(key)));
            self.find_lock(self.values().find(&Datum::text(&name))?)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::history::{KeyId, LockId};
    use crate::testing::history;

    #[test]
    fn a_key_is_guarded_by_its_guard() {
        let history =
            history("guard y=M\nP: Acq(Lx) Acq(Ly) Acq(M) W(x)1 W(y)1 W(z)1 W(longname)1 Acq(Llongname)");
        let guards: Vec<_> = (0..4).map(|key| history.guard_or_default(KeyId(key))).collect();
        let lock = |name: &str| {
            (0..4).map(LockId).find(|&lock| history.values().plain(history.lock_name(lock)) == name)
        };
        assert_eq!(guards, [lock("M"), lock("Lx"), None, lock("Llongname")]);
    }
}
