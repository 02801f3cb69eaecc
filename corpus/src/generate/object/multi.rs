//! Registers that transactions read and write together.

use super::super::Generate;
use super::super::draft::{ABSENT, Access, Draft, NIL, Row};
use super::super::plans::Event;
use super::super::random::Random;
use super::{Effect, Fresh, Object};
use tribunal_checker::history::{Function, Outcome};

/// How many accesses a transaction has at most.
const ACCESSES: usize = 4;

/// The registers.
#[derive(Debug)]
pub(super) struct MultiRegister {
    state: Vec<i64>,
    fresh: Fresh,
    reads: f64,
    accesses: Vec<Access>,
}

impl MultiRegister {
    pub(super) fn new(options: &Generate) -> Self {
        Self {
            state: vec![NIL; options.keys],
            fresh: Fresh::new(options.values),
            reads: options.reads,
            accesses: Vec::new(),
        }
    }
}

impl Object for MultiRegister {
    fn choose(&mut self, _: u32, _: usize, random: &mut Random) -> Option<Row> {
        let first = self.accesses.len();
        let count = 1 + random.index(ACCESSES);
        for _ in 0..count {
            let key = u32::try_from(random.index(self.state.len())).expect("checked with the options");
            self.accesses.push(if random.chance(self.reads) {
                Access { function: Function::Read, key, value: ABSENT }
            } else {
                Access { function: Function::Write, key, value: self.fresh.next(random) }
            });
        }
        let position = |at: usize| i64::try_from(at).expect("a position in a table");
        Some(Row { b: position(count), ..Row::new(Function::Txn, 0, position(first)) })
    }

    fn apply(&mut self, row: &mut Row, _: Event) -> Effect {
        let range = row.a..row.a + row.b;
        for at in range {
            let access = &mut self.accesses[usize::try_from(at).expect("a position in a table")];
            let state = &mut self.state[access.key as usize];
            match access.function {
                Function::Write => *state = access.value,
                // Nobody learns what a transaction of unknown outcome has read.
                _ if row.outcome == Outcome::Info => {}
                _ => access.value = *state,
            }
        }
        Effect::Done
    }

    fn hand_over(self: Box<Self>, draft: &mut Draft) {
        draft.accesses = self.accesses;
    }
}
