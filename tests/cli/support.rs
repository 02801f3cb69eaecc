//! Running the program, and histories to run it on.

use assert_cmd::Command;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Two writes and a read of the one that was replaced.
pub(crate) const VIOLATED: &str = r#"{"process":0,"f":"write","key":"x","value":1,"start":0,"end":9}
{"process":0,"f":"write","key":"x","value":2,"start":14,"end":25}
{"process":1,"f":"read","key":"x","value":1,"start":29,"end":41}
"#;

/// The same with a read of the last.
pub(crate) const CONSISTENT: &str = r#"{"process":0,"f":"write","key":"x","value":1,"start":0,"end":9}
{"process":0,"f":"write","key":"x","value":2,"start":14,"end":25}
{"process":1,"f":"read","key":"x","value":2,"start":20,"end":41}
"#;

/// Sequential, but without times.
pub(crate) const UNTIMED: &str =
    "{\"process\":0,\"f\":\"write\",\"value\":1}\n{\"process\":1,\"f\":\"read\",\"value\":1}\n";

/// The program with arguments and a settled environment.
pub(crate) fn tribunal(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tribunal"));
    command.args(args).timeout(Duration::from_secs(120));
    for name in ["NO_COLOR", "COLUMNS", "LC_ALL", "LC_CTYPE"] {
        command.env_remove(name);
    }
    command.env("LANG", "C.UTF-8");
    command
}

/// What a run printed, and its exit code.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// Runs the program in `folder`.
pub(crate) fn run_in(folder: &Path, args: &[&str]) -> Ran {
    let output = tribunal(args).current_dir(folder).output().expect("the program runs");
    Ran {
        code: output.status.code().expect("it is not killed"),
        out: String::from_utf8(output.stdout).expect("text"),
        err: String::from_utf8(output.stderr).expect("text"),
    }
}

/// A folder with these files.
pub(crate) fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, content) in files {
        std::fs::write(folder.path().join(name), content).expect("a file in it");
    }
    folder
}

/// The objects of a jsonl output.
pub(crate) fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("a JSON object a line")).collect()
}

/// A search that takes long: many overlapping writes of few values, and no order that fits.
pub(crate) fn slow() -> String {
    let mut text = String::from("{\"tribunal\":1,\"spec\":\"queue\"}\n");
    for i in 0..60 {
        text.push_str(&format!(
            "{{\"process\":\"e{i}\",\"f\":\"enqueue\",\"value\":{},\"start\":{},\"end\":900}}\n",
            i % 20,
            i
        ));
    }
    for i in 0..60 {
        let start = 1000 + 4 * i;
        text.push_str(&format!(
            "{{\"process\":\"d{}\",\"f\":\"dequeue\",\"value\":{},\"start\":{start},\"end\":{}}}\n",
            i % 12,
            (i * 7 + i / 20) % 20,
            start + 40
        ));
    }
    text
}

/// Text with times of runs replaced: `0.4 ms` and `"elapsed_ms":0.4` differ from run to run.
pub(crate) fn timeless(text: &str) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        out.push_str(&timeless_line(line));
    }
    out
}

fn timeless_line(line: &str) -> String {
    const FIELD: &str = "\"elapsed_ms\":";
    if let Some(at) = line.find(FIELD) {
        let (before, rest) = line.split_at(at + FIELD.len());
        let number = rest.find([',', '}']).unwrap_or(rest.len());
        return format!("{before}0{}", &rest[number..]);
    }
    // `… 0.4 ms)` at the end of a line.
    let end = line.trim_end();
    let unit = [" ms)", " s)"].into_iter().find(|unit| end.ends_with(unit));
    let Some(unit) = unit else { return line.to_owned() };
    let number = &end[..end.len() - unit.len()];
    let digits = number.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    format!("{digits}TIME){}", &line[end.len()..])
}

/// Holds a text to a file in tests/snapshots.
#[track_caller]
pub(crate) fn holds(name: &str, text: &str) {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "tests", "snapshots", name].iter().collect();
    let text = timeless(text);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, kept, "differs from {}", path.display());
}
