//! `certify` believes what can be proved, and nothing else.

use crate::support::{CONSISTENT, VIOLATED, folder, objects, run_in, tribunal};

const FILES: &[(&str, &str)] = &[("bad.jsonl", VIOLATED), ("good.jsonl", CONSISTENT)];

#[test]
fn results_of_check_are_verified() {
    let folder = folder(FILES);
    let models = "strict,linearizable,sequential";
    for format in ["json", "jsonl"] {
        run_in(
            folder.path(),
            &["check", "-m", models, "--format", format, "-o", "results", "bad.jsonl", "good.jsonl"],
        );
        for name in ["bad.jsonl", "good.jsonl"] {
            let ran = run_in(folder.path(), &["certify", "--format", "jsonl", name, "results"]);
            assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
            let told = objects(&ran.out);
            assert_eq!(told.len(), 3, "{}", ran.out);
            assert!(told.iter().all(|told| told["verification"] == "verified" && told["history"] == name));
        }
        let ran = run_in(folder.path(), &["certify", "-m", "strict", "bad.jsonl", "results"]);
        assert_eq!(ran.out, "bad.jsonl: strict: violated: verified\n");
    }
}

#[test]
fn lies_are_refuted() {
    let folder = folder(FILES);
    for (name, certificate) in [
        ("bad.jsonl", r#"{"view":[0,1,2]}"#),
        ("good.jsonl", r#"{"view":[0,2,1]}"#),
        ("good.jsonl", r#"{"kind":"core","operations":[0,1,2],"pending":[]}"#),
        ("good.jsonl", r#"{"kind":"thin-air","read":2}"#),
        (
            "bad.jsonl",
            r#"{"verdict":"consistent","model":"linearizable","certificate":{"kind":"core","operations":[0,1,2],"pending":[]}}"#,
        ),
    ] {
        let assert =
            tribunal(&["certify", name, "-"]).current_dir(folder.path()).write_stdin(certificate).assert();
        let out = String::from_utf8_lossy(&assert.get_output().stdout).into_owned();
        assert_eq!(assert.get_output().status.code(), Some(1), "{certificate}: {out}");
        assert!(out.contains("REFUTED: "), "{out}");
    }
}

#[test]
fn bare_certificates_have_the_model_that_is_named() {
    let folder = folder(FILES);
    let certify = |args: &[&str], certificate: &str| {
        let output = tribunal(args).current_dir(folder.path()).write_stdin(certificate).output().unwrap();
        output.status.code().unwrap()
    };
    assert_eq!(certify(&["certify", "good.jsonl", "-"], r#"{"view":[0,1,2]}"#), 0);
    let turned = r#"{"view":[0,2,1]}"#;
    assert_eq!(certify(&["certify", "bad.jsonl", "-"], turned), 1);
    assert_eq!(certify(&["certify", "-m", "sequential", "bad.jsonl", "-"], turned), 0);
}

#[test]
fn what_proves_nothing_is_unverified() {
    let folder = folder(FILES);
    for certificate in [
        r#"{"kind":"core","operations":[0,1,2],"pending":[],"exhausted":true}"#,
        r#"{"verdict":"unknown","model":"linearizable","reason":"timeout"}"#,
        r#"{"verdict":"violated","model":"linearizable"}"#,
    ] {
        tribunal(&["certify", "bad.jsonl", "-"])
            .current_dir(folder.path())
            .write_stdin(certificate)
            .assert()
            .code(3);
    }
}

#[test]
fn what_cannot_be_read_is_2() {
    let folder = folder(FILES);
    for certificate in ["", "{", "{}", r#"{"view":[99]}"#, r#"{"verdict":"violated","model":"magic"}"#] {
        tribunal(&["certify", "bad.jsonl", "-"])
            .current_dir(folder.path())
            .write_stdin(certificate)
            .assert()
            .code(2);
    }
    let other = r#"{"history":"other.jsonl","verdict":"violated","model":"strict"}"#;
    let lines = format!("{other}\n{other}\n");
    tribunal(&["certify", "bad.jsonl", "-"]).current_dir(folder.path()).write_stdin(lines).assert().code(2);
    tribunal(&["certify", "missing.jsonl", "-"])
        .current_dir(folder.path())
        .write_stdin("{\"view\":[]}")
        .assert()
        .code(2);
    tribunal(&["certify", "bad.jsonl#nobody", "-"])
        .current_dir(folder.path())
        .write_stdin("{\"view\":[]}")
        .assert()
        .code(2);
}

#[test]
fn one_history_of_several() {
    let text = format!("{{\"history\":\"one\"}}\n{CONSISTENT}{{\"history\":\"two\"}}\n{VIOLATED}");
    let folder = folder(&[("both.jsonl", &text)]);
    run_in(folder.path(), &["check", "--format", "jsonl", "-o", "results", "both.jsonl"]);
    let ran = run_in(folder.path(), &["certify", "both.jsonl#two", "results"]);
    assert_eq!(ran.out, "both.jsonl#two: linearizable: violated: verified\n", "{}", ran.err);
    let ran = run_in(folder.path(), &["certify", "both.jsonl", "results"]);
    assert_eq!(ran.out.lines().count(), 2, "{}", ran.out);
}
