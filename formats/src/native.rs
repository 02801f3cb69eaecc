//! The native format: JSON Lines, one operation (or event) a line.
//!
//! [`row`] scans a line and knows the members by name; [`line`] decides what a line is and hands it to the history
//! being built; this file cuts the input into histories. In the common case a line costs no allocation.

mod ids;
mod line;
mod operation;
mod row;
mod writer;

pub(crate) use writer::write;

use crate::error::{ErrorKind, FormatError};
use crate::input::{Input, Line, LineEnd};
use crate::read::{Sink, Source};
use line::{Draft, Scratch};
use memchr::memmem;
use row::{Field, Row};
use rustc_hash::FxHashMap;
use std::ops::ControlFlow;

/// Reads all histories of the input.
pub(crate) fn read(input: &mut Input<'_>, source: &Source<'_>, sink: Sink<'_>) -> Result<(), FormatError> {
    let mut scratch = Scratch::default();
    let mut names: FxHashMap<String, u64> = FxHashMap::default();
    let mut draft = Draft::new(source, "");
    let marker = memmem::Finder::new("\"history\"");
    while let Some(line) = input.next_line()? {
        // Only a line that may begin the next history is of interest behind an error.
        if draft.is_wrong() && marker.find(line.bytes).is_none() {
            continue;
        }
        let row = match scan(&line, source, &mut scratch) {
            Ok(Some(row)) => row,
            Ok(None) => continue,
            Err(Fault { error, torn }) => {
                if !torn || !draft.set_aside(&line) {
                    draft.reject(*error);
                }
                continue;
            }
        };
        if !row.has(Field::History) || row.has(Field::F) {
            draft.take(&row, &mut scratch);
            continue;
        }
        let next = match name(&row) {
            Ok(name) => {
                let mut next = Draft::new(source, &name);
                if let Some(earlier) = names.insert(name, line.number) {
                    next.reject(duplicate(&row, earlier));
                }
                next
            }
            Err(error) => {
                let mut next = Draft::new(source, "");
                next.reject(error);
                next
            }
        };
        let done = std::mem::replace(&mut draft, next);
        if done.is_begun() && sink(done.finish()) == ControlFlow::Break(()) {
            return Ok(());
        }
    }
    _ = sink(draft.finish());
    Ok(())
}

/// A line that cannot be scanned.
struct Fault {
    error: Box<FormatError>,
    /// The input ends within it: its writer was cut off.
    torn: bool,
}

/// Scans a line; `None` if it is blank.
#[inline]
fn scan<'a>(line: &Line<'a>, source: &Source<'a>, scratch: &mut Scratch) -> Result<Option<Row<'a>>, Fault> {
    let cut = line.end == LineEnd::Input;
    let text = line.text(source.name).map_err(|error| {
        // The input may end within a character.
        let torn = cut && std::str::from_utf8(line.bytes).is_err_and(|error| error.error_len().is_none());
        Fault { error: Box::new(error), torn }
    })?;
    let place = (source.name, line.number, line.offset);
    Row::scan(place, text, &mut scratch.unknown).map(Some).or_else(|fault| {
        if text.trim_ascii().is_empty() {
            return Ok(None);
        }
        let error = fault.error(source.name, line.number, 0, text);
        let open = text.starts_with('{') && !text.trim_ascii_end().ends_with('}');
        let torn = cut && (text.len() <= fault.at || open);
        let error = if torn {
            error.help(
                "the input ends within a line: the recorder was cut off; complete the line, or delete it",
            )
        } else if text.starts_with('[') {
            error.help("write one JSON object a line")
        } else {
            error
        };
        Err(Fault { error: Box::new(error), torn })
    })
}

/// The name on a line that begins a history.
fn name(row: &Row<'_>) -> Result<String, FormatError> {
    if row.get(Field::History).text().is_ok_and(|name| name.is_some()) && row.has(Field::Tribunal) {
        return Err(row
            .wrong(Field::History, "a history, or `{\"history\":NAME}` with the header on a line of its own")
            .help("a line of a report by tribunal is no history"));
    }
    match row.string(Field::History)? {
        Some(name) if !name.is_empty() => Ok(name.into_owned()),
        _ => Err(row.wrong(Field::History, "a name that is not empty")),
    }
}

fn duplicate(row: &Row<'_>, earlier: u64) -> FormatError {
    let expected = format!("a name that no other history has (line {earlier} has it)");
    row.wrong(Field::History, expected).kind(ErrorKind::DuplicateName)
}

#[cfg(test)]
mod tests;
