//! What the scanners of EDN and JSON share: they work on the part of the input that is in memory, and say when they
//! need more of it.

mod tape;

pub(crate) use tape::{Kind, Node, Tape, Token};

/// How deep collections may nest.
pub(crate) const DEPTH: usize = crate::json::DEPTH as usize;

/// Why a scanner stopped before the end of a form.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    /// The bytes end inside the form.
    Incomplete,
    /// The form is malformed at this byte, where something else should stand.
    Bad(usize, &'static str),
    /// The collection that opens at this byte is nested deeper than [`DEPTH`].
    Deep(usize),
    /// This byte does not continue UTF-8 text.
    Encoding(usize),
}

impl Stop {
    /// The position that it names.
    pub(crate) fn at(self) -> usize {
        match self {
            Self::Incomplete => 0,
            Self::Bad(at, _) | Self::Deep(at) | Self::Encoding(at) => at,
        }
    }

    /// The same, where positions count from `by` bytes before.
    pub(crate) fn shift(self, by: usize) -> Self {
        match self {
            Self::Incomplete => Self::Incomplete,
            Self::Bad(at, expected) => Self::Bad(at + by, expected),
            Self::Deep(at) => Self::Deep(at + by),
            Self::Encoding(at) => Self::Encoding(at + by),
        }
    }
}

/// The text of these bytes, which stand at `at`.
pub(crate) fn utf8(bytes: &[u8], at: usize) -> Result<&str, Stop> {
    std::str::from_utf8(bytes).map_err(|error| Stop::Encoding(at + error.valid_up_to()))
}

/// The character of four hexadecimal digits at the front of `bytes`, which stand at `at`, or of eight that make a
/// surrogate pair with `\u` between; and the number of bytes it takes.
pub(crate) fn unicode_escape(bytes: &[u8], at: usize) -> Result<(char, usize), Stop> {
    const EXPECTED: &str = "four hexadecimal digits of a character";
    let unit = |from: usize| {
        let digits = bytes.get(from..from + 4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or(Stop::Bad(at + from, EXPECTED))
    };
    let high = unit(0)?;
    if let Some(char) = char::from_u32(high) {
        return Ok((char, 4));
    }
    if (0xd800..0xdc00).contains(&high) && bytes.get(4..6) == Some(b"\\u") {
        let low = unit(6)?;
        if (0xdc00..0xe000).contains(&low) {
            let code = 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00);
            return char::from_u32(code).map(|char| (char, 10)).ok_or(Stop::Bad(at, EXPECTED));
        }
    }
    Err(Stop::Bad(at, "a character (half a surrogate pair is none)"))
}
