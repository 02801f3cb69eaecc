//! `tribunal shrink`: the smallest part of a history that still violates a model.

mod exports;

use super::args::{LimitArgs, OutputArgs, ReadArgs, format_parser, model_parser};
use super::console::{Console, Output};
use super::exit::{Exit, Tally};
use super::inputs::Input;
use super::warden::Warden;
use super::{Failure, memory};
use crate::report::{Look, count, explain_shrunk, picture};
use clap::Args;
use exports::{Export, Exports};
use std::io::{self, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;
use tribunal_checker::engine::{self, Judgement, Options, violates};
use tribunal_checker::history::{History, OpId};
use tribunal_checker::limits::{Limits, Stop};
use tribunal_checker::model::Model;
use tribunal_checker::shrink::{ShrinkOptions, Shrunk, shrink};
use tribunal_checker::spec::{SpecKind, infer};
use tribunal_checker::verdict::Verdict;
use tribunal_formats::{
    Format, ReadOptions, Recording, WriteError, read_bytes, read_path, read_stream, write,
};

/// The arguments of `shrink`.
#[derive(Args, Debug)]
pub(super) struct ShrinkArgs {
    /// The history: a file, `-` for standard input; of several histories, each is shrunk
    #[arg(value_name = "HISTORY")]
    history: PathBuf,

    /// The model that it violates
    #[arg(
        short, long, value_name = "MODEL", default_value = "linearizable", value_parser = model_parser()
    )]
    model: Model,

    #[command(flatten)]
    read: ReadArgs,

    #[command(flatten)]
    limits: LimitArgs,

    /// Format to write [default: hist where it can hold the result, else jsonl]
    #[arg(long, value_name = "FORMAT", help_heading = "Output", value_parser = format_parser(Format::can_write))]
    format: Option<Format>,

    /// Also write the forced orders as a graph (`dot=FILE`, for Graphviz), or the whole history, the violation marked, as a
    /// trace (`trace=FILE`, for Perfetto); of several histories, of the first that is violated
    #[arg(long = "export", value_name = "WHAT=FILE", help_heading = "Output", value_parser = Export::parse)]
    exports: Vec<Export>,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs `shrink`. What it found is told on standard error, the part itself goes to the output.
pub(super) fn run(args: &ShrinkArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    let stdin = console.take_stdin();
    let warden = Warden::start(args.limits.memory.unwrap_or_else(memory::default_limit));
    let mut output = Output::open(&args.output, &mut *console.stdout)?;
    let look = Look::detect(console.stderr.is_terminal());
    let mut session = Session {
        args,
        warden,
        look,
        tally: Tally::default(),
        remarks: String::new(),
        exports: Exports::new(&args.exports),
    };
    let mut failed = None;
    let mut sink = |recording: Recording| match session.recording(recording, &mut output) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    };
    let options = args.read.options();
    let read = match args.history.as_os_str() == "-" {
        true => read_stream(stdin, &Input::Stdin.name(), &options, &mut sink),
        false => read_path(&args.history, &options, &mut sink),
    };
    failed.map_or(Ok(()), Err)?;
    if let Err(error) = read {
        session.error(&error.to_string());
    }
    output.flush()?;
    let Session { tally, remarks, exports, .. } = session;
    drop(output);
    console.stderr.write_all(remarks.as_bytes())?;
    if let Some(warning) = exports.warning() {
        console.warn(&warning);
    }
    Ok(tally.exit(false))
}

/// One run.
struct Session<'a> {
    args: &'a ShrinkArgs,
    warden: Arc<Warden>,
    look: Look,
    tally: Tally,
    /// What goes to standard error.
    remarks: String,
    exports: Exports<'a>,
}

impl Session<'_> {
    fn error(&mut self, message: &str) {
        self.tally.totals.errors += 1;
        self.say("error", message);
    }

    fn say(&mut self, name: &str, message: &str) {
        self.remarks.push_str(&format!("{name}: {message}\n"));
    }

    /// Judges a history, and shrinks it if it is violated.
    fn recording(&mut self, recording: Recording, output: &mut Output<'_>) -> Result<(), Failure> {
        let Recording { name, history, .. } = recording;
        let history = match history {
            Ok(history) => self.args.read.adapt(history),
            Err(error) => {
                self.error(&error.to_string());
                return Ok(());
            }
        };
        self.tally.totals.histories += 1;
        self.tally.any_operation |= !history.is_empty();
        let (model, begin) = (self.args.model, Instant::now());
        let watch = self.warden.watch();
        let mut limits = self.warden.limits(self.args.limits.timeout, &watch);
        limits.threads = Some(self.args.limits.threads());
        let check = Options { spec: self.args.read.spec, limits, ..Options::default() };
        let judgement = match engine::check(&history, model, &check) {
            Ok(judgement) => judgement,
            Err(error) => {
                self.error(&format!("{name}: {error}"));
                return Ok(());
            }
        };
        let Judgement { spec, verdict, .. } = judgement;
        match verdict {
            Verdict::Consistent(_) => {
                self.tally.totals.consistent += 1;
                self.say(&name, &format!("{model}: consistent: there is nothing to shrink"));
                Ok(self.exports.write(&history, None, &name)?)
            }
            Verdict::Unknown(unknown) => {
                self.tally.totals.unknown += 1;
                let by_watch = watch.stopped().filter(|_| unknown.reason == Stop::Interrupted);
                let reason = by_watch.unwrap_or(unknown.reason);
                self.say(&name, &format!("{model}: UNKNOWN: {reason}; {}", unknown.progress));
                Ok(())
            }
            Verdict::Violated(refutation) => {
                self.tally.totals.violated += 1;
                self.tally.fails = true;
                let timeout = check.limits.timeout.map(|timeout| timeout.saturating_sub(begin.elapsed()));
                let limits = Limits { timeout, ..check.limits };
                let options =
                    ShrinkOptions { check: Options { limits, ..check }, ..ShrinkOptions::default() };
                let shrunk = shrink(&history, model, spec, &refutation, &options);
                self.tell(&name, &history, spec, &shrunk)?;
                self.print(&name, &history, spec, &shrunk, output)
            }
        }
    }

    /// What was found, for people.
    fn tell(
        &mut self,
        name: &str,
        history: &History,
        spec: SpecKind,
        shrunk: &Shrunk,
    ) -> Result<(), Failure> {
        let mut message = self.found(history, shrunk);
        if !shrunk.minimal {
            message.push_str("; a limit was reached, and a smaller part may do");
        }
        self.say(name, &message);
        let explanation = explain_shrunk(self.args.model, spec, shrunk);
        self.remarks.push_str(&picture(history, &explanation, &self.look));
        Ok(self.exports.write(history, Some(&explanation), name)?)
    }

    /// `linearizable: VIOLATED: 3 of 600 operations show it`.
    fn found(&self, history: &History, shrunk: &Shrunk) -> String {
        let (some, all) = (shrunk.operations.len(), count(history.len(), "operation"));
        let shows = if some == 1 { "shows" } else { "show" };
        format!("{}: VIOLATED: {some} of {all} {shows} it", self.args.model)
    }

    /// Writes the part.
    fn print(
        &mut self,
        name: &str,
        history: &History,
        spec: SpecKind,
        shrunk: &Shrunk,
        output: &mut Output<'_>,
    ) -> Result<(), Failure> {
        let part = shrunk.history.clone();
        // What the whole told of the data type, the part may not.
        let part = if infer(&part) == Ok(spec) { part } else { part.with_spec(spec.name()) };
        let bytes = match self.args.format {
            Some(format) => rendered(&part, format),
            None => match self.notation(&part, spec) {
                Some(text) => Ok(self.commented(name, history, shrunk, &text)),
                None => rendered(&part, Format::Native),
            },
        };
        match bytes {
            Ok(bytes) => Ok(output.write_all(&bytes)?),
            Err(error) => {
                self.error(&format!("{name}: {error}"));
                Ok(())
            }
        }
    }

    /// The part in textbook notation, if that can hold it: what is read back from it must be violated, too.
    fn notation(&self, part: &History, spec: SpecKind) -> Option<Vec<u8>> {
        let bytes = rendered(part, Format::Notation).ok()?;
        let mut options = ReadOptions::new();
        options.format = Some(Format::Notation);
        let mut back = read_bytes(&bytes, "-", &options).ok()?;
        let back = back.pop()?.history.ok()?;
        let violated = violates(&back, self.args.model, spec, &Options::default()) == Some(true);
        (violated && infer(&back) == Ok(spec)).then_some(bytes)
    }

    /// With comments that say where it comes from, and the verdict that is expected.
    fn commented(&self, name: &str, history: &History, shrunk: &Shrunk, text: &[u8]) -> Vec<u8> {
        let clean = |text: &str| text.replace(|c: char| c.is_control(), " ");
        let mut out = format!("# {}: {}\n", clean(name), clean(&self.found(history, shrunk))).into_bytes();
        let ids: Vec<String> = shrunk.operations.iter().take(IDS).map(|op: &OpId| op.to_string()).collect();
        let more = if shrunk.operations.len() > IDS { ", …" } else { "" };
        out.extend(format!("# operations {}{more} of it\n", ids.join(", ")).bytes());
        out.extend(format!("expect: {} no\n", self.args.model).bytes());
        out.extend(text);
        out
    }
}

/// How many ids a comment lists.
const IDS: usize = 24;

fn rendered(history: &History, format: Format) -> Result<Vec<u8>, WriteError> {
    let mut bytes = Vec::new();
    write(history, format, &mut bytes)?;
    Ok(bytes)
}

/// A file that cannot be written.
fn unwritable(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
