//! Finds operation lines that carry the same `"id"`: an operation that was recorded twice.
//!
//! Recorders number their lines, so consecutive numbers on consecutive lines are kept as one run.

use crate::json::Token;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// The ids seen so far.
#[derive(Default, Debug)]
pub(super) struct Ids {
    /// First id of a run → (its last id, the line of its first).
    runs: BTreeMap<i64, (i64, u64)>,
    /// Ids that are no integers, as they stand.
    texts: FxHashMap<Box<str>, u64>,
}

impl Ids {
    /// Notes an id; the line on which it stood before, if it did.
    pub(super) fn note(&mut self, id: Token<'_>, line: u64) -> Option<u64> {
        match id {
            Token::Int(id) => self.note_number(id, line),
            Token::Text(text) | Token::Raw(text) => self.texts.insert(text.into(), line),
            _ => None,
        }
    }

    fn note_number(&mut self, id: i64, line: u64) -> Option<u64> {
        if let Some((&first, (last, first_line))) = self.runs.range_mut(..=id).next_back() {
            let line_of = |id: i64| *first_line + id.abs_diff(first);
            if id <= *last {
                return Some(line_of(id));
            }
            if *last + 1 == id && line_of(id) == line {
                *last = id;
                return None;
            }
        }
        self.runs.insert(id, (id, line));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeated_ids_are_found() {
        let mut ids = Ids::default();
        for (id, line) in [(5, 1), (6, 2), (7, 4), (1, 5), (i64::MAX, 6), (i64::MIN, 7)] {
            assert_eq!(ids.note(Token::Int(id), line), None);
        }
        assert_eq!(ids.note(Token::Int(6), 9), Some(2));
        assert_eq!(ids.note(Token::Int(7), 9), Some(4));
        assert_eq!(ids.note(Token::Int(i64::MAX), 9), Some(6));
        assert_eq!(ids.note(Token::Text("a"), 10), None);
        assert_eq!(ids.note(Token::Text("a"), 11), Some(10));
    }
}
