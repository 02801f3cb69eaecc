//! `tribunal quorum` end to end: exit codes, the JSON schema, drawings, errors.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn tribunal(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tribunal"))
        .arg("quorum")
        .args(args)
        .env_remove("COLUMNS")
        .env_remove("LC_ALL")
        .env_remove("LC_CTYPE")
        .env("LANG", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that refuses its arguments does not read.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("the program ends")
}

fn human(args: &[&str], input: &str) -> (i32, String) {
    let output = tribunal(args, input);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

fn json(args: &[&str], input: &str) -> (i32, Value) {
    let output = tribunal(&[args, &["--format", "json"]].concat(), input);
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}")))
}

#[test]
fn a_violated_inequality_comes_with_disjoint_quorums_and_the_least_mend() {
    let (code, result) = json(&["-n", "4", "-r", "2", "-w", "2"], "");
    assert_eq!(code, 1);
    assert_eq!(result["verdict"], "unsafe");
    let check = &result["checks"][0];
    assert_eq!((&check["id"], &check["formula"]), (&"read-write".into(), &"N_R + N_W > N".into()));
    assert_eq!((&check["lhs"], &check["rhs"]), (&4.into(), &4.into()));
    assert_eq!((&check["holds"], &check["exact"]), (&false.into(), &false.into()));
    assert_eq!(check["witness"], serde_json::json!({"read": ["n1", "n2"], "write": ["n3", "n4"]}));
    assert_eq!(check["fix"], serde_json::json!(["r=3", "w=3"]));
    let (_, text) = human(&["-n", "4", "-r", "2", "-w", "2"], "");
    assert!(text.contains("read   ●   ●   ·   ·"), "{text}");
}

#[test]
fn weights_that_break_the_inequality_but_no_quorums_are_safe() {
    let (code, result) = json(&["--votes", "2,2,2", "-r", "3", "-w", "3"], "");
    assert_eq!(code, 0);
    assert_eq!(result["checks"][0]["holds"], false);
    assert_eq!(result["checks"][0]["exact"], true);
}

#[test]
fn a_configuration_comes_from_a_file_or_from_standard_input_in_either_notation() {
    let toml = "n = 5\n[quorum]\nr = 2\nw = 4\n[require]\nread_resilience = 3\n";
    assert_eq!(human(&["-"], toml).0, 0);
    assert_eq!(human(&["-"], r#"{"n":5,"quorum":{"r":2,"w":4}}"#).0, 0);
    // Flags beat the file.
    assert_eq!(human(&["-", "-r", "1"], toml).0, 1);
    let path = std::env::temp_dir().join(format!("tribunal-quorum-{}.toml", std::process::id()));
    std::fs::write(&path, toml).unwrap();
    let (code, text) = human(&[path.to_str().unwrap()], "");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(code, 0, "{text}");
}

#[test]
fn a_missed_requirement_is_exit_1_whatever_the_verdict() {
    let args = ["-n", "5", "-r", "3", "-w", "3", "--require", "max_load=0.5"];
    let (code, result) = json(&args, "");
    assert_eq!((code, &result["verdict"]), (1, &"safe".into()));
    assert_eq!(result["requirements"][0]["met"], false);
    assert_eq!(result["metrics"]["load"]["exact"], "3/5");
    assert_eq!(result["metrics"]["load"]["certified"], true);
}

#[test]
fn bad_input_is_exit_2_and_names_the_field() {
    for (args, input, field) in [
        (vec!["-n", "5", "-r", "2", "-w", "9"], "", "w: 9 exceeds"),
        (vec!["--reads", "a * (b", "--writes", "a"], "", "reads: column 7"),
        (vec!["-n", "3", "-r", "2", "-w", "2", "--down", "n9"], "", "down: no replica is called"),
        (vec!["-n", "3", "-r", "2", "-w", "2", "--fail-p", "NaN"], "", "fail_p: found NaN"),
        (vec!["-n", "99999999", "-r", "2", "-w", "2"], "", "n: 99999999 replicas"),
        (vec!["-"], "n = 3\n[quorom]\nr = 2", "quorom: no such field"),
        (vec!["/no/such/file.toml"], "", "/no/such/file.toml: "),
        (vec!["-n", "3"], "", "quorum: no quorums"),
        (vec!["--votes", "-1,2", "-r", "2", "-w", "2"], "", "votes"),
    ] {
        let (code, text) = human(&args, input);
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(field), "{field}: {text}");
    }
}

#[test]
fn a_timeout_ends_undecided_with_exit_3() {
    let args = ["--shape", "hierarchy:3^5", "--timeout", "0.001ms"];
    let (code, result) = json(&args, "");
    assert_eq!((code, &result["verdict"]), (3, &"undecided".into()));
    assert_eq!(result["checks"][0]["reason"], "timeout");
}

#[test]
fn a_product_is_answered_in_its_own_words() {
    let toml = "[cassandra]\nreplication = { dc1 = 3, dc2 = 3 }\n\
                write = { cl = \"LOCAL_QUORUM\", dc = \"dc1\" }\nread = { cl = \"QUORUM\", dc = \"dc2\" }\n";
    let (code, result) = json(&["-"], toml);
    assert_eq!((code, &result["verdict"], &result["product"]), (1, &"unsafe".into(), &"Cassandra".into()));
    assert_eq!(result["checks"][0]["witness"]["write"], serde_json::json!(["dc1-1", "dc1-2"]));
    let each = result["pairs"].as_array().unwrap().iter();
    let mut each = each.filter(|pair| pair["write"] == "EACH_QUORUM" && pair["read"] == "LOCAL_QUORUM@dc1");
    assert_eq!(each.next().unwrap()["safe"], true);
    let (_, text) = human(&["-"], toml);
    assert!(text.contains("LOCAL_QUORUM@dc1 wait for 2 replicas"), "{text}");
}

#[test]
fn partial_quorums_say_how_stale_they_read() {
    let toml = "n = 3\n[quorum]\nr = 1\nw = 1\n[staleness]\nseed = 1\ntrials = 2000\ntimes_ms = [0, 65]\n\
                write = { exponential = 0.1 }\nack = { exponential = 1 }\nread = { exponential = 1 }\n\
                response = { exponential = 1 }\n";
    let (_, result) = json(&["-"], toml);
    let stale = &result["staleness"];
    assert!((stale["k_stale"][0]["probability"].as_f64().unwrap() - 2.0 / 3.0).abs() < 1e-12);
    assert!(stale["visibility"]["times"][1]["fresh"].as_f64().unwrap() > 0.99);
    assert_eq!(json(&["-"], toml).1, result);
}

#[test]
fn staleness_is_asked_with_flags_as_with_a_file() {
    let base = ["-n", "3", "-r", "1", "-w", "1"];
    let flags = [
        "--stale",
        "1,10",
        "--writes-per-read",
        "1",
        "--delay",
        "exponential:1",
        "--delay",
        "write=exponential:0.1",
        "--after-ms",
        "0,65",
        "--trials",
        "40000",
        "--seed",
        "7",
    ];
    let (_, result) = json(&[&base[..], &flags[..]].concat(), "");
    let stale = &result["staleness"];
    let near = |value: &Value, expected: f64, by: f64| {
        assert!((value.as_f64().unwrap() - expected).abs() < by, "{value} {expected}");
    };
    near(&stale["k_stale"][1]["probability"], 0.0173, 5e-5);
    near(&stale["non_monotonic"], 4.0 / 9.0, 1e-12);
    near(&stale["visibility"]["times"][0]["fresh"], 0.419, 0.01);
    near(&stale["visibility"]["times"][1]["fresh"], 0.999, 0.001);
    assert_eq!(stale["visibility"]["seed"], 7);
    let mut other = [&base[..], &flags[..]].concat();
    *other.last_mut().unwrap() = "8";
    assert_ne!(json(&other, "").1["staleness"]["visibility"], stale["visibility"]);
    for (flag, field) in [
        (["--delay", "write=normal:1"], "--delay: \"write=normal:1\" is no delay"),
        (["--delay", "write=exponential:1"], "staleness: some delays are missing"),
        (["--delay", "exponential:0"], "staleness.write: "),
        (["--trials", "0"], "--trials"),
    ] {
        let mut args = [&base[..], &flag[..]].concat();
        if flag[0] == "--trials" {
            args.extend(["--delay", "exponential:1"]);
        }
        let (code, text) = human(&args, "");
        assert_eq!(code, 2, "{text}");
        assert!(text.contains(field.trim_start_matches('-')), "{field}: {text}");
    }
}

#[test]
fn votes_that_decide_nothing_are_named() {
    let args = ["--votes", "4,4,1,0", "-r", "8", "-w", "8"];
    let (code, result) = json(&args, "");
    let metrics = &result["metrics"];
    assert_eq!(code, 0);
    assert_eq!(metrics["write_dictators"], serde_json::json!(["n1", "n2"]));
    assert_eq!(metrics["write_dummies"], serde_json::json!(["n3", "n4"]));
    assert_eq!(metrics["effective_votes"], serde_json::json!({"votes": [1, 1, 0, 0], "r": 2, "w": 2}));
    let (_, text) = human(&args, "");
    assert!(text.contains("in every write quorum (dictators): n1 n2"), "{text}");
    assert!(text.contains("fewest votes: 1, 1, 0, 0, N_R = 2, N_W = 2"), "{text}");
}

#[test]
fn results_take_one_of_three_forms_and_go_to_a_file() {
    let base = ["-n", "3", "-r", "2", "-w", "2"];
    let json = |form| tribunal(&[&base[..], &["--format", form]].concat(), "").stdout;
    assert_eq!(json("json"), json("jsonl"));
    assert_eq!(json("json").iter().filter(|&&byte| byte == b'\n').count(), 1);
    let (code, text) = human(&[&base[..], &["--format", "xml"]].concat(), "");
    assert_eq!(code, 2);
    assert!(text.contains("'xml'") && text.contains("human, json, jsonl"), "{text}");
    let path = std::env::temp_dir().join(format!("tribunal-quorum-{}.json", std::process::id()));
    let (code, text) = human(&[&base[..], &["--format", "json", "-o", path.to_str().unwrap()]].concat(), "");
    let written = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!((code, text.as_str()), (0, ""));
    assert_eq!(written, json("json"));
}

#[test]
fn the_shapes_that_are_a_flag() {
    for (shape, verdict, load) in [
        ("paths:2", "unsafe", "1/3"),
        ("masking-grid:5x5x1", "safe", "17/25"),
        ("wheel:5", "safe", "4/7"),
        ("plane:7", "safe", "8/57"),
    ] {
        let (_, result) = json(&["--shape", shape], "");
        assert_eq!(result["verdict"], verdict, "{shape}");
        assert_eq!(result["metrics"]["load"]["exact"], load, "{shape}");
    }
    let toml = "[quorum]\nshape = \"grid\"\nrows = 2\ncols = 3\n[rules]\nprotocol = \"flexible-paxos\"\n";
    assert_eq!(json(&["-"], toml).1["replicas"].as_array().unwrap().len(), 6);
}

#[test]
fn drawings_fit_the_terminal() {
    let output = Command::new(env!("CARGO_BIN_EXE_tribunal"))
        .args(["quorum", "-n", "12", "-r", "6", "-w", "6"])
        .env("COLUMNS", "40")
        .env("LC_ALL", "C")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.is_ascii(), "{text}");
    assert!(text.contains("write  .   .   .   .   .   .   o"), "{text}");
    // Headings, drawings and mends of the checks; the tables below are as wide as they are.
    let checks = text.split("  reads ").next().unwrap();
    assert!(checks.lines().count() > 20 && checks.lines().all(|line| line.len() <= 40), "{text}");
}
