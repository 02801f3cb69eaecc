//! What figures mean, and what is said about those that mean nothing.

use super::{Expectation, read_expectations};
use crate::{Format, FormatError, ReadOptions, Recording, read_bytes, write};
use tribunal_checker::history::{EventKind, History, NEVER, OpId};

fn read_all(text: &str) -> Vec<Recording> {
    read_bytes(text.as_bytes(), "a.hist", &ReadOptions::new().format(Format::Notation)).unwrap()
}

fn history(text: &str) -> History {
    let mut recordings = read_all(text);
    assert_eq!(recordings.len(), 1);
    recordings.remove(0).history.unwrap_or_else(|error| panic!("{error}"))
}

fn error(text: &str) -> FormatError {
    let mut recordings = read_all(text);
    assert_eq!(recordings.len(), 1);
    recordings.remove(0).history.unwrap_err()
}

/// Each operation as one text: process, function, key or lock, values, start and end.
fn shown(history: &History) -> Vec<String> {
    let plain = |value| history.values().plain(value);
    let operation = |op| {
        let first = history.micro(op);
        let key = first.key().map(|key| history.key_name(key));
        let object = key.or(first.lock().map(|lock| history.lock_name(lock))).unwrap();
        let values: Vec<_> = history.micros(op).map(|micro| history.values().display(micro.value)).collect();
        let times = match (history.is_timed(), history.end(op)) {
            (false, _) => String::new(),
            (true, NEVER) => format!(" {}..", history.start(op)),
            (true, end) => format!(" {}..{end}", history.start(op)),
        };
        let process = plain(history.process_name(history.process(op)));
        format!("{process} {}({}){}{times}", history.function(op), plain(object), values.join(">"))
    };
    history.ops().map(operation).collect()
}

#[test]
fn columns_are_instants() {
    let history = history(concat!(
        "# a comment\n",
        "expect: causal yes, sequential no\n",
        "P1: W(x)a                     W(x)c\n",
        "P2:        R(x)a   W(x)b\n",
        "é3:   R(x)NIL R(x)\"hello world\" # why not\n",
    ));
    assert_eq!(
        shown(&history),
        [
            "P1 write(x)\"a\" 4..4",
            "P1 write(x)\"c\" 30..30",
            "P2 read(x)\"a\" 11..11",
            "P2 write(x)\"b\" 19..19",
            "é3 read(x)null 6..6",
            "é3 read(x)\"hello world\" 14..14",
        ]
    );
    assert_eq!(history.line(OpId(2)), 4);
}

#[test]
fn a_tab_makes_fields_of_columns() {
    let tabbed = history("P1:\tW(x)1\t\tW(x)2 W(x)3\nP2: R(x)1\tR(x)2\n");
    let starts: Vec<_> = tabbed.ops().map(|op| tabbed.start(op)).collect();
    assert_eq!(starts, [1, 3, 3, 0, 1]);
    let process = tabbed.process(OpId(0));
    assert_eq!(tabbed.program_order(process), [OpId(0), OpId(1), OpId(2)]);
}

#[test]
fn every_kind_of_operation() {
    let history = history(concat!(
        "untimed\n",
        "spec: anything\n",
        "P1: CAS(x)a>b CAS(x)1>2>false Acq(L) AcqS(L) Rel(L) S Sync(S) W(x)a? R(x)?\n",
        "7: Enq(q)1 Deq(q)NIL Deq(q)? Push(s)1.5 Pop(s)true Inc(c) Inc(c)-2 App(l)x Put(l)007 crash\n",
        "\"P 3\": Add(s)a>true Rem(s)a>false Has(s)a>true Ins(p)3 Poll(p)3 W(long key)v W(5)6 W()7 R(\"5\")x\n",
    ));
    let expected = [
        "P1 cas(x)\"a\">\"b\"",
        "P1 cas(x)1>2",
        "P1 acquire(L)?",
        "P1 acquire(L)?",
        "P1 release(L)?",
        "P1 sync(S)?",
        "P1 sync(S)?",
        "P1 write(x)\"a\"",
        "P1 read(x)?",
        "7 enqueue(q)1",
        "7 dequeue(q)null",
        "7 dequeue(q)?",
        "7 push(s)1.5",
        "7 pop(s)true",
        "7 inc(c)1",
        "7 inc(c)-2",
        "7 append(l)\"x\"",
        "7 put(l)\"007\"",
        "P 3 add(s)\"a\"",
        "P 3 remove(s)\"a\"",
        "P 3 contains(s)\"a\"",
        "P 3 insert(p)3",
        "P 3 poll(p)3",
        "P 3 write(long key)\"v\"",
        "P 3 write(5)6",
        "P 3 write(null)7",
        "P 3 read(5)\"x\"",
    ];
    assert_eq!(shown(&history), expected);
    let outcomes: Vec<_> = [0, 7, 8, 11].map(|op| history.outcome(OpId(op)).name()).into();
    assert_eq!(outcomes, ["ok", "info", "info", "info"]);
    let answers: Vec<_> = [0, 1, 18, 19, 20].map(|op| history.answer(OpId(op))).into();
    assert_eq!(answers, [None, Some(false), Some(true), Some(false), Some(true)]);
    assert!(history.shared(OpId(3)) && !history.shared(OpId(2)));
    assert_eq!(history.events()[0].kind, EventKind::Crash);
    assert_eq!(history.key_count(), 10, "5 and \"5\" differ");
    assert_eq!(history.declared_spec(), Some("anything"));
}

#[test]
fn intervals_headers_and_crashes() {
    let history = history(concat!(
        "guards: x=L1, y = L2\n",
        "initial: 0, y=\"a, b\"\n",
        "P1: W(x)1@[3,9] W(y)2?@[10,] W(x)3@[12,12]?\n",
        "P2: W(y)2@[0,4] crash@[5,5]\n",
        "crash@[7,7]\n",
    ));
    let expected = ["P1 write(x)1 3..9", "P1 write(y)2 10..", "P1 write(x)3 12..", "P2 write(y)2 0..4"];
    assert_eq!(shown(&history), expected);
    let (x, y) = (history.micro(OpId(0)).key().unwrap(), history.micro(OpId(1)).key().unwrap());
    assert_eq!(history.values().display(history.initial(x)), "0");
    assert_eq!(history.values().display(history.initial(y)), "\"a, b\"");
    assert_eq!(history.values().plain(history.lock_name(history.guard(y).unwrap())), "L2");
    let crashes: Vec<_> = history.events().iter().map(|event| event.time).collect();
    assert_eq!(crashes, [Some(5), Some(7)]);
}

#[test]
fn expectations_are_read_without_the_history() {
    let text = "expect: causal yes,sequential no\nexpect: nonsense\nP1: W(x)a\nexpect: fifo yes\n";
    let expected: Vec<_> = [("causal", true), ("sequential", false), ("fifo", true)]
        .map(|(model, holds)| Expectation { model: model.into(), holds })
        .into();
    assert_eq!(read_expectations(text), expected);
}

#[test]
fn several_histories() {
    let recordings = read_all(concat!(
        "history: one\n",
        "untimed\n",
        "P1: W(x)a\n",
        "history: two\n",
        "P1: W(x)\n",
        "P1: junk\n",
        "history: one\n",
        "history: three\n",
        "P1: W(x)a\n",
    ));
    let names: Vec<_> = recordings.iter().map(|recording| recording.name.as_str()).collect();
    assert_eq!(names, ["a.hist#one", "a.hist#two", "a.hist#one", "a.hist#three"]);
    let fine: Vec<_> = recordings.iter().map(|recording| recording.history.is_ok()).collect();
    assert_eq!(fine, [true, false, false, true]);
    assert!(recordings[3].history.as_ref().unwrap().is_timed());
}

/// Terry et al. as the textbook draws it: the log of a replica grows by what it applies, in the order of the columns.
#[test]
fn replicas_apply_writes() {
    let figure = history(concat!("L1: WS(x1)            R(x1)\n", "L2:        WS(x1;x2)          R(x2)\n"));
    let expected = ["x1 write(x)1 4..4", "P read(x)1 22..22", "x2 write(x)2 11..11", "P read(x)2 30..30"];
    assert_eq!(shown(&figure), expected);
    let logs: Vec<_> = figure
        .logs()
        .iter()
        .map(|log| (log.replica.0, log.position, log.writes.iter().map(|op| op.0).collect::<Vec<_>>()))
        .collect();
    assert_eq!(logs, [(0, 1, vec![0]), (1, 3, vec![0, 2])]);
    assert_eq!(figure.replica(OpId(1)).unwrap().0, 0);
    assert_eq!(figure.replica(OpId(0)), None);
}

#[test]
fn a_log_may_name_a_write_on_a_lower_line() {
    let figure = history(concat!(
        "L1:         R(x)NIL     WS(x1) R(x1)\n",
        "L2: W(x1)\n",
        "L3:                     WS()   W(y)b\n",
    ));
    let expected =
        ["P read(x)null 12..12", "P read(x)1 31..31", "P write(x)1 4..4", "P write(y)\"b\" 31..31"];
    assert_eq!(shown(&figure), expected);
    let logs: Vec<_> = figure.logs().iter().map(|log| (log.position, log.writes[0].0)).collect();
    assert_eq!(logs, [(1, 2), (3, 2), (4, 3)]);
    let client = figure.process(OpId(0));
    assert_eq!(figure.program_order(client), [OpId(2), OpId(0), OpId(1), OpId(3)]);
    let mut text = Vec::new();
    write(&figure, Format::Native, &mut text).unwrap();
    let again = read_bytes(&text, "b", &ReadOptions::new()).unwrap().remove(0).history.unwrap();
    assert_eq!(again.logs(), figure.logs());
}

#[test]
fn figures_stay_figures() {
    let figure = "P1: W(x)a       W(x)c?\nP2:       R(x)a\n";
    let mut text = Vec::new();
    write(&history(figure), Format::Notation, &mut text).unwrap();
    assert_eq!(String::from_utf8(text).unwrap(), figure);
}

#[test]
fn errors_say_where_and_what() {
    for (text, expected) in [
        ("W(x)a\n", "1:1: found `W(x)a`, expected a line of operations"),
        ("P1 W(x)\"a:b\"\n", "1:1: found `P1 W(x)\"a:b\"`, expected the name of a process"),
        (": W(x)a\n", "1:1: found `: W(x)a`, expected the name of a process"),
        ("P1: Foo(x)a", "1:5: found `Foo(x)a`, expected an operation: R(…), W(…), CAS(…)"),
        ("P1: W(x", "1:8: found the end of the line, expected `)` behind the name"),
        ("P1: R(x)a W(x)", "1:11: found `W(x)`, expected a value behind the write"),
        ("P1: CAS(x)a", "1:12: found the end of the line, expected the old and the new value"),
        ("P1: W(x)a@3", "1:10: found `@3`, expected a space behind the operation"),
        ("P1: W(x)a@[-3,4]", "1:12: found `-3,4]`, expected a time of at least 0"),
        (
            "P1: W(x)a@[3,99999999999999999999]",
            "1:14: found `99999999999999999999]`, expected a time of at most",
        ),
        ("P1: W(x)a@[3,]", "1:5: found `W(x)a@[3,]`, expected an end of the interval"),
        ("P1: W(x)a@[3,2]", "1: operation 0 ends at 2, before its start at 3"),
        ("P1: W(x)\"a", "1:11: found the end of the line, expected a closing `\"`"),
        ("untimed\nP1: W(x)a@[3,4]", "2:5: found `W(x)a@[3,4]`, expected no interval in an untimed history"),
        (
            "P1: W(x)a\nP2: W(x)a\nP1: W(x)b",
            "3:1: found `P1: W(x)b`, expected one line for each process (line 1",
        ),
        ("P1: W(x)a@[1,5] W(x)b@[2,6]", "1: operations 0 (line 1) and 1 (line 1) of process \"P1\" overlap"),
        ("expect: causal maybe", "1:9: found `causal maybe`, expected a model and its verdict"),
        ("guards: x", "1:9: found `x`, expected a key and its lock"),
        ("initial: x=", "1:10: found `x=`, expected an initial value"),
        ("L1: WS(x)", "1:5: found `WS(x)`, expected versions"),
    ] {
        let message = error(text).to_string();
        assert!(message.starts_with(&format!("a.hist:{expected}")), "\n{message}\n{expected}");
    }
}

#[test]
fn what_notation_cannot_say() {
    for (native, why) in [
        ("{\"process\":0,\"f\":\"write\",\"value\":1,\"outcome\":\"fail\"}", "operation 0 failed"),
        ("{\"process\":0,\"f\":\"read\",\"value\":[1]}", "[1] is a list"),
        ("{\"process\":0,\"f\":\"txn\",\"value\":[]}", "operation 0 is a txn"),
        ("{\"event\":\"crash\"}", "a crash without a time"),
    ] {
        let history =
            read_bytes(native.as_bytes(), "a", &ReadOptions::new()).unwrap().remove(0).history.unwrap();
        let error = write(&history, Format::Notation, &mut Vec::new()).unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}
