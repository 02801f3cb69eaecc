//! The protocol whose rules are applied.

use tribunal_checker::quorum::{
    FailProne, Formula, MembershipChange, Protocol, QuorumError, QuorumSystem, Rules,
};

use super::{Fields, Value};

const FIELDS: &[&str] = &["protocol", "byzantine", "fail_prone", "data_copies", "old", "new", "change"];
const PROTOCOLS: &str = "register, flexible-paxos, fast-paxos, raft, byzantine-dissemination, byzantine-masking, \
                         byzantine-opaque or sloppy";

pub(super) fn decode(
    rules: &Fields<'_>,
    system: &QuorumSystem,
    fast: Option<&Formula>,
) -> Result<Rules, QuorumError> {
    if let Some((key, _)) = rules.entries().find(|(key, _)| !FIELDS.contains(key)) {
        return Err(QuorumError::new(
            rules.at(key),
            "no such field",
            format!("use one of {}", FIELDS.join(", ")),
        ));
    }
    let byzantine = rules.count("byzantine")?;
    let fail_prone = match rules.get("fail_prone") {
        None => FailProne::Any(byzantine.unwrap_or(1)),
        Some(value) => FailProne::Sets(sets(rules, value, system)?),
    };
    let name = rules.text("protocol")?;
    let protocol = match (name, fast) {
        (None | Some("fast-paxos"), Some(fast)) => Protocol::FastPaxos { fast: fast.clone() },
        (Some("fast-paxos"), None) => {
            let mend = "write their number of votes, or an expression";
            return Err(QuorumError::new("quorum.fast", "no fast quorums", mend));
        }
        (Some(_), Some(_)) => {
            let mend = "set rules.protocol to it, or leave fast out";
            return Err(QuorumError::new("quorum.fast", "only fast-paxos has fast quorums", mend));
        }
        (name, None) => classic(name, rules, byzantine, fail_prone)?,
    };
    Ok(Rules { protocol, data_copies: rules.whole("data_copies")?.unwrap_or(1) })
}

/// The protocols without fast quorums; without a name, what the other fields speak of.
fn classic(
    name: Option<&str>,
    rules: &Fields<'_>,
    byzantine: Option<usize>,
    fail_prone: FailProne,
) -> Result<Protocol, QuorumError> {
    Ok(match name {
        None if rules.get("old").is_some() => Protocol::Raft { change: change(rules)? },
        None if byzantine.is_some_and(|f| f > 0) || rules.get("fail_prone").is_some() => {
            Protocol::ByzantineDissemination { fail_prone }
        }
        None | Some("register") => Protocol::Register,
        Some("flexible-paxos") => Protocol::FlexiblePaxos,
        Some("raft") => Protocol::Raft { change: change(rules)? },
        Some("byzantine-dissemination") => Protocol::ByzantineDissemination { fail_prone },
        Some("byzantine-masking") => Protocol::ByzantineMasking { fail_prone },
        Some("byzantine-opaque") => Protocol::ByzantineOpaque { faults: byzantine.unwrap_or(1) },
        Some("sloppy") => Protocol::Sloppy,
        Some(_) => return Err(rules.wrong("protocol", PROTOCOLS)),
    })
}

fn change(rules: &Fields<'_>) -> Result<MembershipChange, QuorumError> {
    match (rules.text("change")?, rules.get("old").is_some()) {
        (None, false) => Ok(MembershipChange::None),
        (Some("joint"), _) => Ok(MembershipChange::Joint),
        (Some("single-server"), _) => Ok(MembershipChange::SingleServer),
        (Some("switch"), _) | (None, true) => Ok(MembershipChange::Switch),
        _ => Err(rules.wrong("change", "joint, single-server or switch")),
    }
}

fn sets(
    rules: &Fields<'_>,
    value: &Value,
    system: &QuorumSystem,
) -> Result<Vec<tribunal_checker::quorum::ReplicaSet>, QuorumError> {
    let expected = "a list of lists of names, such as [[\"a\"], [\"b\", \"c\"]]";
    let Value::List(items) = value else { return Err(rules.wrong("fail_prone", expected)) };
    items
        .iter()
        .map(|item| {
            let Value::List(names) = item else { return Err(rules.wrong("fail_prone", expected)) };
            let names: Option<Vec<&str>> = names
                .iter()
                .map(|name| if let Value::Text(name) = name { Some(name.as_str()) } else { None })
                .collect();
            system.set_of("rules.fail_prone", &rules.require("fail_prone", names, expected)?)
        })
        .collect()
}
