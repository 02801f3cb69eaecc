//! What the operations on registers write and read, as numbers: for orders that follow from it and for pruning.

use super::super::problem::{NONE, number};
use super::problem::Item;
use crate::history::{Function, History, KeyId, OpId, Outcome, Value};
use crate::spec::{RecordedSpec, SpecKind};
use rustc_hash::FxHashMap;

/// The values of a component's registers. A *cell* is a key with one of its values.
#[derive(Debug, Default)]
pub(crate) struct Values {
    cells: FxHashMap<(KeyId, Value), u32>,
    /// For each cell: its key.
    pub key_of: Vec<u32>,
    /// For each cell: the operations that write it, `info` ones included.
    writer_ops: Vec<Vec<OpId>>,
    /// For each cell whether it is what its key starts with.
    pub initial: Vec<bool>,
    /// For each key: the cell it starts with, or [`NONE`] if the component does not use the key.
    starts: Vec<u32>,
    /// `info` operations that must have happened.
    happened: rustc_hash::FxHashSet<OpId>,
    /// For each key whether a mismatched cas tells something about it.
    pub odd: Vec<bool>,
    /// For each item: the cell it reads and the one it writes, or [`NONE`].
    pub reads: Vec<u32>,
    pub writes: Vec<u32>,
    /// For each cell: the items that write it.
    pub writers: Vec<Vec<u32>>,
}

impl Values {
    /// The values of the operations; `None` for other types than registers.
    pub(crate) fn new<S: RecordedSpec>(history: &History, ops: &[OpId]) -> Option<Self> {
        if S::KIND != SpecKind::Register {
            return None;
        }
        let keys = history.key_count();
        let mut values = Self { odd: vec![false; keys], starts: vec![NONE; keys], ..Self::default() };
        for &op in ops {
            let Some(key) = history.micros(op).next().and_then(crate::history::MicroOp::key) else {
                continue;
            };
            if values.starts[key.index()] == NONE {
                let cell = values.cell(key, history.initial(key));
                values.initial[cell as usize] = true;
                values.starts[key.index()] = cell;
            }
            let (read, write) = read_and_write(history, op);
            if history.function(op) == Function::Cas && read.is_none() {
                values.odd[key.index()] = true;
            }
            read.map(|value| values.cell(key, value));
            if let Some(value) = write {
                let cell = values.cell(key, value);
                values.writer_ops[cell as usize].push(op);
            }
        }
        values.find_happened(history, ops);
        Some(values)
    }

    /// Whether an `info` operation must have happened: it alone writes something that was read.
    pub(crate) fn must_happen(&self, op: OpId) -> bool {
        self.happened.contains(&op)
    }

    /// Fills the columns by item.
    pub(crate) fn attach(&mut self, items: &[Item], history: &History) {
        self.writers = vec![Vec::new(); self.key_of.len()];
        for (index, item) in items.iter().enumerate() {
            let key = history.micro(item.op).key().unwrap_or(KeyId(0));
            let (read, write) = read_and_write(history, item.op);
            let cell = |value: Option<Value>| value.map_or(NONE, |value| self.cells[&(key, value)]);
            let (read, write) = (cell(read), cell(write));
            self.reads.push(read);
            self.writes.push(write);
            if write != NONE {
                self.writers[write as usize].push(number(index));
            }
        }
    }

    /// The cell that a key starts with, if the component uses the key.
    pub(crate) fn start_of(&self, key: u32) -> Option<u32> {
        Some(self.starts[key as usize]).filter(|&cell| cell != NONE)
    }

    /// What wrote the cell, where only one thing can have: an item, or [`NONE`] for the start; else nothing is known.
    pub(crate) fn source(&self, cell: u32) -> Option<u32> {
        match (&self.writers[cell as usize][..], self.initial[cell as usize]) {
            ([], true) => Some(NONE),
            ([writer], false) => Some(*writer),
            _ => None,
        }
    }

    fn cell(&mut self, key: KeyId, value: Value) -> u32 {
        let next = number(self.key_of.len());
        let cell = *self.cells.entry((key, value)).or_insert(next);
        if cell == next {
            self.key_of.push(key.0);
            self.writer_ops.push(Vec::new());
            self.initial.push(false);
        }
        cell
    }

    fn find_happened(&mut self, history: &History, ops: &[OpId]) {
        let mut todo: Vec<OpId> =
            ops.iter().copied().filter(|&op| history.outcome(op) == Outcome::Ok).collect();
        while let Some(op) = todo.pop() {
            let (Some(read), _) = read_and_write(history, op) else { continue };
            let Some(key) = history.micro(op).key() else { continue };
            let cell = self.cells[&(key, read)] as usize;
            if let ([writer], false) = (&self.writer_ops[cell][..], self.initial[cell])
                && history.outcome(*writer) == Outcome::Info
                && self.happened.insert(*writer)
            {
                todo.push(*writer);
            }
        }
    }
}

/// What an operation reads and writes if it succeeds; a mismatched cas does neither.
fn read_and_write(history: &History, op: OpId) -> (Option<Value>, Option<Value>) {
    let mut values = history.micros(op).map(|micro| micro.value);
    let first = values.next().filter(|value| value.is_known());
    match history.function(op) {
        Function::Read => (first, None),
        Function::Write => (None, first),
        Function::Cas if history.answer(op) == Some(false) && history.outcome(op) == Outcome::Ok => {
            (None, None)
        }
        Function::Cas => (first, values.next()),
        _ => (None, None),
    }
}
