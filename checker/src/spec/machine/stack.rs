//! Stacks as a machine: a state is a node of a tree of values, its path the stack from the bottom up.
//!
//! A push is a look-up, a pop a step to the parent, whatever the size of the stack; see [`Pairs`] for why equal stacks are
//! one node.

use super::pairs::{Pairs, ROOT};
use super::{Machine, NextStates};
use crate::history::Value;
use crate::limits::{Meter, Stop};
use crate::spec::{Stack, StackOp, StackRet};
use rustc_hash::FxHashMap;

/// A [`Stack`] with its actions.
#[derive(Debug)]
pub(in crate::spec) struct StackMachine<'a> {
    pairs: Pairs<'a>,
    actions: Vec<Action>,
    initial: u32,
}

/// What an action does; values by number.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Its result is never right.
    Never,
    Push(u64),
    /// Takes this.
    Pop(u64),
    /// Finds nothing.
    PopEmpty,
    /// Takes anything, or finds nothing.
    PopAnything,
}

impl<'a> StackMachine<'a> {
    /// Numbers the values.
    ///
    /// # Errors
    /// If the limits leave no room for the actions and the initial stack.
    pub(in crate::spec) fn new(
        stack: &Stack,
        actions: &[(StackOp, Option<StackRet>)],
        meter: &'a Meter,
    ) -> Result<Self, Stop> {
        meter.charge(actions.len() * size_of::<Action>())?;
        let mut numbers = FxHashMap::default();
        let mut number = |value: Value| {
            let next = numbers.len() as u64;
            *numbers.entry(value).or_insert(next)
        };
        let compile = |(op, ret): &(StackOp, Option<StackRet>)| match (*op, *ret) {
            (StackOp::Push(value), None | Some(StackRet::Pushed)) => Action::Push(number(value)),
            (StackOp::Pop, None) => Action::PopAnything,
            (StackOp::Pop, Some(StackRet::Popped(None))) => Action::PopEmpty,
            (StackOp::Pop, Some(StackRet::Popped(Some(value)))) => Action::Pop(number(value)),
            _ => Action::Never,
        };
        let actions = actions.iter().map(compile).collect();
        let pairs = Pairs::new(meter);
        let initial = stack.initial.iter().try_fold(ROOT, |node, &value| pairs.child(node, number(value)))?;
        Ok(Self { pairs, actions, initial })
    }
}

impl Machine for StackMachine<'_> {
    fn initial(&self) -> u32 {
        self.initial
    }

    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let after = match self.actions[action as usize] {
            Action::Never => None,
            Action::Push(value) => Some(self.pairs.child(state, value)?),
            Action::PopEmpty => (state == ROOT).then_some(ROOT),
            Action::PopAnything => Some(self.pairs.split(state).map_or(ROOT, |(below, _)| below)),
            Action::Pop(value) => {
                self.pairs.split(state).filter(|&(_, top)| top == value).map(|(below, _)| below)
            }
        };
        Ok(after.map_or(NextStates::None, NextStates::One))
    }
}
