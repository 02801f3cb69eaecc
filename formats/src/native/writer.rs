//! Writes a history as JSON Lines.

use crate::error::WriteError;
use std::fmt::Write as _;
use std::io::Write;
use tribunal_checker::history::{
    Datum, Event, EventKind, Function, History, LogLine, NEVER, OpId, Outcome, Value,
};

/// Writes a history: its name, a header, its operations, and events and logs where they stood.
pub(crate) fn write(history: &History, out: &mut dyn Write) -> Result<(), WriteError> {
    // Lines are gathered into large writes; the text is reused.
    let mut text = String::new();
    if !history.name().is_empty() {
        _ = writeln!(text, "{{\"history\":{}}}", Datum::text(history.name()));
    }
    header(history, &mut text);
    let (mut events, mut logs) = (history.events(), history.logs());
    for op in history.ops() {
        beside(history, &mut events, &mut logs, op.0, &mut text);
        operation(history, op, &mut text)?;
        if text.len() > 1 << 16 {
            out.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    beside(history, &mut events, &mut logs, u32::MAX, &mut text);
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn header(history: &History, text: &mut String) {
    text.push_str("{\"tribunal\":1");
    if let Some(spec) = history.declared_spec() {
        _ = write!(text, ",\"spec\":{}", Datum::text(spec));
    }
    if history.default_initial() != Value::NULL {
        member(history, text, "initial", history.default_initial());
    }
    let keys = || (0..history.key_count()).map(tribunal_checker::history::KeyId::from_index);
    let own = keys().filter(|&key| history.initial(key) != history.default_initial());
    by_key(text, "initial_of", own.map(|key| (history.key_name(key), history.initial(key))), history);
    let guards =
        keys().filter_map(|key| Some((history.key_name(key), history.lock_name(history.guard(key)?))));
    by_key(text, "guards", guards, history);
    text.push_str("}\n");
}

/// An object whose members' names are keys.
fn by_key(text: &mut String, name: &str, pairs: impl Iterator<Item = (Value, Value)>, history: &History) {
    let mut first = true;
    for (key, value) in pairs {
        text.push_str(if first { ",\"" } else { "," });
        if first {
            _ = write!(text, "{name}\":{{");
        }
        first = false;
        let key = Datum::text(&history.values().plain(key));
        _ = write!(text, "{key}:{}", history.values().display(value));
    }
    if !first {
        text.push('}');
    }
}

/// The events and logs that stand before operation `before`.
fn beside(history: &History, events: &mut &[Event], logs: &mut &[LogLine], before: u32, text: &mut String) {
    while let Some((event, rest)) = events.split_first().filter(|(event, _)| event.position <= before) {
        *events = rest;
        self::event(event, text);
    }
    while let Some((log, rest)) = logs.split_first().filter(|(log, _)| log.position <= before) {
        *logs = rest;
        let ids: Vec<_> = log.writes.iter().map(ToString::to_string).collect();
        let replica = history.values().display(history.replica_name(log.replica));
        _ = write!(text, "{{\"replica\":{replica},\"log\":[{}]", ids.join(","));
        if log.writes.iter().any(|write| write.0 >= log.position) {
            text.push_str(",\"ahead\":true");
        }
        text.push_str("}\n");
    }
}

fn event(event: &Event, text: &mut String) {
    let name = match &event.kind {
        // As it stood in a native history before.
        EventKind::Annotation(line) if line.starts_with("{\"event\":\"annotation\"") => {
            text.push_str(line);
            text.push('\n');
            return;
        }
        EventKind::Annotation(_) => "annotation",
        _ => "crash",
    };
    _ = write!(text, "{{\"event\":\"{name}\"");
    if let Some(time) = event.time {
        _ = write!(text, ",\"time\":{time}");
    }
    if let EventKind::Annotation(remark) = &event.kind {
        _ = write!(text, ",\"text\":{}", Datum::text(remark));
    }
    text.push_str("}\n");
}

fn operation(history: &History, op: OpId, text: &mut String) -> Result<(), WriteError> {
    let function = history.function(op);
    text.push_str("{\"process\":");
    value(history, text, history.process_name(history.process(op)));
    _ = write!(text, ",\"f\":\"{}\"", function.name());
    match function {
        Function::Txn => transaction(history, op, text),
        Function::Cas => {
            key(history, op, text);
            let mut values = history.micros(op).map(|micro| micro.value);
            text.push_str(",\"value\":[");
            value(history, text, values.next().unwrap_or(Value::ABSENT));
            text.push(',');
            value(history, text, values.next().unwrap_or(Value::ABSENT));
            text.push(']');
        }
        _ if function.is_sync() => {
            if let Some(lock) = history.micro(op).lock().map(|lock| history.lock_name(lock))
                && lock != Value::NULL
            {
                member(history, text, "lock", lock);
            }
            if history.shared(op) {
                text.push_str(",\"mode\":\"shared\"");
            }
        }
        _ => {
            key(history, op, text);
            let result = history.micro(op).value;
            if result.is_known() {
                member(history, text, "value", result);
            }
        }
    }
    rest(history, op, text)
}

/// Times, outcome, answer, replica and hint.
fn rest(history: &History, op: OpId, text: &mut String) -> Result<(), WriteError> {
    if history.is_timed() {
        let (start, end) = (history.start(op), history.end(op));
        if start < 0 {
            let why = format!("operation {op} starts at {start}, before time 0");
            return Err(WriteError::Inexpressible { format: "jsonl", why });
        }
        _ = write!(text, ",\"start\":{start}");
        if end != NEVER {
            _ = write!(text, ",\"end\":{end}");
        }
    }
    if history.outcome(op) != Outcome::Ok {
        _ = write!(text, ",\"outcome\":\"{}\"", history.outcome(op).name());
    }
    if let Some(answer) = history.answer(op) {
        _ = write!(text, ",\"ok\":{answer}");
    }
    if let Some(replica) = history.replica(op) {
        member(history, text, "replica", history.replica_name(replica));
    }
    if let Some(hint) = history.hint(op) {
        _ = write!(text, ",\"hint\":{hint}");
    }
    text.push_str("}\n");
    Ok(())
}

fn transaction(history: &History, op: OpId, text: &mut String) {
    text.push_str(",\"value\":[");
    for (i, micro) in history.micros(op).enumerate() {
        let function = match micro.function {
            Function::Read => "r",
            Function::Write => "w",
            other => other.name(),
        };
        let key = micro.key().map_or(Value::NULL, |key| history.key_name(key));
        _ = write!(text, "{}[\"{function}\",", if i == 0 { "" } else { "," });
        value(history, text, key);
        if micro.value.is_known() {
            text.push(',');
            value(history, text, micro.value);
        }
        text.push(']');
    }
    text.push(']');
}

fn key(history: &History, op: OpId, text: &mut String) {
    if let Some(key) = history.micro(op).key().map(|key| history.key_name(key))
        && key != Value::NULL
    {
        member(history, text, "key", key);
    }
}

fn member(history: &History, text: &mut String, name: &str, of: Value) {
    _ = write!(text, ",\"{name}\":");
    value(history, text, of);
}

fn value(history: &History, text: &mut String, value: Value) {
    match value.as_small_int() {
        Some(int) => _ = write!(text, "{int}"),
        None => text.push_str(&history.values().display(value)),
    }
}
