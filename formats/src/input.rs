//! A source of bytes in bounded memory: decompressed, cut into lines, or looked at piece by piece.
//!
//! Plain chunked reads into one buffer, which grows only to hold a single line (or form) and at most to [`LIMIT`]:
//! a file of any size costs no more than its longest line. Mapping the file instead would save one copy, but count
//! every page it touches.

mod decompress;

use crate::error::{ErrorKind, FormatError, found};
use memchr::{memchr, memchr_iter, memrchr};
use std::io::{ErrorKind as IoKind, Read};

/// The longest line, or form, in bytes.
pub(crate) const LIMIT: usize = 64 << 20;

/// How many bytes are asked for at a time.
const CHUNK: usize = 256 << 10;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// A source of bytes; see the [module](self).
pub(crate) struct Input<'r> {
    reader: Box<dyn Read + 'r>,
    /// Where the bytes come from, for errors.
    file: &'r str,
    /// Always full length; only `buffer[start..end]` holds bytes that were read and not consumed.
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes consumed so far.
    offset: u64,
    /// The 1-based line on which the next byte stands.
    line: u64,
    /// The offset at which that line began.
    line_start: u64,
    /// No more bytes will come.
    exhausted: bool,
}

/// One line of the input, without its end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// The bytes, without `\n` or `\r\n`; of a line that is too long only the beginning.
    pub(crate) bytes: &'a [u8],
    /// The 1-based number.
    pub(crate) number: u64,
    /// The offset of the first byte in the decompressed input.
    pub(crate) offset: u64,
    /// How it ends.
    pub(crate) end: LineEnd,
}

/// How a line ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum LineEnd {
    /// With a line feed, as it should.
    Newline,
    /// With the input: perhaps it is torn.
    Input,
    /// It is longer than [`LIMIT`]; the rest was passed over.
    TooLong,
}

impl<'r> Input<'r> {
    /// Opens a source; gzip and zstd are recognised by their first bytes.
    pub(crate) fn new(reader: impl Read + 'r, file: &'r str) -> Result<Self, FormatError> {
        let reader = decompress::open(reader).map_err(|error| FormatError::io(file, 0, &error))?;
        let mut input = Self {
            reader,
            file,
            buffer: Vec::new(),
            start: 0,
            end: 0,
            offset: 0,
            line: 1,
            line_start: 0,
            exhausted: false,
        };
        if input.peek(BOM.len())?.starts_with(BOM) {
            input.start += BOM.len();
            input.offset = BOM.len() as u64;
            input.line_start = input.offset;
        }
        Ok(input)
    }

    /// The bytes that are there and not consumed.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// The first `length` bytes that are not consumed, or all that are left.
    pub(crate) fn peek(&mut self, length: usize) -> Result<&[u8], FormatError> {
        while self.end - self.start < length && self.more()? {}
        let bytes = self.bytes();
        Ok(&bytes[..bytes.len().min(length)])
    }

    /// Reads more bytes behind those that are there; false at the end of the input.
    ///
    /// # Errors
    /// If the source fails, or [`LIMIT`] bytes are there already.
    pub(crate) fn more(&mut self) -> Result<bool, FormatError> {
        if self.exhausted {
            return Ok(false);
        }
        if self.end - self.start >= LIMIT {
            return Err(self.too_long(self.line));
        }
        if self.buffer.len() - self.end < CHUNK / 2 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
            if self.buffer.len() - self.end < CHUNK / 2 {
                let length = (2 * self.buffer.len()).max(CHUNK);
                self.buffer.resize(length, 0);
            }
        }
        loop {
            match self.reader.read(&mut self.buffer[self.end..]) {
                Ok(0) => {
                    self.exhausted = true;
                    return Ok(false);
                }
                Ok(read) => {
                    self.end += read;
                    return Ok(true);
                }
                Err(error) if error.kind() == IoKind::Interrupted => {}
                Err(error) => return Err(FormatError::io(self.file, self.line, &error)),
            }
        }
    }

    /// Passes over the first `length` bytes that are there.
    ///
    /// # Panics
    /// If fewer are there.
    pub(crate) fn consume(&mut self, length: usize) {
        let bytes = &self.buffer[self.start..self.end][..length];
        if let Some(last) = memrchr(b'\n', bytes) {
            self.line += memchr_iter(b'\n', &bytes[..=last]).count() as u64;
            self.line_start = self.offset + last as u64 + 1;
        }
        self.start += length;
        self.offset += length as u64;
    }

    /// Offset of the next byte in the decompressed input.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Line and column (both 1-based, in bytes) of the byte that stands `ahead` bytes behind the next one.
    ///
    /// # Panics
    /// If fewer bytes are there.
    pub(crate) fn locate(&self, ahead: usize) -> (u64, u64) {
        let before = &self.bytes()[..ahead];
        let line = self.line + memchr_iter(b'\n', before).count() as u64;
        let column = match memrchr(b'\n', before) {
            Some(last) => ahead - last,
            None => {
                usize::try_from(self.offset - self.line_start).unwrap_or(usize::MAX - ahead - 1) + ahead + 1
            }
        };
        (line, column as u64)
    }

    /// The next line; `None` at the end of the input.
    pub(crate) fn next_line(&mut self) -> Result<Option<Line<'_>>, FormatError> {
        let mut searched = 0;
        let (length, end) = loop {
            let bytes = self.bytes();
            if let Some(at) = memchr(b'\n', &bytes[searched..]) {
                break (searched + at, LineEnd::Newline);
            }
            searched = bytes.len();
            if searched >= LIMIT {
                return self.pass_over_long_line().map(Some);
            }
            if !self.more()? {
                if searched == 0 {
                    return Ok(None);
                }
                break (searched, LineEnd::Input);
            }
        };
        let (number, offset, first) = (self.line, self.offset, self.start);
        let consumed = length + usize::from(end == LineEnd::Newline);
        self.start += consumed;
        self.offset += consumed as u64;
        if end == LineEnd::Newline {
            self.line += 1;
            self.line_start = self.offset;
        }
        let bytes = &self.buffer[first..first + length];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        Ok(Some(Line { bytes, number, offset, end }))
    }

    /// Reads on to the end of a line that does not fit, and gives its beginning.
    fn pass_over_long_line(&mut self) -> Result<Line<'_>, FormatError> {
        let (number, offset) = (self.line, self.offset);
        let beginning = self.bytes()[..CHUNK.min(self.bytes().len())].to_vec();
        loop {
            if let Some(at) = memchr(b'\n', self.bytes()) {
                self.consume(at + 1);
                break;
            }
            self.consume(self.end - self.start);
            if !self.more()? {
                break;
            }
        }
        // The buffer has room in front of what is left, or nothing is left: the beginning is kept there.
        let spare = beginning.len();
        self.buffer.truncate(self.end);
        self.buffer.extend_from_slice(&beginning);
        let bytes = &self.buffer[self.end..self.end + spare];
        Ok(Line { bytes, number, offset, end: LineEnd::TooLong })
    }

    /// The error of a line, or form, that exceeds [`LIMIT`].
    pub(crate) fn too_long(&self, line: u64) -> FormatError {
        let expected = format!("at most {} MiB", LIMIT >> 20);
        FormatError::new(self.file, line, 0, "a line (or form) that does not end", expected)
            .kind(ErrorKind::Limit)
            .help("is this a history?")
    }
}

impl<'a> Line<'a> {
    /// The line as text.
    ///
    /// # Errors
    /// If it is too long, or not UTF-8: then with the column of the first bad byte.
    pub(crate) fn text(&self, file: &str) -> Result<&'a str, FormatError> {
        if self.end == LineEnd::TooLong {
            let what = format!("a line of more than {} MiB", LIMIT >> 20);
            return Err(
                FormatError::new(file, self.number, 0, &what, "one operation a line").kind(ErrorKind::Limit)
            );
        }
        std::str::from_utf8(self.bytes).map_err(|error| {
            let at = error.valid_up_to();
            let column = at as u64 + 1;
            let bad = format!("byte 0x{:02x}", self.bytes[at]);
            FormatError::new(file, self.number, column, &bad, "UTF-8")
                .kind(ErrorKind::Encoding)
                .help(format!("it stands before {}", found(&self.bytes[at + 1..])))
        })
    }
}

#[cfg(test)]
mod tests;
