//! The key-value text files that porcupine is tested with: EDN events with a `:key`, whose functions are get, put and
//! append on texts that begin empty.

use crate::error::FormatError;
use crate::input::Input;
use crate::jepsen::{Mapper, Rules, read_edn_events};
use crate::read::{Sink, Source};

/// Reads the history that the input holds.
///
/// # Errors
/// If the input cannot be read.
pub(crate) fn read(input: &mut Input<'_>, source: &Source<'_>, sink: Sink<'_>) -> Result<(), FormatError> {
    let mut mapper = Mapper::new(source, Rules { plain: true, ..Rules::default() });
    let builder = mapper.builder();
    builder.set_spec("append-list");
    let empty = builder.text("");
    builder.set_initial(empty);
    read_edn_events(input, source, sink, mapper)
}

#[cfg(test)]
mod tests;
