//! What is written is read back as the same history.

use super::*;
use crate::{WriteError, write};
use proptest::prelude::*;
use tribunal_checker::history::{HistoryBuilder, Micro, Operation};

fn written(history: &History) -> String {
    let mut out = Vec::new();
    write(history, Format::JepsenEdn, &mut out).unwrap_or_else(|error| panic!("{error}"));
    String::from_utf8(out).unwrap()
}

/// What a history says, and which operations precede which, whatever its clock and the numbers of its operations.
fn meaning(history: &History) -> (Vec<String>, Vec<(String, String)>) {
    let words = words(history);
    let mut order = Vec::new();
    for a in history.ops() {
        // The order within a process is kept anyway.
        let after = history.ops().filter(|&b| {
            let others = history.process(a) != history.process(b);
            others && history.outcome(a) == Outcome::Ok && history.end(a) < history.start(b)
        });
        order.extend(after.map(|b| (words[a.index()].clone(), words[b.index()].clone())));
    }
    order.sort();
    let mut words = words;
    words.sort();
    (words, order)
}

#[test]
fn events_come_back() {
    let once = written(&history(EVENTS));
    let twice = written(&history(&once));
    assert_eq!(written(&history(&twice)), twice, "an `:info` line may go, its instant with it");
    let (first, second) = (history(EVENTS), history(&once));
    assert_eq!(meaning(&first), meaning(&second));
    assert_eq!(first.events()[0].kind, second.events()[0].kind);
    assert!(
        once.starts_with("[{:type :invoke, :f :write, :value 3, :process 0, :time 0, :index 0}\n {"),
        "{once}"
    );
}

#[test]
fn what_has_no_form_is_refused() {
    let write_to = |prepare: &dyn Fn(&mut HistoryBuilder), start| {
        let mut builder = HistoryBuilder::new();
        let (process, key) = (builder.process_int(0), builder.key_text("x"));
        let micros = [Micro::new(Function::Write, key, Value::TRUE)];
        builder
            .push(&Operation { start, end: start, ..Operation::new(process, Function::Write, &micros) })
            .unwrap();
        prepare(&mut builder);
        write(&builder.finish().unwrap(), Format::JepsenEdn, &mut Vec::new())
    };
    assert!(write_to(&|_| {}, Some(1)).is_ok());
    let refused = |result| matches!(result, Err(WriteError::Inexpressible { .. }));
    assert!(refused(write_to(&|_| {}, None)), "no times");
    assert!(refused(write_to(&|builder| builder.set_initial(Value::FALSE), Some(1))), "an initial value");
    assert!(refused(write_to(&|builder| builder.push_event(EventKind::Crash, Some(1)), Some(1))), "a crash");
    assert!(refused(write_to(
        &|builder| {
            let (key, lock) = (builder.key_text("x"), builder.lock(Value::NULL));
            builder.set_guard(key, lock);
        },
        Some(1)
    )));
}

/// Process, times, function, value, outcome of operations that do not overlap within a process.
fn histories() -> impl Strategy<Value = History> {
    let operation = (0..3_i64, 0..4_i64, 0..4_i64, 0..8_u8, 0..4_i64, 0..6_u8, 0..3_u8);
    let named = prop_oneof![Just(false), Just(true)];
    (prop::collection::vec(operation, 0..14), named).prop_map(|(operations, named)| {
        let mut builder = HistoryBuilder::new();
        let mut clock = [0_i64; 3];
        for (i, (process, gap, length, function, value, outcome, key)) in operations.into_iter().enumerate() {
            let now = &mut clock[usize::try_from(process).unwrap()];
            // Behind an operation that never ends nothing starts at the same instant.
            let length = if outcome == 5 { length + 1 } else { length };
            let (start, end) = (*now + gap, *now + gap + length);
            // A gap of nothing makes two operations of a process meet: allowed for one process alone.
            *now = end + i64::from(process != 0);
            let process = builder.process_int(process);
            let key = if named {
                builder.key_text(["x", "y", "z"][usize::from(key)])
            } else {
                builder.anonymous_key()
            };
            let (value, tag) = (
                builder.int(value),
                builder.datum(&Datum::List(vec![Datum::Int(value), Datum::text("é\"")])),
            );
            let unique = builder.int(i64::try_from(i).unwrap() + 100);
            let lock = builder.lock(Value::NULL);
            use Function::{Acquire, Cas, Contains, Dequeue, Inc, Read, Write};
            let outcome = [Outcome::Ok, Outcome::Ok, Outcome::Ok, Outcome::Ok, Outcome::Fail, Outcome::Info]
                [usize::from(outcome)];
            let result = if outcome == Outcome::Ok { value } else { Value::ABSENT };
            let (function, micros, answer) = match function {
                0 => (Read, vec![Micro::new(Read, key, result)], None),
                1 => (
                    Read,
                    vec![Micro::new(Read, key, if outcome == Outcome::Ok { Value::NULL } else { result })],
                    None,
                ),
                2 => (Write, vec![Micro::new(Write, key, unique)], None),
                3 => (Write, vec![Micro::new(Write, key, tag)], None),
                4 => (
                    Cas,
                    vec![Micro::new(Read, key, value), Micro::new(Write, key, unique)],
                    (outcome == Outcome::Ok).then_some(i % 2 == 0),
                ),
                5 => (Dequeue, vec![Micro::new(Dequeue, key, result)], None),
                6 if !named => (Acquire, vec![Micro::sync(Acquire, lock)], None),
                6 => (
                    Contains,
                    vec![Micro::new(Contains, key, unique)],
                    (outcome == Outcome::Ok).then_some(true),
                ),
                _ => (Inc, vec![Micro::new(Inc, key, unique)], None),
            };
            let shared = function == Acquire && i % 2 == 0;
            let operation = Operation {
                start: Some(start),
                end: Some(end),
                outcome,
                answer,
                shared,
                ..Operation::new(process, function, &micros)
            };
            builder.push(&operation).unwrap();
        }
        builder.finish().unwrap()
    })
}

proptest! {
    #[test]
    fn histories_come_back(history in histories()) {
        let text = written(&history);
        let again = self::history(&text);
        let (before, after) = (meaning(&history), meaning(&again));
        prop_assert_eq!(before, after, "{}", text);
        prop_assert_eq!(written(&again).lines().count(), text.lines().count());
    }
}
