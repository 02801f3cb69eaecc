//! The kinds of lines: comments, headers, and operations behind a label.

use super::item::{Cursor, Item};
use super::{Expectation, Wrong};
use tribunal_checker::history::Datum;

/// A line of notation.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Line {
    /// A comment, or nothing.
    Blank,
    /// `expect: causal yes, sequential no`
    Expect(Vec<Expectation>),
    /// `guards: x=L1, y=L2`
    Guards(Vec<(String, Datum)>),
    /// `initial: x=0, y=1`, or `initial: 0` for every key.
    Initial(Vec<(Option<String>, Datum)>),
    /// `spec: queue`
    Spec(String),
    /// `untimed`
    Untimed,
    /// `history: NAME`: another one begins.
    History(String),
    /// `P1: W(x)a R(x)b`; without a label only crashes.
    Operations(Option<Datum>, Vec<Item>),
}

/// Reads a line.
pub(super) fn parse(text: &str) -> Result<Line, Wrong> {
    let trimmed = text.trim();
    if trimmed.is_empty() || trimmed.starts_with('#') {
        return Ok(Line::Blank);
    }
    if trimmed == "untimed" {
        return Ok(Line::Untimed);
    }
    let mut cursor = Cursor::new(text);
    if trimmed.starts_with("crash") && (trimmed == "crash" || trimmed.starts_with("crash@")) {
        return Ok(Line::Operations(None, cursor.items()?));
    }
    if trimmed.starts_with('"') {
        cursor.space();
        let name = cursor.string()?;
        cursor.expect(':', "`:` behind the label")?;
        return Ok(Line::Operations(Some(name), cursor.items()?));
    }
    let Some(colon) = text.find(':') else {
        let expected = "a line of operations (`P1: W(x)a`), a header line, or a comment (`# …`)";
        return Err(Wrong::new(text.len() - text.trim_start().len(), expected));
    };
    let label = text[..colon].trim();
    cursor.skip_to(colon + 1);
    match label {
        "expect" => expectations(cursor).map(Line::Expect),
        "guards" => guards(cursor).map(Line::Guards),
        "initial" => initial(cursor).map(Line::Initial),
        "spec" => cursor.rest("the name of a specification").map(Line::Spec),
        "history" => cursor.rest("the name of the history").map(Line::History),
        "" => Err(Wrong::new(colon, "the name of a process in front of the colon")),
        _ if label.contains(['(', ')']) => Err(Wrong::new(0, "the name of a process and a colon")
            .help("every line begins with one: `P1: W(x)a`")),
        _ => Ok(Line::Operations(Some(name(label)), cursor.items()?)),
    }
}

/// A name of a process, key or lock: an integer where it is written as one, `()` is anonymous, anything else a text.
pub(super) fn name(text: &str) -> Datum {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let canonical = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
        && text != "-0";
    match text {
        "" => Datum::Null,
        _ if canonical => Datum::integer(text),
        _ => Datum::text(text),
    }
}

fn expectations(mut cursor: Cursor<'_>) -> Result<Vec<Expectation>, Wrong> {
    let mut list = Vec::new();
    cursor.entries(|cursor| {
        let at = cursor.at();
        let entry = cursor.until(',');
        let mut words = entry.split_whitespace();
        let (model, verdict, rest) = (words.next(), words.next(), words.next());
        match (model, verdict, rest) {
            (Some(model), Some(verdict @ ("yes" | "no")), None) => {
                list.push(Expectation { model: model.into(), holds: verdict == "yes" });
                Ok(())
            }
            _ => Err(Wrong::new(at, "a model and its verdict, `causal yes` or `causal no`")),
        }
    })?;
    Ok(list)
}

fn guards(mut cursor: Cursor<'_>) -> Result<Vec<(String, Datum)>, Wrong> {
    let mut list = Vec::new();
    cursor.entries(|cursor| {
        let at = cursor.at();
        let entry = cursor.until(',');
        match entry.split_once('=').map(|(key, lock)| (key.trim(), lock.trim())) {
            Some((key, lock)) if !key.is_empty() && !lock.is_empty() => {
                list.push((key.into(), name(lock)));
                Ok(())
            }
            _ => Err(Wrong::new(at, "a key and its lock, `x=L1`")),
        }
    })?;
    Ok(list)
}

fn initial(mut cursor: Cursor<'_>) -> Result<Vec<(Option<String>, Datum)>, Wrong> {
    let mut list = Vec::new();
    cursor.entries(|cursor| {
        let at = cursor.at();
        let rest = cursor.remaining();
        let head = rest.split([',', '"']).next().unwrap_or("");
        let key = head.split_once('=').map(|(key, _)| key);
        if let Some(key) = key {
            cursor.skip_to(at + key.len() + 1);
            cursor.space();
        }
        let value = cursor.value(",")?.ok_or_else(|| Wrong::new(at, "an initial value, `x=0` or `0`"))?;
        list.push((key.map(|key| key.trim().into()), value));
        Ok(())
    })?;
    Ok(list)
}
