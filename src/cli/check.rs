//! `tribunal check`: verdicts.

mod judge;

use super::args::{LimitArgs, OutputArgs, ReadArgs, model_parser};
use super::console::{Console, Output};
use super::exit::{Exit, Tally};
use super::pipeline::{Reading, Work, in_order};
use super::progress::Progress;
use super::warden::Warden;
use super::{Failure, inputs, memory, units};
use crate::report::{Joiner, Look, Renderer, ReportFormat};
use clap::{Args, ValueEnum};
pub(super) use judge::Charge;
use judge::{Judge, Judged};
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::sync::Arc;
use tribunal_checker::model::Model;

/// Operations up to which results carry their certificates where nobody asked.
const INLINE: usize = 1_000;

/// The arguments of `check`.
#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// Histories: files, folders (the files that stand in them, sorted), `-` for standard input
    #[arg(required = true, value_name = "HISTORY")]
    histories: Vec<PathBuf>,

    /// Models to judge by, separated by commas; client-centric guarantees may be joined by `+`
    #[arg(
        short, long = "model", value_name = "MODEL", value_delimiter = ',', default_value = "linearizable",
        value_parser = model_parser()
    )]
    models: Vec<Model>,

    #[command(flatten)]
    trial: TrialArgs,
}

/// The arguments that `check` and `profile` share.
#[derive(Args, Debug)]
pub(super) struct TrialArgs {
    /// What an unknown verdict means for the exit code: 3, or a warning
    #[arg(long, value_name = "MEANING", default_value = "fail")]
    unknown: UnknownArg,

    /// Exit with 4 if a history has fewer operations than this
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    require_ops: usize,

    /// eventual: how long after the last write a read must start to be final; 5s in a clock of nanoseconds, or a number
    /// in the history's own clock
    #[arg(long, value_name = "TIME", default_value = "0", hide_default_value = true, value_parser = units::settle)]
    settle: i64,

    #[command(flatten)]
    read: ReadArgs,

    #[command(flatten)]
    limits: LimitArgs,

    /// Form of the results
    #[arg(long, value_name = "FORM", default_value = "human", help_heading = "Output")]
    format: ReportFormat,

    /// Where certificates go: `none`, `inline` in json and jsonl results, or a folder for one file each
    /// [default: inline up to 1,000 operations, none beyond]
    #[arg(long, value_name = "WHERE", help_heading = "Output")]
    certificates: Option<Certificates>,

    #[command(flatten)]
    output: OutputArgs,
}

#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
enum UnknownArg {
    /// Exit with 3
    Fail,
    /// Warn, and exit as if it were consistent
    Warn,
}

/// Where certificates go.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Certificates {
    None,
    Inline,
    Folder(PathBuf),
}

impl From<&str> for Certificates {
    fn from(text: &str) -> Self {
        match text {
            "none" => Self::None,
            "inline" => Self::Inline,
            folder => Self::Folder(folder.into()),
        }
    }
}

/// Runs `check`.
pub(super) fn run(mut args: CheckArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let mut seen = Vec::new();
    args.models.retain(|&model| !seen.contains(&model) && (seen.push(model), true).1);
    try_all(&args.histories, Charge::Models(args.models), args.trial, console)
}

/// Judges histories and reports what comes out.
pub(super) fn try_all(
    histories: &[PathBuf],
    charge: Charge,
    args: TrialArgs,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let inputs = inputs::expand(histories)?;
    if let Some(Certificates::Folder(folder)) = &args.certificates {
        std::fs::create_dir_all(folder)
            .map_err(|error| Failure::Usage(format!("cannot make {}: {error}", folder.display())))?;
    }
    let warden = Warden::start(args.limits.memory.unwrap_or_else(memory::default_limit));
    let stdin = console.take_stdin();
    let progress = Progress::new(console.stderr.is_terminal());
    let mut output = Output::open(&args.output, &mut *console.stdout)?;
    let look = Look::detect(output.terminal);
    let reading = Reading {
        inputs,
        stdin,
        options: args.read.options(),
        threads: args.limits.threads(),
        warden: Arc::clone(&warden),
    };
    let judge = Judge {
        charge,
        settle: args.settle,
        read: args.read,
        timeout: args.limits.timeout,
        warden,
        renderer: Renderer { format: args.format, look },
        certificates: args.certificates,
        require_ops: args.require_ops,
    };
    let work: Work<Judged> = Arc::new(move |found| judge.judge(found));
    let mut report = Report { joiner: Joiner::new(args.format), look, tally: Tally::default(), progress };
    let unknown_passes = args.unknown == UnknownArg::Warn;
    match report.write(reading, &work, &mut output) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => {
            // What was not judged is not known.
            report.tally.totals.unknown += 1;
            return Ok(report.tally.exit(false));
        }
        Err(error) => return Err(error.into()),
    }
    let Report { tally, progress, .. } = report;
    drop((progress, output));
    if tally.totals.unknown > 0 && unknown_passes {
        let verdicts = match tally.totals.unknown {
            1 => "1 verdict is".to_owned(),
            many => format!("{many} verdicts are"),
        };
        console.warn(&format!("{verdicts} unknown, and --unknown warn lets that pass"));
    }
    let exit = tally.exit(unknown_passes);
    if tally.unfit {
        console.warn("a required model does not apply to a history");
    }
    if exit == Exit::Empty {
        console.warn(match tally.any_operation {
            true => "a history has fewer operations than --require-ops",
            false => "there was no operation to judge",
        });
    }
    Ok(exit)
}

/// The report, as it is being written.
struct Report {
    joiner: Joiner,
    look: Look,
    tally: Tally,
    progress: Progress,
}

impl Report {
    fn write(&mut self, reading: Reading, work: &Work<Judged>, output: &mut Output<'_>) -> io::Result<()> {
        let progress = std::cell::RefCell::new(&mut self.progress);
        let (joiner, tally) = (&mut self.joiner, &mut self.tally);
        in_order(
            reading,
            work,
            &mut |judged| {
                tally.add(&judged.tally);
                let text: String = judged.results.iter().map(|result| joiner.piece(result)).collect();
                let mut progress = progress.borrow_mut();
                progress.advance();
                progress.aside(|| output.print(&text))?;
                judged.files.iter().try_for_each(judge::CertificateFile::write)
            },
            &mut || progress.borrow_mut().tick(),
        )?;
        output.print(&joiner.end(&self.tally.totals, &self.look))
    }
}
