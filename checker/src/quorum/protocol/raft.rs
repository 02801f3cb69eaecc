//! Raft: majorities, and the three ways to change who counts.
//!
//! The read quorums are those of the old configuration, the write quorums those of the new one. Source: Ongaro and
//! Ousterhout, "In search of an understandable consensus algorithm" (2014), section 6; Ongaro's dissertation (2014),
//! chapter 4, and his correction of July 2015: a leader must commit an entry of its own term (a no-op) before it begins a
//! single-server change.

use super::MembershipChange;
use super::paxos::phases;
use crate::quorum::check::Check;
use crate::quorum::error::Limits;
use crate::quorum::system::QuorumSystem;

pub(super) fn checks(system: &QuorumSystem, change: MembershipChange, limits: &Limits) -> Vec<Check> {
    let (old, new) = (system.reads(), system.writes());
    let old_new = || {
        let rule = "every quorum of the old members meets every quorum of the new members";
        phases("old-new", rule, ["old", "new"], [old, new], limits)
    };
    let each = [
        phases(
            "old-old",
            "any two quorums of the old members meet",
            ["old", "other old"],
            [old, old],
            limits,
        ),
        phases(
            "new-new",
            "any two quorums of the new members meet",
            ["new", "other new"],
            [new, new],
            limits,
        ),
    ];
    let mut checks = Vec::new();
    match change {
        MembershipChange::None => {
            let rule = "every election quorum meets every commit quorum";
            checks.push(phases("elect-commit", rule, ["elect", "commit"], [old, new], limits));
            let rule = "any two election quorums meet";
            checks.push(phases("elect-elect", rule, ["elect", "other elect"], [old, old], limits));
        }
        MembershipChange::Joint => {
            let joint = old.and(new);
            let rule = "every quorum of the old members meets every joint quorum";
            checks.push(phases("old-joint", rule, ["old", "joint"], [old, &joint], limits));
            let rule = "every joint quorum meets every quorum of the new members";
            checks.push(phases("joint-new", rule, ["joint", "new"], [&joint, new], limits));
            checks.extend(each);
        }
        MembershipChange::SingleServer => {
            checks.push(one_difference(system));
            checks.push(Check {
                note: Some(
                    "the leader must first commit an entry (a no-op) of its own term, or two changes may overlap"
                        .to_owned(),
                ),
                ..old_new()
            });
            checks.extend(each);
        }
        MembershipChange::Switch => {
            let mut check = old_new();
            if check.exact == Ok(false) {
                check.fix = vec!["change = \"joint\"".to_owned(), "one member at a time".to_owned()];
            }
            checks.push(check);
            checks.extend(each);
        }
    }
    checks
}

/// A single-server change adds or removes one member.
fn one_difference(system: &QuorumSystem) -> Check {
    let sorted = |mut members: Vec<usize>| {
        members.sort_unstable();
        members
    };
    let (old, new) = (sorted(system.reads().replicas()), sorted(system.writes().replicas()));
    let removed = old.iter().filter(|member| !new.contains(member)).count();
    let added = new.iter().filter(|member| !old.contains(member)).count();
    let single = removed + added <= 1;
    Check {
        fix: if single { Vec::new() } else { vec!["change = \"joint\"".to_owned()] },
        note: Some(format!("{added} added, {removed} removed")),
        ..Check::new(
            "single-step",
            "old and new members differ in at most one",
            "majorities of old and new members that miss each other",
            Ok(single),
        )
    }
}
