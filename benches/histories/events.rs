//! Histories as lists of events, in the formats that are only read.

use std::io::Write;
use tribunal_checker::history::{Function, History, Outcome, Value};

/// An event: the operation, and whether it is the response.
type Event = (tribunal_checker::history::OpId, bool);

/// A register history in the form of Jepsen's etcd logs.
pub(crate) fn etcd_log(history: &History, out: &mut dyn Write) {
    each(history, |(op, response)| {
        let micro = history.micro(op);
        let function = if micro.function == Function::Read { ":read" } else { ":write" };
        let kind = if response { ":ok" } else { ":invoke" };
        let process = history.values().plain(history.process_name(history.process(op)));
        let value = value(history, micro.value, response || micro.function != Function::Read, "nil");
        writeln!(out, "INFO  jepsen.util - {process}\t{kind}\t{function}\t{value}").expect("room");
    });
}

/// A register history as Jepsen writes it in JSON.
pub(crate) fn jepsen_json(history: &History, out: &mut dyn Write) {
    let mut index = 0;
    each(history, |(op, response)| {
        let micro = history.micro(op);
        let function = if micro.function == Function::Read { "read" } else { "write" };
        let kind = if response { "ok" } else { "invoke" };
        let process = history.values().plain(history.process_name(history.process(op)));
        let value = value(history, micro.value, response || micro.function != Function::Read, "null");
        writeln!(
            out,
            "{{\"type\":\"{kind}\",\"f\":\"{function}\",\"value\":{value},\"process\":{process},\"time\":{index},\
             \"index\":{index}}}"
        )
        .expect("room");
        index += 1;
    });
}

/// A list history as porcupine's key-value files are: `get` returns the elements behind one another.
pub(crate) fn kv(history: &History, out: &mut dyn Write) {
    each(history, |(op, response)| {
        let micro = history.micro(op);
        let read = micro.function == Function::Read;
        let function = if read { ":get" } else { ":append" };
        let kind = if response { ":ok" } else { ":invoke" };
        let process = history.values().plain(history.process_name(history.process(op)));
        let key = history.values().plain(history.key_name(micro.key().expect("a key")));
        let text = history.values().display(micro.value);
        let text: String = text.chars().filter(|c| !matches!(c, '[' | ']' | ',')).collect();
        let value = if read && !response { "nil".into() } else { format!("\"{text}\"") };
        writeln!(out, "{{:process {process}, :type {kind}, :f {function}, :key \"{key}\", :value {value}}}")
            .expect("room");
    });
}

fn value(history: &History, value: Value, shown: bool, null: &str) -> String {
    if shown && value != Value::NULL { history.values().display(value) } else { null.into() }
}

/// Every event in the order of time.
fn each(history: &History, mut take: impl FnMut(Event)) {
    let mut events: Vec<(i64, Event)> = Vec::with_capacity(2 * history.len());
    for op in history.ops() {
        events.push((history.start(op), (op, false)));
        if history.outcome(op) == Outcome::Ok {
            events.push((history.end(op), (op, true)));
        }
    }
    events.sort_unstable();
    events.into_iter().for_each(|(_, event)| take(event));
}
