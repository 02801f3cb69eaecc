//! The polynomial algorithms, the search and the definitions must agree.

use super::choice;
use super::decide::decide;
use super::scope::Scope;
use crate::history::{Function, History, HistoryBuilder, Micro, Operation, Outcome, Value};
use crate::limits::Meter;
use crate::model::{Guarantees, Model};

/// Random numbers that are the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % below
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What a random history may have in it.
#[derive(Clone, Copy)]
struct Recipe {
    operations: u64,
    processes: u64,
    keys: u64,
    /// Written values are below it; 0: no value is written twice.
    values: u64,
    cas: u64,
    info: u64,
    syncs: u64,
    timed: bool,
}

/// A history in which reads return values that were written, or the initial value.
fn random(random: &mut Random, recipe: Recipe) -> History {
    let mut builder = HistoryBuilder::new();
    let mut rows = Vec::new();
    let mut next = 0;
    let mut written = vec![Vec::new(); recipe.keys as usize];
    for _ in 0..1 + random.below(recipe.operations) {
        let (process, key) = (random.below(recipe.processes), random.below(recipe.keys));
        let kind = if random.chance(recipe.syncs) {
            3 + random.below(3)
        } else if random.chance(recipe.cas) {
            2
        } else {
            random.below(2)
        };
        let value = if recipe.values == 0 { next } else { random.below(recipe.values) };
        if kind == 1 || kind == 2 {
            next += 1;
            written[key as usize].push(value);
        }
        rows.push((process, key, kind, value, random.chance(recipe.info)));
    }
    let mut clock = 0;
    for (process, key, kind, value, info) in rows {
        let process = builder.process_int(process as i64);
        let name = builder.int(key as i64);
        let values = &written[key as usize];
        let seen = if values.is_empty() || random.chance(20) {
            Value::NULL
        } else {
            builder.int(values[random.below(values.len() as u64) as usize] as i64)
        };
        let value = builder.int(value as i64);
        let function = [
            Function::Read,
            Function::Write,
            Function::Cas,
            Function::Acquire,
            Function::Release,
            Function::Sync,
        ][kind as usize];
        let micros = if kind > 2 {
            let lock = builder.text(["Lx", "Ly"][key as usize % 2]);
            let lock = builder.lock(lock);
            vec![Micro::sync(function, lock)]
        } else {
            let key = builder.key(name);
            match function {
                Function::Read => vec![Micro::new(function, key, seen)],
                Function::Write => vec![Micro::new(function, key, value)],
                _ => vec![Micro::new(Function::Read, key, seen), Micro::new(Function::Write, key, value)],
            }
        };
        let outcome = if info { Outcome::Info } else { Outcome::Ok };
        let mut operation = Operation { outcome, ..Operation::new(process, function, &micros) };
        if recipe.timed {
            clock += 1 + random.below(2) as i64;
            (operation.start, operation.end) = (Some(clock), Some(clock + random.below(2) as i64));
        }
        if function == Function::Acquire {
            operation.shared = random.chance(30);
        }
        builder.push(&operation).unwrap();
    }
    builder.finish().unwrap()
}

fn models() -> Vec<Model> {
    let plain = Model::NAMED
        .iter()
        .copied()
        .filter(|model| !model.is_one_view() && !matches!(model, Model::Session(_) | Model::Eventual));
    plain.chain(Guarantees::sets().map(Model::Session)).collect()
}

fn show(history: &History) -> String {
    let mut text = String::new();
    for op in history.ops() {
        let micros: Vec<_> = history.micros(op).map(|micro| history.values().display(micro.value)).collect();
        let micro = history.micro(op);
        let key = micro.key().map_or(Value::NULL, |key| history.key_name(key));
        text += &format!(
            "{op}: P{} {:?}({}) {} {:?} [{}, {}]\n",
            history.process(op),
            history.function(op),
            history.values().display(key),
            micros.join(">"),
            history.outcome(op),
            history.start(op),
            history.end(op),
        );
    }
    text
}

const RECIPES: &[Recipe] = &[
    Recipe { operations: 8, processes: 3, keys: 2, values: 0, cas: 0, info: 0, syncs: 0, timed: false },
    Recipe { operations: 14, processes: 3, keys: 2, values: 0, cas: 0, info: 15, syncs: 0, timed: false },
    Recipe { operations: 9, processes: 3, keys: 2, values: 0, cas: 25, info: 15, syncs: 0, timed: false },
    Recipe { operations: 20, processes: 4, keys: 3, values: 0, cas: 0, info: 0, syncs: 0, timed: false },
    Recipe { operations: 12, processes: 3, keys: 1, values: 0, cas: 20, info: 10, syncs: 0, timed: false },
];

fn rounds() -> u64 {
    std::env::var("TRIBUNAL_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(300)
}

/// Whatever the polynomial algorithms decide, the search decides in the same way.
#[test]
fn saturation_agrees_with_search() {
    for (at, &recipe) in RECIPES.iter().enumerate() {
        let mut numbers = Random(0x9E37_79B9_7F4A_7C15 + at as u64);
        for _ in 0..rounds() {
            let history = random(&mut numbers, recipe);
            for model in models() {
                let scope = Scope { evidence: false, ..Scope::new(&history, model) };
                let registers = scope.registers();
                if !registers.sources.thin_air.is_empty() || !registers.sources.open.is_empty() {
                    continue;
                }
                let meter = Meter::unlimited();
                let fast = decide(scope, &meter).unwrap();
                let slow = choice::decide(scope, &registers, &meter).unwrap();
                let message = format!("{model}: {fast:?} {slow:?}\n{}", show(&history));
                assert_eq!(fast.evidence.is_ok(), slow.evidence.is_ok(), "{message}");
                // With evidence nothing must go wrong either.
                let full = decide(Scope::new(&history, model), &meter).unwrap();
                assert_eq!(fast.evidence.is_ok(), full.evidence.is_ok(), "{message}");
            }
        }
    }
}
