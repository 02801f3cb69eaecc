//! EDN, Clojure's data notation, read as the JSON values that histories are made of; and written.
//!
//! EDN has more kinds of values than JSON. Keywords, symbols, characters and ratios become texts (`:not-held` is
//! `"not-held"`), vectors and lists become lists, a set the sorted list of its elements, names in maps texts; a tag
//! says nothing about a value (`#inst "1985"` is `"1985"`). The reader is recursive and makes a tree: scanners of
//! histories come here only for values that are rare in them.

mod flat;
mod lex;

pub(crate) use lex::{Atom, Lexer, closing};

use crate::scan::{DEPTH, Stop};
use std::io::{self, Write};
use tribunal_checker::history::Datum;

impl Lexer<'_> {
    /// Reads the next form; `depth` collections are open around it.
    ///
    /// # Errors
    /// If the form is malformed, too deep, or not all there.
    pub(crate) fn datum(&mut self, depth: usize) -> Result<Datum, Stop> {
        match self.form()? {
            b'[' | b'(' => self.items(depth).map(Datum::List),
            b'{' => self.map(depth),
            b'"' => {
                let (start, end, _) = self.string()?;
                self.unescape(start, end).map(|text| Datum::text(&text))
            }
            b'#' if self.ahead(1)? == b'{' => {
                self.at += 1;
                let mut items = self.items(depth)?;
                items.sort();
                Ok(Datum::List(items))
            }
            b'#' => {
                if depth == DEPTH {
                    return Err(Stop::Deep(self.at));
                }
                self.tag()?;
                self.datum(depth + 1)
            }
            b')' | b']' | b'}' => Err(Stop::Bad(self.at, "a value")),
            _ => match self.atom()? {
                Atom::Nil => Ok(Datum::Null),
                Atom::Bool(bool) => Ok(Datum::Bool(bool)),
                Atom::Int(int) => Ok(Datum::Int(int)),
                Atom::Name(start, end) => crate::scan::utf8(&self.bytes[start..end], start).map(Datum::text),
                Atom::Other(datum) => Ok(datum),
            },
        }
    }

    /// The items of the collection that opens here.
    fn items(&mut self, depth: usize) -> Result<Vec<Datum>, Stop> {
        if depth == DEPTH {
            return Err(Stop::Deep(self.at));
        }
        let close = closing(self.ahead(0)?);
        self.at += 1;
        let mut items = Vec::new();
        while self.form()? != close {
            items.push(self.datum(depth + 1)?);
        }
        self.at += 1;
        Ok(items)
    }

    fn map(&mut self, depth: usize) -> Result<Datum, Stop> {
        let open = self.at;
        let items = self.items(depth)?;
        if items.len() % 2 == 1 {
            return Err(Stop::Bad(open, "a map of pairs (a name has no value in this one)"));
        }
        let mut pairs = Vec::with_capacity(items.len() / 2);
        let mut items = items.into_iter();
        while let (Some(name), Some(value)) = (items.next(), items.next()) {
            let name = match name {
                Datum::Text(name) => name,
                other => other.to_string().into(),
            };
            pairs.push((name, value));
        }
        Ok(Datum::map(pairs))
    }
}

/// Writes a value as EDN: texts as strings, maps with strings for names.
///
/// # Errors
/// If `out` fails.
pub(crate) fn write(datum: &Datum, out: &mut dyn Write) -> io::Result<()> {
    match datum {
        Datum::Null => out.write_all(b"nil"),
        Datum::Bool(bool) => write!(out, "{bool}"),
        Datum::Int(int) => write!(out, "{int}"),
        Datum::Big(digits) => write!(out, "{digits}N"),
        Datum::Float(float) => write!(out, "{float:?}"),
        Datum::Text(text) => write_text(text, out),
        Datum::List(items) => {
            out.write_all(b"[")?;
            for (i, item) in items.iter().enumerate() {
                out.write_all(if i == 0 { b"" } else { b" " })?;
                write(item, out)?;
            }
            out.write_all(b"]")
        }
        Datum::Map(pairs) => {
            out.write_all(b"{")?;
            for (i, (name, value)) in pairs.iter().enumerate() {
                out.write_all(if i == 0 { b"" } else { b", " })?;
                write_text(name, out)?;
                out.write_all(b" ")?;
                write(value, out)?;
            }
            out.write_all(b"}")
        }
    }
}

fn write_text(text: &str, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"\"")?;
    for c in text.chars() {
        match c {
            '"' => out.write_all(b"\\\"")?,
            '\\' => out.write_all(b"\\\\")?,
            '\n' => out.write_all(b"\\n")?,
            '\r' => out.write_all(b"\\r")?,
            '\t' => out.write_all(b"\\t")?,
            c if u32::from(c) < 0x20 || c == '\u{7f}' => write!(out, "\\u{:04x}", u32::from(c))?,
            c => write!(out, "{c}")?,
        }
    }
    out.write_all(b"\"")
}

#[cfg(test)]
mod tests;
