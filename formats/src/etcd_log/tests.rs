//! Logs: events, other lines, and what the results of the etcd test mean.

use crate::{ErrorKind, Format, FormatError, ReadOptions, Recording, read_bytes};
use tribunal_checker::history::{EventKind, History, NEVER, OpId, Outcome, Value};

fn record(text: &str) -> Recording {
    let options = ReadOptions::new().format(Format::EtcdLog);
    read_bytes(text.as_bytes(), "etcd.log", &options).unwrap().remove(0)
}

fn history(text: &str) -> History {
    record(text).history.unwrap_or_else(|error| panic!("{error}"))
}

fn error(text: &str) -> FormatError {
    record(text).history.unwrap_err()
}

#[test]
fn events_are_read_with_tabs_or_spaces() {
    let text = "INFO  jepsen.util - 0\t:invoke\t:write\t4\nINFO  jepsen.util - 3   :invoke :read   nil\r\n\
                INFO  jepsen.util - 0\t:ok\t:write\t4\nINFO  jepsen.util - 3   :ok     :read   4\n";
    assert_eq!(read_bytes(text.as_bytes(), "-", &ReadOptions::new()).unwrap()[0].format, Format::EtcdLog);
    let history = history(text);
    assert_eq!(history.len(), 2);
    let times: Vec<_> = history.ops().map(|op| (history.start(op), history.end(op))).collect();
    assert_eq!(times, [(0, 2), (1, 3)]);
    assert_eq!(history.micro(OpId(1)).value.as_small_int(), Some(4));
    assert_eq!((history.line(OpId(0)), history.line(OpId(1))), (1, 2));
}

#[test]
fn a_failed_cas_found_another_value_and_other_failures_did_not_happen() {
    let history = history(
        "INFO  jepsen.util - 0 :invoke :cas [1 2]\nINFO  jepsen.util - 0 :fail :cas [1 2]\n\
         INFO  jepsen.util - 1 :invoke :read nil\nINFO  jepsen.util - 1 :fail :read :timed-out\n\
         INFO  jepsen.util - 2 :invoke :cas [3 4]\nINFO  jepsen.util - 2 :info :cas :timed-out\n\
         INFO  jepsen.util - 3 :invoke :write 5\nINFO  jepsen.util - 3 :info :write :timed-out\n\
         INFO  jepsen.util - 4 :invoke :read nil\nINFO  jepsen.util - 4 :ok :read nil\n",
    );
    let outcomes: Vec<_> = history.ops().map(|op| (history.outcome(op), history.answer(op))).collect();
    let unknown = (Outcome::Info, None);
    assert_eq!(
        outcomes,
        [(Outcome::Ok, Some(false)), (Outcome::Fail, None), unknown, unknown, (Outcome::Ok, None)]
    );
    assert_eq!(history.end(OpId(2)), NEVER);
    assert_eq!(history.micro(OpId(4)).value, Value::NULL);
}

#[test]
fn other_lines_are_counted_and_the_nemesis_is_a_remark() {
    let recording = record(
        "INFO  jepsen.core - starting\n\njava.lang.RuntimeException: no\n    at x.y(Z.java:1)\n\
         INFO  jepsen.util - :nemesis :info :start nil\nINFO  jepsen.util - Everything looks good!\n\
         INFO  jepsen.util - 0 :invoke :read nil\n",
    );
    assert_eq!(recording.notes, ["4 lines that are no events were passed over"]);
    let history = recording.history.unwrap();
    assert_eq!(history.len(), 1);
    assert_eq!(history.events()[0].kind, EventKind::Annotation(":nemesis :info :start nil".into()));
    assert_eq!((history.events()[0].time, history.start(OpId(0))), (Some(0), 1));
}

#[test]
fn what_begins_as_an_event_must_be_one() {
    for (line, column, expected) in [
        ("INFO  jepsen.util - 0 :invoke", 0, "process, type, function and value"),
        ("INFO  jepsen.util - 0 :invoke :read", 0, "process, type, function and value"),
        ("INFO  jepsen.util - 0 :begin :read nil", 23, ":type"),
        ("INFO  jepsen.util - 0 :invoke :drain nil", 31, "one of read"),
        ("INFO  jepsen.util - 0 :invoke :cas [1 2", 21, "process, type, function and value"),
        ("INFO  jepsen.util - 0 :invoke :cas [1 2 3]", 36, "[old new]"),
        ("INFO  jepsen.util - 0 :invoke :cas [1 2}", 40, "a value"),
        ("INFO  jepsen.util - 0 :invoke :read nil 1 2", 43, "the end of the line"),
    ] {
        let error = error(&format!("\n{line}\n"));
        assert_eq!((error.line, error.column), (2, column), "{error}");
        assert!(error.expected.contains(expected), "{error}");
    }
    let error = error("INFO  jepsen.util - 0 :ok :read 1\n");
    assert!(matches!(error.kind, ErrorKind::History(_)) && error.line == 1, "{error}");
}
