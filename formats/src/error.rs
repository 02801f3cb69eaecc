//! What went wrong, and where: every error of reading names file, line and column, what stood there, what was
//! expected, and how to mend it.

use std::fmt;
use std::io;
use thiserror::Error;
use tribunal_checker::history::HistoryError;

/// Input that could not be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormatError {
    /// The file, as it was named.
    pub file: Box<str>,
    /// The 1-based line; 0 where the error concerns the whole input.
    pub line: u64,
    /// The 1-based column in bytes; 0 where the error concerns the whole line.
    pub column: u64,
    /// What stood there, shortened.
    pub found: String,
    /// What should have stood there.
    pub expected: String,
    /// How to mend it.
    pub help: Option<String>,
    /// What kind of error it is.
    pub kind: ErrorKind,
}

/// The kinds of [`FormatError`].
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The operating system, or a decompressor, could not deliver the bytes.
    Io(io::ErrorKind),
    /// Not the format's syntax.
    Syntax,
    /// Well-formed, but not a history: an unknown function, a missing field, a value of the wrong type.
    Content,
    /// Not UTF-8.
    Encoding,
    /// Larger or deeper than any real history.
    Limit,
    /// Two histories of one input have the same name.
    DuplicateName,
    /// The operations do not make a history.
    History(Box<HistoryError>),
    /// No format fits the input.
    UnknownFormat,
}

impl FormatError {
    /// An error of syntax: `found` is shortened.
    #[must_use]
    pub fn new(file: &str, line: u64, column: u64, found: &str, expected: impl Into<String>) -> Self {
        let (found, expected) = (shorten(found), expected.into());
        Self { file: file.into(), line, column, found, expected, help: None, kind: ErrorKind::Syntax }
    }

    /// The same error with another kind.
    #[must_use]
    pub fn kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same error with advice on how to mend it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What the builder of histories refused; `line` is where the operation stood.
    #[must_use]
    pub fn history(file: &str, line: u64, error: HistoryError) -> Self {
        Self {
            file: file.into(),
            line,
            column: 0,
            found: String::new(),
            expected: String::new(),
            help: None,
            kind: ErrorKind::History(Box::new(error)),
        }
    }

    /// What the operating system, or a decompressor, reported.
    #[must_use]
    pub fn io(file: &str, line: u64, error: &io::Error) -> Self {
        let kind = ErrorKind::Io(error.kind());
        Self::new(file, line, 0, &error.to_string(), "readable bytes").kind(kind)
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        match &self.kind {
            ErrorKind::History(error) => {
                // The builder's messages name their line; it stands in front already.
                let message = error.to_string();
                let prefix = format!("line {}: ", self.line);
                write!(f, ": {}", message.strip_prefix(&prefix).unwrap_or(&message))?;
            }
            ErrorKind::Io(_) => write!(f, ": {}", self.found)?,
            _ => write!(f, ": found {}, expected {}", self.found, self.expected)?,
        }
        self.help.as_ref().map_or(Ok(()), |help| write!(f, "; {help}"))
    }
}

impl std::error::Error for FormatError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            ErrorKind::History(error) => Some(&**error),
            _ => None,
        }
    }
}

/// A history that could not be written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum WriteError {
    /// The operating system refused the bytes.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The format has no form for something that the history holds.
    #[error("{format} cannot hold this history: {why}; write jsonl instead")]
    Inexpressible {
        /// The format's name.
        format: &'static str,
        /// What it has no form for.
        why: String,
    },
    /// Histories are only read in this format.
    #[error("{0} is only read, never written; write jsonl instead")]
    ReadOnly(&'static str),
}

/// At most this many characters of the input stand in a message.
const SHOWN: usize = 48;

/// The text in one line, and short enough for a message.
pub(crate) fn shorten(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == SHOWN {
            out.push('…');
            break;
        }
        if c.is_control() { out.extend(c.escape_default()) } else { out.push(c) }
    }
    out
}

/// What stands at the start of these bytes, as a message shows it.
pub(crate) fn found(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "the end of the line".into();
    }
    let head = &bytes[..bytes.len().min(4 * SHOWN)];
    format!("`{}`", shorten(&String::from_utf8_lossy(head)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_name_the_place_and_the_mending() {
        let error = FormatError::new("a.jsonl", 3, 7, "`x`", "a value").help("quote it");
        assert_eq!(error.to_string(), "a.jsonl:3:7: found `x`, expected a value; quote it");
    }

    #[test]
    fn what_was_found_is_short_and_on_one_line() {
        assert_eq!(found(b"a\nb\x00"), "`a\\nb\\u{0}`");
        assert_eq!(found(&[b'y'; 1000]).chars().count(), SHOWN + 3);
        assert_eq!(found(&[0xff]), "`\u{fffd}`");
    }
}
