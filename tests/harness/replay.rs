//! A failure saves its history, says how to judge it again, and does so.

use super::messages::stale;
use super::{child, directory, snapshot};
use std::fs;
use tribunal::spec::Registers;
use tribunal::{Model, assert_consistent};

/// Fails: run by the tests below, in a process of its own.
#[test]
#[ignore = "fails on purpose"]
fn fails() {
    println!("before the assertion");
    let run = || {
        println!("the system ran");
        stale()
    };
    assert_consistent!(run(), Registers::new(), Model::Linearizable);
}

#[test]
#[ignore = "fails on purpose"]
fn fails_in_async_code() {
    async fn run() -> tribunal::Calls<Registers<String, u32>> {
        stale()
    }
    let test = async { assert_consistent!(run().await, Registers::new(), Model::Linearizable) };
    let mut test = std::pin::pin!(test);
    _ = test.as_mut().poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
}

use std::future::Future as _;

#[test]
fn a_failure_is_saved_and_judged_again() {
    let directory = directory("replay");
    let ran = child("replay::fails").env("TRIBUNAL_REPORT_DIR", &directory).output().unwrap();
    let (out, message) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(out.contains("the system ran") && !ran.status.success(), "{out}");

    let mut saved: Vec<_> = fs::read_dir(&directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    saved.sort();
    let [history, report] = &saved[..] else { panic!("a history and a report: {saved:?}") };
    let history = history.display().to_string();
    let again = message
        .lines()
        .find_map(|line| line.trim().strip_prefix("reproduce: "))
        .expect("how to reproduce it");
    assert_eq!(again, format!("TRIBUNAL_REPLAY={history} cargo test -p tribunal -- --exact replay::fails"));
    let report = fs::read_to_string(report).unwrap();
    assert!(message.contains(report.trim_end()), "the report is the message");
    snapshot("report.txt", &report.replace(&history, "HISTORY"));

    let replayed = child("replay::fails").env("TRIBUNAL_REPLAY", &history).output().unwrap();
    let (out, second) =
        (String::from_utf8_lossy(&replayed.stdout), String::from_utf8_lossy(&replayed.stderr));
    assert!(out.contains("before the assertion") && !out.contains("the system ran"), "{out}");
    let explained = |message: &str| {
        let start = message.find("the history is not").expect("an explanation");
        let end = message.find("cannot mend it").expect("its end");
        message[start..end].to_owned()
    };
    assert_eq!(explained(&message), explained(&second), "the same violation");
    assert!(second.contains(&format!("judged:    {history}")), "{second}");

    // The history of another test is not taken for this one's.
    let other = child("replay::fails_in_async_code").env("TRIBUNAL_REPLAY", &history).output().unwrap();
    let said = String::from_utf8_lossy(&other.stderr);
    assert!(
        said.contains("is of replay::fails, not of replay::fails_in_async_code: the system runs"),
        "{said}"
    );

    let nowhere = child("replay::fails").env("TRIBUNAL_REPLAY", "/no/such/file").output().unwrap();
    assert!(!nowhere.status.success());
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("TRIBUNAL_REPLAY: /no/such/file: "));
}

#[test]
fn without_a_directory_the_history_is_saved_all_the_same() {
    let directory = directory("temporary");
    let ran = child("replay::fails").env("TMPDIR", &directory).env("TEMP", &directory).output().unwrap();
    let message = String::from_utf8_lossy(&ran.stderr);
    let line = message.lines().find_map(|line| line.trim().strip_prefix("history:")).expect("a path");
    let calls = tribunal::Calls::<Registers<String, u32>>::open(line.trim()).unwrap();
    assert_eq!(calls, stale());
    assert!(!message.contains("report:"));
    assert!(!message.contains("warning") && calls.warnings().is_empty());
}
