//! One misconfiguration away: the same system with one setting off by one.

use super::check::Verdict;
use super::error::Limits;
use super::fault;
use super::protocol::{FailProne, Protocol, Rules, judge};
use super::set::ReplicaSet;
use super::system::{QuorumSystem, Replica};

/// The most replicas of which each is tried as down.
const MOST_DOWN: usize = 16;

/// A neighbour of a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WhatIf {
    /// The change, such as `r=3 -> 2`.
    pub change: String,
    /// The verdict after it.
    pub verdict: Verdict,
    /// How many losses reads then survive; `None` where blocked or not known.
    pub read_resilience: Option<usize>,
    /// How many losses writes then survive.
    pub write_resilience: Option<usize>,
}

/// The neighbours: thresholds one lower and one higher, one replica more, one replica Byzantine more, and each replica down
/// (its verdict is that of the whole system, since a replica that is down may return).
///
/// # Complexity
///
/// One judgement for each neighbour.
#[must_use]
pub fn what_ifs(system: &QuorumSystem, rules: &Rules, limits: &Limits) -> Vec<WhatIf> {
    let mut rows = Vec::new();
    let mut push = |change: String, neighbour: &QuorumSystem, rules: &Rules, down: &ReplicaSet| {
        if limits.check().is_err() {
            return;
        }
        let Ok(judgement) = judge(neighbour, rules, limits) else { return };
        let survives = |formula: &super::formula::Formula| {
            let resilience = fault::resilience(&formula.without(down), limits).ok()?;
            resilience.blocking.map(|_| resilience.survives)
        };
        rows.push(WhatIf {
            change,
            verdict: judgement.verdict,
            read_resilience: survives(neighbour.reads()),
            write_resilience: survives(neighbour.writes()),
        });
    };
    let nobody = ReplicaSet::new();
    for (change, neighbour) in thresholds(system) {
        push(change, &neighbour, rules, &nobody);
    }
    if let Some((faults, protocol)) = one_fault_more(&rules.protocol) {
        let change = format!("byzantine={faults} -> {}", faults + 1);
        push(change, system, &Rules { protocol, ..rules.clone() }, &nobody);
    }
    if system.replicas().len() <= MOST_DOWN {
        for (number, replica) in system.replicas().iter().enumerate() {
            push(format!("{} down", replica.name), system, rules, &std::iter::once(number).collect());
        }
    }
    rows
}

/// The number of Byzantine replicas, and the protocol with one more.
fn one_fault_more(protocol: &Protocol) -> Option<(usize, Protocol)> {
    match *protocol {
        Protocol::ByzantineDissemination { fail_prone: FailProne::Any(f) } => {
            Some((f, Protocol::ByzantineDissemination { fail_prone: FailProne::Any(f + 1) }))
        }
        Protocol::ByzantineMasking { fail_prone: FailProne::Any(f) } => {
            Some((f, Protocol::ByzantineMasking { fail_prone: FailProne::Any(f + 1) }))
        }
        Protocol::ByzantineOpaque { faults } => {
            Some((faults, Protocol::ByzantineOpaque { faults: faults + 1 }))
        }
        _ => None,
    }
}

/// Voting systems with one number changed.
fn thresholds(system: &QuorumSystem) -> Vec<(String, QuorumSystem)> {
    let Some(voting) = system.voting() else { return Vec::new() };
    let (r, w) = (voting.r(), voting.w());
    let again = |votes: &[u64], r, w| {
        let mut replicas = system.replicas().to_vec();
        let added = (replicas.len()..votes.len()).map(|i| Replica::new(fresh_name(system, i + 1)));
        replicas.extend(added.collect::<Vec<_>>());
        QuorumSystem::from_votes(replicas, votes, r, w).ok()
    };
    let mut grown = voting.votes().to_vec();
    grown.push(1);
    [
        (format!("r={r} -> {}", r - 1), again(voting.votes(), r - 1, w)),
        (format!("r={r} -> {}", r + 1), again(voting.votes(), r + 1, w)),
        (format!("w={w} -> {}", w - 1), again(voting.votes(), r, w - 1)),
        (format!("w={w} -> {}", w + 1), again(voting.votes(), r, w + 1)),
        ("one replica more (1 vote)".to_owned(), again(&grown, r, w)),
    ]
    .into_iter()
    .filter_map(|(change, neighbour)| Some((change, neighbour?)))
    .collect()
}

fn fresh_name(system: &QuorumSystem, number: usize) -> String {
    let mut name = format!("n{number}");
    while system.replicas().iter().any(|replica| replica.name == name) {
        name.push('\'');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{Verdict, what_ifs};
    use crate::quorum::{FailProne, Limits, Protocol, QuorumSystem, Replica};

    #[test]
    fn one_byzantine_replica_more_is_one_too_many_for_four() {
        let system = QuorumSystem::from_votes(Replica::numbered(4), &[1; 4], 3, 3).unwrap();
        let rules = Protocol::ByzantineDissemination { fail_prone: FailProne::Any(1) }.into();
        let rows = what_ifs(&system, &rules, &Limits::default());
        let row = rows.iter().find(|row| row.change == "byzantine=1 -> 2").unwrap();
        assert_eq!(row.verdict, Verdict::Unsafe);
    }

    #[test]
    fn a_majority_of_three_is_one_number_away_from_unsafe() {
        let system = QuorumSystem::majority(3).unwrap();
        let rows = what_ifs(&system, &Protocol::Register.into(), &Limits::default());
        let verdict = |change: &str| rows.iter().find(|row| row.change == change).unwrap().verdict;
        assert_eq!(verdict("r=2 -> 1"), Verdict::Unsafe);
        assert_eq!(verdict("w=2 -> 3"), Verdict::Safe);
        assert_eq!(verdict("one replica more (1 vote)"), Verdict::Unsafe);
        let down = rows.iter().find(|row| row.change == "n1 down").unwrap();
        assert_eq!((down.read_resilience, down.write_resilience), (Some(0), Some(0)));
    }
}
