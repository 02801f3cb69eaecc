//! The process of a case: reads a history, judges it, says what that has cost.

use super::case::Cost;
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};
use tribunal_checker::engine::{Options, check};
use tribunal_checker::limits::Limits;
use tribunal_checker::model::Model;
use tribunal_checker::verdict::Verdict;
use tribunal_formats::{ReadOptions, read_path};

/// The first argument of such a process.
pub(crate) const FLAG: &str = "--case";

/// A check that takes less is repeated, and the fastest counts.
const SHORT: Duration = Duration::from_millis(50);

/// How often at most.
const REPEATS: usize = 5;

/// Tables of a check may take so much.
const MEMORY: u64 = 8 << 30;

/// Runs a case: FILE MODEL SECONDS THREADS.
pub(crate) fn run(args: &[String]) {
    let [file, model, seconds, threads] = args else { panic!("FILE MODEL SECONDS THREADS") };
    let path = Path::new(file);
    let started = Instant::now();
    let mut history = None;
    read_path(path, &ReadOptions::new(), &mut |recording| {
        history = Some(recording.history.expect("a history"));
        ControlFlow::Break(())
    })
    .expect("a readable file");
    let history = history.expect("a history");
    let mut cost = Cost {
        operations: history.len(),
        bytes: std::fs::metadata(path).map_or(0, |metadata| metadata.len()),
        read: started.elapsed(),
        ..Cost::default()
    };
    if let Some(model) = Model::from_name(model) {
        let limits = Limits {
            timeout: seconds.parse().ok().map(Duration::from_secs),
            memory: Some(MEMORY),
            threads: threads.parse().ok(),
            ..Limits::default()
        };
        let options = Options { limits, ..Options::default() };
        cost.check = Duration::MAX;
        for _ in 0..REPEATS {
            let started = Instant::now();
            let judgement = check(&history, model, &options).expect("the model fits the history");
            cost.check = cost.check.min(started.elapsed());
            cost.method = judgement.method.into();
            cost.verdict = match judgement.verdict {
                Verdict::Consistent(_) => "consistent".into(),
                Verdict::Violated(_) => "violated".into(),
                Verdict::Unknown(unknown) => format!("unknown ({})", unknown.reason),
            };
            if cost.check > SHORT {
                break;
            }
        }
    }
    cost.memory = peak();
    print!("{}", say(&cost));
}

fn say(cost: &Cost) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "operations {}\nbytes {}", cost.operations, cost.bytes);
    let _ = writeln!(text, "read {}\ncheck {}", cost.read.as_nanos(), cost.check.as_nanos());
    let _ = writeln!(text, "memory {}\nverdict {}\nmethod {}", cost.memory, cost.verdict, cost.method);
    text
}

/// What such a process has said.
pub(crate) fn understand(text: &str) -> Cost {
    let mut cost = Cost::default();
    for (name, value) in text.lines().filter_map(|line| line.split_once(' ')) {
        let number = || value.parse::<u64>().unwrap_or(0);
        match name {
            "operations" => cost.operations = value.parse().unwrap_or(0),
            "bytes" => cost.bytes = number(),
            "read" => cost.read = Duration::from_nanos(number()),
            "check" => cost.check = Duration::from_nanos(number()),
            "memory" => cost.memory = number(),
            "verdict" => cost.verdict = value.into(),
            _ => cost.method = value.into(),
        }
    }
    cost
}

/// The most memory that this process had at once, as Linux counts it.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}
