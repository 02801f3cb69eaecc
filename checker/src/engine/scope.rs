//! What is judged: a history or a part of it, by a model.

use crate::history::{History, OpId};
use crate::model::Model;
use crate::relation::Registers;
use rustc_hash::FxHashSet;

/// A history, or some of its operations, and a model.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'a> {
    pub(crate) history: &'a History,
    pub(crate) model: Model,
    /// The operations that count; `None` = all.
    pub(crate) keep: Option<&'a FxHashSet<OpId>>,
    /// eventual: how long after the last write's end a read must start to be final.
    pub(crate) settle: i64,
    /// Whether the evidence matters: without, a verdict may come with empty evidence.
    pub(crate) evidence: bool,
}

impl<'a> Scope<'a> {
    /// All of a history.
    pub(crate) fn new(history: &'a History, model: Model) -> Self {
        Self { history, model, keep: None, settle: 0, evidence: true }
    }

    /// Whether an operation counts.
    #[inline]
    pub(crate) fn keeps(&self, op: OpId) -> bool {
        self.keep.is_none_or(|keep| keep.contains(&op))
    }

    /// The operations as columns.
    pub(crate) fn registers(&self) -> Registers {
        Registers::of(self.history, self.model.is_synchronised(), |op| self.keeps(op))
    }
}
