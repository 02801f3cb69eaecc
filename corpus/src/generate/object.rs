//! The objects that clients work on: what they do next, and what it does.

mod container;
mod counter;
mod list;
mod lock;
mod multi;
mod register;
mod replicas;
mod set;

pub(super) use replicas::Replicas;

use super::draft::{Draft, Row};
use super::plans::Event;
use super::random::Random;
use super::{Generate, Values};
use tribunal_checker::spec::SpecKind;

/// All objects of a history.
pub(super) trait Object {
    /// What a client does next, if anything; `left` operations are still to be called.
    fn choose(&mut self, client: u32, left: usize, random: &mut Random) -> Option<Row>;

    /// Runs an operation and writes its results down.
    fn apply(&mut self, row: &mut Row, event: Event) -> Effect;

    /// Whether an operation may fail.
    fn may_fail(&self, _: &Row) -> bool {
        true
    }

    /// Whether an operation whose outcome stays unknown takes effect.
    fn takes_effect(&self, _: &Row, random: &mut Random) -> bool {
        random.chance(0.5)
    }

    /// A client's operation fails, or it will never learn what became of it: it goes on without.
    fn give_up(&mut self, _: u32, _: &Row) {}

    /// Gives the recording what does not fit into rows.
    fn hand_over(self: Box<Self>, _: &mut Draft) {}
}

/// What an operation did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Effect {
    /// It has happened.
    Done,
    /// It will happen when another one makes it possible.
    Waits,
    /// It has happened, and so has this one, which waited.
    Wakes {
        /// Whose operation.
        client: u32,
        /// Its row.
        op: u32,
    },
}

/// The objects of a data type.
pub(super) fn of(options: &Generate) -> Box<dyn Object> {
    if !options.model.is_one_view() {
        return Box::new(Replicas::new(options));
    }
    match options.spec {
        SpecKind::Counter => Box::new(counter::Counters::new(options)),
        SpecKind::AppendList => Box::new(list::Lists::new(options)),
        SpecKind::Set => Box::new(set::Sets::new(options)),
        SpecKind::Queue => Box::new(container::Containers::queues(options)),
        SpecKind::Stack => Box::new(container::Containers::stacks(options)),
        SpecKind::PriorityQueue => Box::new(container::Containers::priority_queues(options)),
        SpecKind::Mutex | SpecKind::Semaphore => Box::new(lock::Locks::new(options)),
        SpecKind::MultiRegister => Box::new(multi::MultiRegister::new(options)),
        _ => Box::new(register::Registers::new(options)),
    }
}

/// Gives out values.
#[derive(Clone, Debug)]
pub(super) struct Fresh {
    values: Values,
    /// How many were given out.
    given: i64,
}

impl Fresh {
    pub(super) fn new(values: Values) -> Self {
        Self { values, given: 0 }
    }

    /// The next value.
    pub(super) fn next(&mut self, random: &mut Random) -> i64 {
        self.given += 1;
        match self.values {
            Values::Unique => self.given,
            Values::Few(few) => few_of(few, random),
        }
    }

    /// Some value that may have been given out; 1 if none was.
    pub(super) fn earlier(&self, random: &mut Random) -> i64 {
        match self.values {
            Values::Unique => few_of(u32::try_from(self.given).unwrap_or(u32::MAX).max(1), random),
            Values::Few(few) => few_of(few, random),
        }
    }
}

fn few_of(few: u32, random: &mut Random) -> i64 {
    1 + random.index(few as usize) as i64
}
