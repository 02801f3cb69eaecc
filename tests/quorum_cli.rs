//! `tribunal quorum` end to end: exit codes, the JSON schema, drawings, errors.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

fn tribunal(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tribunal"))
        .arg("quorum")
        .args(args)
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
    let args = ["--shape", "hierarchy:3^5", "--timeout", "0s"];
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
