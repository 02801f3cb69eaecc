//! The replicas: `n = 5`, a list of names, or a table of them.

use tribunal_checker::quorum::{MAX_REPLICAS, QuorumError, Replica};

use super::{Fields, Value};

/// The declared replicas with their votes (one each, unless said otherwise).
pub(super) struct Nodes {
    /// `None` where the expressions or the shape declare them.
    pub(super) replicas: Option<Vec<Replica>>,
    pub(super) votes: Vec<u64>,
}

const FIELDS: &[&str] =
    &["votes", "zone", "data", "capacity", "read_capacity", "write_capacity", "latency_ms", "fail_p"];

pub(super) fn decode(top: &Fields<'_>) -> Result<Nodes, QuorumError> {
    let mut nodes = declared(top)?;
    let votes = match top.table("quorum")? {
        Some(quorum) => quorum.wholes("votes")?,
        None => None,
    };
    if let Some(votes) = votes {
        let replicas =
            nodes.replicas.get_or_insert_with(|| Replica::numbered(votes.len().min(MAX_REPLICAS + 1)));
        if replicas.len() != votes.len() {
            let problem = format!("{} votes for {} replicas", votes.len(), replicas.len());
            return Err(QuorumError::new("quorum.votes", problem, "give each replica its votes"));
        }
        nodes.votes = votes;
    }
    Ok(nodes)
}

fn declared(top: &Fields<'_>) -> Result<Nodes, QuorumError> {
    let quorum_n = match top.table("quorum")? {
        Some(quorum) => quorum.count("n")?,
        None => None,
    };
    if let Some(n) = top.count("n")?.or(quorum_n) {
        if top.get("nodes").is_some() {
            return Err(QuorumError::new("n", "the replicas are declared twice", "keep either n or nodes"));
        }
        return numbered(n);
    }
    match top.get("nodes") {
        None => Ok(Nodes { replicas: None, votes: Vec::new() }),
        Some(Value::Integer(_)) => numbered(top.require("nodes", top.count("nodes")?, "a number")?),
        Some(Value::List(_)) => {
            let names = top.texts("nodes")?.unwrap_or_default();
            let replicas: Vec<Replica> = names.into_iter().map(Replica::new).collect();
            Ok(Nodes { votes: vec![1; replicas.len()], replicas: Some(replicas) })
        }
        Some(value) => table(&Fields::of("nodes", value)?),
    }
}

fn numbered(n: usize) -> Result<Nodes, QuorumError> {
    if n > MAX_REPLICAS {
        let mend = format!("describe at most {MAX_REPLICAS}");
        return Err(QuorumError::new("n", format!("{n} replicas"), mend));
    }
    Ok(Nodes { replicas: Some(Replica::numbered(n)), votes: vec![1; n] })
}

fn table(nodes: &Fields<'_>) -> Result<Nodes, QuorumError> {
    // `[nodes] n = 5` counts them; a replica may be called n only as a table.
    if let (1, Some(Value::Integer(_))) = (nodes.entries().count(), nodes.get("n")) {
        return numbered(nodes.require("n", nodes.count("n")?, "a number")?);
    }
    let (mut replicas, mut votes) = (Vec::new(), Vec::new());
    for (name, value) in nodes.entries() {
        let own = Fields::of(nodes.at(name), value)?.only(FIELDS)?;
        let mut replica = Replica::new(name);
        replica.zone = own.text("zone")?.map(str::to_owned);
        replica.data = own.flag("data")?.unwrap_or(true);
        replica.fail_p = own.probability("fail_p")?;
        replica.latency_ms = own.number("latency_ms")?;
        let capacity = own.number("capacity")?.unwrap_or(1.0);
        replica.read_capacity = own.number("read_capacity")?.unwrap_or(capacity);
        replica.write_capacity = own.number("write_capacity")?.unwrap_or(capacity);
        replicas.push(replica);
        votes.push(own.whole("votes")?.unwrap_or(1));
    }
    Ok(Nodes { replicas: Some(replicas), votes })
}
