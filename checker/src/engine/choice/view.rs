//! One view of some operations: fifo by process, slow by process and key, cache by key.

use super::order::Order;
use super::part::Part;
use super::rules::{greedy, open_pair, saturate};
use super::search::{Answer, Problem, search};
use super::store::Store;
use crate::limits::{Meter, Stop};
use crate::relation::Registers;

/// A legal order of the operations that `member` names (and of those among them that may have happened, `happened`
/// not naming them, the ones it needs), in program order: nodes, or `None` if there is none.
///
/// # Errors
/// The limit that was reached.
pub(super) fn view(
    registers: &Registers,
    member: impl Fn(u32) -> bool,
    happened: impl Fn(u32) -> bool,
    meter: &Meter,
) -> Result<Option<Vec<u32>>, Stop> {
    let mut store = Store::default();
    let part = Part::new(registers, &mut store, member, happened)?;
    let order = Order::new(&mut store, part.len());
    order.fill(&mut store, |a, b| part.ordered(a, b));
    let mut problem = View { part, order, found: Vec::new() };
    let solved = search(&mut problem, &mut store, meter)?;
    let nodes = |order: &[usize]| order.iter().map(|&at| problem.part.nodes[at]).collect();
    Ok(solved.then(|| nodes(&problem.found)))
}

struct View<'a> {
    part: Part<'a>,
    order: Order,
    found: Vec<usize>,
}

impl Problem for View<'_> {
    fn propagate(&mut self, store: &mut Store) -> bool {
        loop {
            let before = store.changes;
            for reader in &self.part.readers {
                if self.part.is_alive(store, reader.node) && !saturate(&self.part, store, &self.order, reader)
                {
                    return false;
                }
            }
            if store.changes == before {
                return true;
            }
        }
    }

    fn question(&mut self, store: &Store) -> Vec<Answer> {
        let part = &self.part;
        if let Some((reader, candidates)) = part.open_reader(store) {
            return candidates.into_iter().map(|candidate| Answer::Source { reader, candidate }).collect();
        }
        let alive = store.words(part.alive, part.words);
        if let Some(found) = greedy(part, &part.readers, store, &self.order, alive) {
            self.found = found;
            return Vec::new();
        }
        let Some((a, b)) = open_pair(part, &part.readers, store, &self.order, alive) else {
            return Vec::new();
        };
        [(a, b), (b, a)].map(|(from, to)| Answer::Before { order: 0, from, to }).to_vec()
    }

    fn take(&mut self, store: &mut Store, answer: Answer) -> bool {
        match answer {
            Answer::Source { reader, candidate } => {
                self.part.readers[reader].choose(store, candidate);
                true
            }
            Answer::Before { from, to, .. } => self.order.add(store, from, to),
            _ => false,
        }
    }
}
