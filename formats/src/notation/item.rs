//! The operations of a line: `W(x)a`, `CAS(x)a>b`, `Acq(L)`, with `?` and `@[3,9]` behind them.

use super::Wrong;
use super::line::name;
use crate::json::{self, Scanner};
use tribunal_checker::history::{Datum, Function};

/// The names of operations: function, name, shared mode.
pub(super) const NAMES: &[(Function, &str, bool)] = &[
    (Function::Read, "R", false),
    (Function::Write, "W", false),
    (Function::Cas, "CAS", false),
    (Function::Inc, "Inc", false),
    (Function::Append, "App", false),
    (Function::Put, "Put", false),
    (Function::Add, "Add", false),
    (Function::Remove, "Rem", false),
    (Function::Contains, "Has", false),
    (Function::Enqueue, "Enq", false),
    (Function::Dequeue, "Deq", false),
    (Function::Push, "Push", false),
    (Function::Pop, "Pop", false),
    (Function::Insert, "Ins", false),
    (Function::Poll, "Poll", false),
    (Function::Acquire, "Acq", false),
    (Function::Acquire, "AcqS", true),
    (Function::Release, "Rel", false),
    (Function::Release, "RelS", true),
    (Function::Sync, "Sync", false),
];

/// Something on a line, and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Item {
    pub(super) what: What,
    /// The byte at which it starts.
    pub(super) at: usize,
    /// The column, in characters from the line's start.
    pub(super) column: i64,
    /// How many tabs stand before it.
    pub(super) field: i64,
    /// `?`: its outcome is unknown.
    pub(super) unknown: bool,
    /// `@[3,9]`, or `@[3,]`.
    pub(super) interval: Option<(i64, Option<i64>)>,
}

/// What stands on a line.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum What {
    Operation(Operation),
    /// Every process crashes.
    Crash,
    /// `WS(x1;x2)`: the versions that a replica has applied.
    Applied(Vec<String>),
}

/// An operation as it is written.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Operation {
    pub(super) function: Function,
    pub(super) shared: bool,
    /// The key or the lock.
    pub(super) object: Datum,
    pub(super) value: Option<Datum>,
    /// The new value of a cas.
    pub(super) new: Option<Datum>,
    /// `>true` or `>false`.
    pub(super) answer: Option<bool>,
}

impl Item {
    /// The versions that it shows to be applied.
    pub(super) fn versions(&self) -> impl Iterator<Item = &str> {
        let versions: &[String] = if let What::Applied(versions) = &self.what { versions } else { &[] };
        versions.iter().map(String::as_str)
    }
}

/// A position in a line.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// Up to this byte columns and fields are counted.
    counted: usize,
    column: i64,
    field: i64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0, counted: 0, column: 0, field: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn remaining(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(super) fn skip_to(&mut self, at: usize) {
        self.at = at;
    }

    pub(super) fn space(&mut self) {
        let rest = self.remaining();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn take(&mut self, text: &str) -> bool {
        let there = self.remaining().starts_with(text);
        self.at += if there { text.len() } else { 0 };
        there
    }

    pub(super) fn expect(&mut self, c: char, expected: &str) -> Result<(), Wrong> {
        self.space();
        if self.take(c.encode_utf8(&mut [0; 4])) { Ok(()) } else { Err(Wrong::new(self.at, expected)) }
    }

    /// What stands before `stop`, or all that is left.
    pub(super) fn until(&mut self, stop: char) -> &'a str {
        let rest = self.remaining();
        let length = rest.find(stop).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// All that is left, trimmed, which must be something.
    pub(super) fn rest(&mut self, expected: &str) -> Result<String, Wrong> {
        self.space();
        match self.remaining().trim_end() {
            "" => Err(Wrong::new(self.at, expected)),
            rest => Ok(rest.into()),
        }
    }

    /// Entries with commas between them; `entry` reads one.
    pub(super) fn entries(
        &mut self,
        mut entry: impl FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        loop {
            self.space();
            entry(self)?;
            self.space();
            if self.remaining().is_empty() {
                return Ok(());
            }
            self.expect(',', "`,` or the end of the line")?;
        }
    }

    /// A JSON string.
    pub(super) fn string(&mut self) -> Result<Datum, Wrong> {
        let mut scanner = Scanner::new(self.remaining());
        let wrong = |fault: json::Fault| Wrong::new(self.at + fault.at, fault.expected);
        scanner.token().map_err(wrong)?;
        let datum = json::datum(&self.remaining()[..scanner.at()]).map_err(wrong)?;
        self.at += scanner.at();
        Ok(datum)
    }

    /// A value, which ends at a space, `?`, `@` or one of `stops`; `None` if there is none.
    pub(super) fn value(&mut self, stops: &str) -> Result<Option<Datum>, Wrong> {
        let rest = self.remaining();
        if rest.starts_with('"') {
            return self.string().map(Some);
        }
        let ends = |c: char| c.is_whitespace() || matches!(c, '?' | '@') || stops.contains(c);
        let text = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += text.len();
        Ok((!text.is_empty()).then(|| plain(text)))
    }

    /// Everything on the line from here on.
    pub(super) fn items(&mut self) -> Result<Vec<Item>, Wrong> {
        let mut items = Vec::new();
        loop {
            self.space();
            if self.remaining().is_empty() || self.remaining().starts_with('#') {
                return Ok(items);
            }
            items.push(self.item()?);
        }
    }

    fn item(&mut self) -> Result<Item, Wrong> {
        let at = self.at;
        let passed = &self.text[self.counted..at];
        self.column += i64::try_from(passed.chars().count()).unwrap_or(i64::MAX);
        self.field += i64::try_from(passed.matches('\t').count()).unwrap_or(i64::MAX);
        self.counted = at;
        let (column, field) = (self.column, self.field);
        let what = self.what()?;
        let (mut unknown, mut interval) = (false, None);
        loop {
            if !unknown && self.take("?") {
                unknown = true;
            } else if interval.is_none() && self.take("@[") {
                interval = Some(self.interval()?);
            } else {
                break;
            }
        }
        if self.remaining().chars().next().is_some_and(|c| !c.is_whitespace()) {
            return Err(Wrong::new(self.at, "a space behind the operation"));
        }
        if unknown && !matches!(what, What::Operation(_)) {
            return Err(Wrong::new(at, "no `?`, which belongs to operations"));
        }
        Ok(Item { what, at, column, field, unknown, interval })
    }

    fn what(&mut self) -> Result<What, Wrong> {
        let (start, rest) = (self.at, self.remaining());
        let word = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
        self.at += word.len();
        if !self.take("(") {
            return match word {
                "crash" => Ok(What::Crash),
                "S" => Ok(What::Operation(Operation::new(Function::Sync, false, Datum::text("S")))),
                _ => Err(unknown_operation(start)),
            };
        }
        if word == "WS" {
            let versions = self.until(')');
            self.expect(')', "`)` behind the versions")?;
            let versions = versions.split(';').map(str::trim).filter(|version| !version.is_empty());
            return Ok(What::Applied(versions.map(Into::into).collect()));
        }
        let &(function, _, shared) =
            NAMES.iter().find(|(_, name, _)| *name == word).ok_or_else(|| unknown_operation(start))?;
        let object = if self.remaining().starts_with('"') {
            self.string()?
        } else {
            let rest = self.remaining();
            let length = rest.find(['(', ')']).unwrap_or(rest.len());
            self.at += length;
            name(rest[..length].trim())
        };
        self.expect(')', "`)` behind the name")?;
        self.arguments(Operation::new(function, shared, object)).map(What::Operation)
    }

    /// What stands behind the parentheses.
    fn arguments(&mut self, mut operation: Operation) -> Result<Operation, Wrong> {
        let function = operation.function;
        let answers = matches!(function, Function::Add | Function::Remove | Function::Contains);
        match function {
            Function::Acquire | Function::Release | Function::Sync => return Ok(operation),
            Function::Cas => {
                let expected = "the old and the new value, `CAS(x)a>b`";
                operation.value = Some(self.value(">")?.ok_or_else(|| Wrong::new(self.at, expected))?);
                if !self.take(">") {
                    return Err(Wrong::new(self.at, expected));
                }
                operation.new = Some(self.value(">")?.ok_or_else(|| Wrong::new(self.at, expected))?);
            }
            _ => operation.value = self.value(if answers { ">" } else { "" })?,
        }
        if (answers || function == Function::Cas) && self.take(">") {
            operation.answer = Some(match self.value("")? {
                Some(Datum::Bool(answer)) => answer,
                _ => return Err(Wrong::new(self.at, "the answer, `>true` or `>false`")),
            });
        }
        Ok(operation)
    }

    /// `3,9]`
    fn interval(&mut self) -> Result<(i64, Option<i64>), Wrong> {
        let start = self.time()?.ok_or_else(|| Wrong::new(self.at, "a start, `@[3,9]`"))?;
        self.expect(',', "`,` between start and end")?;
        let end = self.time()?;
        self.expect(']', "`]` behind the interval")?;
        Ok((start, end))
    }

    fn time(&mut self) -> Result<Option<i64>, Wrong> {
        self.space();
        let rest = self.remaining();
        let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
        if digits.is_empty() {
            return if rest.starts_with(']') {
                Ok(None)
            } else {
                Err(Wrong::new(self.at, "a time of at least 0"))
            };
        }
        match digits.parse::<i64>() {
            Ok(time) if time < i64::MAX => {
                self.at += digits.len();
                Ok(Some(time))
            }
            _ => Err(Wrong::new(self.at, "a time of at most 2^63 - 2")),
        }
    }
}

impl Operation {
    fn new(function: Function, shared: bool, object: Datum) -> Self {
        Self { function, shared, object, value: None, new: None, answer: None }
    }

    /// True if it says something without a value.
    pub(super) fn may_lack_value(&self) -> bool {
        use Function::{Dequeue, Inc, Poll, Pop, Read};
        self.function.is_sync() || matches!(self.function, Read | Dequeue | Pop | Poll | Inc)
    }
}

fn unknown_operation(at: usize) -> Wrong {
    let names: Vec<_> = NAMES.iter().map(|(_, name, _)| format!("{name}(…)")).collect();
    Wrong::new(at, format!("an operation: {}, S or crash", names.join(", ")))
}

/// A value without quotes: numbers, true and false are typed, `NIL` is null, anything else is a text.
pub(super) fn plain(text: &str) -> Datum {
    match text {
        "NIL" => return Datum::Null,
        "true" => return Datum::Bool(true),
        "false" => return Datum::Bool(false),
        _ => {}
    }
    if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) {
        let mut scanner = Scanner::new(text);
        if scanner.token().is_ok()
            && scanner.at() == text.len()
            && let Ok(number) = json::datum(text)
        {
            return number;
        }
    }
    Datum::text(text)
}
