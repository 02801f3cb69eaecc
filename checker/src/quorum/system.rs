//! A quorum system: named replicas, read quorums and write quorums.

use std::collections::BTreeSet;

use super::error::QuorumError;
use super::formula::{Builder, Formula};
use super::set::ReplicaSet;
use super::voting::Voting;

/// The most replicas that a system may have.
pub const MAX_REPLICAS: usize = 1024;

/// What is known of one replica beside its place in the quorums.
#[derive(Clone, Debug, PartialEq)]
pub struct Replica {
    /// The name by which expressions and results call it.
    pub name: String,
    /// The zone, rack or data centre whose loss takes it along.
    pub zone: Option<String>,
    /// Whether it stores data; a witness votes without.
    pub data: bool,
    /// The probability that it is down, independently of the others.
    pub fail_p: Option<f64>,
    /// Reads a second (or any unit) that it can serve.
    pub read_capacity: f64,
    /// Writes in the same unit.
    pub write_capacity: f64,
    /// Milliseconds until its answer arrives.
    pub latency_ms: Option<f64>,
}

impl Replica {
    /// A replica that stores data and of which nothing else is known; its capacities are 1.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            zone: None,
            data: true,
            fail_p: None,
            read_capacity: 1.0,
            write_capacity: 1.0,
            latency_ms: None,
        }
    }

    /// Replicas `n1`, `n2`, … in the default state.
    #[must_use]
    pub fn numbered(n: usize) -> Vec<Self> {
        (1..=n).map(|i| Self::new(format!("n{i}"))).collect()
    }

    fn validate(&self) -> Result<(), QuorumError> {
        let at = |field: &str| format!("nodes.{}.{field}", self.name);
        for (field, capacity) in
            [("read_capacity", self.read_capacity), ("write_capacity", self.write_capacity)]
        {
            if !(capacity.is_finite() && capacity > 0.0) {
                return Err(QuorumError::new(
                    at(field),
                    format!("{capacity} is no capacity"),
                    "write a positive number; take a replica that serves nothing out of the quorums, or give it votes = 0",
                ));
            }
        }
        if let Some(p) = self.fail_p.filter(|p| !(0.0..=1.0).contains(p)) {
            return Err(QuorumError::new(
                at("fail_p"),
                format!("{p} is no probability"),
                "write a number between 0 and 1",
            ));
        }
        if let Some(latency) = self.latency_ms.filter(|latency| !(latency.is_finite() && *latency >= 0.0)) {
            return Err(QuorumError::new(
                at("latency_ms"),
                format!("{latency} is no latency"),
                "write the milliseconds as a number of 0 or more",
            ));
        }
        Ok(())
    }
}

/// Named replicas with the read and write quorums over them.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::{QuorumSystem, Replica};
///
/// let system = QuorumSystem::from_expressions(None, "a*b + c*d", None).unwrap();
/// assert_eq!(system.replicas().len(), 4);
/// // The writes are the dual of the reads: one replica of each pair.
/// assert!(system.writes().is_quorum(&[0, 2].into_iter().collect()));
///
/// let voting = QuorumSystem::from_votes(Replica::numbered(3), &[2, 1, 1], 2, 3).unwrap();
/// assert!(voting.reads().is_quorum(&[0].into_iter().collect()));
/// ```
#[derive(Clone, Debug)]
pub struct QuorumSystem {
    replicas: Vec<Replica>,
    reads: Formula,
    writes: Formula,
    voting: Option<Voting>,
}

impl QuorumSystem {
    /// A system of formulas over the replicas.
    ///
    /// # Errors
    ///
    /// When there are no replicas or too many, two have one name, a field of one is out of range, a formula mentions
    /// a replica that does not exist, or no set of replicas, or the empty set, is a quorum.
    pub fn new(replicas: Vec<Replica>, reads: Formula, writes: Formula) -> Result<Self, QuorumError> {
        validate_replicas(&replicas)?;
        let everyone = ReplicaSet::full(replicas.len());
        for (field, formula) in [("reads", &reads), ("writes", &writes)] {
            if formula.replicas().iter().any(|&replica| replica >= replicas.len()) {
                return Err(QuorumError::new(
                    field,
                    "a replica that does not exist",
                    "declare it under nodes",
                ));
            }
            if !formula.is_quorum(&everyone) {
                return Err(QuorumError::new(
                    field,
                    "not even all replicas together are a quorum",
                    "lower the threshold",
                ));
            }
            if formula.is_quorum(&ReplicaSet::new()) {
                return Err(QuorumError::new(
                    field,
                    "the empty set is a quorum",
                    "raise the threshold to 1 or more",
                ));
            }
        }
        Ok(Self { replicas, reads, writes, voting: None })
    }

    /// Gifford's weighted voting: read quorums of `r` votes, write quorums of `w`.
    ///
    /// # Errors
    ///
    /// As [`Voting::new`] and [`QuorumSystem::new`]; also when there are not as many votes as replicas.
    pub fn from_votes(replicas: Vec<Replica>, votes: &[u64], r: u64, w: u64) -> Result<Self, QuorumError> {
        validate_replicas(&replicas)?;
        if replicas.len() != votes.len() {
            return Err(QuorumError::new(
                "votes",
                format!("{} votes for {} replicas", votes.len(), replicas.len()),
                "give each replica its number of votes (0 for a weak representative)",
            ));
        }
        let voting = Voting::new(votes, r, w)?;
        let mut system = Self::new(replicas, voting.reads(), voting.writes())?;
        system.voting = Some(voting);
        Ok(system)
    }

    /// A system of expressions; without declared replicas, those that the expressions mention, in that order. Without
    /// `writes`, or with the word `dual`, the write quorums are the dual of the read quorums.
    ///
    /// # Errors
    ///
    /// As [`QuorumSystem::new`], and when an expression cannot be read or names an undeclared replica.
    pub fn from_expressions(
        replicas: Option<Vec<Replica>>,
        reads: &str,
        writes: Option<&str>,
    ) -> Result<Self, QuorumError> {
        let declared = replicas.is_some();
        let mut replicas = replicas.unwrap_or_default();
        if declared {
            validate_replicas(&replicas)?;
        }
        let mut names = super::expression::Names::new(replicas.iter().map(|r| r.name.clone()), !declared);
        let reads = super::expression::parse("reads", reads, &mut names)?;
        let writes = match writes.map(str::trim) {
            None | Some("dual") => reads.dual(),
            Some(writes) => super::expression::parse("writes", writes, &mut names)?,
        };
        replicas.extend(names.into_list().into_iter().skip(replicas.len()).map(Replica::new));
        Self::new(replicas, reads, writes)
    }

    /// A majority of `n` replicas for reads and writes alike.
    ///
    /// # Errors
    ///
    /// As [`QuorumSystem::new`].
    pub fn majority(n: usize) -> Result<Self, QuorumError> {
        let need = n as u64 / 2 + 1;
        Self::from_votes(Replica::numbered(n), &vec![1; n], need, need)
    }

    /// The replicas, by number.
    #[must_use]
    pub fn replicas(&self) -> &[Replica] {
        &self.replicas
    }

    /// The replicas, to set what is known of them; see [`QuorumSystem::validated`].
    pub fn replicas_mut(&mut self) -> &mut [Replica] {
        &mut self.replicas
    }

    /// The system again, once its replicas have been changed.
    ///
    /// # Errors
    ///
    /// As [`QuorumSystem::new`] for the replicas.
    pub fn validated(self) -> Result<Self, QuorumError> {
        validate_replicas(&self.replicas)?;
        Ok(self)
    }

    /// The read quorums.
    #[must_use]
    pub fn reads(&self) -> &Formula {
        &self.reads
    }

    /// The write quorums.
    #[must_use]
    pub fn writes(&self) -> &Formula {
        &self.writes
    }

    /// The votes, where the system is one of weighted voting.
    #[must_use]
    pub fn voting(&self) -> Option<&Voting> {
        self.voting.as_ref()
    }

    /// The names of a set of replicas, in the order of the replicas.
    #[must_use]
    pub fn names(&self, set: &ReplicaSet) -> Vec<String> {
        set.iter().map(|replica| self.replicas[replica].name.clone()).collect()
    }

    /// The set of the named replicas.
    ///
    /// # Errors
    ///
    /// When a name is unknown; `field` is the one the error blames.
    pub fn set_of<S: AsRef<str>>(&self, field: &str, names: &[S]) -> Result<ReplicaSet, QuorumError> {
        let find = |name: &str| self.replicas.iter().position(|replica| replica.name == name);
        names
            .iter()
            .map(|name| {
                find(name.as_ref()).ok_or_else(|| {
                    let known: Vec<&str> = self.replicas.iter().map(|r| r.name.as_str()).collect();
                    unknown_replica(field, name.as_ref(), &known)
                })
            })
            .collect()
    }
}

/// The error for a name that no replica has.
pub(super) fn unknown_replica(field: &str, name: &str, known: &[&str]) -> QuorumError {
    let mut shown: Vec<&str> = known.iter().take(12).copied().collect();
    if known.len() > shown.len() {
        shown.push("…");
    }
    QuorumError::new(
        field,
        format!("no replica is called {name:?}"),
        format!("use one of {}, or declare it under nodes", shown.join(", ")),
    )
}

fn validate_replicas(replicas: &[Replica]) -> Result<(), QuorumError> {
    if replicas.is_empty() {
        return Err(QuorumError::new("nodes", "the system has no replicas", "declare at least one"));
    }
    if replicas.len() > MAX_REPLICAS {
        return Err(QuorumError::new(
            "nodes",
            format!("{} replicas", replicas.len()),
            format!("describe at most {MAX_REPLICAS}"),
        ));
    }
    let mut names = BTreeSet::new();
    for replica in replicas {
        replica.validate()?;
        if replica.name.is_empty() {
            return Err(QuorumError::new("nodes", "a replica has an empty name", "name it"));
        }
        if !names.insert(replica.name.as_str()) {
            return Err(QuorumError::new(
                "nodes",
                format!("two replicas are called {:?}", replica.name),
                "give each its own name",
            ));
        }
    }
    Ok(())
}

/// The formula of a threshold over votes, replica by replica.
pub(super) fn votes_formula(votes: &[u64], need: u64) -> Formula {
    let mut builder = Builder::new();
    let inputs: Vec<_> = votes.iter().enumerate().map(|(i, &v)| (builder.replica(i), v)).collect();
    match builder.threshold(need, &inputs) {
        Ok(root) => builder.finish(root),
        Err(error) => unreachable!("votes were validated: {error}"),
    }
}
