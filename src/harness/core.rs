//! The few calls that a violation is about.
//!
//! Problem: a history of hundreds of calls violates a model; which of them does a person need to see? A call is
//! *forgotten* when all that is known of it is that it was invoked: it may have happened at any time since, or never, with
//! any result (and if it only observes, it is left out). Forgetting allows more, so calls that violate the model although
//! all others are forgotten are reason enough, whatever the others did. Algorithm: delta debugging (Zeller and
//! Hildebrandt 2002) over the set of calls that are not forgotten. Each try is a check under small limits, and one that ends in
//! `unknown` forgets nothing; so the result is a core, not always a minimal one.

use crate::checker::certificate::Refutation;
use crate::{Call, Limits, Model, OpId, Outcome, SequentialSpec, Verdict, check_calls};
use std::time::{Duration, Instant};

/// What the search for a core may spend.
const TRIES: usize = 400;
const TRY: Limits = Limits {
    timeout: Some(Duration::from_millis(250)),
    memory: Some(64 << 20),
    interrupt: None,
    threads: None,
};
const ALL: Duration = Duration::from_secs(5);

/// A violation, as a person wants to see it; numbers are indices of calls.
pub(super) struct Core<S: SequentialSpec> {
    /// The calls that matter, by start.
    pub(super) shown: Vec<usize>,
    /// The one that cannot be placed.
    pub(super) stuck: Option<usize>,
    /// The longest order of calls that was reached.
    pub(super) longest: Vec<usize>,
    /// A state that this order leaves.
    pub(super) state: Option<S::State>,
}

/// Finds the core of a violation.
pub(super) fn core<S: SequentialSpec>(
    spec: &S,
    calls: &[Call<S::Op, S::Ret>],
    model: Model,
    refutation: &Refutation,
) -> Core<S> {
    let part: Vec<usize> = match refutation {
        Refutation::Core { operations, .. } => operations.iter().map(|op| op.index()).collect(),
        _ => (0..calls.len()).collect(),
    };
    let mut search = Search { spec, calls, model, part, tries: 0, begun: Instant::now() };
    let (stuck, longest) = ends(refutation);
    let mut best = (search.part.clone(), stuck, longest);
    let mut size = best.0.len().div_ceil(2);
    while size > 0 {
        let mut at = 0;
        let mut smaller = false;
        while at < best.0.len() {
            let mut kept = best.0.clone();
            kept.drain(at..(at + size).min(kept.len()));
            match search.violates(&kept) {
                Some((stuck, longest)) => {
                    best = (kept, stuck, longest);
                    smaller = true;
                }
                None => at += size,
            }
        }
        size = match size {
            1 if smaller => 1,
            size => size / 2,
        };
    }
    let (shown, stuck, longest) = best;
    let state = state_after(spec, calls, &shown, &longest);
    Core { shown, stuck, longest, state }
}

type Ends = (Option<usize>, Vec<usize>);

fn ends(refutation: &Refutation) -> Ends {
    match refutation {
        Refutation::Core { stuck, longest, .. } => {
            (stuck.map(OpId::index), longest.iter().map(|op| op.index()).collect())
        }
        _ => (None, Vec::new()),
    }
}

struct Search<'a, S: SequentialSpec> {
    spec: &'a S,
    calls: &'a [Call<S::Op, S::Ret>],
    model: Model,
    part: Vec<usize>,
    tries: usize,
    begun: Instant,
}

impl<S: SequentialSpec> Search<'_, S> {
    /// The stuck call and the longest order, if these calls are a core.
    fn violates(&mut self, kept: &[usize]) -> Option<Ends> {
        self.tries += 1;
        if self.tries > TRIES || self.begun.elapsed() > ALL {
            return None;
        }
        let mut calls = Vec::with_capacity(self.part.len());
        let mut places = Vec::with_capacity(self.part.len());
        for &at in &self.part {
            let call = &self.calls[at];
            if kept.binary_search(&at).is_ok() {
                calls.push(call.clone());
            } else if call.outcome != Outcome::Fail && !self.spec.observes(&call.op, None) {
                calls.push(Call { outcome: Outcome::Info, ret: None, ..call.clone() });
            } else {
                continue;
            }
            places.push(at);
        }
        match check_calls(self.spec, &calls, self.model, &TRY) {
            Ok(Verdict::Violated(refutation)) => {
                let (stuck, longest) = ends(&refutation);
                let place = |at: usize| places[at];
                Some((stuck.map(place), longest.into_iter().map(place).collect()))
            }
            _ => None,
        }
    }
}

fn state_after<S: SequentialSpec>(
    spec: &S,
    calls: &[Call<S::Op, S::Ret>],
    shown: &[usize],
    order: &[usize],
) -> Option<S::State> {
    let mut states = vec![spec.initial()];
    for &at in order {
        let known = calls[at].outcome == Outcome::Ok && shown.binary_search(&at).is_ok();
        let ret = calls[at].ret.as_ref().filter(|_| known);
        let mut next = Vec::new();
        states.iter().for_each(|state| spec.step(state, &calls[at].op, ret, &mut next));
        next.truncate(64);
        states = next;
    }
    states.into_iter().next()
}
