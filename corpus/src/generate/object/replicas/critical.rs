//! Locks and syncs around what clients read and write.

use super::super::super::Generate;
use super::super::super::draft::{ABSENT, Row};
use super::super::super::plans::Event;
use super::super::super::random::Random;
use super::super::Effect;
use super::store::Store;
use std::collections::VecDeque;
use tribunal_checker::history::Function;
use tribunal_checker::model::Model;

/// The share of operations outside that begin a critical section, or are a sync.
const SYNCS: f64 = 0.1;

/// How many reads and writes a critical section has at most.
const LENGTH: usize = 8;

/// Who is where, and what the locks know.
#[derive(Debug)]
pub(super) struct Critical {
    model: Model,
    locks: Vec<Lock>,
    /// By client: the lock whose critical section it is in or waits to enter, and how much is left to do there.
    inside: Vec<Option<(u32, usize)>>,
    holders: usize,
}

#[derive(Clone, Default, Debug)]
struct Lock {
    held: bool,
    waiting: VecDeque<(u32, u32)>,
    /// What the last one to give it back had heard of: channel, how much.
    heard: Vec<(usize, u32)>,
}

impl Critical {
    pub(super) fn new(options: &Generate) -> Self {
        let locks = if options.model == Model::Weak { 1 } else { options.keys };
        Self {
            model: options.model,
            locks: vec![Lock::default(); locks],
            inside: vec![None; options.processes],
            holders: 0,
        }
    }

    /// The client's next synchronisation; `None` inside if it reads or writes, outside if it can do nothing any more. A
    /// critical section begins only if there is room for its end.
    #[expect(
        clippy::option_option,
        reason = "whether it does anything, and whether that is a synchronisation"
    )]
    pub(super) fn choose(&mut self, client: u32, left: usize, random: &mut Random) -> Option<Option<Row>> {
        let spare = left - self.holders;
        let inside = &mut self.inside[client as usize];
        if let Some((lock, more)) = inside {
            if *more > 0 && spare > 0 {
                *more -= 1;
                return Some(None);
            }
            let release = Row::new(Function::Release, *lock, ABSENT);
            *inside = None;
            self.holders -= 1;
            return Some(Some(release));
        }
        if spare == 0 {
            return None;
        }
        if !random.chance(SYNCS) {
            return Some(None);
        }
        if self.model == Model::Weak {
            return Some(Some(Row::new(Function::Sync, 0, ABSENT)));
        }
        if spare == 1 {
            return Some(None);
        }
        let lock = u32::try_from(random.index(self.locks.len())).expect("checked with the options");
        *inside = Some((lock, random.index(LENGTH + 1)));
        self.holders += 1;
        Some(Some(Row::new(Function::Acquire, lock, ABSENT)))
    }

    /// The key that a critical section is about.
    pub(super) fn favourite(&self, client: u32) -> Option<u32> {
        self.inside[client as usize].map(|(lock, _)| lock)
    }

    pub(super) fn apply(&mut self, row: &Row, event: Event, store: &mut Store) -> Effect {
        let client = event.client as usize;
        let key = (self.model == Model::Entry).then_some(row.object);
        let lock = &mut self.locks[row.object as usize];
        match row.function {
            Function::Acquire if lock.held => {
                lock.waiting.push_back((event.client, event.op));
                Effect::Waits
            }
            Function::Acquire => {
                lock.held = true;
                hear(lock, client, store);
                Effect::Done
            }
            Function::Sync => {
                hear(lock, client, store);
                lock.heard = store.heard(client, key);
                Effect::Done
            }
            _ => {
                lock.heard = store.heard(client, key);
                let Some((next, op)) = lock.waiting.pop_front() else {
                    lock.held = false;
                    return Effect::Done;
                };
                hear(lock, next as usize, store);
                Effect::Wakes { client: next, op }
            }
        }
    }
}

/// What a lock knows arrives at whoever takes it.
fn hear(lock: &Lock, client: usize, store: &mut Store) {
    for &(channel, count) in &lock.heard {
        store.deliver(client, channel, count);
    }
}
