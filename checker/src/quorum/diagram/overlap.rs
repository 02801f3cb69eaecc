//! Quorums, one of each of several systems, that share as little as possible.
//!
//! **Problem.** Given quorum systems f1 … fk over the same replicas, find quorums Q1 … Qk whose common part is lightest;
//! among those, of the smallest sizes together. An overlap of weight 0 is a counterexample to safety.
//!
//! **Algorithm.** A shortest path over tuples of diagram nodes, memoised: at each level the replica joins some of the k
//! quorums; joining all of them costs its weight, and each membership costs one in the second component.
//!
//! **Why it is correct.** Every choice of quorums is one path and the cost of a path is the cost of its sets, so the
//! least path is the least overlap, whatever the weights. Nothing is expanded: the dual is never formed.
//!
//! **Complexity.** At most the product of the diagrams' sizes, times 2^k.

use rustc_hash::FxHashMap;

use super::{Diagram, FALSE, Ref, TRUE};
use crate::quorum::error::Stopped;
use crate::quorum::set::ReplicaSet;

/// Quorums that share as little as possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::quorum) struct Overlap {
    /// The weight of the replicas common to all of the quorums.
    pub(in crate::quorum) weight: u64,
    /// One quorum of each system.
    pub(in crate::quorum) quorums: Vec<ReplicaSet>,
}

/// No tuple of quorums from here on.
const NEVER: (u64, u64) = (u64::MAX, u64::MAX);
/// The best cost of a tuple and the memberships to choose at its level.
type Best = ((u64, u64), u8);

/// The lightest overlap of one quorum of each root (at most three), or `None` where one has no quorum at all.
///
/// `weight` is by replica. Replicas of weight 0 may be common for nothing.
pub(in crate::quorum) fn lightest_overlap(
    diagram: &Diagram,
    roots: [Ref; 3],
    arity: usize,
    weight: &dyn Fn(usize) -> u64,
) -> Result<Option<Overlap>, Stopped> {
    let mut search = Search { diagram, arity, weight, best: FxHashMap::default() };
    if search.visit(roots)?.0 == NEVER {
        return Ok(None);
    }
    let mut quorums = vec![ReplicaSet::new(); arity];
    let mut common = 0;
    let mut at = roots;
    while let Some(level) = search.level(at) {
        let (_, joined) = search.best[&at];
        let replica = diagram.order[level as usize];
        for (i, quorum) in quorums.iter_mut().enumerate() {
            if joined >> i & 1 == 1 {
                quorum.insert(replica);
            }
        }
        if joined.count_ones() as usize == arity {
            common += weight(replica);
        }
        at = search.step(at, level, joined);
    }
    Ok(Some(Overlap { weight: common, quorums }))
}

struct Search<'a> {
    diagram: &'a Diagram,
    arity: usize,
    weight: &'a dyn Fn(usize) -> u64,
    best: FxHashMap<[Ref; 3], Best>,
}

impl Search<'_> {
    /// The first level that one of the nodes tests.
    fn level(&self, at: [Ref; 3]) -> Option<u32> {
        let level = at.iter().map(|&node| self.diagram.nodes[node as usize].level).min();
        level.filter(|&level| level != u32::MAX)
    }

    fn step(&self, at: [Ref; 3], level: u32, joined: u8) -> [Ref; 3] {
        std::array::from_fn(|i| self.diagram.branch(at[i], level, joined >> i & 1 == 1))
    }

    fn visit(&mut self, at: [Ref; 3]) -> Result<Best, Stopped> {
        if at.contains(&FALSE) {
            return Ok((NEVER, 0));
        }
        let Some(level) = self.level(at) else {
            debug_assert!(at.iter().all(|&node| node == TRUE));
            return Ok(((0, 0), 0));
        };
        if let Some(&known) = self.best.get(&at) {
            return Ok(known);
        }
        self.diagram.limits.check_entries(self.best.len())?;
        let all = (1_u8 << self.arity) - 1;
        let mut best: Best = (NEVER, 0);
        for joined in 0..=all {
            // A quorum that does not test this replica gains nothing from it.
            let idle = (0..self.arity)
                .any(|i| joined >> i & 1 == 1 && self.diagram.nodes[at[i] as usize].level != level);
            if idle {
                continue;
            }
            let rest = self.visit(self.step(at, level, joined))?.0;
            if rest == NEVER {
                continue;
            }
            let shared = if joined == all { (self.weight)(self.diagram.order[level as usize]) } else { 0 };
            let cost = (rest.0.saturating_add(shared), rest.1 + u64::from(joined.count_ones()));
            if cost < best.0 {
                best = (cost, joined);
            }
        }
        self.best.insert(at, best);
        Ok(best)
    }
}
