//! `tribunal man`: pages for `man`.

use super::Failure;
use super::console::Console;
use super::exit::Exit;
use clap::{Args, Command};
use clap_mangen::Man;
use std::path::PathBuf;

/// The arguments of `man`.
#[derive(Args, Debug)]
pub(super) struct ManArgs {
    /// The command whose page to print [default: the program's]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,

    /// Write all pages to this folder: tribunal.1, tribunal-check.1, …
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    folder: Option<PathBuf>,
}

/// Runs `man`.
pub(super) fn run(args: &ManArgs, program: Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    // Options that all commands share are told in each page.
    let mut program = program;
    program.build();
    if let Some(folder) = &args.folder {
        std::fs::create_dir_all(folder)?;
        std::fs::write(folder.join("tribunal.1"), page(&program, "tribunal")?)?;
        for command in program.get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = format!("tribunal-{}", command.get_name());
            std::fs::write(folder.join(format!("{name}.1")), page(command, &name)?)?;
        }
        return Ok(Exit::Good);
    }
    let text = match &args.command {
        None => page(&program, "tribunal")?,
        Some(name) => {
            let command = program.find_subcommand(name).ok_or_else(|| {
                Failure::Usage(format!("there is no command `{name}`; tribunal --help lists them"))
            })?;
            page(command, &format!("tribunal-{name}"))?
        }
    };
    console.stdout.write_all(&text)?;
    console.stdout.flush()?;
    Ok(Exit::Good)
}

fn page(command: &Command, name: &str) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command.clone()).title(name.to_uppercase()).manual("tribunal").render(&mut text)?;
    Ok(text)
}
