//! Views of several processes that depend on one another: causal (one reads-from, one causal order under all views) and
//! processor (one order of the writes to each key).

use super::order::Order;
use super::part::{Part, Reader, certain, common};
use super::rules::{greedy, open_pair, prune, saturate};
use super::search::{Answer, Problem, search};
use super::store::{Store, ones};
use crate::certificate::{View, Witness};
use crate::limits::{Meter, Stop};
use crate::relation::{Kind, Registers};

/// The view of one process.
struct Space {
    chain: usize,
    order: Order,
    /// Its operations: all writes and cas, and the process's reads.
    members: Vec<u64>,
    /// Of these, those that read. For causal each has the candidates that it has everywhere.
    readers: Vec<Reader>,
    found: Vec<usize>,
}

struct Joint<'a> {
    part: Part<'a>,
    /// causal: the causal order. processor: none.
    co: Option<Order>,
    spaces: Vec<Space>,
}

/// A witness of causal, or with `agreed` of processor; `None` if there is none.
///
/// # Errors
/// The limit that was reached.
pub(super) fn joint(registers: &Registers, agreed: bool, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut store = Store::default();
    let part = Part::new(registers, &mut store, |_| true, certain(registers))?;
    let co = (!agreed).then(|| Order::new(&mut store, part.len()));
    if let Some(co) = &co {
        co.fill(&mut store, |a, b| part.ordered(a, b));
    }
    let mut spaces = Vec::new();
    for chain in 0..registers.chains.len() {
        let own = |node: usize| part.chain(node) == chain && part.kind(node) == Kind::Read;
        let reads = (0..part.len()).any(own);
        // Where nobody reads alone, one view of the writes and cas stands for all.
        if reads || spaces.is_empty() && chain + 1 == registers.chains.len() {
            spaces.push(Space::new(&part, &mut store, chain, agreed));
        }
    }
    let mut problem = Joint { part, co, spaces };
    if !search(&mut problem, &mut store, meter)? {
        return Ok(None);
    }
    let Joint { part, co, spaces } = problem;
    let view = |space: &Space| View {
        process: Some(registers.chains.process(space.chain)),
        key: None,
        order: space.found.iter().map(|&node| part.op(node)).collect(),
    };
    let views = spaces.iter().map(view).collect();
    Ok(Some(match co {
        None => Witness::Views(views),
        Some(_) => Witness::Causal { views, reads_from: part.reads_from(&store) },
    }))
}

impl Space {
    fn new(part: &Part<'_>, store: &mut Store, chain: usize, own_candidates: bool) -> Self {
        let order = Order::new(store, part.len());
        order.fill(store, |a, b| part.ordered(a, b));
        let mut members = vec![0; part.words];
        for node in 0..part.len() {
            let own = part.chain(node) == chain && part.kind(node) == Kind::Read;
            if own || part.kind(node).writes() {
                members[node / 64] |= 1 << (node % 64);
            }
        }
        let mine = part.readers.iter().filter(|reader| super::rules::bit(&members, reader.node));
        let readers = if own_candidates {
            mine.map(|reader| reader.copy(store)).collect()
        } else {
            mine.cloned().collect()
        };
        Self { chain, order, members, readers, found: Vec::new() }
    }

    fn view(&self, part: &Part<'_>, store: &Store) -> Vec<u64> {
        common(&self.members, store.words(part.alive, part.words))
    }
}

impl Joint<'_> {
    /// The causal order grows by reads-from, and every view contains it.
    fn causal(&self, store: &mut Store, co: &Order) -> bool {
        let part = &self.part;
        for reader in
            part.readers.iter().filter(|reader| part.is_alive(store, reader.node)).collect::<Vec<_>>()
        {
            if !prune(part, store, co, reader) {
                return false;
            }
            part.settle(store, reader);
            let source = reader.source(store).filter(|&source| source != Reader::INITIAL);
            if source.is_some_and(|source| !co.add(store, source, reader.node)) {
                return false;
            }
        }
        self.spaces.iter().all(|space| include(part, store, co, &space.order, |_| None))
    }

    /// What one view says of two writes to a key, all say.
    fn agree(&self, store: &mut Store) -> bool {
        let part = &self.part;
        for from in &self.spaces {
            for to in &self.spaces {
                let same_key = |node: usize| Some(&part.writes[part.key[node]]);
                if !std::ptr::eq(from, to) && !include(part, store, &from.order, &to.order, same_key) {
                    return false;
                }
            }
        }
        true
    }
}

/// Puts one order into another; where `only` names a set for a node, only pairs within the set it names (and only for
/// nodes that write).
fn include<'p>(
    part: &'p Part<'_>,
    store: &mut Store,
    from: &Order,
    into: &Order,
    only: impl Fn(usize) -> Option<&'p Vec<u64>>,
) -> bool {
    for node in 0..part.len() {
        let mut missing: Vec<u64> = from.after(store, node).to_vec();
        for (missing, there) in missing.iter_mut().zip(into.after(store, node)) {
            *missing &= !there;
        }
        if let Some(set) = only(node) {
            if !part.kind(node).writes() || !part.is_alive(store, node) {
                continue;
            }
            missing = common(&common(&missing, set), store.words(part.alive, part.words));
        }
        for other in ones(&missing) {
            if !into.add(store, node, other) {
                return false;
            }
        }
    }
    true
}

impl Problem for Joint<'_> {
    fn propagate(&mut self, store: &mut Store) -> bool {
        loop {
            let before = store.changes;
            if self.co.is_some_and(|co| !self.causal(store, &co)) {
                return false;
            }
            for space in &self.spaces {
                for reader in &space.readers {
                    if self.part.is_alive(store, reader.node)
                        && !saturate(&self.part, store, &space.order, reader)
                    {
                        return false;
                    }
                }
            }
            if self.co.is_none() && !self.agree(store) {
                return false;
            }
            if store.changes == before {
                return true;
            }
        }
    }

    fn question(&mut self, store: &Store) -> Vec<Answer> {
        let part = &self.part;
        if self.co.is_some() {
            if let Some((reader, candidates)) = part.open_reader(store) {
                let order = usize::MAX;
                return candidates
                    .into_iter()
                    .map(|candidate| Answer::SourceIn { order, reader, candidate })
                    .collect();
            }
        } else {
            for (order, space) in self.spaces.iter().enumerate() {
                let open = |reader: &&Reader| part.is_alive(store, reader.node) && reader.count(store) > 1;
                if let Some(reader) = space.readers.iter().position(|reader| open(&reader)) {
                    let candidates = space.readers[reader].left(store);
                    return candidates
                        .map(|candidate| Answer::SourceIn { order, reader, candidate })
                        .collect();
                }
            }
        }
        let both = |order: usize, (a, b): (usize, usize)| {
            [(a, b), (b, a)].map(|(from, to)| Answer::Before { order, from, to }).to_vec()
        };
        for (at, space) in self.spaces.iter_mut().enumerate() {
            let view = space.view(part, store);
            let pair =
                || open_pair(part, &space.readers, store, &space.order, &view).map(|pair| both(at, pair));
            if self.co.is_none()
                && let Some(answers) = pair()
            {
                return answers;
            }
            match greedy(part, &space.readers, store, &space.order, &view) {
                Some(found) => space.found = found,
                None => return pair().unwrap_or_default(),
            }
        }
        Vec::new()
    }

    fn take(&mut self, store: &mut Store, answer: Answer) -> bool {
        match answer {
            Answer::SourceIn { order: usize::MAX, reader, candidate } => {
                self.part.readers[reader].choose(store, candidate);
                true
            }
            Answer::SourceIn { order, reader, candidate } => {
                self.spaces[order].readers[reader].choose(store, candidate);
                true
            }
            Answer::Before { order, from, to } => self.spaces[order].order.add(store, from, to),
            _ => false,
        }
    }
}
