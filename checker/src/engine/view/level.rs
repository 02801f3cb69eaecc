//! One return: expands configurations until the operation that returns is placed in all of them.
//!
//! The configurations stand in one sequence, a queue: each is expanded once, its successors are appended unless one
//! before them dominates them. The threads share this work in phases: (1) slices of the queue are expanded in parallel,
//! reading the tables; (2) the tables, in shards by hash, take the successors in the order of the sequence, each shard by one
//! thread; (3) what was new is appended in that order. So nothing is locked, and the sequence does not depend on the
//! number of threads.

use super::config::{Config, Entry, Pool};
use super::context::Context;
use super::flight::Flight;
use super::mask::Mask;
use super::problem::NONE;
use super::trail::{Step, Trail, What};
use super::usage::UsageTable;
use crate::limits::Stop;
use rayon::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering};

/// How many configurations are expanded between two looks at the limits.
const BATCH: usize = 1 << 15;
/// From this many on the threads share the work.
const PARALLEL: usize = 1 << 9;
/// How many a thread takes at once.
const SLICE: usize = 1 << 7;
/// The most shards.
const SHARDS: usize = 64;

/// Where a configuration stands, and its trail.
#[derive(Clone, Copy, Debug)]
struct Place {
    shard: u32,
    row: u32,
    trail: u32,
}

/// A successor that is not in the tables yet.
struct Candidate<M> {
    config: Config<M>,
    hash: u64,
    parent: u32,
    what: What,
}

/// See the module.
pub(crate) struct Level<M> {
    /// The slot of the operation that returns.
    slot: u32,
    /// Shards by hash: a power of two; one while one thread does.
    pools: Vec<Pool<M>>,
    /// The queue: configurations without the operation; those before `next` are expanded.
    queue: Vec<Place>,
    next: usize,
    /// Configurations with it.
    out: Vec<Place>,
}

impl<M: Mask> Level<M> {
    /// Starts from a frontier.
    pub(crate) fn new(slot: u32, frontier: Vec<Entry<M>>, observers: &M) -> Self {
        let shards = if frontier.len() >= PARALLEL { shards() } else { 1 };
        let pools = (0..shards).map(|_| Pool::new(observers.clone())).collect();
        let mut level = Self { slot, pools, queue: Vec::new(), next: 0, out: Vec::new() };
        level.fill(frontier);
        level
    }

    /// A frontier without duplicates and dominated configurations.
    pub(crate) fn distinct(frontier: Vec<Entry<M>>, observers: &M, usage: &UsageTable) -> Vec<Entry<M>> {
        let mut pool = Pool::new(observers.clone());
        let mut kept = Vec::with_capacity(frontier.len());
        for entry in frontier {
            let hash = pool.hash(&entry.config);
            if let Some(row) = pool.insert(entry.config.clone(), hash, usage) {
                kept.push((row, entry));
            }
        }
        kept.into_iter().filter(|(row, _)| !pool.is_dead(*row)).map(|(_, entry)| entry).collect()
    }

    /// True once every configuration has been expanded.
    pub(crate) fn is_done(&self) -> bool {
        self.next == self.queue.len()
    }

    /// True if the operation could be placed in none.
    pub(crate) fn is_stuck(&self) -> bool {
        self.out.is_empty()
    }

    /// The trail of a configuration that placed as many operations in flight as any: the first in the sequence.
    pub(crate) fn longest(&self) -> u32 {
        let count = |place: &Place| self.config(place).placed.count();
        let mut best = self.queue[0];
        for place in &self.queue {
            if count(place) > count(&best) {
                best = *place;
            }
        }
        best.trail
    }

    /// The configurations with the operation, without the dominated ones.
    pub(crate) fn into_frontier(self) -> Vec<Entry<M>> {
        let alive = |place: &&Place| !self.pools[place.shard as usize].is_dead(place.row);
        let entry = |place: &Place| Entry { config: self.config(place).clone(), trail: place.trail };
        if self.pools.len() == 1 {
            self.out.iter().filter(alive).map(entry).collect()
        } else {
            self.out.par_iter().filter(alive).map(entry).collect()
        }
    }

    /// About how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let lists = (self.queue.capacity() + self.out.capacity()) * size_of::<Place>();
        lists + self.pools.iter().map(Pool::bytes).sum::<usize>()
    }

    /// Expands the next batch; gives the number of new configurations.
    pub(crate) fn advance(
        &mut self,
        cx: Context<'_>,
        flight: &Flight<M>,
        usage: &UsageTable,
        trail: &mut Trail,
        event: u32,
    ) -> Result<u64, Stop> {
        let before = self.queue.len() + self.out.len();
        let end = self.queue.len().min(self.next + BATCH);
        if end - self.next >= PARALLEL && rayon::current_num_threads() > 1 {
            self.split();
            self.advance_together(end, cx, flight, usage, trail, event)?;
        } else {
            self.advance_alone(end, cx, flight, usage, trail, event)?;
        }
        self.next = end;
        Ok((self.queue.len() + self.out.len() - before) as u64)
    }

    fn advance_alone(
        &mut self,
        end: usize,
        cx: Context<'_>,
        flight: &Flight<M>,
        usage: &UsageTable,
        trail: &mut Trail,
        event: u32,
    ) -> Result<(), Stop> {
        for index in self.next..end {
            if index % 256 == 255 {
                cx.meter.check()?;
            }
            let place = self.queue[index];
            let config = self.config(&place).clone();
            successors(cx, flight, usage, event, &config, |config, what| {
                let hash = self.pools[0].hash(&config);
                let shard = self.shard(hash);
                let (state, placed) = (config.state, config.placed.has(self.slot));
                if let Some(row) = self.pools[shard as usize].insert(config, hash, usage) {
                    let trail = trail.push(place.trail, Step { event, what, state });
                    self.append(Place { shard, row, trail }, placed);
                }
            })?;
        }
        Ok(())
    }

    fn advance_together(
        &mut self,
        end: usize,
        cx: Context<'_>,
        flight: &Flight<M>,
        usage: &UsageTable,
        trail: &mut Trail,
        event: u32,
    ) -> Result<(), Stop> {
        let slices: Vec<Vec<Candidate<M>>> = self.queue[self.next..end]
            .par_chunks(SLICE)
            .map(|places| self.expand(places, cx, flight, usage, event))
            .collect::<Result<_, _>>()?;
        let rows: Vec<Vec<AtomicU32>> =
            slices.iter().map(|slice| slice.iter().map(|_| AtomicU32::new(NONE)).collect()).collect();
        let mask = self.pools.len() - 1;
        self.pools.par_iter_mut().enumerate().for_each(|(shard, pool)| {
            for (slice, rows) in slices.iter().zip(&rows) {
                for (candidate, slot) in slice.iter().zip(rows) {
                    if shard_of(candidate.hash, mask) == shard
                        && let Some(row) = pool.insert(candidate.config.clone(), candidate.hash, usage)
                    {
                        slot.store(row, Ordering::Relaxed);
                    }
                }
            }
        });
        for (candidate, row) in slices.iter().flatten().zip(rows.iter().flatten()) {
            let row = row.load(Ordering::Relaxed);
            if row != NONE {
                let shard = shard_of(candidate.hash, mask) as u32;
                let step = Step { event, what: candidate.what, state: candidate.config.state };
                let trail = trail.push(candidate.parent, step);
                self.append(Place { shard, row, trail }, candidate.config.placed.has(self.slot));
            }
        }
        Ok(())
    }

    /// The successors of some configurations that the tables do not cover yet.
    fn expand(
        &self,
        places: &[Place],
        cx: Context<'_>,
        flight: &Flight<M>,
        usage: &UsageTable,
        event: u32,
    ) -> Result<Vec<Candidate<M>>, Stop> {
        cx.meter.check()?;
        let mut candidates = Vec::with_capacity(places.len());
        for place in places {
            successors(cx, flight, usage, event, self.config(place), |config, what| {
                let hash = self.pools[0].hash(&config);
                if !self.pools[self.shard(hash) as usize].dominated(&config, hash, usage) {
                    candidates.push(Candidate { config, hash, parent: place.trail, what });
                }
            })?;
        }
        Ok(candidates)
    }

    /// Deals the configurations to shards, once.
    fn split(&mut self) {
        if self.pools.len() > 1 {
            return;
        }
        let Some(pool) = self.pools.pop() else { return };
        self.pools.resize_with(shards(), || pool.like());
        let mask = self.pools.len() - 1;
        for list in [&mut self.queue, &mut self.out] {
            for place in list {
                let config = pool.get(place.row);
                let hash = pool.hash(config);
                let shard = shard_of(hash, mask);
                place.shard = shard as u32;
                place.row = self.pools[shard].move_in(config.clone(), hash, pool.is_dead(place.row));
            }
        }
    }

    /// Files a frontier. None of its configurations dominates another: they differ in what has not returned.
    fn fill(&mut self, frontier: Vec<Entry<M>>) {
        if self.pools.len() == 1 {
            for Entry { config, trail } in frontier {
                let (hash, placed) = (self.pools[0].hash(&config), config.placed.has(self.slot));
                let row = self.pools[0].push(config, hash);
                self.append(Place { shard: 0, row, trail }, placed);
            }
            return;
        }
        let pool = &self.pools[0];
        let hashes: Vec<u64> = frontier.par_iter().map(|entry| pool.hash(&entry.config)).collect();
        let rows: Vec<AtomicU32> = hashes.iter().map(|_| AtomicU32::new(NONE)).collect();
        let mask = self.pools.len() - 1;
        self.pools.par_iter_mut().enumerate().for_each(|(shard, pool)| {
            for ((entry, &hash), row) in frontier.iter().zip(&hashes).zip(&rows) {
                if shard_of(hash, mask) == shard {
                    row.store(pool.push(entry.config.clone(), hash), Ordering::Relaxed);
                }
            }
        });
        for ((entry, hash), row) in frontier.iter().zip(hashes).zip(rows) {
            let place =
                Place { shard: shard_of(hash, mask) as u32, row: row.into_inner(), trail: entry.trail };
            self.append(place, entry.config.placed.has(self.slot));
        }
    }

    #[inline]
    fn append(&mut self, place: Place, placed: bool) {
        if placed { self.out.push(place) } else { self.queue.push(place) }
    }

    #[inline]
    fn shard(&self, hash: u64) -> u32 {
        shard_of(hash, self.pools.len() - 1) as u32
    }

    #[inline]
    fn config(&self, place: &Place) -> &Config<M> {
        self.pools[place.shard as usize].get(place.row)
    }
}

/// The shard of a hash, by bits that the tables use least.
#[inline]
fn shard_of(hash: u64, mask: usize) -> usize {
    (hash >> 40) as usize & mask
}

/// As many shards as keep all threads busy.
fn shards() -> usize {
    match rayon::current_num_threads() {
        1 => 1,
        threads => (4 * threads).next_power_of_two().min(SHARDS),
    }
}

/// Calls `found` with every configuration one step further.
#[inline]
fn successors<M: Mask>(
    cx: Context<'_>,
    flight: &Flight<M>,
    usage: &UsageTable,
    event: u32,
    config: &Config<M>,
    mut found: impl FnMut(Config<M>, What),
) -> Result<(), Stop> {
    let from = (config.state, config.used, &config.placed);
    cx.candidates(flight, usage, event, from, |what, state| {
        let mut next = Config { state, ..config.clone() };
        match what {
            What::Item(item) => next.placed.insert(cx.problem.slot[item as usize]),
            What::Class(class) => next.used = usage.with(config.used, class),
        }
        cx.absorb(flight, state, &mut next.placed, |_| ())?;
        found(next, what);
        Ok(())
    })
}
