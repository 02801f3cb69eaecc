//! Contents as pieces: which change a read saw last.

use super::{Class, Seen};
use crate::engine::monitor::timeline::NONE;
use crate::engine::monitor::values::Numbering;
use crate::history::{Datum, OpId, Value};
use crate::spec::{Decoder, Element};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// What contents are made of.
pub(super) trait Pieces {
    /// A character, or an element.
    type Symbol: Eq;

    /// The symbols of a recorded content; `None` if it does not fit.
    fn symbols(decoder: &Decoder<'_>, op: OpId, value: Value) -> Option<Vec<Self::Symbol>>;

    /// The piece with which these symbols begin, and its length; `None` if there is none.
    fn next(&self, symbols: &[Self::Symbol]) -> Option<(usize, u32)>;
}

/// Pieces of one element each.
pub(super) struct Elements(Numbering);

impl Elements {
    /// `None` if one occurs twice.
    pub(super) fn new(elements: Vec<(Value, u32)>) -> Option<Self> {
        Numbering::new(elements).map(Self)
    }
}

impl Pieces for Elements {
    type Symbol = Element;

    fn symbols(decoder: &Decoder<'_>, op: OpId, value: Value) -> Option<Vec<Element>> {
        decoder.elements(op, value).ok()
    }

    fn next(&self, symbols: &[Element]) -> Option<(usize, u32)> {
        let Some(Element::Value(value)) = symbols.first() else { return None };
        let piece = self.0.get(*value);
        (piece != NONE).then_some((1, piece))
    }
}

/// Sorted texts, of which none is the beginning of another.
pub(super) struct Texts(Vec<(Arc<str>, u32)>);

impl Texts {
    /// `None` if one is the beginning of another. If any is, then so it is of its successor: what lies between a text and
    /// one that begins with it begins with it, too.
    pub(super) fn new(texts: Vec<(Arc<str>, u32)>) -> Option<Self> {
        let is_clear = |pair: &[(Arc<str>, u32)]| !pair[1].0.as_bytes().starts_with(pair[0].0.as_bytes());
        let nonempty = texts.first().is_none_or(|first| !first.0.is_empty());
        (nonempty && texts.windows(2).all(is_clear)).then_some(Self(texts))
    }
}

impl Pieces for Texts {
    type Symbol = u8;

    fn symbols(decoder: &Decoder<'_>, _: OpId, value: Value) -> Option<Vec<u8>> {
        match decoder.history().values().get(value)? {
            Datum::Null => Some(Vec::new()),
            Datum::Text(text) => Some(text.as_bytes().to_vec()),
            _ => None,
        }
    }

    fn next(&self, symbols: &[u8]) -> Option<(usize, u32)> {
        // The piece with which they begin is the greatest that is not above them.
        let above = self.0.partition_point(|(text, _)| text.as_bytes() <= symbols);
        let (text, piece) = &self.0[above.checked_sub(1)?];
        symbols.starts_with(text.as_bytes()).then_some((text.len(), *piece))
    }
}

/// The longest content that begins with a certain put, or with none.
pub(super) struct Block<S> {
    pub is_put: bool,
    symbols: Vec<S>,
    /// Where its pieces end, ascending, and which classes they are of.
    ends: Vec<u32>,
    pub pieces: Vec<u32>,
    /// Who saw each piece first.
    pub witness: Vec<u32>,
}

/// What reads have told so far.
pub(super) struct Contents<'a, P: Pieces> {
    pieces: P,
    classes: &'a [Class],
    pub blocks: Vec<Block<P::Symbol>>,
    /// The block that begins with the put of a class, or ([`NONE`]) without.
    index: FxHashMap<u32, usize>,
}

impl<'a, P: Pieces> Contents<'a, P> {
    pub(super) fn new(pieces: P, classes: &'a [Class]) -> Self {
        Self { pieces, classes, blocks: Vec::new(), index: FxHashMap::default() }
    }

    /// Takes in a content.
    ///
    /// # Errors
    /// The items that contradict each other, if it cannot be.
    pub(super) fn add(&mut self, item: u32, read: Vec<P::Symbol>) -> Result<Seen, Vec<u32>> {
        if read.is_empty() {
            return Ok(None);
        }
        let first = self.pieces.next(&read).ok_or_else(|| vec![item])?.1;
        let is_put = self.classes[first as usize].put != 0;
        let number = *self.index.entry(if is_put { first } else { NONE }).or_insert_with(|| {
            let (ends, pieces, witness) = (Vec::new(), Vec::new(), Vec::new());
            self.blocks.push(Block { is_put, symbols: Vec::new(), ends, pieces, witness });
            self.blocks.len() - 1
        });
        let block = &mut self.blocks[number];
        let common = read.len().min(block.symbols.len());
        let other =
            |block: &Block<P::Symbol>| block.witness.last().copied().into_iter().chain([item]).collect();
        if read[..common] != block.symbols[..common] {
            return Err(other(block));
        }
        if read.len() <= block.symbols.len() {
            let at = block.ends.binary_search(&(read.len() as u32)).map_err(|_| other(block))?;
            return Ok(Some((number, at)));
        }
        let mut end = common;
        while end < read.len() {
            let (length, piece) = self.pieces.next(&read[end..]).ok_or_else(|| vec![item])?;
            end += length;
            block.ends.push(end as u32);
            block.pieces.push(piece);
            block.witness.push(item);
        }
        block.symbols = read;
        Ok(Some((number, block.pieces.len() - 1)))
    }
}
