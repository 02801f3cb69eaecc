//! Registers.

use super::super::Generate;
use super::super::draft::{NIL, Row};
use super::super::plans::Event;
use super::super::random::Random;
use super::{Effect, Fresh, Object};
use tribunal_checker::history::{Function, Outcome};

/// How often a `cas` expects what the register holds when it is called.
const HOPEFUL: f64 = 0.7;

/// One register a key.
#[derive(Debug)]
pub(super) struct Registers {
    state: Vec<i64>,
    fresh: Fresh,
    reads: f64,
    cas: f64,
    mismatches: bool,
}

impl Registers {
    pub(super) fn new(options: &Generate) -> Self {
        Self {
            state: vec![NIL; options.keys],
            fresh: Fresh::new(options.values),
            reads: options.reads,
            cas: options.cas,
            mismatches: options.mismatches,
        }
    }
}

impl Object for Registers {
    fn choose(&mut self, _: u32, _: usize, random: &mut Random) -> Option<Row> {
        let key = random.index(self.state.len());
        let object = u32::try_from(key).expect("checked with the options");
        if random.chance(self.reads) {
            return Some(Row::new(Function::Read, object, super::super::draft::ABSENT));
        }
        if !random.chance(self.cas) {
            return Some(Row::new(Function::Write, object, self.fresh.next(random)));
        }
        let hopeful = random.chance(HOPEFUL);
        let old = if hopeful { self.state[key] } else { self.fresh.earlier(random) };
        Some(Row { b: self.fresh.next(random), ..Row::new(Function::Cas, object, old) })
    }

    fn apply(&mut self, row: &mut Row, _: Event) -> Effect {
        let state = &mut self.state[row.object as usize];
        match row.function {
            Function::Read => row.a = *state,
            Function::Write => *state = row.a,
            _ if *state == row.a => *state = row.b,
            _ if self.mismatches => row.answer = Some(false),
            _ => row.outcome = Outcome::Fail,
        }
        Effect::Done
    }
}
