//! A JSON value as data: what keys, process names, arguments and results are made of.

use std::cmp::Ordering;
use std::fmt;

/// A JSON value. Equality is that of JSON values: `1`, `1.0`, `"1"` and `true` all differ.
///
/// The order is null < false < true < numbers < texts < lists < maps, numbers by size (an integer before a float of
/// equal size): what a priority queue calls the greatest.
#[derive(Clone, Debug)]
pub enum Datum {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer of at most 64 bits.
    Int(i64),
    /// An integer that needs more than 64 bits: its decimal digits, without leading zeros, perhaps with a `-`.
    Big(Box<str>),
    /// A number with a fraction or an exponent; finite.
    Float(f64),
    /// A string.
    Text(Box<str>),
    /// An array.
    List(Vec<Datum>),
    /// An object, sorted by name, names unique.
    Map(Vec<(Box<str>, Datum)>),
}

impl Datum {
    /// A text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self::Text(text.into())
    }

    /// An integer from decimal digits of any length, perhaps with a leading `-`.
    #[must_use]
    pub fn integer(digits: &str) -> Self {
        let (sign, rest) = digits.strip_prefix('-').map_or(("", digits), |rest| ("-", rest));
        let rest = rest.trim_start_matches('0');
        if rest.is_empty() {
            return Self::Int(0);
        }
        let text = format!("{sign}{rest}");
        text.parse().map_or_else(|_| Self::Big(text.into()), Self::Int)
    }

    /// A map from pairs in any order; of two pairs with one name the last counts.
    #[must_use]
    pub fn map(mut pairs: Vec<(Box<str>, Datum)>) -> Self {
        pairs.reverse();
        pairs.sort_by(|a, b| a.0.cmp(&b.0));
        pairs.dedup_by(|later, kept| later.0 == kept.0);
        Self::Map(pairs)
    }

    /// Appends a self-delimiting binary form, equal for equal values only: the interner's identity.
    pub(crate) fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Null => out.push(b'z'),
            Self::Bool(false) => out.push(b'f'),
            Self::Bool(true) => out.push(b't'),
            Self::Int(int) => {
                out.push(b'i');
                out.extend_from_slice(&int.to_le_bytes());
            }
            Self::Float(float) => {
                out.push(b'd');
                out.extend_from_slice(&canonical_bits(*float).to_le_bytes());
            }
            Self::Big(digits) => bytes(out, b'n', digits),
            Self::Text(text) => bytes(out, b's', text),
            Self::List(items) => {
                count(out, b'l', items.len());
                for item in items {
                    item.encode(out);
                }
            }
            Self::Map(pairs) => {
                count(out, b'm', pairs.len());
                for (name, value) in pairs {
                    bytes(out, b's', name);
                    value.encode(out);
                }
            }
        }
    }

    /// Reads what [`Datum::encode`] wrote and moves `input` past it.
    pub(crate) fn decode(input: &mut &[u8]) -> Self {
        let (&tag, rest) = input.split_first().expect("an encoded value is complete");
        *input = rest;
        match tag {
            b'z' => Self::Null,
            b'f' => Self::Bool(false),
            b't' => Self::Bool(true),
            b'i' => Self::Int(i64::from_le_bytes(take(input))),
            b'd' => Self::Float(f64::from_bits(u64::from_le_bytes(take(input)))),
            b'n' => Self::Big(text(input)),
            b's' => Self::Text(text(input)),
            b'l' => {
                let length = u32::from_le_bytes(take(input));
                Self::List((0..length).map(|_| Self::decode(input)).collect())
            }
            _ => {
                let length = u32::from_le_bytes(take(input));
                Self::Map(
                    (0..length)
                        .map(|_| {
                            *input = &input[1..];
                            (text(input), Self::decode(input))
                        })
                        .collect(),
                )
            }
        }
    }
}

/// One bit pattern for each float: `-0.0` is `0.0` (they are equal numbers).
fn canonical_bits(float: f64) -> u64 {
    (float + 0.0).to_bits()
}

fn count(out: &mut Vec<u8>, tag: u8, length: usize) {
    out.push(tag);
    out.extend_from_slice(&u32::try_from(length).expect("a value is shorter than 4 GiB").to_le_bytes());
}

fn bytes(out: &mut Vec<u8>, tag: u8, text: &str) {
    count(out, tag, text.len());
    out.extend_from_slice(text.as_bytes());
}

fn take<const N: usize>(input: &mut &[u8]) -> [u8; N] {
    let (head, rest) = input.split_first_chunk().expect("an encoded value is complete");
    *input = rest;
    *head
}

fn text(input: &mut &[u8]) -> Box<str> {
    let length = u32::from_le_bytes(take(input)) as usize;
    let (head, rest) = input.split_at(length);
    *input = rest;
    std::str::from_utf8(head).expect("an encoded text is UTF-8").into()
}

impl PartialEq for Datum {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Datum {}

impl PartialOrd for Datum {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Datum {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(a), Self::Int(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::List(a), Self::List(b)) => a.cmp(b),
            (Self::Map(a), Self::Map(b)) => a.cmp(b),
            (Self::Big(a), Self::Big(b)) => compare_digits(a, b),
            (Self::Float(a), Self::Float(b)) => (a + 0.0).total_cmp(&(b + 0.0)),
            _ if rank(self) == 2 && rank(other) == 2 => {
                approximate(self).total_cmp(&approximate(other)).then_with(|| kind(self).cmp(&kind(other)))
            }
            _ => rank(self).cmp(&rank(other)),
        }
    }
}

fn rank(datum: &Datum) -> u8 {
    match datum {
        Datum::Null => 0,
        Datum::Bool(_) => 1,
        Datum::Int(_) | Datum::Big(_) | Datum::Float(_) => 2,
        Datum::Text(_) => 3,
        Datum::List(_) => 4,
        Datum::Map(_) => 5,
    }
}

fn kind(datum: &Datum) -> u8 {
    match datum {
        Datum::Int(_) => 0,
        Datum::Big(_) => 1,
        _ => 2,
    }
}

#[expect(clippy::cast_precision_loss, reason = "an order between kinds of numbers; ties are broken by kind")]
fn approximate(datum: &Datum) -> f64 {
    match datum {
        Datum::Int(int) => *int as f64,
        Datum::Big(digits) => digits.parse().unwrap_or(f64::INFINITY),
        Datum::Float(float) => float + 0.0,
        _ => 0.0,
    }
}

fn compare_digits(a: &str, b: &str) -> Ordering {
    match (a.strip_prefix('-'), b.strip_prefix('-')) {
        (None, None) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
        (Some(a), Some(b)) => b.len().cmp(&a.len()).then_with(|| b.cmp(a)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
    }
}

/// Writes the value as JSON.
impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(bool) => write!(f, "{bool}"),
            Self::Int(int) => write!(f, "{int}"),
            Self::Big(digits) => f.write_str(digits),
            Self::Float(float) => write!(f, "{float:?}"),
            Self::Text(text) => write_text(f, text),
            Self::List(items) => {
                f.write_str("[")?;
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i == 0 { "" } else { "," })?;
                }
                f.write_str("]")
            }
            Self::Map(pairs) => {
                f.write_str("{")?;
                for (i, (name, value)) in pairs.iter().enumerate() {
                    f.write_str(if i == 0 { "" } else { "," })?;
                    write_text(f, name)?;
                    write!(f, ":{value}")?;
                }
                f.write_str("}")
            }
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_str("\"")?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            c if u32::from(c) < 0x20 || c == '\u{7f}' => write!(f, "\\u{:04x}", u32::from(c))?,
            c => write!(f, "{c}")?,
        }
    }
    f.write_str("\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_the_identity_of_json_values() {
        let values = [
            Datum::Null,
            Datum::Bool(false),
            Datum::Bool(true),
            Datum::Int(1),
            Datum::Float(1.0),
            Datum::text("1"),
            Datum::integer("123456789012345678901234567890"),
            Datum::List(vec![Datum::Int(1), Datum::text("a\"b")]),
            Datum::map(vec![("b".into(), Datum::Null), ("a".into(), Datum::Int(2))]),
        ];
        for (i, a) in values.iter().enumerate() {
            let mut bytes = Vec::new();
            a.encode(&mut bytes);
            assert_eq!(&Datum::decode(&mut &bytes[..]), a);
            for (j, b) in values.iter().enumerate() {
                let mut other = Vec::new();
                b.encode(&mut other);
                assert_eq!(bytes == other, i == j, "{a} {b}");
            }
        }
    }

    #[test]
    fn integers_of_any_length_have_one_form() {
        assert_eq!(Datum::integer("-0"), Datum::Int(0));
        assert_eq!(Datum::integer("007"), Datum::Int(7));
        assert_eq!(Datum::integer("000099999999999999999999"), Datum::integer("99999999999999999999"));
        assert!(Datum::integer("-99999999999999999999") < Datum::Int(i64::MIN));
        assert!(Datum::integer("99999999999999999999") > Datum::Float(1.5));
    }
}
