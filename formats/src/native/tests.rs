//! What native lines mean, and what is said about those that mean nothing.

use crate::{Format, FormatError, ReadOptions, Recording, read_bytes};
use tribunal_checker::history::{EventKind, Function, History, NEVER, OpId, Outcome, Value};

fn read_all(text: &str) -> Vec<Recording> {
    read_bytes(text.as_bytes(), "a.jsonl", &ReadOptions::new().format(Format::Native)).unwrap()
}

fn history(text: &str) -> History {
    let mut recordings = read_all(text);
    assert_eq!(recordings.len(), 1);
    recordings.remove(0).history.unwrap()
}

fn error(text: &str) -> FormatError {
    let mut recordings = read_all(text);
    assert_eq!(recordings.len(), 1);
    recordings.remove(0).history.unwrap_err()
}

fn value(history: &History, op: u32) -> String {
    history.values().display(history.micro(OpId(op)).value)
}

#[test]
fn the_example_of_the_contract() {
    let history = history(concat!(
        "{\"tribunal\":1,\"spec\":\"register\",\"initial\":null,\"guards\":{\"x\":\"L1\"}}\n",
        "{\"process\":0,\"f\":\"write\",\"key\":\"x\",\"value\":1,\"start\":10,\"end\":25}\n",
        "{\"process\":\"c2\",\"f\":\"read\",\"key\":\"x\",\"value\":null,\"start\":12,\"end\":14}\n",
        "{\"process\":0,\"f\":\"cas\",\"key\":\"x\",\"value\":[1,2],\"start\":30,\"end\":41}\n",
        "{\"process\":1,\"f\":\"write\",\"key\":\"x\",\"value\":7,\"start\":33,\"outcome\":\"info\"}\n",
        "{\"process\":2,\"f\":\"acquire\",\"lock\":\"L1\",\"mode\":\"shared\",\"start\":50,\"end\":51}\n",
    ));
    assert_eq!(history.len(), 5);
    assert_eq!(history.declared_spec(), Some("register"));
    let key = history.micro(OpId(0)).key().unwrap();
    assert_eq!(history.lock_name(history.guard(key).unwrap()), Value::short_text("L1").unwrap());
    assert_eq!((history.start(OpId(0)), history.end(OpId(0)), history.line(OpId(0))), (10, 25, 2));
    assert_eq!(value(&history, 1), "null");
    let cas: Vec<_> = history.micros(OpId(2)).map(|micro| (micro.function, micro.value)).collect();
    let int = |int| Value::small_int(int).unwrap();
    assert_eq!(cas, [(Function::Read, int(1)), (Function::Write, int(2))]);
    assert_eq!((history.outcome(OpId(3)), history.end(OpId(3))), (Outcome::Info, NEVER));
    assert!(history.shared(OpId(4)));
    assert_eq!(history.guard(key), history.micro(OpId(4)).lock());
}

#[test]
fn absent_and_default_members() {
    let history = history(concat!(
        "{\"process\":0,\"f\":\"inc\"}\n",
        "{\"process\":0,\"f\":\"dequeue\",\"outcome\":\"info\"}\n",
        "{\"process\":0,\"f\":\"dequeue\",\"value\":null}\n",
        "{\"process\":0,\"f\":\"contains\",\"value\":\"a\",\"ok\":false}\n",
        "{\"process\":0,\"f\":\"txn\",\"value\":[[\"r\",\"x\",1],[\"w\",\"y\",2],[\"r\",\"z\"]]}\n",
    ));
    assert!(!history.is_timed());
    assert_eq!(value(&history, 0), "1");
    assert_eq!(history.key_name(history.micro(OpId(0)).key().unwrap()), Value::NULL);
    assert_eq!((value(&history, 1), value(&history, 2)), ("?".into(), "null".into()));
    assert_eq!(history.answer(OpId(3)), Some(false));
    assert_eq!(history.micros(OpId(4)).len(), 3);
    assert!(!history.micros(OpId(4)).last().unwrap().value.is_known());
}

#[test]
fn values_of_every_kind() {
    let history = history(concat!(
        "{\"process\":0,\"f\":\"write\",\"value\":1.50}\n",
        "{\"process\":0,\"f\":\"write\",\"value\":\"a\\u00e9\\n\"}\n",
        "{\"process\":0,\"f\":\"write\",\"value\":{\"b\":[1,{}],\"a\":true}}\n",
        "{\"process\":0,\"f\":\"write\",\"value\":123456789012345678901234567890}\n",
        "{ \"f\" : \"write\" , \"value\" : \"a rather long text\", \"process\" : 99999999999999999999 }\r\n",
    ));
    let values: Vec<_> = (0..5).map(|op| value(&history, op)).collect();
    let expected = [
        "1.5",
        "\"aé\\n\"",
        "{\"a\":true,\"b\":[1,{}]}",
        "123456789012345678901234567890",
        "\"a rather long text\"",
    ];
    assert_eq!(values, expected);
}

#[test]
fn unknown_members_are_kept_as_spans() {
    let text = concat!(
        "\n",
        "{\"process\":0,\"node\":\"n1\", \"x\":{\"y\":[]},\"f\":\"write\",\"value\":1,\"id\":7}\n",
        "{\"process\":0,\"f\":\"write\",\"value\":2}\n",
    );
    let history = history(text);
    let kept: Vec<_> = history
        .extras()
        .iter()
        .map(|span| (span.op.0, &text[span.offset as usize..][..span.length as usize]))
        .collect();
    assert_eq!(kept, [(0, "\"node\":\"n1\", \"x\":{\"y\":[]}"), (0, "\"id\":7")]);
}

#[test]
fn events_are_paired_by_position() {
    let history = history(concat!(
        "{\"type\":\"invoke\",\"process\":0,\"f\":\"write\",\"value\":3,\"time\":900}\n",
        "{\"type\":\"invoke\",\"process\":1,\"f\":\"read\",\"value\":null,\"time\":1}\n",
        "{\"type\":\"info\",\"process\":\"nemesis\",\"f\":\"kill\",\"value\":null}\n",
        "{\"type\":\"ok\",\"process\":1,\"f\":\"read\",\"value\":3}\n",
        "{\"type\":\"info\",\"process\":0,\"f\":\"write\",\"value\":3}\n",
        "{\"type\":\"invoke\",\"process\":1,\"f\":\"txn\",\"value\":[[\"r\",\"x\",null]]}\n",
        "{\"type\":\"ok\",\"process\":1,\"f\":\"txn\",\"value\":[[\"r\",\"x\",4]]}\n",
        "{\"type\":\"invoke\",\"process\":1,\"f\":\"cas\",\"value\":[3,4]}\n",
        "{\"type\":\"fail\",\"process\":1,\"f\":\"cas\",\"value\":[3,4]}\n",
        "{\"type\":\"invoke\",\"process\":1,\"f\":\"dequeue\",\"value\":null}\n",
    ));
    let times: Vec<_> = history.ops().map(|op| (history.start(op), history.end(op))).collect();
    assert_eq!(times, [(0, NEVER), (1, 3), (5, 6), (7, 8), (9, NEVER)]);
    assert_eq!(
        (value(&history, 1), value(&history, 2), value(&history, 4)),
        ("3".into(), "4".into(), "?".into())
    );
    let outcomes: Vec<_> = history.ops().map(|op| history.outcome(op).name()).collect();
    assert_eq!(outcomes, ["info", "ok", "ok", "fail", "info"]);
    assert_eq!(history.events().len(), 1);
    assert!(history.extras().is_empty());
}

#[test]
fn an_answer_repeats_its_call() {
    let call = |f: &str, value: &str| {
        format!("{{\"type\":\"invoke\",\"process\":0,\"f\":\"{f}\",\"value\":{value}}}\n")
    };
    let answer = |f: &str, value: &str| call(f, value).replace("invoke", "ok");
    for (f, called, answered) in [
        ("write", "1", "2"),
        ("cas", "[1,2]", "[1,3]"),
        ("txn", "[[\"r\",\"x\",null]]", "[[\"r\",\"y\",1]]"),
        ("txn", "[[\"w\",\"x\",1]]", "[[\"w\",\"x\",2]]"),
        ("txn", "[[\"r\",\"x\",null]]", "[]"),
    ] {
        let message = error(&(call(f, called) + &answer(f, answered))).to_string();
        let expected = format!("found `{answered}}}`, expected the arguments of the {f} that was called");
        assert!(message.contains(&expected), "{message}");
        assert_eq!(history(&(call(f, called) + &answer(f, called))).len(), 1);
    }
    assert_eq!(history(&(call("write", "1") + &answer("write", "null"))).len(), 1);
    let message = error(&(call("read", "null") + &answer("write", "1"))).to_string();
    assert!(message.contains("invoked read (line 1) but got a response to write"), "{message}");
}

#[test]
fn crashes_annotations_and_logs() {
    let history = history(concat!(
        "{\"process\":0,\"f\":\"write\",\"value\":1,\"start\":1,\"end\":2}\n",
        "{\"event\":\"crash\",\"time\":5}\n",
        "{\"event\":\"annotation\",\"node\":\"n1\"}\n",
        "{\"event\":\"annotation\",\"text\":\"cut\"}\n",
        "{\"replica\":\"L1\",\"log\":[0]}\n",
        "{\"process\":0,\"f\":\"read\",\"value\":1,\"replica\":\"L1\",\"hint\":-4,\"start\":6,\"end\":7}\n",
    ));
    assert_eq!(history.events()[0].kind, EventKind::Crash);
    assert_eq!((history.events()[0].position, history.events()[0].time), (1, Some(5)));
    assert_eq!(
        history.events()[1].kind,
        EventKind::Annotation("{\"event\":\"annotation\",\"node\":\"n1\"}".into())
    );
    assert_eq!(history.events()[2].kind, EventKind::Annotation("cut".into()));
    assert_eq!(history.logs()[0].writes, [OpId(0)]);
    assert_eq!(history.replica(OpId(1)), Some(history.logs()[0].replica));
    assert_eq!(history.hint(OpId(1)), Some(-4));
}

#[test]
fn initial_values() {
    let history = history(concat!(
        "{\"tribunal\":1,\"initial\":0,\"initial_of\":{\"x\":1,\"5\":2,\"unused\":3}}\n",
        "{\"process\":0,\"f\":\"read\",\"key\":\"x\",\"value\":1}\n",
        "{\"process\":0,\"f\":\"read\",\"key\":5,\"value\":2}\n",
        "{\"process\":0,\"f\":\"read\",\"key\":\"y\",\"value\":0}\n",
    ));
    for op in history.ops() {
        let micro = history.micro(op);
        assert_eq!(history.initial(micro.key().unwrap()), micro.value);
    }
    assert_eq!(history.key_count(), 3);
}

#[test]
fn several_histories() {
    let recordings = read_all(concat!(
        "{\"process\":0,\"f\":\"write\",\"value\":1}\n",
        "{\"history\":\"a\"}\n",
        "{\"tribunal\":1,\"spec\":\"queue\"}\n",
        "{\"process\":0,\"f\":\"enqueue\",\"value\":1}\n",
        "{\"history\":\"bad\"}\n",
        "{\"process\":0,\"f\":\"write\"}\n",
        "not json either\n",
        "{\"history\":\"empty\"}\n",
        "{\"history\":\"a\"}\n",
        "{\"process\":0,\"f\":\"write\",\"value\":1}\n",
    ));
    let names: Vec<_> = recordings.iter().map(|recording| recording.name.as_str()).collect();
    assert_eq!(names, ["a.jsonl", "a.jsonl#a", "a.jsonl#bad", "a.jsonl#empty", "a.jsonl#a"]);
    let lengths: Vec<_> = recordings.iter().map(|r| r.history.as_ref().ok().map(History::len)).collect();
    assert_eq!(lengths, [Some(1), Some(1), None, Some(0), None]);
    let second = recordings[1].history.as_ref().unwrap();
    assert_eq!((second.declared_spec(), second.line(OpId(0))), (Some("queue"), 4));
    assert_eq!(recordings[0].history.as_ref().unwrap().declared_spec(), None);
    let error = recordings[4].history.as_ref().unwrap_err();
    let expected = "a.jsonl:9:12: found `\"a\"}`, expected a name that no other history has (line 2 has it)";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn nothing_is_an_empty_history() {
    for text in ["", "\n\n", "\u{feff}"] {
        assert!(history(text).is_empty());
    }
}

#[test]
fn errors_say_where_and_what() {
    let good = "{\"process\":0,\"f\":\"write\",\"value\":1,\"start\":1,\"end\":2}\n";
    for (line, expected) in [
        ("junk", "2:1: found `junk`, expected a JSON object"),
        ("[1]", "2:1: found `[1]`, expected a JSON object; write one JSON object a line"),
        (
            "{\"process\":0,\"f\":\"wr",
            "2:21: found the end of the line, expected a closing `\"`; the input ends within",
        ),
        ("{\"process\":0,\"f\":\"wr\n", "2:21: found the end of the line, expected a closing `\"`"),
        ("{\"process\":0,\"process\":0}", "2:14: found `\"process\":0}`, expected each member only once"),
        ("{\"process\":0} {}", "2:15: found `{}`, expected nothing behind the value"),
        ("{}", "2:1: found no \"f\", expected an operation"),
        ("{\"f\":\"read\"}", "2:1: found no \"process\", expected the process"),
        ("{\"process\":null,\"f\":\"read\"}", "2:12: found `null,"),
        (
            "{\"process\":0,\"f\":\"frobnicate\"}",
            "2:18: found `\"frobnicate\"}`, expected a function: read, write",
        ),
        (
            "{\"process\":0,\"f\":\"write\",\"start\":1,\"end\":2}",
            "2:1: found no \"value\", expected the value of the write",
        ),
        (
            "{\"process\":0,\"f\":\"cas\",\"value\":[1]}",
            "2:32: found `[1]}`, expected the old and the new value",
        ),
        (
            "{\"process\":0,\"f\":\"read\",\"start\":-5,\"end\":2}",
            "2:33: found `-5,\"end\":2}`, expected a time",
        ),
        (
            "{\"process\":0,\"f\":\"read\",\"start\":5,\"end\":99999999999999999999}",
            "2:41: found `99999999999999999999}`",
        ),
        (
            "{\"process\":0,\"f\":\"read\",\"start\":1.5,\"end\":2}",
            "2:33: found `1.5,\"end\":2}`, expected a time",
        ),
        (
            "{\"process\":0,\"f\":\"write\",\"value\":1,\"ok\":false}",
            "2:41: found `false}`, expected no \"ok\" with write",
        ),
        (
            "{\"process\":0,\"f\":\"acquire\",\"key\":\"L\"}",
            "2:34: found `\"L\"}`, expected no \"key\" with acquire",
        ),
        (
            "{\"process\":0,\"f\":\"read\",\"outcome\":\"maybe\"}",
            "2:35: found `\"maybe\"}`, expected \"ok\", \"fail\"",
        ),
        (
            "{\"process\":9,\"f\":\"read\",\"start\":5,\"end\":4}",
            "2: operation 1 ends at 4, before its start at 5",
        ),
        ("{\"process\":9,\"f\":\"read\",\"start\":5}", "2: operation 1 is ok but has no \"end\""),
        ("{\"process\":9,\"f\":\"read\"}", "2: operation 1 has no times but operation 0 (line 1) has some"),
        (
            "{\"process\":0,\"f\":\"read\",\"start\":1,\"end\":9}",
            "2: operations 0 (line 1) and 1 (line 2) of process 0 overlap",
        ),
        ("{\"type\":\"invoke\",\"process\":0,\"f\":\"read\"}", "2:9: found `\"invoke\",\"process\":0,"),
        ("{\"tribunal\":1}", "2:13: found `1}`, expected the header once, before the operations"),
        ("{\"event\":\"quake\"}", "2:10: found `\"quake\"}`, expected \"crash\" or \"annotation\""),
        (
            "{\"replica\":\"L1\",\"log\":[1]}",
            "2: the log of replica \"L1\" names operation 1, which does not exist",
        ),
        ("{\"replica\":\"L1\",\"log\":[-1]}", "2:23: found `[-1]}`, expected the ids of writes"),
        ("{\"process\":1,\"f\":\"write\",\"value\":1e999,\"start\":1,\"end\":2}", "2:34: found `1e999,"),
    ] {
        let message = error(&format!("{good}{line}")).to_string();
        let expected = format!("a.jsonl:{expected}");
        assert!(message.starts_with(&expected), "\n{message}\n{expected}");
    }
}

#[test]
fn errors_of_other_kinds() {
    let id = "{\"process\":0,\"f\":\"write\",\"value\":1,\"id\":\"w1\"}\n";
    let message = error(&format!("{id}{id}")).to_string();
    assert!(
        message.starts_with("a.jsonl:2:41: found `\"w1\"}`, expected an id of its own (line 1 has it)"),
        "{message}"
    );
    let message = error("{\"tribunal\":2}\n").to_string();
    assert!(message.starts_with("a.jsonl:1:13: found `2}`, expected version 1"), "{message}");
    let message = error("{\"type\":\"ok\",\"process\":0,\"f\":\"read\",\"value\":1}").to_string();
    assert!(
        message.starts_with("a.jsonl:1: process 0 got a response but has no call in flight"),
        "{message}"
    );
    let deep = format!("{{\"process\":0,\"f\":\"write\",\"value\":{}", "[".repeat(1 << 20));
    assert!(error(&deep).to_string().contains("at most 128 levels of nesting"));
    let options = ReadOptions::new().format(Format::Native);
    let bytes = b"{\"process\":0,\"f\":\"write\",\"value\":\"\xff\"}";
    let message = read_bytes(bytes, "a", &options).unwrap().remove(0).history.unwrap_err().to_string();
    assert!(message.starts_with("a:1:35: found byte 0xff, expected UTF-8"), "{message}");
}

/// A recorder was killed in the middle of a line: what it had written of calls and answers is judged.
#[test]
fn a_torn_last_line_of_events_is_set_aside_and_said() {
    let whole = "{\"type\":\"invoke\",\"process\":0,\"f\":\"write\",\"value\":\"é\"}\n\
                 {\"type\":\"ok\",\"process\":0,\"f\":\"write\",\"more\":true}\n\
                 {\"type\":\"invoke\",\"process\":1,\"f\":\"write\",\"value\":{\"é\":true}}";
    let second = whole.find("{\"type\":\"ok").unwrap();
    for cut in second + 1..=whole.len() {
        let read = crate::read_bytes(&whole.as_bytes()[..cut], "torn.jsonl", &crate::ReadOptions::default());
        let recording = read.unwrap().swap_remove(0);
        let history = recording.history.unwrap_or_else(|error| panic!("{cut}: {error}"));
        let complete = [b'\n', b'}'].contains(&whole.as_bytes()[cut - 1]) && {
            let line = whole[..cut].lines().last().unwrap();
            line.matches('{').count() == line.matches('}').count()
        };
        assert_eq!(recording.notes.is_empty(), complete, "{cut}");
        assert_eq!(history.len(), if cut == whole.len() { 2 } else { 1 }, "{cut}");
    }
}

/// An operation line that is torn may have had effects that others saw: that is an error.
#[test]
fn a_torn_operation_is_an_error() {
    let whole = "{\"process\":0,\"f\":\"write\",\"value\":1}\n{\"process\":0,\"f\":\"wri";
    let read = crate::read_bytes(whole.as_bytes(), "torn.jsonl", &crate::ReadOptions::default()).unwrap();
    let error = read[0].history.as_ref().unwrap_err().to_string();
    assert!(error.contains("torn.jsonl:2:") && error.contains("cut off"), "{error}");
}
