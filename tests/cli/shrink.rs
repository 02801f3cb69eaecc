//! `tribunal shrink`: what comes out, where, and the exit codes.

use crate::support::{CONSISTENT, UNTIMED, VIOLATED, folder, run_in};
use serde_json::Value;
use std::path::Path;

/// The violated history behind a stretch of others.
fn padded() -> String {
    let mut text = String::new();
    for i in 0..50 {
        let (start, end) = (i * 10 + 1000, i * 10 + 1005);
        text.push_str(&format!(
            "{{\"process\":7,\"f\":\"write\",\"key\":\"y\",\"value\":{i},\"start\":{start},\"end\":{end}}}\n"
        ));
    }
    text + VIOLATED
}

#[test]
fn the_part_is_notation_that_is_violated_again() {
    let folder = folder(&[("bad.jsonl", &padded())]);
    let ran = run_in(folder.path(), &["shrink", "bad.jsonl"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(
        ran.out.contains("W(x)1@[0,9] W(x)2@[14,25]") && ran.out.contains("R(x)1@[29,41]"),
        "{}",
        ran.out
    );
    assert!(ran.out.contains("# operations 50, 51, 52 of it"), "{}", ran.out);
    assert!(
        ran.err.contains("3 of 53 operations show it") && ran.err.contains("fits nowhere"),
        "{}",
        ran.err
    );
    std::fs::write(folder.path().join("part.hist"), &ran.out).unwrap();
    let again = run_in(folder.path(), &["check", "part.hist"]);
    assert_eq!(again.code, 1, "{}", again.err);
    let again = run_in(folder.path(), &["shrink", "part.hist", "--format", "jsonl"]);
    assert_eq!(
        again.out.lines().count(),
        4,
        "nothing more can go: a header and three operations\n{}",
        again.out
    );
}

#[test]
fn any_format_and_a_file() {
    let folder = folder(&[("bad.jsonl", &padded())]);
    for format in ["jsonl", "hist", "edn"] {
        let ran = run_in(folder.path(), &["shrink", "bad.jsonl", "--format", format, "-o", "part"]);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        let check = ["check", "--input-format", format, "--format", "jsonl", "part"];
        let again = run_in(folder.path(), &check);
        let result: Value = serde_json::from_str(&again.out).unwrap();
        assert_eq!((&result["verdict"], &result["operations"]), (&"violated".into(), &3.into()), "{format}");
    }
}

/// A data type that only the whole tells, or a flag.
#[test]
fn the_data_type_stays() {
    let history = "spec: mutex\nP1: Acq(L)@[0,9] Rel(L)@[50,60]\nP2: Acq(L)@[20,30]\nP3: Acq(M)@[0,3]\n";
    let folder = folder(&[("locks.hist", history)]);
    let ran = run_in(folder.path(), &["shrink", "locks.hist", "-o", "part.hist"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let part = std::fs::read_to_string(folder.path().join("part.hist")).unwrap();
    assert!(part.contains("spec: mutex") && !part.contains("(M)"), "{part}");
    assert_eq!(run_in(folder.path(), &["check", "part.hist"]).code, 1);
}

#[test]
fn exits() {
    let several = format!("{{\"history\":\"a\"}}\n{VIOLATED}{{\"history\":\"b\"}}\n{CONSISTENT}");
    let folder = folder(&[
        ("bad.jsonl", VIOLATED),
        ("good.jsonl", CONSISTENT),
        ("untimed.jsonl", UNTIMED),
        ("junk.jsonl", "{]\n"),
        ("empty.jsonl", ""),
        ("several.jsonl", &several),
    ]);
    let code = |args: &[&str]| {
        let ran = run_in(folder.path(), &[&["shrink"][..], args].concat());
        (ran.code, ran.out, ran.err)
    };
    let (good, out, err) = code(&["good.jsonl"]);
    assert_eq!((good, out.as_str()), (0, ""));
    assert!(err.contains("nothing to shrink"), "{err}");
    assert_eq!(code(&["untimed.jsonl"]).0, 2);
    assert_eq!(code(&["-m", "sequential", "untimed.jsonl"]).0, 0);
    assert_eq!(code(&["junk.jsonl"]).0, 2);
    assert_eq!(code(&["missing.jsonl"]).0, 2);
    assert_eq!(code(&["empty.jsonl"]).0, 4);
    assert_eq!(code(&["bad.jsonl", "--export", "svg=x"]).0, 2);
    let (both, out, err) = code(&["several.jsonl"]);
    assert_eq!(both, 1);
    assert!(out.contains("history: a") || out.contains("several.jsonl#a"), "{out}");
    assert!(err.contains("several.jsonl#b: linearizable: consistent"), "{err}");
}

#[test]
fn exports() {
    let folder = folder(&[("bad.jsonl", &padded())]);
    let exports = ["--export", "dot=graph.dot", "--export", "trace=trace.json"];
    let ran = run_in(folder.path(), &[&["shrink", "bad.jsonl"][..], &exports].concat());
    assert_eq!(ran.code, 1, "{}", ran.err);
    graph(&folder.path().join("graph.dot"));
    let trace: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("trace.json")).unwrap()).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let of_phase = |phase: &str| events.iter().filter(|event| event["ph"] == phase).collect::<Vec<_>>();
    assert_eq!(of_phase("X").len(), 53, "the whole history");
    assert_eq!(of_phase("s").len(), of_phase("f").len());
    assert!(!of_phase("s").is_empty());
    let marked: Vec<_> = events.iter().filter(|event| event["cname"] == "terrible").collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0]["args"]["operation"], 52);
    // Slices of one thread do not overlap.
    for thread in 0..3 {
        let mut last = 0.0;
        for slice in of_phase("X").iter().filter(|slice| slice["tid"] == thread) {
            let (start, length) = (slice["ts"].as_f64().unwrap(), slice["dur"].as_f64().unwrap());
            assert!(start >= last - 1e-9 && length >= 0.0, "{slice}");
            last = start + length;
        }
    }
}

/// Graphviz reads it; where there is none, its brackets close and its edges join nodes that it declares.
fn graph(path: &Path) {
    let dot = std::fs::read_to_string(path).unwrap();
    assert!(dot.starts_with("digraph violation {\n") && dot.ends_with("}\n"), "{dot}");
    let (mut depth, mut quoted, mut escaped) = (0_i32, false, false);
    for c in dot.chars() {
        match c {
            _ if std::mem::take(&mut escaped) => {}
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => depth -= 1,
            _ => {}
        }
        assert!(depth >= 0);
    }
    assert_eq!((depth, quoted), (0, false));
    let nodes: Vec<&str> = dot
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with("op") && !line.contains("->"))
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert_eq!(nodes.len(), 3, "{dot}");
    let edges: Vec<&str> = dot.lines().filter(|line| line.contains("->")).map(str::trim).collect();
    assert!(edges.len() >= 3, "{dot}");
    for edge in edges {
        let mut ends = edge.split(" -> ");
        let (from, to) = (ends.next().unwrap(), ends.next().unwrap().split(' ').next().unwrap());
        assert!(nodes.contains(&from) && nodes.contains(&to), "{edge}");
    }
    match std::process::Command::new("dot").arg("-Tsvg").arg(path).output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => eprintln!("NOT TESTED: that Graphviz reads the graph, for there is no `dot` here"),
    }
}
