//! Riak and Dynamo: `n`, `r`, `w` count any reachable node, `pr` and `pw` count primaries only.
//!
//! Source: Riak's documentation of replication properties; DeCandia and others, "Dynamo" (SOSP 2007).

use super::{DialectReport, named, report};
use crate::quorum::check::{Amount, Check, Inequality, Witness, WitnessQuorum};
use crate::quorum::error::{Limits, QuorumError};
use crate::quorum::intersect::{disjoint_quorums, shrunk};
use crate::quorum::set::ReplicaSet;
use crate::quorum::system::QuorumSystem;

/// A bucket's properties.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Riak {
    /// Copies of each object: `n_val`.
    pub n: u64,
    /// Answers that a read waits for.
    pub r: u64,
    /// Answers that a write waits for.
    pub w: u64,
    /// Primaries that a read must reach (0: fallbacks will do).
    pub pr: u64,
    /// Primaries that a write must reach.
    pub pw: u64,
}

pub(super) fn judge(settings: &Riak, limits: &Limits) -> Result<DialectReport, QuorumError> {
    let Riak { n, r, w, pr, pw } = *settings;
    for (field, value, least) in [("riak.r", r, 1), ("riak.w", w, 1), ("riak.pr", pr, 0), ("riak.pw", pw, 0)]
    {
        if value > n || value < least {
            let mend = format!("write a number between {least} and n_val = {n}");
            return Err(QuorumError::new(field, format!("{value} of {n}"), mend));
        }
    }
    let replicas = named("riak.n", "primary", usize::try_from(n).unwrap_or(usize::MAX))?;
    let votes = vec![1; replicas.len()];
    // A read waits for r answers of which pr are primaries; only primaries are sure to hold what was written.
    let system = QuorumSystem::from_votes(replicas, &votes, pr.max(1), pw.max(1))?;
    let rule = "a read reaches a primary that took the latest acknowledged write";
    let strict = pr + pw > n;
    let mut check = Check::new("strict-read-write", rule, "stale reads", Ok(strict));
    let side = |amount: u64| Amount::whole(i128::from(amount));
    check.inequality = Some(Inequality::more("PR + PW > N", side(pr + pw), side(n)));
    if !strict {
        check.witness = Some(counterexample(settings, &system, limits));
        check.fix = fixes(settings);
    }
    let sum = if r + w > n { "exceeds" } else { "does not exceed" };
    let mut statements = vec![format!(
        "R + W = {} {sum} N = {n}; but with sloppy quorums R and W count fallback nodes, so their sum promises nothing.",
        r + w
    )];
    statements.push(if strict {
        format!("PR + PW = {} exceeds N: while {pr} and {pw} primaries answer, reads see acknowledged writes.", pr + pw)
    } else {
        "Hinted handoff stores writes on fallback nodes while primaries are away; a read of the primaries misses them."
            .to_owned()
    });
    statements.push(format!(
        "Reads fail when {} primaries are away, writes when {} are.",
        n - pr.max(1) + 1,
        n - pw.max(1) + 1
    ));
    Ok(report("Riak", system, vec![check], statements))
}

/// The least raises of PR and PW.
fn fixes(settings: &Riak) -> Vec<String> {
    let Riak { n, r, w, pr, pw } = *settings;
    let mut fixes = Vec::new();
    if r + w > n {
        fixes.push(format!("pr={r}, pw={w}"));
    }
    if pw > 0 {
        fixes.push(format!("pr={}", n - pw + 1));
    }
    if pr > 0 {
        fixes.push(format!("pw={}", n - pr + 1));
    }
    if fixes.is_empty() {
        fixes.push(format!("pr={}, pw={}", n / 2 + 1, n.div_ceil(2)));
    }
    fixes
}

/// Primaries that a read may reach, against those that a write must have reached; fallbacks make up the numbers.
fn counterexample(settings: &Riak, system: &QuorumSystem, limits: &Limits) -> Witness {
    let everyone = ReplicaSet::full(system.replicas().len());
    let pair = disjoint_quorums(system.reads(), system.writes(), limits).ok().flatten();
    let (read, write) = match pair {
        Some(pair) if settings.pw > 0 => (pair.quorums[0].clone(), pair.quorums[1].clone()),
        _ => (shrunk(system.reads(), &everyone), ReplicaSet::new()),
    };
    let quorum = |role: &str, members: ReplicaSet, waits: u64| {
        let stand_ins = usize::try_from(waits).unwrap_or(usize::MAX).saturating_sub(members.len());
        WitnessQuorum { role: role.to_owned(), members, stand_ins }
    };
    let quorums = vec![quorum("read", read, settings.r), quorum("write", write, settings.w)];
    Witness { quorums, common: ReplicaSet::new(), smallest: false }
}
