//! The text for people, held by files in tests/snapshots; `UPDATE_SNAPSHOTS=1 cargo test` writes them anew.

use crate::support::{CONSISTENT, UNTIMED, VIOLATED, folder, holds, run_in, tribunal};
use std::path::Path;

/// Figures whose pictures and sentences differ in kind.
const FIGURES: &[(&str, &str, &str)] = &[
    ("overwritten", "linearizable", VIOLATED),
    ("thin-air", "linearizable", "P1: W(x)1@[0,9]\nP2: R(x)7@[3,20]\n"),
    ("from-the-future", "linearizable", "P1: R(x)1@[0,9]\nP2: W(x)1@[30,50]\n"),
    ("initial", "linearizable", "P1: W(x)1@[0,9]\nP2: R(x)NIL@[12,20]\n"),
    ("turned-back", "linearizable", "P1: W(x)1@[0,40]\nP2: R(x)1@[2,10] R(x)NIL@[12,20]\n"),
    ("unknown-outcome", "linearizable", "P1: W(x)1?@[0,9]\nP2: R(x)1@[12,20] R(x)NIL@[22,30]\n"),
    ("cas", "linearizable", "P1: CAS(x)NIL>1@[0,9]\nP2: CAS(x)NIL>2@[3,20]\n"),
    (
        "queue",
        "linearizable",
        "spec: queue\nP1: Enq(q)a@[0,9] Enq(q)b@[10,19]\nP2: Deq(q)b@[30,39]\nP3: Deq(q)a@[41,60]\n",
    ),
    (
        "taken-twice",
        "linearizable",
        "spec: queue\nP1: Enq(q)a@[0,9]\nP2: Deq(q)a@[30,39]\nP3: Deq(q)a@[33,60]\n",
    ),
    ("held", "linearizable", "spec: mutex\nP1: Acq(L)@[0,9] Rel(L)@[50,60]\nP2: Acq(L)@[20,30]\n"),
    ("sequential", "sequential", "P1: W(x)a  R(y)NIL\nP2: W(y)b  R(x)NIL\n"),
    ("strict", "strict", "P1: W(x)a\nP2:       R(x)NIL  R(x)a\n"),
];

#[test]
fn violations() {
    let mut text = String::new();
    for (name, model, history) in FIGURES {
        let extension = if history.starts_with('{') { "jsonl" } else { "hist" };
        let file = format!("{name}.{extension}");
        let folder = folder(&[(&file, history)]);
        let ran = run_in(folder.path(), &["check", "-m", model, &file]);
        assert_eq!(ran.code, 1, "{name}: {}{}", ran.out, ran.err);
        text.push_str(&ran.out);
    }
    holds("violations.txt", &text);
}

#[test]
fn a_report_of_several() {
    let folder = folder(&[
        ("good.jsonl", CONSISTENT),
        ("bad.jsonl", VIOLATED),
        ("untimed.jsonl", UNTIMED),
        ("junk.jsonl", "{\"process\":0,\"f\":\"frobnicate\"}\n"),
        ("empty.jsonl", ""),
    ]);
    let files = ["good.jsonl", "bad.jsonl", "untimed.jsonl", "junk.jsonl", "empty.jsonl"];
    let ran = run_in(folder.path(), &[&["check", "-m", "linearizable,sequential"][..], &files].concat());
    holds("report.txt", &ran.out);
    let ran = run_in(folder.path(), &[&["check", "--format", "jsonl"][..], &files].concat());
    holds("report.jsonl", &ran.out);
}

#[test]
fn narrow_and_plain_terminals() {
    let folder = folder(&[("bad.jsonl", VIOLATED)]);
    let run = |name: &str, variables: &[(&str, &str)]| {
        let mut command = tribunal(&["check", "bad.jsonl"]);
        command.current_dir(folder.path()).envs(variables.iter().copied());
        let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
        holds(name, &out);
        out
    };
    let narrow = run("narrow.txt", &[("COLUMNS", "44")]);
    assert!(narrow.lines().skip(1).all(|line| line.chars().count() <= 44), "{narrow}");
    let ascii = run("ascii.txt", &[("LC_ALL", "C")]);
    assert!(ascii.is_ascii(), "{ascii}");
}

/// The picture in a terminal, which `script` makes.
#[test]
#[cfg(target_os = "linux")]
fn colours_are_for_terminals_that_want_them() {
    if !Path::new("/usr/bin/script").exists() {
        eprintln!("NOT TESTED: colours on a terminal, for there is no `script` here");
        return;
    }
    let folder = folder(&[("bad.jsonl", VIOLATED)]);
    let on_terminal = |variables: &str| {
        let command = format!("{variables} {} check bad.jsonl", env!("CARGO_BIN_EXE_tribunal"));
        let output = std::process::Command::new("script")
            .args(["-qec", &command, "/dev/null"])
            .current_dir(folder.path())
            .env("TERM", "xterm")
            .env_remove("NO_COLOR")
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(on_terminal("").contains("\u{1b}["), "a terminal has colours");
    assert!(!on_terminal("NO_COLOR=1").contains("\u{1b}["));
    assert!(!on_terminal("TERM=dumb").contains("\u{1b}["));
    let piped = run_in(folder.path(), &["check", "bad.jsonl"]);
    assert!(!piped.out.contains('\u{1b}'));
}
