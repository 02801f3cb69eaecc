//! Writing histories.

use crate::error::WriteError;
use crate::format::Format;
use crate::{jepsen, native, notation};
use std::io::Write;
use tribunal_checker::history::History;

/// Writes one history.
///
/// # Errors
/// If the format is only read, has no form for something in the history, or `out` fails.
pub fn write(history: &History, format: Format, out: &mut dyn Write) -> Result<(), WriteError> {
    match format {
        Format::Native => native::write(history, out),
        Format::Notation => notation::write(history, out),
        Format::JepsenEdn => jepsen::write(history, out),
        Format::JepsenJson | Format::EtcdLog | Format::Kv => Err(WriteError::ReadOnly(format.name())),
    }
}
