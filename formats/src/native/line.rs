//! What a line is (header, operation, call, answer, crash, annotation, log), and the history that it becomes part of.

mod event;

use super::ids::Ids;
use super::operation::{Phase, outcome, parts};
use super::row::{Field, Row};
use crate::error::FormatError;
use crate::header::Header;
use crate::input::Line;
use crate::json::Token;
use crate::read::{Recording, Source};
use std::ops::Range;
use tribunal_checker::history::{EventKind, HistoryBuilder, HistoryError, Micro, OpId, Operation, Value};

/// Buffers that lines share.
#[derive(Default, Debug)]
pub(super) struct Scratch {
    /// The members of the line that an operation does not store.
    pub(super) unknown: Vec<(Range<usize>, Option<Field>)>,
    micros: Vec<Micro>,
    values: Vec<Option<Value>>,
}

/// How a history is written: its lines are operations, or calls and answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Style {
    Operations,
    Events,
}

/// A history being read.
#[derive(Debug)]
pub(super) struct Draft<'s> {
    source: &'s Source<'s>,
    name: String,
    builder: HistoryBuilder,
    header: Option<Header>,
    style: Option<Style>,
    /// Calls, answers and crashes so far: the time of the next in a history of events.
    position: i64,
    ids: Ids,
    begun: bool,
    error: Option<FormatError>,
    notes: Vec<String>,
}

impl<'s> Draft<'s> {
    /// A history of that name, without a line.
    pub(super) fn new(source: &'s Source<'s>, name: &str) -> Self {
        let mut builder = HistoryBuilder::new();
        builder.set_name(name);
        Self {
            source,
            name: name.into(),
            builder,
            header: None,
            style: None,
            position: 0,
            ids: Ids::default(),
            begun: !name.is_empty(),
            error: None,
            notes: Vec::new(),
        }
    }

    /// True once it has a name or a line.
    pub(super) fn is_begun(&self) -> bool {
        self.begun
    }

    /// True once a line was rejected.
    #[inline]
    pub(super) fn is_wrong(&self) -> bool {
        self.error.is_some()
    }

    /// Gives the history up; the first error counts.
    #[cold]
    pub(super) fn reject(&mut self, error: FormatError) {
        self.begun = true;
        if self.error.is_none() {
            self.error = Some(error);
            self.builder = HistoryBuilder::new();
        }
    }

    /// The history, or its first error.
    pub(super) fn finish(mut self) -> Recording {
        let history = match self.error.take() {
            Some(error) => Err(error),
            None => {
                if let Some(header) = &self.header {
                    header.apply(&mut self.builder);
                }
                self.source.finish(self.builder)
            }
        };
        Recording { notes: self.notes, ..self.source.recording(&self.name, history) }
    }

    /// Sets the torn last line of a history of calls and answers aside; false if the history has another style. A call
    /// whose answer is torn is of unknown outcome, and of a call that is torn itself nobody has seen anything yet. An
    /// operation line, though, may be torn whose effects others have seen.
    pub(super) fn set_aside(&mut self, line: &Line<'_>) -> bool {
        if self.style != Some(Style::Events) || self.error.is_some() {
            return false;
        }
        self.notes.push(format!(
            "line {}, the last, is torn: its writer was cut off; it was set aside",
            line.number
        ));
        true
    }

    /// Takes in one more line.
    #[inline]
    pub(super) fn take(&mut self, row: &Row<'_>, scratch: &mut Scratch) {
        if self.error.is_some() {
            return;
        }
        self.begun = true;
        let taken = if row.has(Field::Type) {
            self.event(row, scratch)
        } else if row.has(Field::F) {
            self.operation(row, scratch)
        } else {
            self.other(row)
        };
        if let Err(error) = taken {
            self.reject(error);
        }
    }

    #[inline]
    fn operation(&mut self, row: &Row<'_>, scratch: &mut Scratch) -> Result<(), FormatError> {
        self.style(row, Style::Operations)?;
        let parts = parts(row, Phase::Whole, &mut self.builder, &mut scratch.micros)?;
        let operation = Operation {
            process: parts.process,
            function: parts.function,
            micros: &scratch.micros,
            outcome: outcome(row)?,
            answer: parts.answer,
            shared: parts.shared,
            start: row.time(Field::Start)?,
            end: row.time(Field::End)?,
            line: row.line,
        };
        let op = self.builder.push(&operation).map_err(|error| refused(row, error))?;
        if row.has(Field::Id)
            && let Some(earlier) = self.ids.note(row.get(Field::Id), row.line)
        {
            let expected = format!("an id of its own (line {earlier} has it)");
            return Err(row.wrong(Field::Id, expected).help("an operation is recorded once, on one line"));
        }
        self.details(row, op, scratch)
    }

    /// Replica, hint and unknown members.
    #[inline]
    fn details(&mut self, row: &Row<'_>, op: OpId, scratch: &Scratch) -> Result<(), FormatError> {
        if row.has(Field::Replica) {
            let replica = row.value(Field::Replica, &mut self.builder)?;
            let replica = self.builder.replica(replica);
            self.builder.set_replica(op, replica);
        }
        if let Some(hint) = row.int(Field::Hint)? {
            self.builder.set_hint(op, hint);
        }
        if scratch.unknown.is_empty() {
            return Ok(());
        }
        let event = row.has(Field::Type);
        let kept = scratch.unknown.iter().filter(|(_, field)| !(event && *field == Some(Field::Time)));
        let mut joined: Option<Range<usize>> = None;
        for (range, _) in kept {
            match &mut joined {
                Some(last) if row.text[last.end..range.start].trim_ascii() == "," => last.end = range.end,
                _ => {
                    if let Some(done) = joined.replace(range.clone()) {
                        self.extra(row, op, done);
                    }
                }
            }
        }
        if let Some(done) = joined {
            self.extra(row, op, done);
        }
        Ok(())
    }

    fn extra(&mut self, row: &Row<'_>, op: OpId, range: Range<usize>) {
        let length = u32::try_from(range.len()).unwrap_or(u32::MAX);
        self.builder.push_extra(op, row.offset + range.start as u64, length);
    }

    /// Header, crash, annotation or log.
    fn other(&mut self, row: &Row<'_>) -> Result<(), FormatError> {
        if row.has(Field::Event) {
            self.beside(row)
        } else if row.has(Field::Log) {
            self.log(row)
        } else if row.has(Field::Tribunal) {
            self.header(row)
        } else {
            let expected = "an operation (\"process\", \"f\"), a header (\"tribunal\"), an event or a log";
            Err(row.missing(Field::F, expected))
        }
    }

    fn beside(&mut self, row: &Row<'_>) -> Result<(), FormatError> {
        let mut time = row.time(Field::Time)?;
        let kind = match row.get(Field::Event) {
            Token::Text("crash") => {
                if self.style == Some(Style::Events) {
                    time = Some(self.position);
                    self.position += 1;
                }
                EventKind::Crash
            }
            // One that has nothing but a text is the text; any other is kept as it stands.
            Token::Text("annotation") => EventKind::Annotation(match row.string(Field::Text) {
                Ok(Some(text)) if row.is_plain_annotation() => text.into(),
                _ => row.text.trim_ascii().into(),
            }),
            _ => return Err(row.wrong(Field::Event, "\"crash\" or \"annotation\"")),
        };
        self.builder.push_event(kind, time);
        Ok(())
    }

    fn log(&mut self, row: &Row<'_>) -> Result<(), FormatError> {
        if !row.has(Field::Replica) {
            return Err(row.missing(Field::Replica, "the replica whose log it is"));
        }
        let replica = row.value(Field::Replica, &mut self.builder)?;
        let replica = self.builder.replica(replica);
        let wrong = || row.wrong(Field::Log, "the ids of writes, [0,3]");
        let mut elements = row.get(Field::Log).array().ok_or_else(wrong)?;
        let mut writes = Vec::new();
        while let Some(token) = elements.element().map_err(|fault| row.fault(Field::Log, fault))? {
            let Token::Int(id) = token else { return Err(wrong()) };
            writes.push(OpId(u32::try_from(id).map_err(|_| wrong())?));
        }
        if row.bool(Field::Ahead)? == Some(true) {
            self.builder.push_log_ahead(replica, writes, row.line);
        } else {
            self.builder.push_log(replica, writes, row.line);
        }
        Ok(())
    }

    fn header(&mut self, row: &Row<'_>) -> Result<(), FormatError> {
        if self.header.is_some() || !self.builder.is_empty() {
            let expected = "the header once, before the operations";
            return Err(row
                .wrong(Field::Tribunal, expected)
                .help("begin another history with {\"history\":NAME}"));
        }
        if row.get(Field::Tribunal) != Token::Int(1) {
            return Err(row.wrong(Field::Tribunal, "version 1 of the format, the only one there is"));
        }
        let mut header = Header { spec: row.string(Field::Spec)?.map(Into::into), ..Header::default() };
        if row.has(Field::Initial) {
            header.initial = Some(row.value(Field::Initial, &mut self.builder)?);
        }
        header.initial_of = self.by_key(row, Field::InitialOf)?;
        header.guards = self.by_key(row, Field::Guards)?;
        self.header = Some(header);
        Ok(())
    }

    /// An object whose members' names are keys.
    fn by_key(&mut self, row: &Row<'_>, field: Field) -> Result<Vec<(String, Value)>, FormatError> {
        let mut pairs = Vec::new();
        if !row.has(field) {
            return Ok(pairs);
        }
        let mut members =
            row.get(field).object().ok_or_else(|| row.wrong(field, "an object with a member a key"))?;
        let fault = |fault| row.fault(field, fault);
        while let Some((key, token)) = members.member().map_err(fault)? {
            pairs.push((key.into_owned(), token.value(&mut self.builder).map_err(fault)?));
        }
        Ok(pairs)
    }

    /// Makes sure that a history has operation lines or event lines, not both.
    #[inline]
    fn style(&mut self, row: &Row<'_>, style: Style) -> Result<(), FormatError> {
        if *self.style.get_or_insert(style) == style {
            return Ok(());
        }
        Err(match style {
            Style::Operations => {
                row.wrong(Field::F, "a call or an answer (\"type\"), as on the lines before")
            }
            Style::Events => row.wrong(Field::Type, "an operation on one line, as on the lines before"),
        }
        .help("a history has operation lines or event lines, never both"))
    }
}

#[cold]
fn refused(row: &Row<'_>, error: HistoryError) -> FormatError {
    FormatError::history(row.file, row.line, error)
}
