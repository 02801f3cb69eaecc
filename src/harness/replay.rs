//! Failures that can be seen again: saved histories, reports, and tests that judge a saved history.

use super::SavedSpec;
use super::calls::Calls;
use super::trial::{Failure, Place, Trial};
use crate::SequentialSpec;
use std::env;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// A saved history to judge instead of running the system.
const REPLAY: &str = "TRIBUNAL_REPLAY";

/// Where reports go.
const REPORT_DIR: &str = "TRIBUNAL_REPORT_DIR";

/// The saved history that `TRIBUNAL_REPLAY` names, if it is one of this test; `spec` only tells the type.
/// [`assert_consistent!`](crate::assert_consistent) asks for it before it runs the system.
///
/// # Panics
/// If the variable is set and the file cannot be read: a replay that silently runs the system instead would mislead.
#[must_use]
#[track_caller]
pub fn replay<S: SavedSpec>(spec: &S, place: &Place) -> Option<Calls<S>> {
    let _ = spec;
    let path = PathBuf::from(env::var_os(REPLAY)?);
    let (own, other) = (test(place), saved_by(&path));
    if let Some(other) = other.filter(|other| *other != own) {
        eprintln!("{REPLAY}: {} is of {other}, not of {own}: the system runs", path.display());
        return None;
    }
    match Calls::open(&path) {
        Ok(calls) => Some(calls),
        Err(error) => panic!("{REPLAY}: {error}"),
    }
}

/// The name of the test that runs: libtest names its threads.
fn test(place: &Place) -> String {
    match std::thread::current().name() {
        Some(name) if name != "main" => name.to_owned(),
        _ => place.module.to_owned(),
    }
}

/// The test in a file's header.
fn saved_by(path: &Path) -> Option<String> {
    let mut line = String::new();
    BufReader::new(File::open(path).ok()?).read_line(&mut line).ok()?;
    let header: serde_json::Value = serde_json::from_str(&line).ok()?;
    header.get("test")?.as_str().map(str::to_owned)
}

/// What is kept of a failure.
pub(super) struct Evidence<'a> {
    /// Where, and whether a report goes there too.
    directory: (PathBuf, bool),
    place: &'a Place,
}

impl<'a> Evidence<'a> {
    pub(super) fn new(trial: &Trial, place: &'a Place) -> Self {
        let reports = trial.report_dir.clone().or_else(|| env::var_os(REPORT_DIR).map(PathBuf::from));
        let directory =
            reports.map_or_else(|| (env::temp_dir().join("tribunal"), false), |reports| (reports, true));
        Self { directory, place }
    }

    /// The whole message of a failure, once its evidence is saved.
    pub(super) fn message<S: SavedSpec>(&self, calls: &Calls<S>, failure: &Failure) -> String {
        let mut message = failure.to_string();
        if !message.ends_with('\n') {
            message.push('\n');
        }
        calls.warnings().iter().for_each(|warning| _ = writeln!(message, "  warning: {warning}"));
        message.push('\n');
        if let Some(path) = env::var_os(REPLAY) {
            _ = writeln!(message, "  judged:    {} ({REPLAY})", Path::new(&path).display());
            return message;
        }
        match self.save(calls) {
            Ok(path) => {
                let shown = path.display().to_string();
                _ = writeln!(message, "  history:   {shown}");
                _ = writeln!(message, "  reproduce: {REPLAY}={} {}", quoted(&shown), self.command());
                if self.directory.1 {
                    let report = path.with_extension("txt");
                    match fs::write(&report, &message) {
                        Ok(()) => _ = writeln!(message, "  report:    {}", report.display()),
                        Err(error) => {
                            _ = writeln!(message, "  no report: {}: {error}", report.display());
                        }
                    }
                }
            }
            Err(error) => {
                let directory = self.directory.0.display();
                _ = writeln!(message, "  the history could not be saved in {directory}: {error}");
            }
        }
        message
    }

    fn save<S: SavedSpec>(&self, calls: &Calls<S>) -> io::Result<PathBuf> {
        static SAVED: AtomicU64 = AtomicU64::new(0);
        fs::create_dir_all(&self.directory.0)?;
        let test = test(self.place);
        let name: String =
            test.chars().map(|c| if c.is_alphanumeric() || c == '_' { c } else { '-' }).collect();
        let number = SAVED.fetch_add(1, Ordering::Relaxed);
        let name = format!("{name}-{}-{number}.jsonl", std::process::id());
        let path = self.directory.0.join(name);
        let mut file = io::BufWriter::new(File::create(&path)?);
        calls.write(&mut file, Some(&test))?;
        io::Write::flush(&mut file)?;
        Ok(path)
    }

    fn command(&self) -> String {
        let package = self.place.package;
        match std::thread::current().name() {
            Some(name) if name != "main" => format!("cargo test -p {package} -- --exact {name}"),
            _ => format!("cargo test -p {package}"),
        }
    }
}

/// A path as a shell takes it.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+=:@%".contains(c);
    if path.chars().all(plain) { path.into() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}

impl<S: SequentialSpec> From<&Self> for Calls<S> {
    fn from(calls: &Self) -> Self {
        calls.clone()
    }
}
