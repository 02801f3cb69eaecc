//! Some operations of a history, as a history of its own: what is being made smaller.

use crate::history::{Function, History, OpId, Outcome, Value};
use crate::model::Model;
use crate::spec::{Object, SpecKind, kept, object_of};
use rustc_hash::FxHashSet;

/// What is judged, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub(super) history: &'a History,
    pub(super) model: Model,
    pub(super) spec: SpecKind,
}

/// Operations of a history.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// In the order of their ids.
    pub(super) ops: Vec<OpId>,
    /// Those whose results are cut off, as a beginning of the history leaves them.
    pub(super) pending: FxHashSet<OpId>,
}

impl Part {
    /// These operations, without those whose results are cut off and that then tell nothing.
    pub(super) fn new(case: Case<'_>, mut ops: Vec<OpId>, pending: &FxHashSet<OpId>) -> Self {
        ops.retain(|op| !pending.contains(op) || !observes(case.history, *op));
        let pending = ops.iter().copied().filter(|op| pending.contains(op)).collect();
        Self { ops, pending }
    }

    /// The history of these operations.
    pub(super) fn history(&self, case: Case<'_>) -> History {
        case.history.subset(&self.ops, &self.cut())
    }

    /// The pending ones, in the order of their ids.
    pub(super) fn cut(&self) -> Vec<OpId> {
        self.ops.iter().copied().filter(|op| self.pending.contains(op)).collect()
    }

    /// Whether an operation took effect, and its result counts.
    pub(super) fn is_certain(&self, history: &History, op: OpId) -> bool {
        history.outcome(op) == Outcome::Ok && !self.pending.contains(&op)
    }
}

impl Case<'_> {
    /// Whether an operation has any part in the verdict.
    pub(super) fn judges(&self, op: OpId) -> bool {
        let Self { history, model, spec } = *self;
        if history.function(op).is_sync() && model.is_synchronised() {
            return history.outcome(op) != Outcome::Fail;
        }
        let tells = match history.function(op) {
            Function::Read => history.micro(op).value.is_known(),
            Function::Cas => model.is_one_view() || !self.mismatched(op),
            _ => true,
        };
        kept(history, spec, op) && tells
    }

    /// The object of a one-view model's data type.
    pub(super) fn object(&self, op: OpId) -> Option<Object> {
        object_of(self.history, self.spec, op)
    }

    /// A cas that found something else.
    pub(super) fn mismatched(&self, op: OpId) -> bool {
        let history = self.history;
        history.function(op) == Function::Cas
            && history.outcome(op) == Outcome::Ok
            && history.answer(op) == Some(false)
    }

    /// When an operation's interval ends for the model: what starts later comes after it in every view.
    pub(super) fn deadline(&self, op: OpId) -> i64 {
        match self.model {
            _ if !self.history.is_timed() => i64::MAX,
            Model::Linearizable => self.history.end(op),
            Model::Strict => self.history.start(op),
            _ => i64::MAX,
        }
    }
}

/// Whether an operation changes nothing, whatever it answers.
pub(super) fn observes(history: &History, op: OpId) -> bool {
    match history.function(op) {
        Function::Read | Function::Contains => true,
        Function::Txn => history.micros(op).all(|micro| micro.function == Function::Read),
        _ => false,
    }
}

/// Whether an operation that took effect may have changed what it works on, going by its answer.
pub(super) fn changes(history: &History, op: OpId) -> bool {
    match history.function(op) {
        Function::Add | Function::Remove => history.answer(op) != Some(false),
        Function::Dequeue | Function::Pop | Function::Poll => history.micro(op).value != Value::NULL,
        _ => !observes(history, op),
    }
}
