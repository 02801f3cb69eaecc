//! `tribunal certify`: checks certificates again, with code that shares nothing with the engine.

mod claim;

use super::Failure;
use super::args::{LimitArgs, OutputArgs, ReadArgs, model_parser};
use super::console::{Console, Output};
use super::exit::Exit;
use super::inputs::Input;
use super::memory;
use super::units;
use super::warden::Warden;
use crate::report::{Joiner, Look, Renderer, ReportFormat, Totals, Verification, Worth};
use claim::{Claim, claims};
use clap::Args;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use tribunal_checker::certificate::Certificate;
use tribunal_checker::certificate::verify::{Verification as Checked, VerifyOptions, verify};
use tribunal_checker::history::History;
use tribunal_checker::model::Model;
use tribunal_checker::spec::{SpecKind, infer};
use tribunal_formats::{Recording, certificate, read_path, read_stream};

/// The arguments of `certify`.
#[derive(Args, Debug)]
pub(super) struct CertifyArgs {
    /// The history: a file, `FILE#NAME` for one history of several, `-` for standard input
    #[arg(value_name = "HISTORY")]
    history: String,

    /// The results of `check --format json` or `jsonl`, one line of them, or a bare certificate; `-` for standard input
    #[arg(value_name = "CERTIFICATE")]
    certificate: String,

    /// The model of a bare certificate [default: linearizable]; of results, those to certify [default: all]
    #[arg(short, long, value_name = "MODEL", value_parser = model_parser())]
    model: Option<Model>,

    /// eventual: the settle time that the history was judged with [default: the result's]
    #[arg(long, value_name = "TIME", value_parser = units::settle)]
    settle: Option<i64>,

    #[command(flatten)]
    read: ReadArgs,

    #[command(flatten)]
    limits: LimitArgs,

    /// Form of the results
    #[arg(long, value_name = "FORM", default_value = "human", help_heading = "Output")]
    format: ReportFormat,

    #[command(flatten)]
    output: OutputArgs,
}

/// Runs `certify`. The gravest finding decides the exit code: refuted, bad input, unverified, verified.
pub(super) fn run(args: &CertifyArgs, console: &mut Console<'_>) -> Result<Exit, Failure> {
    if args.history == "-" && args.certificate == "-" {
        return Err(Failure::Usage("`-` (standard input) can be read only once".into()));
    }
    let mut stdin = console.take_stdin();
    let claims = claims(&certificate_text(&args.certificate, &mut stdin)?)
        .map_err(|message| Failure::Usage(format!("{}: {message}", args.certificate)))?;
    let warden = Warden::start(args.limits.memory.unwrap_or_else(memory::default_limit));
    let mut output = Output::open(&args.output, &mut *console.stdout)?;
    let look = Look::detect(output.terminal);
    let mut session = Session { args, claims, warden, found: false };
    let renderer = Renderer { format: args.format, look, unknown_passes: false };
    let (mut joiner, mut worths, mut failed) = (Joiner::new(renderer), Vec::new(), None);
    session.read(stdin, &mut |verification| {
        worths.push(verification.worth);
        match output.print(&joiner.piece(verification.render(&renderer))) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    failed.map_or(Ok(()), Err)?;
    output.print(&joiner.end(&Totals::default()))?;
    Ok(exit(&worths))
}

fn certificate_text(name: &str, stdin: &mut dyn Read) -> Result<String, Failure> {
    let mut text = String::new();
    let read = match name {
        "-" => stdin.read_to_string(&mut text).map(|_| text),
        path => std::fs::read_to_string(path),
    };
    read.map_err(|error| Failure::Usage(format!("cannot read {name}: {error}")))
}

fn exit(worths: &[Worth]) -> Exit {
    let any = |worth| worths.contains(&worth);
    match () {
        () if any(Worth::Refuted) => Exit::Violated,
        () if any(Worth::Error) || worths.is_empty() => Exit::BadInput,
        () if any(Worth::Unverified) => Exit::Unknown,
        () => Exit::Good,
    }
}

/// The history, read once, and the claims about it.
struct Session<'a> {
    args: &'a CertifyArgs,
    claims: Vec<Claim>,
    warden: Arc<Warden>,
    /// The history that was asked for was there.
    found: bool,
}

type Emit<'e> = &'e mut dyn FnMut(Verification) -> ControlFlow<()>;

impl Session<'_> {
    /// Reads the input and hands on what each claim about its histories is worth.
    fn read(&mut self, stdin: Box<dyn Read + Send>, emit: Emit<'_>) {
        let options = self.args.read.options();
        let (path, name) = split(&self.args.history);
        let (path, name) = (path.to_owned(), name.map(str::to_owned));
        let wanted = |recording: &Recording| {
            name.as_ref().is_none_or(|name| recording.name.strip_prefix(&path) == Some(&format!("#{name}")))
        };
        let mut sink = |recording: Recording| {
            if !wanted(&recording) {
                return ControlFlow::Continue(());
            }
            self.found = true;
            self.recording(recording, emit)
        };
        let result = match path.as_str() {
            "-" => read_stream(stdin, Input::Stdin.name().as_str(), &options, &mut sink),
            path => read_path(Path::new(path), &options, &mut sink),
        };
        let missing = || format!("there is no history of that name in {path}");
        let error = match result {
            Err(error) => Some(error.to_string()),
            Ok(()) => (!self.found).then(missing),
        };
        if let Some(error) = error {
            let _ = emit(Verification::error(&self.args.history, self.args.model, error));
        }
    }

    fn recording(&self, recording: Recording, emit: Emit<'_>) -> ControlFlow<()> {
        let Recording { name, history, .. } = recording;
        let model = self.args.model;
        let history = match history {
            Ok(history) => self.args.read.adapt(history),
            Err(error) => return emit(Verification::error(&name, model, error.to_string())),
        };
        let about = self.claims.iter().filter(|claim| claim.is_about(&name, model));
        let claims: Vec<&Claim> = about.filter(|claim| claim.claims_something()).collect();
        // One claim about a history that lay elsewhere when it was made.
        let claims = match (claims.as_slice(), self.claims.as_slice()) {
            ([], [claim]) if claim.is_of(model) => vec![claim],
            _ => claims,
        };
        if claims.is_empty() {
            let what = format!("{} has no result for it", self.args.certificate);
            return emit(Verification::error(&name, model, what));
        }
        claims.into_iter().try_for_each(|claim| emit(self.verify(&name, &history, claim)))
    }

    fn verify(&self, name: &str, history: &History, claim: &Claim) -> Verification {
        let model = claim.model.or(self.args.model).unwrap_or(Model::Linearizable);
        let (spec, checked) = match self.spec(history, claim) {
            Ok(spec) => (Some(spec), self.check(history, model, spec, claim)),
            Err(error) => (None, Err(error)),
        };
        let (worth, reason) = match checked {
            Ok(Checked::Verified) => (Worth::Verified, None),
            Ok(Checked::Refuted(why)) => (Worth::Refuted, Some(why)),
            Ok(Checked::Unverified(why)) => (Worth::Unverified, Some(why)),
            Err(error) => (Worth::Error, Some(error)),
        };
        let verdict = claim.verdict.clone();
        Verification { history: name.to_owned(), model: Some(model), spec, verdict, worth, reason }
    }

    fn spec(&self, history: &History, claim: &Claim) -> Result<SpecKind, String> {
        match self.args.read.spec.or(claim.spec) {
            Some(spec) => Ok(spec),
            None => infer(history).map_err(|error| error.to_string()),
        }
    }

    fn check(
        &self,
        history: &History,
        model: Model,
        spec: SpecKind,
        claim: &Claim,
    ) -> Result<Checked, String> {
        let Some(json) = &claim.certificate else {
            return Ok(Checked::Unverified("the result carries no certificate".into()));
        };
        let certificate = certificate::read(history, json.get()).map_err(|error| error.to_string())?;
        let proves = match certificate {
            Certificate::Witness(_) => "consistent",
            Certificate::Refutation(_) => "violated",
        };
        if let Some(verdict) = claim.verdict.as_ref().filter(|verdict| *verdict != proves) {
            let why = format!("the verdict is {verdict}, but the certificate is one of {proves}");
            return Ok(Checked::Refuted(why));
        }
        let watch = self.warden.watch();
        let limits = self.warden.limits(self.args.limits.timeout, &watch);
        let settle = self.args.settle.or(claim.settle).unwrap_or(0);
        let options = VerifyOptions { settle, limits };
        verify(history, model, spec, &certificate, &options).map_err(|error| error.to_string())
    }
}

/// A path, and the name of a history in it behind `#`; a file whose own name has a `#` is taken as it stands.
fn split(history: &str) -> (&str, Option<&str>) {
    if Path::new(history).exists() {
        return (history, None);
    }
    match history.split_once('#') {
        Some((path, name)) => (path, Some(name)),
        None => (history, None),
    }
}
