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
mod quorums;
mod rules;
mod value;

use tribunal_checker::quorum::{QuorumError, QuorumSystem, ReplicaSet, Requirements, Rules, Workload};

use fields::Fields;
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
    /// Replicas known to be down.
    pub down: ReplicaSet,
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

const SECTIONS: &[&str] = &["n", "nodes", "fail_p", "quorum", "rules", "workload", "require", "down"];

/// Makes a configuration of a value that was read or put together.
///
/// # Errors
///
/// As [`read`].
pub fn decode(value: &Value) -> Result<QuorumConfig, QuorumError> {
    let top = Fields::of("", value)?.only(SECTIONS)?;
    let nodes = nodes::decode(&top)?;
    let (system, rules) = quorums::decode(&top, nodes)?;
    let down = match top.texts("down")? {
        Some(names) => system.set_of("down", &names)?,
        None => ReplicaSet::new(),
    };
    Ok(QuorumConfig {
        workload: demands::workload(&top)?,
        require: demands::requirements(&top, &system)?,
        down,
        subject: Subject::System { system: Box::new(system), rules },
    })
}

#[cfg(test)]
mod tests;
