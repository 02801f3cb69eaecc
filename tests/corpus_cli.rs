//! `tribunal corpus` end to end.

use assert_cmd::Command;

fn corpus(args: &[&str]) -> (i32, String) {
    let output = Command::cargo_bin("tribunal").unwrap().arg("corpus").args(args).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn every_verdict_is_as_expected() {
    let (code, text) = corpus(&[]);
    assert_eq!(code, 0, "{text}");
    assert!(text.starts_with("ahamad\n") && text.trim_end().ends_with("all as expected"), "{text}");
}

#[test]
fn families_and_models_can_be_chosen() {
    let (code, text) = corpus(&["--family", "textbook,terry", "-m", "sequential", "--format", "jsonl"]);
    assert_eq!(code, 0, "{text}");
    for line in text.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(row["family"] == "textbook" || row["family"] == "terry", "{line}");
        assert_eq!((&row["model"], &row["verdict"]), (&"sequential".into(), &row["expected"]), "{line}");
    }
    assert!(text.lines().count() > 5, "{text}");
    assert_eq!(corpus(&["--family", "nobody"]).0, 2);
}
