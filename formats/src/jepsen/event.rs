//! An event as it was scanned: which fields it has, and where they stand.

use crate::error::{ErrorKind, FormatError, found};
use crate::scan::{Node, Tape};

/// The fields that mean something; `:time` and `:index` are known and mean nothing: the position counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Name {
    Type,
    Process,
    F,
    Value,
    Key,
    Lock,
    Mode,
    Answer,
}

impl Name {
    /// The number of names.
    const COUNT: usize = Self::Answer as usize + 1;

    /// The field of that name; `None` for unknown ones.
    #[inline]
    pub(super) fn of(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"type" => Self::Type,
            b"process" => Self::Process,
            b"f" => Self::F,
            b"value" => Self::Value,
            b"key" => Self::Key,
            b"lock" => Self::Lock,
            b"mode" => Self::Mode,
            b"ok" => Self::Answer,
            _ => return None,
        })
    }
}

/// True for the names of fields that are read over without a trace.
pub(super) fn is_clock(name: &[u8]) -> bool {
    matches!(name, b"time" | b"index")
}

/// The value of a field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Field {
    /// The value.
    pub(crate) node: Node,
    /// Where it begins in the form.
    pub(crate) at: usize,
}

/// A scanned form; it is filled again and again.
#[derive(Clone, Default, Debug)]
pub(crate) struct Form {
    /// The values.
    pub(crate) tape: Tape,
    fields: [Option<Field>; Name::COUNT],
    /// From the first unknown field to the end of the last.
    extra: Option<(usize, usize)>,
}

impl Form {
    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.tape.clear();
        self.fields = [None; Name::COUNT];
        self.extra = None;
    }

    /// The field of that name.
    #[inline]
    pub(crate) fn field(&self, name: Name) -> Option<Field> {
        self.fields[name as usize]
    }

    /// Records the value of a field, which begins at `at`; false if it has one already.
    #[inline]
    pub(crate) fn set(&mut self, name: Name, node: Node, at: usize) -> bool {
        self.fields[name as usize].replace(Field { node, at }).is_none()
    }

    /// Records where an unknown field stands.
    pub(super) fn set_extra(&mut self, start: usize, end: usize) {
        self.extra = Some((self.extra.map_or(start, |(first, _)| first), end));
    }
}

/// An event of a history.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Event<'a> {
    /// The bytes of the form: UTF-8.
    pub(crate) bytes: &'a [u8],
    /// What they say.
    pub(crate) form: &'a Form,
    /// The 1-based line and column of the first byte.
    pub(crate) place: (u64, u64),
    /// The offset of the first byte in the input.
    pub(crate) offset: u64,
}

impl<'a> Event<'a> {
    /// The field of that name.
    #[inline]
    pub(crate) fn field(&self, name: Name) -> Option<Field> {
        self.form.field(name)
    }

    /// The values.
    pub(crate) fn tape(&self) -> &'a Tape {
        &self.form.tape
    }

    /// The text of a field; `None` if it is none.
    #[inline]
    pub(crate) fn text(&self, field: Field) -> Option<&'a str> {
        self.form.tape.text(self.bytes, field.node)
    }

    /// Where the unknown fields stand in the input: offset and length.
    pub(super) fn extra(&self) -> Option<(u64, u32)> {
        let (start, end) = self.form.extra?;
        Some((self.offset + start as u64, u32::try_from(end - start).ok()?))
    }

    /// An error about what stands at a byte of the form.
    #[cold]
    pub(crate) fn error(&self, file: &str, at: usize, expected: impl Into<String>) -> FormatError {
        let before = &self.bytes[..at];
        let (line, column) = match memchr::memrchr(b'\n', before) {
            Some(last) => {
                (self.place.0 + memchr::memchr_iter(b'\n', before).count() as u64, (at - last) as u64)
            }
            None => (self.place.0, self.place.1 + at as u64),
        };
        FormatError::new(file, line, column, &found(&self.bytes[at..]), expected).kind(ErrorKind::Content)
    }
}

/// An event that outlives its input's buffer.
#[derive(Debug)]
pub(super) struct Held {
    bytes: Box<[u8]>,
    form: Form,
    place: (u64, u64),
    offset: u64,
}

impl Held {
    pub(super) fn new(event: &Event<'_>) -> Self {
        let Event { bytes, form, place, offset } = *event;
        Self { bytes: bytes.into(), form: form.clone(), place, offset }
    }

    pub(super) fn event(&self) -> Event<'_> {
        Event { bytes: &self.bytes, form: &self.form, place: self.place, offset: self.offset }
    }
}
