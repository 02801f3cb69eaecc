//! Kafka: the replication factor, `min.insync.replicas`, `acks`, and unclean leader election.
//!
//! `acks=all` waits for every replica that is in sync at the time, and is refused while fewer than
//! `min.insync.replicas` are: that setting is a floor under the in-sync set, not a number of acknowledgements. A clean
//! election takes a leader from the in-sync set only. Source: Apache Kafka's documentation, "Replication" and the
//! settings' own pages.

use super::{DialectReport, choose, named, plural, report};
use crate::quorum::check::{Amount, Check, Inequality, Witness};
use crate::quorum::error::QuorumError;
use crate::quorum::set::ReplicaSet;
use crate::quorum::system::QuorumSystem;

/// The producer's `acks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acks {
    /// `acks=0`: nothing is waited for.
    None,
    /// `acks=1`: the leader alone.
    Leader,
    /// `acks=all`: every in-sync replica.
    All,
}

/// A topic's settings and its producer's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kafka {
    /// `replication.factor`.
    pub replication_factor: usize,
    /// `min.insync.replicas`.
    pub min_insync_replicas: usize,
    /// `acks`.
    pub acks: Acks,
    /// `unclean.leader.election.enable`.
    pub unclean_leader_election: bool,
}

pub(super) fn judge(settings: &Kafka) -> Result<DialectReport, QuorumError> {
    let Kafka { replication_factor: rf, min_insync_replicas: least, acks, unclean_leader_election: unclean } =
        *settings;
    let replicas = named("kafka.replication_factor", "broker", rf)?;
    if least == 0 {
        return Err(QuorumError::new("kafka.min_insync_replicas", "0", "write 1 or more"));
    }
    let mut checks = vec![accepts(rf, least, acks)];
    checks.push(survives_leader_change(settings));
    checks.push(durable(settings));
    let mut statements = vec![
        "min.insync.replicas is the least size of the in-sync set, not how many acknowledgements a producer waits for: \
         acks=all waits for every replica that is in sync."
            .to_owned(),
    ];
    if acks == Acks::All && least <= rf {
        statements.push(match rf - least {
            0 => {
                "Producers stop as soon as one broker is down: replication.factor equals min.insync.replicas."
                    .to_owned()
            }
            spare => format!("Producers go on with any {} down.", plural(spare, "broker")),
        });
        statements.push(format!(
            "An acknowledged record is on {} at least; it survives the loss of any {}.",
            plural(least, "broker"),
            plural(least - 1, "of them")
        ));
    }
    if unclean {
        statements.push(
            "unclean.leader.election.enable lets a broker lead that lacks acknowledged records.".to_owned(),
        );
    }
    let floor = least.min(rf);
    let (reads, writes) = (choose(rf - floor + 1, 0..rf)?, choose(floor, 0..rf)?);
    Ok(report("Kafka", QuorumSystem::new(replicas, reads, writes)?, checks, statements))
}

/// min.insync.replicas may not exceed the replicas there are.
fn accepts(rf: usize, least: usize, acks: Acks) -> Check {
    let side = |amount: usize| Amount::whole(amount as i128);
    let holds = acks != Acks::All || least <= rf;
    Check {
        inequality: Some(Inequality::at_least(
            "replication.factor >= min.insync.replicas",
            side(rf),
            side(least),
        )),
        fix: if holds { Vec::new() } else { vec![format!("min.insync.replicas={}", (rf / 2 + 1).min(rf))] },
        ..Check::new(
            "accepts-writes",
            "acks=all can be satisfied while every broker is up",
            "producers that only ever get NOT_ENOUGH_REPLICAS",
            Ok(holds),
        )
    }
}

/// Whether whoever may become leader has every acknowledged record.
fn survives_leader_change(settings: &Kafka) -> Check {
    let rf = settings.replication_factor;
    // The brokers that are sure to have an acknowledged record, at the fewest.
    let sure = match settings.acks {
        Acks::None => 0,
        Acks::Leader => 1,
        Acks::All => settings.min_insync_replicas.min(rf),
    };
    let clean = settings.acks == Acks::All && !settings.unclean_leader_election;
    let safe = clean || (sure == rf && settings.acks != Acks::None);
    let mut check = Check::new(
        "leader-change",
        "whichever broker becomes leader has every acknowledged record",
        "acknowledged records lost when the leader changes",
        Ok(safe),
    );
    if !safe {
        let acknowledged: ReplicaSet = (0..sure).collect();
        let leader: ReplicaSet = std::iter::once(rf - 1).collect();
        check.witness =
            Some(Witness::new(["acknowledged by", "next leader"], vec![acknowledged, leader], true));
        if settings.acks != Acks::All {
            check.fix.push("acks=all".to_owned());
        } else {
            check.fix.push("unclean.leader.election.enable=false".to_owned());
        }
    }
    check
}

/// Whether an acknowledged record is on two brokers or more.
fn durable(settings: &Kafka) -> Check {
    let copies = if settings.acks == Acks::All { settings.min_insync_replicas } else { 1 };
    let copies = copies.min(settings.replication_factor);
    let safe = copies >= 2 && settings.acks == Acks::All;
    let mut check = Check::new(
        "durability",
        "an acknowledged record is on two brokers or more",
        "acknowledged records lost with one broker's disk",
        Ok(safe),
    );
    if !safe {
        check.witness = Some(Witness::new(["acknowledged by"], vec![(0..copies).collect()], true));
        if settings.replication_factor < 2 {
            check.fix.push("replication.factor=3".to_owned());
        } else if settings.acks == Acks::All {
            check.fix.push("min.insync.replicas=2".to_owned());
        } else {
            check.fix.push("acks=all, min.insync.replicas=2".to_owned());
        }
    }
    check
}
