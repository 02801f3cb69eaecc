//! The command line: [`run`] is the whole program.
//!
//! One file a subcommand. Arguments come in as text, are checked once, and travel on as options that cannot be wrong.
//! Results go to standard output (or `-o FILE`), everything else to standard error.

mod args;
mod certify;
mod check;
mod completions;
mod config;
mod console;
mod convert;
mod corpus;
mod exit;
mod formats;
mod generate;
mod inputs;
mod man;
mod memory;
mod merge;
mod models;
mod pipeline;
mod profile;
mod progress;
mod quorum;
mod shard;
mod shrink;
mod specs;
mod units;
mod warden;

pub use console::Terminal;

use clap::{CommandFactory, Parser, Subcommand};
use console::Console;
use exit::Exit;
use std::ffi::OsString;
use std::io::{self, ErrorKind, Read};
use std::path::PathBuf;

/// Puts recorded histories on trial: consistency verdicts with evidence that someone else can check.
#[derive(Parser, Debug)]
#[command(name = "tribunal", version, disable_help_subcommand = true, after_help = EXIT_CODES)]
struct Cli {
    /// Options written down in a file [default: tribunal.toml in the working directory, if it is there]
    #[arg(long = "config", value_name = "FILE", global = true)]
    config_file: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes of check: 1 if a verdict is violated; else 2 if an input could not be read (usage errors too); else 3 if a \
verdict is unknown; else 4 if no history had an operation, or one had fewer than --require-ops; else 0. Of profile the \
same, but 1 only if a model that --require names is violated.";

#[derive(Subcommand, Debug)]
enum Command {
    /// Judge histories by consistency models
    Check(check::CheckArgs),
    /// Judge histories by every model that applies: the strongest that hold, the weakest that are violated
    Profile(profile::ProfileArgs),
    /// Check certificates again, with code that shares nothing with the engine
    Certify(certify::CertifyArgs),
    /// Find the smallest part of a violated history that shows the violation
    Shrink(shrink::ShrinkArgs),
    /// Rewrite histories in another format
    Convert(convert::ConvertArgs),
    /// Judge the litmus histories that come with the program, and compare with what is expected of them
    Corpus(corpus::CorpusArgs),
    /// Make a random history: valid, or with a planted violation
    Generate(generate::GenerateArgs),
    /// Put the results of several jobs together, such as the shards of a run
    Merge(merge::MergeArgs),
    /// List the consistency models, or explain one
    Models(models::ModelsArgs),
    /// List the data types, or explain one
    Specs(specs::SpecsArgs),
    /// List the history formats
    Formats,
    Quorum(Box<quorum::QuorumArgs>),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page of the program or of a command
    Man(man::ManArgs),
}

/// Why a command ended without a result of its own.
#[derive(Debug)]
enum Failure {
    /// The command line, or something that it names, is wrong.
    Usage(String),
    /// Output that could not be written.
    Io(io::Error),
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Runs the program: `args` with its own name first. Gives the exit code.
///
/// # Examples
/// ```
/// let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
/// let history = br#"{"process":0,"f":"write","value":1,"start":1,"end":2}
/// {"process":1,"f":"read","value":0,"start":3,"end":4}"#;
/// let args = ["tribunal", "check", "--initial", "0", "-"];
/// let code = tribunal::cli::run(args, &history[..], &mut stdout, &mut stderr);
/// assert_eq!(code, 1);
/// assert!(String::from_utf8(stdout).unwrap().starts_with("-: linearizable: VIOLATED"));
/// ```
pub fn run<A: Into<OsString> + Clone>(
    args: impl IntoIterator<Item = A>,
    stdin: impl Read + Send + 'static,
    stdout: &mut dyn Terminal,
    stderr: &mut dyn Terminal,
) -> i32 {
    let mut console = Console { stdin: Some(Box::new(stdin)), stdout, stderr };
    let args = args.into_iter().map(Into::into).collect();
    let result =
        config::with_config(args, &Cli::command()).and_then(|args| match Cli::try_parse_from(args) {
            Ok(cli) => dispatch(cli.command, &mut console),
            Err(error) => usage(&error, &mut console),
        });
    let exit = match result {
        Ok(exit) => exit,
        // Whoever read the output wants no more of it.
        Err(Failure::Io(error)) if error.kind() == ErrorKind::BrokenPipe => Exit::Good,
        Err(Failure::Io(error)) => console.complain(&error.to_string()),
        Err(Failure::Usage(message)) => console.complain(&message),
    };
    exit as i32
}

fn dispatch(command: Command, console: &mut Console<'_>) -> Result<Exit, Failure> {
    match command {
        Command::Check(args) => check::run(args, console),
        Command::Profile(args) => profile::run(args, console),
        Command::Certify(args) => certify::run(&args, console),
        Command::Shrink(args) => shrink::run(&args, console),
        Command::Convert(args) => convert::run(&args, console),
        Command::Corpus(args) => corpus::run(&args, console),
        Command::Generate(args) => generate::run(&args, console),
        Command::Merge(args) => merge::run(&args, console),
        Command::Models(args) => models::run(&args, console),
        Command::Specs(args) => specs::run(&args, console),
        Command::Formats => formats::run(console),
        Command::Quorum(args) => quorum::run(&args, console),
        Command::Completions(args) => completions::run(&args, Cli::command(), console),
        Command::Man(args) => man::run(&args, Cli::command(), console),
    }
}

/// Help and version on standard output, anything else on standard error.
fn usage(error: &clap::Error, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let (out, exit) = match error.use_stderr() {
        true => (&mut *console.stderr, Exit::BadInput),
        false => (&mut *console.stdout, Exit::Good),
    };
    let text = error.render();
    let colored = out.is_terminal() && crate::report::colors_wanted();
    let text = if colored { text.ansi().to_string() } else { text.to_string() };
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(exit)
}
