//! Pairs invocations with responses: histories written as lists of events.
//!
//! The position of an event in the list is its time. A call without a response, and one whose response says that its
//! fate is unknown, is `info`.

use super::builder::{HistoryBuilder, Micro, Operation};
use super::error::HistoryError;
use super::{Function, NEVER, OpId, Outcome, ProcessId, Value};

/// A call that has not been answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct InFlight {
    op: OpId,
    line: u64,
}

/// An answer to a call.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// Who got it.
    pub process: ProcessId,
    /// The function it answers, where the event names it: checked against the call's.
    pub function: Option<Function>,
    /// What it says about the effect.
    pub outcome: Outcome,
    /// The recorded yes or no.
    pub answer: Option<bool>,
    /// For each micro-operation of the call its value now; `None` keeps the call's. May be shorter than the call.
    pub values: &'a [Option<Value>],
    /// Its time: the position in the list of events.
    pub time: i64,
    /// Its 1-based line in the input.
    pub line: u64,
}

impl HistoryBuilder {
    /// Appends a call at `operation.start`; outcome and end come with its [`Response`], and are `info` and never until
    /// then.
    ///
    /// # Errors
    /// If the process has a call in flight, the start is missing, or the history is too long.
    pub fn invoke(&mut self, operation: &Operation<'_>) -> Result<OpId, HistoryError> {
        let line = operation.line;
        let op = self.next_op(operation)?;
        if let Some(pending) = self.in_flight.get(&operation.process) {
            let process = self.process_text_of(operation.process);
            return Err(HistoryError::StillInFlight { process, line, pending_line: pending.line });
        }
        self.in_flight.insert(operation.process, InFlight { op, line });
        self.push(&Operation { outcome: Outcome::Info, end: None, ..*operation })
    }

    /// Answers the call that a process has in flight.
    ///
    /// # Errors
    /// If the process has none, or the answer is to another function.
    pub fn respond(&mut self, response: &Response<'_>) -> Result<OpId, HistoryError> {
        let line = response.line;
        let Some(InFlight { op, line: call_line }) = self.in_flight.remove(&response.process) else {
            return Err(HistoryError::NoCall { process: self.process_text_of(response.process), line });
        };
        let called = self.columns.function[op.index()];
        if let Some(found) = response.function.filter(|&found| found != called) {
            let process = self.process_text_of(response.process);
            let (expected, found) = (called.name(), found.name());
            return Err(HistoryError::WrongResponse { process, line, call_line, expected, found });
        }
        let first = self.columns.first.get(op.index()).map_or(op.index(), |&first| first as usize);
        for (micro, value) in response.values.iter().enumerate() {
            if let Some(value) = value {
                self.columns.micro_value[first + micro] = *value;
            }
        }
        let flags = &mut self.columns.flags[op.index()];
        *flags = *flags & !3 | response.outcome as u8;
        if let Some(yes) = response.answer {
            *flags = *flags & !12 | (1 + u8::from(yes)) << 2;
        }
        if response.outcome != Outcome::Info {
            self.columns.end[op.index()] = response.time;
        } else {
            self.columns.end[op.index()] = NEVER;
        }
        Ok(op)
    }

    /// The call that a process has in flight.
    #[must_use]
    pub fn in_flight(&self, process: ProcessId) -> Option<OpId> {
        self.in_flight.get(&process).map(|call| call.op)
    }

    /// What an operation does that was pushed.
    #[must_use]
    pub fn function(&self, op: OpId) -> Function {
        self.columns.function[op.index()]
    }

    /// A micro-operation of an operation that was pushed.
    ///
    /// # Panics
    /// If `index` is not less than [`micro_count`](Self::micro_count).
    #[must_use]
    pub fn micro(&self, op: OpId, index: usize) -> Micro {
        assert!(index < self.micro_count(op), "operation {op} has no micro-operation {index}");
        let columns = &self.columns;
        let at = columns.first.get(op.index()).map_or(op.index(), |&first| first as usize) + index;
        Micro {
            function: columns.micro_function[at],
            object: columns.micro_object[at],
            value: columns.micro_value[at],
        }
    }

    /// The number of micro-operations of an operation that was pushed.
    #[must_use]
    pub fn micro_count(&self, op: OpId) -> usize {
        let columns = &self.columns;
        match columns.first.get(op.index()) {
            None => 1,
            Some(&first) => {
                let end =
                    columns.first.get(op.index() + 1).map_or(columns.micro_value.len(), |&end| end as usize);
                end - first as usize
            }
        }
    }

    pub(super) fn process_text_of(&self, process: ProcessId) -> String {
        self.values.display(self.processes.get(process.index()))
    }
}
