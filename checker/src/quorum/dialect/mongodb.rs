//! MongoDB replica sets: data-bearing members, arbiters and write concerns.
//!
//! The primary is elected by a majority of all voters, arbiters included; an acknowledged write survives a failover iff
//! every such majority has a member that acknowledged it. `w: "majority"` waits for the smaller of the voters' majority
//! and the number of data-bearing voters. Without a write concern the default is `w: 1` if there are arbiters and the
//! data-bearing voters are no more than the majority, else `majority`. Source: MongoDB's manual, "Write Concern".

use super::{DialectReport, choose, named, plural, report};
use crate::quorum::check::{Check, Witness};
use crate::quorum::error::{Limits, QuorumError};
use crate::quorum::fault;
use crate::quorum::intersect::disjoint_quorums;
use crate::quorum::system::QuorumSystem;

/// The most voting members that MongoDB allows.
const MOST_VOTERS: usize = 7;

/// A write concern's `w`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteConcern {
    /// Not given: MongoDB's implicit default.
    Default,
    /// `"majority"`.
    Majority,
    /// This many data-bearing members.
    Members(usize),
}

/// A replica set and a write concern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mongodb {
    /// Data-bearing voting members.
    pub members: usize,
    /// Arbiters.
    pub arbiters: usize,
    /// The write concern.
    pub write_concern: WriteConcern,
}

pub(super) fn judge(settings: &Mongodb, limits: &Limits) -> Result<DialectReport, QuorumError> {
    let Mongodb { members, arbiters, write_concern } = *settings;
    let voters = members.saturating_add(arbiters);
    if voters > MOST_VOTERS {
        let mend = format!("MongoDB allows at most {MOST_VOTERS} voting members");
        return Err(QuorumError::new("mongodb.members", plural(voters, "voter"), mend));
    }
    let mut replicas = named("mongodb.members", "data", members)?;
    if arbiters > 0 {
        replicas.extend(named("mongodb.arbiters", "arbiter", arbiters)?);
    }
    for arbiter in &mut replicas[members..] {
        arbiter.data = false;
    }
    let majority = voters / 2 + 1;
    let implicit = if arbiters > 0 && members <= majority { "1" } else { "majority" };
    let (w, shown) = match (write_concern, implicit) {
        (WriteConcern::Members(w), _) => (w, format!("w: {w}")),
        (WriteConcern::Default, "1") => (1, "w: 1 (the implicit default)".to_owned()),
        (WriteConcern::Default, _) => {
            (majority.min(members), "w: \"majority\" (the implicit default)".to_owned())
        }
        (WriteConcern::Majority, _) => (majority.min(members), "w: \"majority\"".to_owned()),
    };
    if w > members {
        let problem = format!("w: {w} of {}", plural(members, "data-bearing member"));
        return Err(QuorumError::new("mongodb.w", problem, "such writes never succeed; lower w"));
    }
    let elect = choose(majority, 0..voters)?;
    let rule = "every majority that elects a primary has a member with the acknowledged write";
    let mut check =
        Check::new("failover", rule, "acknowledged writes rolled back after a failover", Ok(true));
    if w == 0 {
        check.exact = Ok(false);
        check.note = Some("w: 0 acknowledges nothing".to_owned());
    } else {
        match disjoint_quorums(&choose(w, 0..members)?, &elect, limits) {
            Err(stopped) => check.exact = Err(stopped),
            Ok(Some(meeting)) => {
                check.exact = Ok(false);
                check.witness = Some(Witness::new(["write", "election"], meeting.quorums, meeting.smallest));
            }
            Ok(None) => {}
        }
    }
    if check.exact == Ok(false) {
        let enough = voters - majority + 1;
        check.fix = if enough <= members {
            vec![format!("w: {enough}"), "w: \"majority\"".to_owned()]
        } else {
            Vec::new()
        };
    }
    let writes = choose(w.max(1), 0..members)?;
    let blocked = fault::resilience(&writes, limits).map(|found| found.survives);
    let mut statements = vec![
        format!("{shown} waits for {}.", plural(w, "data-bearing member")),
        format!("A primary needs {majority} of {} to be elected.", plural(voters, "vote")),
    ];
    if let Ok(survives) = blocked {
        statements.push(format!(
            "Such writes are acknowledged with any {} down.",
            plural(survives, "data-bearing member")
        ));
    }
    if arbiters > 0 && members <= majority {
        statements.push(
            "With an arbiter in place of a data-bearing member, w: \"majority\" stops as soon as one data-bearing member \
             is down; a data-bearing member instead of the arbiter would not."
                .to_owned(),
        );
    }
    let system = QuorumSystem::new(replicas, elect, writes)?;
    Ok(report("MongoDB", system, vec![check], statements))
}
