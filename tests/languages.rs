//! The snippets of `docs/other-languages.md` run, where their interpreters are installed; skipped, loudly, where not.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The first block of that language.
fn snippet(language: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/other-languages.md")).unwrap();
    let (_, rest) = text.split_once(&format!("```{language}\n")).expect("the document has the snippet");
    rest.split_once("```").expect("the snippet ends").0.to_owned()
}

/// The path with the program in front.
fn path() -> std::ffi::OsString {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_tribunal"));
    let own = program.parent().expect("a directory").to_owned();
    let others = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths([own].into_iter().chain(std::env::split_paths(&others))).expect("a path")
}

/// Runs a snippet; `None` if there is nothing to run it with.
fn run(language: &str, file: &str, interpreter: &[&str]) -> Option<Output> {
    let installed = Command::new(interpreter[0])
        .args([if language == "go" { "version" } else { "--version" }])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !installed.is_ok_and(|status| status.success()) {
        _ = writeln!(std::io::stderr(), "\nSKIPPED: the {language} snippet: no {}\n", interpreter[0]);
        return None;
    }
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("snippet-{language}"));
    std::fs::create_dir_all(&directory).unwrap();
    std::fs::write(directory.join(file), snippet(language)).unwrap();
    let output = Command::new(interpreter[0])
        .args(&interpreter[1..])
        .arg(file)
        .current_dir(&directory)
        .env("PATH", path())
        .output()
        .unwrap();
    Some(output)
}

/// First a yes, then a no.
fn gives_both_verdicts(language: &str, file: &str, interpreter: &[&str]) {
    let Some(output) = run(language, file, interpreter) else { return };
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{err}");
    let mut lines = out.lines();
    assert!(lines.next().is_some_and(|line| line.starts_with("consistent")), "{out}{err}");
    assert!(lines.next().is_some_and(|line| line.starts_with("violated")), "{out}{err}");
}

#[test]
fn python() {
    gives_both_verdicts("python", "check.py", &["python3"]);
}

#[test]
fn node() {
    gives_both_verdicts("javascript", "check.js", &["node"]);
}

#[test]
fn go() {
    gives_both_verdicts("go", "check.go", &["go", "run"]);
}

#[test]
fn java() {
    gives_both_verdicts("java", "Check.java", &["java"]);
}

/// What the snippet hands over is what the program reads, whether Clojure is installed or not.
#[test]
fn clojure() {
    let text = snippet("clojure");
    let arguments = r#""tribunal" "check" "-m" model "--input-format" "edn" "-""#;
    assert!(text.contains(arguments), "the test below runs the snippet's command");
    // Maps as older versions print them, records as newer ones do.
    for tag in ["", "#jepsen.history.Op"] {
        let history: String = [
            "{:index 0, :time 1, :type :invoke, :process 0, :f :write, :value 1}",
            "{:index 1, :time 2, :type :ok, :process 0, :f :write, :value 1}",
            "{:index 2, :time 3, :type :invoke, :process 1, :f :read, :value nil}",
            "{:index 3, :time 4, :type :ok, :process 1, :f :read, :value 2}",
        ]
        .map(|operation| format!("{tag}{operation}\n"))
        .concat();
        for (from, code) in [("2}", Some(1)), ("1}", Some(0))] {
            let history = history.replace(":f :read, :value 2}", &format!(":f :read, :value {from}"));
            let mut run = Command::new(env!("CARGO_BIN_EXE_tribunal"))
                .args(["check", "-m", "linearizable", "--input-format", "edn", "-"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            run.stdin.take().unwrap().write_all(history.as_bytes()).unwrap();
            let output = run.wait_with_output().unwrap();
            assert_eq!(output.status.code(), code, "{}", String::from_utf8_lossy(&output.stdout));
        }
    }
}

/// The document's own lines are histories.
#[test]
fn the_lines_of_the_document_are_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(root.join("docs/other-languages.md")).unwrap();
    let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("    {\"")).collect();
    let (events, operations): (Vec<&str>, Vec<&str>) =
        lines.iter().partition(|line| line.starts_with("type"));
    for group in [operations, events] {
        assert!(group.len() > 1);
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("document.jsonl");
        let history: String = group.iter().map(|line| format!("{{\"{line}\n")).collect();
        std::fs::write(&path, history).unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_tribunal")).arg("check").arg(&path).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    }
}
