//! Monotone formulas over replicas: which sets of replicas are quorums.
//!
//! Every gate is a weighted threshold: *or* needs 1 of its inputs, *and* all of them, *choose k* needs k. Gates are shared
//! (a directed acyclic graph), so a formula that mentions a part twice stores it once, and the dual is as large as the
//! formula: a threshold of `t` out of a total weight `V` becomes one of `V - t + 1`, and the inputs are dualised in
//! place. That is de Morgan's rule, `dual(f)(S) = !f(!S)`, and it never multiplies anything out.
//!
//! Replicas are known by their number, so `a*b + a*c` mentions one `a`.

use rustc_hash::FxHashMap;

use super::error::QuorumError;
use super::set::ReplicaSet;

/// The most gates that a formula may have.
pub const MAX_GATES: usize = 100_000;

/// A gate of a [`Builder`] or a [`Formula`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GateId(pub(super) u32);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Gate {
    Replica(u32),
    /// At least `need` of the inputs' weight. Invariants: `1 <= need <= total` and two inputs or more, each of weight
    /// `1..=need` and mentioned once; except that the constants have no input and need 0 (true) or 1 (false).
    Threshold {
        need: u64,
        inputs: Box<[(GateId, u64)]>,
    },
}

/// A monotone formula over replicas.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Builder, ReplicaSet};
///
/// let mut builder = Builder::new();
/// let [a, b, c] = [0, 1, 2].map(|replica| builder.replica(replica));
/// let either = builder.any(&[b, c]).unwrap();
/// let root = builder.all(&[a, either]).unwrap();
/// let formula = builder.finish(root);
/// assert!(formula.is_quorum(&[0, 2].into_iter().collect::<ReplicaSet>()));
/// assert!(formula.dual().is_quorum(&[0].into_iter().collect::<ReplicaSet>()));
/// ```
#[derive(Clone, Debug)]
pub struct Formula {
    /// Inputs stand before the gates that use them.
    pub(super) gates: Vec<Gate>,
    pub(super) root: GateId,
}

/// Builds a [`Formula`] from the leaves up, sharing equal gates.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    gates: Vec<Gate>,
    known: FxHashMap<Gate, GateId>,
}

impl Builder {
    /// A builder without gates.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The leaf of one replica.
    pub fn replica(&mut self, replica: usize) -> GateId {
        self.intern(Gate::Replica(u32::try_from(replica).unwrap_or(u32::MAX)))
    }

    /// At least one of the inputs.
    ///
    /// # Errors
    ///
    /// When the formula has too many gates.
    pub fn any(&mut self, inputs: &[GateId]) -> Result<GateId, QuorumError> {
        self.choose(1, inputs)
    }

    /// All of the inputs.
    ///
    /// # Errors
    ///
    /// When the formula has too many gates.
    pub fn all(&mut self, inputs: &[GateId]) -> Result<GateId, QuorumError> {
        self.choose(inputs.len() as u64, inputs)
    }

    /// At least `k` of the inputs.
    ///
    /// # Errors
    ///
    /// When the formula has too many gates.
    pub fn choose(&mut self, k: u64, inputs: &[GateId]) -> Result<GateId, QuorumError> {
        let weighted: Vec<_> = inputs.iter().map(|&input| (input, 1)).collect();
        self.threshold(k, &weighted)
    }

    /// More than half of the inputs.
    ///
    /// # Errors
    ///
    /// When the formula has too many gates.
    pub fn majority(&mut self, inputs: &[GateId]) -> Result<GateId, QuorumError> {
        self.choose(inputs.len() as u64 / 2 + 1, inputs)
    }

    /// Inputs of at least weight `need`: always true where `need` is 0, never where it exceeds the total.
    ///
    /// # Errors
    ///
    /// When the weights add up to more than fits, or the formula has too many gates.
    pub fn threshold(&mut self, need: u64, inputs: &[(GateId, u64)]) -> Result<GateId, QuorumError> {
        if self.gates.len() >= MAX_GATES || inputs.len() > MAX_GATES {
            return Err(QuorumError::new(
                "expression",
                format!("more than {MAX_GATES} gates"),
                "split the system or use a threshold instead of an enumeration",
            ));
        }
        let Some((need, merged)) = self.merge(need, inputs) else { return Ok(self.constant(true)) };
        let total = merged.iter().try_fold(0_u64, |sum, (_, weight)| sum.checked_add(*weight));
        let Some(total) = total.filter(|&total| total <= super::voting::MAX_VOTES) else {
            return Err(QuorumError::new(
                "weighted",
                "the weights overflow",
                format!("keep their sum below {}", super::voting::MAX_VOTES),
            ));
        };
        Ok(match merged.as_slice() {
            _ if need > total => self.constant(false),
            [(only, _)] => *only,
            _ => self.intern(Gate::Threshold { need, inputs: merged.into() }),
        })
    }

    /// Absorbs constants, adds up repeated inputs and caps weights at `need`; `None` where nothing more is needed.
    fn merge(&self, mut need: u64, inputs: &[(GateId, u64)]) -> Option<(u64, Vec<(GateId, u64)>)> {
        let mut position: FxHashMap<GateId, usize> = FxHashMap::default();
        let mut merged: Vec<(GateId, u64)> = Vec::with_capacity(inputs.len());
        for &(input, weight) in inputs.iter().filter(|(_, weight)| *weight > 0) {
            match self.value(input) {
                Some(true) => need = need.saturating_sub(weight),
                Some(false) => {}
                None => match position.get(&input) {
                    Some(&at) => merged[at].1 = merged[at].1.saturating_add(weight),
                    None => {
                        position.insert(input, merged.len());
                        merged.push((input, weight));
                    }
                },
            }
        }
        for (_, weight) in &mut merged {
            *weight = (*weight).min(need);
        }
        (need > 0).then_some((need, merged))
    }

    /// The value of a constant gate.
    fn value(&self, gate: GateId) -> Option<bool> {
        match &self.gates[gate.0 as usize] {
            Gate::Threshold { need, inputs } if inputs.is_empty() => Some(*need == 0),
            _ => None,
        }
    }

    fn constant(&mut self, value: bool) -> GateId {
        self.intern(Gate::Threshold { need: u64::from(!value), inputs: Box::default() })
    }

    fn intern(&mut self, gate: Gate) -> GateId {
        if let Some(&id) = self.known.get(&gate) {
            return id;
        }
        let id = GateId(u32::try_from(self.gates.len()).unwrap_or(u32::MAX));
        self.known.insert(gate.clone(), id);
        self.gates.push(gate);
        id
    }

    /// Copies a formula's gates into this builder, each replica replaced by what `leaf` makes of it.
    fn graft(
        &mut self,
        formula: &Formula,
        mut leaf: impl FnMut(&mut Self, usize) -> GateId,
        mut need_of: impl FnMut(u64, u64) -> u64,
    ) -> GateId {
        let mut map: Vec<GateId> = Vec::with_capacity(formula.gates.len());
        for gate in &formula.gates {
            let id = match gate {
                Gate::Replica(replica) => leaf(self, *replica as usize),
                Gate::Threshold { need, inputs } => {
                    let total = inputs.iter().map(|(_, weight)| weight).sum();
                    let moved: Vec<_> = inputs.iter().map(|(input, w)| (map[input.0 as usize], *w)).collect();
                    // The copy has no more gates and no more weight than the original, which was accepted.
                    match self.merge(need_of(*need, total), &moved) {
                        None => self.constant(true),
                        Some((need, merged)) => {
                            let total: u64 = merged.iter().map(|(_, weight)| weight).sum();
                            match merged.as_slice() {
                                _ if need > total => self.constant(false),
                                [(only, _)] => *only,
                                _ => self.intern(Gate::Threshold { need, inputs: merged.into() }),
                            }
                        }
                    }
                }
            };
            map.push(id);
        }
        map[formula.root.0 as usize]
    }

    /// The formula of one gate.
    #[must_use]
    pub fn finish(self, root: GateId) -> Formula {
        let mut used = vec![false; self.gates.len()];
        used[root.0 as usize] = true;
        for (i, gate) in self.gates.iter().enumerate().rev() {
            if let (true, Gate::Threshold { inputs, .. }) = (used[i], gate) {
                for (input, _) in inputs {
                    used[input.0 as usize] = true;
                }
            }
        }
        let mut map = vec![GateId(0); self.gates.len()];
        let mut gates = Vec::new();
        for (i, gate) in self.gates.into_iter().enumerate().filter(|(i, _)| used[*i]) {
            map[i] = GateId(u32::try_from(gates.len()).unwrap_or(u32::MAX));
            gates.push(match gate {
                Gate::Replica(replica) => Gate::Replica(replica),
                Gate::Threshold { need, inputs } => Gate::Threshold {
                    need,
                    inputs: inputs.iter().map(|(input, weight)| (map[input.0 as usize], *weight)).collect(),
                },
            });
        }
        Formula { root: map[root.0 as usize], gates }
    }
}

impl Formula {
    /// Whether the set contains a quorum.
    ///
    /// # Complexity
    ///
    /// Linear in the formula.
    #[must_use]
    pub fn is_quorum(&self, set: &ReplicaSet) -> bool {
        let mut value = Vec::with_capacity(self.gates.len());
        for gate in &self.gates {
            value.push(match gate {
                Gate::Replica(replica) => set.contains(*replica as usize),
                Gate::Threshold { need, inputs } => {
                    let have: u64 =
                        inputs.iter().filter(|(input, _)| value[input.0 as usize]).map(|(_, w)| w).sum();
                    have >= *need
                }
            });
        }
        value[self.root.0 as usize]
    }

    /// The dual: the sets that meet every quorum of this formula.
    ///
    /// # Complexity
    ///
    /// Linear in the formula; nothing is expanded. Source: Ibaraki and Kameda, "A theory of coteries" (1993).
    #[must_use]
    pub fn dual(&self) -> Self {
        // Constants swap by the same rule: need 0 of 0 becomes 1 of 0, and back.
        self.rebuilt(Builder::replica, |need, total| total + 1 - need)
    }

    /// This formula with the replicas of `down` never answering.
    #[must_use]
    pub fn without(&self, down: &ReplicaSet) -> Self {
        self.rebuilt(
            |b, replica| if down.contains(replica) { b.constant(false) } else { b.replica(replica) },
            |need, _| need,
        )
    }

    /// This formula over other replicas: `replica` becomes `to(replica)`; several may become one.
    #[must_use]
    pub fn renamed(&self, to: impl Fn(usize) -> usize) -> Self {
        self.rebuilt(|builder, replica| builder.replica(to(replica)), |need, _| need)
    }

    /// Both formulas at once: a set is a quorum if it is one of each.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut builder = Builder::new();
        let parts = [self, other].map(|formula| builder.graft(formula, Builder::replica, |need, _| need));
        let root =
            builder.intern(Gate::Threshold { need: 2, inputs: Box::new([(parts[0], 1), (parts[1], 1)]) });
        let joined = builder.finish(root);
        joined.rebuilt(Builder::replica, |need, _| need)
    }

    fn rebuilt(
        &self,
        leaf: impl FnMut(&mut Builder, usize) -> GateId,
        need_of: impl FnMut(u64, u64) -> u64,
    ) -> Self {
        let mut builder = Builder::new();
        let root = builder.graft(self, leaf, need_of);
        builder.finish(root)
    }

    /// The replicas that the formula mentions, in the order of a walk from the root, left to right.
    #[must_use]
    pub fn replicas(&self) -> Vec<usize> {
        let mut seen = vec![false; self.gates.len()];
        let mut order = Vec::new();
        let mut stack = vec![self.root];
        while let Some(gate) = stack.pop() {
            if std::mem::replace(&mut seen[gate.0 as usize], true) {
                continue;
            }
            match &self.gates[gate.0 as usize] {
                Gate::Replica(replica) => order.push(*replica as usize),
                Gate::Threshold { inputs, .. } => stack.extend(inputs.iter().rev().map(|(input, _)| *input)),
            }
        }
        order
    }

    /// The threshold and its voters, where the formula is one threshold over replicas.
    #[must_use]
    pub fn as_votes(&self) -> Option<(u64, Vec<(usize, u64)>)> {
        let leaf = |gate: GateId| match self.gates[gate.0 as usize] {
            Gate::Replica(replica) => Some(replica as usize),
            Gate::Threshold { .. } => None,
        };
        match &self.gates[self.root.0 as usize] {
            Gate::Replica(replica) => Some((1, vec![(*replica as usize, 1)])),
            Gate::Threshold { need, inputs } => {
                let voters = inputs.iter().map(|(input, weight)| Some((leaf(*input)?, *weight)));
                Some((*need, voters.collect::<Option<_>>()?))
            }
        }
    }

    /// The quorums listed, where the formula is an *or* of *and*s of replicas (not necessarily minimal ones).
    pub(super) fn as_list(&self) -> Option<Vec<ReplicaSet>> {
        let Gate::Threshold { need: 1, inputs } = &self.gates[self.root.0 as usize] else { return None };
        let quorum = |gate: GateId| match &self.gates[gate.0 as usize] {
            Gate::Replica(replica) => Some(std::iter::once(*replica as usize).collect()),
            Gate::Threshold { need, inputs } if *need == inputs.iter().map(|(_, w)| w).sum::<u64>() => inputs
                .iter()
                .map(|(input, _)| match self.gates[input.0 as usize] {
                    Gate::Replica(replica) => Some(replica as usize),
                    Gate::Threshold { .. } => None,
                })
                .collect(),
            Gate::Threshold { .. } => None,
        };
        inputs.iter().map(|(input, _)| quorum(*input)).collect()
    }
}

#[cfg(test)]
mod tests;
