//! Why a read of a register, or a cas, fits nowhere.
//!
//! The simple reasons: nobody wrote the value; it was written only later; somebody else had replaced it. Where none of them holds,
//! several operations together are to blame, and the picture must tell.

use super::Reason;
use crate::report::notation::{object, value, who, words};
use tribunal_checker::history::{Function, History, OpId, Outcome, Value};
use tribunal_checker::model::Model;

/// Values that are written more often get no simple reason.
const CANDIDATES: usize = 64;

/// Why `reader`, a read or a cas that found its old value, fits nowhere.
pub(super) fn reason(history: &History, model: Model, reader: OpId) -> Option<Reason> {
    let found = history.micro(reader);
    let key = found.key()?;
    let mismatch = history.function(reader) == Function::Cas && history.answer(reader) == Some(false);
    if mismatch || !found.value.is_known() {
        return None;
    }
    let ops = || {
        let of_key = |op: &OpId| history.micro(*op).key() == Some(key);
        history.ops().filter(move |&op| op != reader && history.outcome(op) != Outcome::Fail).filter(of_key)
    };
    let writes: Vec<(OpId, Value)> = ops().filter_map(|op| Some((op, written(history, op)?))).collect();
    let sources: Vec<OpId> =
        writes.iter().filter(|(_, value)| *value == found.value).map(|&(op, _)| op).collect();
    let initial = history.initial(key) == found.value;
    if sources.is_empty() && !initial {
        return Some(Reason::alone(format!("{}, a value that nobody wrote", saw(history, reader))));
    }
    if sources.len() > CANDIDATES {
        return None;
    }
    let case = Case { history, model, reader, sources, initial };
    let cas = ops().filter(|&op| history.function(op) == Function::Cas).collect::<Vec<_>>();
    case.future().or_else(|| case.taken(&cas)).or_else(|| {
        let readers = ops().filter(|&op| history.function(op) == Function::Read).collect::<Vec<_>>();
        case.replaced(&writes, &readers)
    })
}

/// A read, or a cas, and where its value may come from.
struct Case<'a> {
    history: &'a History,
    model: Model,
    reader: OpId,
    /// The writes of the value.
    sources: Vec<OpId>,
    /// The value is the initial one.
    initial: bool,
}

/// A write that took effect before the reader for certain: it came before, or was read before.
#[derive(Clone, Copy)]
struct Replacing {
    write: OpId,
    read: Option<OpId>,
}

impl Case<'_> {
    fn before(&self, a: OpId, b: OpId) -> bool {
        precedes(self.history, self.model, a, b)
    }

    /// All its writes came later.
    fn future(&self) -> Option<Reason> {
        let later = !self.initial && self.sources.iter().all(|&source| self.before(self.reader, source));
        later.then(|| {
            let (saw, write) = (saw(self.history, self.reader), self.sources[0]);
            let write_words = words(self.history, write);
            Reason {
                sentence: format!("{saw} before anybody began to write it: {write_words} came later"),
                with: vec![write],
            }
        })
    }

    /// More cas replaced the value than it was written.
    fn taken(&self, cas: &[OpId]) -> Option<Reason> {
        let (history, reader) = (self.history, self.reader);
        if history.function(reader) != Function::Cas || !happened(history, reader) {
            return None;
        }
        let value = history.micro(reader).value;
        let takes = |op: OpId| {
            let replaces = written(history, op).is_some_and(|new| new != value);
            happened(history, op) && replaces && history.micro(op).value == value
        };
        let others: Vec<OpId> = cas.iter().copied().filter(|&op| takes(op)).collect();
        let written = self.sources.len() + usize::from(self.initial);
        if !takes(reader) || others.len() < written {
            return None;
        }
        let (one, other) = (words(history, others[0]), words(history, reader));
        let of = self::value(history, value, 24);
        let times = if written == 1 { "once".to_owned() } else { format!("{written} times") };
        let sentence = format!("{one} and {other} both found {of}, which was there only {times}");
        Some(Reason { sentence, with: others.into_iter().chain(self.sources.clone()).take(8).collect() })
    }

    /// Wherever it comes from, another write had replaced it.
    fn replaced(&self, writes: &[(OpId, Value)], readers: &[OpId]) -> Option<Reason> {
        let (history, reader) = (self.history, self.reader);
        let value = history.micro(reader).value;
        let others = writes.iter().filter(|(_, other)| *other != value);
        let mut replacing: Vec<Replacing> = others
            .filter(|&&(op, _)| happened(history, op) && self.before(op, reader))
            .map(|&(write, _)| Replacing { write, read: None })
            .collect();
        for &read in readers.iter().filter(|&&read| happened(history, read) && self.before(read, reader)) {
            let seen = history.micro(read).value;
            let mut of_it = writes.iter().filter(|(_, other)| *other == seen);
            let unique = of_it.next().filter(|_| of_it.next().is_none());
            let initial = history.micro(read).key().is_some_and(|key| history.initial(key) == seen);
            if let Some(&(write, _)) = unique.filter(|_| seen != value && !initial) {
                replacing.push(Replacing { write, read: Some(read) });
            }
        }
        let gone = |source: OpId| {
            self.before(reader, source) || replacing.iter().any(|by| self.before(source, by.write))
        };
        if !self.sources.iter().all(|&source| gone(source)) {
            return None;
        }
        let past = |by: &&Replacing| {
            (self.initial && self.sources.is_empty())
                || self.sources.iter().any(|&source| self.before(source, by.write))
        };
        // The plainest, and of these the last.
        let last = |by: &&Replacing| (by.read.is_none(), history.start(by.write), by.write.0);
        let by = *replacing.iter().filter(past).max_by_key(last)?;
        let source = self.sources.iter().copied().find(|&source| self.before(source, by.write));
        Some(self.told(by, source))
    }

    fn told(&self, by: Replacing, source: Option<OpId>) -> Reason {
        let history = self.history;
        let (saw, write) = (saw(history, self.reader), words(history, by.write));
        let function = history.function(self.reader);
        let mut sentence = match source {
            None => format!("{saw}, the initial value, but {write}"),
            Some(source) => {
                let own = history.process(source) == history.process(by.write);
                let whose = if own { "its own".to_owned() } else { format!("{}'s", who(history, source)) };
                let of = value(history, history.micro(self.reader).value, 24);
                format!("{saw}, but {write} came after {whose} write of {of} and")
            }
        };
        sentence.push_str(&match (by.read, source) {
            (None, None) => " came before".to_owned(),
            (None, Some(_)) => format!(" before that {function}"),
            (Some(read), None) => format!(" had been read by {} before", who(history, read)),
            (Some(read), Some(_)) => {
                format!(" had been read by {} before that {function}", who(history, read))
            }
        });
        Reason { sentence, with: source.into_iter().chain([by.write]).chain(by.read).collect() }
    }
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
