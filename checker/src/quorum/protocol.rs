//! The rules that protocols put on their quorums, and [`judge`], which applies them.

use super::check::{Check, Judgement, Witness};
use super::diagram::{Diagram, Goal};
use super::error::{Limits, QuorumError, Stopped};
use super::formula::Formula;
use super::intersect::{Meeting, disjoint_quorums};
use super::set::ReplicaSet;
use super::system::QuorumSystem;

mod byzantine;
mod paxos;
mod raft;
mod register;

/// Which replicas may be Byzantine together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FailProne {
    /// Any of this many.
    Any(usize),
    /// Those of any one of these sets.
    Sets(Vec<ReplicaSet>),
}

/// How a Raft cluster goes from its old members (read quorums) to its new ones (write quorums).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MembershipChange {
    /// No change: one set of members.
    None,
    /// Through a joint configuration that needs majorities of both (Ongaro and Ousterhout 2014, section 6).
    Joint,
    /// One member more or fewer at a time (Ongaro's dissertation, section 4.1).
    SingleServer,
    /// At once, each member when it hears of it.
    Switch,
}

/// A protocol: which quorums must meet, and in how many replicas.
#[derive(Clone, Debug)]
pub enum Protocol {
    /// A replicated register by Gifford's voting: reads meet writes, writes meet writes.
    Register,
    /// Flexible Paxos: phase-1 quorums (reads) meet phase-2 quorums (writes), nothing else.
    FlexiblePaxos,
    /// Fast Flexible Paxos: phase 1 is the reads, classic phase 2 the writes.
    FastPaxos {
        /// The fast phase-2 quorums.
        fast: Formula,
    },
    /// A Raft cluster, perhaps in a change of membership.
    Raft {
        /// How the members change.
        change: MembershipChange,
    },
    /// Self-verifying data: two quorums share a correct replica.
    ByzantineDissemination {
        /// Which replicas may be Byzantine together.
        fail_prone: FailProne,
    },
    /// Arbitrary data: the correct common replicas outvote the Byzantine ones.
    ByzantineMasking {
        /// Which replicas may be Byzantine together.
        fail_prone: FailProne,
    },
    /// As masking, for clients that do not know which replicas may be Byzantine; equal votes only.
    ByzantineOpaque {
        /// How many replicas may be Byzantine.
        faults: usize,
    },
    /// Sloppy quorums with hinted handoff: any reachable node may stand in for a replica.
    Sloppy,
}

/// The rules to judge by.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The protocol.
    pub protocol: Protocol,
    /// Where some replicas are witnesses: how many replicas with data every write quorum must hold.
    pub data_copies: u64,
}

impl From<Protocol> for Rules {
    fn from(protocol: Protocol) -> Self {
        Self { protocol, data_copies: 1 }
    }
}

/// Applies the rules of a protocol to a system.
///
/// # Errors
///
/// When the protocol's numbers fit no system (more Byzantine replicas than replicas, opaque quorums of unequal votes).
/// An analysis that the limits end is no error: its check is undecided.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, Protocol, QuorumSystem, Replica, Verdict, judge};
///
/// // Flexible Paxos with 8 of 10 for elections and 3 of 10 for replication.
/// let system = QuorumSystem::from_votes(Replica::numbered(10), &[1; 10], 8, 3).unwrap();
/// let limits = Limits::default();
/// assert_eq!(judge(&system, &Protocol::FlexiblePaxos.into(), &limits).unwrap().verdict, Verdict::Safe);
/// assert_eq!(judge(&system, &Protocol::Register.into(), &limits).unwrap().verdict, Verdict::Unsafe);
/// ```
pub fn judge(system: &QuorumSystem, rules: &Rules, limits: &Limits) -> Result<Judgement, QuorumError> {
    let mut checks = match &rules.protocol {
        Protocol::Register => register::checks(system, limits),
        Protocol::FlexiblePaxos => vec![paxos::flexible(system, limits)],
        Protocol::FastPaxos { fast } => paxos::fast(system, fast, limits)?,
        Protocol::Raft { change } => raft::checks(system, *change, limits),
        Protocol::ByzantineDissemination { fail_prone } => {
            byzantine::checks(system, byzantine::Kind::Dissemination, fail_prone, limits)?
        }
        Protocol::ByzantineMasking { fail_prone } => {
            byzantine::checks(system, byzantine::Kind::Masking, fail_prone, limits)?
        }
        Protocol::ByzantineOpaque { faults } => byzantine::opaque(system, *faults, limits)?,
        Protocol::Sloppy => vec![register::sloppy(system)],
    };
    if system.replicas().iter().any(|replica| !replica.data) {
        checks.push(durability(system, rules.data_copies, limits));
    }
    Ok(Judgement::of(checks))
}

/// A check that any two quorums, of the two roles, share a replica.
fn meeting_check(
    id: &str,
    rule: &str,
    prevents: &str,
    roles: [&str; 2],
    systems: [&Formula; 2],
    limits: &Limits,
) -> Check {
    let [a, b] = systems;
    match disjoint_quorums(a, b, limits) {
        Err(stopped) => Check::new(id, rule, prevents, Err(stopped)),
        Ok(None) => Check::new(id, rule, prevents, Ok(true)),
        Ok(Some(Meeting { quorums, smallest, .. })) => Check {
            witness: Some(Witness::new(roles, quorums, smallest)),
            ..Check::new(id, rule, prevents, Ok(false))
        },
    }
}

/// Witnesses vote but store nothing: every write quorum must hold enough replicas that do.
fn durability(system: &QuorumSystem, copies: u64, limits: &Limits) -> Check {
    let rule = format!("every write quorum holds {copies} or more replicas with data");
    let prevents = "acknowledged writes that no replica stores";
    match fewest_data_copies(system, limits) {
        Err(stopped) => Check::new("durability", &rule, prevents, Err(stopped)),
        Ok((least, quorum)) => Check {
            witness: (least < copies).then(|| Witness::new(["write"], vec![quorum], false)),
            fix: if least < copies {
                vec!["give more replicas data = true, or raise the write quorum".to_owned()]
            } else {
                Vec::new()
            },
            note: Some(format!("a write quorum may hold as few as {least} replicas with data")),
            ..Check::new("durability", &rule, prevents, Ok(least >= copies))
        },
    }
}

fn fewest_data_copies(system: &QuorumSystem, limits: &Limits) -> Result<(u64, ReplicaSet), Stopped> {
    let mut diagram = Diagram::over(&[system.writes()], *limits);
    let root = diagram.add(system.writes())?;
    let prices: Vec<u64> = system.replicas().iter().map(|replica| u64::from(replica.data)).collect();
    // The path exists, since a system has a quorum; witnesses cost nothing on it.
    diagram.cone(root).cheapest(Goal::Quorum, &prices).ok_or(Stopped::TooLarge)
}
