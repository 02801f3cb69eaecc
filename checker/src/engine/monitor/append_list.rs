//! Lists whose elements are all different, appended and read whole.
//!
//! # Problem
//! Appends and reads of one list that starts empty; each element is appended at most once. Pending appends may have happened
//! or not. Is there a view, and which?
//!
//! # Algorithm
//! The longest read tells the order of all that anybody read; every other read must be a beginning of it. So the operations
//! form a chain: the reads of nothing, the first append, the reads of it alone, the second append, and so on; behind it,
//! in the order of their calls, the appends that nobody read, if they must have happened. There is a view iff nothing returns
//! before the call of what the chain puts before it.
//!
//! # Why it is correct
//! **Soundness.** What a read returns is what was appended before it, in that order; so every view has this chain, except that
//! the appends at its end may be in another order: each is compared with the chain before them all.
//! **Completeness.** Each operation's moment is the latest call up to it in the chain, which is before its return.
//!
//! Strings, whose pieces cannot be told apart, and `put` are not covered.
//!
//! # Complexity
//! Time O(n log n), and the length of the distinct reads; memory that of the longest.

use super::timeline::{NONE, Timeline};
use super::values::Numbering;
use super::{Decision, stuck};
use crate::history::{Function, Value};
use crate::spec::{
    AppendList, AppendListOp, AppendListRet, Decoder, Element, Object, Piece, RecordedSpec, Sequence,
    object_of,
};
use rustc_hash::FxHashMap;

/// The operations of a list.
struct List {
    /// The appends' items.
    appends: Vec<u32>,
    /// The reads, each behind the length of what it returned.
    reads: Vec<(u32, u32)>,
    /// The reads whose results were not recorded.
    free: Vec<u32>,
}

/// The distinct results of reads, of which the longest alone is kept whole.
#[derive(Default)]
struct Contents {
    lengths: FxHashMap<Value, u32>,
    /// The item that read it first, and what it read.
    longest: Option<(u32, Vec<Element>)>,
    /// Two items of whose results neither is a beginning of the other.
    fork: Option<[u32; 2]>,
}

impl Contents {
    /// Takes in a result that was not read before; its length.
    fn add(&mut self, item: u32, value: Value, read: Vec<Element>) -> u32 {
        let length = read.len() as u32;
        self.lengths.insert(value, length);
        let Some((first, longest)) = &mut self.longest else {
            self.longest = Some((item, read));
            return length;
        };
        let (shorter, longer) =
            if read.len() < longest.len() { (&read, &*longest) } else { (&*longest, &read) };
        if !longer.starts_with(shorter) {
            self.fork.get_or_insert([*first, item]);
        } else if read.len() > longest.len() {
            (*first, *longest) = (item, read);
        }
        length
    }
}

/// Decides a list; `None` for strings, where elements repeat, or where lists are replaced.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let object = line.op.first().and_then(|&op| object_of(decoder.history(), AppendList::KIND, op));
    let initial = AppendList::of_object(decoder.history(), object.unwrap_or(Object::Whole)).ok()?.initial;
    if initial != Sequence::default() {
        return None;
    }
    let mut list = List { appends: Vec::new(), reads: Vec::new(), free: Vec::new() };
    let mut elements = Vec::new();
    let mut contents = Contents::default();
    for (item, &op) in (0_u32..).zip(&line.op) {
        let value = decoder.history().micro(op).value;
        if let Some(&length) = contents.lengths.get(&value)
            && decoder.history().function(op) == Function::Read
        {
            list.reads.push((length, item));
            continue;
        }
        match AppendList::decode(decoder, op).ok()? {
            (AppendListOp::Append(Piece::Element(Element::Value(element))), _) => {
                elements.push((element, list.appends.len() as u32));
                list.appends.push(item);
            }
            (AppendListOp::Read, Some(AppendListRet::Content(_))) => {
                let length = contents.add(item, value, decoder.elements(op, value).ok()?);
                list.reads.push((length, item));
            }
            (AppendListOp::Read, None) => list.free.push(item),
            _ => return None,
        }
    }
    let numbering = Numbering::new(elements)?;
    Some(match chain(std::mem::take(&mut list.reads), &list, &contents, &numbering, line) {
        Ok(chain) => Decision::View(line.ops(&line.with_free(chain, &list.free))),
        Err(conflict) => {
            let returns = |item: &&u32| (!line.is_pending(**item)).then(|| line.ret[**item as usize]);
            let last = conflict.iter().max_by_key(returns).copied().unwrap_or(0);
            stuck(line, last, &conflict)
        }
    })
}

/// The chain, as items; the error is items that conflict.
fn chain(
    mut reads: Vec<(u32, u32)>,
    list: &List,
    contents: &Contents,
    numbering: &Numbering,
    line: &Timeline,
) -> Result<Vec<u32>, Vec<u32>> {
    if let Some(fork) = contents.fork {
        return Err(fork.to_vec());
    }
    let (longest, elements) = contents.longest.as_ref().map_or((NONE, &[][..]), |(item, read)| (*item, read));
    let mut seen = vec![false; list.appends.len()];
    let mut order = Vec::with_capacity(elements.len());
    for element in elements {
        let append = if let Element::Value(value) = element { numbering.get(*value) } else { NONE };
        if append == NONE || seen[append as usize] {
            return Err(vec![longest]);
        }
        seen[append as usize] = true;
        order.push(list.appends[append as usize]);
    }
    reads.sort_unstable();
    let mut reads = reads.into_iter().peekable();
    let mut chain: Vec<u32> = Vec::with_capacity(line.op.len());
    for length in 0..=order.len() {
        chain.extend(length.checked_sub(1).map(|before| order[before]));
        while let Some((_, item)) = reads.next_if(|read| read.0 as usize == length) {
            chain.push(item);
        }
    }
    let unread = list.appends.iter().zip(seen).filter(|&(&append, seen)| !seen && !line.is_pending(append));
    let unread: Vec<u32> = unread.map(|(&append, _)| append).collect();
    // Items are numbered in the order of their calls: the latest call so far is that of the greatest item.
    let mut latest = 0;
    for &item in &chain {
        latest = latest.max(item);
        fits(line, item, latest, longest)?;
    }
    for &item in &unread {
        fits(line, item, latest.max(item), longest)?;
    }
    chain.extend(unread);
    Ok(chain)
}

/// That an item does not return before one is called that comes before it.
fn fits(line: &Timeline, item: u32, before: u32, longest: u32) -> Result<(), Vec<u32>> {
    if !line.precedes(item, before) {
        return Ok(());
    }
    Err([item, before, longest].into_iter().filter(|&item| item != NONE).collect())
}
