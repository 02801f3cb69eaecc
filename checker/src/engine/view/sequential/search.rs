//! Searches a view over frontiers, depth first with a memo.
//!
//! # Algorithm
//! From a frontier, everything that may as well happen now is taken without a choice: observers that are legal; writes that
//! nobody still has to read, over a value that nobody still has to read. Then one of the operations at the heads of the chains
//! (or an optional one) is chosen; those whose value some head waits for come first. A choice that covers the last
//! copy of a value that is still to be read is not made, nor one against the derived [`order`](super::order). Steps are
//! undone, not copied; frontiers at choices are remembered.
//!
//! # Why it is correct
//! *Sound*: the steps are a legal order that extends program order. *Complete*: an observer changes nothing, so it may be
//! moved to the first moment at which it is legal; a write over a value that nobody reads any more, of a value that nobody
//! reads any more, may be moved to the front: what is between reads neither; the derived order holds in every view. All
//! other choices are tried. *Terminates*: each step takes an operation, each frontier is left once.
//!
//! # Complexity
//! O(n^k · states) at worst for k chains; O(n · k) where no choice is regretted.

use super::super::problem::NONE;
use super::frontier::{Frontier, Memo};
use super::order::Order;
use super::problem::Component;
use crate::history::OpId;
use crate::limits::{Meter, Stop};
use crate::spec::Machine;

/// What the search came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// A view.
    Found(Vec<OpId>),
    /// There is none; an operation that could not be placed behind the longest order found.
    Stuck { op: Option<OpId>, longest: Vec<OpId> },
    /// A limit was reached.
    Stopped { reason: Stop, progress: String },
}

/// A step taken, with what it takes to undo it.
#[derive(Clone, Copy)]
struct Taken {
    item: u32,
    /// The class of an optional item, or [`NONE`].
    class: u32,
    /// The state of its object before.
    state: u32,
    /// The cell that its key held before.
    cell: u32,
}

/// A step that may be taken.
#[derive(Clone, Copy)]
struct Move {
    item: u32,
    class: u32,
    state: u32,
}

struct Search<'a> {
    component: &'a Component,
    /// For each action its object and its number there.
    actions: &'a [(u32, u32)],
    observer: &'a [bool],
    machines: &'a [Box<dyn Machine + 'a>],
    order: &'a Order,
    meter: &'a Meter,
    frontier: Frontier,
    taken: Vec<Taken>,
    /// For each cell: how many operations of chains are still to come that read it, whether an optional operation may,
    /// and how many operations write it.
    readers: Vec<u32>,
    wished: Vec<bool>,
    writers: Vec<u32>,
    /// For each key: the cell it holds.
    holds: Vec<u32>,
    longest: Vec<u32>,
    steps: u32,
}

/// Searches a view of the component, in at most `budget` choices. For each action: its object with its number there, and
/// whether it never changes the state.
///
/// # Errors
/// The limit that was reached before the search began; later ones are an [`Outcome`].
pub(crate) fn search(
    component: &Component,
    (actions, observer): (&[(u32, u32)], &[bool]),
    machines: &[Box<dyn Machine + '_>],
    order: &Order,
    meter: &Meter,
    budget: u64,
) -> Result<Outcome, Stop> {
    let states: Vec<u32> = machines.iter().map(|machine| machine.initial()).collect();
    let cells = component.values.as_ref().map_or(0, |values| values.key_of.len());
    let keys = component.values.as_ref().map_or(0, |values| values.odd.len());
    let mut search = Search {
        component,
        actions,
        observer,
        machines,
        order,
        meter,
        frontier: Frontier::new(component.chains.len(), &states, component.optional.len()),
        taken: Vec::with_capacity(component.items.len()),
        readers: vec![0; cells],
        wished: vec![false; cells],
        writers: vec![0; cells],
        holds: vec![NONE; keys],
        longest: Vec::new(),
        steps: 0,
    };
    search.count();
    let mut memo = Memo::new(&search.frontier);
    match search.run(&mut memo, budget) {
        Ok(outcome) => Ok(outcome),
        Err(reason) => {
            let (placed, all) = (search.longest.len().max(search.taken.len()), component.items.len());
            let progress = format!("{placed} of {all} operations placed, {} frontiers", memo.len());
            Ok(Outcome::Stopped { reason, progress })
        }
    }
}

impl Search<'_> {
    fn run(&mut self, memo: &mut Memo, budget: u64) -> Result<Outcome, Stop> {
        // For each choice: how many steps were taken before it, where its untried moves begin.
        let mut choices: Vec<(usize, usize)> = Vec::new();
        let mut moves: Vec<Move> = Vec::new();
        loop {
            self.settle()?;
            if self.is_complete() {
                return Ok(Outcome::Found(self.view(self.taken.iter().map(|taken| taken.item))));
            }
            if memo.len() as u64 >= budget {
                return Err(Stop::Budget);
            }
            let from = moves.len();
            if memo.insert(&self.frontier, self.meter)? {
                self.moves(&mut moves)?;
            }
            if moves.len() == from && self.taken.len() > self.longest.len() {
                self.longest = self.taken.iter().map(|taken| taken.item).collect();
            }
            choices.push((self.taken.len(), from));
            loop {
                let Some(&(steps, from)) = choices.last() else {
                    let longest = self.view(self.longest.iter().copied());
                    return Ok(Outcome::Stuck { op: self.blocked(), longest });
                };
                self.undo(steps);
                if moves.len() > from {
                    break;
                }
                choices.pop();
            }
            if let Some(next) = moves.pop() {
                self.take(next);
            }
        }
    }

    /// Takes what needs no choice, until there is no more of it.
    fn settle(&mut self) -> Result<(), Stop> {
        let mut chain = 0;
        let mut still = 0;
        while still < self.component.chains.len() {
            let head = self.head(chain);
            let moved = match self.forced(head)? {
                Some(state) => {
                    self.take(Move { item: head, class: NONE, state });
                    true
                }
                None => false,
            };
            if moved {
                still = 0;
            } else {
                still += 1;
                chain = if chain + 1 == self.component.chains.len() { 0 } else { chain + 1 };
            }
        }
        Ok(())
    }

    /// The state after the item if taking it now is as good as taking it later.
    fn forced(&mut self, item: u32) -> Result<Option<u32>, Stop> {
        if item == NONE || !self.is_enabled(item) {
            return Ok(None);
        }
        let action = self.component.items[item as usize].action;
        if self.observer[action as usize] {
            return Ok(self.step(action)?.first().copied());
        }
        let Some(values) = &self.component.values else { return Ok(None) };
        let (read, write) = (values.reads[item as usize], values.writes[item as usize]);
        if read != NONE || write == NONE || self.is_needed(write) {
            return Ok(None);
        }
        let key = values.key_of[write as usize] as usize;
        if values.odd[key] || self.is_needed(self.holds[key]) {
            return Ok(None);
        }
        Ok(self.step(action)?.first().copied())
    }

    /// Appends the moves to choose from, the most promising last.
    fn moves(&mut self, moves: &mut Vec<Move>) -> Result<(), Stop> {
        let from = moves.len();
        let component = self.component;
        for (class, optional) in component.optional.iter().enumerate().rev() {
            let used = *self.frontier.used(class) as usize;
            let available = optional.items.iter().copied().filter(|&item| self.is_available(item)).collect();
            let Some(item) = self.unused(class, available, used) else { continue };
            let before = *self.frontier.state(self.actions[optional.action as usize].0);
            for state in self.step(optional.action)? {
                if state != before && !self.covers_last(item) {
                    moves.push(Move { item, class: class as u32, state });
                }
            }
        }
        let optional = moves.len();
        for chain in (0..component.chains.len()).rev() {
            let item = self.head(chain);
            if item == NONE || !self.is_enabled(item) || self.covers_last(item) || self.misses(item) {
                continue;
            }
            let action = component.items[item as usize].action;
            moves.extend(self.step(action)?.into_iter().map(|state| Move { item, class: NONE, state }));
        }
        if let Some(values) = &component.values {
            let mut wanted = vec![0_u32; values.key_of.len().min(1 << 16)];
            for chain in 0..component.chains.len() {
                let head = self.head(chain);
                if head != NONE
                    && let Some(count) = wanted.get_mut(values.reads[head as usize] as usize)
                {
                    *count += 1;
                }
            }
            let want =
                |step: &Move| wanted.get(values.writes[step.item as usize] as usize).copied().unwrap_or(0);
            moves[from..optional].sort_by_key(want);
            moves[optional..].sort_by_key(want);
        }
        Ok(())
    }

    /// An item of the class that was not used yet: `used` of those available were.
    fn unused(&self, class: usize, available: Vec<u32>, used: usize) -> Option<u32> {
        if available.len() <= used {
            return None;
        }
        let class = class as u32;
        let mut taken: Vec<u32> =
            self.taken.iter().filter(|taken| taken.class == class).map(|taken| taken.item).collect();
        taken.sort_unstable();
        available.into_iter().find(|item| taken.binary_search(item).is_err())
    }

    /// Whether the item would replace the last copy of a value that is still to be read.
    fn covers_last(&self, item: u32) -> bool {
        let Some(values) = &self.component.values else { return false };
        let (read, write) = (values.reads[item as usize], values.writes[item as usize]);
        if write == NONE {
            return false;
        }
        let held = self.holds[values.key_of[write as usize] as usize];
        let reads_it = u32::from(read == held && !self.component.is_optional(item));
        held != write && self.writers[held as usize] == 0 && self.readers[held as usize] > reads_it
    }

    /// Whether some operation still to come reads the cell, or may.
    fn is_needed(&self, cell: u32) -> bool {
        self.readers[cell as usize] > 0 || self.wished[cell as usize]
    }

    /// Whether the item is a cas whose old value is not there: one that must have happened must have succeeded.
    fn misses(&self, item: u32) -> bool {
        let Some(values) = &self.component.values else { return false };
        let read = values.reads[item as usize];
        read != NONE && self.holds[values.key_of[read as usize] as usize] != read
    }

    fn take(&mut self, step: Move) {
        let Move { item, class, state } = step;
        let action = self.component.items[item as usize].action;
        let object = self.actions[action as usize].0;
        let before = std::mem::replace(self.frontier.state(object), state);
        let mut cell = NONE;
        if let Some(values) = &self.component.values {
            let (read, write) = (values.reads[item as usize], values.writes[item as usize]);
            if read != NONE && class == NONE {
                self.readers[read as usize] -= 1;
            }
            if write != NONE {
                self.writers[write as usize] -= 1;
                cell = std::mem::replace(&mut self.holds[values.key_of[write as usize] as usize], write);
            }
        }
        if class == NONE {
            *self.frontier.place(self.component.items[item as usize].chain) += 1;
        } else {
            *self.frontier.used(class as usize) += 1;
        }
        self.taken.push(Taken { item, class, state: before, cell });
    }

    /// Takes steps back until `length` are left.
    fn undo(&mut self, length: usize) {
        while self.taken.len() > length {
            let Some(Taken { item, class, state, cell }) = self.taken.pop() else { return };
            let action = self.component.items[item as usize].action;
            *self.frontier.state(self.actions[action as usize].0) = state;
            if let Some(values) = &self.component.values {
                let (read, write) = (values.reads[item as usize], values.writes[item as usize]);
                if read != NONE && class == NONE {
                    self.readers[read as usize] += 1;
                }
                if write != NONE {
                    self.writers[write as usize] += 1;
                    self.holds[values.key_of[write as usize] as usize] = cell;
                }
            }
            if class == NONE {
                *self.frontier.place(self.component.items[item as usize].chain) -= 1;
            } else {
                *self.frontier.used(class as usize) -= 1;
            }
        }
    }

    fn step(&mut self, action: u32) -> Result<Vec<u32>, Stop> {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(256) {
            self.meter.check()?;
        }
        let (object, within) = self.actions[action as usize];
        let state = *self.frontier.state(object);
        Ok(self.machines[object as usize].step(state, within)?.as_slice().to_vec())
    }

    fn head(&self, chain: usize) -> u32 {
        let place = self.frontier.places()[chain] as usize;
        self.component.chains[chain].get(place).copied().unwrap_or(NONE)
    }

    /// Whether all that must precede the head of a chain has been taken.
    fn is_enabled(&self, item: u32) -> bool {
        let places = self.frontier.places();
        let chain = self.component.items[item as usize].chain;
        let after = self.component.after[chain as usize];
        after.is_none_or(|(other, count)| places[other as usize] >= count)
            && self.order.before(item).iter().zip(places).all(|(before, place)| before <= place)
    }

    /// Whether all that must precede an optional item has been taken.
    fn is_available(&self, item: u32) -> bool {
        let of = self.component.items[item as usize];
        self.frontier.places()[of.chain as usize] >= of.index
    }

    fn is_complete(&self) -> bool {
        self.component
            .chains
            .iter()
            .zip(self.frontier.places())
            .all(|(chain, &place)| chain.len() == place as usize)
    }

    /// The first head that could not be taken behind the longest order.
    fn blocked(&self) -> Option<OpId> {
        let mut places = vec![0_usize; self.component.chains.len()];
        for &item in &self.longest {
            let of = self.component.items[item as usize];
            if self.component.chains[of.chain as usize].get(of.index as usize) == Some(&item) {
                places[of.chain as usize] += 1;
            }
        }
        let heads = self.component.chains.iter().zip(places);
        let item = heads.filter_map(|(chain, place)| chain.get(place)).next()?;
        Some(self.component.items[*item as usize].op)
    }

    fn view(&self, items: impl Iterator<Item = u32>) -> Vec<OpId> {
        items.map(|item| self.component.items[item as usize].op).collect()
    }

    /// Counts the readers and writers of each cell, and finds what the keys hold at the start.
    fn count(&mut self) {
        let Some(values) = &self.component.values else { return };
        for &item in self.component.chains.iter().flatten() {
            if let Some(readers) = self.readers.get_mut(values.reads[item as usize] as usize) {
                *readers += 1;
            }
        }
        for &item in self.component.optional.iter().flat_map(|class| &class.items) {
            if let Some(wished) = self.wished.get_mut(values.reads[item as usize] as usize) {
                *wished = true;
            }
        }
        for &write in &values.writes {
            if write != NONE {
                self.writers[write as usize] += 1;
            }
        }
        for key in 0..self.holds.len() {
            self.holds[key] = values.start_of(key as u32).unwrap_or(NONE);
        }
    }
}
