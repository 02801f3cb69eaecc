//! The native format.

use crate::error::{FormatError, WriteError};
use crate::input::Input;
use crate::read::{Sink, Source};
use std::io::Write;
use tribunal_checker::history::History;

/// Reads all histories of the input.
pub(crate) fn read(_: &mut Input<'_>, source: &Source<'_>, _: Sink<'_>) -> Result<(), FormatError> {
    Err(FormatError::new(source.name, 0, 0, source.format.name(), "a format that can be read already"))
}

/// Writes a history.
pub(crate) fn write(_: &History, _: &mut dyn Write) -> Result<(), WriteError> {
    Err(WriteError::ReadOnly("a format that cannot be written yet"))
}
