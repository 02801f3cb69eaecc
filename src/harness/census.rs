//! What a history is made of, and whether it can prove anything.
//!
//! A history is *telling* as far as its results could have been wrong: a call is telling if the specification refuses its
//! result in some state that the history went through. Writes to a register never are, nor is a read where
//! nothing was ever written; a read of a value that comes and goes is, and so is an acquire of a lock that is also held.

use super::calls::Calls;
use crate::{Call, OpId, Outcome, SequentialSpec};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};

/// How many states of each part are tried, and are followed at a time.
const STATES: usize = 64;

/// Counts of a history.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct Census {
    /// All calls.
    pub operations: usize,
    /// Those that took effect.
    pub ok: usize,
    /// Those that took none.
    pub failed: usize,
    /// Those of unknown outcome.
    pub unknown: usize,
    /// The parts that they worked on ([`SequentialSpec::partition`]); 1 where the object has no parts.
    pub keys: usize,
    /// Pairs of `ok` calls on one part that overlap in time.
    pub overlapping: usize,
    /// `ok` calls whose result could have been wrong; `None` where the verdict gives no order to tell it by.
    pub telling: Option<usize>,
}

/// What a history must have to prove something.
///
/// The default asks for one operation, one call whose result could have been wrong, and one pair that overlaps.
#[derive(Clone, Copy, PartialEq, Debug)]
#[non_exhaustive]
pub struct Require {
    /// At least so many calls.
    pub operations: usize,
    /// At least this share of the calls took effect, from 0 to 1.
    pub ok_share: f64,
    /// At least so many `ok` calls had a result that could have been wrong: successful reads, for the most part.
    pub telling: usize,
    /// At least so many parts were worked on.
    pub keys: usize,
    /// At least so many pairs of calls on one part overlapped.
    pub overlapping: usize,
}

impl Default for Require {
    fn default() -> Self {
        Self { operations: 1, ok_share: 0.0, telling: 1, keys: 0, overlapping: 1 }
    }
}

impl Require {
    /// Nothing: for histories that are generated and may be trivial.
    #[must_use]
    pub fn nothing() -> Self {
        Self { operations: 0, ok_share: 0.0, telling: 0, keys: 0, overlapping: 0 }
    }

    /// Asks for so many calls.
    #[must_use]
    pub fn operations(self, operations: usize) -> Self {
        Self { operations, ..self }
    }

    /// Asks for that share of calls that took effect.
    #[must_use]
    pub fn ok_share(self, ok_share: f64) -> Self {
        Self { ok_share, ..self }
    }

    /// Asks for so many calls whose result could have been wrong.
    #[must_use]
    pub fn telling(self, telling: usize) -> Self {
        Self { telling, ..self }
    }

    /// Asks for so many parts.
    #[must_use]
    pub fn keys(self, keys: usize) -> Self {
        Self { keys, ..self }
    }

    /// Asks for so many overlapping pairs.
    #[must_use]
    pub fn overlapping(self, overlapping: usize) -> Self {
        Self { overlapping, ..self }
    }

    /// What a history lacks, a sentence each.
    pub(super) fn lacking(&self, census: &Census) -> Vec<String> {
        let mut lacking = Vec::new();
        if census.operations < self.operations {
            lacking.push(match census.operations {
                0 => "it has no operation".into(),
                n => format!("it has {n} operations, fewer than {}", self.operations),
            });
        }
        if (census.ok as f64) < self.ok_share * census.operations as f64 {
            let (ok, of) = (census.ok, census.operations);
            lacking.push(format!(
                "{ok} of {of} calls took effect, less than a share of {}; {} failed, the outcome of {} is unknown",
                self.ok_share, census.failed, census.unknown
            ));
        }
        if census.keys < self.keys {
            lacking.push(format!("it is about {} keys, fewer than {}", census.keys, self.keys));
        }
        if census.operations > 0 && census.overlapping < self.overlapping {
            lacking.push(match census.overlapping {
                0 => "no two calls on the same object overlap: nothing was concurrent".into(),
                n => {
                    format!("{n} pairs of calls on the same object overlap, fewer than {}", self.overlapping)
                }
            });
        }
        if census.operations > 0
            && let Some(telling) = census.telling.filter(|&telling| telling < self.telling)
        {
            lacking.push(match telling {
                0 => "no result could have been wrong: no successful read saw anything that changes".into(),
                n => format!("{n} results could have been wrong, fewer than {}", self.telling),
            });
        }
        lacking
    }
}

impl Census {
    /// Counts a history.
    ///
    /// # Complexity
    /// O(n log n) for n calls.
    #[must_use]
    pub fn of<S: SequentialSpec>(calls: &Calls<S>, spec: &S) -> Self {
        let [ok, failed, unknown] = calls.outcomes();
        let parts = Parts::new(calls, spec);
        let (mut keys, mut overlapping) = (HashSet::new(), 0);
        let mut running: HashMap<u64, BinaryHeap<Reverse<i64>>> = HashMap::new();
        for call in calls.iter().filter(|call| call.outcome != Outcome::Fail) {
            let part = parts.of(&call.op);
            keys.insert(part);
            if call.outcome == Outcome::Ok {
                let running = running.entry(part).or_default();
                while running.peek().is_some_and(|end| end.0 < call.start) {
                    running.pop();
                }
                overlapping += running.len();
                running.push(Reverse(call.end));
            }
        }
        let operations = calls.len();
        Self { operations, ok, failed, unknown, keys: keys.len(), overlapping, telling: None }
    }

    /// Counts the telling calls by an order that explains the history.
    pub(super) fn tell<S: SequentialSpec>(&mut self, calls: &Calls<S>, spec: &S, view: &[OpId]) {
        let parts = Parts::new(calls, spec);
        let mut by_part: HashMap<u64, View<'_, S>> = HashMap::new();
        for op in view {
            let call = &calls[op.index()];
            by_part.entry(parts.of(&call.op)).or_default().push(call);
        }
        let telling = |view: &View<'_, S>| {
            let visited = visited(spec, view);
            let mut known: HashMap<(&S::Op, Option<&S::Ret>), bool> = HashMap::new();
            let mut next = Vec::new();
            let mut count = 0;
            for call in view.iter().filter(|call| call.outcome == Outcome::Ok) {
                let refused = known.entry((&call.op, call.ret.as_ref())).or_insert_with(|| {
                    visited.iter().any(|state| {
                        next.clear();
                        spec.step(state, &call.op, call.ret.as_ref(), &mut next);
                        next.is_empty()
                    })
                });
                count += usize::from(*refused);
            }
            count
        };
        self.telling = Some(by_part.values().map(telling).sum());
    }
}

/// The calls on one part, in an order that explains them.
type View<'a, S> = Vec<&'a Call<<S as SequentialSpec>::Op, <S as SequentialSpec>::Ret>>;

/// Some of the states that a view goes through, the initial one first.
fn visited<S: SequentialSpec>(spec: &S, view: &[&Call<S::Op, S::Ret>]) -> HashSet<S::State> {
    let mut states = HashSet::from([spec.initial()]);
    let mut visited = states.clone();
    let mut next = Vec::new();
    for call in view {
        let ret = call.ret.as_ref().filter(|_| call.outcome == Outcome::Ok);
        states.iter().for_each(|state| spec.step(state, &call.op, ret, &mut next));
        states = next.drain(..).take(STATES).collect();
        visited.extend(states.iter().cloned());
        if visited.len() >= STATES {
            break;
        }
    }
    visited
}

/// The parts of the object, if every call works on one.
struct Parts<'a, S> {
    spec: &'a S,
    apart: bool,
}

impl<'a, S: SequentialSpec> Parts<'a, S> {
    fn new(calls: &[Call<S::Op, S::Ret>], spec: &'a S) -> Self {
        Self { spec, apart: calls.iter().all(|call| spec.partition(&call.op).is_some()) }
    }

    fn of(&self, op: &S::Op) -> u64 {
        if self.apart { self.spec.partition(op).unwrap_or(0) } else { 0 }
    }
}
