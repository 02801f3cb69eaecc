//! What is asked about staleness.

use tribunal_checker::quorum::staleness::{Delay, Thresholds, Wars};
use tribunal_checker::quorum::{QuorumError, QuorumSystem};

use super::Fields;

/// A question about how stale reads are.
#[derive(Clone, Debug, PartialEq)]
pub struct Staleness {
    /// Replicas and thresholds, one vote each.
    pub thresholds: Thresholds,
    /// For which numbers of versions k-staleness is given.
    pub versions: Vec<u64>,
    /// Writes of a key for each read of one client: monotonic reads.
    pub writes_per_read: Option<f64>,
    /// Delays to simulate.
    pub wars: Option<Wars>,
    /// Milliseconds after a write at which freshness is estimated.
    pub times: Vec<f64>,
}

const FIELDS: &[&str] =
    &["versions", "writes_per_read", "write", "ack", "read", "response", "times_ms", "trials", "seed"];

/// The section's question; without a section, systems whose equal-vote quorums may miss each other are asked the
/// closed form.
pub(super) fn decode(top: &Fields<'_>, system: &QuorumSystem) -> Result<Option<Staleness>, QuorumError> {
    let voting = system.voting().filter(|voting| voting.votes().iter().all(|&vote| vote == 1));
    let thresholds = voting.map(|voting| Thresholds { n: voting.total(), r: voting.r(), w: voting.w() });
    let partial = thresholds.filter(|own| own.miss() > 0.0);
    let Some(fields) = top.table("staleness")? else {
        return Ok(partial.map(|thresholds| Staleness {
            thresholds,
            versions: vec![1, 2, 3, 5, 10],
            writes_per_read: None,
            wars: None,
            times: Vec::new(),
        }));
    };
    let fields = fields.only(FIELDS)?;
    let thresholds = thresholds.ok_or_else(|| {
        let mend = "write n, r and w with one vote each, or leave staleness out";
        QuorumError::new("staleness", "it is known for equal votes only", mend)
    })?;
    let writes_per_read = fields.number("writes_per_read")?;
    if writes_per_read.is_some_and(|rate| rate < 0.0) {
        return Err(fields.wrong("writes_per_read", "a number of 0 or more"));
    }
    let delays = ["write", "ack", "read", "response"].map(|key| delay(&fields, key));
    let [write, ack, read, response] = delays;
    let wars = match (write?, ack?, read?, response?) {
        (None, None, None, None) => None,
        (Some(write), Some(ack), Some(read), Some(response)) => {
            let trials = u32::try_from(fields.whole("trials")?.unwrap_or(100_000)).unwrap_or(u32::MAX);
            let seed = fields.whole("seed")?.unwrap_or(0);
            let wars = Wars { thresholds, write, ack, read, response, trials, seed };
            wars.validate()?;
            Some(wars)
        }
        _ => {
            return Err(QuorumError::new(
                "staleness",
                "some delays are missing",
                "write write, ack, read and response",
            ));
        }
    };
    Ok(Some(Staleness {
        thresholds,
        versions: fields.wholes("versions")?.unwrap_or_else(|| vec![1, 2, 3, 5, 10]),
        writes_per_read,
        wars,
        times: numbers(&fields, "times_ms")?.unwrap_or_else(|| vec![0.0, 1.0, 10.0, 100.0]),
    }))
}

fn numbers(fields: &Fields<'_>, key: &str) -> Result<Option<Vec<f64>>, QuorumError> {
    let Some(value) = fields.get(key) else { return Ok(None) };
    let numbers = match value {
        super::Value::List(items) => items.iter().map(super::Value::as_number).collect::<Option<Vec<_>>>(),
        _ => None,
    };
    numbers.map(Some).ok_or_else(|| fields.wrong(key, "a list of numbers"))
}

/// `{ exponential = 0.1 }`, `{ constant = 5 }`, `{ uniform = [1, 3] }` or `{ pareto = [1, 2.5] }`.
fn delay(fields: &Fields<'_>, key: &str) -> Result<Option<Delay>, QuorumError> {
    let Some(own) = fields.table(key)? else { return Ok(None) };
    let own = own.only(&["constant", "exponential", "uniform", "pareto"])?;
    let pair = |name: &str| {
        numbers(&own, name)?
            .map(|both| <[f64; 2]>::try_from(both).map_err(|_| own.wrong(name, "a list of two numbers")))
            .transpose()
    };
    let given = [
        own.number("constant")?.map(Delay::Constant),
        own.number("exponential")?.map(Delay::Exponential),
        pair("uniform")?.map(|[low, high]| Delay::Uniform(low, high)),
        pair("pareto")?.map(|[least, exponent]| Delay::Pareto(least, exponent)),
    ];
    match given.into_iter().flatten().collect::<Vec<_>>().as_slice() {
        [delay] => Ok(Some(*delay)),
        _ => Err(fields.wrong(key, "one of constant, exponential, uniform and pareto")),
    }
}
