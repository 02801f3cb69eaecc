//! Multi-registers as a machine: a state is an array of the keys' values.
//!
//! An access takes the logarithm of the number of keys that the actions name. A word is the number of a value, or 0 where
//! the key holds its initial one, so that each map has one array; see [`Arrays`] for why that is one number.

use super::array::{Arrays, EMPTY};
use super::{Machine, NextStates};
use crate::history::{KeyId, Value};
use crate::limits::{Meter, Stop};
use crate::spec::{Access, MultiRegister, MultiRegisterOp, MultiRegisterRet};
use rustc_hash::FxHashMap;

/// A [`MultiRegister`] with its actions.
#[derive(Debug)]
pub(in crate::spec) struct MultiRegisterMachine<'a> {
    arrays: Arrays<'a>,
    actions: Vec<Action>,
    /// The number of each key's initial value.
    initial: Vec<u64>,
}

/// What an action does; keys and values by number.
#[derive(Clone, Debug)]
enum Action {
    /// Its result is never right.
    Never,
    Txn(Box<[Step]>),
    /// Key, old, new, and whether it found the old value.
    Cas(usize, u64, u64, Option<bool>),
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Read(usize, u64),
    Write(usize, u64),
}

impl<'a> MultiRegisterMachine<'a> {
    /// Numbers keys and values.
    ///
    /// # Errors
    /// If the limits leave no room for the actions.
    pub(in crate::spec) fn new(
        map: &MultiRegister,
        actions: &[(MultiRegisterOp, Option<MultiRegisterRet>)],
        meter: &'a Meter,
    ) -> Result<Self, Stop> {
        let mut names = Names::new(map);
        let mut compiled = Vec::with_capacity(actions.len());
        for (op, ret) in actions {
            let action = match (op, ret) {
                (MultiRegisterOp::Txn(accesses), None) => names.txn(accesses, None),
                (MultiRegisterOp::Txn(accesses), Some(MultiRegisterRet::Reads(reads))) => {
                    names.txn(accesses, Some(reads))
                }
                (MultiRegisterOp::Cas(key, old, new), None) => names.cas(*key, *old, *new, None),
                (MultiRegisterOp::Cas(key, old, new), Some(MultiRegisterRet::Swapped(found))) => {
                    names.cas(*key, *old, *new, Some(*found))
                }
                _ => Action::Never,
            };
            let steps = if let Action::Txn(steps) = &action { size_of_val(&**steps) } else { 0 };
            meter.charge(size_of::<Action>() + steps)?;
            compiled.push(action);
        }
        Ok(Self {
            arrays: Arrays::new(names.initial.len(), meter),
            actions: compiled,
            initial: names.initial,
        })
    }

    fn get(&self, state: u32, key: usize) -> u64 {
        match self.arrays.get(state, key) {
            0 => self.initial[key],
            value => value,
        }
    }

    fn set(&self, state: u32, key: usize, value: u64) -> Result<u32, Stop> {
        self.arrays.set(state, key, if value == self.initial[key] { 0 } else { value })
    }

    fn txn(&self, mut state: u32, steps: &[Step]) -> Result<Option<u32>, Stop> {
        for step in steps {
            match *step {
                Step::Read(key, value) if self.get(state, key) != value => return Ok(None),
                Step::Read(..) => {}
                Step::Write(key, value) => state = self.set(state, key, value)?,
            }
        }
        Ok(Some(state))
    }
}

impl Machine for MultiRegisterMachine<'_> {
    fn initial(&self) -> u32 {
        EMPTY
    }

    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let after = match &self.actions[action as usize] {
            Action::Never => None,
            Action::Txn(steps) => self.txn(state, steps)?,
            &Action::Cas(key, old, new, answer) => {
                let found = self.get(state, key) == old;
                match answer {
                    Some(answer) if answer != found => None,
                    _ if found => Some(self.set(state, key, new)?),
                    _ => Some(state),
                }
            }
        };
        Ok(after.map_or(NextStates::None, NextStates::One))
    }
}

/// Numbers for keys and values.
struct Names<'a> {
    map: &'a MultiRegister,
    keys: FxHashMap<KeyId, usize>,
    /// From 1 on.
    values: FxHashMap<Value, u64>,
    initial: Vec<u64>,
}

impl<'a> Names<'a> {
    fn new(map: &'a MultiRegister) -> Self {
        Self { map, keys: FxHashMap::default(), values: FxHashMap::default(), initial: Vec::new() }
    }

    fn key(&mut self, key: KeyId) -> usize {
        if let Some(&known) = self.keys.get(&key) {
            return known;
        }
        let initial = self.value(self.map.start(key));
        self.initial.push(initial);
        self.keys.insert(key, self.initial.len() - 1);
        self.initial.len() - 1
    }

    fn value(&mut self, value: Value) -> u64 {
        let next = 1 + self.values.len() as u64;
        *self.values.entry(value).or_insert(next)
    }

    fn cas(&mut self, key: KeyId, old: Value, new: Value, answer: Option<bool>) -> Action {
        Action::Cas(self.key(key), self.value(old), self.value(new), answer)
    }

    /// A transaction without the reads of which nothing is known.
    fn txn(&mut self, accesses: &[Access], reads: Option<&[Value]>) -> Action {
        let count = accesses.iter().filter(|access| matches!(access, Access::Read(_))).count();
        if reads.is_some_and(|reads| reads.len() != count) {
            return Action::Never;
        }
        let mut reads = reads.unwrap_or(&[]).iter();
        let steps = accesses.iter().filter_map(|access| match *access {
            Access::Write(key, value) => Some(Step::Write(self.key(key), self.value(value))),
            Access::Read(key) => match reads.next() {
                Some(&value) if value.is_known() => Some(Step::Read(self.key(key), self.value(value))),
                _ => None,
            },
        });
        Action::Txn(steps.collect())
    }
}
