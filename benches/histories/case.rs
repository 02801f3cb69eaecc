//! A case: a history in a file, judged by a process of its own.

use super::arguments::Arguments;
use super::child;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tribunal_checker::history::History;
use tribunal_checker::model::Model;
use tribunal_corpus::{Generate, generate};
use tribunal_formats::{Format, write};

/// What a case may take besides its check, to read its history.
const READING: Duration = Duration::from_secs(120);

/// A file that goes when its owner does.
pub(crate) struct Temporary(PathBuf);

/// What a case has cost.
#[derive(Clone, Default, Debug)]
pub(crate) struct Cost {
    pub(crate) operations: usize,
    /// Of the file.
    pub(crate) bytes: u64,
    pub(crate) read: Duration,
    pub(crate) check: Duration,
    /// Of the process, at its peak; 0 where the system does not tell.
    pub(crate) memory: u64,
    pub(crate) verdict: String,
    pub(crate) method: String,
}

impl Cost {
    /// The case has a verdict.
    pub(crate) fn is_known(&self) -> bool {
        self.verdict == "consistent" || self.verdict == "violated"
    }
}

impl Temporary {
    /// A new file of that extension, filled by `fill`.
    pub(crate) fn new(extension: &str, fill: impl FnOnce(&mut dyn Write)) -> Self {
        let name = format!("tribunal-bench-{}.{extension}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let mut file = BufWriter::new(File::create(&path).expect("a temporary file"));
        fill(&mut file);
        file.flush().expect("room for a temporary file");
        Self(path)
    }

    /// The history in the native format.
    pub(crate) fn native(history: &History) -> Self {
        Self::new("jsonl", |out| write(history, Format::Native, out).expect("room for a temporary file"))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Nothing is left to do where it cannot be removed.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Generates a history; the nearest seed that has a place for the violation.
pub(crate) fn make(options: &Generate) -> History {
    let seeds = options.seed..options.seed + 100;
    let made = seeds.map(|seed| generate(&Generate { seed, ..options.clone() })).find_map(Result::ok);
    made.unwrap_or_else(|| panic!("{:?}", generate(options).map(|_| ()))).history
}

/// Judges a generated history in a process of its own.
pub(crate) fn judge(options: &Generate, model: Model, arguments: &Arguments) -> Cost {
    let file = Temporary::native(&make(options));
    judge_file(file.path(), Some(model), arguments)
}

/// Judges the history in a file in a process of its own; without a model it is only read.
pub(crate) fn judge_file(path: &Path, model: Option<Model>, arguments: &Arguments) -> Cost {
    let mut command = Command::new(std::env::current_exe().expect("the path of this program"));
    command.arg(child::FLAG).arg(path).arg(model.map_or("-", Model::name));
    command.arg(arguments.timeout.as_secs().to_string()).arg(arguments.threads.to_string());
    let started = Instant::now();
    let mut process = command.stdout(Stdio::piped()).spawn().expect("this program starts again");
    let limit = arguments.timeout + READING;
    let ended = loop {
        match process.try_wait().expect("the process can be waited for") {
            Some(status) => break status.success(),
            None if started.elapsed() > limit => {
                let _ = process.kill();
                let _ = process.wait();
                break false;
            }
            None => std::thread::sleep(Duration::from_millis(2)),
        }
    };
    let mut text = String::new();
    let mut stdout = process.stdout.take().expect("a pipe");
    stdout.read_to_string(&mut text).expect("what it said is text");
    let cost = child::understand(&text);
    if ended { cost } else { Cost { verdict: "unknown (killed)".into(), ..cost } }
}
