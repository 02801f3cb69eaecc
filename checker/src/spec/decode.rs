//! Reading a data type's operations out of a history.

use super::SpecKind;
use crate::history::{Datum, Function, History, KeyId, LockId, OpId, Outcome, Value};
use std::cell::OnceCell;
use std::sync::Arc;
use thiserror::Error;

/// What an operation works on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Object {
    /// A key.
    Key(KeyId),
    /// A lock, for the mutex and semaphore types.
    Lock(LockId),
    /// Every key at once, for types whose operations may touch several.
    Whole,
}

impl Object {
    /// The initial value that the history gives the object: the key's own, or the header's for everything.
    #[must_use]
    pub fn initial(self, history: &History) -> Value {
        match self {
            Self::Key(key) => history.initial(key),
            Self::Lock(_) | Self::Whole => history.default_initial(),
        }
    }
}

/// A history that does not fit a specification.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum SpecError {
    /// A function that the data type does not have.
    #[error(
        "{}operation {op} is `{function}`, which a {spec} does not have (it has {known}); name another type with --spec",
        at(*.line)
    )]
    UnknownFunction {
        /// The operation.
        op: OpId,
        /// Its line, or 0.
        line: u64,
        /// What it does.
        function: Function,
        /// The data type.
        spec: SpecKind,
        /// The functions that the type has.
        known: String,
    },
    /// An argument or a result of the wrong shape.
    #[error("{}operation {op} (`{function}`): found {found}, expected {expected}", at(*.line))]
    BadValue {
        /// The operation.
        op: OpId,
        /// Its line, or 0.
        line: u64,
        /// What it does.
        function: Function,
        /// The value that stood there.
        found: String,
        /// What a value must be.
        expected: &'static str,
    },
    /// An initial value of the wrong shape.
    #[error(
        "the initial value is {found}, but a {spec} starts with {expected}; set \"initial\" in the header or --initial"
    )]
    BadInitial {
        /// The data type.
        spec: SpecKind,
        /// The value that stood there.
        found: String,
        /// What it must be.
        expected: &'static str,
    },
    /// The functions of the history belong to different data types.
    #[error("the functions of the history ({functions}) belong to no one data type; name it with --spec")]
    Ambiguous {
        /// The functions that occur.
        functions: String,
    },
    /// The header names a type that is none of the built-in ones.
    #[error(
        "the header names the data type `{name}`, which is none of {known}; mend it or name another with --spec"
    )]
    UnknownSpec {
        /// The name that stood there.
        name: String,
        /// The names of the built-in types.
        known: String,
    },
}

fn at(line: u64) -> String {
    if line == 0 { String::new() } else { format!("line {line}: ") }
}

/// A history being decoded, and what decoding it has found out about the whole of it: one serves for all of a history's
/// objects, or one for each thread.
#[derive(Clone, Debug)]
pub struct Decoder<'a> {
    history: &'a History,
    /// Whether its append-lists are strings, where their initial values do not say; see [`super::AppendList`].
    pub(super) strings: OnceCell<bool>,
}

/// An element of a recorded list: elements are equal iff their JSON values are.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Element {
    /// A value that the history also has by itself: what somebody may have added.
    Value(Value),
    /// A value that stands inside lists only, by its interned form.
    Extra(Arc<[u8]>),
}

impl Element {
    /// The element of that value.
    #[must_use]
    pub fn new(history: &History, datum: &Datum) -> Self {
        history.values().find(datum).map_or_else(
            || {
                let mut bytes = Vec::new();
                datum.encode(&mut bytes);
                Self::Extra(bytes.into())
            },
            Self::Value,
        )
    }
}

impl<'a> Decoder<'a> {
    /// Starts to decode.
    #[must_use]
    pub fn new(history: &'a History) -> Self {
        Self { history, strings: OnceCell::new() }
    }

    /// The history.
    #[must_use]
    pub fn history(&self) -> &'a History {
        self.history
    }

    /// The elements of the list that was recorded as `value`; `null` is an empty list.
    ///
    /// # Errors
    /// If the value is neither a list nor null.
    pub fn elements(&self, op: OpId, value: Value) -> Result<Vec<Element>, SpecError> {
        match self.history.values().get(value) {
            Some(Datum::Null) => Ok(Vec::new()),
            Some(Datum::List(items)) => {
                Ok(items.iter().map(|item| Element::new(self.history, item)).collect())
            }
            _ => Err(self.bad_value(op, value, "a list, or null for an empty one")),
        }
    }

    /// The first micro-operation's value, `None` where it was not recorded or the operation is `info`: what an `info`
    /// operation answered is unknown.
    #[must_use]
    pub fn result(&self, op: OpId) -> Option<Value> {
        let value = self.history.micro(op).value;
        (value.is_known() && self.history.outcome(op) == Outcome::Ok).then_some(value)
    }

    /// The first micro-operation's value as an argument.
    ///
    /// # Errors
    /// If it was not recorded.
    pub fn argument(&self, op: OpId) -> Result<Value, SpecError> {
        let value = self.history.micro(op).value;
        if value.is_known() { Ok(value) } else { Err(self.bad_value(op, value, "a value: the argument")) }
    }

    /// The recorded yes or no of an operation that is known to have taken effect.
    #[must_use]
    pub fn answer(&self, op: OpId) -> Option<bool> {
        (self.history.outcome(op) == Outcome::Ok).then(|| self.history.answer(op)).flatten()
    }

    /// The value that an operation puts into a queue, stack or priority queue.
    ///
    /// # Errors
    /// If it was not recorded, or is null: a null that is taken out says that nothing was in.
    pub fn item(&self, op: OpId) -> Result<Value, SpecError> {
        match self.argument(op)? {
            Value::NULL => {
                Err(self.bad_value(op, Value::NULL, "a value other than null, which stands for \"empty\""))
            }
            value => Ok(value),
        }
    }

    /// What an operation took out of a queue, stack or priority queue: `None` = unknown, `Some(None)` = it was empty.
    #[must_use]
    pub fn taken(&self, op: OpId) -> Option<Option<Value>> {
        self.result(op).map(|value| (value != Value::NULL).then_some(value))
    }

    /// Nothing, if an acquire or release may have happened.
    ///
    /// # Errors
    /// If it was answered "no": an attempt that took no effect has failed, and is to be recorded so.
    pub fn not_refused(&self, op: OpId) -> Result<(), SpecError> {
        match self.answer(op) {
            Some(false) => {
                Err(self.bad_value(op, Value::FALSE, "no \"ok\":false; record it as \"outcome\":\"fail\""))
            }
            _ => Ok(()),
        }
    }

    /// The error for a function that the type does not have.
    #[must_use]
    pub fn unknown_function(&self, op: OpId, spec: SpecKind, known: &[Function]) -> SpecError {
        SpecError::UnknownFunction {
            op,
            line: self.history.line(op),
            function: self.history.function(op),
            spec,
            known: known.iter().map(|function| function.name()).collect::<Vec<_>>().join(", "),
        }
    }

    /// The error for an argument or result of the wrong shape.
    #[must_use]
    pub fn bad_value(&self, op: OpId, value: Value, expected: &'static str) -> SpecError {
        SpecError::BadValue {
            op,
            line: self.history.line(op),
            function: self.history.function(op),
            found: if value.is_known() { self.history.values().display(value) } else { "no value".into() },
            expected,
        }
    }
}

/// The error for an initial value of the wrong shape.
pub(super) fn bad_initial(
    history: &History,
    spec: SpecKind,
    value: Value,
    expected: &'static str,
) -> SpecError {
    SpecError::BadInitial { spec, found: history.values().display(value), expected }
}

/// The values that a queue or stack holds at first: a list, or null for none.
///
/// A value of the list that no operation names can never be told from another such one, for a result names a value: all
/// of them are [`Value::ABSENT`].
pub(super) fn initial_items(
    history: &History,
    object: Object,
    spec: SpecKind,
) -> Result<Vec<Value>, SpecError> {
    let value = object.initial(history);
    match history.values().get(value) {
        Some(Datum::Null) => Ok(Vec::new()),
        Some(Datum::List(items)) if !items.contains(&Datum::Null) => {
            Ok(items.iter().map(|item| history.values().find(item).unwrap_or(Value::ABSENT)).collect())
        }
        _ => Err(bad_initial(history, spec, value, "null (nothing) or a list of values other than null")),
    }
}
