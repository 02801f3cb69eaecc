//! Multi-register: registers by key, read and written together by transactions.
//!
//! # Semantics
//! The multi-register of knossos: a map from keys to values. A `txn` is a list of reads and writes of keys that happens in
//! one atomic step; the accesses take effect in the order of the list, so that a read sees an earlier write of its own
//! transaction. An empty transaction is legal everywhere. Plain `read`, `write` and `cas` are transactions of one access.
//!
//! All keys together are one object ([`Scope::Whole`]). A key starts with its own initial value where the header gives one;
//! a header's `initial` that is a map names the initial values by key, and a key that it leaves out starts with `null`.
//!
//! # Unknown results
//! A read without a recorded value returned anything, and so did the reads of an `info` transaction.
//!
//! # Independent parts
//! A history whose transactions touch one key each is a product of registers: [`SequentialSpec::partition`] tells them
//! apart.

use super::machine::MultiRegisterMachine;
use super::{Decoder, Machine, Object, RecordedSpec, Scope, SequentialSpec, SpecError, SpecKind};
use crate::history::{Datum, Function, History, KeyId, OpId, Outcome, Value};
use crate::limits::{Meter, Stop};

/// A map of registers that starts with given values.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MultiRegister {
    /// The initial value of the keys that do not stand in `initial_of`.
    pub initial: Value,
    /// Keys with initial values of their own, in ascending order.
    pub initial_of: Box<[(KeyId, Value)]>,
}

/// One access of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Access {
    /// Read this key.
    Read(KeyId),
    /// Write this value to this key.
    Write(KeyId, Value),
}

/// A function of a multi-register.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum MultiRegisterOp {
    /// All these accesses, in this order.
    Txn(Box<[Access]>),
    /// Write the second value to the key if it holds the first.
    Cas(KeyId, Value, Value),
}

/// A result of a multi-register's function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum MultiRegisterRet {
    /// What the reads of a transaction have seen, in their order; [`Value::ABSENT`]: not recorded.
    Reads(Box<[Value]>),
    /// A compare-and-set has (not) found its old value.
    Swapped(bool),
}

/// A state is the keys that do not hold their initial value, in ascending order, with what they hold.
impl SequentialSpec for MultiRegister {
    type State = Box<[(KeyId, Value)]>;
    type Op = MultiRegisterOp;
    type Ret = MultiRegisterRet;

    fn initial(&self) -> Self::State {
        [].into()
    }

    fn step(
        &self,
        state: &Self::State,
        op: &MultiRegisterOp,
        ret: Option<&MultiRegisterRet>,
        next: &mut Vec<Self::State>,
    ) {
        let mut after = state.to_vec();
        let legal = match op {
            MultiRegisterOp::Txn(accesses) => match ret {
                None => self.run(&mut after, accesses, None),
                Some(MultiRegisterRet::Reads(reads)) => self.run(&mut after, accesses, Some(reads)),
                Some(MultiRegisterRet::Swapped(_)) => false,
            },
            MultiRegisterOp::Cas(key, old, new) => {
                let found = self.get(&after, *key) == *old;
                if found {
                    self.set(&mut after, *key, *new);
                }
                ret.is_none_or(|ret| *ret == MultiRegisterRet::Swapped(found))
            }
        };
        if legal {
            next.push(after.into());
        }
    }

    fn partition(&self, op: &MultiRegisterOp) -> Option<u64> {
        match op {
            MultiRegisterOp::Cas(key, ..) => Some(key.0.into()),
            MultiRegisterOp::Txn(accesses) => {
                let mut keys = accesses.iter().map(|access| access.key());
                let first = keys.next()?;
                keys.all(|key| key == first).then_some(first.0.into())
            }
        }
    }

    fn observes(&self, op: &MultiRegisterOp, ret: Option<&MultiRegisterRet>) -> bool {
        match op {
            MultiRegisterOp::Txn(accesses) => accesses.iter().all(|access| matches!(access, Access::Read(_))),
            MultiRegisterOp::Cas(..) => ret == Some(&MultiRegisterRet::Swapped(false)),
        }
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of::<Self::State>() + size_of_val(&**state)
    }
}

impl Access {
    fn key(self) -> KeyId {
        match self {
            Self::Read(key) | Self::Write(key, _) => key,
        }
    }
}

impl MultiRegister {
    pub(super) fn start(&self, key: KeyId) -> Value {
        let row = self.initial_of.binary_search_by_key(&key, |row| row.0);
        row.map_or(self.initial, |row| self.initial_of[row].1)
    }

    fn get(&self, state: &[(KeyId, Value)], key: KeyId) -> Value {
        state.binary_search_by_key(&key, |row| row.0).map_or_else(|_| self.start(key), |at| state[at].1)
    }

    fn set(&self, state: &mut Vec<(KeyId, Value)>, key: KeyId, value: Value) {
        match (state.binary_search_by_key(&key, |row| row.0), value == self.start(key)) {
            (Ok(at), true) => drop(state.remove(at)),
            (Ok(at), false) => state[at].1 = value,
            (Err(_), true) => {}
            (Err(at), false) => state.insert(at, (key, value)),
        }
    }

    /// Does the accesses; false if the reads were not these.
    fn run(&self, state: &mut Vec<(KeyId, Value)>, accesses: &[Access], reads: Option<&[Value]>) -> bool {
        let mut seen = 0;
        for access in accesses {
            match *access {
                Access::Write(key, value) => self.set(state, key, value),
                Access::Read(key) => {
                    let recorded = reads.map_or(Some(&Value::ABSENT), |reads| reads.get(seen));
                    seen += 1;
                    if recorded.is_none_or(|&value| value.is_known() && value != self.get(state, key)) {
                        return false;
                    }
                }
            }
        }
        reads.is_none_or(|reads| reads.len() == seen)
    }
}

impl RecordedSpec for MultiRegister {
    const KIND: SpecKind = SpecKind::MultiRegister;
    const FUNCTIONS: &'static [Function] = &[Function::Txn, Function::Read, Function::Write, Function::Cas];
    const SCOPE: Scope = Scope::Whole;

    fn of_object(history: &History, _: Object) -> Result<Self, SpecError> {
        let default = history.default_initial();
        let mut initial_of: Vec<_> = history.initial_values().collect();
        initial_of.sort_unstable();
        let Some(Datum::Map(pairs)) = history.values().get(default) else {
            return Ok(Self { initial: default, initial_of: initial_of.into() });
        };
        for key in (0..history.key_count()).map(KeyId::from_index) {
            let name = history.values().plain(history.key_name(key));
            let row = pairs.binary_search_by(|pair| (*pair.0).cmp(&*name));
            let place = initial_of.binary_search_by_key(&key, |own| own.0);
            if let (Ok(row), Err(place)) = (row, place) {
                // A value that no operation names equals nothing that is known.
                let value = history.values().find(&pairs[row].1).unwrap_or(Value::ABSENT);
                initial_of.insert(place, (key, value));
            }
        }
        Ok(Self { initial: Value::NULL, initial_of: initial_of.into() })
    }

    fn decode(
        decoder: &mut Decoder<'_>,
        op: OpId,
    ) -> Result<(MultiRegisterOp, Option<MultiRegisterRet>), SpecError> {
        let history = decoder.history();
        if !Self::FUNCTIONS.contains(&history.function(op)) {
            return Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS));
        }
        let known = history.outcome(op) == Outcome::Ok;
        if history.function(op) == Function::Cas {
            let mut micros = history.micros(op);
            let (Some(old), Some(new)) = (micros.next(), micros.next()) else {
                return Err(decoder.bad_value(op, Value::ABSENT, "[old, new]"));
            };
            let key = old.key().ok_or_else(|| decoder.bad_value(op, old.value, "the value of a key"))?;
            let swapped = known.then(|| MultiRegisterRet::Swapped(history.answer(op).unwrap_or(true)));
            return Ok((MultiRegisterOp::Cas(key, old.value, new.value), swapped));
        }
        let (mut accesses, mut reads) = (Vec::new(), Vec::new());
        for micro in history.micros(op) {
            match (micro.function, micro.key()) {
                (Function::Read, Some(key)) => {
                    accesses.push(Access::Read(key));
                    reads.push(micro.value);
                }
                (Function::Write, Some(key)) if micro.value.is_known() => {
                    accesses.push(Access::Write(key, micro.value));
                }
                _ => {
                    return Err(decoder.bad_value(
                        op,
                        micro.value,
                        "reads of keys and writes of values to keys",
                    ));
                }
            }
        }
        Ok((MultiRegisterOp::Txn(accesses.into()), known.then(|| MultiRegisterRet::Reads(reads.into()))))
    }

    fn machine<'a>(
        &'a self,
        actions: &'a [(Self::Op, Option<Self::Ret>)],
        meter: &'a Meter,
    ) -> Result<Box<dyn Machine + 'a>, Stop> {
        Ok(Box::new(MultiRegisterMachine::new(self, actions, meter)?))
    }
}

#[cfg(test)]
mod tests;
