//! Reads Jepsen JSON histories.

use crate::error::FormatError;
use crate::input::Input;
use crate::read::{Sink, Source};

/// Reads all histories of the input.
pub(crate) fn read(_: &mut Input<'_>, source: &Source<'_>, _: Sink<'_>) -> Result<(), FormatError> {
    Err(FormatError::new(source.name, 0, 0, source.format.name(), "a format that can be read already"))
}
