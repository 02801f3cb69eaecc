//! Exit codes: each, and which comes first.

use crate::support::{CONSISTENT, UNTIMED, VIOLATED, folder, run_in, slow, tribunal};
use assert_cmd::Command;

const FILES: &[(&str, &str)] = &[
    ("bad.jsonl", VIOLATED),
    ("good.jsonl", CONSISTENT),
    ("untimed.jsonl", UNTIMED),
    ("empty.jsonl", ""),
    ("junk.jsonl", "{]\n"),
];

#[track_caller]
fn exits(args: &str, code: i32) {
    let folder = folder(FILES);
    let args: Vec<&str> = args.split(' ').collect();
    let ran = run_in(folder.path(), &args);
    assert_eq!(ran.code, code, "{args:?}\n{}{}", ran.out, ran.err);
}

#[test]
fn consistent_is_0() {
    exits("check good.jsonl", 0);
    exits("check -m sequential,linearizable good.jsonl", 0);
    exits("check -m sequential untimed.jsonl", 0);
}

#[test]
fn violated_is_1() {
    exits("check bad.jsonl", 1);
    exits("check good.jsonl bad.jsonl empty.jsonl junk.jsonl missing.jsonl", 1);
    exits("check -m sequential,linearizable bad.jsonl", 1);
}

#[test]
fn what_cannot_be_read_is_2() {
    exits("check junk.jsonl", 2);
    exits("check missing.jsonl", 2);
    exits("check good.jsonl junk.jsonl empty.jsonl", 2);
}

#[test]
fn a_model_that_does_not_apply_is_an_error() {
    exits("check untimed.jsonl", 2);
    exits("check --spec queue good.jsonl", 2);
}

#[test]
fn usage_errors_are_2() {
    for args in [
        "",
        "frobnicate",
        "check",
        "check -m magic good.jsonl",
        "check --threads 0 good.jsonl",
        "check --timeout soon good.jsonl",
        "check --memory much good.jsonl",
        "check --format xml good.jsonl",
        "check - -",
        "check -o missing/file good.jsonl",
        "certify good.jsonl",
        "certify - -",
    ] {
        exits(args, 2);
    }
}

#[test]
fn no_operations_is_4() {
    exits("check empty.jsonl", 4);
    exits("check empty.jsonl empty.jsonl", 4);
    exits("check empty.jsonl good.jsonl", 0);
    exits("check --require-ops 3 good.jsonl", 0);
    exits("check --require-ops 4 good.jsonl", 4);
    exits("check --require-ops 1 good.jsonl empty.jsonl", 4);
}

#[test]
fn unknown_is_3_or_a_warning() {
    let folder = folder(&[("hard.jsonl", &slow()), ("bad.jsonl", VIOLATED), ("junk.jsonl", "[")]);
    let run = |args: &[&str]| run_in(folder.path(), args);
    let ran = run(&["check", "--timeout", "1ms", "--format", "jsonl", "hard.jsonl"]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("\"verdict\":\"unknown\"") && ran.out.contains("\"reason\":\"timeout\""));
    let ran = run(&["check", "--timeout", "1ms", "--unknown", "warn", "hard.jsonl"]);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("UNKNOWN") && ran.err.contains("warning: 1 verdict is unknown"), "{}", ran.err);
    assert_eq!(run(&["check", "--timeout", "1ms", "hard.jsonl", "bad.jsonl"]).code, 1);
    assert_eq!(run(&["check", "--timeout", "1ms", "hard.jsonl", "junk.jsonl"]).code, 2);
}

#[test]
fn help_and_version_are_0() {
    for args in [&["--help"][..], &["--version"], &["check", "-h"], &["help-me-not", "--help"]] {
        let expected = if args[0] == "help-me-not" { 2 } else { 0 };
        tribunal(args).assert().code(expected);
    }
}

#[test]
#[cfg(unix)]
fn a_reader_that_leaves_is_no_error() {
    let folder = folder(FILES);
    let program = env!("CARGO_BIN_EXE_tribunal");
    let script = format!("{program} specs | head -c 1; {program} check bad.jsonl good.jsonl | true");
    let assert = Command::new("sh").current_dir(folder.path()).args(["-c", &script]).assert().code(0);
    let output = assert.get_output();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
