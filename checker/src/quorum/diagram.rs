//! Reduced ordered binary decision diagrams of quorum formulas.
//!
//! **Problem.** Safety, fault tolerance, availability, cheapest quorums and minimal quorums all ask about the whole set
//! of quorums, which is exponential even for a majority.
//!
//! **Algorithm.** A formula becomes a diagram once (Bryant 1986); afterwards every question is one pass over its nodes.
//! Replicas are tested in the order in which a walk over the formula meets them, which keeps read-once systems
//! (thresholds of thresholds, grids, hierarchies) small. A weighted threshold is built input by input; the remaining
//! need is remembered as the *interval* of needs that give the same node (Abío, Nieuwenhuis, Oliveras,
//! Rodríguez-Carbonell and Mayer-Eichberger 2012), so large weights cost no more than the diagram has nodes.
//!
//! **Why it is correct.** Nodes are hash-consed with equal branches merged, so two formulas over one order are equal iff
//! their roots are.
//!
//! **Complexity.** Linear in the diagram, which is at most `n·(n+1)` nodes for a threshold over equal votes and can be
//! exponential in general: [`Limits::entries`] ends the attempt with [`Stopped::TooLarge`].

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::error::{Limits, Stopped};
use super::formula::{Formula, Gate};
use super::set::ReplicaSet;

mod minimal;
mod overlap;
mod query;

pub(super) use minimal::MinimalSets;
pub(super) use overlap::{Overlap, lightest_overlap};
pub(super) use query::{Cone, Goal};

/// A node: `FALSE`, `TRUE`, or an index into [`Diagram::nodes`].
pub(super) type Ref = u32;
pub(super) const FALSE: Ref = 0;
pub(super) const TRUE: Ref = 1;

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Node {
    /// The level tested; the terminals have `u32::MAX`.
    pub(super) level: u32,
    /// The node to go to where the replica is absent.
    pub(super) lo: Ref,
    /// The node to go to where the replica is present.
    pub(super) hi: Ref,
}

/// Shared nodes over one order of replicas. Children stand before their parents.
pub(super) struct Diagram {
    /// The replica of each level.
    pub(super) order: Vec<usize>,
    level_of: FxHashMap<usize, u32>,
    pub(super) nodes: Vec<Node>,
    unique: FxHashMap<Node, Ref>,
    chosen: FxHashMap<(Ref, Ref, Ref), Ref>,
    resilient: FxHashMap<(Ref, u32), Ref>,
    pub(super) limits: Limits,
}

/// The most inputs of a threshold that is neither *or* nor *and*: it is built recursively.
const MOST_INPUTS: usize = 2_048;

/// What a threshold needs, as the interval of needs that lead to one node.
type Interval = (i128, i128, Ref);

impl Diagram {
    /// A diagram whose levels are the replicas of the formulas, in the order of their walks.
    pub(super) fn over(formulas: &[&Formula], limits: Limits) -> Self {
        let mut level_of = FxHashMap::default();
        let mut order = Vec::new();
        for replica in formulas.iter().flat_map(|formula| formula.replicas()) {
            level_of.entry(replica).or_insert_with(|| {
                order.push(replica);
                order.len() as u32 - 1
            });
        }
        let terminal = Node { level: u32::MAX, lo: FALSE, hi: FALSE };
        Self {
            order,
            level_of,
            nodes: vec![terminal, Node { lo: TRUE, hi: TRUE, ..terminal }],
            unique: FxHashMap::default(),
            chosen: FxHashMap::default(),
            resilient: FxHashMap::default(),
            limits,
        }
    }

    /// The node of a formula over the diagram's replicas.
    pub(super) fn add(&mut self, formula: &Formula) -> Result<Ref, Stopped> {
        self.limits.check()?;
        let mut refs: Vec<Ref> = Vec::with_capacity(formula.gates.len());
        for gate in &formula.gates {
            let node = match gate {
                Gate::Replica(replica) => self.node(self.level_of[&(*replica as usize)], FALSE, TRUE)?,
                Gate::Threshold { need, inputs } => {
                    let mut weighted: Vec<(Ref, i128)> =
                        inputs.iter().map(|(input, w)| (refs[input.0 as usize], i128::from(*w))).collect();
                    // Inputs that start at earlier levels come first, so that choices are made from the top down.
                    weighted.sort_by_key(|(input, _)| self.nodes[*input as usize].level);
                    self.threshold(i128::from(*need), &weighted)?
                }
            };
            refs.push(node);
        }
        Ok(refs[formula.root.0 as usize])
    }

    pub(super) fn node(&mut self, level: u32, lo: Ref, hi: Ref) -> Result<Ref, Stopped> {
        if lo == hi {
            return Ok(lo);
        }
        let node = Node { level, lo, hi };
        if let Some(&known) = self.unique.get(&node) {
            return Ok(known);
        }
        self.limits.check_entries(self.nodes.len())?;
        let id = self.nodes.len() as Ref;
        self.nodes.push(node);
        self.unique.insert(node, id);
        Ok(id)
    }

    fn threshold(&mut self, need: i128, inputs: &[(Ref, i128)]) -> Result<Ref, Stopped> {
        let mut rest = vec![0; inputs.len() + 1];
        for (i, (_, weight)) in inputs.iter().enumerate().rev() {
            rest[i] = rest[i + 1] + weight;
        }
        if need <= 0 {
            return Ok(TRUE);
        }
        if inputs.iter().all(|(_, weight)| *weight >= need) {
            return inputs.iter().rev().try_fold(FALSE, |rest, &(input, _)| self.choose(input, TRUE, rest));
        }
        if rest[0] == need {
            return inputs.iter().rev().try_fold(TRUE, |rest, &(input, _)| self.choose(input, rest, FALSE));
        }
        if inputs.len() > MOST_INPUTS {
            return Err(Stopped::TooLarge);
        }
        let mut known: Vec<BTreeMap<i128, (i128, Ref)>> = vec![BTreeMap::new(); inputs.len()];
        Ok(self.threshold_from(0, need, inputs, &rest, &mut known)?.2)
    }

    /// The rule: with inputs `i..` left and `need` to go, take the branch on input `i`. All needs of the returned
    /// interval select the same combinations: from below, those of both branches; from above, likewise.
    fn threshold_from(
        &mut self,
        i: usize,
        need: i128,
        inputs: &[(Ref, i128)],
        rest: &[i128],
        known: &mut [BTreeMap<i128, (i128, Ref)>],
    ) -> Result<Interval, Stopped> {
        if need <= 0 {
            return Ok((i128::MIN / 2, 0, TRUE));
        }
        if need > rest[i] {
            return Ok((rest[i] + 1, i128::MAX / 2, FALSE));
        }
        if let Some((&low, &(high, node))) = known[i].range(..=need).next_back()
            && need <= high
        {
            return Ok((low, high, node));
        }
        let (input, weight) = inputs[i];
        let with = self.threshold_from(i + 1, need - weight, inputs, rest, known)?;
        let without = self.threshold_from(i + 1, need, inputs, rest, known)?;
        let node = self.choose(input, with.2, without.2)?;
        let (low, high) = ((with.0 + weight).max(without.0), (with.1 + weight).min(without.1));
        known[i].insert(low, (high, node));
        Ok((low, high, node))
    }

    /// `if test then yes else no`.
    pub(super) fn choose(&mut self, test: Ref, yes: Ref, no: Ref) -> Result<Ref, Stopped> {
        match (test, yes, no) {
            (TRUE, _, _) => return Ok(yes),
            (FALSE, _, _) => return Ok(no),
            (_, TRUE, FALSE) => return Ok(test),
            _ if yes == no => return Ok(yes),
            _ => {}
        }
        if let Some(&known) = self.chosen.get(&(test, yes, no)) {
            return Ok(known);
        }
        self.limits.check_entries(self.chosen.len())?;
        let level =
            [test, yes, no].map(|r| self.nodes[r as usize].level).into_iter().min().unwrap_or(u32::MAX);
        let [test_lo, yes_lo, no_lo] = [test, yes, no].map(|r| self.branch(r, level, false));
        let [test_hi, yes_hi, no_hi] = [test, yes, no].map(|r| self.branch(r, level, true));
        let lo = self.choose(test_lo, yes_lo, no_lo)?;
        let hi = self.choose(test_hi, yes_hi, no_hi)?;
        let node = self.node(level, lo, hi)?;
        self.chosen.insert((test, yes, no), node);
        Ok(node)
    }

    /// Where a node leads once the replica of `level` is known.
    pub(super) fn branch(&self, node: Ref, level: u32, present: bool) -> Ref {
        let Node { level: own, lo, hi } = self.nodes[node as usize];
        match (own == level, present) {
            (false, _) => node,
            (true, true) => hi,
            (true, false) => lo,
        }
    }

    /// The sets that are still quorums after the loss of any `losses` replicas.
    ///
    /// The rule: at a present replica the adversary may spend a loss, so both continuations must hold; an absent one
    /// is not worth a loss.
    pub(super) fn resilient(&mut self, node: Ref, losses: u32) -> Result<Ref, Stopped> {
        if losses == 0 || node <= TRUE {
            return Ok(node);
        }
        if let Some(&known) = self.resilient.get(&(node, losses)) {
            return Ok(known);
        }
        self.limits.check_entries(self.resilient.len())?;
        let Node { level, lo, hi } = self.nodes[node as usize];
        let kept = self.resilient(hi, losses)?;
        let lost = self.resilient(lo, losses - 1)?;
        let present = self.choose(kept, lost, FALSE)?;
        let absent = self.resilient(lo, losses)?;
        let result = self.node(level, absent, present)?;
        self.resilient.insert((node, losses), result);
        Ok(result)
    }

    /// A set of replicas from the levels that a path took.
    pub(super) fn replicas(&self, levels: impl IntoIterator<Item = u32>) -> ReplicaSet {
        levels.into_iter().map(|level| self.order[level as usize]).collect()
    }
}

#[cfg(test)]
mod tests;
