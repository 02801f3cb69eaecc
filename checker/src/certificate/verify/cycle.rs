//! Cycles of forced orders: every edge on its own, then what the cycle as a whole shows.
//!
//! The rules, and what an order means in each model, stand in [`rules`](crate::certificate::rules). Each family of
//! models has a file here that says why its cycles cannot be.
//!
//! # Complexity
//! A pass over the history for who may have written what is read, then linear in the certificate, up to logarithms.

mod pasts;
mod scope;
mod sessions;
mod sources;
mod synchronised;
mod views;

use super::Case;
use super::fault::{Fault, refuted};
use super::registers::mismatched;
use crate::certificate::{Edge, Why};
use crate::history::{OpId, Outcome};
use crate::model::Model;
use crate::spec::{SpecKind, kept};
use sources::Sources;

/// That the cycle proves a violation.
pub(super) fn check(case: &Case<'_>, edges: &[Edge], lemmas: &[Edge]) -> Result<(), Fault> {
    let named = named(edges.iter().chain(lemmas));
    case.orders.known(&named)?;
    if case.spec != SpecKind::Register {
        return Err(Fault::Unverified(format!(
            "the rules of cycles are about registers, not about a {}",
            case.spec
        )));
    }
    let next = edges.iter().cycle().skip(1);
    if edges.is_empty() || edges.iter().zip(next).any(|(edge, next)| edge.to != next.from) {
        return refuted("its edges do not form a cycle");
    }
    let facts = Facts { case, sources: Sources::new(case, &named) };
    facts.all_happened(&named)?;
    match case.model {
        Model::CausalWeak | Model::CausalConvergent => pasts::check(&facts, edges, lemmas),
        Model::Session(guarantees) => sessions::check(&facts, guarantees, edges, lemmas),
        Model::Weak | Model::Release | Model::Entry => synchronised::check(&facts, edges, lemmas),
        Model::Eventual => refuted("eventual orders nothing"),
        _ => views::check(&facts, edges, lemmas),
    }
}

/// Whether an edge's reason holds, given lemmas whose own reasons hold.
#[cfg(test)]
pub(super) fn edge_holds(case: &Case<'_>, edge: &Edge, lemmas: &[Edge]) -> bool {
    let named = named(lemmas.iter().chain([edge]));
    let facts = Facts { case, sources: Sources::new(case, &named) };
    let justified = |result: Result<(), Fault>| match result {
        Err(Fault::Refuted(why)) => !why.contains("not shown to be"),
        other => other.is_ok(),
    };
    let all = [lemmas, std::slice::from_ref(edge)].concat();
    facts.all_happened(&named).is_ok()
        && justified(match case.model {
            Model::CausalWeak | Model::CausalConvergent => pasts::check(&facts, &[], &all),
            Model::Session(guarantees) => sessions::check(&facts, guarantees, &[], &all),
            Model::Weak | Model::Release | Model::Entry => synchronised::check(&facts, &[], &all),
            _ => views::check(&facts, &[], &all),
        })
}

/// Every operation that the edges name, each once.
fn named<'e>(edges: impl Iterator<Item = &'e Edge>) -> Vec<OpId> {
    let mut named = Vec::new();
    for edge in edges {
        named.extend([edge.from, edge.to]);
        if let Why::Derived { because, .. } = &edge.why {
            named.extend(because);
        }
    }
    named.sort_unstable();
    named.dedup();
    named
}

/// What the history says about the operations that a cycle names.
struct Facts<'a> {
    case: &'a Case<'a>,
    sources: Sources,
}

impl Facts<'_> {
    fn program(&self, a: OpId, b: OpId) -> bool {
        self.case.orders.program(a, b)
    }

    /// `b` can have read from `a` alone.
    fn reads_from(&self, a: OpId, b: OpId) -> bool {
        self.sources.of(b) == Some(Some(a))
    }

    /// It can have read the initial state alone.
    fn reads_initial(&self, read: OpId) -> bool {
        self.sources.of(read) == Some(None)
    }

    fn reads(&self, op: OpId) -> bool {
        super::registers::read_of(self.case.history, op).is_some()
    }

    fn writes(&self, op: OpId) -> bool {
        super::registers::write_of(self.case.history, op).is_some()
    }

    fn is_sync(&self, op: OpId) -> bool {
        self.case.history.function(op).is_sync()
    }

    fn same_key(&self, a: OpId, b: OpId) -> bool {
        let key = |op| self.case.history.micro(op).key();
        key(a).is_some() && key(a) == key(b)
    }

    /// Everything named takes part in the model and is known to have happened.
    fn all_happened(&self, named: &[OpId]) -> Result<(), Fault> {
        let Case { history, model, .. } = *self.case;
        let takes_part = |op: OpId| match model.is_synchronised() && self.is_sync(op) {
            true => history.outcome(op) != Outcome::Fail,
            false => {
                kept(history, SpecKind::Register, op) && (model.is_one_view() || !mismatched(history, op))
            }
        };
        match named.iter().find(|&&op| !takes_part(op) || !self.sources.happened(history, op)) {
            Some(op) => refuted(format!("operation {op} takes no part, or may not have happened")),
            None => Ok(()),
        }
    }

    /// The two ends of an overwriting: writes to one key, and the read at the end of the way, which reads from `to`.
    fn overwriting(&self, from: OpId, to: OpId, way: &[OpId]) -> Option<OpId> {
        let &read = way.last()?;
        let apart = from != to && from != read;
        (apart && self.writes(from) && self.same_key(from, to) && self.reads_from(to, read)).then_some(read)
    }

    /// A read of the initial state, and a write to its key that is another operation.
    fn initial(&self, from: OpId, to: OpId, way: &[OpId]) -> bool {
        way.is_empty() && from != to && self.reads_initial(from) && self.writes(to) && self.same_key(from, to)
    }
}

/// That an edge's reason does not hold.
fn unjustified<T>(edge: &Edge) -> Result<T, Fault> {
    let why = match &edge.why {
        Why::ProgramOrder => "program order",
        Why::RealTime => "real time",
        Why::ReadsFrom => "reads-from with one possible source",
        Why::Sync => "synchronisation",
        Why::Derived { rule, .. } => rule,
    };
    refuted(format!("operation {} is not shown to be before {} by {why}", edge.from, edge.to))
}

/// The links of a way from `from` through `way`.
fn links(from: OpId, way: &[OpId]) -> impl Iterator<Item = (OpId, OpId)> + Clone {
    std::iter::once(from).chain(way.iter().copied()).zip(way.iter().copied())
}
