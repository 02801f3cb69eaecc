//! `tribunal completions`: scripts for shells.

use super::Failure;
use super::console::Console;
use super::exit::Exit;
use clap::Args;
use clap_complete::Shell;

/// The arguments of `completions`.
#[derive(Args, Debug)]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: Shell,
}

/// Runs `completions`.
pub(super) fn run(
    args: &CompletionsArgs,
    mut command: clap::Command,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "tribunal", &mut script);
    console.stdout.write_all(&script)?;
    console.stdout.flush()?;
    Ok(Exit::Good)
}
