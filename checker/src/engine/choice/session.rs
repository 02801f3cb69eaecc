//! Any set of the client-centric guarantees, of clients.
//!
//! For each reader r a set vis(r) that only grows, and one order ar of the writes. vis(r) contains what r reads from, and
//! what the guarantees add; every other write to its key in vis(r) is before that in ar. The sets are the least ones, so
//! a solution is a choice of sources for which ar has no cycle. What a cas reads from is before it in ar.

use super::order::Order;
use super::part::{Part, Reader, certain, common, meet};
use super::past::arbitration;
use super::rules::bit;
use super::search::{Answer, Problem, search};
use super::store::{Store, ones};
use crate::certificate::Witness;
use crate::limits::{Meter, Stop};
use crate::model::Guarantees;
use crate::relation::Registers;

/// A witness of the guarantees; `None` if there is none.
///
/// # Errors
/// The limit that was reached.
pub(super) fn session(
    registers: &Registers,
    guarantees: Guarantees,
    meter: &Meter,
) -> Result<Option<Witness>, Stop> {
    let mut store = Store::default();
    let part = Part::new(registers, &mut store, |_| true, certain(registers))?;
    let ar = Order::new(&mut store, part.len());
    let vis = store.alloc(part.len() * part.words);
    let mut problem = Session { guarantees, part, ar, vis };
    if !search(&mut problem, &mut store, meter)? {
        return Ok(None);
    }
    let Session { part, ar, .. } = problem;
    let arbitration = arbitration(&part, &store, &ar);
    Ok(Some(Witness::Arbitrated { reads_from: part.reads_from(&store), arbitration }))
}

struct Session<'a> {
    guarantees: Guarantees,
    part: Part<'a>,
    ar: Order,
    /// vis(node) begins at `vis + node * words`; of readers alone.
    vis: usize,
}

impl Session<'_> {
    fn row(&self, node: usize) -> usize {
        self.vis + node * self.part.words
    }

    fn seen(&self, store: &Store, node: usize) -> Vec<u64> {
        store.words(self.row(node), self.part.words).to_vec()
    }

    fn see(&self, store: &mut Store, node: usize, more: &[u64]) {
        for (at, &word) in more.iter().enumerate() {
            let cell = self.row(node) + at;
            store.put(cell, store.word(cell) | word);
        }
    }

    /// What the guarantees add to vis of one reader.
    fn grow(&self, store: &mut Store, reader: &Reader) {
        let part = &self.part;
        let node = reader.node;
        for earlier in (0..part.len()).filter(|&earlier| part.ordered(earlier, node)) {
            if !part.is_alive(store, earlier) {
                continue;
            }
            if part.kind(earlier).reads() && self.guarantees.contains(Guarantees::MONOTONIC_READS) {
                let seen = self.seen(store, earlier);
                self.see(store, node, &seen);
            }
            if part.kind(earlier).writes() && self.guarantees.contains(Guarantees::READ_YOUR_WRITES) {
                store.set(self.row(node), earlier);
            }
        }
        for write in ones(&self.seen(store, node)) {
            let needs = self.needs(store, write);
            self.see(store, node, &needs);
        }
    }

    /// What is seen wherever a write is seen, and before it in ar.
    fn needs(&self, store: &Store, write: usize) -> Vec<u64> {
        let part = &self.part;
        let mut needs = vec![0; part.words];
        for earlier in 0..part.len() {
            let itself = earlier == write;
            if !itself && !part.ordered(earlier, write) || !part.is_alive(store, earlier) {
                continue;
            }
            let kind = part.kind(earlier);
            if kind.writes() && !itself && self.guarantees.contains(Guarantees::MONOTONIC_WRITES) {
                needs[earlier / 64] |= 1 << (earlier % 64);
            }
            if kind.reads() && self.guarantees.contains(Guarantees::WRITES_FOLLOW_READS) {
                for (needs, seen) in needs.iter_mut().zip(self.seen(store, earlier)) {
                    *needs |= seen;
                }
            }
        }
        needs
    }

    /// What ar must contain because of one write.
    fn arbitrate(&self, store: &mut Store, write: usize) -> bool {
        let needs = self.needs(store, write);
        ones(&needs).all(|earlier| self.ar.add(store, earlier, write))
    }

    /// The candidates of a reader, and what ar must contain because of it.
    fn read(&self, store: &mut Store, reader: &Reader) -> bool {
        let part = &self.part;
        let seen = common(&self.seen(store, reader.node), &part.writes[reader.key]);
        let left: Vec<usize> = reader.left(store).collect();
        for candidate in left {
            let gone = match reader.candidates[candidate] {
                Reader::INITIAL => seen.iter().any(|&word| word != 0),
                source => meet(&seen, self.ar.after(store, source)),
            };
            if gone {
                reader.remove(store, candidate);
            }
        }
        match reader.source(store) {
            None => reader.count(store) > 0,
            Some(Reader::INITIAL) => true,
            Some(source) => {
                part.settle(store, reader);
                store.set(self.row(reader.node), source);
                let cas = part.kind(reader.node).writes();
                (!cas || self.ar.add(store, source, reader.node))
                    && ones(&seen)
                        .filter(|&other| other != source)
                        .all(|other| self.ar.add(store, other, source))
            }
        }
    }
}

impl Problem for Session<'_> {
    fn propagate(&mut self, store: &mut Store) -> bool {
        loop {
            let before = store.changes;
            for reader in &self.part.readers {
                if self.part.is_alive(store, reader.node) {
                    self.grow(store, reader);
                    if !self.read(store, reader) {
                        return false;
                    }
                }
            }
            let alive = store.words(self.part.alive, self.part.words).to_vec();
            for write in
                (0..self.part.len()).filter(|&node| bit(&alive, node) && self.part.kind(node).writes())
            {
                if !self.arbitrate(store, write) {
                    return false;
                }
            }
            if store.changes == before {
                return true;
            }
        }
    }

    fn question(&mut self, store: &Store) -> Vec<Answer> {
        let open = self.part.open_reader(store);
        let answers = |(reader, candidates): (usize, Vec<usize>)| {
            candidates.into_iter().map(|candidate| Answer::Source { reader, candidate }).collect()
        };
        open.map(answers).unwrap_or_default()
    }

    fn take(&mut self, store: &mut Store, answer: Answer) -> bool {
        match answer {
            Answer::Source { reader, candidate } => {
                self.part.readers[reader].choose(store, candidate);
                true
            }
            _ => false,
        }
    }
}
