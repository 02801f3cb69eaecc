//! The litmus histories: small ones, mostly from the literature, with verdicts that a person derived by hand.
//!
//! They are part of the library, text and all; `corpus/litmus/README.md` says how they are organised, how to read one
//! and how to add one.

use std::fmt;
use tribunal_checker::history::History;
use tribunal_checker::model::Model;
use tribunal_formats::notation::read_expectations;
use tribunal_formats::{Format, FormatError, ReadOptions, read_bytes};

/// Family, name, text.
const FILES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/litmus.rs"));

/// A litmus history.
#[derive(Clone, Debug)]
pub struct Litmus {
    /// The folder: where the history comes from or what it is about.
    pub family: &'static str,
    /// The file's name without its extension.
    pub name: &'static str,
    /// The file, from the folder of all families: `textbook/causal-yes.hist`.
    pub path: String,
    /// Its first comment.
    pub title: &'static str,
    /// The whole file: history, source, reasons.
    pub text: &'static str,
    /// The history.
    pub history: History,
    /// For some models whether the history is consistent with them, in the order of the file.
    pub expectations: Vec<(Model, bool)>,
}

/// A litmus file that cannot be used.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum LitmusError {
    /// It is no history.
    Format(FormatError),
    /// It does not hold exactly one history.
    NotOne {
        /// The file.
        path: String,
        /// How many it holds.
        histories: usize,
    },
    /// It expects something of an unknown model, or of one model twice.
    Expectation {
        /// The file.
        path: String,
        /// The model's name as it stands there.
        model: String,
    },
}

/// The litmus histories, by family and name.
///
/// # Examples
/// ```
/// use tribunal_checker::model::Model;
///
/// let store_buffering = tribunal_corpus::litmus()
///     .map(|litmus| litmus.expect("the library's own"))
///     .find(|litmus| litmus.family == "shared-memory" && litmus.name == "sb")
///     .expect("a classic");
/// assert!(store_buffering.expectations.contains(&(Model::Sequential, false)));
/// ```
pub fn litmus() -> impl ExactSizeIterator<Item = Result<Litmus, LitmusError>> + Clone {
    FILES.iter().map(|&(family, name, text)| load(family, name, text))
}

/// The families, in the order of [`litmus`].
#[must_use]
pub fn families() -> Vec<&'static str> {
    let mut families: Vec<_> = FILES.iter().map(|&(family, ..)| family).collect();
    families.dedup();
    families
}

fn load(family: &'static str, name: &'static str, text: &'static str) -> Result<Litmus, LitmusError> {
    let path = format!("{family}/{name}.hist");
    let options = ReadOptions::new().format(Format::Notation);
    let mut recordings = read_bytes(text.as_bytes(), &path, &options).map_err(LitmusError::Format)?;
    let histories = recordings.len();
    let Some(recording) = recordings.pop().filter(|_| histories == 1) else {
        return Err(LitmusError::NotOne { path, histories });
    };
    let history = recording.history.map_err(LitmusError::Format)?;
    let mut expectations: Vec<(Model, bool)> = Vec::new();
    for expected in read_expectations(text) {
        let model = Model::from_name(&expected.model);
        match model.filter(|model| expectations.iter().all(|(other, _)| other != model)) {
            Some(model) => expectations.push((model, expected.holds)),
            None => return Err(LitmusError::Expectation { path, model: expected.model }),
        }
    }
    let first = text.lines().find_map(|line| line.strip_prefix('#'));
    let title = first.unwrap_or_default().trim().trim_end_matches('.');
    Ok(Litmus { family, name, path, title, text, history, expectations })
}

impl fmt::Display for LitmusError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(error) => error.fmt(f),
            Self::NotOne { path, histories } => write!(f, "{path}: {histories} histories, expected one"),
            Self::Expectation { path, model } => {
                write!(f, "{path}: expects something of `{model}`, which is no model or was named before")
            }
        }
    }
}

impl std::error::Error for LitmusError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Format(error) = self { Some(error) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, HashSet};

    #[test]
    fn every_file_is_a_history_with_a_title_and_expectations() {
        let mut paths = HashSet::new();
        for litmus in litmus() {
            let litmus = litmus.unwrap_or_else(|error| panic!("{error}"));
            assert!(!litmus.title.is_empty(), "{}", litmus.path);
            assert!(!litmus.expectations.is_empty(), "{}", litmus.path);
            assert!(litmus.text.contains("# Reason:"), "{}", litmus.path);
            assert!(!litmus.history.is_empty(), "{}", litmus.path);
            assert!(paths.insert(litmus.path.clone()), "{}", litmus.path);
        }
    }

    /// Where no sets of guarantees are named: three histories or more on each side of every model.
    #[test]
    fn every_model_has_histories_on_both_sides() {
        let mut sides: BTreeMap<Model, [usize; 2]> = BTreeMap::new();
        for litmus in litmus().flatten() {
            for (model, holds) in litmus.expectations {
                sides.entry(model).or_default()[usize::from(holds)] += 1;
            }
        }
        for &model in Model::NAMED {
            let sides = sides.get(&model).copied().unwrap_or_default();
            assert!(sides.iter().all(|&count| count >= 3), "{model}: {sides:?} violated, consistent");
        }
    }
}
