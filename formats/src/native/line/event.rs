//! Calls and answers, each on a line of its own: `{"type":"invoke",…}`, later `{"type":"ok",…}`.

use super::super::operation::{Parts, Phase, pair, parts};
use super::super::row::{Field, Row};
use super::{Draft, Scratch, Style, refused};
use crate::error::FormatError;
use crate::format::NilRead;
use crate::json::Token;
use tribunal_checker::history::{EventKind, Function, Micro, OpId, Operation, Outcome, Response, Value};

impl Draft<'_> {
    /// A call, an answer, or something that the nemesis did.
    pub(super) fn event(&mut self, row: &Row<'_>, scratch: &mut Scratch) -> Result<(), FormatError> {
        let outcome = match row.get(Field::Type) {
            Token::Text("invoke") => None,
            Token::Text("ok") => Some(Outcome::Ok),
            Token::Text("fail") => Some(Outcome::Fail),
            Token::Text("info") => Some(Outcome::Info),
            _ => return Err(row.wrong(Field::Type, "\"invoke\", \"ok\", \"fail\" or \"info\"")),
        };
        self.style(row, Style::Events)?;
        let time = self.position;
        self.position += 1;
        if row.get(Field::Process) == Token::Text("nemesis") {
            self.builder.push_event(EventKind::Annotation(row.text.trim_ascii().into()), Some(time));
            return Ok(());
        }
        for field in [Field::Start, Field::End, Field::Outcome] {
            if row.has(field) {
                let expected =
                    "no times or outcome on a call or an answer: its place in the file is its time";
                return Err(row.wrong(field, expected));
            }
        }
        let phase = if outcome.is_none() { Phase::Call } else { Phase::Answer };
        let parts = parts(row, phase, &mut self.builder, &mut scratch.micros)?;
        let op = match outcome {
            None => self.call(row, parts, time, scratch)?,
            Some(outcome) => self.answer(row, parts, outcome, time, scratch)?,
        };
        self.details(row, op, scratch)
    }

    fn call(
        &mut self,
        row: &Row<'_>,
        parts: Parts,
        time: i64,
        scratch: &Scratch,
    ) -> Result<OpId, FormatError> {
        let operation = Operation {
            answer: parts.answer,
            shared: parts.shared,
            start: Some(time),
            line: row.line,
            ..Operation::new(parts.process, parts.function, &scratch.micros)
        };
        self.builder.invoke(&operation).map_err(|error| refused(row, error))
    }

    fn answer(
        &mut self,
        row: &Row<'_>,
        parts: Parts,
        outcome: Outcome,
        time: i64,
        scratch: &mut Scratch,
    ) -> Result<OpId, FormatError> {
        scratch.values.clear();
        if outcome == Outcome::Ok
            && let Some(call) = self.builder.in_flight(parts.process)
            && self.builder.function(call) == parts.function
        {
            self.same_arguments(row, call, parts.function, &scratch.micros)?;
            let nil_is_unknown = self.source.options.nil_read == Some(NilRead::Any);
            scratch.values.extend(scratch.micros.iter().map(|micro| match micro.function {
                Function::Read if nil_is_unknown && micro.value == Value::NULL => Some(Value::ABSENT),
                Function::Read | Function::Dequeue | Function::Pop | Function::Poll => Some(micro.value),
                _ => None,
            }));
        }
        let response = Response {
            process: parts.process,
            function: Some(parts.function),
            outcome,
            answer: parts.answer,
            values: &scratch.values,
            time,
            line: row.line,
        };
        self.builder.respond(&response).map_err(|error| refused(row, error))
    }

    /// Makes sure that an answer repeats the arguments of its call, or leaves them out.
    fn same_arguments(
        &mut self,
        row: &Row<'_>,
        call: OpId,
        function: Function,
        answered: &[Micro],
    ) -> Result<(), FormatError> {
        let same = match function {
            Function::Read | Function::Dequeue | Function::Pop | Function::Poll => true,
            Function::Txn => {
                answered.len() == self.builder.micro_count(call)
                    && answered.iter().enumerate().all(|(i, &micro)| {
                        let mut called = self.builder.micro(call, i);
                        if called.function == Function::Read {
                            called.value = micro.value;
                        }
                        called == micro
                    })
            }
            _ if function.is_sync() || matches!(row.get(Field::Value), Token::Absent | Token::Null) => true,
            Function::Cas => {
                pair(row, &mut self.builder)? == [0, 1].map(|i| self.builder.micro(call, i).value)
            }
            _ => row.value(Field::Value, &mut self.builder)? == self.builder.micro(call, 0).value,
        };
        if same {
            return Ok(());
        }
        Err(if row.has(Field::Value) {
            row.wrong(Field::Value, format!("the arguments of the {function} that was called"))
        } else {
            row.missing(Field::Value, format!("the steps of the {function} with their results"))
        })
    }
}
