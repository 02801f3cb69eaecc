//! What the members of a line say about an operation: function, micro-operations, answer, mode.

use super::row::{Field, Row};
use crate::error::FormatError;
use crate::json::Token;
use tribunal_checker::history::{Function, HistoryBuilder, Micro, Outcome, ProcessId, Value};

/// What a line can know of its operation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Phase {
    /// All of it: an operation line.
    Whole,
    /// The arguments: an `invoke` line.
    Call,
    /// The results: an `ok`, `fail` or `info` line.
    Answer,
}

/// An operation but for its times and its micro-operations.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub(super) process: ProcessId,
    pub(super) function: Function,
    pub(super) answer: Option<bool>,
    pub(super) shared: bool,
}

/// Reads process, function, answer and mode, and fills `micros`.
#[inline]
pub(super) fn parts(
    row: &Row<'_>,
    phase: Phase,
    builder: &mut HistoryBuilder,
    micros: &mut Vec<Micro>,
) -> Result<Parts, FormatError> {
    micros.clear();
    let process = match row.get(Field::Process) {
        Token::Int(number) => builder.process_int(number),
        Token::Text(name) => builder.process_text(name),
        Token::Raw(raw) if raw.starts_with(['"', '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']) => {
            let name = row.value(Field::Process, builder)?;
            builder.process(name)
        }
        Token::Absent => return Err(row.missing(Field::Process, "the process, an integer or a string")),
        _ => return Err(row.wrong(Field::Process, "the process, an integer or a string")),
    };
    let function = function(row)?;
    let answer = answer(row, function)?;
    let shared = if function.is_sync() {
        synchronisation(row, function, builder, micros)?
    } else {
        data(row, phase, function, builder, micros)?;
        false
    };
    Ok(Parts { process, function, answer, shared })
}

#[inline]
fn function(row: &Row<'_>) -> Result<Function, FormatError> {
    if let Token::Text(name) = row.get(Field::F)
        && let Some(function) = Function::from_name(name)
    {
        return Ok(function);
    }
    let names: Vec<_> = Function::ALL.iter().map(|function| function.name()).collect();
    let expected = format!("a function: {}", names.join(", "));
    Err(if row.has(Field::F) { row.wrong(Field::F, expected) } else { row.missing(Field::F, expected) })
}

/// The `"ok"` of an operation that answers yes or no.
#[inline]
fn answer(row: &Row<'_>, function: Function) -> Result<Option<bool>, FormatError> {
    let answer = row.bool(Field::Ok)?;
    let answers = matches!(function, Function::Cas | Function::Add | Function::Remove | Function::Contains);
    if !answers && answer == Some(false) {
        let expected = format!("no \"ok\" with {function}, which has no answer");
        return Err(row
            .wrong(Field::Ok, expected)
            .help("an operation without effect has \"outcome\":\"fail\""));
    }
    Ok(answer.filter(|_| answers))
}

/// The lock of an acquire, release or sync; true if its mode is shared.
fn synchronisation(
    row: &Row<'_>,
    function: Function,
    builder: &mut HistoryBuilder,
    micros: &mut Vec<Micro>,
) -> Result<bool, FormatError> {
    if row.has(Field::Key) {
        let help = "a lock's name stands in \"lock\"";
        return Err(row.wrong(Field::Key, format!("no \"key\" with {function}")).help(help));
    }
    if !matches!(row.get(Field::Value), Token::Absent | Token::Null) {
        let help = "a lock's name stands in \"lock\"; a semaphore's permits are taken one by one";
        return Err(row.wrong(Field::Value, format!("no value with {function}")).help(help));
    }
    let lock = match row.get(Field::Lock) {
        Token::Absent => Value::NULL,
        _ => row.value(Field::Lock, builder)?,
    };
    micros.push(Micro::sync(function, builder.lock(lock)));
    let expected = "\"shared\" or \"exclusive\", on an acquire or a release";
    match row.string(Field::Mode)?.as_deref() {
        None => Ok(false),
        Some("shared") if function != Function::Sync => Ok(true),
        Some("exclusive") if function != Function::Sync => Ok(false),
        Some(_) => Err(row.wrong(Field::Mode, expected)),
    }
}

/// The micro-operations of a function on data.
#[inline]
fn data(
    row: &Row<'_>,
    phase: Phase,
    function: Function,
    builder: &mut HistoryBuilder,
    micros: &mut Vec<Micro>,
) -> Result<(), FormatError> {
    for field in [Field::Lock, Field::Mode] {
        if row.has(field) {
            return Err(row.wrong(field, format!("no lock with {function}")));
        }
    }
    if function == Function::Txn {
        return transaction(row, phase, builder, micros);
    }
    let key = match row.get(Field::Key) {
        Token::Absent => Value::NULL,
        _ => row.value(Field::Key, builder)?,
    };
    let key = builder.key(key);
    match function {
        Function::Cas if phase == Phase::Answer => {}
        Function::Cas => {
            let [old, new] = pair(row, builder)?;
            micros.push(Micro::new(Function::Read, key, old));
            micros.push(Micro::new(Function::Write, key, new));
        }
        Function::Read | Function::Dequeue | Function::Pop | Function::Poll => {
            let value = if phase == Phase::Call { Value::ABSENT } else { row.value(Field::Value, builder)? };
            micros.push(Micro::new(function, key, value));
        }
        _ if phase == Phase::Answer => {}
        Function::Inc if matches!(row.get(Field::Value), Token::Absent | Token::Null) => {
            let one = builder.int(1);
            micros.push(Micro::new(function, key, one));
        }
        _ => {
            let value = row.value(Field::Value, builder)?;
            if !value.is_known() {
                return Err(row.missing(Field::Value, format!("the value of the {function}")));
            }
            micros.push(Micro::new(function, key, value));
        }
    }
    Ok(())
}

/// The `[old,new]` of a cas.
pub(super) fn pair(row: &Row<'_>, builder: &mut HistoryBuilder) -> Result<[Value; 2], FormatError> {
    let fault = |fault| row.fault(Field::Value, fault);
    if let Some(mut elements) = row.get(Field::Value).array() {
        let (old, new) = (elements.element().map_err(fault)?, elements.element().map_err(fault)?);
        if let (Some(old), Some(new), None) = (old, new, elements.element().map_err(fault)?) {
            return Ok([old.value(builder).map_err(fault)?, new.value(builder).map_err(fault)?]);
        }
    }
    let expected = "the old and the new value of the cas, [old,new]";
    Err(if row.has(Field::Value) {
        row.wrong(Field::Value, expected)
    } else {
        row.missing(Field::Value, expected)
    })
}

/// The `[["r","x",1],["w","y",2]]` of a transaction.
fn transaction(
    row: &Row<'_>,
    phase: Phase,
    builder: &mut HistoryBuilder,
    micros: &mut Vec<Micro>,
) -> Result<(), FormatError> {
    let wrong = || {
        let expected = "the steps of the txn, [[\"r\",KEY,VALUE],[\"w\",KEY,VALUE],…]";
        match row.get(Field::Value) {
            Token::Absent => row.missing(Field::Value, expected),
            _ => row.wrong(Field::Value, expected),
        }
    };
    let fault = |fault| row.fault(Field::Value, fault);
    let unrecorded =
        phase == Phase::Call || (phase == Phase::Answer && row.get(Field::Type) != Token::Text("ok"));
    if phase == Phase::Answer && (unrecorded || !row.has(Field::Value)) {
        return Ok(());
    }
    let mut steps = row.get(Field::Value).array().ok_or_else(wrong)?;
    while let Some(step) = steps.element().map_err(fault)? {
        let mut parts = step.array().ok_or_else(wrong)?;
        let mut next = || parts.element().map_err(fault);
        let (function, key, value, end) = (next()?, next()?, next()?, next()?);
        let function = match function {
            Some(Token::Text("r" | "read")) => Function::Read,
            Some(Token::Text("w" | "write")) => Function::Write,
            Some(Token::Text("append")) => Function::Append,
            _ => return Err(wrong()),
        };
        let (Some(key), None) = (key, end) else { return Err(wrong()) };
        let key = key.value(builder).map_err(fault)?;
        let key = builder.key(key);
        let value = value.unwrap_or_default();
        let value = if unrecorded && function == Function::Read && value == Token::Null {
            Value::ABSENT
        } else {
            value.value(builder).map_err(fault)?
        };
        if function != Function::Read && !value.is_known() {
            return Err(wrong());
        }
        micros.push(Micro::new(function, key, value));
    }
    Ok(())
}

/// The outcome that a line names, `ok` where it names none.
#[inline]
pub(super) fn outcome(row: &Row<'_>) -> Result<Outcome, FormatError> {
    match row.get(Field::Outcome) {
        Token::Absent | Token::Text("ok") => Ok(Outcome::Ok),
        Token::Text("fail") => Ok(Outcome::Fail),
        Token::Text("info") => Ok(Outcome::Info),
        _ => Err(row.wrong(Field::Outcome, "\"ok\", \"fail\" or \"info\"")),
    }
}
