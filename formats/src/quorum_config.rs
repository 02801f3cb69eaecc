//! Quorum configurations: TOML or JSON, to what [`tribunal_checker::quorum`] judges.
//!
//! Both notations have one schema and one decoder ([`Value`] holds either, in the order of the file). Fields that the
//! schema does not know are errors: a misspelt `write_resiliance` must not pass as a requirement that was met.
//!
//! # Examples
//!
//! ```
//! use tribunal_checker::quorum::{Limits, Verdict, judge};
//! use tribunal_formats::quorum_config::{Notation, Subject, read};
//!
//! let config = read("n = 5\n[quorum]\nr = 2\nw = 4\n", Notation::Toml).unwrap();
//! let Subject::System { system, rules } = &config.subject else { unreachable!() };
//! assert_eq!(judge(system, rules, &Limits::default()).unwrap().verdict, Verdict::Safe);
//! ```

mod demands;
mod fields;
mod nodes;
mod products;
mod quorums;
mod rules;
mod stale;
mod value;

use tribunal_checker::quorum::dialect::Dialect;
use tribunal_checker::quorum::{QuorumError, QuorumSystem, Requirements, Rules, Workload};

use fields::Fields;
pub use stale::Staleness;
pub use value::{Notation, Value};

/// What a configuration describes.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A quorum system and the rules to judge it by.
    System {
        /// The replicas and their quorums.
        system: Box<QuorumSystem>,
        /// The protocol's rules.
        rules: Rules,
    },
    /// The settings of a product.
    Product(Dialect),
}

/// A configuration that was read.
#[derive(Clone, Debug)]
pub struct QuorumConfig {
    /// What is judged.
    pub subject: Subject,
    /// What is asked of it, where a read fraction is given.
    pub workload: Option<Workload>,
    /// What must be met.
    pub require: Requirements,
    /// The names of replicas known to be down.
    pub down: Vec<String>,
    /// The failure probability of every replica that has none of its own.
    pub fail_p: Option<f64>,
    /// What is asked about staleness.
    pub staleness: Option<Staleness>,
}

/// Reads a configuration.
///
/// # Errors
///
/// When the text is not in the notation, a field is unknown or out of range, or the system makes no sense; the error names
/// the field and how to mend it.
pub fn read(text: &str, notation: Notation) -> Result<QuorumConfig, QuorumError> {
    decode(&Value::read(text, notation)?)
}

const SECTIONS: &[&str] =
    &["n", "nodes", "fail_p", "quorum", "rules", "workload", "require", "down", "staleness"];

/// Makes a configuration of a value that was read or put together.
///
/// # Errors
///
/// As [`read`].
pub fn decode(value: &Value) -> Result<QuorumConfig, QuorumError> {
    let known: Vec<&str> = SECTIONS.iter().chain(products::SECTIONS).copied().collect();
    let top = Fields::of("", value)?.only(&known)?;
    let down: Vec<String> = top.texts("down")?.unwrap_or_default().into_iter().map(str::to_owned).collect();
    let (workload, fail_p) = (demands::workload(&top)?, top.probability("fail_p")?);
    if let Some(dialect) = products::decode(&top)? {
        if top.get("staleness").is_some() {
            let mend = "write n, r and w instead of a product";
            return Err(QuorumError::new("staleness", "it is known for equal votes only", mend));
        }
        let require = demands::requirements(&top, None)?;
        return Ok(QuorumConfig {
            subject: Subject::Product(dialect),
            workload,
            require,
            down,
            fail_p,
            staleness: None,
        });
    }
    let (system, rules) = quorums::decode(&top, nodes::decode(&top)?)?;
    system.set_of("down", &down)?;
    let require = demands::requirements(&top, Some(&system))?;
    let staleness = stale::decode(&top, &system)?;
    let subject = Subject::System { system: Box::new(system), rules };
    Ok(QuorumConfig { subject, workload, require, down, fail_p, staleness })
}

#[cfg(test)]
mod tests;
