//! The settings of products: one section each, in the product's own words.

use tribunal_checker::quorum::QuorumError;
use tribunal_checker::quorum::dialect::{
    Acks, Cassandra, ConsistencyLevel, Dialect, Elasticsearch, Etcd, Kafka, Level, Mongodb, Riak,
    WriteConcern, Zookeeper,
};

use super::{Fields, Value};

/// The sections that describe a product.
pub(super) const SECTIONS: &[&str] =
    &["cassandra", "scylla", "riak", "dynamo", "mongodb", "kafka", "zookeeper", "etcd", "elasticsearch"];

/// The product, where the configuration describes one instead of a quorum system.
pub(super) fn decode(top: &Fields<'_>) -> Result<Option<Dialect>, QuorumError> {
    let mut present = SECTIONS.iter().filter(|section| top.get(section).is_some());
    let Some(section) = present.next() else { return Ok(None) };
    if let Some(other) =
        present.next().or(["quorum", "nodes", "n", "rules"].iter().find(|key| top.get(key).is_some()))
    {
        let mend = "describe one product, or a quorum system, a file";
        return Err(QuorumError::new(*other, format!("{section} is described already"), mend));
    }
    let Some(fields) = top.table(section)? else { return Ok(None) };
    Ok(Some(match *section {
        "cassandra" | "scylla" => Dialect::Cassandra(cassandra(fields, *section == "scylla")?),
        "riak" | "dynamo" => Dialect::Riak(riak(fields)?),
        "mongodb" => Dialect::Mongodb(mongodb(fields)?),
        "kafka" => Dialect::Kafka(kafka(fields)?),
        "zookeeper" => Dialect::Zookeeper(zookeeper(fields)?),
        "etcd" => {
            let fields = fields.only(&["members"])?;
            Dialect::Etcd(Etcd { members: needed(&fields, "members")? })
        }
        _ => {
            let fields = fields.only(&["master_eligible", "minimum_master_nodes"])?;
            Dialect::Elasticsearch(Elasticsearch {
                master_eligible: needed(&fields, "master_eligible")?,
                minimum_master_nodes: needed(&fields, "minimum_master_nodes")?,
            })
        }
    }))
}

fn needed(fields: &Fields<'_>, key: &str) -> Result<usize, QuorumError> {
    fields.require(key, fields.count(key)?, "a whole number")
}

fn cassandra(fields: Fields<'_>, scylla: bool) -> Result<Cassandra, QuorumError> {
    let fields = fields.only(&["replication", "write", "read"])?;
    let expected = "the factor of each data centre, such as { dc1 = 3, dc2 = 3 }";
    let table = fields.require("replication", fields.table("replication")?, expected)?;
    let replication = table
        .entries()
        .map(|(centre, _)| Ok((centre.to_owned(), needed(&table, centre)?)))
        .collect::<Result<_, QuorumError>>()?;
    Ok(Cassandra { scylla, replication, write: level(&fields, "write")?, read: level(&fields, "read")? })
}

/// `"QUORUM"` or `{ cl = "LOCAL_QUORUM", dc = "dc1" }`.
fn level(fields: &Fields<'_>, key: &str) -> Result<Level, QuorumError> {
    let expected = "ANY, ONE, TWO, THREE, QUORUM, ALL, LOCAL_ONE, LOCAL_QUORUM or EACH_QUORUM";
    let (name, centre) = match fields.get(key) {
        Some(Value::Text(name)) => (name.as_str(), None),
        Some(Value::Table(_)) => {
            let Some(own) = fields.table(key)? else { return Err(fields.wrong(key, expected)) };
            let own = own.only(&["cl", "dc"])?;
            (own.require("cl", own.text("cl")?, expected)?, own.text("dc")?)
        }
        _ => {
            return Err(
                fields.wrong(key, &format!("{{ cl = \"…\", dc = \"…\" }}, the level being {expected}"))
            );
        }
    };
    let level = ConsistencyLevel::of_name(name).ok_or_else(|| {
        QuorumError::new(
            fields.at(key),
            format!("{name:?} is no consistency level"),
            format!("write {expected}"),
        )
    })?;
    if key == "read" && level == ConsistencyLevel::Any {
        return Err(QuorumError::new(
            fields.at(key),
            "ANY is a level of writes only",
            "read at ONE or above",
        ));
    }
    Ok(Level { level, centre: centre.map(str::to_owned) })
}

fn riak(fields: Fields<'_>) -> Result<Riak, QuorumError> {
    let fields = fields.only(&["n", "r", "w", "pr", "pw"])?;
    let n = fields.require("n", fields.whole("n")?, "n_val, the copies of each object")?;
    let count = |key: &str, default: u64| match fields.get(key) {
        Some(Value::Text(word)) => match word.as_str() {
            "one" => Ok(1),
            "quorum" => Ok(n / 2 + 1),
            "all" => Ok(n),
            _ => Err(fields.wrong(key, "a number, \"one\", \"quorum\" or \"all\"")),
        },
        _ => Ok(fields.whole(key)?.unwrap_or(default)),
    };
    Ok(Riak {
        n,
        r: count("r", n / 2 + 1)?,
        w: count("w", n / 2 + 1)?,
        pr: count("pr", 0)?,
        pw: count("pw", 0)?,
    })
}

fn mongodb(fields: Fields<'_>) -> Result<Mongodb, QuorumError> {
    let fields = fields.only(&["members", "arbiters", "w"])?;
    let write_concern = match fields.get("w") {
        None => WriteConcern::Default,
        Some(Value::Text(word)) if word == "majority" => WriteConcern::Majority,
        Some(Value::Integer(_)) => WriteConcern::Members(needed(&fields, "w")?),
        Some(_) => return Err(fields.wrong("w", "\"majority\" or a number of members")),
    };
    Ok(Mongodb {
        members: needed(&fields, "members")?,
        arbiters: fields.count("arbiters")?.unwrap_or(0),
        write_concern,
    })
}

fn kafka(fields: Fields<'_>) -> Result<Kafka, QuorumError> {
    let fields =
        fields.only(&["replication_factor", "min_insync_replicas", "acks", "unclean_leader_election"])?;
    let acks = match fields.get("acks") {
        None | Some(Value::Integer(-1)) => Acks::All,
        Some(Value::Text(word)) if word == "all" || word == "-1" => Acks::All,
        Some(Value::Integer(0)) => Acks::None,
        Some(Value::Integer(1)) => Acks::Leader,
        Some(_) => return Err(fields.wrong("acks", "\"all\", 1 or 0")),
    };
    Ok(Kafka {
        replication_factor: needed(&fields, "replication_factor")?,
        min_insync_replicas: fields.count("min_insync_replicas")?.unwrap_or(1),
        acks,
        unclean_leader_election: fields.flag("unclean_leader_election")?.unwrap_or(false),
    })
}

/// `servers = 5`, or `groups` of names with optional `weights`.
fn zookeeper(fields: Fields<'_>) -> Result<Zookeeper, QuorumError> {
    let fields = fields.only(&["servers", "groups", "weights"])?;
    let names: Vec<Vec<String>> = match (fields.count("servers")?, fields.get("groups")) {
        (Some(n), None) => {
            if n == 0 || n > tribunal_checker::quorum::MAX_REPLICAS {
                return Err(fields.wrong("servers", "the number of servers, 1 or more"));
            }
            vec![(1..=n).map(|i| i.to_string()).collect()]
        }
        (None, Some(Value::List(groups))) => groups
            .iter()
            .map(|group| {
                let Value::List(names) = group else { return None };
                names
                    .iter()
                    .map(|name| if let Value::Text(name) = name { Some(name.clone()) } else { None })
                    .collect()
            })
            .collect::<Option<_>>()
            .ok_or_else(|| fields.wrong("groups", "a list of lists of names"))?,
        _ => return Err(fields.wrong("groups", "servers = 5, or groups = [[\"1\", \"2\", \"3\"], …]")),
    };
    let weights = fields.table("weights")?;
    if let Some(weights) = &weights
        && let Some((unknown, _)) =
            weights.entries().find(|(key, _)| !names.iter().flatten().any(|name| name == key))
    {
        let mend = "name a server of the groups";
        return Err(QuorumError::new(weights.at(unknown), "no such server", mend));
    }
    let weigh = |name: String| {
        let weight = match &weights {
            Some(weights) => weights.whole(&name)?.unwrap_or(1),
            None => 1,
        };
        Ok((name, weight))
    };
    let groups = names
        .into_iter()
        .map(|group| group.into_iter().map(weigh).collect::<Result<Vec<_>, QuorumError>>())
        .collect::<Result<_, _>>()?;
    Ok(Zookeeper { groups })
}
