//! EDN values straight onto a tape.

use super::{Atom, Lexer, closing};
use crate::scan::{DEPTH, Kind, Stop, Tape, Token};

impl Lexer<'_> {
    /// Reads the next form onto the tape; `depth` collections are open around it. Maps, and atoms that no token holds,
    /// go through the full reader.
    ///
    /// # Errors
    /// As [`Lexer::datum`].
    #[inline]
    pub(crate) fn flat(&mut self, tape: &mut Tape, depth: usize) -> Result<(), Stop> {
        match self.form()? {
            b':' => {
                let (start, end) = self.keyword()?;
                if start == end || self.bytes[start] == b':' {
                    return Err(Stop::Bad(start - 1, "a keyword such as :read"));
                }
                tape.push_text(start, end);
                Ok(())
            }
            b'0'..=b'9' => match self.digits() {
                Some(int) => {
                    tape.push(Token::Int(int));
                    Ok(())
                }
                None => self.rare(tape),
            },
            b'[' | b'(' => self.collection(Kind::List, tape, depth),
            b'#' => self.dispatch(tape, depth),
            b'"' => {
                let (start, end, escaped) = self.string()?;
                if escaped {
                    tape.push_other(tribunal_checker::history::Datum::text(&self.unescape(start, end)?));
                } else {
                    tape.push_text(start, end);
                }
                Ok(())
            }
            b'{' => self.datum(depth).map(|map| tape.push_other(map)),
            b')' | b']' | b'}' => Err(Stop::Bad(self.at, "a value")),
            _ => self.rare(tape),
        }
    }

    /// Any other atom.
    fn rare(&mut self, tape: &mut Tape) -> Result<(), Stop> {
        match self.atom()? {
            Atom::Nil => tape.push(Token::Nil),
            Atom::Bool(bool) => tape.push(Token::Bool(bool)),
            Atom::Int(int) => tape.push(Token::Int(int)),
            Atom::Name(start, end) => tape.push_text(start, end),
            Atom::Other(datum) => tape.push_other(datum),
        }
        Ok(())
    }

    fn collection(&mut self, kind: Kind, tape: &mut Tape, depth: usize) -> Result<(), Stop> {
        if depth == DEPTH {
            return Err(Stop::Deep(self.at));
        }
        let close = closing(self.ahead(0)?);
        self.at += 1;
        let node = tape.next();
        tape.push(Token::List(kind, node));
        while self.form()? != close {
            self.flat(tape, depth + 1)?;
        }
        self.at += 1;
        tape.close(node);
        Ok(())
    }

    /// A set, or a tagged value. Tags say nothing but that a pair is a key and its value.
    fn dispatch(&mut self, tape: &mut Tape, depth: usize) -> Result<(), Stop> {
        if self.ahead(1)? == b'{' {
            self.at += 1;
            return self.collection(Kind::Set, tape, depth);
        }
        if depth == DEPTH {
            return Err(Stop::Deep(self.at));
        }
        let tag = self.tag()?;
        if is_tuple(tag) && matches!(self.form()?, b'[' | b'(') {
            self.collection(Kind::Tuple, tape, depth + 1)
        } else {
            self.flat(tape, depth + 1)
        }
    }
}

/// `jepsen.independent/tuple`, and the classes that it prints as.
fn is_tuple(tag: &[u8]) -> bool {
    tag == b"jepsen.independent/tuple" || tag == b"jepsen.independent.Tuple" || tag.ends_with(b"MapEntry")
}
