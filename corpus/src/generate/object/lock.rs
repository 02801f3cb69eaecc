//! Mutexes and semaphores: every client acquires, then releases, and never holds two.

use super::super::Generate;
use super::super::draft::{ABSENT, Row};
use super::super::plans::Event;
use super::super::random::Random;
use super::{Effect, Object};
use std::collections::VecDeque;
use tribunal_checker::history::{Function, Outcome};
use tribunal_checker::spec::SpecKind;

/// Permits of each lock; a mutex is a lock with one.
#[derive(Debug)]
pub(super) struct Locks {
    free: Vec<u32>,
    /// For each lock who waits for it: clients, and the rows of their acquires.
    waiting: Vec<VecDeque<(u32, u32)>>,
    /// For each client the lock that it has acquired, or is about to.
    holds: Vec<Option<u32>>,
    /// How many clients have.
    holders: usize,
}

impl Locks {
    pub(super) fn new(options: &Generate) -> Self {
        let permits = if options.spec == SpecKind::Mutex { 1 } else { options.permits };
        Self {
            free: vec![permits; options.keys],
            waiting: vec![VecDeque::new(); options.keys],
            holds: vec![None; options.processes],
            holders: 0,
        }
    }
}

impl Object for Locks {
    /// An acquire is called only if its release can be called too, so that all who wait come to hold. What is left over is
    /// an acquire that fails.
    fn choose(&mut self, client: u32, left: usize, random: &mut Random) -> Option<Row> {
        let hold = &mut self.holds[client as usize];
        if let Some(lock) = hold.take() {
            self.holders -= 1;
            return Some(Row::new(Function::Release, lock, ABSENT));
        }
        let spare = left - self.holders;
        if spare == 0 {
            return None;
        }
        let lock = u32::try_from(random.index(self.free.len())).expect("checked with the options");
        let acquire = Row::new(Function::Acquire, lock, ABSENT);
        if spare == 1 {
            return Some(Row { outcome: Outcome::Fail, ..acquire });
        }
        *hold = Some(lock);
        self.holders += 1;
        Some(acquire)
    }

    fn may_fail(&self, row: &Row) -> bool {
        row.function == Function::Acquire
    }

    /// A lock that nobody gives back would stop everybody: a release takes effect, an acquire does not.
    fn takes_effect(&self, row: &Row, _: &mut Random) -> bool {
        row.function == Function::Release
    }

    fn give_up(&mut self, client: u32, _: &Row) {
        self.holders -= usize::from(self.holds[client as usize].take().is_some());
    }

    fn apply(&mut self, row: &mut Row, event: Event) -> Effect {
        let lock = row.object as usize;
        if row.function == Function::Release {
            return match self.waiting[lock].pop_front() {
                Some((client, op)) => Effect::Wakes { client, op },
                None => {
                    self.free[lock] += 1;
                    Effect::Done
                }
            };
        }
        if self.free[lock] > 0 {
            self.free[lock] -= 1;
            return Effect::Done;
        }
        self.waiting[lock].push_back((event.client, event.op));
        Effect::Waits
    }
}
