//! `tribunal generate`: histories to try checkers on.

use super::Failure;
use super::args::{OutputArgs, format_parser, model_parser, spec_parser};
use super::console::{Console, Output};
use super::exit::Exit;
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::io::Write;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;
use tribunal_corpus::{Generate, Values, Violation, generate};
use tribunal_formats::{Format, write};

/// The arguments of `generate`. Shares are between 0 and 1.
#[derive(Args, Debug)]
pub(super) struct GenerateArgs {
    /// Data type
    #[arg(long, value_name = "SPEC", default_value = "register", value_parser = spec_parser())]
    spec: SpecKind,

    /// The model that the history satisfies by construction
    #[arg(short, long, value_name = "MODEL", default_value = "linearizable", value_parser = model_parser())]
    model: Model,

    /// Operations
    #[arg(short = 'n', long, value_name = "N", default_value_t = 1_000)]
    operations: usize,

    /// Clients at a time; one whose operation stays unknown goes on as a new process
    #[arg(short, long, value_name = "N", default_value_t = 5)]
    processes: usize,

    /// Keys, or locks
    #[arg(short, long, value_name = "N", default_value_t = 1)]
    keys: usize,

    /// What is written: `unique` for each value once, or N for 1 to N again and again
    #[arg(long, value_name = "VALUES", default_value = "unique", value_parser = values)]
    values: Values,

    /// Share of its time that a client spends inside operations: how much they overlap
    #[arg(long, value_name = "SHARE", default_value_t = 0.97)]
    busy: f64,

    /// Share of operations whose outcome is unknown
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    info: f64,

    /// Share of operations that failed
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    fail: f64,

    /// Share of operations that only look
    #[arg(long, value_name = "SHARE", default_value_t = 0.5)]
    reads: f64,

    /// Share of cas among a register's other operations
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    cas: f64,

    /// Record a cas that did not match as an operation that answered so, not as one that failed
    #[arg(long)]
    mismatches: bool,

    /// Share of put among a list's other operations
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    puts: f64,

    /// Permits of each semaphore
    #[arg(long, value_name = "N", default_value_t = 3)]
    permits: u32,

    /// Record no times
    #[arg(long)]
    untimed: bool,

    /// A violation of the model to plant; which operations it is made of is told on standard error
    #[arg(long, value_name = "KIND", value_parser = violation_parser())]
    violation: Option<Violation>,

    /// Where to plant it: behind this share of the operations
    #[arg(long, value_name = "SHARE", default_value_t = 0.9)]
    at: f64,

    /// Other seeds give other histories; the same seed always the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Format to write
    #[arg(
        long, value_name = "FORMAT", default_value = "jsonl", help_heading = "Output",
        value_parser = format_parser(Format::can_write)
    )]
    format: Format,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs `generate`.
pub(super) fn run(args: &GenerateArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let generated = generate(&args.options()).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut output = Output::open(&args.output, &mut *console.stdout)?;
    match write(&generated.history, args.format, &mut output) {
        Err(tribunal_formats::WriteError::Io(error)) => return Err(error.into()),
        Err(error) => return Err(Failure::Usage(error.to_string())),
        Ok(()) => output.flush()?,
    }
    drop(output);
    if let Some(violation) = args.violation {
        let planted: Vec<String> = generated.planted.iter().map(ToString::to_string).collect();
        writeln!(console.stderr, "planted {}: operations {}", violation.name(), planted.join(", "))?;
    }
    Ok(Exit::Good)
}

impl GenerateArgs {
    fn options(&self) -> Generate {
        Generate {
            spec: self.spec,
            model: self.model,
            operations: self.operations,
            processes: self.processes,
            keys: self.keys,
            values: self.values,
            busy: self.busy,
            info: self.info,
            fail: self.fail,
            reads: self.reads,
            cas: self.cas,
            mismatches: self.mismatches,
            puts: self.puts,
            permits: self.permits,
            timed: !self.untimed,
            violation: self.violation,
            at: self.at,
            seed: self.seed,
        }
    }
}

fn values(text: &str) -> Result<Values, String> {
    match text {
        "unique" => Ok(Values::Unique),
        number => number.parse().map(Values::Few).map_err(|_| "expected `unique` or a number".into()),
    }
}

fn violation_parser() -> impl TypedValueParser<Value = Violation> {
    PossibleValuesParser::new(Violation::ALL.iter().map(|violation| violation.name())).map(|name| {
        let named = Violation::ALL.iter().copied().find(|violation| violation.name() == name);
        named.expect("only names of violations pass")
    })
}
