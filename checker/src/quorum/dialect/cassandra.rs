//! Cassandra and ScyllaDB: replication factors of data centres, and consistency levels.
//!
//! `QUORUM` is `floor(sum of the replication factors / 2) + 1` replicas wherever they are, `LOCAL_QUORUM` is
//! `floor(RF / 2) + 1` of one data centre, `EACH_QUORUM` that of every data centre. Concurrent writes are settled by
//! timestamps, so only reads against writes are a question of quorums. Source: the products' documentation of
//! consistency levels.

use super::{DialectReport, choose, plural, report};
use crate::quorum::check::{Amount, Check, Inequality, Witness};
use crate::quorum::error::{Limits, QuorumError, Stopped};
use crate::quorum::fault;
use crate::quorum::formula::Formula;
use crate::quorum::intersect::disjoint_quorums;
use crate::quorum::system::{MAX_REPLICAS, QuorumSystem, Replica};

/// Data centres beyond which the table of all pairs is left out.
const MOST_CENTRES: usize = 4;

/// A consistency level without its data centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsistencyLevel {
    /// A hint is enough (writes only).
    Any,
    /// One replica.
    One,
    /// Two replicas.
    Two,
    /// Three replicas.
    Three,
    /// A majority of all replicas.
    Quorum,
    /// Every replica.
    All,
    /// One replica of the coordinator's data centre.
    LocalOne,
    /// A majority of the coordinator's data centre.
    LocalQuorum,
    /// A majority of every data centre.
    EachQuorum,
}

impl ConsistencyLevel {
    const NAMES: [(&'static str, Self); 11] = [
        ("ANY", Self::Any),
        ("ONE", Self::One),
        ("TWO", Self::Two),
        ("THREE", Self::Three),
        ("QUORUM", Self::Quorum),
        ("ALL", Self::All),
        ("LOCAL_ONE", Self::LocalOne),
        ("LOCAL_QUORUM", Self::LocalQuorum),
        ("EACH_QUORUM", Self::EachQuorum),
        ("SERIAL", Self::Quorum),
        ("LOCAL_SERIAL", Self::LocalQuorum),
    ];

    /// The level of a name, in any case; the serial levels wait for the replicas of their quorum levels.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, level)| *level)
    }

    /// The product's name of the level.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES.iter().find(|(_, level)| *level == self).map_or("", |(name, _)| name)
    }

    fn is_local(self) -> bool {
        matches!(self, Self::LocalOne | Self::LocalQuorum)
    }
}

/// A consistency level and the data centre of its coordinator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// The level.
    pub level: ConsistencyLevel,
    /// Where the coordinator is; only the local levels ask.
    pub centre: Option<String>,
}

impl Level {
    /// Whether both wait for the same replicas: the coordinator's data centre matters to the local levels only.
    fn same(&self, other: &Self) -> bool {
        self.level == other.level && (!self.level.is_local() || self.centre == other.centre)
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.level.name())?;
        match &self.centre {
            Some(centre) if self.level.is_local() => write!(f, "@{centre}"),
            _ => Ok(()),
        }
    }
}

/// A keyspace's replication, and the levels that an application uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cassandra {
    /// Whether the product is ScyllaDB.
    pub scylla: bool,
    /// Data centres with their replication factors.
    pub replication: Vec<(String, usize)>,
    /// The level of writes.
    pub write: Level,
    /// The level of reads.
    pub read: Level,
}

/// One pair of levels: do reads at the one always see writes at the other?
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The level of writes.
    pub write: Level,
    /// The level of reads.
    pub read: Level,
    /// Whether every read quorum meets every write quorum.
    pub safe: Result<bool, Stopped>,
    /// How many replicas both wait for together, the fewest possible.
    pub waits: usize,
}

pub(super) fn judge(settings: &Cassandra, limits: &Limits) -> Result<DialectReport, QuorumError> {
    let replicas = replicas(settings)?;
    let write = formula(settings, "cassandra.write", &settings.write)?;
    let read = formula(settings, "cassandra.read", &settings.read)?;
    let pairs =
        if settings.replication.len() <= MOST_CENTRES { pairs(settings, limits)? } else { Vec::new() };
    let rule = "a read sees every write that was acknowledged before";
    let mut check = Check::new("read-write", rule, "stale reads", Ok(true));
    check.inequality = inequality(settings);
    match disjoint_quorums(&write, &read, limits) {
        _ if settings.write.level == ConsistencyLevel::Any => {
            check.exact = Ok(false);
            check.note = Some("ANY is satisfied by a hint that no replica has yet".to_owned());
        }
        Err(stopped) => check.exact = Err(stopped),
        Ok(Some(meeting)) => {
            check.exact = Ok(false);
            check.witness = Some(Witness::new(["write", "read"], meeting.quorums, meeting.smallest));
        }
        Ok(None) => {}
    }
    if check.exact == Ok(false) {
        check.fix = fixes(settings, &pairs);
    }
    let system = QuorumSystem::new(replicas, read, write)?;
    let statements = statements(settings, &system, limits);
    let product = if settings.scylla { "ScyllaDB" } else { "Cassandra" };
    Ok(DialectReport { pairs, ..report(product, system, vec![check], statements) })
}

fn replicas(settings: &Cassandra) -> Result<Vec<Replica>, QuorumError> {
    let total = total(settings);
    if total.is_none_or(|total| total == 0 || total > MAX_REPLICAS) {
        let mend =
            format!("write factors that sum to between 1 and {MAX_REPLICAS}, such as {{ dc1 = 3, dc2 = 3 }}");
        return Err(QuorumError::new("cassandra.replication", "no replicas, or too many", mend));
    }
    let of_centre = |(centre, factor): &(String, usize)| {
        let zone = centre.clone();
        let name = move |i| format!("{zone}-{i}");
        let zone = Some(centre.clone());
        (1..=*factor)
            .map(move |i| Replica { zone: zone.clone(), ..Replica::new(name(i)) })
            .collect::<Vec<_>>()
    };
    Ok(settings.replication.iter().flat_map(of_centre).collect())
}

fn total(settings: &Cassandra) -> Option<usize> {
    settings.replication.iter().try_fold(0_usize, |sum, (_, factor)| sum.checked_add(*factor))
}

/// The replicas of one data centre.
fn centre(settings: &Cassandra, field: &str, level: &Level) -> Result<std::ops::Range<usize>, QuorumError> {
    let known: Vec<&str> = settings.replication.iter().map(|(centre, _)| centre.as_str()).collect();
    let name = match (&level.centre, known.as_slice()) {
        (Some(name), _) => name.as_str(),
        (None, [only]) => only,
        (None, _) => {
            let problem = format!("{} of which data centre?", level.level.name());
            return Err(QuorumError::new(
                format!("{field}.dc"),
                problem,
                format!("use one of {}", known.join(", ")),
            ));
        }
    };
    let mut start = 0;
    for (centre, factor) in &settings.replication {
        if centre == name {
            if *factor == 0 {
                let problem = format!("{name} holds no replica");
                return Err(QuorumError::new(format!("{field}.dc"), problem, "give it a replication factor"));
            }
            return Ok(start..start + factor);
        }
        start += factor;
    }
    let problem = format!("no data centre is called {name:?}");
    Err(QuorumError::new(format!("{field}.dc"), problem, format!("use one of {}", known.join(", "))))
}

fn formula(settings: &Cassandra, field: &str, level: &Level) -> Result<Formula, QuorumError> {
    use ConsistencyLevel::{All, Any, EachQuorum, LocalOne, LocalQuorum, One, Quorum, Three, Two};
    let n = total(settings).unwrap_or(0);
    let some = |k: usize| {
        if k > n {
            let problem = format!("{} of {}", level.level.name(), plural(n, "replica"));
            return Err(QuorumError::new(
                format!("{field}.cl"),
                problem,
                "use a lower level, or raise the replication",
            ));
        }
        choose(k, 0..n)
    };
    match level.level {
        Any | One => some(1),
        Two => some(2),
        Three => some(3),
        Quorum => some(n / 2 + 1),
        All => some(n),
        LocalOne => choose(1, centre(settings, field, level)?),
        LocalQuorum => {
            let members = centre(settings, field, level)?;
            choose(members.len() / 2 + 1, members)
        }
        EachQuorum => {
            let mut all: Option<Formula> = None;
            let mut start = 0;
            for (_, factor) in settings.replication.iter().filter(|(_, factor)| *factor > 0) {
                let own = choose(factor / 2 + 1, start..start + factor)?;
                start += factor;
                all = Some(all.map_or_else(|| own.clone(), |all| all.and(&own)));
            }
            all.map_or_else(|| some(1), Ok)
        }
    }
}

/// The replicas that a level waits for, where it counts them wherever they are.
fn anywhere(settings: &Cassandra, level: ConsistencyLevel) -> Option<u64> {
    let n = total(settings)? as u64;
    let single = settings.replication.len() == 1;
    match level {
        ConsistencyLevel::One => Some(1),
        ConsistencyLevel::Two => Some(2),
        ConsistencyLevel::Three => Some(3),
        ConsistencyLevel::Quorum => Some(n / 2 + 1),
        ConsistencyLevel::All => Some(n),
        ConsistencyLevel::LocalOne if single => Some(1),
        ConsistencyLevel::LocalQuorum | ConsistencyLevel::EachQuorum if single => Some(n / 2 + 1),
        _ => None,
    }
}

fn inequality(settings: &Cassandra) -> Option<Inequality> {
    let w = anywhere(settings, settings.write.level)?;
    let r = anywhere(settings, settings.read.level)?;
    let n = total(settings)? as u64;
    Some(Inequality::more("W + R > RF", Amount::whole(i128::from(w + r)), Amount::whole(i128::from(n))))
}

/// The levels worth comparing: those that count anywhere, and the local ones of each data centre.
fn levels(settings: &Cassandra) -> Vec<Level> {
    let plain = |level| Level { level, centre: None };
    let mut levels = vec![plain(ConsistencyLevel::One)];
    for level in [ConsistencyLevel::LocalOne, ConsistencyLevel::LocalQuorum] {
        let centres = settings.replication.iter().filter(|(_, factor)| *factor > 0);
        levels.extend(centres.map(|(centre, _)| Level { level, centre: Some(centre.clone()) }));
    }
    levels.extend([ConsistencyLevel::Quorum, ConsistencyLevel::EachQuorum, ConsistencyLevel::All].map(plain));
    for used in [&settings.write, &settings.read] {
        if used.level != ConsistencyLevel::Any && !levels.iter().any(|level| level.same(used)) {
            levels.push(used.clone());
        }
    }
    levels
}

fn pairs(settings: &Cassandra, limits: &Limits) -> Result<Vec<Pair>, QuorumError> {
    let levels: Vec<(Level, Formula, usize)> = levels(settings)
        .into_iter()
        .map(|level| {
            let formula = formula(settings, "cassandra", &level)?;
            let everyone = (0..total(settings).unwrap_or(0)).collect();
            let waits = crate::quorum::intersect::shrunk(&formula, &everyone).len();
            Ok((level, formula, waits))
        })
        .collect::<Result<_, QuorumError>>()?;
    let mut pairs = Vec::with_capacity(levels.len() * levels.len());
    for (write, writes, write_waits) in &levels {
        for (read, reads, read_waits) in &levels {
            let safe = disjoint_quorums(writes, reads, limits).map(|pair| pair.is_none());
            pairs.push(Pair {
                write: write.clone(),
                read: read.clone(),
                safe,
                waits: write_waits + read_waits,
            });
        }
    }
    Ok(pairs)
}

/// The cheapest level of reads that mends with the same writes, and the other way round.
fn fixes(settings: &Cassandra, pairs: &[Pair]) -> Vec<String> {
    let cheapest = |keep: &dyn Fn(&Pair) -> bool| {
        pairs.iter().filter(|pair| pair.safe == Ok(true) && keep(pair)).min_by_key(|pair| pair.waits)
    };
    let read =
        cheapest(&|pair| pair.write.same(&settings.write)).map(|pair| format!("read at {}", pair.read));
    let write =
        cheapest(&|pair| pair.read.same(&settings.read)).map(|pair| format!("write at {}", pair.write));
    read.into_iter().chain(write).collect()
}

fn statements(settings: &Cassandra, system: &QuorumSystem, limits: &Limits) -> Vec<String> {
    let mut statements = Vec::new();
    for (verb, level, formula) in
        [("Writes", &settings.write, system.writes()), ("Reads", &settings.read, system.reads())]
    {
        let waits =
            crate::quorum::intersect::shrunk(formula, &formula.replicas().into_iter().collect()).len();
        let survives = match fault::resilience(formula, limits) {
            Ok(found) => format!("and are possible with any {} down", plural(found.survives, "replica")),
            Err(stopped) => format!("({stopped})"),
        };
        statements.push(format!("{verb} at {level} wait for {} {survives}.", plural(waits, "replica")));
    }
    statements.push(
        "Concurrent writes are settled by timestamps (the last one wins), whatever the level; use lightweight \
         transactions where a write depends on what was read."
            .to_owned(),
    );
    statements
}
