//! Why a read of a register, or a cas, fits nowhere.
//!
//! The simple reasons: nobody wrote the value; it was written only later; it had been replaced. Where none of them holds,
//! several operations together are to blame, and the picture must tell.

use crate::report::notation::{object, value, who, words};
use tribunal_checker::history::{Function, History, OpId, Outcome, Value};
use tribunal_checker::model::Model;

/// Values that are written more often get no simple reason.
const CANDIDATES: usize = 64;

/// Why `reader`, a read or a cas that found its old value, fits nowhere.
pub(super) fn reason(history: &History, model: Model, reader: OpId) -> Option<String> {
    let found = history.micro(reader);
    let key = found.key()?;
    let mismatch = history.function(reader) == Function::Cas && history.answer(reader) == Some(false);
    if mismatch || !found.value.is_known() {
        return None;
    }
    let writes: Vec<(OpId, Value)> = history
        .ops()
        .filter(|&op| op != reader && history.outcome(op) != Outcome::Fail)
        .filter_map(|op| Some((op, written(history, op).filter(|_| history.micro(op).key() == Some(key))?)))
        .collect();
    let sources: Vec<OpId> =
        writes.iter().filter(|(_, value)| *value == found.value).map(|&(op, _)| op).collect();
    let initial = history.initial(key) == found.value;
    let saw = saw(history, reader);
    if sources.is_empty() && !initial {
        return Some(format!("{saw}, a value that nobody wrote"));
    }
    if sources.len() > CANDIDATES {
        return None;
    }
    let before = |a: OpId, b: OpId| precedes(history, model, a, b);
    if !initial && sources.iter().all(|&source| before(reader, source)) {
        return Some(format!(
            "{saw} before anybody began to write it: {} came later",
            words(history, sources[0])
        ));
    }
    // The writes that come before the reader for certain and leave another value.
    let replacing: Vec<OpId> = writes
        .iter()
        .filter(|&&(op, value)| value != found.value && happened(history, op) && before(op, reader))
        .map(|&(op, _)| op)
        .collect();
    let replaced =
        |source: OpId| before(reader, source) || replacing.iter().any(|&replacing| before(source, replacing));
    let last = *replacing.iter().max_by_key(|op| (history.start(**op), op.0))?;
    if !sources.iter().all(|&source| replaced(source)) {
        return None;
    }
    let of = value(history, found.value, 24);
    Some(match sources.iter().find(|&&source| before(source, last)) {
        Some(&source) => format!(
            "{saw}, but {} came after {} write of {of} and before that {}",
            words(history, last),
            if history.process(source) == history.process(last) {
                "its own".to_owned()
            } else {
                format!("{}'s", who(history, source))
            },
            history.function(reader),
        ),
        None => format!("{saw}, the initial value, but {} came before", words(history, last)),
    })
}

/// `P1 read 2 from x`.
fn saw(history: &History, reader: OpId) -> String {
    let of = value(history, history.micro(reader).value, 24);
    let who = who(history, reader);
    let object = object(history, reader);
    match history.function(reader) {
        Function::Cas => format!("{} found {of}", words(history, reader)),
        _ => format!("{who} read {of}{}", object.map_or(String::new(), |object| format!(" from {object}"))),
    }
}

/// What an operation writes, if it may have written.
fn written(history: &History, op: OpId) -> Option<Value> {
    match history.function(op) {
        Function::Write => Some(history.micro(op).value),
        Function::Cas if history.answer(op) != Some(false) => {
            history.micros(op).nth(1).map(|micro| micro.value)
        }
        _ => None,
    }
}

/// Whether an operation took effect for certain.
fn happened(history: &History, op: OpId) -> bool {
    history.outcome(op) == Outcome::Ok
}

/// Whether the model demands that `a` comes before `b`, going by these two alone.
fn precedes(history: &History, model: Model, a: OpId, b: OpId) -> bool {
    let key = |op: OpId| (history.start(op), history.end(op), op.0);
    let program_order = history.process(a) == history.process(b) && key(a) < key(b);
    let time = history.is_timed()
        && match model {
            Model::Linearizable => history.end(a) < history.start(b),
            Model::Strict => happened(history, a) && history.start(a) < history.start(b),
            _ => false,
        };
    program_order || time
}
