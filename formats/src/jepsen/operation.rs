//! Calls and responses of clients: which micro-operations they have, and what a response may say.

use super::event::{Event, Field, Name};
use super::keys::{Evidence, evidence, returns_value};
use super::mapper::{Keys, Mapper};
use crate::error::FormatError;
use crate::scan::{Node, Token};
use tribunal_checker::history::{
    Function, KeyId, Micro, OpId, Operation, Outcome, ProcessId, Response, Value,
};

/// The functions that clients may have, for messages.
pub(super) const NAMES: &str = "read (r, get), write (w), cas, inc, append, put, add, remove, contains, enqueue, \
                                dequeue, push, pop, insert, poll, acquire, release, sync, txn";

/// The function of that name, or synonym; in a counter, `add` adds an amount.
pub(super) fn function(name: &str, counter: bool) -> Option<Function> {
    match name {
        "read" | "r" => Some(Function::Read),
        "write" | "w" => Some(Function::Write),
        "add" if counter => Some(Function::Inc),
        _ => Function::from_name(name),
    }
}

/// A value, taken apart: the key that the history keeps in it, and the rest.
#[derive(Clone, Copy, Debug)]
struct Parts {
    key: Option<Node>,
    value: Option<Node>,
}

impl Mapper<'_> {
    /// Appends a call.
    pub(super) fn call(
        &mut self,
        event: &Event<'_>,
        function: Function,
        process: ProcessId,
        time: i64,
    ) -> Result<OpId, FormatError> {
        let field = event.field(Name::Value);
        let parts = self.call_parts(event, function, field)?;
        self.spell(event, function, field, parts)?;
        if function == Function::Txn {
            // What a call says about its reads is no result.
            for micro in self.micros.iter_mut().filter(|micro| micro.function == Function::Read) {
                micro.value = Value::ABSENT;
            }
        }
        if function == Function::Add && self.first_add.is_none() {
            self.first_add = Some(event.place.0);
        }
        let call = Operation {
            shared: self.shared(event)?,
            start: Some(time),
            line: event.place.0,
            ..Operation::new(process, function, &self.micros)
        };
        self.builder.invoke(&call).map_err(|error| self.refused(event, error))
    }

    /// Appends a response.
    pub(super) fn response(
        &mut self,
        event: &Event<'_>,
        function: Function,
        process: ProcessId,
        mut outcome: Outcome,
        time: i64,
    ) -> Result<OpId, FormatError> {
        let mut answer = self.answer(event)?;
        self.values.clear();
        if outcome == Outcome::Ok {
            let called = self.builder.in_flight(process);
            if let Some(op) = called.filter(|&op| self.builder.function(op) == function) {
                self.results(event, function, op)?;
            }
        } else if self.rules.failed_cas_is_mismatch && function == Function::Cas && outcome == Outcome::Fail {
            let value = event.field(Name::Value);
            if value.is_some_and(|value| event.tape().pair(value.node).is_some()) {
                (outcome, answer) = (Outcome::Ok, Some(false));
            }
        }
        let response = Response {
            process,
            function: Some(function),
            outcome,
            answer,
            values: &self.values,
            time,
            line: event.place.0,
        };
        self.builder.respond(&response).map_err(|error| self.refused(event, error))
    }

    /// Takes the value of a call apart, and holds it to what was decided about keys.
    fn call_parts(
        &self,
        event: &Event<'_>,
        function: Function,
        field: Option<Field>,
    ) -> Result<Parts, FormatError> {
        let node = field.map(|field| field.node);
        match self.keys {
            Keys::Keyed => self.keyed_parts(event, field),
            Keys::Plain { forced: false } if evidence(event.tape(), function, node) == Evidence::Keyed => {
                Err(self.wrong(event, field, "a value without a key, as in the calls before it").help(MIXED))
            }
            _ => Ok(Parts { key: None, value: node }),
        }
    }

    fn keyed_parts(&self, event: &Event<'_>, field: Option<Field>) -> Result<Parts, FormatError> {
        match field.and_then(|field| event.tape().pair(field.node)) {
            Some([key, value]) => Ok(Parts { key: Some(key), value: Some(value) }),
            None => Err(self
                .wrong(event, field, "a :value that is [key value], as in the calls before it")
                .help(MIXED)),
        }
    }

    /// Spells the operation of an event out in `self.micros`.
    fn spell(
        &mut self,
        event: &Event<'_>,
        function: Function,
        field: Option<Field>,
        parts: Parts,
    ) -> Result<(), FormatError> {
        self.micros.clear();
        match function {
            Function::Txn => return self.spell_txn(event, field, parts.key, parts.value),
            Function::Acquire | Function::Release | Function::Sync => {
                let name = match (parts.key, event.field(Name::Lock)) {
                    (Some(node), _) => self.intern(event, node),
                    (None, Some(lock)) => self.intern(event, lock.node),
                    (None, None) => Value::NULL,
                };
                let lock = self.builder.lock(name);
                self.micros.push(Micro::sync(function, lock));
                return Ok(());
            }
            _ => {}
        }
        let key = self.key(event, parts.key);
        if function == Function::Cas {
            let Some([old, new]) = parts.value.and_then(|value| event.tape().pair(value)) else {
                return Err(self.wrong(event, field, "[old new], the :value of a cas"));
            };
            let (old, new) = (self.intern(event, old), self.intern(event, new));
            self.micros.push(Micro::new(Function::Read, key, old));
            self.micros.push(Micro::new(Function::Write, key, new));
            return Ok(());
        }
        let value = match parts.value {
            _ if returns_value(function) => Value::ABSENT,
            Some(value) if function == Function::Inc && event.tape().token(value) == Token::Nil => {
                self.builder.int(1)
            }
            Some(value) => self.intern(event, value),
            None if function == Function::Inc => self.builder.int(1),
            None => return Err(self.wrong(event, field, format!("a :value for the {function}"))),
        };
        self.micros.push(Micro::new(function, key, value));
        Ok(())
    }

    /// Reads the results of the call `op` into `self.values`, and holds the response to the call.
    fn results(&mut self, event: &Event<'_>, function: Function, op: OpId) -> Result<(), FormatError> {
        let field = event.field(Name::Value);
        let node = field.map(|field| field.node);
        let says_nothing = node.is_none_or(|node| event.tape().token(node) == Token::Nil);
        if field.is_none() || (says_nothing && !returns_value(function)) {
            return Ok(());
        }
        let parts = match self.keys {
            Keys::Keyed => self.keyed_parts(event, field)?,
            _ => Parts { key: None, value: node },
        };
        if function.is_sync() && parts.key.is_none() {
            return Ok(());
        }
        let nothing = parts.value.is_none_or(|node| event.tape().token(node) == Token::Nil);
        if nothing && matches!(function, Function::Cas | Function::Txn) {
            return Ok(());
        }
        self.spell(event, function, field, parts)?;
        for i in 0..self.micros.len().max(self.builder.micro_count(op)) {
            let (Some(&said), true) = (self.micros.get(i), i < self.builder.micro_count(op)) else {
                return Err(self.differs(event, field, "the micro-operations that were called"));
            };
            let mut called = self.builder.micro(op, i);
            let is_result = returns_value(said.function) && function != Function::Cas;
            if is_result || (nothing && !function.is_sync()) {
                called.value = said.value;
            }
            if called != said {
                let what = self.builder.values().display(self.builder.micro(op, i).value);
                let what = format!("the key and value that were called (`{what}`)");
                return Err(self.differs(event, field, &what));
            }
            if is_result {
                let value = match parts.value {
                    _ if function == Function::Txn && said.value == Value::NULL => self.nil_read(),
                    _ if function == Function::Txn => said.value,
                    Some(value) => self.result(event, function, value)?,
                    None => Value::ABSENT,
                };
                self.values.push(Some(value));
            } else {
                self.values.push(None);
            }
        }
        Ok(())
    }

    /// The result of a read, dequeue, pop or poll.
    fn result(&mut self, event: &Event<'_>, function: Function, value: Node) -> Result<Value, FormatError> {
        match event.tape().token(value) {
            Token::Nil if function == Function::Read => Ok(self.nil_read()),
            Token::Int(_)
                if function == Function::Read
                    && self.first_add.is_some()
                    && self.source.options.spec.is_none() =>
            {
                let line = self.first_add.unwrap_or_default();
                let expected = format!("the elements of the set that line {line} adds to");
                Err(self
                    .wrong(event, event.field(Name::Value), expected)
                    .help("--spec counter if `add` adds amounts to a counter"))
            }
            _ => Ok(self.intern(event, value)),
        }
    }

    #[cold]
    fn differs(&self, event: &Event<'_>, field: Option<Field>, expected: &str) -> FormatError {
        self.wrong(event, field, expected)
            .help("a response repeats the argument of its call, or leaves it out")
    }

    /// The key that an event works on.
    pub(super) fn key(&mut self, event: &Event<'_>, part: Option<Node>) -> KeyId {
        let node = part.or_else(|| event.field(Name::Key).map(|field| field.node));
        let name = node.map_or(Value::NULL, |node| self.intern(event, node));
        self.builder.key(name)
    }

    pub(super) fn intern(&mut self, event: &Event<'_>, node: Node) -> Value {
        event.tape().intern(event.bytes, node, &mut self.builder)
    }

    /// The recorded yes or no.
    fn answer(&self, event: &Event<'_>) -> Result<Option<bool>, FormatError> {
        match event.field(Name::Answer) {
            None => Ok(None),
            Some(field) => match event.tape().token(field.node) {
                Token::Bool(answer) => Ok(Some(answer)),
                _ => Err(self.error(event, field.at, "an :ok that is true or false")),
            },
        }
    }

    /// Whether a lock is taken in shared mode.
    fn shared(&self, event: &Event<'_>) -> Result<bool, FormatError> {
        match event.field(Name::Mode) {
            None => Ok(false),
            Some(field) => match event.text(field) {
                Some("shared") => Ok(true),
                Some("exclusive") => Ok(false),
                _ => Err(self.error(event, field.at, "a :mode that is shared or exclusive")),
            },
        }
    }
}

const MIXED: &str = "a history has keys in the values of all its operations, or of none";
