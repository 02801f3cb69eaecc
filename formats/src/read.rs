//! Reading: from a path, a stream or bytes to the histories they hold.

use crate::error::FormatError;
use crate::format::{Format, ReadOptions};
use crate::input::Input;
use crate::{detect, etcd_log, jepsen, kv, native, notation};
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use tribunal_checker::history::{History, HistoryBuilder};

/// One history of an input, or why it is none.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The path, or `PATH#NAME` inside an input of several.
    pub name: String,
    /// The format it was read from.
    pub format: Format,
    /// The history, or its first error.
    pub history: Result<History, FormatError>,
    /// What a reader of the verdict should know: lines that were set aside, choices that were made.
    pub notes: Vec<String>,
}

/// Where recordings go, one by one; a break ends the reading.
pub(crate) type Sink<'s> = &'s mut dyn FnMut(Recording) -> ControlFlow<()>;

/// What a format's reader knows besides the bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    /// The input's name.
    pub(crate) name: &'a str,
    /// The format it is in.
    pub(crate) format: Format,
    /// How to read it.
    pub(crate) options: &'a ReadOptions,
}

impl Source<'_> {
    /// A recording of this source; `name` is the history's name inside it, or empty.
    pub(crate) fn recording(&self, name: &str, history: Result<History, FormatError>) -> Recording {
        let name = if name.is_empty() { self.name.into() } else { format!("{}#{name}", self.name) };
        Recording { name, format: self.format, history, notes: Vec::new() }
    }

    /// Finishes a history: the options beat its header.
    pub(crate) fn finish(&self, mut builder: HistoryBuilder) -> Result<History, FormatError> {
        if let Some(spec) = &self.options.spec {
            builder.set_spec(spec);
        }
        builder.finish().map_err(|error| {
            let line = error.line();
            FormatError::history(self.name, line, error)
        })
    }
}

/// Reads all histories of a file.
///
/// # Errors
/// If the file cannot be opened, read or decompressed, or no format fits it. A malformed history is no error here but
/// a [`Recording`] whose `history` is one.
pub fn read_path(
    path: &Path,
    options: &ReadOptions,
    sink: &mut dyn FnMut(Recording) -> ControlFlow<()>,
) -> Result<(), FormatError> {
    let name = path.to_string_lossy();
    let file = File::open(path).map_err(|error| FormatError::io(&name, 0, &error))?;
    read_stream(file, &name, options, sink)
}

/// Reads all histories of a stream, which needs no buffer of its own; `name` stands in recordings and errors, and its
/// extension helps where the content fits several formats.
///
/// # Errors
/// As [`read_path`].
pub fn read_stream(
    reader: impl Read,
    name: &str,
    options: &ReadOptions,
    sink: &mut dyn FnMut(Recording) -> ControlFlow<()>,
) -> Result<(), FormatError> {
    let mut input = Input::new(reader, name)?;
    let format = match options.format {
        Some(format) => format,
        None => detect::detect(&mut input, name)?,
    };
    let source = Source { name, format, options };
    match format {
        Format::Native => native::read(&mut input, &source, sink),
        Format::Notation => notation::read(&mut input, &source, sink),
        Format::JepsenEdn => jepsen::read_edn(&mut input, &source, sink),
        Format::JepsenJson => jepsen::read_json(&mut input, &source, sink),
        Format::EtcdLog => etcd_log::read(&mut input, &source, sink),
        Format::Kv => kv::read(&mut input, &source, sink),
    }
}

/// Reads all histories that stand in `bytes`.
///
/// # Errors
/// As [`read_path`].
pub fn read_bytes(bytes: &[u8], name: &str, options: &ReadOptions) -> Result<Vec<Recording>, FormatError> {
    let mut recordings = Vec::new();
    read_stream(bytes, name, options, &mut |recording| {
        recordings.push(recording);
        ControlFlow::Continue(())
    })?;
    Ok(recordings)
}
