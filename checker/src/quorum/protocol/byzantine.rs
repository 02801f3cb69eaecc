//! Byzantine quorum systems.
//!
//! Let B range over the sets of replicas that may be Byzantine together (any f, or given fail-prone sets).
//!
//! - *Dissemination* (data that its writer signed): two quorums share a replica outside every B. With any f:
//!   |Q1 ∩ Q2| >= f + 1.
//! - *Masking* (arbitrary data): the common part of two quorums is no subset of B1 ∪ B2. With any f: >= 2f + 1.
//! - *Opaque masking* (clients that do not know f): |Q1 ∩ Q2 \ B| >= |Q2 ∩ B ∪ Q2 \ Q1|. Equal votes: 3q >= 2n + 2f.
//! - Availability: for every B, some quorum avoids it.
//!
//! With equal votes dissemination takes n >= 3f + 1 and q = ⌈(n + f + 1)/2⌉, masking n >= 4f + 1 and
//! q = ⌈(n + 2f + 1)/2⌉, opaque n >= 5f and q = ⌈(2n + 2f)/3⌉. Both reads and writes wait for such quorums, so writes are
//! held against writes too. Source: Malkhi and Reiter, "Byzantine quorum systems" (Distributed Computing, 1998).

use super::FailProne;
use crate::quorum::check::{Amount, Check, Inequality, Witness};
use crate::quorum::error::{Limits, QuorumError, Stopped};
use crate::quorum::fault;
use crate::quorum::formula::Formula;
use crate::quorum::intersect::{Meeting, least_common};
use crate::quorum::set::ReplicaSet;
use crate::quorum::system::QuorumSystem;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Dissemination,
    Masking,
}

impl Kind {
    fn overlap(self, faults: u64) -> u64 {
        match self {
            Self::Dissemination => faults + 1,
            Self::Masking => 2 * faults + 1,
        }
    }

    fn prevents(self) -> &'static str {
        match self {
            Self::Dissemination => "reads that only Byzantine replicas connect to the latest write",
            Self::Masking => "forged values that outvote the correct replicas",
        }
    }
}

pub(super) fn checks(
    system: &QuorumSystem,
    kind: Kind,
    fail_prone: &FailProne,
    limits: &Limits,
) -> Result<Vec<Check>, QuorumError> {
    let pairs = [
        ("read-write", ["read", "write"], [system.reads(), system.writes()]),
        ("write-write", ["write", "other write"], [system.writes(), system.writes()]),
    ];
    let mut checks = Vec::new();
    match fail_prone {
        FailProne::Any(faults) => {
            let faults = valid_faults(system, *faults)?;
            for (pair, roles, systems) in pairs {
                checks.push(overlap_check(system, kind, faults, pair, roles, systems, limits));
            }
            checks.extend(available(system, faults, limits));
        }
        FailProne::Sets(sets) => {
            for (pair, roles, systems) in pairs {
                checks.push(general_check(kind, sets, pair, roles, systems, limits));
            }
            checks.extend(available_without(system, sets));
        }
    }
    Ok(checks)
}

fn valid_faults(system: &QuorumSystem, faults: usize) -> Result<u64, QuorumError> {
    let n = system.replicas().len();
    if faults >= n {
        let problem = format!("{faults} of {n} replicas Byzantine");
        return Err(QuorumError::new("byzantine", problem, "leave at least one correct replica"));
    }
    Ok(faults as u64)
}

/// Any two quorums share as many replicas as f Byzantine ones demand.
fn overlap_check(
    system: &QuorumSystem,
    kind: Kind,
    faults: u64,
    pair: &str,
    roles: [&str; 2],
    systems: [&Formula; 2],
    limits: &Limits,
) -> Check {
    let need = kind.overlap(faults);
    let rule = format!("any {} and {} quorum share {need} or more replicas", roles[0], roles[1]);
    let id = format!("overlap-{pair}");
    match least_common(&systems, &|_| 1, limits) {
        Err(stopped) => Check::new(&id, &rule, kind.prevents(), Err(stopped)),
        Ok(meeting) => {
            let common = meeting.as_ref().map_or(need, |meeting| meeting.common);
            let symbols = match kind {
                Kind::Dissemination => "|Q1 & Q2| >= f + 1",
                Kind::Masking => "|Q1 & Q2| >= 2*f + 1",
            };
            let side = |amount: u64| Amount::whole(i128::from(amount));
            Check {
                inequality: Some(Inequality::at_least(symbols, side(common), side(need))),
                witness: meeting.filter(|_| common < need).map(|m| witness(roles, m)),
                fix: if common < need { threshold_fix(system, kind, faults) } else { Vec::new() },
                ..Check::new(&id, &rule, kind.prevents(), Ok(common >= need))
            }
        }
    }
}

fn witness(roles: [&str; 2], meeting: Meeting) -> Witness {
    Witness::new(roles, meeting.quorums, meeting.smallest)
}

/// The textbook quorum size, where the replicas suffice for it.
fn threshold_fix(system: &QuorumSystem, kind: Kind, f: u64) -> Vec<String> {
    let n = system.replicas().len() as u64;
    let (least_n, q) = match kind {
        Kind::Dissemination => (3 * f + 1, (n + f + 1).div_ceil(2)),
        Kind::Masking => (4 * f + 1, (n + 2 * f + 1).div_ceil(2)),
    };
    if n >= least_n {
        vec![format!("r={q}, w={q} of {n} equal votes")]
    } else {
        vec![format!("{least_n} replicas or more for {f} Byzantine ones")]
    }
}

/// The rule for given fail-prone sets: replicas of B (or B1 ∪ B2) do not count as common.
fn general_check(
    kind: Kind,
    sets: &[ReplicaSet],
    pair: &str,
    roles: [&str; 2],
    systems: [&Formula; 2],
    limits: &Limits,
) -> Check {
    let id = format!("overlap-{pair}");
    let (rule, unions): (_, Vec<ReplicaSet>) = match kind {
        Kind::Dissemination => ("lies in no fail-prone set", sets.to_vec()),
        Kind::Masking => (
            "lies in no union of two fail-prone sets",
            sets.iter()
                .enumerate()
                .flat_map(|(i, a)| sets[i..].iter().map(move |b| a.iter().chain(b.iter()).collect()))
                .collect(),
        ),
    };
    let rule = format!("what a {} and a {} quorum share {rule}", roles[0], roles[1]);
    for byzantine in &unions {
        match least_common(&systems, &|replica| u64::from(!byzantine.contains(replica)), limits) {
            Err(stopped) => return Check::new(&id, &rule, kind.prevents(), Err(stopped)),
            Ok(Some(meeting)) if meeting.common == 0 => {
                return Check {
                    witness: Some(witness(roles, meeting)),
                    ..Check::new(&id, &rule, kind.prevents(), Ok(false))
                };
            }
            Ok(_) => {}
        }
    }
    Check::new(&id, &rule, kind.prevents(), Ok(true))
}

const AVAILABLE: &str = "whatever replicas are Byzantine, a quorum of correct ones remains";

/// No f replicas hit every quorum.
fn available(system: &QuorumSystem, faults: u64, limits: &Limits) -> Vec<Check> {
    let prevents = "Byzantine replicas that block by staying silent";
    [("read", system.reads()), ("write", system.writes())]
        .map(|(name, formula)| {
            let id = format!("available-{name}");
            let survives: Result<usize, Stopped> =
                fault::resilience(formula, limits).map(|resilience| resilience.survives);
            let inequality = survives.ok().map(|survives| {
                let side = |amount: u64| Amount::whole(i128::from(amount));
                Inequality::at_least("resilience >= f", side(survives as u64), side(faults))
            });
            Check {
                inequality,
                ..Check::new(&id, AVAILABLE, prevents, survives.map(|survives| survives as u64 >= faults))
            }
        })
        .into()
}

fn available_without(system: &QuorumSystem, sets: &[ReplicaSet]) -> Vec<Check> {
    let n = system.replicas().len();
    [("read", system.reads()), ("write", system.writes())]
        .map(|(name, formula)| {
            let all = sets.iter().all(|byzantine| formula.is_quorum(&byzantine.complement(n)));
            let prevents = "Byzantine replicas that block by staying silent";
            Check::new(&format!("available-{name}"), AVAILABLE, prevents, Ok(all))
        })
        .into()
}

/// Opaque masking quorums of equal votes.
pub(super) fn opaque(
    system: &QuorumSystem,
    faults: usize,
    limits: &Limits,
) -> Result<Vec<Check>, QuorumError> {
    let f = valid_faults(system, faults)?;
    let n = system.replicas().len() as u64;
    let size = |formula: &Formula| {
        formula
            .as_votes()
            .filter(|(_, voters)| voters.len() as u64 == n && voters.iter().all(|(_, vote)| *vote == 1))
    };
    let (Some((r, _)), Some((w, _))) = (size(system.reads()), size(system.writes())) else {
        let mend = "give every replica one vote, or judge byzantine-masking";
        return Err(QuorumError::new("protocol", "opaque quorums are judged for equal votes only", mend));
    };
    let q = r.min(w);
    let side = |amount: u64| Amount::whole(i128::from(amount));
    let rule = "correct common replicas outvote Byzantine and stale ones, whoever they are";
    let holds = 3 * q >= 2 * n + 2 * f;
    let mut check = Check::new("opaque-overlap", rule, Kind::Masking.prevents(), Ok(holds));
    check.inequality = Some(Inequality::at_least("3*q >= 2*N + 2*f", side(3 * q), side(2 * n + 2 * f)));
    if !holds {
        check.fix = if n >= 5 * f {
            let q = (2 * n + 2 * f).div_ceil(3);
            vec![format!("r={q}, w={q}")]
        } else {
            vec![format!("{} replicas or more for {f} Byzantine ones", 5 * f)]
        };
        check.witness = least_common(&[system.reads(), system.writes()], &|_| 1, limits)
            .ok()
            .flatten()
            .map(|meeting| witness(["read", "write"], meeting));
    }
    let mut checks = vec![check];
    checks.extend(available(system, f, limits));
    Ok(checks)
}
