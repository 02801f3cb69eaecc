//! Numbers the actions of a part: distinct (operation, result) pairs.

use super::parts::Parts;
use super::problem::{Item, Problem, number};
use crate::history::{History, OpId};
use crate::model::Model;
use crate::spec::{Decoder, RecordedSpec, SpecError};
use hashbrown::HashMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// An operation and its result.
pub(crate) type Action<S> =
    (<S as crate::spec::SequentialSpec>::Op, Option<<S as crate::spec::SequentialSpec>::Ret>);

/// A table of actions.
pub(crate) struct Actions<S: RecordedSpec> {
    pub actions: Vec<Action<S>>,
    ids: HashMap<Action<S>, u32, FxBuildHasher>,
}

impl<S: RecordedSpec> Actions<S> {
    /// An empty table.
    pub(crate) fn new() -> Self {
        Self { actions: Vec::new(), ids: HashMap::default() }
    }

    /// The number of an action.
    pub(crate) fn number(&mut self, action: Action<S>) -> u32 {
        let Self { actions, ids } = self;
        *ids.entry(action).or_insert_with_key(|action| {
            actions.push(action.clone());
            number(actions.len() - 1)
        })
    }

    /// Which of the actions never change the state.
    pub(crate) fn observers(&self, spec: &S) -> Vec<bool> {
        self.actions.iter().map(|(op, ret)| spec.observes(op, ret.as_ref())).collect()
    }
}

/// A part as integers.
///
/// # Errors
/// If an operation does not fit the data type.
pub(crate) fn compile<S: RecordedSpec>(
    history: &History,
    model: Model,
    parts: &Parts,
    ops: &[OpId],
    decoder: &mut Decoder<'_>,
) -> Result<(Problem, Actions<S>), SpecError> {
    let mut actions = Actions::new();
    let mut items = Vec::with_capacity(ops.len());
    let touching: FxHashMap<OpId, u32> =
        if parts.after.is_empty() { FxHashMap::default() } else { ops.iter().copied().zip(0..).collect() };
    for &op in ops {
        let action = actions.number(S::decode(decoder, op)?);
        let (start, end) = super::parts::interval(history, model, op);
        let after = parts.after.get(&op).and_then(|before| touching.get(before)).copied();
        items.push(Item { op, action, start, end, after });
    }
    Ok((Problem::new(&items), actions))
}
