//! Sets: elements added, removed, looked for.

use super::super::draft::Row;
use super::super::plans::Event;
use super::super::random::Random;
use super::super::{Generate, Values};
use super::{Effect, Object};
use tribunal_checker::history::Function;

/// One set a key.
#[derive(Debug)]
pub(super) struct Sets {
    /// For each set, by element, whether it is in.
    state: Vec<Vec<bool>>,
    few: Option<u32>,
    /// With unique values: how many elements of late are removed and looked for.
    recent: usize,
    reads: f64,
}

impl Sets {
    pub(super) fn new(options: &Generate) -> Self {
        let few = if let Values::Few(few) = options.values { Some(few) } else { None };
        // Nobody ever adds element 0.
        let state = vec![vec![false; 1 + few.unwrap_or(0) as usize]; options.keys];
        Self { state, few, recent: 4 * options.processes + 8, reads: options.reads }
    }
}

impl Object for Sets {
    fn choose(&mut self, _: u32, _: usize, random: &mut Random) -> Option<Row> {
        let key = random.index(self.state.len());
        let object = u32::try_from(key).expect("checked with the options");
        let state = &mut self.state[key];
        let function = if random.chance(self.reads) {
            Function::Contains
        } else if random.chance(0.5) {
            Function::Add
        } else {
            Function::Remove
        };
        let element = match (self.few, function) {
            (Some(few), _) => 1 + random.index(few as usize),
            (None, Function::Add) => {
                state.push(false);
                state.len() - 1
            }
            (None, _) => state.len() - 1 - random.index(state.len().min(self.recent)),
        };
        Some(Row::new(function, object, i64::try_from(element).expect("fewer elements than operations")))
    }

    fn apply(&mut self, row: &mut Row, _: Event) -> Effect {
        let element = usize::try_from(row.a).expect("an element that was chosen");
        let state = &mut self.state[row.object as usize][element];
        row.answer = Some(*state != (row.function == Function::Add));
        match row.function {
            Function::Add => *state = true,
            Function::Remove => *state = false,
            _ => {}
        }
        Effect::Done
    }
}
