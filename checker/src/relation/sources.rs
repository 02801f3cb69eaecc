//! Reads-from, as far as the values tell it.
//!
//! A value of a key has *writers*: the writes and cas of that value, and the initial value where it is equal. A read
//! whose value has exactly one writer reads from it; one with none is thin air; one with several is open, and the
//! search decides. A cas never reads from itself.

use super::registers::{Kind, written};
use crate::history::{History, KeyId, OpId, Value};
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// No node: the source of a node that does not read.
pub(crate) const NONE: u32 = u32::MAX;
/// The initial value.
pub(crate) const INITIAL: u32 = u32::MAX - 1;
/// One of several writers.
pub(crate) const UNKNOWN: u32 = u32::MAX - 2;

/// Rows of operations before they are numbered as nodes: process by process, in program order.
#[derive(Default, Debug)]
pub(super) struct Draft {
    pub(super) op: Vec<OpId>,
    pub(super) kind: Vec<Kind>,
    pub(super) key: Vec<u32>,
    /// Empty until the first `info` row.
    pub(super) info: Vec<bool>,
    /// Where each process begins, and the end.
    pub(super) starts: Vec<usize>,
}

impl Draft {
    pub(super) fn push(&mut self, history: &History, op: OpId, kind: Kind, info: bool) {
        let micro = history.micro(op);
        if info || !self.info.is_empty() {
            self.info.resize(self.op.len(), false);
            self.info.push(info);
        }
        self.op.push(op);
        self.kind.push(kind);
        self.key.push(micro.key().map_or_else(|| micro.lock().map_or(0, |lock| lock.0), |key| key.0));
    }
}

/// What each node reads from.
#[derive(Clone, Default, Debug)]
pub(crate) struct Sources {
    of: Vec<u32>,
    /// Reads of values that nobody wrote.
    pub(crate) thin_air: Vec<u32>,
    /// Reads with several writers, ascending, each with the class of its writers.
    pub(crate) open: Vec<(u32, u32)>,
    /// Class `c`: `writers[class_start[c]..class_start[c + 1]]`, ascending; [`INITIAL`] among them comes last.
    class_start: Vec<u32>,
    writers: Vec<u32>,
    /// `info` writes that an open read may, but no read must, have read from, ascending.
    pub(crate) optional: Vec<u32>,
}

impl Sources {
    #[inline]
    pub(crate) fn of(&self, node: u32) -> u32 {
        self.of[node as usize]
    }

    /// The writers of a class.
    pub(crate) fn class(&self, class: u32) -> &[u32] {
        &self.writers
            [self.class_start[class as usize] as usize..self.class_start[class as usize + 1] as usize]
    }

    /// Numbers rows as nodes: node `i` is row `order[i]`.
    #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
    pub(super) fn renumber(self, order: &[u32], rows: usize) -> Self {
        let mut node_of = vec![NONE; rows];
        for (node, &row) in order.iter().enumerate() {
            node_of[row as usize] = node as u32;
        }
        let map = |row: u32| if row >= UNKNOWN { row } else { node_of[row as usize] };
        let mapped = |rows: Vec<u32>| {
            let mut nodes: Vec<_> = rows.into_iter().map(map).filter(|&node| node != NONE).collect();
            nodes.sort_unstable();
            nodes
        };
        let mut open: Vec<_> =
            self.open.iter().map(|&(row, class)| (map(row), class)).filter(|open| open.0 != NONE).collect();
        open.sort_unstable();
        let mut renumbered = Self {
            of: order.iter().map(|&row| map(self.of[row as usize])).collect(),
            thin_air: mapped(self.thin_air),
            open,
            optional: mapped(self.optional),
            ..Self::default()
        };
        renumbered.class_start.push(0);
        for class in self.class_start.windows(2) {
            let class = self.writers[class[0] as usize..class[1] as usize].to_vec();
            renumbered.writers.extend(mapped(class));
            renumbered.class_start.push(renumbered.writers.len() as u32);
        }
        renumbered
    }
}

/// Sources by row, and which rows stay.
#[derive(Debug)]
pub(super) struct Resolved {
    pub(super) sources: Sources,
    /// Empty if there is no `info` row.
    pub(super) kept: Vec<bool>,
}

/// The writers of every value: for each its first row, the others linked behind it.
struct Table<'a> {
    history: &'a History,
    draft: &'a Draft,
    heads: HashTable<u32>,
    /// The next writer of the same value; empty while no value repeats.
    next: Vec<u32>,
}

impl<'a> Table<'a> {
    #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
    fn new(history: &'a History, draft: &'a Draft) -> Self {
        let writers = draft.kind.iter().filter(|kind| kind.writes()).count();
        let mut table = Self { history, draft, heads: HashTable::with_capacity(writers), next: Vec::new() };
        // Backwards, so that the writers of a value are linked in ascending order.
        for row in (0..draft.op.len()).rev().filter(|&row| draft.kind[row].writes()) {
            table.insert(row as u32);
        }
        table
    }

    fn insert(&mut self, row: u32) {
        let Self { history, draft, heads, next } = self;
        let value = |row: u32| (draft.key[row as usize], written(history, draft.op[row as usize]));
        let this = value(row);
        match heads.find_mut(hash(this), |&other| value(other) == this) {
            Some(head) => {
                next.resize(draft.op.len(), NONE);
                next[row as usize] = std::mem::replace(head, row);
            }
            None => {
                heads.insert_unique(hash(this), row, |&row| hash(value(row)));
            }
        }
    }

    /// The rows that write a value, ascending.
    fn writers(&self, key: u32, value: Value) -> impl Iterator<Item = u32> + '_ {
        let same = |&row: &u32| {
            self.draft.key[row as usize] == key && written(self.history, self.draft.op[row as usize]) == value
        };
        let head = self.heads.find(hash((key, value)), same).copied();
        std::iter::successors(head, |&row| self.next.get(row as usize).copied().filter(|&next| next != NONE))
    }
}

#[inline]
fn hash(value: (u32, Value)) -> u64 {
    FxBuildHasher.hash_one(value)
}

/// Finds the source of every row that reads, and which `info` rows stay.
#[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
pub(super) fn resolve(history: &History, draft: &Draft) -> Resolved {
    let table = Table::new(history, draft);
    let mut sources = Sources { of: vec![NONE; draft.op.len()], class_start: vec![0], ..Sources::default() };
    let mut class_of_head = rustc_hash::FxHashMap::default();
    for row in (0..draft.op.len()).filter(|&row| draft.kind[row].reads()) {
        let (key, value) = (draft.key[row], history.micro(draft.op[row]).value);
        let initial = value == history.initial(KeyId(key));
        let mut others = table.writers(key, value).filter(|&writer| writer as usize != row);
        sources.of[row] = match (others.next(), others.next(), initial) {
            (None, _, false) => {
                sources.thin_air.push(row as u32);
                NONE
            }
            (None, _, true) => INITIAL,
            (Some(writer), None, false) => writer,
            _ => {
                let head = table.writers(key, value).next();
                let class = *class_of_head.entry(head).or_insert_with(|| {
                    sources.writers.extend(table.writers(key, value));
                    sources.writers.extend(initial.then_some(INITIAL));
                    sources.class_start.push(sources.writers.len() as u32);
                    sources.class_start.len() as u32 - 2
                });
                sources.open.push((row as u32, class));
                UNKNOWN
            }
        };
    }
    let kept = keep(draft, &mut sources);
    Resolved { sources, kept }
}

/// `info` rows stay if a row that stays may read from them; those that no row must read from are optional.
fn keep(draft: &Draft, sources: &mut Sources) -> Vec<bool> {
    if draft.info.is_empty() {
        return Vec::new();
    }
    let mut info = draft.info.clone();
    info.resize(draft.op.len(), false);
    // Who reads for certain: what happened for certain and reads. Whatever it must read from happened for certain too.
    let mut certain: Vec<bool> = info.iter().map(|info| !info).collect();
    let mut todo: Vec<u32> = (0..).zip(&certain).filter_map(|(row, &is)| is.then_some(row)).collect();
    while let Some(row) = todo.pop() {
        let source = sources.of[row as usize];
        if source < UNKNOWN && !std::mem::replace(&mut certain[source as usize], true) {
            todo.push(source);
        }
    }
    let class_of: rustc_hash::FxHashMap<u32, u32> = sources.open.iter().copied().collect();
    let mut kept = certain.clone();
    let mut seen_class = vec![false; sources.class_start.len()];
    let mut todo: Vec<u32> = (0..).zip(&kept).filter_map(|(row, &is)| is.then_some(row)).collect();
    while let Some(row) = todo.pop() {
        let source = sources.of[row as usize];
        if source < UNKNOWN && !std::mem::replace(&mut kept[source as usize], true) {
            todo.push(source);
        }
        if source != UNKNOWN {
            continue;
        }
        let class = class_of[&row];
        if !std::mem::replace(&mut seen_class[class as usize], true) {
            for &writer in sources.class(class) {
                if writer < UNKNOWN && !std::mem::replace(&mut kept[writer as usize], true) {
                    todo.push(writer);
                }
            }
        }
    }
    sources.optional = (0..)
        .zip(&kept)
        .zip(&certain)
        .filter_map(|((row, &kept), &sure)| (kept && !sure).then_some(row))
        .collect();
    sources.thin_air.retain(|&row| kept[row as usize] && certain[row as usize]);
    kept.iter().zip(&draft.kind).zip(&info).map(|((&kept, &kind), _)| kept || kind == Kind::Sync).collect()
}
