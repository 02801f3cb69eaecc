//! Times at scale, for development: `cargo test --release -p tribunal-checker scale -- --ignored --nocapture`.

use crate::engine::{Options, check};
use crate::history::{Function, History, HistoryBuilder, Micro, Operation, Value};
use crate::model::Model;
use std::time::Instant;

/// A sequentially consistent history: each step a random process reads or writes one memory.
pub(crate) fn sequential(operations: i64, processes: u64, keys: u64) -> History {
    let mut builder = HistoryBuilder::new();
    let mut state = 1_u64;
    let mut random = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) % below
    };
    let mut memory = vec![Value::NULL; keys as usize];
    for value in 0..operations {
        let process = builder.process_int(random(processes) as i64);
        let x = random(keys);
        let key = builder.int(x as i64);
        let key = builder.key(key);
        let function = if random(2) == 0 { Function::Write } else { Function::Read };
        if function == Function::Write {
            memory[x as usize] = builder.int(value);
        }
        let micros = [Micro::new(function, key, memory[x as usize])];
        builder.push(&Operation::new(process, function, &micros)).unwrap();
    }
    builder.finish().unwrap()
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .filter(|line| line.starts_with("VmHWM") || line.starts_with("VmRSS"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
#[ignore = "a measurement"]
fn times() {
    let number =
        |name: &str, default| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    let (n, k, keys) = (number("OPS", 1_000_000), number("PROCESSES", 100), number("KEYS", 50));
    let history = sequential(n, k as u64, keys as u64);
    println!("{n} operations, {k} processes, {keys} keys: {}", peak());
    let only = std::env::var("MODEL").ok();
    for &model in Model::NAMED.iter().filter(|model| !model.is_one_view()) {
        if only.as_ref().is_some_and(|only| only != model.name()) {
            continue;
        }
        let start = Instant::now();
        let judgement = check(&history, model, &Options::default());
        let said = judgement.map(|judgement| match judgement.verdict {
            crate::verdict::Verdict::Consistent(_) => "consistent".to_owned(),
            other => format!("{other:?}").chars().take(300).collect(),
        });
        println!("{model:>20}: {:.3} s, {said:?} {}", start.elapsed().as_secs_f64(), peak());
    }
}
