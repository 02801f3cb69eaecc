//! The settings of products, judged in their own words.
//!
//! Each product's settings become a quorum system and the one rule that matters to its users; the result keeps the
//! product's vocabulary. One file a product.

use super::check::{Check, Judgement};
use super::error::{Limits, QuorumError};
use super::formula::{Builder, Formula, GateId};
use super::system::{MAX_REPLICAS, QuorumSystem, Replica};

mod cassandra;
mod elections;
mod kafka;
mod mongodb;
mod riak;

pub use cassandra::{Cassandra, ConsistencyLevel, Level, Pair};
pub use elections::{Elasticsearch, Etcd, Zookeeper};
pub use kafka::{Acks, Kafka};
pub use mongodb::{Mongodb, WriteConcern};
pub use riak::Riak;

/// The settings of one product.
#[derive(Clone, Debug, PartialEq)]
pub enum Dialect {
    /// Apache Cassandra or `ScyllaDB`: replication for each data centre and consistency levels.
    Cassandra(Cassandra),
    /// Riak, or Dynamo as its paper has it.
    Riak(Riak),
    /// `MongoDB` replica sets.
    Mongodb(Mongodb),
    /// Apache Kafka topics.
    Kafka(Kafka),
    /// Apache `ZooKeeper` ensembles.
    Zookeeper(Zookeeper),
    /// etcd and other Raft clusters.
    Etcd(Etcd),
    /// Elasticsearch before version 7.
    Elasticsearch(Elasticsearch),
}

/// What is said of a product's settings.
#[derive(Clone, Debug)]
pub struct DialectReport {
    /// The product.
    pub product: &'static str,
    /// The settings as a quorum system.
    pub system: QuorumSystem,
    /// The rules applied to it.
    pub judgement: Judgement,
    /// What the settings mean, in the product's words.
    pub statements: Vec<String>,
    /// For Cassandra: every pair of levels.
    pub pairs: Vec<Pair>,
}

/// Judges a product's settings.
///
/// # Errors
///
/// When a setting is out of range or contradicts another.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{Limits, Verdict};
/// use tribunal_checker::quorum::dialect::{Dialect, Elasticsearch, judge};
///
/// // Three master-eligible nodes of which one may elect itself: two masters after a partition.
/// let settings = Elasticsearch { master_eligible: 3, minimum_master_nodes: 1 };
/// let report = judge(&Dialect::Elasticsearch(settings), &Limits::default()).unwrap();
/// assert_eq!(report.judgement.verdict, Verdict::Unsafe);
/// assert_eq!(report.judgement.checks[0].fix, ["discovery.zen.minimum_master_nodes: 2"]);
/// ```
pub fn judge(dialect: &Dialect, limits: &Limits) -> Result<DialectReport, QuorumError> {
    match dialect {
        Dialect::Cassandra(settings) => cassandra::judge(settings, limits),
        Dialect::Riak(settings) => riak::judge(settings, limits),
        Dialect::Mongodb(settings) => mongodb::judge(settings, limits),
        Dialect::Kafka(settings) => kafka::judge(settings),
        Dialect::Zookeeper(settings) => elections::zookeeper(settings, limits),
        Dialect::Etcd(settings) => elections::etcd(settings, limits),
        Dialect::Elasticsearch(settings) => elections::elasticsearch(settings, limits),
    }
}

fn report(
    product: &'static str,
    system: QuorumSystem,
    checks: Vec<Check>,
    statements: Vec<String>,
) -> DialectReport {
    DialectReport { product, system, judgement: Judgement::of(checks), statements, pairs: Vec::new() }
}

/// Replicas called `prefix1`, `prefix2`, ….
fn named(field: &str, prefix: &str, n: usize) -> Result<Vec<Replica>, QuorumError> {
    if n == 0 || n > MAX_REPLICAS {
        let mend = format!("write a number between 1 and {MAX_REPLICAS}");
        return Err(QuorumError::new(field, format!("{n} of them"), mend));
    }
    Ok((1..=n).map(|i| Replica::new(format!("{prefix}{i}"))).collect())
}

/// `k` of the replicas with these numbers.
fn choose(k: usize, members: impl IntoIterator<Item = usize>) -> Result<Formula, QuorumError> {
    let mut builder = Builder::new();
    let inputs: Vec<GateId> = members.into_iter().map(|replica| builder.replica(replica)).collect();
    let root = builder.choose(k as u64, &inputs)?;
    Ok(builder.finish(root))
}

fn plural(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}

#[cfg(test)]
mod tests;
