//! Products whose only quorum is the one that elects and commits: etcd, ZooKeeper, Elasticsearch before version 7.
//!
//! - etcd (Raft): `floor(n/2) + 1` of n members.
//! - ZooKeeper with `group.N` and `weight.N`: a majority of the groups of non-zero weight, and in each of them more than
//!   half of its weight (its administrator's guide, "Cluster options").
//! - Elasticsearch: `discovery.zen.minimum_master_nodes` of the master-eligible nodes; safe iff more than half.

use super::{DialectReport, named, plural, report};
use crate::quorum::check::{Amount, Check, Inequality, Witness};
use crate::quorum::error::{Limits, QuorumError};
use crate::quorum::formula::Builder;
use crate::quorum::intersect::disjoint_quorums;
use crate::quorum::system::{QuorumSystem, Replica};
use crate::quorum::{fault, formula::Formula};

/// An etcd (or other Raft) cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Etcd {
    /// Its voting members.
    pub members: usize,
}

/// A ZooKeeper ensemble.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zookeeper {
    /// The groups, each with its servers and their weights; one group is a plain (weighted) majority.
    pub groups: Vec<Vec<(String, u64)>>,
}

/// Elasticsearch's settings before version 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elasticsearch {
    /// Master-eligible nodes.
    pub master_eligible: usize,
    /// `discovery.zen.minimum_master_nodes`.
    pub minimum_master_nodes: usize,
}

/// Any two quorums meet, or two leaders are possible.
fn one_leader(system: &QuorumSystem, limits: &Limits) -> Check {
    let mut check =
        Check::new("one-leader", "any two quorums meet", "two leaders at once (split brain)", Ok(true));
    match disjoint_quorums(system.writes(), system.writes(), limits) {
        Err(stopped) => check.exact = Err(stopped),
        Ok(Some(meeting)) => {
            check.exact = Ok(false);
            let roles = ["one side", "other side"];
            check.witness = Some(Witness::new(roles, meeting.quorums, meeting.smallest));
        }
        Ok(None) => {}
    }
    check
}

fn tolerates(formula: &Formula, thing: &str, limits: &Limits) -> Option<String> {
    let survives = fault::resilience(formula, limits).ok()?.survives;
    Some(format!("It goes on with any {} down.", plural(survives, thing)))
}

pub(super) fn etcd(settings: &Etcd, limits: &Limits) -> Result<DialectReport, QuorumError> {
    let n = settings.members;
    let members = named("etcd.members", "member", n)?;
    let quorum = n / 2 + 1;
    let system = QuorumSystem::from_votes(members, &vec![1; n], quorum as u64, quorum as u64)?;
    let mut statements = vec![format!("A cluster of {n} has a quorum of {quorum}.")];
    statements.extend(tolerates(system.writes(), "member", limits));
    if n.is_multiple_of(2) {
        statements.push(format!(
            "An even size gains nothing: {} tolerate as many failures with a smaller quorum.",
            plural(n - 1, "member")
        ));
    }
    let checks = vec![one_leader(&system, limits)];
    Ok(report("etcd", system, checks, statements))
}

pub(super) fn elasticsearch(settings: &Elasticsearch, limits: &Limits) -> Result<DialectReport, QuorumError> {
    let (n, least) = (settings.master_eligible, settings.minimum_master_nodes);
    let nodes = named("elasticsearch.master_eligible", "master", n)?;
    if least == 0 || least > n {
        let field = "elasticsearch.minimum_master_nodes";
        return Err(QuorumError::new(field, format!("{least} of {n}"), format!("write {}", n / 2 + 1)));
    }
    let system = QuorumSystem::from_votes(nodes, &vec![1; n], least as u64, least as u64)?;
    let mut check = one_leader(&system, limits);
    let side = |amount: usize| Amount::whole(amount as i128);
    check.inequality =
        Some(Inequality::more("minimum_master_nodes > N/2", side(least), Amount::half_of(n as u64)));
    if check.exact == Ok(false) {
        check.fix = vec![format!("discovery.zen.minimum_master_nodes: {}", n / 2 + 1)];
    }
    let mut statements =
        vec![format!("A master needs {least} of {} to be elected.", plural(n, "master-eligible node"))];
    statements.extend(tolerates(system.writes(), "master-eligible node", limits));
    statements
        .push("Version 7 and later keep this number themselves; the setting is then ignored.".to_owned());
    Ok(report("Elasticsearch", system, vec![check], statements))
}

pub(super) fn zookeeper(settings: &Zookeeper, limits: &Limits) -> Result<DialectReport, QuorumError> {
    let servers: Vec<Replica> =
        settings.groups.iter().flatten().map(|(name, _)| Replica::new(name.as_str())).collect();
    let mut builder = Builder::new();
    let mut parts = Vec::new();
    let mut number = 0;
    for group in &settings.groups {
        let total =
            group.iter().try_fold(0_u64, |sum, (_, weight)| sum.checked_add(*weight)).ok_or_else(|| {
                QuorumError::new("zookeeper.weights", "the weights overflow", "write small whole numbers")
            })?;
        let mut inputs = Vec::new();
        for (_, weight) in group {
            inputs.push((builder.replica(number), *weight));
            number += 1;
        }
        if total > 0 {
            parts.push(builder.threshold(total / 2 + 1, &inputs)?);
        }
    }
    if parts.is_empty() {
        let mend = "give at least one server a weight";
        return Err(QuorumError::new("zookeeper.groups", "no group has any weight", mend));
    }
    let groups = parts.len();
    let root = builder.majority(&parts)?;
    let quorum = builder.finish(root);
    let system = QuorumSystem::new(servers, quorum.clone(), quorum)?;
    let mut statements = vec![match groups {
        1 => "A quorum is more than half of the servers' weight.".to_owned(),
        _ => format!(
            "A quorum is more than half of the weight in each of {} of the {groups} groups that have any.",
            groups / 2 + 1
        ),
    }];
    statements.extend(tolerates(system.writes(), "server", limits));
    let idle: Vec<&str> = settings
        .groups
        .iter()
        .flatten()
        .filter(|(_, weight)| *weight == 0)
        .map(|(name, _)| name.as_str())
        .collect();
    if !idle.is_empty() {
        statements.push(format!("Without weight, and so without a say: {}.", idle.join(", ")));
    }
    let checks = vec![one_leader(&system, limits)];
    Ok(report("ZooKeeper", system, checks, statements))
}
