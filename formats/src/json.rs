//! A scanner for JSON inside one line: no tree, no copies, exact positions of errors.
//!
//! [`Scanner::token`] gives scalars at once and passes over anything nested (or escaped) as [`Token::Raw`], to be
//! scanned again by whoever wants it. Nesting is limited to [`DEPTH`]; a scanner never recurses deeper.

mod scanner;

pub(crate) use scanner::{Fault, Scanner};

use std::borrow::Cow;
use tribunal_checker::history::{Datum, HistoryBuilder, Value};

/// The deepest nesting that is read.
pub(crate) const DEPTH: u32 = 128;

/// A JSON value, as far as it is understood at once.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) enum Token<'a> {
    /// There is none.
    #[default]
    Absent,
    Null,
    Bool(bool),
    /// An integer of at most 64 bits.
    Int(i64),
    /// A string without escapes.
    Text(&'a str),
    /// Anything else, as it stands: valid JSON, but that an escape or a number may yet be out of range.
    Raw(&'a str),
}

impl<'a> Token<'a> {
    /// The handle of the value; absent stays absent.
    ///
    /// # Errors
    /// If a number or an escape is out of range; the fault's position counts from the token's start.
    #[inline]
    pub(crate) fn value(self, builder: &mut HistoryBuilder) -> Result<Value, Fault> {
        Ok(match self {
            Self::Absent => Value::ABSENT,
            Self::Null => Value::NULL,
            Self::Bool(false) => Value::FALSE,
            Self::Bool(true) => Value::TRUE,
            Self::Int(int) => builder.int(int),
            Self::Text(text) => builder.text(text),
            Self::Raw(raw) => builder.datum(&datum(raw)?),
        })
    }

    /// The string, if it is one.
    pub(crate) fn text(self) -> Result<Option<Cow<'a, str>>, Fault> {
        match self {
            Self::Text(text) => Ok(Some(text.into())),
            Self::Raw(raw) if raw.starts_with('"') => unescape(raw).map(|text| Some(text.into())),
            _ => Ok(None),
        }
    }

    /// The array, ready for its first element, if it is one.
    pub(crate) fn array(self) -> Option<Elements<'a>> {
        match self {
            Self::Raw(raw) if raw.starts_with('[') => {
                Some(Elements { scanner: Scanner::inside(raw), close: b']' })
            }
            _ => None,
        }
    }

    /// The object, ready for its first member, if it is one.
    pub(crate) fn object(self) -> Option<Elements<'a>> {
        match self {
            Self::Raw(raw) if raw.starts_with('{') => {
                Some(Elements { scanner: Scanner::inside(raw), close: b'}' })
            }
            _ => None,
        }
    }
}

/// The elements of an array, or the members of an object, that was passed over before.
#[derive(Clone, Debug)]
pub(crate) struct Elements<'a> {
    scanner: Scanner<'a>,
    close: u8,
}

impl<'a> Elements<'a> {
    fn is_done(&mut self) -> bool {
        self.scanner.take(self.close) || self.scanner.peek().is_none()
    }

    /// The next element.
    pub(crate) fn element(&mut self) -> Result<Option<Token<'a>>, Fault> {
        if self.is_done() {
            return Ok(None);
        }
        let token = self.scanner.token()?;
        self.scanner.take(b',');
        Ok(Some(token))
    }

    /// The next member: its name, unescaped, and its value.
    pub(crate) fn member(&mut self) -> Result<Option<(Cow<'a, str>, Token<'a>)>, Fault> {
        if self.is_done() {
            return Ok(None);
        }
        let name = member_name(self.scanner.name()?)?;
        let token = self.scanner.token()?;
        self.scanner.take(b',');
        Ok(Some((name, token)))
    }
}

/// The value that a text spells.
pub(crate) fn datum(raw: &str) -> Result<Datum, Fault> {
    // The scanner limits the nesting; behind it, recursion is safe.
    Scanner::new(raw).token()?;
    parse(&mut Scanner::new(raw))
}

/// The next value, which a scanner has passed over once.
fn parse(scanner: &mut Scanner<'_>) -> Result<Datum, Fault> {
    let (open, at) = (scanner.peek(), scanner.at());
    match open {
        Some(b'[') => {
            let mut items = Vec::new();
            scanner.take(b'[');
            while !scanner.take(b']') {
                items.push(parse(scanner)?);
                scanner.take(b',');
            }
            Ok(Datum::List(items))
        }
        Some(b'{') => {
            let mut pairs = Vec::new();
            scanner.take(b'{');
            while !scanner.take(b'}') {
                let name = member_name(scanner.name()?)?;
                pairs.push((name.into(), parse(scanner)?));
                scanner.take(b',');
            }
            Ok(Datum::map(pairs))
        }
        _ => scalar(scanner.token()?).map_err(|fault| Fault { at, ..fault }),
    }
}

fn scalar(token: Token<'_>) -> Result<Datum, Fault> {
    let out_of_range = Fault::new(0, "a number within the range of 64-bit floats");
    Ok(match token {
        Token::Absent | Token::Null => Datum::Null,
        Token::Bool(bool) => Datum::Bool(bool),
        Token::Int(int) => Datum::Int(int),
        Token::Text(text) => Datum::text(text),
        Token::Raw(raw) if raw.starts_with('"') => Datum::Text(unescape(raw)?.into()),
        Token::Raw(raw) if raw.contains(['.', 'e', 'E']) => {
            Datum::Float(raw.parse().ok().filter(|float: &f64| float.is_finite()).ok_or(out_of_range)?)
        }
        Token::Raw(raw) => Datum::integer(raw),
    })
}

/// A member's name without its escapes.
fn member_name(name: &str) -> Result<Cow<'_, str>, Fault> {
    Ok(if name.contains('\\') { unescape(&format!("\"{name}\""))?.into() } else { name.into() })
}

/// The text of a string with escapes, given with its quotes.
fn unescape(raw: &str) -> Result<String, Fault> {
    serde_json::from_str(raw).map_err(|_| Fault::new(0, "a string whose \\u escapes are characters"))
}

#[cfg(test)]
mod tests;
