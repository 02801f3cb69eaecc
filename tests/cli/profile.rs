//! `tribunal profile`: every model's verdict on a history.

use crate::support::{CONSISTENT, UNTIMED, VIOLATED, folder, holds, objects, run_in, tribunal};

/// Two processes see two writes in different orders, the second of which the first may have caused.
const CAUSAL: &str = "P1: W(x)a                           W(x)c
P2:         R(x)a   W(x)b
P3:         R(x)a                           R(x)c   R(x)b
P4:         R(x)a                           R(x)b   R(x)c
";

/// A read of the old value behind the lock that guards it.
const LOCKED: &str = "guards: x=L
untimed
P1: Acq(L)  W(x)1  Rel(L)  Acq(L)  W(x)2  Rel(L)
P2: Acq(L)  R(x)2  Rel(L)  R(x)1
";

const FILES: &[(&str, &str)] = &[
    ("causal.hist", CAUSAL),
    ("locked.hist", LOCKED),
    ("bad.jsonl", VIOLATED),
    ("good.jsonl", CONSISTENT),
    ("untimed.jsonl", UNTIMED),
    ("empty.jsonl", ""),
    ("junk.jsonl", "{]\n"),
    ("queue.hist", "spec: queue\nP1: Enq(q)a@[0,9]  Enq(q)b@[10,19]\nP2: Deq(q)b@[30,39]\n"),
    ("cas.hist", "untimed\nP1: CAS(x)NIL>1  R(x)2\nP2: CAS(x)1>2  R(x)1\n"),
    ("replicas.hist", "L1: W(x1)  WS(x1)\nL2:                W(x2)  WS(x2)\n"),
];

#[track_caller]
fn exits(args: &str, code: i32) {
    let args: Vec<&str> = args.split(' ').collect();
    let ran = run_in(folder(FILES).path(), &args);
    assert_eq!(ran.code, code, "{args:?}\n{}{}", ran.out, ran.err);
}

#[test]
fn a_profile_fails_only_where_a_required_model_does() {
    exits("profile bad.jsonl good.jsonl", 0);
    exits("profile --require sequential,mr+ryw bad.jsonl", 0);
    exits("profile --require linearizable bad.jsonl", 1);
    exits("profile --require sequential,linearizable bad.jsonl junk.jsonl", 1);
    exits("profile --require linearizable untimed.jsonl", 2);
    exits("profile junk.jsonl bad.jsonl", 2);
    exits("profile --require magic bad.jsonl", 2);
    exits("profile empty.jsonl", 4);
    exits("profile --require-ops 4 bad.jsonl", 4);
}

#[test]
fn the_picture() {
    let folder = folder(FILES);
    let mut text = String::new();
    for file in ["causal.hist", "locked.hist", "cas.hist", "queue.hist", "replicas.hist", "untimed.jsonl"] {
        let ran = run_in(folder.path(), &["profile", file]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        text.push_str(&ran.out);
    }
    holds("profiles.txt", &text);
}

#[test]
fn the_picture_fits_the_terminal() {
    let folder = folder(FILES);
    let mut text = String::new();
    for (columns, locale) in [("80", "C.UTF-8"), ("60", "C.UTF-8"), ("60", "C"), ("40", "C")] {
        let mut command = tribunal(&["profile", "causal.hist"]);
        command.current_dir(folder.path()).env("COLUMNS", columns).env("LANG", locale);
        let out = String::from_utf8(command.output().unwrap().stdout).unwrap();
        let columns: usize = columns.parse().unwrap();
        assert!(out.lines().all(|line| line.chars().count() <= columns), "{columns}:\n{out}");
        assert!(locale != "C" || out.is_ascii(), "{out}");
        text.push_str(&out);
    }
    holds("profile-widths.txt", &text);
}

#[test]
fn results_name_the_strongest_and_the_weakest_and_are_verified() {
    let folder = folder(FILES);
    for file in ["causal.hist", "locked.hist", "good.jsonl", "bad.jsonl", "cas.hist", "replicas.hist"] {
        let ran = run_in(folder.path(), &["profile", "--format", "jsonl", "-o", "results", file]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        let results = objects(&std::fs::read_to_string(folder.path().join("results")).unwrap());
        assert_eq!(results.len(), tribunal::Model::NAMED.len());
        for result in &results {
            let verdict = result["verdict"].as_str().unwrap();
            assert!(["consistent", "violated", "inapplicable"].contains(&verdict), "{result}");
            assert_eq!(verdict == "inapplicable", result["reason"].is_string(), "{result}");
            assert!(result["strongest"].is_null() || verdict == "consistent", "{result}");
            assert!(result["weakest"].is_null() || verdict == "violated", "{result}");
        }
        let any = |name: &str, verdict: &str| {
            let flagged = results.iter().any(|result| result[name] == true);
            let there = results.iter().any(|result| result["verdict"] == verdict);
            assert_eq!(flagged, there, "{file}: {name}");
        };
        any("strongest", "consistent");
        any("weakest", "violated");
        let certified = run_in(folder.path(), &["certify", "--format", "jsonl", file, "results"]);
        for told in objects(&certified.out) {
            let verdict = told["verdict"].as_str().unwrap();
            let applies = verdict != "inapplicable";
            assert!(told["verification"] == "verified" || !applies, "{file}: {told}");
        }
    }
}

/// A verdict of the profile is that of `check`.
#[test]
fn check_says_the_same() {
    let folder = folder(FILES);
    for file in ["causal.hist", "locked.hist", "bad.jsonl", "cas.hist"] {
        let ran = run_in(folder.path(), &["profile", "--format", "jsonl", file]);
        for result in objects(&ran.out).iter().filter(|result| result["verdict"] != "inapplicable") {
            let model = result["model"].as_str().unwrap();
            let ran = run_in(folder.path(), &["check", "--format", "jsonl", "-m", model, file]);
            assert_eq!(objects(&ran.out)[0]["verdict"], result["verdict"], "{file}: {model}");
        }
    }
}

#[test]
fn models_go_by_other_names_too() {
    let folder = folder(FILES);
    let args = ["check", "--format", "jsonl", "-m", "pram,ccv,mr+ryw,sc", "causal.hist"];
    let models: Vec<String> = objects(&run_in(folder.path(), &args).out)
        .iter()
        .map(|result| result["model"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(models, ["fifo", "causal-convergent", "monotonic-reads+read-your-writes", "sequential"]);
}

#[test]
fn a_settle_time_is_kept_in_the_result() {
    let file = "P1: W(x)1@[0,1]\nP2: R(x)1@[2,3]\nP3: R(x)NIL@[5,6]\n";
    let folder = folder(&[("a.hist", file)]);
    let check = |settle: &str| {
        let args =
            ["check", "-m", "eventual", "--settle", settle, "--format", "jsonl", "-o", "result", "a.hist"];
        run_in(folder.path(), &args).code
    };
    assert_eq!(check("0"), 1);
    for settle in ["3", "5s"] {
        assert_eq!(check(settle), if settle == "3" { 1 } else { 0 });
        assert_eq!(run_in(folder.path(), &["certify", "a.hist", "result"]).code, 0, "{settle}");
    }
    assert_eq!(run_in(folder.path(), &["certify", "--settle", "0", "a.hist", "result"]).code, 1);
}
