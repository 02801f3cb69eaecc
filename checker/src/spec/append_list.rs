//! Append-list: a string or a list, read whole, appended to, or replaced.
//!
//! # Semantics
//! `append` puts its value behind the content, `put` replaces the content, `read` (or `get`) returns all of it: the
//! key-value maps of porcupine's and MIT 6.824's histories, where values are strings, and the lists of Elle's `append`,
//! each append its own operation here. In a string, what is appended are its characters, so that the pieces cannot be told
//! apart afterwards; in a list, it is one element, which may be any value.
//!
//! # String or list
//! An object is a string if its initial value is one, and a list if that is a list. Where it is `null`, the first value
//! that a `put` or `read` of the history records decides for all such objects; without any, they are lists, and it does not
//! matter. Both start empty then; a `null` read, or a `null` that is put, is the empty content.
//!
//! # Unknown results
//! A read whose value was not recorded is legal everywhere.

mod sequence;

pub(super) use sequence::Content;
pub use sequence::{Piece, Sequence};

use super::decode::bad_initial;
use super::machine::AppendListMachine;
use super::{Decoder, Element, Machine, Object, RecordedSpec, SequentialSpec, SpecError, SpecKind};
use crate::history::{Datum, Function, History, OpId, Outcome, Value};
use crate::limits::{Meter, Stop};

/// A string or list that starts with given content.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct AppendList {
    /// What a read before everything else returns.
    pub initial: Sequence,
}

/// A function of a string or list.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum AppendListOp {
    /// Read all of it.
    Read,
    /// Put this behind it; illegal where the piece and the content are not of one type.
    Append(Piece),
    /// Replace it by this.
    Put(Sequence),
}

/// A result of a string's or list's function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum AppendListRet {
    /// An append or put has happened.
    Done,
    /// A read has seen this.
    Content(Sequence),
}

impl SequentialSpec for AppendList {
    type State = Sequence;
    type Op = AppendListOp;
    type Ret = AppendListRet;

    fn initial(&self) -> Sequence {
        self.initial.clone()
    }

    fn step(
        &self,
        state: &Sequence,
        op: &AppendListOp,
        ret: Option<&AppendListRet>,
        next: &mut Vec<Sequence>,
    ) {
        let legal = match (op, ret) {
            (_, None) => true,
            (AppendListOp::Read, Some(AppendListRet::Content(seen))) => seen == state,
            (AppendListOp::Read, Some(_)) => false,
            (_, Some(ret)) => *ret == AppendListRet::Done,
        };
        if legal {
            next.extend(match op {
                AppendListOp::Read => Some(state.clone()),
                AppendListOp::Append(piece) => state.with(piece),
                AppendListOp::Put(content) => Some(content.clone()),
            });
        }
    }

    fn observes(&self, op: &AppendListOp, _: Option<&AppendListRet>) -> bool {
        *op == AppendListOp::Read
    }

    fn state_bytes(&self, state: &Sequence) -> usize {
        size_of::<Sequence>() + state.heap_bytes()
    }
}

impl RecordedSpec for AppendList {
    const KIND: SpecKind = SpecKind::AppendList;
    const FUNCTIONS: &'static [Function] = &[Function::Append, Function::Put, Function::Read];

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        let value = object.initial(history);
        let initial = [true, false].into_iter().find_map(|string| Sequence::of(history, value, string));
        let expected = "a string, a list, or null (empty)";
        Ok(Self { initial: initial.ok_or_else(|| bad_initial(history, Self::KIND, value, expected))? })
    }

    fn decode(
        decoder: &mut Decoder<'_>,
        op: OpId,
    ) -> Result<(AppendListOp, Option<AppendListRet>), SpecError> {
        let history = decoder.history();
        if !Self::FUNCTIONS.contains(&history.function(op)) {
            return Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS));
        }
        let string = is_string(decoder, op);
        let content = |value| {
            let expected = if string { "a string (or null: empty)" } else { "a list (or null: empty)" };
            Sequence::of(history, value, string).ok_or_else(|| decoder.bad_value(op, value, expected))
        };
        match history.function(op) {
            Function::Read => {
                let seen = decoder.result(op).map(content).transpose()?;
                Ok((AppendListOp::Read, seen.map(AppendListRet::Content)))
            }
            Function::Put => {
                Ok((AppendListOp::Put(content(decoder.argument(op)?)?), Some(AppendListRet::Done)))
            }
            _ => {
                let value = decoder.argument(op)?;
                let piece = match history.values().get(value) {
                    _ if !string => Piece::Element(Element::Value(value)),
                    Some(Datum::Text(text)) => Piece::Text(text.into()),
                    _ => return Err(decoder.bad_value(op, value, "a string: it is appended to one")),
                };
                Ok((AppendListOp::Append(piece), Some(AppendListRet::Done)))
            }
        }
    }

    fn machine<'a>(
        &'a self,
        actions: &'a [(Self::Op, Option<Self::Ret>)],
        meter: &'a Meter,
    ) -> Result<Box<dyn Machine + 'a>, Stop> {
        Ok(Box::new(AppendListMachine::new(self, actions, meter)?))
    }
}

/// Whether the object of an operation is a string.
fn is_string(decoder: &Decoder<'_>, op: OpId) -> bool {
    let history = decoder.history();
    let initial = history.micro(op).key().map_or(Value::NULL, |key| history.initial(key));
    is_text(history, initial).unwrap_or_else(|| {
        *decoder.strings.get_or_init(|| {
            let recorded = |op: &OpId| {
                matches!(history.function(*op), Function::Put | Function::Read)
                    && history.outcome(*op) != Outcome::Fail
            };
            let decides = |op| is_text(history, history.micro(op).value);
            history.ops().filter(recorded).find_map(decides).unwrap_or(false)
        })
    })
}

/// True for a text, false for a list.
fn is_text(history: &History, value: Value) -> Option<bool> {
    match history.values().get(value)? {
        Datum::Text(_) => Some(true),
        Datum::List(_) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
