//! Makes a history of a figure's lines.

use super::Wrong;
use super::item::{Item, Operation as Written, What};
use super::line::Line;
use super::replica::Replicas;
use crate::error::FormatError;
use crate::header::Header;
use crate::read::{Recording, Source};
use tribunal_checker::history::{
    Datum, EventKind, Function, History, HistoryBuilder, Micro, OpId, Operation, Outcome, ProcessId, Value,
};

/// A figure being read.
#[derive(Debug)]
pub(super) struct Figure {
    name: String,
    builder: HistoryBuilder,
    header: Header,
    untimed: bool,
    /// Some line of operations holds a tab.
    tabbed: bool,
    rows: Vec<Row>,
    begun: bool,
    error: Option<FormatError>,
}

/// A line of operations.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) label: Option<Datum>,
    pub(super) items: Vec<Item>,
    /// The 1-based number, and the text for errors.
    pub(super) line: u64,
    pub(super) text: String,
}

/// When things of a figure happened.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    untimed: bool,
    tabbed: bool,
}

impl Figure {
    /// A figure without lines.
    pub(super) fn new(name: &str) -> Self {
        let mut builder = HistoryBuilder::new();
        builder.set_name(name);
        Self {
            name: name.into(),
            builder,
            header: Header::default(),
            untimed: false,
            tabbed: false,
            rows: Vec::new(),
            begun: !name.is_empty(),
            error: None,
        }
    }

    /// True once it has a name or a line that is no comment.
    pub(super) fn is_begun(&self) -> bool {
        self.begun
    }

    /// Gives the figure up; the first error counts.
    pub(super) fn reject(&mut self, error: FormatError) {
        self.begun = true;
        self.error.get_or_insert(error);
    }

    /// Takes in one more line.
    pub(super) fn take(&mut self, line: Line, text: &str, number: u64, source: &Source<'_>) {
        self.begun |= line != Line::Blank;
        match line {
            // Expectations are for whoever tests the checker.
            Line::Blank | Line::Expect(_) | Line::History(_) => {}
            Line::Spec(spec) => self.header.spec = Some(spec),
            Line::Untimed => self.untimed = true,
            Line::Guards(guards) => {
                let guards = guards.into_iter().map(|(key, lock)| (key, self.builder.datum(&lock)));
                self.header.guards.extend(guards);
            }
            Line::Initial(values) => {
                for (key, value) in values {
                    let value = self.builder.datum(&value);
                    match key {
                        Some(key) => self.header.initial_of.push((key, value)),
                        None => self.header.initial = Some(value),
                    }
                }
            }
            Line::Operations(label, items) => {
                if label.is_some()
                    && let Some(row) = self.rows.iter().find(|row| row.label == label)
                {
                    let expected = format!("one line for each process (line {} is of this one)", row.line);
                    let wrong = Wrong::new(0, expected).help("join the lines");
                    return self.reject(wrong.error(source.name, number, text));
                }
                self.tabbed |= text.contains('\t');
                self.rows.push(Row { label, items, line: number, text: text.into() });
            }
        }
    }

    /// The history, or its first error.
    pub(super) fn finish(mut self, source: &Source<'_>) -> Recording {
        let name = std::mem::take(&mut self.name);
        let history = match self.error.take() {
            Some(error) => Err(error),
            None => self.build(source),
        };
        source.recording(&name, history)
    }

    fn build(mut self, source: &Source<'_>) -> Result<History, FormatError> {
        let clock = Clock { untimed: self.untimed, tabbed: self.tabbed };
        let mut replicas = Replicas::new(&self.rows);
        for row in &self.rows {
            let is_replica = replicas.is_replica(row);
            let process = row.label.as_ref().filter(|_| !is_replica).map(|label| {
                let name = self.builder.datum(label);
                self.builder.process(name)
            });
            for item in &row.items {
                let done = match process {
                    _ if is_replica => replicas.take(row, item, clock, &mut self.builder, source),
                    Some(process) => take(process, row, item, clock, &mut self.builder, source),
                    None => crash(row, item, clock, &mut self.builder, source),
                };
                done?;
            }
        }
        self.header.apply(&mut self.builder);
        source.finish(self.builder)
    }
}

impl Row {
    /// True if it shows what a replica has applied.
    pub(super) fn has_applied(&self) -> bool {
        self.items.iter().any(|item| matches!(item.what, What::Applied(_)))
    }

    /// The error of something on the line.
    pub(super) fn wrong(&self, source: &Source<'_>, item: &Item, expected: impl Into<String>) -> FormatError {
        Wrong::new(item.at, expected).error(source.name, self.line, &self.text)
    }
}

impl Clock {
    /// Start and end of an item: its interval, else the instant of its column, or tab field.
    pub(super) fn times(
        self,
        row: &Row,
        item: &Item,
        source: &Source<'_>,
    ) -> Result<(Option<i64>, Option<i64>), FormatError> {
        match item.interval {
            Some(_) if self.untimed => Err(row.wrong(source, item, "no interval in an untimed history")),
            Some((_, None)) if !item.unknown => {
                Err(row.wrong(source, item, "an end of the interval: only operations with a `?` go without"))
            }
            Some((start, end)) => Ok((Some(start), end)),
            None if self.untimed => Ok((None, None)),
            None => {
                let instant = Some(if self.tabbed { item.field } else { item.column });
                Ok((instant, instant))
            }
        }
    }
}

/// A crash, at its column.
fn crash(
    row: &Row,
    item: &Item,
    clock: Clock,
    builder: &mut HistoryBuilder,
    source: &Source<'_>,
) -> Result<(), FormatError> {
    if item.what != What::Crash {
        return Err(row.wrong(source, item, "a process's name in front of its operations"));
    }
    let (start, _) = clock.times(row, item, source)?;
    builder.push_event(EventKind::Crash, start);
    Ok(())
}

/// An operation (or a crash) on a process's line.
fn take(
    process: ProcessId,
    row: &Row,
    item: &Item,
    clock: Clock,
    builder: &mut HistoryBuilder,
    source: &Source<'_>,
) -> Result<(), FormatError> {
    match &item.what {
        What::Operation(written) => {
            operation(process, written, row, item, clock, builder, source).map(|_| ())
        }
        _ => crash(row, item, clock, builder, source),
    }
}

/// Pushes an operation.
pub(super) fn operation(
    process: ProcessId,
    written: &Written,
    row: &Row,
    item: &Item,
    clock: Clock,
    builder: &mut HistoryBuilder,
    source: &Source<'_>,
) -> Result<OpId, FormatError> {
    let (start, end) = clock.times(row, item, source)?;
    if written.value.is_none() && !written.may_lack_value() {
        return Err(row.wrong(source, item, format!("a value behind the {}, `W(x)a`", written.function)));
    }
    let micros = micro_operations(written, builder);
    let operation = Operation {
        outcome: if item.unknown { Outcome::Info } else { Outcome::Ok },
        answer: written.answer,
        shared: written.shared,
        start,
        end,
        line: row.line,
        ..Operation::new(process, written.function, &micros)
    };
    builder.push(&operation).map_err(|error| FormatError::history(source.name, row.line, error))
}

fn micro_operations(written: &Written, builder: &mut HistoryBuilder) -> Vec<Micro> {
    let object = builder.datum(&written.object);
    if written.function.is_sync() {
        return vec![Micro::sync(written.function, builder.lock(object))];
    }
    let key = builder.key(object);
    let mut value = written.value.as_ref().map_or(Value::ABSENT, |value| builder.datum(value));
    if let (Function::Cas, Some(new)) = (written.function, &written.new) {
        let new = builder.datum(new);
        return vec![Micro::new(Function::Read, key, value), Micro::new(Function::Write, key, new)];
    }
    if written.function == Function::Inc && !value.is_known() {
        value = builder.int(1);
    }
    vec![Micro::new(written.function, key, value)]
}
