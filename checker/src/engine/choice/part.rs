//! The operations that a search is about, numbered densely, with the candidates of its readers.

use super::store::{Store, ones};
use crate::limits::Stop;
use crate::relation::{INITIAL, Kind, NONE, Registers, UNKNOWN};

/// More nodes than this are not searched: a relation on them would not fit.
const MOST_NODES: usize = 1 << 15;

/// A reader: an operation that reads, and what it may read from.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub(super) node: usize,
    pub(super) key: usize,
    /// Writers, the most promising first; [`Reader::INITIAL`] is the initial value.
    pub(super) candidates: Vec<usize>,
    /// Where the set of candidates that are left begins in the store.
    left: usize,
}

impl Reader {
    pub(super) const INITIAL: usize = usize::MAX;

    /// The indices of the candidates that are left.
    pub(super) fn left<'a>(&self, store: &'a Store) -> impl Iterator<Item = usize> + use<'a> {
        ones(store.words(self.left, self.candidates.len().div_ceil(64)))
    }

    pub(super) fn count(&self, store: &Store) -> usize {
        let words = store.words(self.left, self.candidates.len().div_ceil(64));
        words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// The only candidate that is left.
    pub(super) fn source(&self, store: &Store) -> Option<usize> {
        let mut left = self.left(store);
        let first = left.next()?;
        left.next().is_none().then(|| self.candidates[first])
    }

    pub(super) fn remove(&self, store: &mut Store, candidate: usize) {
        store.clear(self.left, candidate);
    }

    /// The same reader with a set of candidates of its own.
    pub(super) fn copy(&self, store: &mut Store) -> Self {
        let left = store.alloc(self.candidates.len().div_ceil(64));
        for candidate in 0..self.candidates.len() {
            store.set(left, candidate);
        }
        Self { left, ..self.clone() }
    }

    /// Leaves one candidate.
    pub(super) fn choose(&self, store: &mut Store, candidate: usize) {
        for other in (0..self.candidates.len()).filter(|&other| other != candidate) {
            store.clear(self.left, other);
        }
    }
}

/// Some nodes of a history, numbered `0..len`.
#[derive(Clone, Debug)]
pub(super) struct Part<'a> {
    pub(super) registers: &'a Registers,
    /// The node of each number.
    pub(super) nodes: Vec<u32>,
    /// The key of each, numbered densely.
    pub(super) key: Vec<usize>,
    /// The writes to each key, as bits.
    pub(super) writes: Vec<Vec<u64>>,
    /// What reads, in the order of the nodes.
    pub(super) readers: Vec<Reader>,
    /// Where the set of operations begins that are known to have happened.
    pub(super) alive: usize,
    pub(super) words: usize,
}

impl<'a> Part<'a> {
    /// The nodes that `member` names, those known to have happened that `happened` names.
    ///
    /// # Errors
    /// If they are too many to search.
    pub(super) fn new(
        registers: &'a Registers,
        store: &mut Store,
        member: impl Fn(u32) -> bool,
        happened: impl Fn(u32) -> bool,
    ) -> Result<Self, Stop> {
        let nodes: Vec<u32> = registers.nodes().filter(|&node| member(node)).collect();
        if nodes.len() > MOST_NODES {
            return Err(Stop::Memory);
        }
        let words = nodes.len().div_ceil(64);
        let mut keys = rustc_hash::FxHashMap::default();
        let mut key = Vec::new();
        let mut writes: Vec<Vec<u64>> = Vec::new();
        for (at, &node) in nodes.iter().enumerate() {
            let kind = registers.kind(node);
            // Locks and keys are named apart.
            let next = keys.len();
            let number = *keys.entry((kind == Kind::Sync, registers.key(node))).or_insert(next);
            key.push(number);
            writes.resize(keys.len(), vec![0; words]);
            if kind.writes() {
                writes[number][at / 64] |= 1 << (at % 64);
            }
        }
        let alive = store.alloc(words);
        for (at, &node) in nodes.iter().enumerate() {
            if happened(node) {
                store.set(alive, at);
            }
        }
        let mut part = Self { registers, nodes, key, writes, readers: Vec::new(), alive, words };
        part.find_readers(store);
        Ok(part)
    }

    fn find_readers(&mut self, store: &mut Store) {
        let number = |node: u32| self.nodes.binary_search(&node).ok();
        let mut readers = Vec::new();
        for (at, &node) in self.nodes.iter().enumerate() {
            if !self.registers.kind(node).reads() {
                continue;
            }
            let candidates: Vec<usize> = match self.registers.source(node) {
                NONE => Vec::new(),
                INITIAL => vec![Reader::INITIAL],
                UNKNOWN => self.promising(at, node),
                source => number(source).into_iter().collect(),
            };
            let left = store.alloc(candidates.len().div_ceil(64));
            for candidate in 0..candidates.len() {
                store.set(left, candidate);
            }
            readers.push(Reader { node: at, key: self.key[at], candidates, left });
        }
        self.readers = readers;
    }

    /// The candidates of an open read: first the writes nearest before it in the input.
    fn promising(&self, at: usize, node: u32) -> Vec<usize> {
        let sources = &self.registers.sources;
        let Ok(open) = sources.open.binary_search_by_key(&node, |open| open.0) else { return Vec::new() };
        let writers = sources.class(sources.open[open].1);
        let mut candidates: Vec<usize> = writers
            .iter()
            .filter(|&&writer| writer != node)
            .filter_map(|&writer| {
                if writer == INITIAL { Some(Reader::INITIAL) } else { self.nodes.binary_search(&writer).ok() }
            })
            .collect();
        let here = self.registers.op(node).0;
        candidates.sort_by_key(|&candidate| {
            let there = if candidate == Reader::INITIAL { 0 } else { self.op(candidate).0 };
            (there > here, there.abs_diff(here), candidate != at)
        });
        candidates
    }

    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn op(&self, at: usize) -> crate::history::OpId {
        self.registers.op(self.nodes[at])
    }

    pub(super) fn kind(&self, at: usize) -> Kind {
        self.registers.kind(self.nodes[at])
    }

    /// The chain of a node.
    pub(super) fn chain(&self, at: usize) -> usize {
        self.registers.chains.of(self.nodes[at])
    }

    /// Whether one node is before another in program order.
    pub(super) fn ordered(&self, a: usize, b: usize) -> bool {
        self.registers.chains.ordered(self.nodes[a], self.nodes[b])
    }

    #[inline]
    pub(super) fn is_alive(&self, store: &Store, at: usize) -> bool {
        store.bit(self.alive, at)
    }

    /// The writes to a reader's key that have happened for certain, the reader itself left out.
    pub(super) fn rivals(&self, store: &Store, reader: &Reader) -> Vec<u64> {
        let mut rivals: Vec<u64> = self.writes[reader.key]
            .iter()
            .zip(store.words(self.alive, self.words))
            .map(|(writes, alive)| writes & alive)
            .collect();
        rivals[reader.node / 64] &= !(1 << (reader.node % 64));
        rivals
    }

    /// A reader's only candidate happened.
    pub(super) fn settle(&self, store: &mut Store, reader: &Reader) {
        if let Some(source) = reader.source(store)
            && source != Reader::INITIAL
        {
            store.set(self.alive, source);
        }
    }

    /// The reader with the fewest candidates of those with several, and its answers; only among readers that happened.
    pub(super) fn open_reader(&self, store: &Store) -> Option<(usize, Vec<usize>)> {
        let open = self.readers.iter().enumerate().filter(|(_, reader)| self.is_alive(store, reader.node));
        let counted = open.map(|(at, reader)| (reader.count(store), at)).filter(|&(count, _)| count > 1);
        let (_, at) = counted.min()?;
        Some((at, self.readers[at].left(store).collect()))
    }

    /// The source of every reader that happened.
    pub(super) fn reads_from(&self, store: &Store) -> crate::certificate::ReadsFrom {
        let happened = self.readers.iter().filter(|reader| self.is_alive(store, reader.node));
        happened
            .map(|reader| {
                let source = reader.source(store).filter(|&source| source != Reader::INITIAL);
                (self.op(reader.node), source.map(|source| self.op(source)))
            })
            .collect()
    }
}

/// Whether two sets have a common element.
#[inline]
pub(super) fn meet(a: &[u64], b: &[u64]) -> bool {
    a.iter().zip(b).any(|(a, b)| a & b != 0)
}

/// The common elements of two sets.
#[inline]
pub(super) fn common(a: &[u64], b: &[u64]) -> Vec<u64> {
    a.iter().zip(b).map(|(a, b)| a & b).collect()
}

/// Which nodes are known to have happened: all but the optional ones.
pub(super) fn certain(registers: &Registers) -> impl Fn(u32) -> bool + use<'_> {
    |node| registers.sources.optional.binary_search(&node).is_err()
}
