//! Which model implies which: data, held by property tests against the definitions.
//!
//! Not implied, though one might think so: fifo → read-your-writes (in fifo, processes need not agree on the order of
//! writes); linearizable or sequential → weak in general (the one-view models pass over locks and, sequential, over
//! time, which weak keeps).

use super::{Guarantees, Model};
use crate::history::{Function, History};
use std::fmt;

use Model::{
    Cache, Causal, CausalConvergent, CausalWeak, Entry, Fifo, Linearizable, Processor, Release, Sequential,
    Session, Slow, Strict, Weak,
};

/// For which histories an implication holds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Condition {
    /// For all.
    Always,
    /// For those without a cas.
    WithoutCas,
    /// For those without acquires and releases.
    WithoutLocks,
    /// For those without times, the only synchronisation of which is `sync`.
    UntimedSyncs,
}

impl Condition {
    /// Whether a history is one of those.
    ///
    /// # Complexity
    /// Linear.
    #[must_use]
    pub fn holds(self, history: &History) -> bool {
        let without =
            |functions: &[Function]| !history.ops().any(|op| functions.contains(&history.function(op)));
        match self {
            Self::Always => true,
            Self::WithoutCas => without(&[Function::Cas]),
            Self::WithoutLocks => without(&[Function::Acquire, Function::Release]),
            Self::UntimedSyncs => !history.is_timed() && without(&[Function::Acquire, Function::Release]),
        }
    }
}

impl fmt::Display for Condition {
    /// Behind "implies it" or in parentheses.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Always => "always",
            Self::WithoutCas => "without cas",
            Self::WithoutLocks => "without locks",
            Self::UntimedSyncs => "without locks and without times",
        })
    }
}

/// Whatever satisfies one model satisfies another.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Implication {
    /// The model that implies the other.
    pub stronger: Model,
    /// The model that is implied.
    pub weaker: Model,
    /// For which histories.
    pub condition: Condition,
}

/// The implications between models with names from which all others follow; between sets of guarantees see
/// [`implied`].
pub const IMPLICATIONS: &[Implication] = &[
    always(Strict, Linearizable),
    always(Linearizable, Sequential),
    always(Sequential, Causal),
    always(Sequential, CausalConvergent),
    always(Sequential, Processor),
    always(Causal, Fifo),
    always(Fifo, Slow),
    always(Causal, CausalWeak),
    always(CausalConvergent, CausalWeak),
    always(Processor, Fifo),
    always(Processor, Cache),
    always(Cache, Slow),
    always(Cache, Session(Guarantees::MONOTONIC_READS)),
    always(Cache, Session(Guarantees::READ_YOUR_WRITES)),
    always(Weak, Release),
    always(Release, Entry),
    when(CausalConvergent, Session(Guarantees::ALL), Condition::WithoutCas),
    when(Linearizable, Weak, Condition::WithoutLocks),
    when(Sequential, Weak, Condition::UntimedSyncs),
];

const fn always(stronger: Model, weaker: Model) -> Implication {
    when(stronger, weaker, Condition::Always)
}

const fn when(stronger: Model, weaker: Model, condition: Condition) -> Implication {
    Implication { stronger, weaker, condition }
}

/// Every model that a model implies for histories of which the conditions hold that `given` names, itself left out; a
/// set of guarantees implies its parts.
///
/// # Examples
/// ```
/// use tribunal_checker::model::{Condition, Model, implied};
///
/// let always = implied(Model::Causal, |condition| condition == Condition::Always);
/// assert!(always.contains(&Model::Slow) && !always.contains(&Model::CausalConvergent));
/// ```
#[must_use]
pub fn implied(model: Model, given: impl Fn(Condition) -> bool) -> Vec<Model> {
    let mut found = vec![model];
    let mut at = 0;
    while let Some(&stronger) = found.get(at) {
        at += 1;
        let direct = IMPLICATIONS.iter().filter(|edge| edge.stronger == stronger && given(edge.condition));
        let parts = Guarantees::sets().map(Session).filter(|&part| match (stronger, part) {
            (Session(whole), Session(part)) => whole != part && whole.contains(part),
            _ => false,
        });
        for weaker in direct.map(|edge| edge.weaker).chain(parts) {
            if !found.contains(&weaker) {
                found.push(weaker);
            }
        }
    }
    found.remove(0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lattice_has_no_cycle_and_a_top_for_times() {
        for &model in Model::NAMED {
            assert!(!implied(model, |_| true).contains(&model), "{model}");
        }
        let below = implied(Strict, |_| true);
        let apart: Vec<_> = Model::NAMED.iter().filter(|model| !below.contains(model)).collect();
        assert_eq!(apart, [&Strict, &Model::Eventual]);
    }
}
