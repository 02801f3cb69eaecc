//! What is written is read again as the same history.

use proptest::prelude::*;
use std::fmt::Write;
use tribunal_checker::history::{
    Datum, EventKind, Function, History, HistoryBuilder, KeyId, Micro, OpId, Operation, Outcome, ProcessId,
};
use tribunal_formats::{Format, ReadOptions, WriteError, read_bytes, write};

/// One operation to be built; what does not apply to its function is ignored.
#[derive(Clone, Debug)]
struct Plan {
    process: usize,
    function: Function,
    object: Datum,
    values: Vec<Datum>,
    known: bool,
    outcome: Outcome,
    answer: Option<bool>,
    shared: bool,
    gap: i64,
    length: i64,
    replica: Option<bool>,
    hint: Option<i64>,
    /// An event or a log behind it.
    beside: u8,
}

fn scalar() -> impl Strategy<Value = Datum> {
    prop_oneof![
        4 => (-3..9_i64).prop_map(Datum::Int),
        2 => "[a-c]{1,2}".prop_map(|text| Datum::text(&text)),
        1 => any::<i64>().prop_map(Datum::Int),
        1 => any::<bool>().prop_map(Datum::Bool),
        1 => any::<i32>().prop_map(|int| Datum::Float(f64::from(int) / 8.0)),
        1 => "[1-9][0-9]{20,30}".prop_map(|digits| Datum::integer(&digits)),
        1 => "\\PC{0,10}".prop_map(|text| Datum::text(&text)),
        1 => any::<String>().prop_map(|text| Datum::text(&text)),
        1 => "NIL|true|-1|1e3|a[?@>=,\" ]b".prop_map(|text| Datum::text(&text)),
        1 => Just(Datum::Null),
    ]
}

fn value(lists: bool) -> BoxedStrategy<Datum> {
    if !lists {
        return scalar().boxed();
    }
    let map = prop::collection::vec(("[a-c\"]".prop_map(Into::into), scalar()), 0..3);
    prop_oneof![
        6 => scalar(),
        1 => prop::collection::vec(scalar(), 0..3).prop_map(Datum::List),
        1 => map.prop_map(Datum::map),
    ]
    .boxed()
}

fn name() -> impl Strategy<Value = Datum> {
    prop_oneof![
        4 => "[xyz]".prop_map(|text| Datum::text(&text)),
        1 => (0..3_i64).prop_map(Datum::Int),
        1 => Just(Datum::Null),
        1 => "\\PC{0,6}".prop_map(|text| Datum::text(&text)),
    ]
}

fn plan(notation: bool) -> impl Strategy<Value = Plan> {
    let functions: Vec<_> =
        Function::ALL.iter().copied().filter(|&function| !notation || function != Function::Txn).collect();
    let outcomes = if notation {
        vec![Outcome::Ok, Outcome::Info]
    } else {
        vec![Outcome::Ok, Outcome::Fail, Outcome::Info]
    };
    let first =
        (0..4_usize, prop::sample::select(functions), name(), prop::collection::vec(value(!notation), 3));
    let second = (any::<bool>(), prop::sample::select(outcomes), any::<Option<bool>>(), any::<bool>());
    let third = (0..9_i64, 0..9_i64, any::<Option<bool>>(), any::<Option<i64>>(), 0..12_u8);
    (first, second, third).prop_map(
        |(
            (process, function, object, values),
            (known, outcome, answer, shared),
            (gap, length, replica, hint, beside),
        )| Plan {
            process,
            function,
            object,
            values,
            known,
            outcome,
            answer,
            shared,
            gap,
            length,
            replica,
            hint,
            beside,
        },
    )
}

fn build(plans: &[Plan], names: &[Datum], timed: bool, replicas: bool) -> History {
    let mut builder = HistoryBuilder::new();
    builder.set_name("a history");
    builder.set_spec("register");
    let mut clock = [0_i64; 4];
    let mut writes: Vec<OpId> = Vec::new();
    for plan in plans {
        let name = builder.datum(&names[plan.process]);
        let process = builder.process(name);
        let object = builder.datum(&plan.object);
        let values: Vec<_> = plan.values.iter().map(|value| builder.datum(value)).collect();
        let micros = match plan.function {
            function if function.is_sync() => vec![Micro::sync(function, builder.lock(object))],
            Function::Cas => {
                let key = builder.key(object);
                vec![Micro::new(Function::Read, key, values[0]), Micro::new(Function::Write, key, values[1])]
            }
            Function::Txn => {
                let key = builder.key(object);
                values
                    .iter()
                    .take(plan.beside as usize % 4)
                    .map(|&value| Micro::new(Function::Write, key, value))
                    .collect()
            }
            function => {
                let result =
                    matches!(function, Function::Read | Function::Dequeue | Function::Pop | Function::Poll);
                let value =
                    if result && !plan.known { tribunal_checker::history::Value::ABSENT } else { values[0] };
                // Null is no amount.
                let value = if function == Function::Inc && plan.values[0] == Datum::Null {
                    builder.int(2)
                } else {
                    value
                };
                vec![Micro::new(function, builder.key(object), value)]
            }
        };
        let answers =
            matches!(plan.function, Function::Cas | Function::Add | Function::Remove | Function::Contains);
        let start = clock[plan.process] + plan.gap;
        clock[plan.process] = start + plan.length;
        let op = builder
            .push(&Operation {
                outcome: plan.outcome,
                answer: plan.answer.filter(|_| answers),
                shared: plan.shared && matches!(plan.function, Function::Acquire | Function::Release),
                start: timed.then_some(start),
                end: timed.then_some(start + plan.length),
                ..Operation::new(process, plan.function, &micros)
            })
            .unwrap();
        if matches!(plan.function, Function::Write | Function::Cas) {
            writes.push(op);
        }
        if let Some(hint) = plan.hint.filter(|_| replicas) {
            builder.set_hint(op, hint);
        }
        let replica = builder.text(if plan.replica == Some(true) { "L1" } else { "L2" });
        match plan.beside {
            0 if timed => builder.push_event(EventKind::Crash, Some(start)),
            1 if replicas => builder.push_event(EventKind::Annotation("cut \"off\"".into()), Some(3)),
            2 | 3 if replicas => {
                let replica = builder.replica(replica);
                builder.push_log(replica, writes.clone(), 0);
            }
            _ => {}
        }
        if plan.replica.is_some() && replicas {
            let replica = builder.replica(replica);
            builder.set_replica(op, replica);
        }
        if plan.beside == 11
            && let Some(key) = builder.find_key(object)
            && let Datum::Text(_) = plan.object
            && !notation_cannot_name(&plan.object)
        {
            builder.set_initial_of(key, values[1]);
            let lock = builder.text("L");
            let lock = builder.lock(lock);
            builder.set_guard(key, lock);
        }
    }
    builder.finish().unwrap()
}

/// Header lines quote nothing.
fn notation_cannot_name(name: &Datum) -> bool {
    !matches!(name, Datum::Text(text) if text.chars().all(|c| c.is_ascii_lowercase()) && !text.is_empty())
}

fn shown(history: &History, op: OpId) -> String {
    let values = history.values();
    let mut text = values.display(history.process_name(history.process(op)));
    for micro in history.micros(op) {
        let key = micro.key().map(|key| values.display(history.key_name(key)));
        let lock = micro.lock().map(|lock| values.display(history.lock_name(lock)));
        write!(text, " {} {key:?} {lock:?} {}", micro.function, values.display(micro.value)).unwrap();
        if let Some(key) = micro.key() {
            let guard = history.guard(key).map(|lock| values.display(history.lock_name(lock)));
            write!(text, " initial {} {guard:?}", values.display(history.initial(key))).unwrap();
        }
    }
    let (function, outcome) = (history.function(op), history.outcome(op));
    let (answer, shared) = (history.answer(op), history.shared(op));
    let times = history.is_timed().then(|| (history.start(op), history.end(op)));
    let replica = history.replica(op).map(|replica| values.display(history.replica_name(replica)));
    write!(text, " {function} {outcome:?} {answer:?} {shared} {times:?} {replica:?}").unwrap();
    text
}

fn read_again(history: &History, format: Format) -> Result<(History, String), WriteError> {
    let mut bytes = Vec::new();
    write(history, format, &mut bytes)?;
    let text = String::from_utf8(bytes).unwrap();
    let mut recordings = read_bytes(text.as_bytes(), "again", &ReadOptions::new()).unwrap();
    assert_eq!(recordings.len(), 1, "{text}");
    assert_eq!(recordings[0].format, format, "{text}");
    assert_eq!(recordings[0].name, "again#a history");
    let again = recordings.remove(0).history.unwrap_or_else(|error| panic!("{error}\n{text}"));
    Ok((again, text))
}

fn names() -> impl Strategy<Value = Vec<Datum>> {
    let name = prop_oneof![
        3 => (0..9_i64).prop_map(Datum::Int),
        2 => "[A-Za-z][a-z0-9:# ]{0,3}".prop_map(|text| Datum::text(&text)),
        1 => "\\PC{1,5}".prop_map(|text| Datum::text(&text)),
        1 => Just(Datum::text("expect")),
    ];
    prop::collection::hash_set(name.prop_map(Key), 4)
        .prop_map(|set| set.into_iter().map(|key| key.0).collect())
}

/// Distinct names: data have no hash of their own.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Key(Datum);

impl std::hash::Hash for Key {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_string().hash(state);
    }
}

proptest! {
    #[test]
    fn native(plans in prop::collection::vec(plan(false), 0..12), names in names(), timed: bool) {
        let history = build(&plans, &names, timed, true);
        let (again, text) = read_again(&history, Format::Native).unwrap();
        prop_assert_eq!(again.len(), history.len());
        for op in history.ops() {
            prop_assert_eq!(shown(&again, op), shown(&history, op), "{}", text);
            prop_assert_eq!(again.hint(op), history.hint(op));
        }
        prop_assert_eq!(again.declared_spec(), history.declared_spec());
        prop_assert_eq!(again.events(), history.events());
        let logs = |history: &History| -> Vec<_> {
            let name = |replica| history.values().display(history.replica_name(replica));
            history.logs().iter().map(|log| (name(log.replica), log.position, log.writes.clone())).collect()
        };
        prop_assert_eq!(logs(&again), logs(&history));
    }

    #[test]
    fn notation(plans in prop::collection::vec(plan(true), 0..12), names in names(), timed: bool) {
        let history = build(&plans, &names, timed, false);
        let (again, text) = read_again(&history, Format::Notation).unwrap();
        prop_assert_eq!(again.len(), history.len(), "{}", text);
        for process in (0..history.process_count()).map(ProcessId::from_index) {
            let name = history.values().get(history.process_name(process)).unwrap();
            let same = again.find_process(again.values().find(&name).unwrap()).unwrap();
            let lines = |history: &History, process| -> Vec<_> {
                history.program_order(process).iter().map(|&op| shown(history, op)).collect()
            };
            prop_assert_eq!(lines(&again, same), lines(&history, process), "{}", text);
        }
        let crashes = |history: &History| -> Vec<_> { history.events().iter().map(|event| event.time).collect() };
        prop_assert_eq!(crashes(&again), crashes(&history));
    }
}

#[test]
fn keys_of_a_header() {
    let text = "{\"tribunal\":1,\"initial\":[1],\"initial_of\":{\"1.5\":2},\"guards\":{\"true\":7}}\n\
                {\"process\":0,\"f\":\"read\",\"key\":1.5,\"value\":2}\n\
                {\"process\":0,\"f\":\"read\",\"key\":true,\"value\":2}\n";
    let history = read_bytes(text.as_bytes(), "a", &ReadOptions::new()).unwrap().remove(0).history.unwrap();
    let mut bytes = Vec::new();
    write(&history, Format::Native, &mut bytes).unwrap();
    assert_eq!(String::from_utf8(bytes).unwrap(), text);
    assert!(history.guard(KeyId(1)).is_some());
}
