//! Linearizability of a stream of calls: one state set, moved along in time.
//!
//! Algorithm: just-in-time linearization (Lowe, *Testing for linearizability*, 2017). A configuration is a state and the
//! calls that are pending and have taken effect already. When a call is invoked it becomes pending; when it returns, every
//! configuration is continued by pending calls, in every order, until that call has taken effect, and those where it
//! cannot are dropped. Calls of unknown outcome stay pending.
//!
//! Soundness and completeness: after each return the configurations are exactly those that some order of the events so
//! far, within the recorded intervals, can reach; none is left iff no order explains the prefix, and a prefix that is not
//! linearizable has no linearizable continuation. Termination: each continuation takes a call out of finitely many.
//! Memory: what is pending, and at most [`CONFIGURATIONS`]; exponential in what is pending, or the monitor gives up.

use crate::SequentialSpec;
use std::collections::{BTreeMap, HashSet};

/// More configurations than this at a time are not followed.
const CONFIGURATIONS: usize = 1 << 16;

/// What the monitor knows after an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Some order explains everything so far.
    Fine,
    /// None does.
    Violated,
    /// There are too many ways to explain it.
    TooMany,
}

type Configuration<S> = (<S as SequentialSpec>::State, Vec<i64>);

/// The monitor of one object.
pub(super) struct Monitor<S: SequentialSpec> {
    /// States, each with the pending calls that have taken effect, sorted.
    configurations: HashSet<Configuration<S>>,
    /// Calls by number: operation and result, `None` where it will never be known.
    pending: BTreeMap<i64, (S::Op, Option<S::Ret>)>,
}

impl<S: SequentialSpec> Monitor<S> {
    pub(super) fn new(spec: &S) -> Self {
        Self { configurations: HashSet::from([(spec.initial(), Vec::new())]), pending: BTreeMap::new() }
    }

    /// A call begins. Its result is known already: the stream is read behind the present.
    pub(super) fn invoke(&mut self, spec: &S, call: i64, op: S::Op, ret: Option<S::Ret>) {
        // Of a call that only observes, and whose result nobody knows, nothing can ever be told.
        if ret.is_some() || !spec.observes(&op, None) {
            self.pending.insert(call, (op, ret));
        }
    }

    /// A call returns.
    pub(super) fn respond(&mut self, spec: &S, call: i64) -> Step {
        let mut done: HashSet<Configuration<S>> = HashSet::new();
        let mut seen: HashSet<Configuration<S>> = HashSet::new();
        let mut open: Vec<Configuration<S>> = self.configurations.drain().collect();
        let mut next = Vec::new();
        while let Some((state, effective)) = open.pop() {
            if let Ok(place) = effective.binary_search(&call) {
                let mut effective = effective;
                effective.remove(place);
                done.insert((state, effective));
                continue;
            }
            for (&other, (op, ret)) in &self.pending {
                let Err(place) = effective.binary_search(&other) else { continue };
                spec.step(&state, op, ret.as_ref(), &mut next);
                for after in next.drain(..) {
                    let mut effective = effective.clone();
                    if other == call {
                        done.insert((after, effective));
                        continue;
                    }
                    effective.insert(place, other);
                    let configuration = (after, effective);
                    if seen.insert(configuration.clone()) {
                        open.push(configuration);
                    }
                }
            }
            if seen.len() + done.len() > CONFIGURATIONS {
                return Step::TooMany;
            }
        }
        self.configurations = done;
        if self.configurations.is_empty() {
            return Step::Violated;
        }
        self.pending.remove(&call);
        Step::Fine
    }

    /// A pending call, for people.
    pub(super) fn text(&self, call: i64) -> String {
        self.pending.get(&call).map_or(String::new(), |(op, ret)| match ret {
            Some(ret) => format!("{op:?} → {ret:?}"),
            None => format!("{op:?}"),
        })
    }

    /// The number of configurations and of pending calls: what it remembers.
    #[cfg(test)]
    pub(super) fn size(&self) -> (usize, usize) {
        (self.configurations.len(), self.pending.len())
    }
}
