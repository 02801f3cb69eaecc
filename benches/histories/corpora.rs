//! The corpora that other checkers are tested with: every verdict, and how long it takes.
//!
//! The files are not part of this repository: `TRIBUNAL_CORPORA` names the folder that holds them and their list,
//! `MANIFEST.tsv` (path, licence, format, model, expected verdict).

use super::arguments::Arguments;
use super::table;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tribunal_checker::engine::{Options, check};
use tribunal_checker::history::{Datum, History};
use tribunal_checker::limits::Limits;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;
use tribunal_checker::verdict::Verdict;
use tribunal_formats::{NilRead, ReadOptions, read_path};

/// The variable that names the folder.
pub(crate) const FOLDER: &str = "TRIBUNAL_CORPORA";

/// How often a file is judged; the fastest counts.
const REPEATS: usize = 5;

/// A line of the list.
struct Entry {
    path: String,
    rules: Rules,
    expected: String,
}

/// How files of a kind are judged.
#[derive(Clone)]
struct Rules {
    spec: SpecKind,
    /// As it is given on the command line, too.
    initial: Option<(Datum, &'static str)>,
    nil_read: NilRead,
}

/// A group of files with one set of rules.
#[derive(Default)]
struct Group {
    paths: Vec<PathBuf>,
    flags: Vec<String>,
    right: usize,
    total: Duration,
    worst: Duration,
}

/// Judges every file; true if every verdict is right.
pub(crate) fn run(arguments: &Arguments) -> bool {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else {
        eprintln!("set {FOLDER} to the folder of the corpora");
        return false;
    };
    table::title("Corpora: files that other checkers are tested with");
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for entry in entries(&folder) {
        let group = entry.path.rsplit_once('/').map_or("", |(folder, _)| folder.trim_end_matches("/good"));
        let group = group.trim_end_matches("/bad");
        if !arguments.wants(&entry.path) {
            continue;
        }
        let (verdict, time) = judge(&folder.join(&entry.path), &entry.rules, arguments);
        let right = verdict == entry.expected;
        let mark = if right { "right" } else { "WRONG" };
        println!("{mark} {:>10}  {:16} {}", table::seconds(time), verdict, entry.path);
        let group = groups.entry(group.into()).or_default();
        group.paths.push(folder.join(&entry.path));
        group.flags = entry.rules.flags();
        group.right += usize::from(right);
        group.total += time;
        group.worst = group.worst.max(time);
    }
    println!(
        "\n{:28} {:>6} {:>6} {:>10} {:>10} {:>14}",
        "group", "files", "right", "total s", "worst s", "one process s"
    );
    for (name, group) in &groups {
        println!(
            "{name:28} {:>6} {:>6} {:>10} {:>10} {:>14}",
            group.paths.len(),
            group.right,
            table::seconds(group.total),
            table::seconds(group.worst),
            table::seconds(program(group))
        );
    }
    groups.values().all(|group| group.right == group.paths.len())
}

/// The files of the list.
fn entries(folder: &Path) -> Vec<Entry> {
    let list = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("a list of the corpora");
    let lines = list.lines().skip(1).filter(|line| !line.is_empty());
    let entry = |line: &str| match line.split('\t').collect::<Vec<_>>()[..] {
        [path, _, format, model, expected] => {
            Entry { path: path.into(), rules: Rules::of(format, model), expected: expected.into() }
        }
        _ => panic!("five columns, not `{line}`"),
    };
    lines.map(entry).collect()
}

impl Rules {
    /// What the columns `format` and `model` say in words.
    fn of(format: &str, model: &str) -> Self {
        let zero = || Some((Datum::Int(0), "0"));
        let (spec, initial) = match model {
            _ if model.starts_with("cas-register init nil") => (SpecKind::Register, None),
            _ if model.starts_with("cas-register init 0") => (SpecKind::Register, zero()),
            _ if model.starts_with("multi-register") => (SpecKind::MultiRegister, zero()),
            _ if model.starts_with("mutex") => (SpecKind::Mutex, None),
            _ => (SpecKind::AppendList, Some((Datum::text(""), "\"\""))),
        };
        // In Knossos a completed read of nil may have read anything; in the etcd logs nil is the initial value.
        let nil_read = if format.starts_with("jepsen-edn") { NilRead::Any } else { NilRead::Initial };
        Self { spec, initial, nil_read }
    }

    /// The same for the program.
    fn flags(&self) -> Vec<String> {
        let nil_read = if self.nil_read == NilRead::Any { "any" } else { "initial" };
        let mut flags = vec!["--spec", self.spec.name(), "--nil-read", nil_read];
        if let Some((_, initial)) = &self.initial {
            flags.extend(["--initial", initial]);
        }
        flags.into_iter().map(String::from).collect()
    }

    fn read(&self, path: &Path) -> History {
        let mut options = ReadOptions::new();
        options.nil_read = Some(self.nil_read);
        options.spec = Some(self.spec.name().into());
        let mut history = None;
        read_path(path, &options, &mut |recording| {
            history = Some(recording.history.unwrap_or_else(|error| panic!("{error}")));
            ControlFlow::Break(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
        let history = history.expect("a history");
        match &self.initial {
            Some((initial, _)) => history.with_initial(initial),
            None => history,
        }
    }
}

/// The verdict in the words of the list, and how long it took to read the file and judge it.
fn judge(path: &Path, rules: &Rules, arguments: &Arguments) -> (String, Duration) {
    let limits = Limits { timeout: Some(arguments.timeout), threads: None, ..Limits::default() };
    let options = Options { spec: Some(rules.spec), limits, ..Options::default() };
    let empty = std::fs::metadata(path).is_ok_and(|metadata| metadata.len() == 0);
    let once = || {
        let started = Instant::now();
        let history = rules.read(path);
        let verdict = match check(&history, Model::Linearizable, &options) {
            _ if empty => "empty-file".into(),
            Ok(judgement) => match judgement.verdict {
                Verdict::Consistent(_) => "linearizable".into(),
                Verdict::Violated(_) => "not-linearizable".into(),
                Verdict::Unknown(unknown) => format!("unknown ({})", unknown.reason),
            },
            Err(error) => error.to_string(),
        };
        (verdict, started.elapsed())
    };
    (0..REPEATS).map(|_| once()).min_by_key(|(_, time)| *time).expect("at least one")
}

/// How long the program takes for all files of a group, from its start to its end.
fn program(group: &Group) -> Duration {
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tribunal"));
        command.arg("check").args(&group.flags).args(&group.paths).args([
            "--format",
            "jsonl",
            "--certificates",
            "none",
        ]);
        let started = Instant::now();
        command.stdout(Stdio::null()).stderr(Stdio::null()).status().expect("the program starts");
        started.elapsed()
    };
    (0..REPEATS).map(|_| run()).min().expect("at least one")
}
