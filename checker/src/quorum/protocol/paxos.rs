//! Paxos and its relatives: only quorums of different phases need meet.
//!
//! - Flexible Paxos (Howard, Malkhi and Spiegelman 2016): every phase-1 quorum meets every phase-2 quorum; two phase-2
//!   quorums may be disjoint. With equal votes: q1 + q2 > n.
//! - Fast Flexible Paxos (Howard, Charapko and Mortier 2021), after Fast Paxos (Lamport 2006): phase-1 quorums meet
//!   classic phase-2 quorums, and any two fast phase-2 quorums have a replica in common with any phase-1 quorum. With
//!   equal votes: q1 + q2c > n and q1 + 2·q2f > 2n.

use super::meeting_check;
use crate::quorum::check::{Amount, Check, Inequality, Witness};
use crate::quorum::error::{Limits, QuorumError};
use crate::quorum::formula::Formula;
use crate::quorum::intersect::least_common;
use crate::quorum::set::ReplicaSet;
use crate::quorum::system::QuorumSystem;

pub(super) fn flexible(system: &QuorumSystem, limits: &Limits) -> Check {
    let check = super::register::read_write(system, limits);
    let witness = check.witness.map(|mut witness| {
        for (quorum, role) in witness.quorums.iter_mut().zip(["phase 1", "phase 2"]) {
            role.clone_into(&mut quorum.role);
        }
        witness
    });
    Check {
        id: "phase1-phase2".to_owned(),
        rule: "every phase-1 quorum meets every phase-2 quorum".to_owned(),
        prevents: "two different values chosen: a new leader that misses one".to_owned(),
        inequality: check.inequality.map(|i| Inequality { formula: "Q1 + Q2 > N".to_owned(), ..i }),
        witness,
        ..check
    }
}

pub(super) fn fast(
    system: &QuorumSystem,
    fast: &Formula,
    limits: &Limits,
) -> Result<Vec<Check>, QuorumError> {
    let n = system.replicas().len();
    if fast.replicas().iter().any(|&replica| replica >= n) {
        return Err(QuorumError::new("fast", "a replica that does not exist", "declare it under nodes"));
    }
    if !fast.is_quorum(&ReplicaSet::full(n)) || fast.is_quorum(&ReplicaSet::new()) {
        let mend = "choose a fast quorum of between 1 vote and all of them";
        return Err(QuorumError::new("fast", "no set, or the empty set, is a fast quorum", mend));
    }
    let classic = flexible(system, limits);
    let classic = Check {
        id: "phase1-classic".to_owned(),
        rule: "every phase-1 quorum meets every classic phase-2 quorum".to_owned(),
        ..classic
    };
    let id = "phase1-fast-fast";
    let rule = "any two fast phase-2 quorums share a replica of every phase-1 quorum";
    let prevents = "two fast rounds that a new leader cannot tell apart";
    let mut check = match least_common(&[system.reads(), fast, fast], &|_| 1, limits) {
        Err(stopped) => Check::new(id, rule, prevents, Err(stopped)),
        Ok(Some(meeting)) if meeting.common == 0 => Check {
            witness: Some(Witness::new(["phase 1", "fast", "other fast"], meeting.quorums, meeting.smallest)),
            ..Check::new(id, rule, prevents, Ok(false))
        },
        Ok(_) => Check::new(id, rule, prevents, Ok(true)),
    };
    if let (Some((q1, voters)), Some((qf, fast_voters))) = (system.reads().as_votes(), fast.as_votes())
        && voters.iter().chain(&fast_voters).all(|(_, vote)| *vote == 1)
        && voters.len() == fast_voters.len()
    {
        let n = voters.len() as u64;
        let side = |amount: u64| Amount::whole(i128::from(amount));
        check.inequality = Some(Inequality::more("Q1 + 2*Q2f > 2*N", side(q1 + 2 * qf), side(2 * n)));
        if check.exact == Ok(false) {
            check.fix.push(format!("fast={}", (2 * n - q1) / 2 + 1));
            if 2 * qf > n {
                check.fix.push(format!("r={}", 2 * n - 2 * qf + 1));
            }
        }
    }
    Ok(vec![classic, check])
}

/// A check that reads meet writes under other names; kept here for Raft, which shares Paxos's intersection rule.
pub(super) fn phases(
    id: &str,
    rule: &str,
    roles: [&str; 2],
    systems: [&Formula; 2],
    limits: &Limits,
) -> Check {
    meeting_check(id, rule, "two leaders of one term, each with a quorum", roles, systems, limits)
}
