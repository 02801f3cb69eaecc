//! Lists and strings appended, replaced and read whole, whose pieces are mostly different.
//!
//! # Problem
//! Appends, puts and reads of one list or string that starts empty. In a string no piece (what is appended or put) is the
//! beginning of another one, so that a content has one reading as pieces. Pending changes may have happened or not. Is there
//! a view, and which?
//!
//! # Algorithm
//! A register in disguise: a content is a value. A `put` writes a value; an append whose result somebody read is a
//! compare-and-set, from the content without the piece to the content with it, which the read knows; an append that nobody
//! saw is a write that nobody reads. [`Contents`] finds out who read which value; blocks and zones decide, as they do for
//! a [register](super::register). Where a piece was appended more than once, all ways to say which append was seen where
//! are tried, if they are few ([`WAYS`]).
//!
//! # Why it is correct
//! **Soundness.** What a read returns, read as pieces, tells what was put last before it and what was appended since, in
//! order. So a put, the appends that anybody read behind it and their reads are a block without other changes in between,
//! in the order of the contents. (An unseen append between two of them would be seen by the later one's reader.) What is
//! read first in a content was put if anybody put it: it is not covered if one who appended it may have come before all
//! puts.
//! **Completeness.** Blocks in an order that fits make a legal view: what nobody saw stands between blocks, after which
//! only a put may be read from. The block that begins without a put comes first of all, as the initial value's does.
//!
//! Not covered: lists that are put as a whole, a piece that is put twice, an object that does not start empty.
//!
//! # Complexity
//! Time O(n log n) for each way, and the length of the distinct reads times log n; memory that of the longest of each block.

mod contents;
mod ways;

use super::register::{Cluster, Clusters, involved, view};
use super::timeline::{NONE, Timeline};
use super::{Decision, stuck};
use crate::history::{Function, OpId, Value};
use crate::spec::{
    AppendList, AppendListOp, Decoder, Element, Object, Piece, RecordedSpec, Sequence, object_of,
};
use contents::{Contents, Elements, Pieces, Texts};
use rustc_hash::FxHashMap;
use std::sync::Arc;
use ways::Ways;

/// How many ways to tell equal appends apart are tried at most.
const WAYS: usize = 4096;

/// What changes an object; clusters are numbered from 1 on, as in a register.
#[derive(Default)]
struct Changes {
    clusters: Vec<Cluster>,
    /// Each item's cluster.
    of: Vec<u32>,
    elements: Vec<(Value, u32)>,
    texts: Vec<(Arc<str>, u32)>,
    /// The clusters that are puts, ascending.
    puts: Vec<u32>,
}

/// All changes with one piece.
#[derive(Clone, Default, Debug)]
struct Class {
    /// The put's cluster; 0 if nobody put it.
    put: u32,
    appends: Vec<u32>,
}

/// What a read saw last: an index of a block of contents, and of a piece in it; `None` if it saw nothing.
type Seen = Option<(usize, usize)>;

/// Decides a list or string; `None` where pieces cannot be told apart.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let object = line.op.first().and_then(|&op| object_of(decoder.history(), AppendList::KIND, op));
    let initial = AppendList::of_object(decoder.history(), object.unwrap_or(Object::Whole)).ok()?.initial;
    if initial != Sequence::default() {
        return None;
    }
    let mut changes = changes(decoder, line)?;
    let (mut elements, mut texts) =
        (std::mem::take(&mut changes.elements), std::mem::take(&mut changes.texts));
    match (elements.is_empty(), texts.is_empty()) {
        (false, false) => None,
        (true, false) => {
            let classes = classes(&mut texts, &changes, line)?;
            judge(decoder, line, &changes, &classes, Texts::new(texts)?)
        }
        (_, true) => {
            let classes = classes(&mut elements, &changes, line)?;
            judge(decoder, line, &changes, &classes, Elements::new(elements)?)
        }
    }
}

/// The changes; `None` where they do not fit, or replace a list.
fn changes(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Changes> {
    let mut changes =
        Changes { clusters: vec![Cluster::of(NONE)], of: vec![NONE; line.op.len()], ..Changes::default() };
    for (item, &op) in (0_u32..).zip(&line.op) {
        if decoder.history().function(op) == Function::Read {
            continue;
        }
        let cluster = changes.clusters.len() as u32;
        match AppendList::decode(decoder, op).ok()?.0 {
            AppendListOp::Append(Piece::Element(Element::Value(value))) => {
                changes.elements.push((value, cluster));
            }
            AppendListOp::Append(Piece::Text(text)) => changes.texts.push((text, cluster)),
            AppendListOp::Put(content) => {
                changes.texts.push((content.as_text()?.clone(), cluster));
                changes.puts.push(cluster);
            }
            _ => return None,
        }
        changes.of[item as usize] = cluster;
        changes.clusters.push(Cluster::of(item));
    }
    Some(changes)
}

/// Sorts the pieces and leaves each there once, with its class in the place of its cluster.
fn classes<K: Ord>(pieces: &mut Vec<(K, u32)>, changes: &Changes, line: &Timeline) -> Option<Vec<Class>> {
    let writer = |cluster: u32| changes.clusters[cluster as usize].writer as usize;
    let first_put = changes.puts.iter().map(|&put| line.ret[writer(put)]).min().unwrap_or(NONE);
    pieces.sort_unstable();
    let mut classes: Vec<Class> = Vec::with_capacity(pieces.len());
    let mut unique: Vec<(K, u32)> = Vec::with_capacity(pieces.len());
    for (piece, cluster) in pieces.drain(..) {
        if unique.last().is_none_or(|last| last.0 != piece) {
            unique.push((piece, classes.len() as u32));
            classes.push(Class::default());
        }
        let class = classes.last_mut()?;
        if changes.puts.binary_search(&cluster).is_err() {
            class.appends.push(cluster);
        } else if class.put == 0 {
            class.put = cluster;
        } else {
            return None;
        }
    }
    *pieces = unique;
    let early = |&append: &u32| line.call[writer(append)] <= first_put;
    let is_clear = |class: &Class| class.put == 0 || !class.appends.iter().any(early);
    classes.iter().all(is_clear).then_some(classes)
}

/// Finds out who read what, and decides.
fn judge<P: Pieces>(
    decoder: &mut Decoder<'_>,
    line: &Timeline,
    changes: &Changes,
    classes: &[Class],
    pieces: P,
) -> Option<Decision> {
    let mut contents = Contents::new(pieces, classes);
    let (mut free, mut reads) = (Vec::new(), Vec::new());
    let mut known: FxHashMap<Value, Seen> = FxHashMap::default();
    for (item, &op) in (0_u32..).zip(&line.op) {
        if decoder.history().function(op) != Function::Read {
            continue;
        }
        let Some(value) = decoder.result(op) else {
            AppendList::decode(decoder, op).ok()?;
            free.push(item);
            continue;
        };
        let seen = if let Some(&seen) = known.get(&value) {
            seen
        } else {
            AppendList::decode(decoder, op).ok()?;
            match contents.add(item, P::symbols(decoder, op, value)?) {
                Ok(seen) => *known.entry(value).or_insert(seen),
                Err(conflict) => return Some(refused(line, &conflict)),
            }
        };
        reads.push((item, seen));
    }
    let mut ways = match Ways::new(&contents, classes, WAYS) {
        Ok(ways) => ways?,
        Err(conflict) => return Some(refused(line, &conflict)),
    };
    let mut conflicts = Vec::new();
    while let Some(append) = ways.next() {
        match one_way(line, changes, &contents, &append, &reads, &free) {
            Ok(view) => return Some(Decision::View(view)),
            Err(conflict) => conflicts.extend(conflict),
        }
    }
    conflicts.sort_unstable();
    conflicts.dedup();
    Some(refused(line, &conflicts))
}

/// Decides, now that it is known which change was seen where; the error is items that conflict.
fn one_way<P: Pieces>(
    line: &Timeline,
    changes: &Changes,
    contents: &Contents<'_, P>,
    seen_at: &[Vec<u32>],
    reads: &[(u32, Seen)],
    free: &[u32],
) -> Result<Vec<OpId>, Vec<u32>> {
    let (mut clusters, mut of) = (changes.clusters.clone(), changes.of.clone());
    let mut witness = vec![NONE; clusters.len()];
    for (block, seen) in contents.blocks.iter().zip(seen_at) {
        let mut before = if block.is_put { NONE } else { 0 };
        for (&cluster, &item) in seen.iter().zip(&block.witness) {
            clusters[cluster as usize].from = before;
            witness[cluster as usize] = item;
            before = cluster;
        }
    }
    for &(item, seen) in reads {
        let index = seen.map_or(0, |(block, at)| seen_at[block][at]);
        of[item as usize] = index;
        let cluster = &mut clusters[index as usize];
        cluster.first_return = cluster.first_return.min(line.ret[item as usize]);
        cluster.last_call = line.call[item as usize];
        cluster.reads += 1;
    }
    let clusters = Clusters::of_known(clusters, of, free.to_vec(), line);
    match view(&clusters, line) {
        Ok(view) => Ok(line.ops(&line.with_free(view, free))),
        Err(conflict) => {
            let mut items = involved(line, &conflict);
            // Who saw the appends among them tells where they belong.
            let seen = |&item: &u32| witness.get(clusters.of[item as usize] as usize).copied();
            let witnesses: Vec<u32> = items.iter().filter_map(seen).filter(|&item| item != NONE).collect();
            items.extend(witnesses);
            Err(items)
        }
    }
}

/// The violation that these items show.
fn refused(line: &Timeline, conflict: &[u32]) -> Decision {
    let returns = |item: &&u32| (!line.is_pending(**item)).then(|| line.ret[**item as usize]);
    let last = conflict.iter().max_by_key(returns).copied().unwrap_or(0);
    stuck(line, last, conflict)
}
