//! causal-weak and causal-convergent: one causal order, and perhaps an arbitration.
//!
//! A candidate w of a reader r goes if r co w, or w co w' co r for another write w' to the key; with arbitration ar also if
//! w ar w' and w' co r. If w is all that is left, then w co r, and every other w' co r has w' ar w. When every reader has
//! one candidate and co (and ar, which contains it) has no cycle, any linear extension of ar is an arbitration.

use super::order::Order;
use super::part::{Part, Reader, certain, common, meet};
use super::rules::{extension, prune};
use super::search::{Answer, Problem, search};
use super::store::{Store, ones};
use crate::certificate::{ReadsFrom, Witness};
use crate::limits::{Meter, Stop};
use crate::relation::Registers;

/// A witness of causal-weak, or with `convergent` of causal-convergent; `None` if there is none.
///
/// # Errors
/// The limit that was reached.
pub(super) fn past(registers: &Registers, convergent: bool, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut store = Store::default();
    let part = Part::new(registers, &mut store, |_| true, certain(registers))?;
    let co = Order::new(&mut store, part.len());
    co.fill(&mut store, |a, b| part.ordered(a, b));
    let ar = convergent.then(|| {
        let ar = Order::new(&mut store, part.len());
        ar.fill(&mut store, |a, b| part.ordered(a, b));
        ar
    });
    let mut problem = Past { part, co, ar };
    if !search(&mut problem, &mut store, meter)? {
        return Ok(None);
    }
    let Past { part, ar, .. } = problem;
    let reads_from: ReadsFrom = part.reads_from(&store);
    Ok(Some(match ar {
        None => Witness::ReadsFrom(reads_from),
        Some(ar) => Witness::Arbitrated { reads_from, arbitration: arbitration(&part, &store, &ar) },
    }))
}

/// Every write that happened, in an order that extends the given one.
pub(super) fn arbitration(part: &Part<'_>, store: &Store, ar: &Order) -> Vec<crate::history::OpId> {
    let alive = store.words(part.alive, part.words).to_vec();
    let order = extension(store, ar, &alive);
    order.into_iter().filter(|&node| part.kind(node).writes()).map(|node| part.op(node)).collect()
}

struct Past<'a> {
    part: Part<'a>,
    co: Order,
    ar: Option<Order>,
}

impl Past<'_> {
    fn reader(&self, store: &mut Store, reader: &Reader) -> bool {
        let Self { part, co, ar } = self;
        if !prune(part, store, co, reader) {
            return false;
        }
        let seen = common(&part.rivals(store, reader), co.before(store, reader.node));
        if let Some(ar) = ar {
            let left: Vec<usize> = reader.left(store).collect();
            for candidate in left {
                let source = reader.candidates[candidate];
                if source != Reader::INITIAL && meet(&seen, ar.after(store, source)) {
                    reader.remove(store, candidate);
                }
            }
        }
        let source = match reader.source(store) {
            None => return reader.count(store) > 0,
            Some(Reader::INITIAL) => return true,
            Some(source) => source,
        };
        part.settle(store, reader);
        if !co.add(store, source, reader.node) {
            return false;
        }
        let Some(ar) = ar else { return true };
        ar.add(store, source, reader.node)
            && ones(&seen).filter(|&rival| rival != source).all(|rival| ar.add(store, rival, source))
    }
}

impl Problem for Past<'_> {
    fn propagate(&mut self, store: &mut Store) -> bool {
        loop {
            let before = store.changes;
            for reader in &self.part.readers {
                if self.part.is_alive(store, reader.node) && !self.reader(store, reader) {
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
