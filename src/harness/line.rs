//! A call as a line of JSON, and back.
//!
//! An operation that serialises as an object with a text `f`, and whose members have no name that lines use for
//! something else, stands on its line member by member: that makes it a line of the native format. Any other is
//! `"f":"call","op":…`. A result that is an object stands beside it member by member; else it is `value`, or `ret` where
//! the operation has a `value`.

use super::SavedSpec;
use crate::{Call, Outcome, SequentialSpec};
use serde::Serialize;
use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::io::Write as _;

/// What a line's other members are called.
const TAKEN: &[&str] = &[
    "process", "type", "time", "start", "end", "outcome", "op", "ret", "event", "text", "log", "ahead",
    "history", "tribunal", "until", "id",
];

/// The function of an operation that does not name its own.
const CALL: &str = "call";

type Members = Map<String, Value>;

/// The line of an invocation.
pub(super) fn invoked<S: SavedSpec>(
    text: &mut Vec<u8>,
    process: u64,
    op: &S::Op,
    time: i64,
) -> Result<(), String> {
    text.clear();
    _ = write!(text, "{{\"type\":\"invoke\",\"process\":{process}");
    members(text, &op_members(op)?);
    _ = writeln!(text, ",\"time\":{time}}}");
    Ok(())
}

/// The line of an answer: it repeats the function, and has the result.
pub(super) fn answered<S: SavedSpec>(
    text: &mut Vec<u8>,
    process: u64,
    op: &S::Op,
    (outcome, ret): (Outcome, Option<&S::Ret>),
    time: i64,
) -> Result<(), String> {
    let op = op_members(op)?;
    text.clear();
    _ = write!(text, "{{\"type\":\"{}\",\"process\":{process}", outcome.name());
    _ = write!(text, ",\"f\":{}", op.get("f").unwrap_or(&Value::Null));
    if let Some(key) = op.get("key").filter(|_| !op.contains_key("op")) {
        _ = write!(text, ",\"key\":{key}");
    }
    if let Some(ret) = ret.filter(|_| outcome == Outcome::Ok) {
        members(text, &ret_members(&op, ret)?);
    }
    _ = writeln!(text, ",\"time\":{time}}}");
    Ok(())
}

/// The line of a whole call.
pub(super) fn whole<S: SavedSpec>(call: &Call<S::Op, S::Ret>) -> Result<String, String> {
    let op = op_members(&call.op)?;
    let mut text = format!("{{\"process\":{}", call.process).into_bytes();
    members(&mut text, &op);
    if let Some(ret) = call.ret.as_ref().filter(|_| call.outcome == Outcome::Ok) {
        members(&mut text, &ret_members(&op, ret)?);
    }
    let mut rest = format!(",\"start\":{}", call.start);
    if call.outcome != Outcome::Info {
        _ = write!(rest, ",\"end\":{}", call.end);
    }
    if call.outcome != Outcome::Ok {
        _ = write!(rest, ",\"outcome\":\"{}\"", call.outcome.name());
    }
    let text = String::from_utf8(text).map_err(|error| error.to_string())?;
    Ok(format!("{text}{rest}}}\n"))
}

/// Function, key and value first, as people read them.
fn members(text: &mut Vec<u8>, members: &Members) {
    let first = ["f", "key", "value"];
    let named = first.iter().filter_map(|&name| members.get_key_value(name));
    let others = members.iter().filter(|(name, _)| !first.contains(&name.as_str()));
    for (name, value) in named.chain(others) {
        _ = write!(text, ",{}:{value}", Value::from(name.as_str()));
    }
}

fn value(what: &str, of: &impl Serialize) -> Result<Value, String> {
    serde_json::to_value(of).map_err(|error| format!("JSON has no form for {what}: {error}"))
}

fn op_members(op: &impl Serialize) -> Result<Members, String> {
    match value("an operation", op)? {
        Value::Object(members)
            if members.get("f").is_some_and(Value::is_string)
                && !members.keys().any(|name| TAKEN.contains(&name.as_str())) =>
        {
            Ok(members)
        }
        op => Ok(Members::from_iter([("f".to_owned(), CALL.into()), ("op".to_owned(), op)])),
    }
}

fn ret_members(op: &Members, ret: &impl Serialize) -> Result<Members, String> {
    let one = |name: &str, value| Members::from_iter([(name.to_owned(), value)]);
    Ok(match value("a result", ret)? {
        ret if op.contains_key("op") => one("ret", ret),
        Value::Object(members)
            if !members
                .keys()
                .any(|name| TAKEN.contains(&name.as_str()) || op.contains_key(name.as_str())) =>
        {
            members
        }
        Value::Null if op.contains_key("value") => Members::new(),
        ret => one(if op.contains_key("value") { "ret" } else { "value" }, ret),
    })
}

/// The operation that a line is about.
pub(super) fn op<S: SavedSpec>(line: &Members) -> Result<S::Op, String> {
    let op = match line.get("op") {
        Some(op) => op.clone(),
        None => Value::Object(line.clone()),
    };
    serde_json::from_value(op).map_err(|error| format!("no operation of {}: {error}", name::<S>()))
}

/// The result on a line, of an operation.
pub(super) fn ret<S: SavedSpec>(line: &Members, op: &S::Op) -> Result<S::Ret, String> {
    let op = op_members(op)?;
    let ret = |name| !TAKEN.contains(&name) || name == "ret";
    let rest: Members = line
        .iter()
        .filter(|(name, _)| ret(name.as_str()) && !op.contains_key(*name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let own = rest.get("ret").or(rest.get("value")).cloned().unwrap_or(Value::Null);
    let mut error = None;
    let mut candidates = Vec::new();
    for candidate in [Value::Object(rest.clone()), own] {
        match serde_json::from_value::<S::Ret>(candidate) {
            Ok(ret) => candidates.push(ret),
            Err(why) => error = Some(why.to_string()),
        }
    }
    // What was written so is what was meant.
    let exact = candidates.iter().position(|ret| ret_members(&op, ret).is_ok_and(|members| members == rest));
    if candidates.is_empty() {
        return Err(format!("no result of {}: {}", name::<S>(), error.unwrap_or_default()));
    }
    Ok(candidates.swap_remove(exact.unwrap_or(0)))
}

fn name<S: SequentialSpec>() -> &'static str {
    std::any::type_name::<S>()
}
