//! The letters of EDN: blanks, comments, atoms, strings; and passing over a form without reading it.

use crate::scan::{DEPTH, Stop, unicode_escape, utf8};
use memchr::{memchr, memchr2};
use std::borrow::Cow;
use tribunal_checker::history::Datum;

/// A place in EDN text of which a part may be missing.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    pub(crate) bytes: &'a [u8],
    /// The next byte.
    pub(crate) at: usize,
    /// Nothing stands behind `bytes`: an atom may end with them.
    pub(crate) whole: bool,
}

/// A number, symbol, keyword or character, as it is written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Atom {
    /// `nil`
    Nil,
    /// `true`, `false`
    Bool(bool),
    /// An integer of 64 bits.
    Int(i64),
    /// A keyword (without its colon) or a symbol: it stands at `bytes[start..end]`.
    Name(usize, usize),
    /// Any other.
    Other(Datum),
}

const A_VALUE: &str = "a value";
const A_NUMBER: &str = "a number";

/// True for the bytes that end an atom.
const DELIMITER: [bool; 256] = {
    let mut table = [false; 256];
    let mut i = 0;
    let delimiters = b" \t\n\r\x0c\x0b,\"()[]{};";
    while i < delimiters.len() {
        table[delimiters[i] as usize] = true;
        i += 1;
    }
    table
};

impl<'a> Lexer<'a> {
    /// At the beginning of `bytes`.
    pub(crate) fn new(bytes: &'a [u8], whole: bool) -> Self {
        Self { bytes, at: 0, whole }
    }

    /// Passes over blanks, commas and comments; the byte that stands behind them, if one is there.
    #[inline]
    pub(crate) fn blank(&mut self) -> Option<u8> {
        loop {
            let &byte = self.bytes.get(self.at)?;
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c' | b',' => self.at += 1,
                b';' => match memchr(b'\n', &self.bytes[self.at..]) {
                    Some(length) => self.at += length + 1,
                    None if self.whole => self.at = self.bytes.len(),
                    None => return None,
                },
                _ => return Some(byte),
            }
        }
    }

    /// The byte at which the next form begins; discarded forms are passed over.
    #[inline]
    pub(crate) fn form(&mut self) -> Result<u8, Stop> {
        loop {
            let byte = self.blank().ok_or(Stop::Incomplete)?;
            if byte != b'#' || self.ahead(1)? != b'_' {
                return Ok(byte);
            }
            self.discard(0)?;
        }
    }

    /// Passes over `#_` and the form behind it; `#_ #_ a b` discards both.
    pub(crate) fn discard(&mut self, depth: usize) -> Result<(), Stop> {
        if depth == DEPTH {
            return Err(Stop::Deep(self.at));
        }
        self.at += 2;
        self.pass(depth + 1)
    }

    /// The byte that stands some bytes ahead.
    pub(crate) fn ahead(&self, distance: usize) -> Result<u8, Stop> {
        self.bytes.get(self.at + distance).copied().ok_or(Stop::Incomplete)
    }

    /// Where the atom ends that begins at `from`.
    #[inline]
    fn atom_end(&self, from: usize) -> Result<usize, Stop> {
        let rest = self.bytes.get(from..).unwrap_or_default();
        match rest.iter().position(|&byte| DELIMITER[usize::from(byte)]) {
            Some(length) => Ok(from + length),
            None if self.whole => Ok(self.bytes.len()),
            None => Err(Stop::Incomplete),
        }
    }

    /// Reads the keyword, symbol, number or character that begins here.
    #[inline]
    pub(crate) fn atom(&mut self) -> Result<Atom, Stop> {
        let start = self.at;
        let first = self.ahead(0)?;
        if first == b'\\' {
            return self.character().map(|char| Atom::Other(Datum::text(char.encode_utf8(&mut [0; 4]))));
        }
        let end = self.atom_end(start)?;
        let text = &self.bytes[start..end];
        self.at = end;
        match first {
            b':' if !matches!(text, [_] | [_, b':', ..]) => Ok(Atom::Name(start + 1, end)),
            b':' => Err(Stop::Bad(start, "a keyword such as :read")),
            b'0'..=b'9' => number(text).ok_or(Stop::Bad(start, A_NUMBER)),
            b'+' | b'-' if text.get(1).is_some_and(u8::is_ascii_digit) => {
                number(text).ok_or(Stop::Bad(start, A_NUMBER))
            }
            _ => match text {
                b"nil" => Ok(Atom::Nil),
                b"true" => Ok(Atom::Bool(true)),
                b"false" => Ok(Atom::Bool(false)),
                _ if is_symbol_start(first) => Ok(Atom::Name(start, end)),
                _ => Err(Stop::Bad(start, A_VALUE)),
            },
        }
    }

    /// Reads the name of the keyword that begins here: where it stands.
    #[inline]
    pub(crate) fn keyword(&mut self) -> Result<(usize, usize), Stop> {
        let start = self.at + 1;
        self.at = self.atom_end(start)?;
        Ok((start, self.at))
    }

    /// Reads a short integer, if one begins here; else stays.
    #[inline]
    pub(crate) fn digits(&mut self) -> Option<i64> {
        let (mut int, mut at) = (0, self.at);
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(at) {
            int = int * 10 + i64::from(digit - b'0');
            at += 1;
            if at - self.at > 17 {
                return None;
            }
        }
        let length = at - self.at;
        let ends = self.bytes.get(at).is_some_and(|&byte| DELIMITER[usize::from(byte)]);
        if !ends || length == 0 || (length > 1 && self.bytes[self.at] == b'0') {
            return None;
        }
        self.at = at;
        Some(int)
    }

    /// Reads `\a`, `\newline`, `\u0041`.
    fn character(&mut self) -> Result<char, Stop> {
        let start = self.at + 1;
        let width = match self.ahead(1)? {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        let end = self.atom_end(start + width)?.min(self.bytes.len());
        let text = utf8(self.bytes.get(start..end).ok_or(Stop::Incomplete)?, start)?;
        self.at = end;
        let mut chars = text.chars();
        if let (Some(char), None) = (chars.next(), chars.next()) {
            return Ok(char);
        }
        let named = match text {
            "newline" => Some('\n'),
            "return" => Some('\r'),
            "space" => Some(' '),
            "tab" => Some('\t'),
            "formfeed" => Some('\u{c}'),
            "backspace" => Some('\u{8}'),
            _ => text
                .strip_prefix('u')
                .filter(|digits| digits.len() == 4)
                .and_then(|digits| unicode_escape(digits.as_bytes(), 0).ok().map(|(char, _)| char)),
        };
        named.ok_or(Stop::Bad(start - 1, "a character such as \\a or \\newline"))
    }

    /// Passes over the string that begins here: where its content stands, and whether it has escapes.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<(usize, usize, bool), Stop> {
        let start = self.at + 1;
        let (mut from, mut escaped) = (start, false);
        loop {
            let rest = self.bytes.get(from..).unwrap_or_default();
            let at = from + memchr2(b'"', b'\\', rest).ok_or(Stop::Incomplete)?;
            if self.bytes[at] == b'"' {
                self.at = at + 1;
                return Ok((start, at, escaped));
            }
            escaped = true;
            from = at + 2;
        }
    }

    /// The text of a string whose content stands there.
    pub(crate) fn unescape(&self, start: usize, end: usize) -> Result<Cow<'a, str>, Stop> {
        let text = utf8(&self.bytes[start..end], start)?;
        let Some(first) = memchr(b'\\', text.as_bytes()) else { return Ok(text.into()) };
        let (mut out, mut rest) = (String::from(&text[..first]), &text[first..]);
        while let Some(escape) = rest.strip_prefix('\\') {
            let at = end - rest.len();
            let (char, length) = match escape.as_bytes() {
                [b'n', ..] => ('\n', 1),
                [b't', ..] => ('\t', 1),
                [b'r', ..] => ('\r', 1),
                [b'b', ..] => ('\u{8}', 1),
                [b'f', ..] => ('\u{c}', 1),
                [b'"', ..] => ('"', 1),
                [b'\\', ..] => ('\\', 1),
                [b'u', digits @ ..] => {
                    let (char, length) = unicode_escape(digits, at + 2)?;
                    (char, length + 1)
                }
                [b'0'..=b'7', ..] => octal(escape.as_bytes()),
                _ => return Err(Stop::Bad(at, "an escape such as \\n, \\\" or \\u0041")),
            };
            out.push(char);
            let (plain, more) = (&escape[length..], memchr(b'\\', &escape.as_bytes()[length..]));
            let (plain, next) = plain.split_at(more.unwrap_or(plain.len()));
            out.push_str(plain);
            rest = next;
        }
        Ok(out.into())
    }

    /// Passes over the next form: only its brackets and strings are looked at.
    pub(crate) fn pass(&mut self, depth: usize) -> Result<(), Stop> {
        let mut open = Vec::new();
        loop {
            let byte = self.blank().ok_or(Stop::Incomplete)?;
            match byte {
                b'(' | b'[' | b'{' => {
                    if depth + open.len() == DEPTH {
                        return Err(Stop::Deep(self.at));
                    }
                    open.push(closing(byte));
                    self.at += 1;
                    continue;
                }
                b')' | b']' | b'}' => {
                    if open.pop() != Some(byte) {
                        return Err(Stop::Bad(
                            self.at,
                            "the bracket that closes the innermost open one, or a value",
                        ));
                    }
                    self.at += 1;
                }
                b'"' => {
                    self.string()?;
                }
                b'\\' => {
                    self.character()?;
                }
                b'#' => match self.ahead(1)? {
                    // Inside a collection what is discarded is passed over like everything else.
                    b'_' if open.is_empty() => {
                        self.discard(depth)?;
                        continue;
                    }
                    b'_' => self.at += 2,
                    // A set, or a regular expression as Clojure prints them.
                    b'{' | b'"' | b'(' => {
                        self.at += 1;
                        continue;
                    }
                    // `##Inf`, `##NaN`.
                    b'#' => self.at = self.atom_end(self.at)?,
                    // A tag: the value behind it is the form.
                    _ => {
                        self.at = self.atom_end(self.at + 1)?;
                        continue;
                    }
                },
                _ => self.at = self.atom_end(self.at)?,
            }
            if open.is_empty() {
                return Ok(());
            }
        }
    }

    /// Passes over a tag (`#` and a name) and gives the name.
    pub(crate) fn tag(&mut self) -> Result<&'a [u8], Stop> {
        let start = self.at + 1;
        let end = self.atom_end(start)?;
        let name = &self.bytes[start..end];
        if !name.first().is_some_and(|&first| first == b':' || is_symbol_start(first)) {
            return Err(Stop::Bad(self.at, "a set, a tag or a discarded form"));
        }
        self.at = end;
        Ok(name)
    }
}

/// The bracket that closes this one.
pub(crate) fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        _ => b'}',
    }
}

fn is_symbol_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte >= 0x80 || b".*+!-_?$%&=<>/|'".contains(&byte)
}

/// The character of one to three octal digits, and their number.
fn octal(escape: &[u8]) -> (char, usize) {
    let digits = escape.iter().take(3).take_while(|byte| (b'0'..=b'7').contains(byte));
    let (code, length) = digits.fold((0, 0), |(code, n), digit| (code * 8 + u32::from(digit - b'0'), n + 1));
    (char::from_u32(code).unwrap_or('\u{fffd}'), length)
}

/// An integer, decimal or ratio. A ratio is the text of it.
fn number(text: &[u8]) -> Option<Atom> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.len() <= 18 && digits.iter().all(u8::is_ascii_digit) {
        if digits.len() > 1 && digits[0] == b'0' {
            return None;
        }
        let int = digits.iter().fold(0, |int, digit| int * 10 + i64::from(digit - b'0'));
        return Some(Atom::Int(if negative { -int } else { int }));
    }
    let digits = std::str::from_utf8(digits).ok()?;
    let is_integer = |digits: &str| {
        !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits.len() == 1 || !digits.starts_with('0'))
    };
    let sign = if negative { "-" } else { "" };
    let whole = digits.strip_suffix('N').unwrap_or(digits);
    if is_integer(whole) {
        return Some(match Datum::integer(&format!("{sign}{whole}")) {
            Datum::Int(int) => Atom::Int(int),
            big => Atom::Other(big),
        });
    }
    if let Some((over, under)) = digits.split_once('/') {
        let fits = is_integer(over) && is_integer(under) && under != "0";
        return fits.then(|| Atom::Other(Datum::text(&format!("{sign}{digits}"))));
    }
    let decimal = digits.strip_suffix('M').unwrap_or(digits);
    let is_decimal = decimal.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte));
    let float = decimal.parse::<f64>().ok().filter(|float| is_decimal && float.is_finite())?;
    Some(Atom::Other(Datum::Float(if negative { -float } else { float })))
}
