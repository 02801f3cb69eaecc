//! What may be left out of a violated history soundly, and what must then go with it.
//!
//! Registers: a read, if nothing else; a write together with all that read its value (a cas reads and writes, so that
//! its readers go too), since what is left must find in the history all that it could have read; a mismatched cas with
//! any write to its key. Sets, where nobody reads a whole set: all operations on an element. Other types: what changes
//! nothing. Everywhere: whole objects.

use crate::history::{Function, History, KeyId, MicroOp, OpId, Outcome, Value};
use crate::spec::SpecKind;
use rustc_hash::{FxHashMap, FxHashSet};

/// The rules for a history of one data type.
pub(crate) struct Removal<'a> {
    history: &'a History,
    kind: SpecKind,
}

type Cell = (KeyId, Value);

impl<'a> Removal<'a> {
    /// The rules.
    pub(crate) fn new(history: &'a History, kind: SpecKind) -> Self {
        Self { history, kind }
    }

    /// What is left of `operations` when `gone` are left out with all that must go too; `None` if they cannot be, or
    /// nothing would be left.
    pub(crate) fn without(&self, operations: &[OpId], gone: &[OpId]) -> Option<Vec<OpId>> {
        let mut gone: FxHashSet<OpId> = gone.iter().copied().collect();
        match self.kind {
            SpecKind::Register => self.readers_go_too(operations, &mut gone),
            SpecKind::Set if self.has_elements_only(operations) => {
                let elements: FxHashSet<Cell> = gone.iter().map(|&op| self.element(op)).collect();
                gone.extend(operations.iter().filter(|&&op| elements.contains(&self.element(op))));
            }
            _ => gone.retain(|&op| self.observes(op)),
        }
        let left: Vec<OpId> = operations.iter().copied().filter(|op| !gone.contains(op)).collect();
        (!left.is_empty() && left.len() < operations.len()).then_some(left)
    }

    /// The least part of `operations` that holds `seeds` and all that they could have read; `None` where only beginnings
    /// are sound.
    pub(crate) fn closed(&self, operations: &[OpId], seeds: impl Iterator<Item = OpId>) -> Option<Vec<OpId>> {
        if self.kind != SpecKind::Register {
            return None;
        }
        let mut writers: FxHashMap<Cell, Vec<OpId>> = FxHashMap::default();
        for &op in operations {
            if let Some(cell) = self.write(op) {
                writers.entry(cell).or_default().push(op);
            }
        }
        let mut members: FxHashSet<OpId> = FxHashSet::default();
        let mut todo: Vec<OpId> = seeds.collect();
        while let Some(op) = todo.pop() {
            if !members.insert(op) {
                continue;
            }
            if self.mismatched(op) {
                return None;
            }
            todo.extend(self.read(op).and_then(|cell| writers.get(&cell)).into_iter().flatten());
        }
        Some(operations.iter().copied().filter(|op| members.contains(op)).collect())
    }

    fn readers_go_too(&self, operations: &[OpId], gone: &mut FxHashSet<OpId>) {
        let mut readers: FxHashMap<Cell, Vec<OpId>> = FxHashMap::default();
        let mut mismatched: FxHashMap<KeyId, Vec<OpId>> = FxHashMap::default();
        for &op in operations {
            if let Some(cell) = self.read(op) {
                readers.entry(cell).or_default().push(op);
            }
            if self.mismatched(op)
                && let Some(key) = self.history.micro(op).key()
            {
                mismatched.entry(key).or_default().push(op);
            }
        }
        let mut todo: Vec<OpId> = gone.iter().copied().collect();
        while let Some(op) = todo.pop() {
            let Some(cell) = self.write(op) else { continue };
            let of_cell = readers.get(&cell).into_iter().flatten();
            for &other in of_cell.chain(mismatched.get(&cell.0).into_iter().flatten()) {
                if gone.insert(other) {
                    todo.push(other);
                }
            }
        }
    }

    fn read(&self, op: OpId) -> Option<Cell> {
        let micro = self.history.micro(op);
        let reads =
            matches!(self.history.function(op), Function::Read | Function::Cas) && !self.mismatched(op);
        Some((micro.key()?, micro.value)).filter(|cell| reads && cell.1.is_known())
    }

    fn write(&self, op: OpId) -> Option<Cell> {
        let micro = self.history.micros(op).find(|micro| micro.function == Function::Write)?;
        (!self.mismatched(op)).then_some((micro.key()?, micro.value))
    }

    fn mismatched(&self, op: OpId) -> bool {
        let history = self.history;
        history.function(op) == Function::Cas
            && history.answer(op) == Some(false)
            && history.outcome(op) == Outcome::Ok
    }

    /// True for operations that never change anything.
    fn observes(&self, op: OpId) -> bool {
        let history = self.history;
        match history.function(op) {
            Function::Read | Function::Contains => true,
            Function::Add | Function::Remove => {
                history.answer(op) == Some(false) && history.outcome(op) == Outcome::Ok
            }
            Function::Txn => history.micros(op).all(|micro| micro.function == Function::Read),
            _ => false,
        }
    }

    fn has_elements_only(&self, operations: &[OpId]) -> bool {
        operations.iter().all(|&op| self.history.function(op) != Function::Read)
    }

    fn element(&self, op: OpId) -> Cell {
        let micro: MicroOp = self.history.micro(op);
        (micro.key().unwrap_or(KeyId(0)), micro.value)
    }
}
