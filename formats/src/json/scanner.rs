//! Passes over JSON, value by value, and says at which byte it is none.

use super::{DEPTH, Token};
use crate::error::{ErrorKind, FormatError, found};

/// What is wrong with a text, and at which byte.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) expected: &'static str,
    pub(crate) limit: bool,
}

impl Fault {
    pub(super) fn new(at: usize, expected: &'static str) -> Self {
        Self { at, expected, limit: false }
    }

    /// The fault as an error: `text` is what was scanned, and stands in line `line` behind `before` bytes.
    pub(crate) fn error(&self, file: &str, line: u64, before: usize, text: &str) -> FormatError {
        let column = (before + self.at) as u64 + 1;
        let rest = text.as_bytes().get(self.at..).unwrap_or_default();
        let error = FormatError::new(file, line, column, &found(rest), self.expected);
        if self.limit { error.kind(ErrorKind::Limit) } else { error }
    }
}

/// A position in a text that is JSON, or should be.
#[derive(Clone, Debug)]
pub(crate) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Begins at the start of a text.
    #[inline]
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Begins behind the bracket that opens an array or an object.
    pub(super) fn inside(text: &'a str) -> Self {
        Self { text, at: 1 }
    }

    /// The position, in bytes.
    #[inline]
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// The next byte that is no space.
    #[inline(always)]
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if byte > b' ' || !matches!(byte, b' ' | b'\t' | b'\r' | b'\n') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Passes over a byte if it comes next.
    #[inline(always)]
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.at += usize::from(there);
        there
    }

    /// Passes over a byte that must come next.
    #[inline(always)]
    pub(crate) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Fault> {
        if self.take(byte) { Ok(()) } else { Err(Fault::new(self.at, expected)) }
    }

    /// Makes sure that nothing is left.
    pub(crate) fn finish(&mut self) -> Result<(), Fault> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Fault::new(self.at, "nothing behind the value")),
        }
    }

    /// The name of a member and the colon behind it: what stands between the quotes, escapes and all.
    #[inline(always)]
    pub(crate) fn name(&mut self) -> Result<&'a str, Fault> {
        self.expect(b'"', "a member's name in double quotes")?;
        let (start, _) = (self.at, self.string()?);
        let name = &self.text[start..self.at - 1];
        self.expect(b':', "`:`")?;
        Ok(name)
    }

    /// The eight bytes behind the quote that opens a name, if one comes next and as much is left.
    #[inline(always)]
    pub(crate) fn name_word(&mut self) -> Option<u64> {
        if self.peek() != Some(b'"') {
            return None;
        }
        self.text.as_bytes()[self.at + 1..].first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
    }

    /// Passes over a name of that length, which is known to come next, its quotes and the colon.
    #[inline(always)]
    pub(crate) fn pass_name(&mut self, length: usize) -> Result<(), Fault> {
        self.at += length + 2;
        self.expect(b':', "`:`")
    }

    /// A value.
    pub(crate) fn token(&mut self) -> Result<Token<'a>, Fault> {
        self.token_inline()
    }

    /// [`Scanner::token`] for the one loop that is worth a copy of the code: results stay in registers.
    #[inline(always)]
    pub(crate) fn token_inline(&mut self) -> Result<Token<'a>, Fault> {
        match self.peek() {
            Some(b'"') => {
                let start = self.at;
                self.at += 1;
                let plain = self.string()?;
                Ok(if plain {
                    Token::Text(&self.text[start + 1..self.at - 1])
                } else {
                    Token::Raw(&self.text[start..self.at])
                })
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.other(),
        }
    }

    /// A keyword, an array or an object.
    fn other(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.at;
        match self.peek() {
            Some(b'n') => self.keyword("null", Token::Null),
            Some(b't') => self.keyword("true", Token::Bool(true)),
            Some(b'f') => self.keyword("false", Token::Bool(false)),
            Some(b'[' | b'{') => {
                self.skip(DEPTH)?;
                Ok(Token::Raw(&self.text[start..self.at]))
            }
            _ => Err(Fault::new(self.at, "a JSON value")),
        }
    }

    fn keyword(&mut self, word: &'static str, token: Token<'a>) -> Result<Token<'a>, Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        let ends = rest.get(word.len()).is_none_or(|byte| !byte.is_ascii_alphanumeric());
        if !rest.starts_with(word.as_bytes()) || !ends {
            return Err(Fault::new(self.at, "a JSON value"));
        }
        self.at += word.len();
        Ok(token)
    }

    /// Passes over the rest of a string and its closing quote; true if it has no escapes.
    #[inline(always)]
    fn string(&mut self) -> Result<bool, Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        let plain = rest.iter().position(|&byte| matches!(byte, b'"' | b'\\' | 0..=0x1f));
        match plain {
            Some(length) if rest[length] == b'"' => {
                self.at += length + 1;
                Ok(true)
            }
            _ => self.odd_string(),
        }
    }

    /// A string with escapes, or one that is none.
    #[cold]
    fn odd_string(&mut self) -> Result<bool, Fault> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    return Ok(false);
                }
                b'\\' => self.escape()?,
                0..=0x1f => return Err(Fault::new(self.at, "control characters in strings escaped")),
                _ => self.at += 1,
            }
        }
        Err(Fault::new(self.at, "a closing `\"`"))
    }

    fn escape(&mut self) -> Result<(), Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += match rest {
            [_, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 2,
            [_, b'u', digits @ ..] if digits.len() >= 4 && digits[..4].iter().all(u8::is_ascii_hexdigit) => 6,
            [_] => return Err(Fault::new(self.at + 1, "an escaped character")),
            _ => return Err(Fault::new(self.at, "an escape that JSON knows")),
        };
        Ok(())
    }

    #[inline(always)]
    fn number(&mut self) -> Result<Token<'a>, Fault> {
        let rest = &self.text.as_bytes()[self.at..];
        let negative = rest[0] == b'-';
        let digits = &rest[usize::from(negative)..];
        let (mut magnitude, mut length) = (0_u64, 0);
        for byte in digits {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            magnitude = magnitude.wrapping_mul(10).wrapping_add(digit.into());
            length += 1;
        }
        let odd = matches!(digits.get(length), Some(b'.' | b'e' | b'E'));
        if odd || length == 0 || length > 18 || (length > 1 && digits[0] == b'0') {
            return self.odd_number();
        }
        self.at += usize::from(negative) + length;
        let magnitude = magnitude.cast_signed();
        Ok(Token::Int(if negative { -magnitude } else { magnitude }))
    }

    /// A number with a fraction, an exponent or many digits.
    #[cold]
    fn odd_number(&mut self) -> Result<Token<'a>, Fault> {
        let start = self.at;
        self.take(b'-');
        let integer = self.digits("a digit")?;
        if integer.len() > 1 && integer.starts_with('0') {
            return Err(Fault::new(start, "a number without leading zeros"));
        }
        let mut fraction = false;
        let bytes = self.text.as_bytes();
        if bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits("a digit behind the point")?;
            fraction = true;
        }
        if let Some(b'e' | b'E') = bytes.get(self.at) {
            self.at += 1;
            self.at += usize::from(matches!(bytes.get(self.at), Some(b'+' | b'-')));
            self.digits("a digit of the exponent")?;
            fraction = true;
        }
        let text = &self.text[start..self.at];
        Ok(match text.parse() {
            Ok(int) if !fraction => Token::Int(int),
            _ => Token::Raw(text),
        })
    }

    fn digits(&mut self, expected: &'static str) -> Result<&'a str, Fault> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        if length == 0 {
            return Err(Fault::new(self.at, expected));
        }
        self.at += length;
        Ok(&rest[..length])
    }

    /// Passes over an array or an object of at most `depth` levels.
    fn skip(&mut self, depth: u32) -> Result<(), Fault> {
        if depth == 0 {
            return Err(Fault { at: self.at, expected: "at most 128 levels of nesting", limit: true });
        }
        let object = self.peek() == Some(b'{');
        let close = if object { b'}' } else { b']' };
        self.at += 1;
        if self.take(close) {
            return Ok(());
        }
        loop {
            if object {
                self.name()?;
            }
            match self.peek() {
                Some(b'[' | b'{') => self.skip(depth - 1)?,
                _ => _ = self.token()?,
            }
            if self.take(close) {
                return Ok(());
            }
            self.expect(b',', if object { "`,` or `}`" } else { "`,` or `]`" })?;
        }
    }
}
