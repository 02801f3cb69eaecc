//! One line of a native history, scanned: its members by name, and errors that point at them.

use crate::error::{ErrorKind, FormatError, found};
use crate::json::{Fault, Scanner, Token};
use std::borrow::Cow;
use std::ops::Range;
use tribunal_checker::history::{HistoryBuilder, Value};

macro_rules! fields {
    ($($field:ident = $name:literal),+ $(,)?) => {
        /// The members that mean something on some line.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Field { $($field),+ }

        impl Field {
            fn name(self) -> &'static str {
                match self { $(Self::$field => $name),+ }
            }

            #[inline]
            fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$field),)+ _ => None }
            }
        }
    };
}

// Those of operation lines first: what stands behind `Replica` is kept as unknown there.
fields! {
    Process = "process", F = "f", Key = "key", Value = "value", Start = "start", End = "end", Outcome = "outcome",
    Ok = "ok", Lock = "lock", Mode = "mode", Hint = "hint", Replica = "replica", Type = "type", Id = "id",
    Time = "time", Event = "event", Text = "text", Log = "log", Ahead = "ahead", History = "history",
    Tribunal = "tribunal", Spec = "spec", Initial = "initial", InitialOf = "initial_of", Guards = "guards",
}

/// How many members an operation, a call or an answer may have; they have places of their own.
const COMMON: usize = Field::Type as usize + 1;

impl Field {
    /// True if the member of an operation line is stored with the operation, and need not be kept as it stands.
    fn is_stored(self) -> bool {
        (self as usize) < COMMON
    }
}

/// A name and the quote that closes it, as the first bytes of a little-endian word, and which bytes those are.
const fn spelled(field: &str) -> (u64, u64) {
    let (bytes, mut word, mut at) = (field.as_bytes(), 0, 0);
    while at < bytes.len() {
        word |= (bytes[at] as u64) << (8 * at);
        at += 1;
    }
    (word | (b'"' as u64) << (8 * at), u64::MAX >> (56 - 8 * at))
}

/// The name of the next member. The seven that most lines consist of are told by one comparison each.
#[inline(always)]
fn name(scanner: &mut Scanner<'_>) -> Result<Option<Field>, Fault> {
    macro_rules! quick {
        ($next:expr, $($field:ident = $name:literal),+) => {
            $(
                const { assert!($name.len() < 8) };
                let (word, mask) = const { spelled($name) };
                if $next & mask == word {
                    scanner.pass_name($name.len())?;
                    return Ok(Some(Field::$field));
                }
            )+
        };
    }
    if let Some(next) = scanner.name_word() {
        quick!(
            next,
            F = "f",
            Key = "key",
            Value = "value",
            Start = "start",
            End = "end",
            Process = "process",
            Outcome = "outcome"
        );
    }
    Ok(Field::from_name(scanner.name()?))
}

/// A line and its members.
#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) file: &'a str,
    pub(super) line: u64,
    /// The offset of the text in the decompressed input.
    pub(super) offset: u64,
    pub(super) text: &'a str,
    tokens: [Token<'a>; COMMON],
    /// The other members, if there are any: a search in it is as rare as they are.
    rare: Vec<(Field, Token<'a>)>,
}

impl<'a> Row<'a> {
    /// Scans a line; `unknown` gets the byte ranges of the members that an operation does not store, neighbours joined.
    #[inline]
    pub(super) fn scan(
        (file, line, offset): (&'a str, u64, u64),
        text: &'a str,
        unknown: &mut Vec<(Range<usize>, Option<Field>)>,
    ) -> Result<Self, Fault> {
        let mut row = Self { file, line, offset, text, tokens: [Token::Absent; COMMON], rare: Vec::new() };
        unknown.clear();
        let mut scanner = Scanner::new(text);
        scanner.expect(b'{', "a JSON object")?;
        if !scanner.take(b'}') {
            loop {
                scanner.peek();
                let start = scanner.at();
                let field = name(&mut scanner)?;
                let token = scanner.token_inline()?;
                if field.is_some_and(|field| row.has(field)) {
                    return Err(Fault { at: start, expected: "each member only once", limit: false });
                }
                match field {
                    Some(field) if field.is_stored() => row.tokens[field as usize] = token,
                    _ => {
                        row.rare.extend(field.map(|field| (field, token)));
                        unknown.push((start..scanner.at(), field));
                    }
                }
                if scanner.take(b'}') {
                    break;
                }
                scanner.expect(b',', "`,` or `}`")?;
            }
        }
        scanner.finish()?;
        Ok(row)
    }

    /// A member's value.
    #[inline]
    pub(super) fn get(&self, field: Field) -> Token<'a> {
        if field.is_stored() {
            return self.tokens[field as usize];
        }
        self.rare.iter().find(|(rare, _)| *rare == field).map_or(Token::Absent, |&(_, token)| token)
    }

    /// True if there is such a member.
    #[inline]
    pub(super) fn has(&self, field: Field) -> bool {
        !matches!(self.get(field), Token::Absent)
    }

    /// True if the line has nothing but an event, its text and perhaps its time.
    pub(super) fn is_plain_annotation(&self) -> bool {
        let mut scanner = Scanner::new(self.text);
        scanner.take(b'{');
        while let Ok(name) = scanner.name() {
            if !matches!(Field::from_name(name), Some(Field::Event | Field::Text | Field::Time)) {
                return false;
            }
            if scanner.token().is_err() || !scanner.take(b',') {
                break;
            }
        }
        true
    }

    /// The handle of a member's value; absent if it is not there.
    #[inline]
    pub(super) fn value(&self, field: Field, builder: &mut HistoryBuilder) -> Result<Value, FormatError> {
        self.get(field).value(builder).map_err(|fault| self.fault(field, fault))
    }

    /// The string of a member, if it is there.
    pub(super) fn string(&self, field: Field) -> Result<Option<Cow<'a, str>>, FormatError> {
        if !self.has(field) {
            return Ok(None);
        }
        let text = self.get(field).text().map_err(|fault| self.fault(field, fault))?;
        text.map(Some).ok_or_else(|| self.wrong(field, "a string"))
    }

    /// The boolean of a member, if it is there.
    #[inline]
    pub(super) fn bool(&self, field: Field) -> Result<Option<bool>, FormatError> {
        match self.get(field) {
            Token::Absent => Ok(None),
            Token::Bool(bool) => Ok(Some(bool)),
            _ => Err(self.wrong(field, "true or false")),
        }
    }

    /// The integer of a member, if it is there.
    pub(super) fn int(&self, field: Field) -> Result<Option<i64>, FormatError> {
        match self.get(field) {
            Token::Absent => Ok(None),
            Token::Int(int) => Ok(Some(int)),
            _ => Err(self.wrong(field, "an integer of at most 64 bits")),
        }
    }

    /// The time of a member, if it is there: an integer from 0 to 2^63 - 2.
    #[inline]
    pub(super) fn time(&self, field: Field) -> Result<Option<i64>, FormatError> {
        match self.get(field) {
            Token::Absent => Ok(None),
            Token::Int(time) if (0..i64::MAX).contains(&time) => Ok(Some(time)),
            _ => Err(self
                .wrong(field, "a time: an integer from 0 to 2^63 - 2")
                .help("count from the start of the recording, in a unit that makes every time an integer")),
        }
    }

    /// The error of a member whose value is not what it should be.
    #[cold]
    pub(super) fn wrong(&self, field: Field, expected: impl Into<String>) -> FormatError {
        let at = self.locate(field);
        let column = at as u64 + 1;
        FormatError::new(
            self.file,
            self.line,
            column,
            &found(self.text.get(at..).unwrap_or("").as_bytes()),
            expected,
        )
        .kind(ErrorKind::Content)
    }

    /// The error of a member that is missing.
    #[cold]
    pub(super) fn missing(&self, field: Field, expected: impl Into<String>) -> FormatError {
        let what = format!("no \"{}\"", field.name());
        FormatError::new(self.file, self.line, 1, &what, expected).kind(ErrorKind::Content)
    }

    /// The error of a member that a second scan found to be wrong inside.
    #[cold]
    pub(super) fn fault(&self, field: Field, fault: Fault) -> FormatError {
        let at = self.locate(field);
        fault.error(self.file, self.line, at, self.text.get(at..).unwrap_or(""))
    }

    /// Where a member's value starts.
    fn locate(&self, field: Field) -> usize {
        let mut scanner = Scanner::new(self.text);
        scanner.take(b'{');
        while let Ok(name) = scanner.name() {
            scanner.peek();
            let at = scanner.at();
            if name == field.name() {
                return at;
            }
            if scanner.token().is_err() || !scanner.take(b',') {
                break;
            }
        }
        0
    }
}
