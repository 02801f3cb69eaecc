//! Orders that every view must respect, as vectors of counters; and contradictions among them.
//!
//! # Problem
//! Which operations must come before an operation in every legal interleaving of the chains?
//!
//! # Algorithm
//! What must precede an operation is closed under program order, so it is a vector with one counter a chain. Where a
//! read's source is known, until nothing changes:
//! (1) the source precedes the read; (2) a write to the key that precedes the read precedes the source; (3) a write to the
//! key that the source precedes is preceded by the read. The start of a key is a source that every write follows. A cas is
//! a read and a write in one. Derived precedences are kept as edges along which growth travels, unless the vectors
//! imply them already. An operation inside its own vector is a contradiction.
//!
//! # Why it is correct
//! Each rule holds in every view; vectors only grow and are bounded, so the rules end. They are not complete (the problem
//! is NP-complete): the search decides what they leave open.
//!
//! # Complexity
//! O(n · k) memory; each growth costs O(k + writers of the key by chain).
//!
//! # References
//! Manovit & Hangal, HPCA 2006 (TSOtool); Biswas & Enea, OOPSLA 2019.

use super::super::problem::{NONE, number};
use super::problem::Component;
use super::values::Values;
use crate::limits::{Meter, Stop};

/// Precedence vectors; without any where nothing is known beyond program order.
pub(crate) struct Order {
    chains: usize,
    vectors: Vec<u32>,
}

impl Order {
    /// How many operations of each chain must precede the item; empty where only program order is known.
    #[inline]
    pub(crate) fn before(&self, item: u32) -> &[u32] {
        if self.vectors.is_empty() {
            return &[];
        }
        &self.vectors[item as usize * self.chains..][..self.chains]
    }
}

/// More vectors than this are not kept: the search does without.
const ROOM: usize = 1 << 28;

/// The order of a component; `None` if the rules contradict each other: no view exists.
///
/// # Errors
/// The limit that was reached.
pub(crate) fn saturate(component: &Component, meter: &Meter) -> Result<Option<Order>, Stop> {
    let chains = component.chains.len();
    let room = chains.saturating_mul(component.items.len());
    let Some(values) = component.values.as_ref().filter(|_| room <= ROOM) else {
        return Ok(Some(Order { chains, vectors: Vec::new() }));
    };
    if meter.charge(room * size_of::<u32>()).is_err() {
        meter.refund(room * size_of::<u32>());
        return Ok(Some(Order { chains, vectors: Vec::new() }));
    }
    let mut saturation = Saturation::new(component, values);
    let consistent = saturation.run(meter)?;
    Ok(consistent.then_some(Order { chains, vectors: saturation.vectors }))
}

struct Saturation<'a> {
    component: &'a Component,
    values: &'a Values,
    chains: usize,
    vectors: Vec<u32>,
    /// Derived edges that the vectors did not imply when they were found.
    edges: Vec<Vec<u32>>,
    /// For each cell the items that read it, where its source is known.
    readers: Vec<Vec<u32>>,
    /// For each key its writes by chain: (chain, places ascending).
    writes: Vec<Vec<(u32, Vec<u32>)>>,
    todo: Vec<u32>,
    queued: Vec<bool>,
}

impl<'a> Saturation<'a> {
    fn new(component: &'a Component, values: &'a Values) -> Self {
        let (items, chains) = (component.items.len(), component.chains.len());
        let mut saturation = Self {
            component,
            values,
            chains,
            vectors: vec![0; items * chains],
            edges: vec![Vec::new(); items],
            readers: vec![Vec::new(); values.key_of.len()],
            writes: vec![Vec::new(); values.odd.len()],
            todo: Vec::new(),
            queued: vec![false; items],
        };
        for (chain, of_chain) in component.chains.iter().enumerate() {
            for (place, &item) in of_chain.iter().enumerate() {
                let (row, index) = (item as usize * chains, item as usize);
                saturation.vectors[row + chain] = number(place);
                if let Some((other, count)) = component.after[chain] {
                    saturation.vectors[row + other as usize] = count;
                }
                let (read, write) = (values.reads[index], values.writes[index]);
                if read != NONE && values.source(read).is_some() {
                    saturation.readers[read as usize].push(item);
                }
                if write != NONE {
                    let of_key = &mut saturation.writes[values.key_of[write as usize] as usize];
                    if of_key.last().is_none_or(|last| last.0 as usize != chain) {
                        of_key.push((number(chain), Vec::new()));
                    }
                    if let Some(last) = of_key.last_mut() {
                        last.1.push(number(place));
                    }
                }
                saturation.push(item);
            }
        }
        saturation.todo.reverse();
        saturation
    }

    /// Applies the rules until nothing changes; false at a contradiction.
    fn run(&mut self, meter: &Meter) -> Result<bool, Stop> {
        let mut steps = 0_u32;
        while let Some(item) = self.todo.pop() {
            self.queued[item as usize] = false;
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(256) {
                meter.check()?;
            }
            let place = self.component.items[item as usize];
            if self.at(item, place.chain) > place.index {
                return Ok(false);
            }
            let next = self.component.next_in_chain(item);
            if next != NONE {
                self.raise(next, item);
            }
            for edge in 0..self.edges[item as usize].len() {
                self.raise(self.edges[item as usize][edge], item);
            }
            let (read, write) = (self.values.reads[item as usize], self.values.writes[item as usize]);
            if write != NONE {
                if self.values.source(write) == Some(item) {
                    for reader in 0..self.readers[write as usize].len() {
                        self.raise(self.readers[write as usize][reader], item);
                    }
                }
                self.follow_sources(item, self.values.key_of[write as usize]);
            }
            if read != NONE && !self.precede_source(item, read) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Rule 2: writes to the key that precede a reader precede its source. False if the source is the start.
    fn precede_source(&mut self, reader: u32, cell: u32) -> bool {
        let Some(source) = self.values.source(cell) else { return true };
        let key = self.values.key_of[cell as usize] as usize;
        for group in 0..self.writes[key].len() {
            let (chain, places) = &self.writes[key][group];
            let mut below = places.partition_point(|&place| place < self.at(reader, *chain));
            // The source itself, and the reader if it is a cas, are not between them.
            let of_chain = &self.component.chains[*chain as usize];
            while below > 0 && [source, reader].contains(&of_chain[places[below - 1] as usize]) {
                below -= 1;
            }
            if below > 0 {
                if source == NONE {
                    return false;
                }
                self.add_edge(of_chain[places[below - 1] as usize], source);
            }
        }
        true
    }

    /// Rule 3: the readers of what precedes a write precede it too.
    fn follow_sources(&mut self, write: u32, key: u32) {
        if let Some(start) = self.values.start_of(key).filter(|&cell| self.values.source(cell) == Some(NONE))
        {
            self.readers_precede(start, write);
        }
        for group in 0..self.writes[key as usize].len() {
            let (chain, places) = &self.writes[key as usize][group];
            let below = places.partition_point(|&place| place < self.at(write, *chain));
            let of_chain = &self.component.chains[*chain as usize];
            if let Some(earlier) = below.checked_sub(1).map(|last| of_chain[places[last] as usize]) {
                let cell = self.values.writes[earlier as usize];
                if earlier != write && self.values.source(cell) == Some(earlier) {
                    self.readers_precede(cell, write);
                }
            }
        }
    }

    fn readers_precede(&mut self, cell: u32, write: u32) {
        for reader in 0..self.readers[cell as usize].len() {
            let reader = self.readers[cell as usize][reader];
            if reader != write {
                self.add_edge(reader, write);
            }
        }
    }

    fn add_edge(&mut self, from: u32, to: u32) {
        let place = self.component.items[from as usize];
        if self.at(to, place.chain) <= place.index {
            self.edges[from as usize].push(to);
            self.raise(to, from);
        }
    }

    /// `to` comes after `from` and after all that precedes it.
    fn raise(&mut self, to: u32, from: u32) {
        let place = self.component.items[from as usize];
        let (to_row, from_row) = (to as usize * self.chains, from as usize * self.chains);
        let mut grown = false;
        for chain in 0..self.chains {
            let known = self.vectors[from_row + chain];
            let target = &mut self.vectors[to_row + chain];
            if *target < known {
                *target = known;
                grown = true;
            }
        }
        let own = &mut self.vectors[to_row + place.chain as usize];
        if *own <= place.index {
            *own = place.index + 1;
            grown = true;
        }
        if grown {
            self.push(to);
        }
    }

    fn at(&self, item: u32, chain: u32) -> u32 {
        self.vectors[item as usize * self.chains + chain as usize]
    }

    fn push(&mut self, item: u32) {
        if !std::mem::replace(&mut self.queued[item as usize], true) {
            self.todo.push(item);
        }
    }
}
