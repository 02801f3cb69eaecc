//! A store whose clients keep a cache, as a machine that a test can step: so a program runs the same way again, and can be
//! shrunk.

use std::collections::BTreeMap;

/// Whether a client's cache is ever invalidated.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cache {
    /// Nothing is cached.
    None,
    /// Everything is, for ever: the bug.
    Forever,
}

/// The store and the caches of its clients.
#[derive(Clone, Debug)]
pub struct System {
    store: BTreeMap<u8, u8>,
    caches: Vec<BTreeMap<u8, u8>>,
    cache: Cache,
}

impl System {
    /// A system with so many clients.
    #[must_use]
    pub fn new(clients: usize, cache: Cache) -> Self {
        Self { store: BTreeMap::new(), caches: vec![BTreeMap::new(); clients], cache }
    }

    /// A client reads.
    pub fn read(&mut self, client: usize, key: u8) -> Option<u8> {
        if let Some(&cached) = self.caches[client].get(&key)
            && self.cache == Cache::Forever
        {
            return Some(cached);
        }
        let value = self.store.get(&key).copied();
        self.caches[client].extend(value.map(|value| (key, value)));
        value
    }

    /// A client writes.
    pub fn write(&mut self, client: usize, key: u8, value: u8) {
        self.store.insert(key, value);
        self.caches[client].insert(key, value);
    }
}
