//! The engine against the definitions, enumerated: one-view models, every data type, random small histories.

use proptest::prelude::*;
use std::collections::BTreeMap;
use tribunal_checker::certificate::Certificate;
use tribunal_checker::certificate::verify::{Verification, VerifyOptions, verify};
use tribunal_checker::engine::{Call, Options, check, check_calls};
use tribunal_checker::history::{
    Datum, Function, History, HistoryBuilder, KeyId, Micro, Operation, Outcome, Value,
};
use tribunal_checker::limits::Limits;
use tribunal_checker::model::Model;
use tribunal_checker::naive::{NaiveError, NaiveOptions, judge};
use tribunal_checker::spec::{
    Decoder, RecordedSpec, Register, RegisterOp, RegisterRet, SequentialSpec, SpecKind,
};
use tribunal_checker::verdict::Verdict;

/// Raw material of one operation; what it becomes depends on the data type.
#[derive(Clone, Debug)]
struct Raw {
    process: i64,
    function: usize,
    key: u8,
    values: (u8, u8),
    list: Vec<u8>,
    answer: Option<bool>,
    outcome: u8,
    start: i64,
    length: i64,
    null: bool,
}

prop_compose! {
    fn raw()(
        process in 0..3_i64, function in 0..16_usize, key in prop_oneof![3 => Just(0_u8), 1 => Just(1)],
        values in (0..3_u8, 0..3_u8), list in prop::collection::vec(0..3_u8, 0..3),
        answer in prop_oneof![Just(None), Just(Some(true)), Just(Some(false))], outcome in 0..10_u8,
        start in 0..4_i64, length in 0..5_i64, null in prop::bool::weighted(0.3),
    ) -> Raw {
        Raw { process, function, key, values, list, answer, outcome, start, length, null }
    }
}

/// A history of a data type. `gap`s between a process's operations come from `start`; some are zero.
fn history(kind: SpecKind, raw: &[Raw], timed: bool) -> History {
    let mut builder = HistoryBuilder::new();
    let zero = if kind == SpecKind::Semaphore { 2 } else { 0 };
    if matches!(kind, SpecKind::Register | SpecKind::MultiRegister | SpecKind::Semaphore) {
        let initial = builder.int(zero);
        builder.set_initial(initial);
    }
    let mut clock = [0_i64; 3];
    for raw in raw {
        push(&mut builder, kind, raw, timed, &mut clock[raw.process as usize]);
    }
    builder.finish().expect("the clocks keep each process's operations apart")
}

fn push(builder: &mut HistoryBuilder, kind: SpecKind, raw: &Raw, timed: bool, clock: &mut i64) {
    let functions = kind.functions();
    let function = functions[raw.function % functions.len()];
    let process = builder.process_int(raw.process);
    let (a, b) = (builder.int(i64::from(raw.values.0)), builder.int(i64::from(raw.values.1)));
    let key = builder.key_text(if raw.key == 0 { "x" } else { "y" });
    let result = if raw.null { Value::NULL } else { a };
    let list = Datum::List(raw.list.iter().map(|&item| Datum::Int(i64::from(item))).collect());
    let micros = match function {
        Function::Cas => {
            vec![Micro::new(Function::Read, key, a), Micro::new(Function::Write, key, b)]
        }
        Function::Txn => {
            let other = builder.key_text("z");
            vec![Micro::new(Function::Read, key, a), Micro::new(Function::Write, other, b)]
        }
        Function::Acquire | Function::Release => {
            let name = builder.text("L");
            vec![Micro::sync(function, builder.lock(name))]
        }
        Function::Dequeue | Function::Pop | Function::Poll => vec![Micro::new(function, key, result)],
        Function::Read if matches!(kind, SpecKind::AppendList | SpecKind::Set) => {
            let list = builder.datum(&list);
            vec![Micro::new(function, key, list)]
        }
        Function::Put if kind == SpecKind::AppendList => {
            let list = builder.datum(&list);
            vec![Micro::new(function, key, list)]
        }
        _ => vec![Micro::new(function, key, a)],
    };
    let outcome = match raw.outcome {
        0 => Outcome::Fail,
        1 | 2 => Outcome::Info,
        _ => Outcome::Ok,
    };
    let answered = matches!(function, Function::Cas | Function::Add | Function::Remove | Function::Contains);
    let start = *clock + raw.start;
    if outcome == Outcome::Ok {
        *clock = start + raw.length;
    }
    let times = timed.then_some((start, start + raw.length)).unzip();
    let operation = Operation {
        outcome,
        answer: raw.answer.filter(|_| answered),
        start: times.0,
        end: times.1,
        ..Operation::new(process, function, &micros)
    };
    builder.push(&operation).expect("well formed");
}

fn agree(kind: SpecKind, raw: &[Raw], timed: bool) -> Result<(), TestCaseError> {
    let history = history(kind, raw, timed);
    let models: &[Model] =
        if timed { &[Model::Strict, Model::Linearizable, Model::Sequential] } else { &[Model::Sequential] };
    let mut stronger_holds = false;
    for &model in models {
        let naive =
            match judge(&history, model, &NaiveOptions { spec: Some(kind), ..NaiveOptions::default() }) {
                Ok(verdict) => verdict.is_consistent(),
                Err(NaiveError::Spec(_)) => {
                    prop_assert!(check(&history, model, &options(kind, 1)).is_err());
                    return Ok(());
                }
                Err(error) => return Err(TestCaseError::fail(error.to_string())),
            };
        let found = check(&history, model, &options(kind, 1)).expect("naive could judge it");
        let consistent = matches!(found.verdict, Verdict::Consistent(_));
        prop_assert_eq!(consistent, naive, "{} {}: {:?}", kind, model, found.verdict);
        prop_assert!(consistent || !stronger_holds, "{} is implied by a stronger model that holds", model);
        if kind == SpecKind::Register {
            let typed = check_calls(&Registers, &calls(&history), model, &Limits::default());
            let typed = matches!(typed.expect("well formed"), Verdict::Consistent(_));
            prop_assert_eq!(typed, naive, "typed {}", model);
        }
        stronger_holds = consistent;
        let certificate = match &found.verdict {
            Verdict::Consistent(witness) => Certificate::Witness(witness.clone()),
            Verdict::Violated(refutation) => Certificate::Refutation(refutation.clone()),
            Verdict::Unknown(unknown) => return Err(TestCaseError::fail(format!("{unknown:?}"))),
        };
        let verified = verify(&history, model, kind, &certificate, &VerifyOptions::default());
        prop_assert_eq!(verified, Ok(Verification::Verified), "{} {}: {:?}", kind, model, certificate);
        let threads = check(&history, model, &options(kind, 3)).expect("as with one thread");
        prop_assert_eq!(found, threads);
    }
    Ok(())
}

/// Registers by key, as a user would write them.
struct Registers;

impl SequentialSpec for Registers {
    type State = BTreeMap<KeyId, Value>;
    type Op = (KeyId, RegisterOp);
    type Ret = RegisterRet;

    fn initial(&self) -> Self::State {
        BTreeMap::new()
    }

    fn step(
        &self,
        state: &Self::State,
        op: &Self::Op,
        ret: Option<&RegisterRet>,
        next: &mut Vec<Self::State>,
    ) {
        let zero = Value::small_int(0).expect("small");
        let register = Register { initial: zero };
        let mut after = Vec::new();
        register.step(state.get(&op.0).unwrap_or(&zero), &op.1, ret, &mut after);
        next.extend(after.into_iter().map(|value| {
            let mut state = state.clone();
            state.insert(op.0, value);
            state
        }));
    }

    fn partition(&self, op: &Self::Op) -> Option<u64> {
        Some(u64::from(op.0.0))
    }

    fn observes(&self, op: &Self::Op, ret: Option<&RegisterRet>) -> bool {
        Register { initial: Value::NULL }.observes(&op.1, ret)
    }
}

/// A history of registers as typed calls.
fn calls(history: &History) -> Vec<Call<(KeyId, RegisterOp), RegisterRet>> {
    let mut decoder = Decoder::new(history);
    let call = |op| {
        let (function, ret) = Register::decode(&mut decoder, op).expect("fits");
        let key = history.micro(op).key().expect("on a key");
        Call {
            process: u64::from(history.process(op).0),
            op: (key, function),
            ret,
            outcome: history.outcome(op),
            // Without times the place in the history is the time; sequential looks at program order alone.
            start: if history.is_timed() { history.start(op) } else { 2 * i64::from(op.0) },
            end: if history.is_timed() { history.end(op) } else { 2 * i64::from(op.0) + 1 },
        }
    };
    history.ops().map(call).collect()
}

fn options(kind: SpecKind, threads: usize) -> Options {
    let mut options = Options { spec: Some(kind), ..Options::default() };
    options.limits.threads = Some(threads);
    options
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn the_engine_agrees_with_the_definitions(
        kind in prop::sample::select(SpecKind::ALL), raw in prop::collection::vec(raw(), 0..7), timed in prop::bool::weighted(0.8),
    ) {
        agree(kind, &raw, timed)?;
    }

    #[test]
    fn the_engine_agrees_with_the_definitions_on_registers(
        raw in prop::collection::vec(raw(), 0..8), timed in prop::bool::weighted(0.8),
    ) {
        agree(SpecKind::Register, &raw, timed)?;
    }
}

/// `TRIBUNAL_CASES` histories, a few thousand by default.
fn cases() -> u32 {
    std::env::var("TRIBUNAL_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(3000)
}
