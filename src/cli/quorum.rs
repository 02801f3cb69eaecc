//! `tribunal quorum`: judges a quorum configuration.
//!
//! The flags and the file are one thing: each flag sets a field of the configuration, so what a file can say a flag says
//! in the same words, and errors name the same fields. Flags beat the file.

use std::path::PathBuf;
use std::time::Duration;

use tribunal_checker::quorum::Verdict;
use tribunal_formats::quorum_config;

use super::Failure;
use super::args::OutputArgs;
use super::console::{Console, Output};
use super::exit::Exit;
use super::units;
use crate::report::{Look, quorum as report};

mod evaluate;
mod flags;

/// How results are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum QuorumFormat {
    /// For people.
    Human,
    /// One JSON object.
    Json,
    /// The same; a line for each configuration.
    Jsonl,
}

/// Judges a quorum configuration: is it safe, what does it survive, what does it cost.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = "Exit code: 0 safe, 1 unsafe or a requirement missed, 2 bad input, 3 undecided.")]
pub(super) struct QuorumArgs {
    /// The configuration: TOML, JSON, or `-` for standard input.
    config: Option<PathBuf>,
    /// The number of replicas, named n1, n2, ….
    #[arg(short, allow_hyphen_values = true)]
    n: Option<u64>,
    /// N_R: the votes of a read quorum.
    #[arg(short, allow_hyphen_values = true)]
    r: Option<u64>,
    /// N_W: the votes of a write quorum.
    #[arg(short, allow_hyphen_values = true)]
    w: Option<u64>,
    /// The votes of each replica, such as 2,1,1 (0: a weak representative).
    #[arg(long, value_delimiter = ',', allow_hyphen_values = true, value_parser = whole_votes)]
    votes: Vec<u64>,
    /// The read quorums as an expression, such as "a*b + c*d" or "majority(a, b, c)".
    #[arg(long, value_name = "EXPR")]
    reads: Option<String>,
    /// The write quorums as an expression; the dual of the reads by default.
    #[arg(long, value_name = "EXPR")]
    writes: Option<String>,
    /// Fast phase-2 quorums (Fast Paxos): their votes, or an expression.
    #[arg(long, value_name = "VOTES|EXPR")]
    fast: Option<String>,
    /// A named shape with its sizes: grid:3x4, tree (with -n), plane:3, paths:2, hierarchy:3^2, wall:1,2,3, majority, rowa, ….
    #[arg(long, value_name = "SHAPE[:SIZES]")]
    shape: Option<String>,
    /// The rules: register, flexible-paxos, fast-paxos, raft, byzantine-dissemination, byzantine-masking,
    /// byzantine-opaque, sloppy.
    #[arg(long)]
    protocol: Option<String>,
    /// How many replicas may be Byzantine.
    #[arg(long, value_name = "F")]
    byzantine: Option<u64>,
    /// The fraction of reads, or a distribution such as 0.5=1,0.9=3.
    #[arg(long, value_name = "FRACTION")]
    read_fraction: Option<String>,
    /// What the strategy optimises: load, network or latency.
    #[arg(long)]
    objective: Option<String>,
    /// Strategies whose contacted sets survive the loss of any F of their members.
    #[arg(long, value_name = "F")]
    resilient: Option<u64>,
    /// The failure probability of every replica that has none of its own.
    #[arg(long, value_name = "P")]
    fail_p: Option<f64>,
    /// Replicas known to be down.
    #[arg(long, value_delimiter = ',', value_name = "NAME,…")]
    down: Vec<String>,
    /// How often reads miss all of the last K versions, where quorums need not meet.
    #[arg(long, value_delimiter = ',', value_name = "K,…", help_heading = "Staleness")]
    stale: Vec<u64>,
    /// Writes of a key for each read of one client: how often a client then reads something older than before.
    #[arg(long, value_name = "RATE", help_heading = "Staleness")]
    writes_per_read: Option<f64>,
    /// The delay of all messages, such as exponential:1, or of one (write, ack, read, response), such as
    /// write=exponential:0.1; also constant:MS, uniform:LOW:HIGH, pareto:LEAST:EXPONENT. Simulates how soon reads see a write.
    #[arg(long, value_name = "[MESSAGE=]DELAY", help_heading = "Staleness")]
    delay: Vec<String>,
    /// Milliseconds after a write at which freshness is estimated.
    #[arg(long, value_delimiter = ',', value_name = "MS,…", help_heading = "Staleness")]
    after_ms: Vec<f64>,
    /// How many writes and reads are simulated [default: 100000].
    #[arg(long, value_name = "N", help_heading = "Staleness")]
    trials: Option<u64>,
    /// The seed of the simulation: the same one gives the same numbers [default: 0].
    #[arg(long, value_name = "N", help_heading = "Staleness")]
    seed: Option<u64>,
    /// A condition to meet, such as write_resilience=1 or max_load=0.6.
    #[arg(long, value_delimiter = ',', value_name = "NAME=VALUE")]
    require: Vec<String>,
    /// Lists up to this many minimal quorums of reads and of writes.
    #[arg(long, value_name = "K", default_value_t = 0)]
    quorums: usize,
    /// When to give up, such as 30s or 500ms.
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = units::duration)]
    timeout: Duration,
    /// How the result is written.
    #[arg(long, value_enum, value_name = "FORM", default_value_t = QuorumFormat::Human, help_heading = "Output")]
    format: QuorumFormat,
    #[command(flatten)]
    output: OutputArgs,
}

/// Runs the subcommand.
pub(super) fn run(args: &QuorumArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let outcome = flags::read(args, &mut console.take_stdin())
        .and_then(|value| quorum_config::decode(&value))
        .and_then(|config| evaluate::evaluate(&config, args.timeout, args.quorums))
        .map_err(|error| Failure::Usage(error.to_string()))?;
    let mut output = Output::open(&args.output, &mut *console.stdout)?;
    output.print(&match args.format {
        QuorumFormat::Human => report::human::render(&outcome, &Look::detect(output.terminal)),
        QuorumFormat::Json | QuorumFormat::Jsonl => report::json::render(&outcome),
    })?;
    Ok(exit(&outcome))
}

fn exit(outcome: &report::Outcome) -> Exit {
    let met = || outcome.requirements.iter().map(|requirement| requirement.met);
    match outcome.judgement.verdict {
        Verdict::Unsafe => Exit::Violated,
        _ if met().any(|met| met == Some(false)) => Exit::Violated,
        Verdict::Undecided => Exit::Unknown,
        Verdict::Safe if met().any(|met| met.is_none()) => Exit::Unknown,
        Verdict::Safe => Exit::Good,
    }
}

/// A replica's votes.
fn whole_votes(text: &str) -> Result<u64, String> {
    let votes = text.trim().parse();
    votes.map_err(|_| format!("votes are whole numbers from 0 to {}, such as 2,1,1", u64::MAX))
}
