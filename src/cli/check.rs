//! `tribunal check`: verdicts.

mod judge;

use super::args::{LimitArgs, OutputArgs, ReadArgs, UnknownArg, model_parser};
use super::console::{Console, Output};
use super::exit::{Exit, Tally};
use super::pipeline::{Reading, Work, in_order};
use super::progress::Progress;
use super::shard::{Closing, Shard};
use super::warden::Warden;
use super::{Failure, inputs, memory, units};
use crate::report::{Joiner, Look, Piece, Renderer, ReportFormat};
use clap::Args;
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
    /// Judge only part I of N of the histories, told apart by their names; `merge` puts the parts together
    #[arg(long, value_name = "I/N")]
    shard: Option<Shard>,

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
    let unknown_passes = args.unknown == UnknownArg::Warn;
    let renderer = Renderer { format: args.format, look, unknown_passes };
    let required = match &charge {
        Charge::Models(_) => None,
        Charge::Profile { required } => Some(required.iter().map(|model| model.name().to_owned()).collect()),
    };
    let judge = Judge {
        charge,
        settle: args.settle,
        read: args.read,
        timeout: args.limits.timeout,
        warden,
        renderer,
        certificates: args.certificates,
        require_ops: args.require_ops,
        shard: args.shard,
    };
    let work: Work<Option<Judged>> = Arc::new(move |found| judge.judge(found));
    let closing = args.shard.map(|shard| Closing {
        shard: shard.to_string(),
        results: 0,
        histories: 0,
        positions: Vec::new(),
        unknown: args.unknown,
        require_ops: args.require_ops,
        required,
        tribunal: 1,
    });
    let joiner = Joiner::new(renderer);
    let mut report = Report { joiner, tally: Tally::default(), progress, closing, format: args.format };
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
    Ok(tally.conclude(unknown_passes, console))
}

/// The report, as it is being written.
struct Report {
    joiner: Joiner,
    tally: Tally,
    progress: Progress,
    /// Of a shard: what is told at the end.
    closing: Option<Closing>,
    format: ReportFormat,
}

impl Report {
    fn write(
        &mut self,
        reading: Reading,
        work: &Work<Option<Judged>>,
        output: &mut Output<'_>,
    ) -> io::Result<()> {
        let progress = std::cell::RefCell::new(&mut self.progress);
        let (joiner, tally, closing) = (&mut self.joiner, &mut self.tally, &mut self.closing);
        in_order(
            reading,
            work,
            &mut |judged| {
                if let Some(closing) = closing.as_mut() {
                    closing.count(judged.as_ref().map(|judged| judged.results.len()));
                }
                let Some(judged) = judged else { return Ok(()) };
                tally.add(&judged.tally);
                let text: String = judged.results.into_iter().map(|piece| joiner.piece(piece)).collect();
                let mut progress = progress.borrow_mut();
                progress.advance();
                progress.aside(|| output.print(&text))?;
                judged.files.iter().try_for_each(judge::CertificateFile::write)
            },
            &mut || progress.borrow_mut().tick(),
        )?;
        if let Some(closing) = &self.closing {
            self.tally.elsewhere = closing.positions.is_empty() && closing.histories > 0;
            if matches!(self.format, ReportFormat::Json | ReportFormat::Jsonl) {
                output.print(&self.joiner.piece(Piece::Text(closing.to_json())))?;
            }
        }
        output.print(&self.joiner.end(&self.tally.totals))
    }
}
