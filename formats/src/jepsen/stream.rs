//! Feeds a scanner with the input, form by form, and places its errors.

use super::event::{Event, Form};
use super::mapper::Mapper;
use crate::error::{ErrorKind, FormatError, found};
use crate::input::{Input, LIMIT};
use crate::read::{Sink, Source};
use crate::scan::{DEPTH, Stop, utf8};

/// What a scanner found; `usize` is how far it has read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Step {
    /// Nothing but blanks.
    Blank(usize),
    /// The beginning of the list of events.
    Open(usize),
    /// Its end.
    Close(usize),
    /// An event, with the position where it begins.
    Event(usize, usize),
    /// The end of the input.
    End,
}

/// A syntax in which lists of events are written.
pub(super) trait Dialect {
    /// Reads the next piece of `bytes`, and the values of an event into `form` (positions in it count from the first
    /// byte of the event); nothing stands behind `bytes` if they are `whole`. `inside`: the list is open.
    ///
    /// # Errors
    /// As [`Stop`] says.
    fn step(&mut self, bytes: &[u8], whole: bool, inside: bool, form: &mut Form) -> Result<Step, Stop>;
}

/// Less is not asked for: a form rarely is longer.
const AHEAD: usize = 64 << 10;

/// Reads the one history that the input holds.
pub(super) fn read(
    input: &mut Input<'_>,
    source: &Source<'_>,
    sink: Sink<'_>,
    mut dialect: impl Dialect,
    mut mapper: Mapper<'_>,
) -> Result<(), FormatError> {
    let events = events(input, source.name, &mut dialect, &mut mapper);
    super::deliver(source, sink, events, mapper)
}

/// Where a list of events may stand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    /// Nothing has been read yet.
    Before,
    /// Events stand one after the other, without a list around them.
    Bare,
    /// In the list that opens at this line and column.
    Inside(u64, u64),
    /// Behind the list.
    After,
}

fn events(
    input: &mut Input<'_>,
    file: &str,
    dialect: &mut impl Dialect,
    mapper: &mut Mapper<'_>,
) -> Result<(), FormatError> {
    let (mut form, mut whole, mut place) = (Form::default(), false, Place::Before);
    loop {
        let inside = matches!(place, Place::Inside(..));
        match dialect.step(input.bytes(), whole, inside, &mut form) {
            Ok(Step::Blank(length)) => input.consume(length),
            Ok(Step::Event(start, end)) if place != Place::After => {
                let bytes = &input.bytes()[start..end];
                if let Err(stop) = utf8(bytes, start) {
                    return Err(stopped(input, file, stop));
                };
                let (position, offset) = (input.locate(start), input.offset() + start as u64);
                mapper.event(&Event { bytes, form: &form, place: position, offset })?;
                input.consume(end);
                if place == Place::Before {
                    place = Place::Bare;
                }
            }
            Ok(Step::Open(length)) if place == Place::Before => {
                let (line, column) = input.locate(length - 1);
                place = Place::Inside(line, column);
                input.consume(length);
            }
            Ok(Step::Close(length)) if inside => {
                place = Place::After;
                input.consume(length);
            }
            Ok(step @ (Step::Open(_) | Step::Close(_) | Step::Event(..))) => {
                let at = match step {
                    Step::Event(start, _) => start,
                    Step::Open(end) | Step::Close(end) | Step::Blank(end) => end - 1,
                    Step::End => 0,
                };
                let expected = if place == Place::After { "the end of the input" } else { "an event: a map" };
                return Err(stopped(input, file, Stop::Bad(at, expected)));
            }
            Ok(Step::End) => match place {
                Place::Inside(line, column) => return Err(truncated(file, (line, column), "list")),
                _ => return Ok(()),
            },
            Err(Stop::Incomplete) if whole => {
                let (line, column) = input.locate(leading_blanks(input.bytes()));
                return Err(truncated(file, (line, column), "event"));
            }
            Err(Stop::Incomplete) => {
                // At least twice as much each time, or long forms were read over and over.
                let have = input.bytes().len();
                let want = (2 * have).clamp(AHEAD, LIMIT.max(have + 1));
                whole = input.peek(want)?.len() == have;
            }
            Err(Stop::Bad(at, _)) if place == Place::After => {
                return Err(stopped(input, file, Stop::Bad(at, "the end of the input")));
            }
            Err(stop) => return Err(stopped(input, file, stop)),
        }
    }
}

fn leading_blanks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|&&byte| byte.is_ascii_whitespace() || byte == b',').count()
}

/// The error of a list or event that the input ends in.
fn truncated(file: &str, (line, column): (u64, u64), what: &str) -> FormatError {
    let expected = format!("the rest of the {what} that begins here");
    FormatError::new(file, line, column, "the end of the input", expected)
        .help("the file is cut off: was it still being written?")
}

/// What stopped the scanner at a byte of the input, as an error that names its place.
#[cold]
fn stopped(input: &Input<'_>, file: &str, stop: Stop) -> FormatError {
    let at = stop.at().min(input.bytes().len());
    fault(file, input.locate(at), &input.bytes()[at..], stop)
}

/// What stopped a scanner at this line and column, where `rest` stands, as an error.
#[cold]
pub(crate) fn fault(file: &str, (line, column): (u64, u64), rest: &[u8], stop: Stop) -> FormatError {
    let error = |found: &str, expected: String| FormatError::new(file, line, column, found, expected);
    match stop {
        Stop::Bad(_, expected) => error(&found(rest), expected.into()),
        Stop::Deep(_) => error(&found(rest), format!("collections nested at most {DEPTH} deep"))
            .kind(ErrorKind::Limit)
            .help("is this a history?"),
        Stop::Encoding(_) => {
            let byte = rest.first().copied().unwrap_or_default();
            error(&format!("byte 0x{byte:02x}"), "UTF-8".into()).kind(ErrorKind::Encoding)
        }
        Stop::Incomplete => truncated(file, (line, column), "event"),
    }
}
