//! Counters, incremented by one.

use super::super::Generate;
use super::super::draft::{ABSENT, Row};
use super::super::plans::Event;
use super::super::random::Random;
use super::{Effect, Object};
use tribunal_checker::history::Function;

/// One counter a key.
#[derive(Debug)]
pub(super) struct Counters {
    state: Vec<i64>,
    reads: f64,
}

impl Counters {
    pub(super) fn new(options: &Generate) -> Self {
        Self { state: vec![0; options.keys], reads: options.reads }
    }
}

impl Object for Counters {
    fn choose(&mut self, _: u32, _: usize, random: &mut Random) -> Option<Row> {
        let object = u32::try_from(random.index(self.state.len())).expect("checked with the options");
        Some(if random.chance(self.reads) {
            Row::new(Function::Read, object, ABSENT)
        } else {
            Row::new(Function::Inc, object, 1)
        })
    }

    fn apply(&mut self, row: &mut Row, _: Event) -> Effect {
        let state = &mut self.state[row.object as usize];
        match row.function {
            Function::Read => row.a = *state,
            _ => *state += row.a,
        }
        Effect::Done
    }
}
