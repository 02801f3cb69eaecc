//! `tribunal merge`: the results of several jobs as one.

mod parts;

use super::Failure;
use super::args::{OutputArgs, UnknownArg};
use super::console::{Console, Output};
use super::exit::{Exit, Tally};
use crate::report::{Joiner, Kind, Look, Record, Renderer, ReportFormat, Totals};
use clap::Args;
use parts::{Merged, Part};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The arguments of `merge`.
#[derive(Args, Debug)]
pub(super) struct MergeArgs {
    /// Results of `check --format jsonl` or `json`, of all shards of a run or of several runs; `-` for standard input
    #[arg(required = true, value_name = "RESULTS")]
    results: Vec<PathBuf>,

    /// What an unknown verdict means for the exit code: 3, or a warning [default: what the shards were told]
    #[arg(long, value_name = "MEANING")]
    unknown: Option<UnknownArg>,

    /// Exit with 4 if a history has fewer operations than this [default: what the shards were told]
    #[arg(long, value_name = "N")]
    require_ops: Option<usize>,

    /// Form of the results
    #[arg(long, value_name = "FORM", default_value = "human", help_heading = "Output")]
    format: ReportFormat,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs `merge`: its exit code is that of the whole run. What is missing or comes twice is complained about and, unless
/// something is violated, makes it 2.
pub(super) fn run(args: &MergeArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut stdin = console.take_stdin();
    let mut parts = Vec::new();
    for path in &args.results {
        let name = path.to_string_lossy().into_owned();
        let text =
            read(path, &mut stdin).map_err(|error| Failure::Usage(format!("cannot read {name}: {error}")))?;
        parts.extend(Part::read(&name, &text).map_err(Failure::Usage)?);
    }
    let Merged { histories, complaints, unknown, require_ops, required } = parts::merge(parts);
    let unknown_passes = args.unknown.or(unknown) == Some(UnknownArg::Warn);
    let require_ops = args.require_ops.or(require_ops).unwrap_or(0);
    let mut output = Output::open(&args.output, &mut *console.stdout)?;
    let look = Look::detect(output.terminal);
    let renderer = Renderer { format: args.format, look, unknown_passes };
    let (mut joiner, mut tally) = (Joiner::new(renderer), Tally::default());
    for results in &histories {
        tally.add(&of(results, require_ops, required.as_deref()));
        for piece in renderer.render_records(results) {
            output.print(&joiner.piece(piece))?;
        }
    }
    output.print(&joiner.end(&tally.totals))?;
    drop(output);
    for complaint in &complaints {
        console.complain(complaint);
    }
    if !tally.fails && !complaints.is_empty() {
        return Ok(Exit::BadInput);
    }
    Ok(tally.conclude(unknown_passes, console))
}

fn read(path: &Path, stdin: &mut dyn Read) -> std::io::Result<String> {
    let mut text = String::new();
    match path.as_os_str() == "-" {
        true => stdin.read_to_string(&mut text).map(|_| text),
        false => std::fs::read_to_string(path),
    }
}

/// What the run has seen of a history, from its results.
fn of(results: &[(Record, String)], require_ops: usize, required: Option<&[String]>) -> Tally {
    let fails = |record: &Record| {
        let counts = required.is_none_or(|required| required.contains(&record.model));
        counts && record.verdict == Kind::Violated
    };
    let unfit = |record: &Record| {
        let is_required = required.is_some_and(|required| required.contains(&record.model));
        is_required && record.verdict == Kind::Inapplicable
    };
    let records = || results.iter().map(|result| &result.0);
    let read = |record: &Record| record.verdict == Kind::Consistent || record.method.is_some();
    Tally {
        totals: Totals::of(records().map(|record| record.verdict)),
        fails: records().any(fails),
        unfit: records().any(unfit),
        any_operation: records().any(|record| record.operations > 0),
        too_few: records().any(|record| read(record) && record.operations < require_ops),
        elsewhere: false,
    }
}
