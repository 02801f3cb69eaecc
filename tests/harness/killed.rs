//! A process that is killed leaves a history that can be judged: nothing that had completed is lost.

use super::{child, directory};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Instant;
use tribunal::spec::{Registers, RegistersOp, RegistersRet};
use tribunal::{Calls, Model, Outcome, Recorder, Require, Trial};

type Store = Registers<String, u64>;

/// Runs until it is killed, and says which writes have completed.
#[test]
#[ignore = "runs until it is killed"]
fn endless() {
    let Some(path) = std::env::var_os("TRIBUNAL_TEST_STREAM") else { return };
    let recorder = Recorder::<Store>::streaming(Instant::now(), path).expect("a file");
    let store = Mutex::new(None);
    std::thread::scope(|scope| {
        for thread in 0..3_u64 {
            let (mut client, store) = (recorder.client(), &store);
            scope.spawn(move || {
                for round in 0.. {
                    let value = round * 3 + thread;
                    let call = client.invoke(RegistersOp::write("x", value));
                    *store.lock().unwrap() = Some(value);
                    call.ok(RegistersRet::Written);
                    println!("done {value}");
                    std::io::stdout().flush().expect("a reader");
                    let call = client.invoke(RegistersOp::read("x"));
                    let value = *store.lock().unwrap();
                    call.ok(RegistersRet::read(value));
                }
            });
        }
    });
}

#[test]
fn nothing_that_completed_is_lost() {
    let path = directory("killed").join("stream.jsonl");
    let mut running = child("killed::endless")
        .env("TRIBUNAL_TEST_STREAM", &path)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(running.stdout.take().unwrap()).lines();
    let mut done = HashSet::new();
    let value =
        |line: &str| line.rsplit_once("done ").map(|(_, value)| value.parse::<u64>().expect("a number"));
    while done.len() < 200 {
        done.extend(value(&said.next().expect("more").unwrap()));
    }
    running.kill().unwrap();
    // A line that the pipe has cut is no promise.
    let rest: Vec<String> = said.map_while(Result::ok).collect();
    done.extend(rest.iter().rev().skip(1).filter_map(|line| value(line)));
    running.wait().unwrap();

    let calls = Calls::<Store>::open(&path).unwrap();
    let written: HashSet<u64> = calls
        .iter()
        .filter(|call| call.outcome == Outcome::Ok)
        .filter_map(|call| match call.op {
            RegistersOp::Write { value, .. } => value,
            _ => None,
        })
        .collect();
    let lost: Vec<_> = done.difference(&written).collect();
    assert!(lost.is_empty(), "completed, and not in the file: {lost:?}");
    let trial = Trial::new().require(Require::default().operations(200).overlapping(0));
    let passed = trial.judge(&calls, &Store::new(), Model::Linearizable).unwrap();
    assert!(passed.census.unknown <= 3, "what was in flight");

    #[cfg(feature = "formats")]
    {
        let history = calls.history().unwrap();
        assert_eq!(history.len(), calls.len());
    }
}

/// The program judges the file as well.
#[cfg(feature = "cli")]
#[test]
fn the_program_judges_what_a_recorder_streams() {
    let path = directory("program").join("stream.jsonl");
    let recorder = Recorder::<Store>::streaming(|| 0, &path).unwrap();
    let (mut a, mut b) = (recorder.client(), recorder.client());
    a.invoke(RegistersOp::write("x", 1)).ok(RegistersRet::Written);
    recorder.annotate("partition", 0..9);
    b.invoke(RegistersOp::read("x")).ok(RegistersRet::read(1));
    b.invoke(RegistersOp::cas("x", 1, 2)).ok(RegistersRet::Cas { ok: true });
    let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
    file.write_all(b"{\"type\":\"invoke\",\"process\":0,\"f\":\"wri").unwrap();
    let run = || {
        let out =
            assert_cmd::Command::cargo_bin("tribunal").unwrap().arg("check").arg(&path).output().unwrap();
        (out.status.code(), String::from_utf8_lossy(&out.stdout).into_owned())
    };
    let (code, out) = run();
    assert_eq!(code, Some(0), "{out}");
    assert!(out.contains("is torn: its writer was cut off"), "{out}");
    // And convicts it where it is wrong.
    std::fs::write(&path, std::fs::read_to_string(&path).unwrap().replace("[1,2]", "[7,2]")).unwrap();
    assert_eq!(run().0, Some(1));
}
