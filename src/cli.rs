//! The command line.

use std::ffi::OsString;
use std::io::{Read, Write};

use clap::Parser;

mod quorum;

#[derive(Parser)]
#[command(name = "tribunal", version, about)]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(clap::Subcommand)]
enum Command {
    Quorum(Box<quorum::QuorumArgs>),
}

/// Runs the program and returns its exit code.
pub fn run(
    args: impl IntoIterator<Item = OsString>,
    stdin: &mut dyn Read,
    stdout: &mut dyn Write,
    stderr: &mut dyn Write,
) -> i32 {
    match Args::try_parse_from(args) {
        Ok(Args { command: Command::Quorum(args) }) => quorum::run(&args, stdin, stdout, stderr),
        Err(error) => {
            let text = error.render().to_string();
            let _ = if error.use_stderr() { write!(stderr, "{text}") } else { write!(stdout, "{text}") };
            error.exit_code()
        }
    }
}
