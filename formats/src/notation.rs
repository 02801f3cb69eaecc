//! Textbook notation: one line a process, columns are time.
//!
//! ```text
//! # a comment; "expect:" lines give verdicts
//! expect: causal yes, sequential no
//! P1: W(x)a                     W(x)c
//! P2:        R(x)a   W(x)b
//! P3:        R(x)a                     R(x)c   R(x)b
//! ```
//!
//! `line` knows the kinds of lines, `item` the operations on them, `figure` makes a history of a figure's lines,
//! and `replica` knows figures of replicas. A figure is read as a whole: one tab anywhere changes what its columns
//! mean, and a replica's line may speak of a write on a lower one.

mod figure;
mod item;
mod line;
mod replica;
mod writer;

pub(crate) use writer::write;

use crate::error::{ErrorKind, FormatError, found};
use crate::input::Input;
use crate::read::{Sink, Source};
use figure::Figure;
use line::Line;
use rustc_hash::FxHashMap;
use std::ops::ControlFlow;

/// A verdict that an `expect:` line foretells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Expectation {
    /// The model's name, as written.
    pub model: String,
    /// Whether the history is consistent with it.
    pub holds: bool,
}

/// The verdicts that the `expect:` lines of a text foretell, in their order. Lines that cannot be read are passed over
/// here; reading the history reports them.
///
/// # Examples
/// ```
/// let expected = tribunal_formats::notation::read_expectations("expect: causal yes, sequential no\nP1: W(x)a\n");
/// assert_eq!(expected[1].model, "sequential");
/// assert!(!expected[1].holds);
/// ```
#[must_use]
pub fn read_expectations(text: &str) -> Vec<Expectation> {
    let mut expectations = Vec::new();
    for line in text.lines() {
        if let Ok(Line::Expect(list)) = line::parse(line) {
            expectations.extend(list);
        }
    }
    expectations
}

/// Reads all histories of the input.
pub(crate) fn read(input: &mut Input<'_>, source: &Source<'_>, sink: Sink<'_>) -> Result<(), FormatError> {
    let mut names: FxHashMap<String, u64> = FxHashMap::default();
    let mut figure = Figure::new("");
    while let Some(line) = input.next_line()? {
        let text = match line.text(source.name) {
            Ok(text) => text,
            Err(error) => {
                figure.reject(error);
                continue;
            }
        };
        match line::parse(text) {
            Ok(Line::History(name)) => {
                let mut next = Figure::new(&name);
                if let Some(earlier) = names.get(&name) {
                    next.reject(duplicate(source, line.number, &name, *earlier));
                }
                names.entry(name).or_insert(line.number);
                let done = std::mem::replace(&mut figure, next);
                if done.is_begun() && sink(done.finish(source)) == ControlFlow::Break(()) {
                    return Ok(());
                }
            }
            Ok(parsed) => figure.take(parsed, text, line.number, source),
            Err(wrong) => figure.reject(wrong.error(source.name, line.number, text)),
        }
    }
    _ = sink(figure.finish(source));
    Ok(())
}

fn duplicate(source: &Source<'_>, line: u64, name: &str, earlier: u64) -> FormatError {
    let expected = format!("a name that no other history has (line {earlier} has it)");
    FormatError::new(source.name, line, 1, &format!("history `{name}`"), expected)
        .kind(ErrorKind::DuplicateName)
}

/// What is wrong with a line, and at which byte.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Wrong {
    at: usize,
    expected: String,
    help: Option<&'static str>,
}

impl Wrong {
    fn new(at: usize, expected: impl Into<String>) -> Self {
        Self { at, expected: expected.into(), help: None }
    }

    fn help(mut self, help: &'static str) -> Self {
        self.help = Some(help);
        self
    }

    /// The error of a line that reads `text`.
    fn error(self, file: &str, line: u64, text: &str) -> FormatError {
        let rest = text.get(self.at..).unwrap_or("");
        let mut error =
            FormatError::new(file, line, self.at as u64 + 1, &found(rest.as_bytes()), self.expected);
        error.help = self.help.map(Into::into);
        error
    }
}

#[cfg(test)]
mod tests;
