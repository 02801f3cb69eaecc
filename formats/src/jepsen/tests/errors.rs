//! Bad input: every error has a place, none is a panic.

use super::*;
use crate::ErrorKind;
use proptest::prelude::*;
use std::io::Read;

const CALL: &str = "{:process 0 :type :invoke :f :write :value 3}\n";

#[test]
fn errors_name_line_and_column() {
    for (second, column, expected) in [
        ("{:process 1 :type :invoke :f :drain :value nil}", 30, "one of read"),
        ("{:process 1 :type :begin :f :read}", 19, ":type"),
        ("{:process 1.5 :type :invoke :f :read}", 11, "a process"),
        ("{:type :invoke :f :read}", 1, ":process"),
        ("{:process 1 :f :read}", 1, ":type"),
        ("{:process 1 :type :invoke :f :write}", 1, ":value"),
        ("{:process 1 :type :invoke :f :cas :value 3}", 42, "[old new]"),
        ("{:process 1 :type :invoke :f :txn :value [[:append 1 2]]}", 42, "micro-operations"),
        ("{:process 1 :type :invoke :f :txn :value [[:r]]}", 42, "micro-operations"),
        ("{:process 1 :process 2 :type :invoke :f :read}", 13, "once"),
        ("{:process 1 :type :invoke :f}", 29, "a value"),
        ("{:process 0 :type :ok :f :write :value 4}", 40, "`3`"),
        ("{:process 0 :type :ok :f :write :value 3 :ok 1}", 46, "true or false"),
        ("  }", 3, "an event"),
        ("  7", 3, "an event"),
        ("[{:process 1}]", 1, "an event"),
        ("{:process 1 :type ) }", 19, "a value"),
        ("{:process 1\u{e9}}", 11, "a number"),
    ] {
        let error = error(&format!("{CALL}{second}"));
        assert_eq!((error.line, error.column), (2, column), "{error}");
        assert!(error.expected.contains(expected), "{error}");
    }
    let list = error("[{:process 0 :type :invoke :f :read}]\n\n {:process 0}");
    assert_eq!((list.line, list.column, &*list.expected), (3, 2, "the end of the input"));
}

#[test]
fn the_builder_refuses_what_does_not_pair() {
    for second in
        [CALL, "{:process 1 :type :ok :f :read :value 1}", "{:process 0 :type :ok :f :read :value 1}"]
    {
        let error = error(&format!("{CALL}{second}"));
        assert!(matches!(error.kind, ErrorKind::History(_)) && error.line == 2, "{error}");
    }
}

#[test]
fn truncated_input_is_told_from_junk() {
    for (text, place) in [
        (format!("{CALL}{{:process 0 :type :ok"), (2, 1)),
        (format!("{CALL}  {{:process 0 :value \"a\n"), (2, 3)),
        (format!(" [{CALL}"), (1, 2)),
    ] {
        let error = error(&text);
        assert_eq!(error.found, "the end of the input");
        assert_eq!((error.line, error.column), place, "{error}");
    }
}

#[test]
fn json_errors_have_places_too() {
    let json = ReadOptions::new().format(Format::JepsenJson);
    let first = "[{\"process\":0,\"type\":\"invoke\",\"f\":\"read\"}";
    for (rest, place) in [
        ("\n{\"process\":1}]", (2, 1)),
        (",\n {\"process\":1,}]", (2, 15)),
        (",\n {\"process\":01}]", (2, 13)),
        (",\n {\"process\":1 \"f\":2}]", (2, 15)),
        (",\n {\"process\":1,\"type\":\"invoke\",\"f\":\"drain\"}]", (2, 35)),
        (",\n {\"process\":1,\"value\":[1,[2,}]}]", (2, 29)),
        (",\n {\"process\":1,\"type\":\"inv", (2, 2)),
        ("\n", (1, 1)),
        ("] 1", (1, 44)),
        (",\n {\"process\":1,\"f\":\"\\x\"}]", (2, 20)),
    ] {
        let error = record(&format!("{first}{rest}"), &json).history.unwrap_err();
        assert_eq!((error.line, error.column), place, "{rest}: {error}");
    }
}

#[test]
fn bytes_that_are_no_text_are_named() {
    let mut bytes = CALL.as_bytes().to_vec();
    bytes.extend_from_slice(b"{:process 1 :error \"a\xff\" :type :invoke :f :read}");
    let error = read_bytes(&bytes, "h.edn", &ReadOptions::new()).unwrap().remove(0).history.unwrap_err();
    assert_eq!((error.line, error.column, error.kind), (2, 22, ErrorKind::Encoding));
}

#[test]
fn deep_and_endless_forms_are_refused() {
    let deep = format!("{{:process 0 :type :invoke :f :write :value {}", "[".repeat(1 << 20));
    let error = error(&deep);
    assert_eq!((error.line, error.column, error.kind), (1, 172 - 1, ErrorKind::Limit));
    for (start, format) in
        [("{:process 0 :value \"", Format::JepsenEdn), ("{\"process\":\"", Format::JepsenJson)]
    {
        let endless = start.as_bytes().chain(std::io::repeat(b'x').take(200 << 20));
        let mut recordings = Vec::new();
        let options = ReadOptions::new().format(format);
        crate::read_stream(endless, "h", &options, &mut |recording| {
            recordings.push(recording);
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(recordings.remove(0).history.unwrap_err().kind, ErrorKind::Limit);
    }
}

/// Hands out its bytes one by one.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(&mut out[..1])
    }
}

#[test]
fn where_the_input_is_cut_into_pieces_does_not_matter() {
    let mut words_read = Vec::new();
    let long = format!("{EVENTS}\n;{}\n", "-".repeat(200_000));
    let options = ReadOptions::new().format(Format::JepsenEdn);
    crate::read_stream(Drip(long.as_bytes()), "h", &options, &mut |recording| {
        words_read = words(&recording.history.unwrap());
        std::ops::ControlFlow::Continue(())
    })
    .unwrap();
    assert_eq!(words_read, words(&history(EVENTS)));
}

/// A text with some bytes replaced, removed or doubled.
fn mangled(text: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let change = (0..text.len(), any::<u8>(), 0..4_u8);
    prop::collection::vec(change, 1..6).prop_map(move |changes| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, byte, kind) in changes {
            let at = at % bytes.len().max(1);
            match kind {
                0 if !bytes.is_empty() => bytes[at] = byte,
                1 if !bytes.is_empty() => _ = bytes.remove(at),
                2 => bytes.insert(at, b"[](){}\"\\:#;, "[usize::from(byte) % 13]),
                _ => bytes.truncate(at),
            }
        }
        bytes
    })
}

proptest! {
    #[test]
    fn mangled_events_are_errors_at_most(bytes in mangled(EVENTS)) {
        for format in [Format::JepsenEdn, Format::Kv, Format::EtcdLog, Format::JepsenJson] {
            let _ = read_bytes(&bytes, "h", &ReadOptions::new().format(format));
        }
    }

    #[test]
    fn mangled_json_is_an_error_at_most(
        bytes in mangled("[{\"type\":\"invoke\",\"f\":\"txn\",\"value\":[[\"r\",\"x\",null]],\"process\":0},\n{\"type\":\"ok\"}]")
    ) {
        let _ = read_bytes(&bytes, "h", &ReadOptions::new().format(Format::JepsenJson));
    }

    #[test]
    fn mangled_logs_are_errors_at_most(
        bytes in mangled("INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\nINFO  jepsen.util - 0\t:fail\t:cas\t[1 2]\n")
    ) {
        let _ = read_bytes(&bytes, "h", &ReadOptions::new().format(Format::EtcdLog));
    }
}
