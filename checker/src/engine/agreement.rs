//! The polynomial algorithms, the search and the definitions must agree.

use super::choice;
use super::decide::decide;
use super::scope::Scope;
use crate::certificate::verify::{Verification, VerifyOptions, verify};
use crate::certificate::{Certificate, Witness};
use crate::engine::{CheckError, Labelling, Options, check};
use crate::history::{Function, History, HistoryBuilder, Micro, Operation, Outcome, Value};
use crate::limits::Meter;
use crate::model::{Guarantees, Model};
use crate::naive::{NaiveError, NaiveOptions, judge, properly_labelled};
use crate::spec::SpecKind;
use crate::testing::{Registers, registers, replicas};
use crate::verdict::Verdict;
use proptest::prelude::*;

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
    Recipe { operations: 12, processes: 3, keys: 2, values: 0, cas: 10, info: 0, syncs: 50, timed: false },
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

/// A verdict like the definition's, and evidence that the verifier does not refute; how much it verified.
fn agrees(history: &History, model: Model) -> Option<bool> {
    let spec = Some(SpecKind::Register);
    let naive = judge(history, model, &NaiveOptions { spec, ..NaiveOptions::default() });
    let found = check(history, model, &Options { spec, ..Options::default() });
    let (naive, found) = match (naive, found) {
        (Err(NaiveError::NoTimes { .. }), Err(CheckError::NoTimes { .. }))
        | (Err(NaiveError::NoReplica { .. }), Err(CheckError::NoReplica { .. }))
        | (Err(NaiveError::Spec(_)), Err(CheckError::Spec(_))) => return None,
        (naive, found) => (naive.expect("a verdict"), found.expect("a verdict")),
    };
    if let (Verdict::Consistent(Witness::Synchronised { sync_order, arbitration, .. }), Some(labelling)) =
        (&found.verdict, found.labelling)
    {
        let proper = properly_labelled(history, model, sync_order, arbitration).expect("registers");
        assert_eq!(proper, labelling == Labelling::Proper, "{model}: {labelling:?}\n{}", show(history));
    }
    let certificate = match found.verdict {
        Verdict::Consistent(witness) => Certificate::Witness(witness),
        Verdict::Violated(refutation) => Certificate::Refutation(refutation),
        Verdict::Unknown(unknown) => panic!("{model}: {unknown:?}\n{}", show(history)),
    };
    let consistent = matches!(certificate, Certificate::Witness(_));
    assert_eq!(naive.is_consistent(), consistent, "{model}: {certificate:?}\n{}", show(history));
    let verification = verify(history, model, SpecKind::Register, &certificate, &VerifyOptions::default());
    match verification.expect("a judged history can be verified") {
        Verification::Refuted(why) => panic!("{model}: {why}\n{certificate:?}\n{}", show(history)),
        verification => Some(verification == Verification::Verified),
    }
}

fn cases() -> u32 {
    u32::try_from(rounds()).unwrap_or(u32::MAX) / 5
}

/// The models, eventual too, or the one that is asked for.
fn judged() -> Vec<Model> {
    let only = std::env::var("TRIBUNAL_MODEL").ok();
    let mut models = models();
    models.push(Model::Eventual);
    models.retain(|model| only.as_ref().is_none_or(|only| only == model.name()));
    models
}

fn unsynchronised() -> Vec<Model> {
    judged().into_iter().filter(|model| !model.is_synchronised()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn equal_to_the_definition(history in registers(Registers::default())) {
        for model in unsynchronised() {
            agrees(&history, model);
        }
    }

    #[test]
    fn equal_where_values_hardly_repeat(history in registers(Registers { values: 200, ..Registers::default() })) {
        for model in unsynchronised() {
            agrees(&history, model);
        }
    }

    #[test]
    fn equal_without_cas(history in registers(Registers { values: 200, cas: false, operations: 8, ..Registers::default() })) {
        for model in unsynchronised() {
            agrees(&history, model);
        }
    }

    #[test]
    fn equal_with_locks(
        history in registers(Registers { locks: true, operations: 6, values: 3, ..Registers::default() }),
        both in registers(Registers { locks: true, syncs: true, operations: 6, values: 3, ..Registers::default() }),
        syncs in registers(Registers { syncs: true, operations: 6, values: 200, ..Registers::default() }),
    ) {
        for model in judged().into_iter().filter(|model| model.is_synchronised()) {
            agrees(&history, model);
            agrees(&both, model);
            agrees(&syncs, model);
        }
    }

    #[test]
    fn equal_with_logs(history in replicas(7)) {
        for set in Guarantees::sets() {
            agrees(&history, Model::Session(set));
        }
    }
}
