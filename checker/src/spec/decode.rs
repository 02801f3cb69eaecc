//! Reading a data type's operations out of a history.

use super::SpecKind;
use crate::history::{Datum, Function, History, KeyId, LockId, OpId, Outcome, Value, Values};
use rustc_hash::FxHashMap;
use thiserror::Error;

/// What an operation works on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Object {
    /// A key.
    Key(KeyId),
    /// A lock, for the mutex and semaphore types.
    Lock(LockId),
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
}

fn at(line: u64) -> String {
    if line == 0 { String::new() } else { format!("line {line}: ") }
}

/// A history being decoded: the history, and numbers for elements of lists that are no value of their own in it.
#[derive(Debug)]
pub struct Decoder<'a> {
    history: &'a History,
    extra: Values,
    extra_ids: FxHashMap<Value, u32>,
}

/// A list's element: equal elements of one [`Decoder`] have equal handles.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Element {
    /// A value of the history.
    Value(Value),
    /// A value that stands inside lists only.
    Extra(u32),
}

impl<'a> Decoder<'a> {
    /// Starts to decode.
    #[must_use]
    pub fn new(history: &'a History) -> Self {
        Self { history, extra: Values::default(), extra_ids: FxHashMap::default() }
    }

    /// The history.
    #[must_use]
    pub fn history(&self) -> &'a History {
        self.history
    }

    /// The element for a value that stands inside a list.
    pub fn element(&mut self, datum: &Datum) -> Element {
        if let Some(value) = self.history.values().find(datum) {
            return Element::Value(value);
        }
        let value = self.extra.datum(datum);
        let next = u32::try_from(self.extra_ids.len()).expect("fewer elements than bytes of input");
        Element::Extra(*self.extra_ids.entry(value).or_insert(next))
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
