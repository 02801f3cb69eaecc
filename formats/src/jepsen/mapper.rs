//! What an event means: client calls and responses become operations, everything else annotations.
//!
//! - The position of an event in the list is its time, whatever `:time` says.
//! - A client is a process that is an integer, or a name other than `nemesis` whose function is one of a data type.
//! - `:fail` did not happen, `:info` is indeterminate, and so is a call without a response.
//! - The value of a read, dequeue, pop or poll is the one of its response. Other functions say theirs in the call; a
//!   response that says another is an error, not a guess.

use super::event::{Event, Field, Held, Name};
use super::keys::{Evidence, evidence};
use super::operation::{NAMES, function};
use crate::error::FormatError;
use crate::format::NilRead;
use crate::read::Source;
use tribunal_checker::history::{
    EventKind, Function, History, HistoryBuilder, HistoryError, Micro, Outcome, Value,
};

/// Where formats of events differ.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Rules {
    /// A `:fail` of a cas is its answer "mismatch": it took effect and found another value. Elsewhere it did not
    /// happen.
    pub(crate) failed_cas_is_mismatch: bool,
    /// Values are never `[key value]`, and nil is no remarkable result.
    pub(crate) plain: bool,
}

/// Makes a history of events.
pub(crate) struct Mapper<'a> {
    pub(super) source: &'a Source<'a>,
    pub(super) rules: Rules,
    pub(super) builder: HistoryBuilder,
    pub(super) keys: Keys,
    /// The number of events so far: the time of the next.
    time: i64,
    /// Reads of nil that count as reads of the initial value by default.
    pub(super) nil_reads: u64,
    /// The line of the first `add`.
    pub(super) first_add: Option<u64>,
    /// Scratch: the micro-operations of the event.
    pub(super) micros: Vec<Micro>,
    /// Scratch: the results of the event.
    pub(super) values: Vec<Option<Value>>,
    notes: Vec<String>,
}

/// What is known about the values of the history; see [`super::keys`].
#[derive(Debug)]
pub(super) enum Keys {
    /// Nothing yet: the events since the first call that fits both.
    Undecided(Vec<Held>),
    /// Values stand as they are; `forced` by the caller, or because a call showed it.
    Plain { forced: bool },
    /// Values are `[key value]`.
    Keyed,
}

/// At most this many events are held back before values count as keyed.
const HELD: usize = 1 << 16;

/// An event of a client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Client {
    pub(super) process: Field,
    pub(super) kind: Kind,
    pub(super) function: Function,
}

/// The four types of events.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Invoke,
    Ok,
    Fail,
    Info,
}

impl<'a> Mapper<'a> {
    /// Begins a history.
    pub(crate) fn new(source: &'a Source<'a>, rules: Rules) -> Self {
        let keys = match source.options.keyed {
            _ if rules.plain => Keys::Plain { forced: true },
            Some(true) => Keys::Keyed,
            Some(false) => Keys::Plain { forced: true },
            None => Keys::Undecided(Vec::new()),
        };
        Self {
            source,
            rules,
            builder: HistoryBuilder::new(),
            keys,
            time: 0,
            nil_reads: 0,
            first_add: None,
            micros: Vec::new(),
            values: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The history so far, for what its format sets.
    pub(crate) fn builder(&mut self) -> &mut HistoryBuilder {
        &mut self.builder
    }

    /// Adds a remark about the recording.
    pub(crate) fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    /// Appends the next event.
    ///
    /// # Errors
    /// If it is no event, or does not fit the ones before it.
    #[inline]
    pub(crate) fn event(&mut self, event: &Event<'_>) -> Result<(), FormatError> {
        match self.keys {
            Keys::Undecided(_) => self.undecided(event),
            _ => self.take(event),
        }
    }

    /// Records something that is no event of a client, at this place in time.
    pub(crate) fn annotate(&mut self, text: &str) {
        let time = self.tick();
        self.builder.push_event(EventKind::Annotation(text.into()), Some(time));
    }

    /// Ends the history.
    pub(crate) fn finish(mut self) -> (Result<History, FormatError>, Vec<String>) {
        if let Err(error) = self.decide(Keys::Keyed) {
            return (Err(error), self.notes);
        }
        if self.nil_reads > 0 && self.source.options.nil_read.is_none() && !self.rules.plain {
            let reads = self.nil_reads;
            self.notes.push(format!(
                "{reads} reads returned nil: read as the initial value, null (--nil-read any: as any value)"
            ));
        }
        (self.source.finish(self.builder), self.notes)
    }

    /// Appends an event while it is open whether values are keyed.
    fn undecided(&mut self, event: &Event<'_>) -> Result<(), FormatError> {
        let Keys::Undecided(held) = &self.keys else { return self.take(event) };
        let (count, mut says) = (held.len(), Evidence::Either);
        let client = self.client(event)?;
        if let Some(Client { kind: Kind::Invoke, function, .. }) = client {
            says = match event.field(Name::Key).or(event.field(Name::Lock)) {
                Some(_) => Evidence::Plain,
                None => evidence(event.tape(), function, event.field(Name::Value).map(|field| field.node)),
            };
        } else if count == 0 {
            return self.take(event);
        }
        match says {
            Evidence::Either if count < HELD => {
                if let Keys::Undecided(held) = &mut self.keys {
                    held.push(Held::new(event));
                }
                return Ok(());
            }
            Evidence::Plain => self.decide(Keys::Plain { forced: false })?,
            Evidence::Keyed | Evidence::Either => self.decide(Keys::Keyed)?,
        }
        self.take(event)
    }

    /// Settles whether values are keyed, and appends what was held back.
    fn decide(&mut self, keys: Keys) -> Result<(), FormatError> {
        if !matches!(self.keys, Keys::Undecided(_)) {
            return Ok(());
        }
        let keyed = matches!(keys, Keys::Keyed);
        if let Keys::Undecided(held) = std::mem::replace(&mut self.keys, keys) {
            if keyed && !held.is_empty() {
                self.note("every value is a pair: read as [key value] of independent keys".into());
            }
            held.iter().try_for_each(|held| self.take(&held.event()))?;
        }
        Ok(())
    }

    /// Appends an event.
    fn take(&mut self, event: &Event<'_>) -> Result<(), FormatError> {
        let Some(client) = self.client(event)? else {
            self.annotate(&String::from_utf8_lossy(event.bytes));
            return Ok(());
        };
        let name = event.tape().intern(event.bytes, client.process.node, &mut self.builder);
        let process = self.builder.process(name);
        let time = self.tick();
        let op = match client.kind {
            Kind::Invoke => self.call(event, client.function, process, time),
            kind => self.response(event, client.function, process, outcome(kind), time),
        }?;
        if let Some((offset, length)) = event.extra() {
            self.builder.push_extra(op, offset, length);
        }
        Ok(())
    }

    /// Who did what; `None` for events that are not a client's.
    fn client(&self, event: &Event<'_>) -> Result<Option<Client>, FormatError> {
        use crate::scan::Token;
        let Some(process) = event.field(Name::Process) else {
            return Err(self.error(event, 0, "an event with a :process"));
        };
        let name = event.field(Name::F);
        let text = name.and_then(|name| event.text(name));
        let counter = self.source.options.spec.as_deref() == Some("counter");
        let known = text.and_then(|text| function(text, counter));
        match event.tape().token(process.node) {
            Token::Int(_) => {}
            _ => match event.text(process) {
                Some("nemesis") => return Ok(None),
                Some(_) if known.is_none() => return Ok(None),
                Some(_) => {}
                None => return Err(self.error(event, process.at, "a process: an integer or a name")),
            },
        }
        let kind = event.field(Name::Type);
        let kind = match kind.and_then(|kind| event.text(kind)) {
            Some("invoke") => Kind::Invoke,
            Some("ok") => Kind::Ok,
            Some("fail") => Kind::Fail,
            Some("info") => Kind::Info,
            _ => {
                let expected = "a :type that is invoke, ok, fail or info";
                return Err(self.error(event, kind.map_or(0, |kind| kind.at), expected));
            }
        };
        match known {
            Some(function) => Ok(Some(Client { process, kind, function })),
            None => {
                let expected = format!("an :f that is one of {NAMES}");
                Err(self
                    .error(event, name.map_or(0, |name| name.at), expected)
                    .help("convert the history to one of these data types, or leave these operations out"))
            }
        }
    }

    fn tick(&mut self) -> i64 {
        self.time += 1;
        self.time - 1
    }

    /// An error about what stands at a byte of the event.
    #[cold]
    pub(super) fn error(&self, event: &Event<'_>, at: usize, expected: impl Into<String>) -> FormatError {
        event.error(self.source.name, at, expected)
    }

    /// An error about what a field lacks or has.
    #[cold]
    pub(super) fn wrong(
        &self,
        event: &Event<'_>,
        field: Option<Field>,
        expected: impl Into<String>,
    ) -> FormatError {
        self.error(event, field.map_or(0, |field| field.at), expected)
    }

    /// What the builder refused about an event.
    #[cold]
    pub(super) fn refused(&self, event: &Event<'_>, error: HistoryError) -> FormatError {
        FormatError::history(self.source.name, event.place.0, error)
    }

    /// What a read of nil returned.
    pub(super) fn nil_read(&mut self) -> Value {
        self.nil_reads += 1;
        match self.source.options.nil_read {
            Some(NilRead::Any) => Value::ABSENT,
            Some(NilRead::Initial) | None => Value::NULL,
        }
    }
}

fn outcome(kind: Kind) -> Outcome {
    match kind {
        Kind::Ok => Outcome::Ok,
        Kind::Fail => Outcome::Fail,
        Kind::Invoke | Kind::Info => Outcome::Info,
    }
}
