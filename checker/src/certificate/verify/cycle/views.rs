//! Cycles of strict, linearizable, sequential, fifo, processor, cache, slow and causal: orders in views.
//!
//! A view is a total order, so orders that hold in one view have no cycle. What holds where:
//!
//! - Program order (slow, cache: among operations on one key) holds in every view for the operations that it has. Where a
//!   step enters another process's read, that read is left by program order again, for reads-from into it holds in its own
//!   process's view only: both steps together are program order.
//! - causal: reads-from is part of causal order, which every view respects between the operations that it has; a cycle
//!   of causal order alone is forbidden by itself.
//! - The rules about a read or cas hold in the views that have it: a read is in its process's view, or in the one view of
//!   everything or of its key; a cas is in all.

use super::scope::Scope;
use super::{Facts, links, unjustified};
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::{Edge, Why, rules};
use crate::history::OpId;
use crate::model::Model;
use rustc_hash::FxHashMap;

/// That the edges hold in some one view.
pub(super) fn check(facts: &Facts<'_>, edges: &[Edge], lemmas: &[Edge]) -> Result<(), Fault> {
    let mut views = Views { facts, lemmas: FxHashMap::default() };
    if matches!(facts.case.model, Model::Slow | Model::Cache)
        && edges.iter().any(|edge| !facts.same_key(edge.from, edge.to))
    {
        return refuted("its operations are not all on one key");
    }
    for lemma in lemmas {
        let scope = views.edge(lemma)?;
        let known = views.lemmas.remove(&(lemma.from, lemma.to)).unwrap_or_else(Scope::nowhere);
        views.lemmas.insert((lemma.from, lemma.to), known.or(scope));
    }
    let mut scope = Scope::Everywhere;
    for edge in edges {
        scope = scope.and(views.edge(edge)?);
    }
    if scope.is_nowhere() { refuted("its orders are of different processes' views") } else { Ok(()) }
}

struct Views<'a> {
    facts: &'a Facts<'a>,
    lemmas: FxHashMap<(OpId, OpId), Scope>,
}

impl Views<'_> {
    /// Where an edge holds for the reason that it gives.
    fn edge(&self, edge: &Edge) -> Result<Scope, Fault> {
        let &Edge { from, to, ref why } = edge;
        let scope = match why {
            Why::ProgramOrder => self.program(from, to),
            Why::RealTime => self.time(from, to),
            Why::ReadsFrom => self.reads_from(from, to),
            Why::Sync => Scope::nowhere(),
            Why::Derived { rule, because } => self.derived(rule, from, to, because),
        };
        if scope.is_nowhere() { unjustified(edge) } else { Ok(scope) }
    }

    fn program(&self, a: OpId, b: OpId) -> Scope {
        let by_key = matches!(self.facts.case.model, Model::Slow | Model::Cache);
        self.everywhere_if(self.facts.program(a, b) && (!by_key || self.facts.same_key(a, b)))
    }

    fn time(&self, a: OpId, b: OpId) -> Scope {
        let orders = &self.facts.case.orders;
        self.everywhere_if(match self.facts.case.model {
            Model::Strict => orders.instants(a, b),
            Model::Linearizable => orders.real_time(a, b),
            _ => false,
        })
    }

    fn reads_from(&self, a: OpId, b: OpId) -> Scope {
        match (self.facts.reads_from(a, b), self.facts.case.model) {
            (false, _) => Scope::nowhere(),
            (true, Model::Causal) => Scope::Everywhere,
            (true, _) => self.views_of(b),
        }
    }

    fn everywhere_if(&self, holds: bool) -> Scope {
        if holds { Scope::Everywhere } else { Scope::nowhere() }
    }

    /// The views that have a read or cas.
    fn views_of(&self, read: OpId) -> Scope {
        let by_process =
            matches!(self.facts.case.model, Model::Fifo | Model::Processor | Model::Slow | Model::Causal);
        if by_process && !self.facts.writes(read) {
            Scope::of(self.facts.case.history.process(read))
        } else {
            Scope::Everywhere
        }
    }

    /// Where a base order or a lemma puts `a` before `b`.
    fn link(&self, a: OpId, b: OpId) -> Scope {
        let lemma = self.lemmas.get(&(a, b)).cloned().unwrap_or_else(Scope::nowhere);
        self.program(a, b).or(self.time(a, b)).or(self.reads_from(a, b)).or(lemma)
    }

    /// Where all links of a way hold.
    fn way(&self, from: OpId, way: &[OpId]) -> Scope {
        links(from, way).fold(Scope::Everywhere, |scope, (a, b)| scope.and(self.link(a, b)))
    }

    fn derived(&self, rule: &str, from: OpId, to: OpId, because: &[OpId]) -> Scope {
        let facts = self.facts;
        let scope = match rule {
            rules::OVERWRITTEN => match facts.overwriting(from, to, because) {
                Some(read) => self.way(from, because).and(self.views_of(read)),
                None => Scope::nowhere(),
            },
            rules::READS_INITIAL if facts.initial(from, to, because) => self.views_of(from),
            rules::FROM_READ => match because.split_first() {
                Some((&source, way)) if self.overtaken(from, to, source) => {
                    self.way(source, &[way, &[to]].concat()).and(self.views_of(from))
                }
                _ => Scope::nowhere(),
            },
            rules::TRANSITIVE => self.way(from, &[because, &[to]].concat()),
            _ => Scope::nowhere(),
        };
        let agreed = facts.case.model == Model::Processor
            && facts.writes(from)
            && facts.writes(to)
            && facts.same_key(from, to);
        if agreed && !scope.is_nowhere() { Scope::Everywhere } else { scope }
    }

    /// A read from `source`, and another write to its key.
    fn overtaken(&self, read: OpId, write: OpId, source: OpId) -> bool {
        let facts = self.facts;
        let apart = write != source && write != read;
        apart && facts.reads_from(source, read) && facts.writes(write) && facts.same_key(read, write)
    }
}
