//! Files of typed calls.

use super::calls::{Annotation, Calls};
use super::{SavedSpec, line};
use crate::{Call, Outcome};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;
use thiserror::Error;

/// Why a file of calls cannot be read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SavedError {
    /// The operating system says no.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        error: io::Error,
    },
    /// A line is not one of a history of this specification.
    #[error("{path}:{line}: {what}")]
    Line {
        /// The file.
        path: String,
        /// The 1-based line.
        line: u64,
        /// What is wrong.
        what: String,
    },
}

/// The header of a file: the specification's type, and the test.
pub(super) fn header(spec: &str, test: Option<&str>) -> String {
    let mut text = format!("{{\"tribunal\":1,\"rust\":{}", Value::from(spec));
    if let Some(test) = test {
        _ = write!(text, ",\"test\":{}", Value::from(test));
    }
    text + "}\n"
}

pub(super) fn annotation(annotation: &Annotation) -> String {
    let Annotation { text, start, end } = annotation;
    let until = end.map_or(String::new(), |end| format!(",\"until\":{end}"));
    format!("{{\"event\":\"annotation\",\"text\":{},\"time\":{start}{until}}}\n", Value::from(text.as_str()))
}

impl<S: SavedSpec> Calls<S> {
    /// Writes the history as JSON Lines.
    ///
    /// # Errors
    /// If the file cannot be written, or an operation or a result has no form in JSON.
    pub fn save(&self, path: impl AsRef<Path>) -> io::Result<()> {
        self.write(&mut File::create(path)?, None)
    }

    pub(super) fn write(&self, out: &mut dyn Write, test: Option<&str>) -> io::Result<()> {
        out.write_all(header(std::any::type_name::<S>(), test).as_bytes())?;
        for remark in &self.annotations {
            out.write_all(annotation(remark).as_bytes())?;
        }
        for call in &self.calls {
            let text = line::whole::<S>(call).map_err(io::Error::other)?;
            out.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    /// The history as one of the built-in types, for models about registers and for other formats: if its operations
    /// are lines of the native format. Histories of [`Registers`](crate::spec::Registers) are.
    ///
    /// # Errors
    /// If a line is none of the native format, or the history malformed.
    #[cfg(feature = "formats")]
    pub fn history(&self) -> Result<crate::History, crate::formats::FormatError> {
        use crate::formats::{Format, FormatError, ReadOptions, read_bytes};
        let mut bytes = Vec::new();
        self.write(&mut bytes, None).map_err(|error| FormatError::io("calls", 0, &error))?;
        let options = ReadOptions::new().format(Format::Native);
        let mut found = read_bytes(&bytes, "calls", &options)?;
        found.swap_remove(0).history
    }

    /// Reads a history that [`save`](Self::save), a [streaming](crate::Recorder::streaming) recorder or anybody else has
    /// written. A last line that is torn, because its writer was killed, is set aside with a
    /// [warning](Self::warnings); calls without an answer are of unknown outcome.
    ///
    /// # Errors
    /// If the file cannot be read, or another line is malformed.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SavedError> {
        let path = path.as_ref().display().to_string();
        let failed = |error| SavedError::Io { path: path.clone(), error };
        let mut input = BufReader::new(File::open(&path).map_err(failed)?);
        let mut reader =
            Reader::<S> { calls: Vec::new(), annotations: Vec::new(), open: HashMap::new(), whole: false };

        let (mut text, mut number, mut warnings) = (Vec::new(), 0, Vec::new());
        loop {
            text.clear();
            if input.read_until(b'\n', &mut text).map_err(failed)? == 0 {
                break;
            }
            number += 1;
            let complete = text.last() == Some(&b'\n');
            if text.trim_ascii().is_empty() {
                continue;
            }
            let what = match serde_json::from_slice(&text) {
                Ok(line) => reader.take(&line),
                // Of a whole call that is torn others may have seen the effects: that is an error.
                Err(error) if !complete && error.is_eof() && !reader.whole => {
                    warnings.push(format!(
                        "{path}:{number}: the last line is torn (its writer was cut off); set aside"
                    ));
                    Ok(())
                }
                Err(error) => Err(format!("no JSON object: {error}")),
            };
            what.map_err(|what| SavedError::Line { path: path.clone(), line: number, what })?;
        }
        let mut calls = Self::new(reader.calls);
        calls.annotations = reader.annotations;
        calls.warnings = warnings;
        Ok(calls)
    }
}

struct Reader<S: SavedSpec> {
    calls: Vec<Call<S::Op, S::Ret>>,
    annotations: Vec<Annotation>,
    /// The call that a process has in flight.
    open: HashMap<u64, usize>,
    /// The lines are whole calls, not calls and answers.
    whole: bool,
}

impl<S: SavedSpec> Reader<S> {
    fn take(&mut self, line: &Map<String, Value>) -> Result<(), String> {
        if let Some(kind) = line.get("type") {
            return self.event(line, kind.as_str().unwrap_or_default());
        }
        if line.contains_key("f") {
            return self.whole(line);
        }
        if line.get("event").and_then(Value::as_str) == Some("annotation") {
            let text = line.get("text").and_then(Value::as_str).unwrap_or_default();
            let start = line.get("time").and_then(Value::as_i64).unwrap_or(0);
            let end = line.get("until").and_then(Value::as_i64);
            self.annotations.push(Annotation { text: text.into(), start, end });
            return Ok(());
        }
        if line.contains_key("tribunal") || line.contains_key("event") {
            return Ok(());
        }
        Err("neither an operation (\"f\"), nor a header, nor an event".into())
    }

    fn whole(&mut self, line: &Map<String, Value>) -> Result<(), String> {
        self.whole = true;
        let op = line::op::<S>(line)?;
        let outcome = match line.get("outcome").map(|outcome| outcome.as_str().unwrap_or_default()) {
            None | Some("ok") => Outcome::Ok,
            Some("fail") => Outcome::Fail,
            Some("info") => Outcome::Info,
            Some(_) => return Err("\"outcome\" is none of \"ok\", \"fail\", \"info\"".into()),
        };
        let ret = if outcome == Outcome::Ok { Some(line::ret::<S>(line, &op)?) } else { None };
        let start = time(line, "start")?;
        let end = if outcome == Outcome::Ok || line.contains_key("end") { time(line, "end")? } else { start };
        self.calls.push(Call { process: process(line)?, op, ret, outcome, start, end });
        Ok(())
    }

    fn event(&mut self, line: &Map<String, Value>, kind: &str) -> Result<(), String> {
        let (process, time) = (process(line)?, time(line, "time")?);
        let outcome = match kind {
            "invoke" => {
                let op = line::op::<S>(line)?;
                if self.open.insert(process, self.calls.len()).is_some() {
                    return Err(format!("process {process} has a call in flight already"));
                }
                let call = Call { process, op, ret: None, outcome: Outcome::Info, start: time, end: time };
                self.calls.push(call);
                return Ok(());
            }
            "ok" => Outcome::Ok,
            "fail" => Outcome::Fail,
            "info" => Outcome::Info,
            _ => return Err("\"type\" is none of \"invoke\", \"ok\", \"fail\", \"info\"".into()),
        };
        let Some(call) = self.open.remove(&process).and_then(|call| self.calls.get_mut(call)) else {
            return Err(format!("process {process} has no call in flight"));
        };
        if outcome == Outcome::Ok {
            call.ret = Some(line::ret::<S>(line, &call.op)?);
        }
        (call.outcome, call.end) = (outcome, time);
        Ok(())
    }
}

fn process(line: &Map<String, Value>) -> Result<u64, String> {
    line.get("process").and_then(Value::as_u64).ok_or_else(|| "\"process\" is no number from 0 on".into())
}

fn time(line: &Map<String, Value>, name: &str) -> Result<i64, String> {
    line.get(name).and_then(Value::as_i64).ok_or_else(|| format!("\"{name}\" is no time, an integer"))
}

#[cfg(test)]
mod tests;
