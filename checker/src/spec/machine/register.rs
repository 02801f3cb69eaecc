//! Registers as a machine: the state's number is the value's.
//!
//! Every value that a register may hold stands in an action or is the initial one, so all states are known beforehand: a
//! step looks at its action alone, without a lock, a table or a copy.

use super::{Machine, NextStates};
use crate::history::Value;
use crate::limits::{Meter, Stop};
use crate::spec::{Register, RegisterOp, RegisterRet};
use rustc_hash::FxHashMap;

/// A [`Register`] with its actions.
#[derive(Debug)]
pub(in crate::spec) struct RegisterMachine {
    actions: Vec<Action>,
}

/// What an action does; values by number.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Its result is never right.
    Never,
    /// Any value is.
    Anything,
    Read(u32),
    Write(u32),
    /// Old, new.
    Swap(u32, u32),
    /// It finds anything but this.
    Mismatch(u32),
    /// Old, new: it may have found the old value or not.
    Try(u32, u32),
}

/// The number of the initial value.
const INITIAL: u32 = 0;

impl RegisterMachine {
    /// Numbers the values.
    ///
    /// # Errors
    /// If the limits leave no room for the actions.
    pub(in crate::spec) fn new(
        register: &Register,
        actions: &[(RegisterOp, Option<RegisterRet>)],
        meter: &Meter,
    ) -> Result<Self, Stop> {
        meter.charge(actions.len() * size_of::<Action>())?;
        let mut numbers = FxHashMap::from_iter([(register.initial, INITIAL)]);
        let mut number = |value: Value| {
            let next = u32::try_from(numbers.len())
                .expect("actions are numbered by 32 bits, and name two values each");
            *numbers.entry(value).or_insert(next)
        };
        let compile = |(op, ret): &(RegisterOp, Option<RegisterRet>)| match (*op, *ret) {
            (RegisterOp::Read, None) => Action::Anything,
            (RegisterOp::Read, Some(RegisterRet::Value(value))) => Action::Read(number(value)),
            (RegisterOp::Write(value), None | Some(RegisterRet::Written)) => Action::Write(number(value)),
            (RegisterOp::Cas(old, new), None) => Action::Try(number(old), number(new)),
            (RegisterOp::Cas(old, new), Some(RegisterRet::Swapped(true))) => {
                Action::Swap(number(old), number(new))
            }
            (RegisterOp::Cas(old, _), Some(RegisterRet::Swapped(false))) => Action::Mismatch(number(old)),
            _ => Action::Never,
        };
        Ok(Self { actions: actions.iter().map(compile).collect() })
    }
}

impl Machine for RegisterMachine {
    fn initial(&self) -> u32 {
        INITIAL
    }

    #[inline]
    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let after = match self.actions[action as usize] {
            Action::Never => None,
            Action::Anything => Some(state),
            Action::Read(value) => (state == value).then_some(state),
            Action::Write(value) => Some(value),
            Action::Swap(old, new) => (state == old).then_some(new),
            Action::Mismatch(old) => (state != old).then_some(state),
            Action::Try(old, new) => Some(if state == old { new } else { state }),
        };
        Ok(after.map_or(NextStates::None, NextStates::One))
    }
}
