//! A replicated register: Gifford's two rules; and the same register with sloppy quorums.
//!
//! Source: Gifford, "Weighted voting for replicated data" (SOSP 1979); for sloppy quorums, DeCandia and others,
//! "Dynamo: Amazon's highly available key-value store" (SOSP 2007), section 4.6.

use super::meeting_check;
use crate::quorum::check::{Amount, Check, Inequality, Witness, WitnessQuorum};
use crate::quorum::error::Limits;
use crate::quorum::set::ReplicaSet;
use crate::quorum::system::QuorumSystem;
use crate::quorum::voting::Voting;

const READ_WRITE: (&str, &str, &str) =
    ("read-write", "every read quorum meets every write quorum", "read-write conflicts");
const WRITE_WRITE: (&str, &str, &str) =
    ("write-write", "any two write quorums meet", "write-write conflicts");
const ONLY_SUFFICIENT: &str = "inequality violated; no concrete disjoint pair exists";

pub(super) fn checks(system: &QuorumSystem, limits: &Limits) -> Vec<Check> {
    vec![read_write(system, limits), write_write(system, limits)]
}

/// N_R + N_W > N, and whether reads really meet writes.
pub(super) fn read_write(system: &QuorumSystem, limits: &Limits) -> Check {
    let (id, rule, prevents) = READ_WRITE;
    let Some(voting) = system.voting() else {
        let systems = [system.reads(), system.writes()];
        let mut check = meeting_check(id, rule, prevents, ["read", "write"], systems, limits);
        if check.exact == Ok(false) {
            check.fix = vec!["writes = \"dual\"".to_owned()];
        }
        return check;
    };
    let inequality = Inequality::more(
        "N_R + N_W > N",
        Amount::whole(i128::from(voting.r()) + i128::from(voting.w())),
        Amount::whole(i128::from(voting.total())),
    );
    let mut check = voting_check(READ_WRITE, ["read", "write"], system, voting, inequality, limits);
    if check.exact != Ok(true) {
        check.fix = read_write_fixes(voting, limits);
    }
    check
}

/// N_W > N/2, and whether writes really meet.
fn write_write(system: &QuorumSystem, limits: &Limits) -> Check {
    let (id, rule, prevents) = WRITE_WRITE;
    let roles = ["write", "other write"];
    let Some(voting) = system.voting() else {
        return meeting_check(id, rule, prevents, roles, [system.writes(), system.writes()], limits);
    };
    let inequality =
        Inequality::more("N_W > N/2", Amount::whole(i128::from(voting.w())), Amount::half_of(voting.total()));
    let mut check = voting_check(WRITE_WRITE, roles, system, voting, inequality, limits);
    if check.exact != Ok(true) {
        let enough = voting.total() / 2 + 1;
        let least = voting.least_self_meeting(voting.w(), limits).unwrap_or(enough);
        check.fix = thresholds("w", least, enough);
    }
    check
}

/// The inequality first, since it is sufficient; then the sums of votes; then a concrete pair.
fn voting_check(
    (id, rule, prevents): (&str, &str, &str),
    roles: [&str; 2],
    system: &QuorumSystem,
    voting: &Voting,
    inequality: Inequality,
    limits: &Limits,
) -> Check {
    let writes = [system.writes(), system.writes()];
    let (first, systems) = if id == "read-write" {
        (voting.r(), [system.reads(), system.writes()])
    } else {
        (voting.w(), writes)
    };
    let safe = inequality.holds || voting.disjoint_exists(first, voting.w(), limits) == Ok(false);
    let check = if safe {
        Check::new(id, rule, prevents, Ok(true))
    } else {
        meeting_check(id, rule, prevents, roles, systems, limits)
    };
    let note = (check.exact == Ok(true) && !inequality.holds).then(|| ONLY_SUFFICIENT.to_owned());
    Check { inequality: Some(inequality), note, ..check }
}

/// The least N_R and the least N_W, each alone, that make reads meet writes.
fn read_write_fixes(voting: &Voting, limits: &Limits) -> Vec<String> {
    let (r, w, total) = (voting.r(), voting.w(), voting.total());
    let sure = |raised, other| (raised, total - other + 1);
    let least = |raised, other| match voting.least_meeting(raised, other, limits) {
        Ok(Some(least)) => Some(least),
        Ok(None) => None,
        Err(_) => Some(sure(raised, other).1),
    };
    let mut fixes = Vec::new();
    for (name, raised, other) in [("r", r, w), ("w", w, r)] {
        if let Some(least) = least(raised, other) {
            fixes.extend(thresholds(name, least, total - other + 1));
        }
    }
    fixes
}

/// The least threshold that mends, and beside it the one that satisfies the inequality too, where it is another.
fn thresholds(name: &str, least: u64, by_inequality: u64) -> Vec<String> {
    let mut fixes = vec![format!("{name}={least}")];
    if by_inequality > least {
        fixes.push(format!("{name}={by_inequality} (satisfies the inequality too)"));
    }
    fixes
}

/// Sloppy quorums promise no overlap whatever N_R + N_W is: stand-ins outside the system may take every write.
pub(super) fn sloppy(system: &QuorumSystem) -> Check {
    let rule = "a read meets the latest write even when nodes outside the preference list stand in";
    let everyone = ReplicaSet::full(system.replicas().len());
    let read = crate::quorum::intersect::shrunk(system.reads(), &everyone);
    let write = crate::quorum::intersect::shrunk(system.writes(), &everyone);
    let quorum = |role: &str, members, stand_ins| WitnessQuorum { role: role.to_owned(), members, stand_ins };
    let fix = match system.voting() {
        Some(voting) if voting.reads_meet_writes() => {
            format!(
                "pr={}, pw={} (strict quorums: only replicas of the preference list count)",
                voting.r(),
                voting.w()
            )
        }
        Some(voting) => format!(
            "pr={}, pw={} (strict quorums whose sum exceeds {})",
            voting.r(),
            voting.total() - voting.r() + 1,
            voting.total()
        ),
        None => "count only the replicas of the preference list (strict quorums)".to_owned(),
    };
    Check {
        inequality: system.voting().map(|voting| {
            Inequality::more(
                "N_R + N_W > N",
                Amount::whole(i128::from(voting.r()) + i128::from(voting.w())),
                Amount::whole(i128::from(voting.total())),
            )
        }),
        witness: Some(Witness {
            quorums: vec![quorum("read", read, 0), quorum("write", ReplicaSet::new(), write.len())],
            common: ReplicaSet::new(),
            smallest: false,
        }),
        fix: vec![fix],
        note: Some(
            "with sloppy quorums N_R + N_W > N only makes stale reads rarer: hinted handoff may store a write on \
             stand-ins alone until its replicas return"
                .to_owned(),
        ),
        ..Check::new("sloppy-overlap", rule, "stale reads and lost updates after a partition", Ok(false))
    }
}
