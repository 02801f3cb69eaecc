//! Events in JSON: an array of objects, or one object after the other.

use super::event::{Form, Name, is_clock};
use super::stream::{Dialect, Step};
use crate::json::{Fault, Scanner, Token as Json, datum};
use crate::scan::{Kind, Stop, Tape, Token, utf8};
use memchr::memchr2;

/// Arrays or sequences of objects.
#[derive(Default)]
pub(super) struct Events {
    /// An element of the array was the last thing read: a comma or the end comes next.
    after_element: bool,
}

impl Dialect for Events {
    fn step(&mut self, bytes: &[u8], whole: bool, inside: bool, form: &mut Form) -> Result<Step, Stop> {
        let start = bytes.iter().take_while(|byte| b" \t\r\n".contains(byte)).count();
        match bytes.get(start) {
            None if start > 0 => Ok(Step::Blank(start)),
            None if whole => Ok(Step::End),
            None => Err(Stop::Incomplete),
            Some(b']') => Ok(Step::Close(start + 1)),
            Some(b',') if self.after_element => {
                self.after_element = false;
                Ok(Step::Blank(start + 1))
            }
            _ if self.after_element => Err(Stop::Bad(start, "a comma, or the end of the array")),
            Some(b'[') => Ok(Step::Open(start + 1)),
            Some(b'{') => {
                let end = start + extent(&bytes[start..])?;
                let text = utf8(&bytes[start..end], start)?;
                event(text, form).map_err(|stop| stop.shift(start))?;
                self.after_element = inside;
                Ok(Step::Event(start, end))
            }
            _ => Err(Stop::Bad(start, "an event: an object such as {\"process\":0,\"type\":\"invoke\",…}")),
        }
    }
}

/// The length of the object that `bytes` begin with: only brackets and strings are looked at.
fn extent(bytes: &[u8]) -> Result<usize, Stop> {
    let (mut at, mut depth) = (0, 0_usize);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    return Ok(at);
                }
            }
            b'"' => loop {
                let rest = bytes.get(at..).unwrap_or_default();
                at += memchr2(b'"', b'\\', rest).ok_or(Stop::Incomplete)? + 1;
                if bytes[at - 1] == b'"' {
                    break;
                }
                at += 1;
            },
            _ => {}
        }
    }
    Err(Stop::Incomplete)
}

/// Reads the members of the object that `text` is.
fn event(text: &str, form: &mut Form) -> Result<(), Stop> {
    form.clear();
    let mut scanner = Scanner::new(text);
    scanner.take(b'{');
    if scanner.take(b'}') {
        return Ok(());
    }
    loop {
        scanner.peek();
        let start = scanner.at();
        let name = scanner.name().map_err(|fault| stop(fault, 0))?;
        scanner.peek();
        let at = scanner.at();
        let token = scanner.token().map_err(|fault| stop(fault, 0))?;
        if let Some(name) = Name::of(name.as_bytes()) {
            let node = form.tape.next();
            flat(token, text, &mut form.tape).map_err(|fault| stop(fault, at))?;
            if !form.set(name, node, at) {
                return Err(Stop::Bad(start, "each name once in an event"));
            }
        } else if !is_clock(name.as_bytes()) {
            form.set_extra(start, scanner.at());
        }
        if scanner.take(b'}') {
            return scanner.finish().map_err(|fault| stop(fault, 0));
        }
        scanner.expect(b',', "`,` or `}`").map_err(|fault| stop(fault, 0))?;
    }
}

/// Appends a value that was scanned in `text` to the tape.
#[inline]
fn flat(token: Json<'_>, text: &str, tape: &mut Tape) -> Result<(), Fault> {
    match token {
        Json::Absent | Json::Null => tape.push(Token::Nil),
        Json::Bool(bool) => tape.push(Token::Bool(bool)),
        Json::Int(int) => tape.push(Token::Int(int)),
        Json::Text(part) => {
            let start = part.as_ptr().addr() - text.as_ptr().addr();
            tape.push_text(start, start + part.len());
        }
        Json::Raw(raw) => {
            let Some(mut elements) = token.array() else {
                tape.push_other(datum(raw)?);
                return Ok(());
            };
            let node = tape.next();
            tape.push(Token::List(Kind::List, node));
            while let Some(element) = elements.element()? {
                flat(element, text, tape)?;
            }
            tape.close(node);
        }
    }
    Ok(())
}

/// A fault whose position counts from `by`.
fn stop(fault: Fault, by: usize) -> Stop {
    if fault.limit { Stop::Deep(fault.at + by) } else { Stop::Bad(fault.at + by, fault.expected) }
}
