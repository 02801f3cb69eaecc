//! Writes a history as notation: one line a process.
//!
//! Where every operation is an instant and the columns have room, the instants are columns again, so that a figure
//! stays the figure it was; else each operation gets its interval.

use super::item::{NAMES, plain};
use super::line::name;
use crate::error::WriteError;
use std::fmt::Write as _;
use std::io::Write;
use tribunal_checker::history::{Datum, EventKind, History, KeyId, NEVER, OpId, Outcome, ProcessId, Value};

/// Instants behind this column are written as intervals: nobody reads lines that long.
const WIDEST: i64 = 400;

/// Writes a history; its operations are numbered anew, process by process.
pub(crate) fn write(history: &History, out: &mut dyn Write) -> Result<(), WriteError> {
    let mut text = String::new();
    header(history, &mut text)?;
    let processes = (0..history.process_count()).map(ProcessId::from_index);
    let processes: Vec<_> = processes.filter(|&process| !history.program_order(process).is_empty()).collect();
    let mut figure = String::new();
    if !columns(history, &processes, &mut figure)? {
        figure.clear();
        intervals(history, &processes, &mut figure)?;
    }
    text.push_str(&figure);
    out.write_all(text.as_bytes())?;
    Ok(())
}

fn inexpressible(why: impl Into<String>) -> WriteError {
    WriteError::Inexpressible { format: "hist", why: why.into() }
}

fn header(history: &History, text: &mut String) -> Result<(), WriteError> {
    if !history.name().is_empty() {
        if history.name().contains(char::is_control) || history.name().trim() != history.name() {
            return Err(inexpressible("its name has control characters or spaces at its ends"));
        }
        _ = writeln!(text, "history: {}", history.name());
    }
    if let Some(spec) = history.declared_spec() {
        _ = writeln!(text, "spec: {spec}");
    }
    let mut initial = Vec::new();
    if history.default_initial() != Value::NULL {
        initial.push(value(history, history.default_initial())?);
    }
    let keys = || (0..history.key_count()).map(KeyId::from_index);
    for key in keys().filter(|&key| history.initial(key) != history.default_initial()) {
        initial.push(format!(
            "{}={}",
            header_name(history, history.key_name(key))?,
            value(history, history.initial(key))?
        ));
    }
    let mut guards = Vec::new();
    for (key, lock) in keys().filter_map(|key| Some((key, history.guard(key)?))) {
        let (key, lock) = (history.key_name(key), history.lock_name(lock));
        guards.push(format!("{}={}", header_name(history, key)?, header_name(history, lock)?));
    }
    for (name, list) in [("initial", initial), ("guards", guards)] {
        if !list.is_empty() {
            _ = writeln!(text, "{name}: {}", list.join(", "));
        }
    }
    if !history.is_timed() && !history.is_empty() {
        text.push_str("untimed\n");
    }
    if !history.logs().is_empty() || history.replica_count() > 0 {
        return Err(inexpressible("it records replicas"));
    }
    for event in history.events() {
        match (&event.kind, event.time) {
            (EventKind::Annotation(remark), _) => {
                for line in remark.lines() {
                    _ = writeln!(text, "# {line}");
                }
            }
            (_, Some(time)) if history.is_timed() && time >= 0 => _ = writeln!(text, "crash@[{time},{time}]"),
            _ => return Err(inexpressible("it has a crash without a time")),
        }
    }
    Ok(())
}

/// Writes instants as columns; false where they do not fit.
fn columns(history: &History, processes: &[ProcessId], text: &mut String) -> Result<bool, WriteError> {
    let instant = |op: OpId| history.start(op) == history.end(op) || history.outcome(op) == Outcome::Info;
    if !history.is_timed() || history.ops().any(|op| !instant(op) || history.start(op) > WIDEST) {
        return Ok(false);
    }
    for &process in processes {
        let mut line = label(history, process)?;
        for &op in history.program_order(process) {
            let width = i64::try_from(line.chars().count()).unwrap_or(i64::MAX);
            let Ok(gap) = usize::try_from(history.start(op).saturating_sub(width)) else { return Ok(false) };
            if gap == 0 {
                return Ok(false);
            }
            line.extend(std::iter::repeat_n(' ', gap));
            line.push_str(&operation(history, op)?);
        }
        text.push_str(&line);
        text.push('\n');
    }
    Ok(true)
}

/// Writes intervals behind the operations, where there are times.
fn intervals(history: &History, processes: &[ProcessId], text: &mut String) -> Result<(), WriteError> {
    for &process in processes {
        text.push_str(&label(history, process)?);
        for &op in history.program_order(process) {
            _ = write!(text, " {}", operation(history, op)?);
            let (start, end) = (history.start(op), history.end(op));
            if start < 0 {
                return Err(inexpressible(format!("operation {op} starts at {start}, before time 0")));
            }
            match end {
                _ if !history.is_timed() => {}
                NEVER => _ = write!(text, "@[{start},]"),
                _ => _ = write!(text, "@[{start},{end}]"),
            }
        }
        text.push('\n');
    }
    Ok(())
}

fn label(history: &History, process: ProcessId) -> Result<String, WriteError> {
    let datum = datum(history, history.process_name(process));
    let reserved = ["expect", "guards", "initial", "spec", "history"];
    Ok(match &datum {
        Datum::Text(text)
            if reserved.contains(&&**text)
                || text.contains([':', '#', '(', ')', '"'])
                || text.starts_with("crash")
                || !bare(text) =>
        {
            format!("{datum}:")
        }
        Datum::Text(text) => format!("{text}:"),
        Datum::Int(_) | Datum::Big(_) => format!("{datum}:"),
        _ => return Err(inexpressible(format!("a process is named {datum}"))),
    })
}

/// True if the text, standing by itself, is read as that text.
fn bare(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !text.contains(char::is_control)
        && matches!(name(text), Datum::Text(_))
}

/// A key or lock between parentheses.
fn object(history: &History, of: Value) -> Result<String, WriteError> {
    let datum = datum(history, of);
    Ok(match &datum {
        Datum::Null => String::new(),
        Datum::Int(_) | Datum::Big(_) => datum.to_string(),
        Datum::Text(text) if bare(text) && !text.contains(['(', ')']) && !text.starts_with('"') => {
            text.to_string()
        }
        Datum::Text(_) => datum.to_string(),
        _ => return Err(inexpressible(format!("a key or lock is named {datum}"))),
    })
}

/// A key or lock on a header line, where nothing can be quoted.
fn header_name(history: &History, of: Value) -> Result<String, WriteError> {
    let name = object(history, of)?;
    if name.is_empty() || name.contains([',', '=', '"']) {
        return Err(inexpressible(format!("the header must name {}", history.values().display(of))));
    }
    Ok(name)
}

fn operation(history: &History, op: OpId) -> Result<String, WriteError> {
    let (function, shared) = (history.function(op), history.shared(op));
    if history.outcome(op) == Outcome::Fail {
        return Err(inexpressible(format!("operation {op} failed")));
    }
    let Some((_, name, _)) = NAMES.iter().find(|row| row.0 == function && row.2 == shared) else {
        return Err(inexpressible(format!("operation {op} is a {function}")));
    };
    let micro = history.micro(op);
    let key = micro.key().map(|key| history.key_name(key));
    let lock = micro.lock().map(|lock| history.lock_name(lock));
    let mut text = format!("{name}({})", object(history, key.or(lock).unwrap_or(Value::NULL))?);
    let values: Vec<_> = history.micros(op).map(|micro| micro.value).collect();
    match values[..] {
        [old, new] if old.is_known() && new.is_known() => {
            _ = write!(text, "{}>{}", value(history, old)?, value(history, new)?);
        }
        [one] if one.is_known() => text.push_str(&value(history, one)?),
        [_] => {}
        _ => return Err(inexpressible(format!("operation {op} is a {function} without its values"))),
    }
    if let Some(answer) = history.answer(op) {
        _ = write!(text, ">{answer}");
    }
    if history.outcome(op) == Outcome::Info {
        text.push('?');
    }
    Ok(text)
}

fn value(history: &History, of: Value) -> Result<String, WriteError> {
    let datum = datum(history, of);
    Ok(match &datum {
        Datum::Null => "NIL".into(),
        Datum::Text(text)
            if !text.is_empty()
                && !text.contains(|c: char| {
                    c.is_whitespace() || c.is_control() || matches!(c, '?' | '@' | '"' | '>' | ',' | '=')
                })
                && matches!(plain(text), Datum::Text(_)) =>
        {
            text.to_string()
        }
        Datum::List(_) | Datum::Map(_) => {
            return Err(inexpressible(format!("{datum} is a list or a map")));
        }
        _ => datum.to_string(),
    })
}

fn datum(history: &History, value: Value) -> Datum {
    history.values().get(value).unwrap_or(Datum::Null)
}
