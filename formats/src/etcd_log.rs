//! The logs of Jepsen's etcd test that porcupine is tested with.
//!
//! A line `INFO  jepsen.util - 0 :invoke :cas [1 2]` is an event: process, type, function, value, and perhaps an
//! error. Everything else that a log may hold is passed over and counted, but a line of that logger that begins as an
//! event does must be one. There is one register, and a `:fail` of a cas is its answer "mismatch"; a `:fail` of
//! anything else (a read that timed out) did not happen.

use crate::error::{ErrorKind, FormatError};
use crate::input::Input;
use crate::jepsen::{Event, Form, Mapper, Name, Rules, deliver, fault};
use crate::read::{Sink, Source};
use crate::scan::Stop;
use memchr::memmem;

const MARK: &[u8] = b"jepsen.util - ";

const RULES: Rules = Rules { failed_cas_is_mismatch: true, plain: true };

/// Reads the history that the input holds.
///
/// # Errors
/// If the input cannot be read.
pub(crate) fn read(input: &mut Input<'_>, source: &Source<'_>, sink: Sink<'_>) -> Result<(), FormatError> {
    let mut mapper = Mapper::new(source, RULES);
    let events = lines(input, source.name, &mut mapper);
    deliver(source, sink, events, mapper)
}

fn lines(input: &mut Input<'_>, file: &str, mapper: &mut Mapper<'_>) -> Result<(), FormatError> {
    let (mut form, mut others) = (Form::default(), 0_u64);
    while let Some(line) = input.next_line()? {
        let text = line.text(file)?.as_bytes();
        let Some(bytes) = payload(text) else {
            others += u64::from(!text.trim_ascii().is_empty());
            continue;
        };
        let before = text.len() - bytes.len();
        let place = (line.number, before as u64 + 1);
        scan(bytes, &mut form).map_err(|stop| match stop {
            Stop::Incomplete => FormatError::new(file, place.0, place.1, "the end of the line", EXPECTED),
            stop => fault(file, (place.0, place.1 + stop.at() as u64), &bytes[stop.at()..], stop),
        })?;
        if form.field(Name::Value).is_none() {
            return Err(FormatError::new(file, place.0, 0, "a line that is cut off", EXPECTED)
                .kind(ErrorKind::Content));
        }
        mapper.event(&Event { bytes, form: &form, place, offset: line.offset + before as u64 })?;
    }
    if others > 0 {
        mapper.note(format!("{others} lines that are no events were passed over"));
    }
    Ok(())
}

const EXPECTED: &str = "process, type, function and value, such as `0 :invoke :read nil`";

/// What stands behind the logger's name, where it begins as an event does: with a number or a keyword.
fn payload(line: &[u8]) -> Option<&[u8]> {
    let rest = line[memmem::find(line, MARK)? + MARK.len()..].trim_ascii();
    matches!(rest, [b'0'..=b'9' | b':', ..]).then_some(rest)
}

/// Reads the forms of a line: one for each field, and perhaps one more.
fn scan(bytes: &[u8], form: &mut Form) -> Result<(), Stop> {
    form.clear();
    let mut lexer = crate::edn::Lexer::new(bytes, true);
    for name in [Name::Process, Name::Type, Name::F, Name::Value] {
        if lexer.blank().is_none() {
            return Ok(());
        }
        let (node, at) = (form.tape.next(), lexer.at);
        lexer.flat(&mut form.tape, 0)?;
        form.set(name, node, at);
    }
    if lexer.blank().is_some() {
        lexer.pass(0)?;
    }
    match lexer.blank() {
        Some(_) => Err(Stop::Bad(lexer.at, "the end of the line")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
