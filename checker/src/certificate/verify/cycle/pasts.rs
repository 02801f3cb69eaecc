//! Cycles of causal-weak and causal-convergent: causal order, and what causal pasts say of the arbitration.
//!
//! - A cycle of causal order is forbidden by itself.
//! - One edge from a read of the initial state to a write, and a way of causal order back: the write is in the read's
//!   causal past, and should have been seen.
//! - One edge "w1 is overwritten by w2" and a way of causal order from w2 to w1: the read reads from w2, and w1 is in its
//!   causal past and causally after w2. So what it reads from is not maximal in its past: both models forbid it.
//! - causal-convergent: several such edges, with ways of causal order between them: all are orders of the arbitration,
//!   which contains causal order.

use super::{Facts, links, unjustified};
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::{Edge, Why, rules};
use crate::history::OpId;
use crate::model::Model;
use rustc_hash::FxHashSet;

/// What an edge is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Causal,
    Overwritten,
    Initial,
}

/// That the cycle is one of those above.
pub(super) fn check(facts: &Facts<'_>, edges: &[Edge], lemmas: &[Edge]) -> Result<(), Fault> {
    let mut pasts = Pasts { facts, causal: FxHashSet::default() };
    for lemma in lemmas {
        if pasts.edge(lemma)? == Order::Causal {
            pasts.causal.insert((lemma.from, lemma.to));
        }
    }
    let orders = edges.iter().map(|edge| pasts.edge(edge)).collect::<Result<Vec<_>, _>>()?;
    let derived = orders.iter().filter(|&&order| order != Order::Causal).count();
    let initial = orders.contains(&Order::Initial);
    if derived <= 1 || facts.case.model == Model::CausalConvergent && !initial {
        Ok(())
    } else {
        refuted("its orders do not make a causal past")
    }
}

struct Pasts<'a> {
    facts: &'a Facts<'a>,
    /// Lemmas.
    causal: FxHashSet<(OpId, OpId)>,
}

impl Pasts<'_> {
    fn edge(&self, edge: &Edge) -> Result<Order, Fault> {
        let facts = self.facts;
        let &Edge { from, to, ref why } = edge;
        match why {
            Why::ProgramOrder if facts.program(from, to) => Ok(Order::Causal),
            Why::ReadsFrom if facts.reads_from(from, to) => Ok(Order::Causal),
            Why::Derived { rule: rules::TRANSITIVE, because }
                if self.way(from, &[because, &[to][..]].concat()) =>
            {
                Ok(Order::Causal)
            }
            Why::Derived { rule: rules::OVERWRITTEN, because }
                if facts.overwriting(from, to, because).is_some() && self.way(from, because) =>
            {
                Ok(Order::Overwritten)
            }
            Why::Derived { rule: rules::READS_INITIAL, because } if facts.initial(from, to, because) => {
                Ok(Order::Initial)
            }
            _ => unjustified(edge),
        }
    }

    fn way(&self, from: OpId, way: &[OpId]) -> bool {
        links(from, way).all(|(a, b)| {
            self.facts.program(a, b) || self.facts.reads_from(a, b) || self.causal.contains(&(a, b))
        })
    }
}
