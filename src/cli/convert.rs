//! `tribunal convert`: histories in another format.

use super::Failure;
use super::args::{OutputArgs, ReadArgs, format_parser};
use super::console::{Console, Output};
use super::exit::Exit;
use super::inputs::{self, Input};
use clap::Args;
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::PathBuf;
use tribunal_formats::{Format, FormatError, Recording, WriteError, read_path, read_stream, write};

/// The arguments of `convert`.
#[derive(Args, Debug)]
pub(super) struct ConvertArgs {
    /// Histories: files, folders (the files that stand in them, sorted), `-` for standard input
    #[arg(required = true, value_name = "HISTORY")]
    histories: Vec<PathBuf>,

    #[command(flatten)]
    read: ReadArgs,

    /// Format to write
    #[arg(
        long, value_name = "FORMAT", default_value = "jsonl", help_heading = "Output",
        value_parser = format_parser(Format::can_write)
    )]
    format: Format,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs `convert`. Histories that cannot be read, or that the format cannot hold, are named and left out.
pub(super) fn run(args: &ConvertArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let inputs = inputs::expand(&args.histories)?;
    let mut stdin = Some(console.take_stdin());
    let mut output = Output::open(&args.output, &mut *console.stdout)?;
    let mut complaints = Vec::new();
    let mut failed = None;
    for input in &inputs {
        let mut sink = |recording: Recording| {
            let name = recording.name.clone();
            match convert(recording, args, inputs.len() > 1, &mut output) {
                Ok(()) => ControlFlow::Continue(()),
                Err(Trouble::Input(message)) => {
                    complaints.push(message);
                    ControlFlow::Continue(())
                }
                Err(Trouble::Format(error)) => {
                    complaints.push(format!("{name}: {error}"));
                    ControlFlow::Continue(())
                }
                Err(Trouble::Output(error)) => {
                    failed = Some(error);
                    ControlFlow::Break(())
                }
            }
        };
        let options = args.read.options();
        let result = match input {
            Input::Stdin => {
                let reader = stdin.take().unwrap_or_else(|| Box::new(io::empty()));
                read_stream(reader, "-", &options, &mut sink)
            }
            Input::File(path) => read_path(path, &options, &mut sink),
            Input::Unlisted(_, why) => Err(FormatError::io(&input.name(), 0, &io::Error::other(why.clone()))),
        };
        if let Err(error) = result {
            complaints.push(error.to_string());
        }
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
    output.flush()?;
    drop(output);
    let exit = if complaints.is_empty() { Exit::Good } else { Exit::BadInput };
    for complaint in complaints {
        console.complain(&complaint);
    }
    Ok(exit)
}

/// Why a history was not written.
enum Trouble {
    /// It could not be read.
    Input(String),
    /// The format has no form for it.
    Format(WriteError),
    /// The output takes no more.
    Output(io::Error),
}

impl From<WriteError> for Trouble {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Io(error) => Self::Output(error),
            error => Self::Format(error),
        }
    }
}

/// Writes one history. Those of several inputs are named by the input they come from, for their own names may clash.
fn convert(
    recording: Recording,
    args: &ConvertArgs,
    several: bool,
    output: &mut Output<'_>,
) -> Result<(), Trouble> {
    let Recording { name, history, .. } = recording;
    let history = args.read.adapt(history.map_err(|error| Trouble::Input(error.to_string()))?);
    let history = if several { history.with_name(&name) } else { history };
    if args.format == Format::Native {
        return Ok(write(&history, args.format, output)?);
    }
    // Into memory first: a history that the format cannot hold leaves no half of it behind.
    let mut bytes = Vec::new();
    write(&history, args.format, &mut bytes)?;
    output.write_all(&bytes).map_err(Trouble::Output)
}
