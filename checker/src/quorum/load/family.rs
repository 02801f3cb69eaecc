//! Which sets of replicas a strategy may contact, and the cheapest of them under given prices.
//!
//! A *family* is a monotone formula with a latency: any of its sets answers by then. Without latencies there is one
//! family, the quorums (or their resilient supersets). With latencies there is one for each latency `t`: the sets whose
//! members that answer by `t` hold a quorum. So supersets of minimal quorums, which can be faster than minimal ones,
//! are candidates too, without being listed.

use super::{NoStrategy, Workload};
use crate::quorum::diagram::{Cone, Diagram, Goal, Ref};
use crate::quorum::error::{Limits, QuorumError, Stopped};
use crate::quorum::formula::Formula;
use crate::quorum::set::ReplicaSet;
use crate::quorum::system::{QuorumSystem, Replica};

/// Reads or writes: the candidates, and when a set of them is a quorum.
pub(super) struct Side {
    pub(super) formula: Formula,
    families: Candidates,
    /// One over each replica's capacity, in units of [`Task::scale`].
    pub(super) cost: Vec<f64>,
    pub(super) capacity: Vec<f64>,
}

enum Candidates {
    Diagrams(Vec<(f64, Cone)>),
    /// The quorums themselves, where they are listed and a diagram would be too large.
    Listed(Vec<ReplicaSet>),
}

/// One set that a strategy may contact.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) members: ReplicaSet,
    /// The latency that its family vouches for; 0 where latency plays no part.
    pub(super) latency: f64,
}

/// The optimisation problem in numbers.
pub(super) struct Task<'a> {
    pub(super) replicas: &'a [Replica],
    pub(super) workload: &'a Workload,
    /// Read fractions with normalised weights.
    pub(super) fractions: Vec<(f64, f64)>,
    /// Reads, then writes.
    pub(super) sides: [Side; 2],
    /// A capacity of middling size: loads times it are near 1, where the solver's tolerances are meant to be.
    pub(super) scale: f64,
}

impl<'a> Task<'a> {
    pub(super) fn new(
        system: &'a QuorumSystem,
        workload: &'a Workload,
        down: &ReplicaSet,
        limits: &Limits,
    ) -> Result<Self, NoStrategy> {
        let replicas = system.replicas();
        if workload.needs_latency()
            && let Some(unknown) = replicas.iter().find(|replica| replica.latency_ms.is_none())
        {
            let field = format!("nodes.{}.latency_ms", unknown.name);
            return Err(
                QuorumError::new(field, "the latency is not known", "write it for every replica").into()
            );
        }
        let total: f64 = workload.read_fractions.iter().map(|(_, weight)| weight).sum();
        let fractions = workload.read_fractions.iter().map(|&(f, weight)| (f, weight / total)).collect();
        let side = |formula: &Formula, capacity: fn(&Replica) -> f64| {
            let formula = formula.without(down);
            let families = candidates(&formula, replicas, workload, limits)?;
            let capacity: Vec<f64> = replicas.iter().map(capacity).collect();
            Ok::<_, NoStrategy>(Side { formula, families, cost: Vec::new(), capacity })
        };
        let mut sides = [
            side(system.reads(), |replica| replica.read_capacity)?,
            side(system.writes(), |replica| replica.write_capacity)?,
        ];
        let mut capacities: Vec<f64> = sides.iter().flat_map(|side| side.capacity.iter().copied()).collect();
        capacities.sort_by(f64::total_cmp);
        let scale = capacities[capacities.len() / 2];
        for side in &mut sides {
            side.cost = side.capacity.iter().map(|capacity| scale / capacity).collect();
        }
        Ok(Self { replicas, workload, fractions, sides, scale })
    }

    /// The part of the operations that are reads (0) or writes (1), at one read fraction.
    pub(super) fn share(&self, side: usize, fraction: f64) -> f64 {
        if side == 0 { fraction } else { 1.0 - fraction }
    }

    /// The same on average over the read fractions.
    pub(super) fn mean_share(&self, side: usize) -> f64 {
        self.fractions.iter().map(|&(fraction, weight)| weight * self.share(side, fraction)).sum()
    }
}

fn candidates(
    formula: &Formula,
    replicas: &[Replica],
    workload: &Workload,
    limits: &Limits,
) -> Result<Candidates, NoStrategy> {
    let plain = workload.resilient == 0 && !workload.needs_latency();
    match formula.as_list().filter(|list| plain && !list.is_empty()) {
        None => diagrams(formula, replicas, workload, limits),
        Some(list) => match diagrams(formula, replicas, workload, &limits.first_try()) {
            Err(NoStrategy::Stopped(Stopped::TooLarge)) => Ok(Candidates::Listed(list)),
            other => other,
        },
    }
}

fn diagrams(
    formula: &Formula,
    replicas: &[Replica],
    workload: &Workload,
    limits: &Limits,
) -> Result<Candidates, NoStrategy> {
    let mut diagram = Diagram::over(&[formula], *limits);
    let quorums = diagram.add(formula)?;
    let root = diagram.resilient(quorums, workload.resilient)?;
    if root == crate::quorum::diagram::FALSE {
        return Err(NoStrategy::Infeasible(match workload.resilient {
            0 => "the replicas that are left hold no quorum".to_owned(),
            f => format!("no set of replicas survives the loss of any {f} of its members"),
        }));
    }
    if !workload.needs_latency() {
        return Ok(Candidates::Diagrams(vec![(0.0, diagram.cone(root))]));
    }
    let mut latencies: Vec<f64> = replicas.iter().filter_map(|replica| replica.latency_ms).collect();
    latencies.sort_by(f64::total_cmp);
    latencies.dedup();
    let mut families: Vec<(f64, Cone)> = Vec::new();
    let mut last: Option<Ref> = None;
    for latency in latencies {
        let late = |replica: &Replica| replica.latency_ms.is_some_and(|own| own > latency);
        let late = replicas.iter().enumerate().filter(|(_, replica)| late(replica)).map(|(i, _)| i).collect();
        let prompt = diagram.add(&formula.without(&late))?;
        let family = diagram.choose(prompt, root, crate::quorum::diagram::FALSE)?;
        // A later family with the same sets can only be slower.
        if family != crate::quorum::diagram::FALSE && last.replace(family) != Some(family) {
            families.push((latency, diagram.cone(family)));
        }
    }
    Ok(Candidates::Diagrams(families))
}

impl Side {
    /// The candidate of the least price, where each replica has a price and a millisecond costs `per_ms`.
    pub(super) fn cheapest(&self, prices: &[f64], per_ms: f64) -> (f64, Column) {
        let mut best: Option<(f64, Column)> = None;
        let mut offer = |price: f64, members: ReplicaSet, latency: f64| {
            if best.as_ref().is_none_or(|(least, _)| price < *least) {
                best = Some((price, Column { members, latency }));
            }
        };
        match &self.families {
            Candidates::Diagrams(families) => {
                for (latency, cone) in families {
                    if let Some((price, members)) = cone.cheapest(Goal::Quorum, prices) {
                        offer(price + per_ms * latency, members, *latency);
                    }
                }
            }
            Candidates::Listed(list) => {
                for members in list {
                    offer(members.iter().map(|replica| prices[replica]).sum(), members.clone(), 0.0);
                }
            }
        }
        best.unwrap_or_else(|| (f64::INFINITY, Column { members: ReplicaSet::new(), latency: 0.0 }))
    }

    /// The least price among all candidates in exact numbers, where latency plays no part.
    pub(super) fn least_price(&self, prices: &[num_bigint::BigInt]) -> Option<num_bigint::BigInt> {
        match &self.families {
            Candidates::Diagrams(families) => {
                families.iter().filter_map(|(_, cone)| Some(cone.cheapest(Goal::Quorum, prices)?.0)).min()
            }
            Candidates::Listed(list) => {
                list.iter().map(|members| members.iter().map(|replica| &prices[replica]).sum()).min()
            }
        }
    }

    /// When the first members that make a quorum have answered, where latencies are known.
    pub(super) fn latency_of(&self, members: &ReplicaSet, replicas: &[Replica]) -> Option<f64> {
        let mut arrivals: Vec<(f64, usize)> =
            members.iter().map(|i| Some((replicas[i].latency_ms?, i))).collect::<Option<_>>()?;
        arrivals.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let mut answered = ReplicaSet::new();
        arrivals.into_iter().find_map(|(latency, replica)| {
            answered.insert(replica);
            self.formula.is_quorum(&answered).then_some(latency)
        })
    }
}
