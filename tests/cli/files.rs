//! What is read and written where: folders, `-o`, certificates, conversion.

use crate::support::{CONSISTENT, UNTIMED, VIOLATED, folder, objects, run_in, timeless};
use std::fs::read_to_string;

#[test]
fn a_folder_is_its_files_in_order() {
    let folder = folder(&[("b.jsonl", VIOLATED), ("a.jsonl", CONSISTENT), (".hidden", "no history")]);
    std::fs::create_dir(folder.path().join("inner")).unwrap();
    std::fs::create_dir(folder.path().join("void")).unwrap();
    let ran = run_in(folder.path(), &["check", "--format", "jsonl", "."]);
    let names: Vec<_> = objects(&ran.out).iter().map(|result| result["history"].clone()).collect();
    assert_eq!(names, ["./a.jsonl", "./b.jsonl"]);
    let ran = run_in(folder.path(), &["check", "void"]);
    assert_eq!(ran.code, 2);
    assert!(ran.out.contains("holds no files"), "{}", ran.out);
}

#[test]
fn output_goes_to_a_file() {
    let folder = folder(&[("bad.jsonl", VIOLATED)]);
    let straight = run_in(folder.path(), &["check", "bad.jsonl"]);
    let ran = run_in(folder.path(), &["check", "-o", "report.txt", "bad.jsonl"]);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""));
    let report = read_to_string(folder.path().join("report.txt")).unwrap();
    assert_eq!(timeless(&report), timeless(&straight.out));
}

#[test]
fn certificates_are_inline_in_files_or_left_out() {
    let folder = folder(&[("bad.jsonl", VIOLATED), ("good.jsonl", CONSISTENT)]);
    let run = |options: &[&str]| {
        let args = [&["check", "--format", "jsonl", "bad.jsonl", "good.jsonl"][..], options].concat();
        objects(&run_in(folder.path(), &args).out)
    };
    assert!(run(&[]).iter().all(|result| result["certificate"].is_object()), "short ones have theirs");
    assert!(run(&["--certificates", "none"]).iter().all(|result| result["certificate"].is_null()));
    assert!(run(&["--certificates", "inline"]).iter().all(|result| result["certificate"].is_object()));
    assert!(run(&["--certificates", "evidence"]).iter().all(|result| result["certificate"].is_null()));
    for name in ["bad.jsonl", "good.jsonl"] {
        let file = format!("evidence/{name}.linearizable.json");
        let ran = run_in(folder.path(), &["certify", name, &file]);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
}

#[test]
fn long_histories_have_certificates_on_demand() {
    let folder = folder(&[]);
    let ran = run_in(folder.path(), &["generate", "-n", "1001", "-o", "long.jsonl"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let certificate = |options: &[&str]| {
        let args = [&["check", "--format", "jsonl", "long.jsonl"][..], options].concat();
        objects(&run_in(folder.path(), &args).out)[0]["certificate"].clone()
    };
    assert!(certificate(&[]).is_null());
    assert!(certificate(&["--certificates", "inline"]).is_object());
}

#[test]
fn conversion_keeps_the_history() {
    let folder = folder(&[("a.jsonl", VIOLATED), ("b.jsonl", UNTIMED)]);
    let run = |args: &[&str]| run_in(folder.path(), args);
    for (name, model) in [("a.jsonl", "linearizable"), ("b.jsonl", "sequential")] {
        for format in ["jsonl", "hist"] {
            let ran = run(&["convert", "--format", format, "-o", "out", name]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            let before = run(&["check", "-m", model, "--format", "jsonl", name]);
            let after = run(&["check", "-m", model, "--format", "jsonl", "--input-format", format, "out"]);
            assert_eq!(before.code, after.code, "{format}: {}", after.out);
        }
    }
}

#[test]
fn converted_together_histories_stay_apart() {
    let folder = folder(&[("a.jsonl", VIOLATED), ("b.jsonl", CONSISTENT), ("c.jsonl", "{]\n")]);
    let ran = run_in(folder.path(), &["convert", "a.jsonl", "c.jsonl", "b.jsonl"]);
    assert_eq!(ran.code, 2, "one could not be read");
    assert!(ran.err.starts_with("error: c.jsonl:1"), "{}", ran.err);
    std::fs::write(folder.path().join("all.jsonl"), ran.out).unwrap();
    let ran = run_in(folder.path(), &["check", "--format", "jsonl", "all.jsonl"]);
    let told: Vec<_> = objects(&ran.out)
        .iter()
        .map(|result| (result["history"].clone(), result["verdict"].clone()))
        .collect();
    let expected = [("all.jsonl#a.jsonl", "violated"), ("all.jsonl#b.jsonl", "consistent")];
    assert_eq!(told, expected.map(|(name, verdict)| (name.into(), verdict.into())));
}

#[test]
fn options_beat_the_header() {
    let folder = folder(&[(
        "initial.jsonl",
        "{\"tribunal\":1,\"initial\":0}\n{\"process\":0,\"f\":\"read\",\"value\":5,\"start\":1,\"end\":2}\n",
    )]);
    assert_eq!(run_in(folder.path(), &["check", "initial.jsonl"]).code, 1);
    assert_eq!(run_in(folder.path(), &["check", "--initial", "5", "initial.jsonl"]).code, 0);
    assert_eq!(run_in(folder.path(), &["check", "--initial", "-5", "initial.jsonl"]).code, 1);
    assert_eq!(
        run_in(folder.path(), &["check", "--spec", "counter", "--initial", "5", "initial.jsonl"]).code,
        0
    );
}

#[test]
fn generated_histories_are_what_they_say() {
    let folder = folder(&[]);
    for spec in ["register", "queue", "mutex", "append-list"] {
        let ran = run_in(
            folder.path(),
            &["generate", "--spec", spec, "-n", "40", "--seed", "3", "-o", "valid.jsonl"],
        );
        assert_eq!(ran.code, 0, "{}", ran.err);
        assert_eq!(run_in(folder.path(), &["check", "valid.jsonl"]).code, 0, "{spec}");
    }
    let ran =
        run_in(folder.path(), &["generate", "--violation", "stale-read", "-n", "80", "-o", "planted.jsonl"]);
    assert!(ran.err.starts_with("planted stale-read: operations "), "{}", ran.err);
    assert_eq!(run_in(folder.path(), &["check", "planted.jsonl"]).code, 1);
    let ran = run_in(folder.path(), &["generate", "--spec", "queue", "--violation", "stale-read"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
}
