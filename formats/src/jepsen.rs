//! Histories as Jepsen and Knossos write them: lists of events, in EDN or JSON.
//!
//! An event is a map: `{:process 0, :type :invoke, :f :write, :value 3}`, later `{:process 0, :type :ok, …}`. Reading
//! is one pass: a scanner of the syntax ([`edn`], [`json`]) finds the next event and puts its values on a flat tape,
//! [`stream`] feeds it bytes and places errors, and the [`Mapper`] says what the event means and appends it to the
//! history's columns. The scanners build no trees; a value that is rare in histories goes through a full reader.
//! [`crate::etcd_log`] and [`crate::kv`] use the same mapper with other [`Rules`].

mod edn;
mod event;
mod json;
mod keys;
mod mapper;
mod operation;
mod order;
mod stream;
mod txn;
mod write;

pub(crate) use event::{Event, Form, Name};
pub(crate) use mapper::{Mapper, Rules};
pub(crate) use stream::fault;
pub(crate) use write::write;

use crate::error::FormatError;
use crate::input::Input;
use crate::read::{Sink, Source};

/// Reads the EDN history that the input holds.
///
/// # Errors
/// If the input cannot be read.
pub(crate) fn read_edn(
    input: &mut Input<'_>,
    source: &Source<'_>,
    sink: Sink<'_>,
) -> Result<(), FormatError> {
    read_edn_events(input, source, sink, Mapper::new(source, Rules::default()))
}

/// Reads the EDN events that the input holds into a history that was begun.
///
/// # Errors
/// If the input cannot be read.
pub(crate) fn read_edn_events(
    input: &mut Input<'_>,
    source: &Source<'_>,
    sink: Sink<'_>,
    mapper: Mapper<'_>,
) -> Result<(), FormatError> {
    stream::read(input, source, sink, edn::Edn, mapper)
}

/// Reads the JSON history that the input holds.
///
/// # Errors
/// If the input cannot be read.
pub(crate) fn read_json(
    input: &mut Input<'_>,
    source: &Source<'_>,
    sink: Sink<'_>,
) -> Result<(), FormatError> {
    stream::read(input, source, sink, json::Events::default(), Mapper::new(source, Rules::default()))
}

/// Hands over the one history of an input, or its first error; only an input that fails ends the reading itself.
pub(crate) fn deliver(
    source: &Source<'_>,
    sink: Sink<'_>,
    events: Result<(), FormatError>,
    mapper: Mapper<'_>,
) -> Result<(), FormatError> {
    let (history, notes) = match events {
        Ok(()) => mapper.finish(),
        Err(error) if matches!(error.kind, crate::error::ErrorKind::Io(_)) => return Err(error),
        Err(error) => (Err(error), Vec::new()),
    };
    let mut recording = source.recording("", history);
    recording.notes = notes;
    // One input holds one history: there is nothing to stop.
    let _ = sink(recording);
    Ok(())
}

#[cfg(test)]
mod tests;
