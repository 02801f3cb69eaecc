//! Values as 64-bit handles: equality of handles is equality of JSON values.

use super::datum::Datum;
use hashbrown::HashTable;
use rustc_hash::FxHasher;
use std::borrow::Cow;
use std::hash::{Hash, Hasher};

/// A handle of a JSON value: two values of one history are equal iff their handles are.
///
/// Integers of up to 62 bits, `null`, `true`, `false` and texts of up to seven bytes stand in the handle itself;
/// everything else is a row of the history's [`Values`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Value(u64);

const TAG_SHIFT: u32 = 62;
const TAG_SPECIAL: u64 = 1 << TAG_SHIFT;
const TAG_INTERNED: u64 = 2 << TAG_SHIFT;
const TAG_TEXT: u64 = 3 << TAG_SHIFT;
const PAYLOAD: u64 = TAG_SPECIAL - 1;
const TEXT_LENGTH_SHIFT: u32 = 56;

impl Value {
    /// JSON `null`.
    pub const NULL: Self = Self(TAG_SPECIAL);
    /// JSON `false`.
    pub const FALSE: Self = Self(TAG_SPECIAL | 1);
    /// JSON `true`.
    pub const TRUE: Self = Self(TAG_SPECIAL | 2);
    /// No value was recorded: an unknown result. Not a JSON value.
    pub const ABSENT: Self = Self(TAG_SPECIAL | 3);

    /// The integer, where it fits 62 bits.
    #[inline]
    #[must_use]
    pub fn small_int(int: i64) -> Option<Self> {
        (int << 2 >> 2 == int).then_some(Self(int.cast_unsigned() & PAYLOAD))
    }

    /// The text, where it has at most seven bytes.
    #[inline]
    #[must_use]
    pub fn short_text(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() > 7 {
            return None;
        }
        let mut word = [0; 8];
        word[..bytes.len()].copy_from_slice(bytes);
        Some(Self(TAG_TEXT | (bytes.len() as u64) << TEXT_LENGTH_SHIFT | u64::from_le_bytes(word)))
    }

    /// The integer that the handle holds, if it holds one.
    #[inline]
    #[must_use]
    pub fn as_small_int(self) -> Option<i64> {
        (self.0 >> TAG_SHIFT == 0).then_some(self.0.cast_signed() << 2 >> 2)
    }

    /// False for [`Value::ABSENT`] alone.
    #[inline]
    #[must_use]
    pub fn is_known(self) -> bool {
        self != Self::ABSENT
    }

    fn interned(self) -> Option<usize> {
        (self.0 >> TAG_SHIFT == 2).then_some((self.0 & PAYLOAD) as usize)
    }
}

/// The values of a history that do not fit a handle: one row a distinct value.
///
/// About 25 bytes a row besides the value's own bytes.
#[derive(Clone, Default, Debug)]
pub struct Values {
    /// The encoded values, one behind the other.
    bytes: Vec<u8>,
    /// Row `i` ends at `ends[i]`.
    ends: Vec<u64>,
    table: HashTable<u32>,
    scratch: Vec<u8>,
}

impl Values {
    /// The handle of an integer.
    pub fn int(&mut self, int: i64) -> Value {
        Value::small_int(int).unwrap_or_else(|| self.intern(&Datum::Int(int)))
    }

    /// The handle of a text.
    pub fn text(&mut self, text: &str) -> Value {
        Value::short_text(text).unwrap_or_else(|| self.intern(&Datum::text(text)))
    }

    /// The handle of any value.
    pub fn datum(&mut self, datum: &Datum) -> Value {
        in_handle(datum).unwrap_or_else(|| self.intern(datum))
    }

    /// The handle of a value that may not be there yet; `None` if no row holds it.
    #[must_use]
    pub fn find(&self, datum: &Datum) -> Option<Value> {
        in_handle(datum).or_else(|| {
            let mut bytes = Vec::new();
            datum.encode(&mut bytes);
            self.table.find(hash(&bytes), |&row| self.row(row as usize) == bytes).copied().map(row_value)
        })
    }

    /// The value of a handle; [`Value::ABSENT`] gives `None`.
    ///
    /// # Panics
    /// If the handle comes from another table.
    #[must_use]
    pub fn get(&self, value: Value) -> Option<Datum> {
        if let Some(int) = value.as_small_int() {
            return Some(Datum::Int(int));
        }
        if let Some(row) = value.interned() {
            return Some(Datum::decode(&mut self.row(row)));
        }
        match value {
            Value::NULL => Some(Datum::Null),
            Value::FALSE => Some(Datum::Bool(false)),
            Value::TRUE => Some(Datum::Bool(true)),
            Value::ABSENT => None,
            Value(word) => Some(Datum::text(&short_text(word))),
        }
    }

    /// The value as JSON; `?` for [`Value::ABSENT`].
    #[must_use]
    pub fn display(&self, value: Value) -> String {
        self.get(value).map_or_else(|| "?".into(), |datum| datum.to_string())
    }

    /// The value as a person writes it: a text without its quotes, anything else as JSON.
    #[must_use]
    pub fn plain(&self, value: Value) -> Cow<'static, str> {
        match self.get(value) {
            Some(Datum::Text(text)) => String::from(text).into(),
            Some(datum) => datum.to_string().into(),
            None => "?".into(),
        }
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// True if no value needed a row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    fn row(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start as usize..self.ends[row] as usize]
    }

    fn intern(&mut self, datum: &Datum) -> Value {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        datum.encode(&mut scratch);
        let row = self.intern_bytes(&scratch);
        self.scratch = scratch;
        row_value(row)
    }

    fn intern_bytes(&mut self, encoded: &[u8]) -> u32 {
        let hash_of = hash(encoded);
        if let Some(&row) = self.table.find(hash_of, |&row| self.row(row as usize) == encoded) {
            return row;
        }
        let row = u32::try_from(self.ends.len()).expect("fewer than 2^32 distinct values");
        self.bytes.extend_from_slice(encoded);
        self.ends.push(self.bytes.len() as u64);
        let Self { bytes, ends, table, .. } = self;
        table.insert_unique(hash_of, row, |&row| {
            let row = row as usize;
            let start = if row == 0 { 0 } else { ends[row - 1] };
            hash(&bytes[start as usize..ends[row] as usize])
        });
        row
    }
}

fn row_value(row: u32) -> Value {
    Value(TAG_INTERNED | u64::from(row))
}

fn in_handle(datum: &Datum) -> Option<Value> {
    match datum {
        Datum::Null => Some(Value::NULL),
        Datum::Bool(false) => Some(Value::FALSE),
        Datum::Bool(true) => Some(Value::TRUE),
        Datum::Int(int) => Value::small_int(*int),
        Datum::Text(text) => Value::short_text(text),
        _ => None,
    }
}

fn short_text(word: u64) -> String {
    let length = ((word & PAYLOAD) >> TEXT_LENGTH_SHIFT) as usize;
    String::from_utf8_lossy(&word.to_le_bytes()[..length]).into_owned()
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    bytes.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_equal_iff_values_are() {
        let mut values = Values::default();
        let data = [
            Datum::Int(0),
            Datum::Int(-1),
            Datum::Int(i64::MAX),
            Datum::Int(i64::MIN),
            Datum::Int(1 << 61),
            Datum::Int((1 << 61) - 1),
            Datum::text(""),
            Datum::text("1234567"),
            Datum::text("12345678"),
            Datum::text("é"),
            Datum::Null,
            Datum::Bool(true),
            Datum::Float(0.5),
            Datum::List(vec![]),
        ];
        let handles: Vec<_> = data.iter().map(|datum| values.datum(datum)).collect();
        for (i, datum) in data.iter().enumerate() {
            assert_eq!(values.get(handles[i]).as_ref(), Some(datum));
            assert_eq!(values.datum(datum), handles[i]);
            assert_eq!(values.find(datum), Some(handles[i]));
            assert_eq!(handles.iter().filter(|&&h| h == handles[i]).count(), 1);
        }
        assert_eq!(values.get(Value::ABSENT), None);
        assert_eq!(values.find(&Datum::text("not there yet")), None);
    }
}
