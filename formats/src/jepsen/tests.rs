//! What events mean, in EDN and JSON.

mod errors;
mod keys;
mod round_trip;

use crate::{Format, FormatError, NilRead, ReadOptions, Recording, read_bytes};
use tribunal_checker::history::{Datum, EventKind, Function, History, NEVER, OpId, Outcome, Value};

fn record(text: &str, options: &ReadOptions) -> Recording {
    let options = ReadOptions { format: options.format.or(Some(Format::JepsenEdn)), ..options.clone() };
    read_bytes(text.as_bytes(), "h.edn", &options).unwrap().remove(0)
}

fn history(text: &str) -> History {
    record(text, &ReadOptions::new()).history.unwrap_or_else(|error| panic!("{error}"))
}

fn error(text: &str) -> FormatError {
    record(text, &ReadOptions::new()).history.expect_err(text)
}

fn value(history: &History, value: Value) -> Option<Datum> {
    history.values().get(value)
}

/// One line an operation: what a history says, in words.
fn words(history: &History) -> Vec<String> {
    let values = history.values();
    let micro = |micro: tribunal_checker::history::MicroOp| {
        let name = micro.key().map(|key| history.key_name(key));
        let name = name.or(micro.lock().map(|lock| history.lock_name(lock))).unwrap();
        format!("{}({}){}", micro.function, values.plain(name), values.display(micro.value))
    };
    let words = |op| {
        let micros: Vec<_> = history.micros(op).map(micro).collect();
        let process = values.plain(history.process_name(history.process(op)));
        let answer = history.answer(op).map_or_else(String::new, |answer| format!(" {answer}"));
        let outcome = history.outcome(op).name();
        format!("{process} {outcome} {} {}{answer}", history.function(op), micros.join(" "))
    };
    history.ops().map(words).collect()
}

const EVENTS: &str = "; a comment\n[{:process 0, :type :invoke, :f :write, :value 3}\n {:index 1 :time 99, :type \
                      :invoke\n  :process 1 :f :cas :value [3 4]}\n #jepsen.history.Op{:process 0, :type :ok, :f \
                      :write, :value 3, :error nil}\n {:process :nemesis, :type :info, :f :start, :value \"cut ]\"} \
                      {:process 2, :type :invoke, :f :r}\n#_{:gone 1} {:process 1, :type :info, :f :cas, :error \
                      :timeout}, {:process 2, :type :ok, :f :r, :value 3}\n{:process 3, :type :invoke, :f :w, :value \
                      #{1}}]\n";

#[test]
fn a_list_of_events_is_a_history() {
    let history = history(EVENTS);
    let expected = [
        "0 ok write write(null)3",
        "1 info cas read(null)3 write(null)4",
        "2 ok read read(null)3",
        "3 info write write(null)[1]",
    ];
    assert_eq!(words(&history), expected);
    let times: Vec<_> = history.ops().map(|op| (history.start(op), history.end(op))).collect();
    assert_eq!(times, [(0, 2), (1, NEVER), (4, 6), (7, NEVER)]);
    let lines: Vec<_> = history.ops().map(|op| history.line(op)).collect();
    assert_eq!(lines, [2, 3, 6, 8]);
    let text = "{:process :nemesis, :type :info, :f :start, :value \"cut ]\"}";
    assert_eq!(history.events()[0].kind, EventKind::Annotation(text.into()));
    assert_eq!((history.events()[0].position, history.events()[0].time), (2, Some(3)));
    let extra = history.extras()[0];
    let (offset, length) = (usize::try_from(extra.offset).unwrap(), extra.length as usize);
    assert_eq!((extra.op, &EVENTS[offset..offset + length]), (OpId(0), ":error nil"));
}

#[test]
fn events_may_stand_bare_or_in_a_list() {
    let events =
        "{:process 0, :type :invoke, :f :read, :value nil}{:process 0, :type :ok, :f :read, :value 1}";
    for text in [
        events.to_string(),
        format!("({events})"),
        format!("[ {events} ] ; end"),
        format!("\u{feff}{events}"),
    ] {
        assert_eq!(words(&history(&text)), ["0 ok read read(null)1"], "{text}");
    }
    for text in ["", "[]", " ( ) ; nothing\n", "; nothing"] {
        assert!(history(text).is_empty(), "{text}");
    }
}

#[test]
fn json_says_the_same() {
    let events = [
        "{\"type\":\"invoke\",\"f\":\"txn\",\"value\":[[\"r\",\"x\",null],[\"w\",\"y\",2]],\"process\":0,\"time\":5}",
        "{\"type\":\"invoke\", \"f\":\"write\", \"value\": {\"a\":[1.5]}, \"process\":\"c 2\", \"index\":1}",
        "{\"process\":\"nemesis\",\"type\":\"info\",\"f\":\"start\",\"value\":\"\\u0041\"}",
        "{\"type\":\"ok\",\"f\":\"txn\",\"value\":[[\"r\",\"x\",\"\\n\"],[\"w\",\"y\",2]],\"process\":0,\"error\":[{}]}",
    ];
    let expected = ["0 ok txn read(x)\"\\n\" write(y)2", "c 2 info write write(null){\"a\":[1.5]}"];
    for text in [events.join("\n"), format!("[{}]", events.join(",\n"))] {
        let history = record(&text, &ReadOptions::new().format(Format::JepsenJson)).history.unwrap();
        assert_eq!(words(&history), expected, "{text}");
        assert_eq!(history.events().len(), 1);
        assert_eq!(history.extras().len(), 1);
    }
}

#[test]
fn reads_of_nil_return_the_initial_value_or_anything() {
    let text = "{:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value nil}\
                {:process 0 :type :invoke :f :txn :value [[:r 1 nil]]} {:process 0 :type :ok :f :txn :value [[:r 1 nil]]}\
                {:process 0 :type :invoke :f :dequeue} {:process 0 :type :ok :f :dequeue :value nil}\
                {:process 0 :type :invoke :f :txn :value [[:r 1 nil]]} {:process 0 :type :info :f :txn :value [[:r 1 nil]]}";
    for (nil_read, expected, notes) in [
        (None, Value::NULL, 1),
        (Some(NilRead::Initial), Value::NULL, 0),
        (Some(NilRead::Any), Value::ABSENT, 0),
    ] {
        let recording = record(text, &ReadOptions { nil_read, ..ReadOptions::new() });
        let history = recording.history.unwrap();
        let values: Vec<_> = history.ops().map(|op| history.micro(op).value).collect();
        assert_eq!(values, [expected, expected, Value::NULL, Value::ABSENT]);
        assert_eq!(recording.notes.len(), notes);
    }
}

#[test]
fn locks_are_anonymous_or_named() {
    let text = "{:process 0 :type :invoke :f :acquire} {:process 1 :type :invoke :f :acquire :lock :b :mode :shared}\
                {:process 0 :type :ok :f :acquire :value {:fence 3}} {:process 1 :type :fail :f :acquire :error :held}";
    let history = history(text);
    assert_eq!(words(&history), ["0 ok acquire acquire(null)?", "1 fail acquire acquire(b)?"]);
    assert!(history.shared(OpId(1)) && !history.shared(OpId(0)));
}

#[test]
fn an_answer_is_a_field_of_its_own() {
    let text = "{:process 0 :type :invoke :f :cas :value [1 2]} {:process 0 :type :ok :f :cas :value [1 2] :ok false}\
                {:process 0 :type :invoke :f :cas :value [1 2]} {:process 0 :type :fail :f :cas :value [1 2]}";
    let expected = ["0 ok cas read(null)1 write(null)2 false", "0 fail cas read(null)1 write(null)2"];
    assert_eq!(words(&history(text)), expected);
}

#[test]
fn in_a_counter_add_adds_an_amount() {
    let text = "{:process 0 :type :invoke :f :add :value 2} {:process 0 :type :ok :f :add :value 2}\n\
                {:process 0 :type :invoke :f :read} {:process 0 :type :ok :f :read :value 2}";
    let counter = ReadOptions { spec: Some("counter".into()), ..ReadOptions::new() };
    let history = record(text, &counter).history.unwrap();
    assert_eq!(history.function(OpId(0)), Function::Inc);
    assert_eq!(history.declared_spec(), Some("counter"));
    let error = error(text);
    assert_eq!((error.line, error.help.as_deref().unwrap().contains("--spec counter")), (2, true), "{error}");
    let set = text.replace(":f :read :value 2", ":f :read :value #{2}");
    assert_eq!(words(&self::history(&set))[1], "0 ok read read(null)[2]");
}

#[test]
fn every_function_has_its_shape() {
    let text = "{:process 0 :type :invoke :f :inc} {:process 0 :type :ok :f :inc}\
                {:process 0 :type :invoke :f :push :value [7]} {:process 0 :type :ok :f :push :value nil}\
                {:process 0 :type :invoke :f :pop :value nil} {:process 0 :type :ok :f :pop :value [7]}\
                {:process 0 :type :invoke :f :contains :value 7} {:process 0 :type :ok :f :contains :value 7 :ok true}\
                {:process :client :type :invoke :f :put :key :k :value \"v\"} {:process :client :type :fail :f :put}\
                {:process :other :type :info :f :kill} {:process 1 :type :invoke :f :sync}";
    let expected = [
        "0 ok inc inc(null)1",
        "0 ok push push(null)[7]",
        "0 ok pop pop(null)[7]",
        "0 ok contains contains(null)7 true",
        "client fail put put(k)\"v\"",
        "1 info sync sync(null)?",
    ];
    let history = history(text);
    assert_eq!(words(&history), expected);
    assert_eq!(value(&history, history.micro(OpId(1)).value), Some(Datum::List(vec![Datum::Int(7)])));
    assert_eq!((history.events().len(), history.outcome(OpId(5))), (1, Outcome::Info));
}
