//! `tribunal formats`: the history formats.

use super::Failure;
use super::console::Console;
use super::exit::Exit;
use tribunal_formats::Format;

/// Runs `formats`.
pub(super) fn run(console: &mut Console<'_>) -> Result<Exit, Failure> {
    let width = Format::ALL.iter().map(|format| format.name().len()).max().unwrap_or(0);
    for format in Format::ALL {
        let use_ = if format.can_write() { "read, written" } else { "read" };
        let (name, description) = (format.name(), format.description());
        writeln!(console.stdout, "{name:width$}  {use_:13}  {description}")?;
    }
    writeln!(
        console.stdout,
        "\nA history's format is told by its content, and by its name where that fits several; --input-format names it.\n\
         gzip and zstd are undone on the way."
    )?;
    Ok(Exit::Good)
}
