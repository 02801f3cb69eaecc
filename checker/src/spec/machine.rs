//! A specification as integers: numbered states, numbered actions, remembered steps.

mod append_list;
mod array;
mod multi_register;
mod pairs;
mod priority_queue;
mod queue;
mod register;
mod set;
mod stack;

pub(super) use append_list::AppendListMachine;
pub(super) use multi_register::MultiRegisterMachine;
pub(super) use priority_queue::PriorityQueueMachine;
pub(super) use queue::QueueMachine;
pub(super) use register::RegisterMachine;
pub(super) use set::SetMachine;
pub(super) use stack::StackMachine;

use super::SequentialSpec;
use crate::limits::{Meter, Stop};
use crate::sync::Mutex;
use hashbrown::{HashMap, HashTable};
use rustc_hash::{FxBuildHasher, FxHasher};
use std::hash::{BuildHasher, Hash, Hasher};

/// The states after a step: at most one, except for non-deterministic types.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum NextStates {
    /// The action is not legal there.
    None,
    /// It leaves this state.
    One(u32),
    /// It may leave any of these.
    Many(std::sync::Arc<[u32]>),
}

impl NextStates {
    /// The states, as a slice.
    #[inline]
    #[must_use]
    pub fn as_slice(&self) -> &[u32] {
        match self {
            Self::None => &[],
            Self::One(state) => std::slice::from_ref(state),
            Self::Many(states) => states,
        }
    }
}

/// A transition system over numbers. Shared by the threads of a search; state numbers mean nothing but equality.
pub trait Machine: Send + Sync {
    /// The initial state's number.
    fn initial(&self) -> u32;

    /// The states after `action` in `state`.
    ///
    /// # Errors
    /// If a limit is reached: states take memory, and user code takes time.
    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop>;

    /// Whether the action is one that [`is_dead_end`](Machine::is_dead_end) speaks of.
    fn looks(&self, action: u32) -> bool {
        let _ = action;
        false
    }

    /// Whether no action that [`looks`](Machine::looks) can be legal any more, in this state or any later one. A search that
    /// still has to place such an action gives the state up; answering `false` costs time only.
    fn is_dead_end(&self, state: u32) -> bool {
        let _ = state;
        false
    }
}

const SHARD_BITS: u32 = 5;
const SHARDS: usize = 1 << SHARD_BITS;

/// Any [`SequentialSpec`] as a [`Machine`]: every distinct state gets a number, every step is computed once.
///
/// Numbers and remembered steps live in shards, each behind its own lock; a state's number holds its shard. Equality of
/// states is exact (`Eq`), never by hash.
#[derive(Debug)]
pub struct Interned<'a, S: SequentialSpec> {
    spec: &'a S,
    actions: &'a [(S::Op, Option<S::Ret>)],
    initial: u32,
    states: Vec<Mutex<States<S::State>>>,
    steps: Vec<Mutex<Steps>>,
    meter: &'a Meter,
}

/// What a step from (state, action) leaves.
type Steps = HashMap<(u32, u32), NextStates, FxBuildHasher>;

#[derive(Debug)]
struct States<T> {
    states: Vec<T>,
    table: HashTable<u32>,
}

impl<'a, S: SequentialSpec> Interned<'a, S> {
    /// The machine of a specification; action `i` is `actions[i]`: an operation and its result.
    ///
    /// # Errors
    /// If the limits leave no room for the initial state.
    pub fn new(spec: &'a S, actions: &'a [(S::Op, Option<S::Ret>)], meter: &'a Meter) -> Result<Self, Stop> {
        let states = (0..SHARDS).map(|_| Mutex::new(States { states: Vec::new(), table: HashTable::new() }));
        let steps = (0..SHARDS).map(|_| Mutex::new(HashMap::default()));
        let mut machine =
            Self { spec, actions, initial: 0, states: states.collect(), steps: steps.collect(), meter };
        machine.initial = machine.number(spec.initial())?;
        Ok(machine)
    }

    /// A copy of the state of that number.
    #[must_use]
    pub fn state(&self, number: u32) -> S::State {
        let shard = self.states[(number as usize) & (SHARDS - 1)].lock();
        shard.states[(number >> SHARD_BITS) as usize].clone()
    }

    fn number(&self, state: S::State) -> Result<u32, Stop> {
        let hash = hash_of(&state);
        let index = (hash >> 40) as usize & (SHARDS - 1);
        let mut shard = self.states[index].lock();
        let States { states, table } = &mut *shard;
        let slot = |row: u32| row << SHARD_BITS | index as u32;
        if let Some(&row) = table.find(hash, |&row| states[row as usize] == state) {
            return Ok(slot(row));
        }
        let row = u32::try_from(states.len())
            .ok()
            .filter(|row| row >> (32 - SHARD_BITS) == 0)
            .ok_or(Stop::Memory)?;
        self.meter.charge(self.spec.state_bytes(&state) + 2 * size_of::<u32>())?;
        states.push(state);
        table.insert_unique(hash, row, |&row| hash_of(&states[row as usize]));
        Ok(slot(row))
    }
}

impl<S: SequentialSpec> Machine for Interned<'_, S> {
    fn initial(&self) -> u32 {
        self.initial
    }

    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let shard = FxBuildHasher.hash_one((state, action)) >> 40;
        let steps = &self.steps[shard as usize & (SHARDS - 1)];
        if let Some(next) = steps.lock().get(&(state, action)) {
            return Ok(next.clone());
        }
        self.meter.check()?;
        let (op, ret) = &self.actions[action as usize];
        let mut after = Vec::new();
        self.spec.step(&self.state(state), op, ret.as_ref(), &mut after);
        let mut numbers = after.into_iter().map(|state| self.number(state)).collect::<Result<Vec<_>, _>>()?;
        let next = match &mut numbers[..] {
            [] => NextStates::None,
            [one] => NextStates::One(*one),
            many if many.iter().all(|state| *state == many[0]) => NextStates::One(many[0]),
            many => NextStates::Many((&*many).into()),
        };
        self.meter.charge(2 * size_of::<((u32, u32), NextStates)>())?;
        steps.lock().insert((state, action), next.clone());
        Ok(next)
    }
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests;
