//! What a string or list holds.

use crate::history::{Datum, History, Value};
use crate::spec::Element;
use std::sync::Arc;

/// The content of a string or list. The empty string and the empty list are one.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub struct Sequence(pub(in crate::spec) Content);

/// One form for each content: text and list are never empty.
#[derive(Clone, PartialEq, Eq, Hash, Default, Debug)]
pub(in crate::spec) enum Content {
    #[default]
    Empty,
    Text(Arc<str>),
    List(Arc<[Element]>),
}

/// What is appended.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Piece {
    /// Characters, to a string.
    Text(Arc<str>),
    /// An element, to a list.
    Element(Element),
}

impl Sequence {
    /// The string.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self(if text.is_empty() { Content::Empty } else { Content::Text(text.into()) })
    }

    /// The list.
    #[must_use]
    pub fn list(elements: &[Element]) -> Self {
        Self(if elements.is_empty() { Content::Empty } else { Content::List(elements.into()) })
    }

    /// This with a piece behind it, if they are of one type.
    #[must_use]
    pub fn with(&self, piece: &Piece) -> Option<Self> {
        match (&self.0, piece) {
            (Content::Empty, Piece::Text(text)) => Some(Self::text(text)),
            (Content::Text(head), Piece::Text(text)) => Some(Self::text(&[&**head, &**text].concat())),
            (Content::Empty, Piece::Element(element)) => Some(Self::list(std::slice::from_ref(element))),
            (Content::List(head), Piece::Element(element)) => {
                Some(Self::list(&[&**head, std::slice::from_ref(element)].concat()))
            }
            _ => None,
        }
    }

    /// The content that a recorded value is, if it is of the right type.
    pub(super) fn of(history: &History, value: Value, string: bool) -> Option<Self> {
        match history.values().get(value)? {
            Datum::Null => Some(Self::default()),
            Datum::Text(text) if string => Some(Self::text(&text)),
            Datum::List(items) if !string => {
                let elements: Vec<_> = items.iter().map(|item| Element::new(history, item)).collect();
                Some(Self::list(&elements))
            }
            _ => None,
        }
    }

    /// The string, if it is one that is not empty.
    pub(crate) fn as_text(&self) -> Option<&Arc<str>> {
        if let Content::Text(text) = &self.0 { Some(text) } else { None }
    }

    /// The bytes that the content takes on the heap.
    pub(super) fn heap_bytes(&self) -> usize {
        // An Arc's two counters stand before its content.
        let counters = 2 * size_of::<usize>();
        match &self.0 {
            Content::Empty => 0,
            Content::Text(text) => counters + text.len(),
            Content::List(elements) => counters + size_of_val(&**elements),
        }
    }
}
