//! Events in EDN.

use super::event::{Form, Name, is_clock};
use super::stream::{Dialect, Step};
use crate::edn::Lexer;
use crate::scan::Stop;

/// Lists of events in EDN, tagged as records or not.
pub(super) struct Edn;

impl Dialect for Edn {
    #[inline]
    fn step(&mut self, bytes: &[u8], whole: bool, _: bool, form: &mut Form) -> Result<Step, Stop> {
        let mut lexer = Lexer::new(bytes, whole);
        let Some(byte) = lexer.blank() else {
            return match lexer.at {
                0 if whole => Ok(Step::End),
                0 => Err(Stop::Incomplete),
                blanks => Ok(Step::Blank(blanks)),
            };
        };
        let start = lexer.at;
        match byte {
            b'[' | b'(' => Ok(Step::Open(start + 1)),
            b']' | b')' => Ok(Step::Close(start + 1)),
            b'{' => form_at(bytes, start, whole, form),
            b'#' if lexer.ahead(1)? == b'_' => lexer.discard(0).map(|()| Step::Blank(lexer.at)),
            // `#jepsen.history.Op{…}`: which record it is does not matter.
            b'#' => {
                lexer.tag()?;
                if lexer.form()? != b'{' {
                    return Err(Stop::Bad(lexer.at, "an event: a map"));
                }
                form_at(bytes, lexer.at, whole, form)
            }
            _ => Err(Stop::Bad(
                start,
                "an event: a map such as {:process 0, :type :invoke, :f :read, :value nil}",
            )),
        }
    }
}

/// Reads the map that begins there.
#[inline]
fn form_at(bytes: &[u8], at: usize, whole: bool, form: &mut Form) -> Result<Step, Stop> {
    match event(&bytes[at..], whole, form) {
        Ok(length) => Ok(Step::Event(at, at + length)),
        Err(stop) => Err(stop.shift(at)),
    }
}

/// Reads the map that `bytes` begin with, and gives its length.
fn event(bytes: &[u8], whole: bool, form: &mut Form) -> Result<usize, Stop> {
    form.clear();
    let mut lexer = Lexer::new(bytes, whole);
    lexer.at = 1;
    loop {
        let byte = lexer.form()?;
        let start = lexer.at;
        let name: &[u8] = match byte {
            b'}' => return Ok(start + 1),
            b':' => {
                let (from, to) = lexer.keyword()?;
                &bytes[from..to]
            }
            _ => {
                lexer.pass(1)?;
                b""
            }
        };
        if lexer.form()? == b'}' {
            return Err(Stop::Bad(lexer.at, "a value for the name before it"));
        }
        if let Some(name) = Name::of(name) {
            let (node, at) = (form.tape.next(), lexer.at);
            lexer.flat(&mut form.tape, 1)?;
            if !form.set(name, node, at) {
                return Err(Stop::Bad(start, "each name once in an event"));
            }
        } else {
            lexer.pass(1)?;
            if !is_clock(name) {
                form.set_extra(start, lexer.at);
            }
        }
    }
}
