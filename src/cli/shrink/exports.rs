//! `--export`: files beside the result.

use super::unwritable;
use crate::report::{Explanation, dot, trace};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use tribunal_checker::history::History;

/// What to write, and where.
#[derive(Clone, Debug)]
pub(super) enum Export {
    /// The forced orders, for Graphviz.
    Dot(PathBuf),
    /// The history with the violation marked, for Perfetto.
    Trace(PathBuf),
}

impl Export {
    /// `dot=FILE` or `trace=FILE`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((_, "")) => Err("the name of the file is missing".into()),
            Some(("dot", file)) => Ok(Self::Dot(file.into())),
            Some(("trace", file)) => Ok(Self::Trace(file.into())),
            _ => Err("expected `dot=FILE` or `trace=FILE`".into()),
        }
    }
}

/// The exports of a run: of the first violated history; a trace also of one that is consistent.
pub(super) struct Exports<'a> {
    exports: &'a [Export],
    /// A violation was written.
    violation: bool,
    /// Histories that came after it.
    passed: usize,
    /// Something was written.
    any: bool,
}

impl<'a> Exports<'a> {
    /// Nothing written yet.
    pub(super) fn new(exports: &'a [Export]) -> Self {
        Self { exports, violation: false, passed: 0, any: false }
    }

    /// Writes what was asked for, unless that was done for a history before.
    pub(super) fn write(
        &mut self,
        history: &History,
        explanation: Option<&Explanation>,
        name: &str,
    ) -> io::Result<()> {
        if self.violation || self.any && explanation.is_none() {
            self.passed += usize::from(explanation.is_some());
            return Ok(());
        }
        self.violation = explanation.is_some();
        for export in self.exports {
            let (path, text) = match (export, explanation) {
                (Export::Dot(path), Some(explanation)) => (path, Some(dot(history, explanation, name))),
                (Export::Dot(_), None) => continue,
                (Export::Trace(path), _) => (path, None),
            };
            self.any = true;
            let written = File::create(path).and_then(|file| {
                let mut out = BufWriter::new(file);
                match text {
                    Some(text) => out.write_all(text.as_bytes())?,
                    None => trace(history, explanation, name, &mut out)?,
                }
                out.flush()
            });
            written.map_err(|error| unwritable(path, &error))?;
        }
        Ok(())
    }

    /// What the reader should know of what was not written.
    pub(super) fn warning(&self) -> Option<String> {
        let dot = self.exports.iter().any(|export| matches!(export, Export::Dot(_)));
        match self.passed {
            _ if self.exports.is_empty() => None,
            0 if dot && !self.violation => Some("no graph was written, for nothing is violated".into()),
            0 => None,
            1 => Some("one further violated history was not exported".into()),
            more => Some(format!("{more} further violated histories were not exported")),
        }
    }
}
