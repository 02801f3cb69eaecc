//! Search breadth first, from return to return.
//!
//! # Problem
//! Does a legal order of the operations exist in which each takes effect between its call and its return?
//!
//! # Algorithm
//! Just-in-time linearization (Lowe 2017): events are consumed in the order of time. A call makes an operation available.
//! At the return of an operation, every configuration in which it is not placed yet is expanded, one placed operation at a
//! time, until it is; those in which it is go on to the next event. Observers (operations that never change the state) are
//! placed as soon as they are legal; of operations with equal function, argument and result the one that returns first
//! goes first; of configurations in the same state that have placed the same operations, observers aside, those that have
//! placed fewer observers, or used more operations without return, are dropped.
//!
//! # Why it is correct
//! *Sound*: a configuration's trail, replayed, is a view: it respects the intervals, since an operation is placed after its
//! call and before its return. *Complete*: any view can be changed, step by step, into one that the search finds:
//! postpone each operation until the next return that needs one (calls only add choices), move observers to the front
//! of where they are legal, swap equal operations into the order of their returns, leave out what dominance shows to be
//! superfluous. *Terminates*: an expansion places one more of finitely many operations.
//!
//! # Complexity
//! O(n · c) steps where c is the number of configurations between two events: at most (states · 2^k) for k operations in
//! flight. Memory: the configurations of one event, and the trails that lead to them.
//!
//! # Parallel
//! Large sets of configurations are expanded by all threads and deduplicated in shards ([`Level`]); the order of
//! configurations, and so the trail that wins, is the same for any number of threads.
//!
//! # References
//! Wing & Gong, JPDC 1993; Lowe, Concurrency and Computation 2017; Horn & Kroening, FORTE 2015.

use super::config::{Config, Entry};
use super::context::Context;
use super::flight::Flight;
use super::level::Level;
use super::mask::Mask;
use super::problem::{NONE, number};
use super::trail::{START, Step, Trail};
use super::usage::{UNUSED, UsageTable};
use crate::limits::Stop;
use crate::spec::NextStates;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a run of a search came to.
#[derive(Debug)]
pub(crate) enum Progress {
    /// A view: the operations that changed the state, in order.
    Found(Vec<Step>),
    /// There is none: `item` cannot be placed by its return at `event`.
    Stuck {
        /// The operation.
        item: u32,
        /// Its return.
        event: u32,
        /// The steps of a configuration that placed as much as any.
        longest: Vec<Step>,
    },
    /// The budget was used up; the search can go on.
    Paused,
}

/// The search; see the module.
pub(crate) struct Breadth<'a, M: Mask> {
    cx: Context<'a>,
    flight: Flight<M>,
    usage: UsageTable,
    trail: Trail,
    frontier: Vec<Entry<M>>,
    level: Option<Level<M>>,
    /// The event to come.
    event: usize,
    /// (event, class), ascending: when classes stop to matter.
    expiries: Vec<(u32, u32)>,
    expired: usize,
    /// Configurations made so far.
    made: u64,
    charged: usize,
}

impl<'a, M: Mask> Breadth<'a, M> {
    /// A search from the start.
    pub(crate) fn new(cx: Context<'a>) -> Self {
        let config = Config { state: cx.machine.initial(), used: UNUSED, placed: M::empty(cx.problem.width) };
        let classes = cx.problem.classes.iter().enumerate();
        let mut expiries: Vec<_> = classes.map(|(id, class)| (class.until, number(id))).collect();
        expiries.sort_unstable();
        Self {
            cx,
            flight: Flight::new(cx.problem),
            usage: UsageTable::new(),
            trail: Trail::default(),
            frontier: vec![Entry { config, trail: START }],
            level: None,
            event: 0,
            expiries,
            expired: 0,
            made: 0,
            charged: 0,
        }
    }

    /// How far it has come: events consumed, configurations made.
    pub(crate) fn progress(&self) -> (usize, u64) {
        (self.event, self.made)
    }

    /// Gives the tables back; the search cannot go on.
    pub(crate) fn give_up(&mut self) {
        self.level = None;
        self.frontier = Vec::new();
        self.trail = Trail::default();
        self.cx.meter.refund(std::mem::take(&mut self.charged));
    }

    /// Goes on until an answer is found, about `budget` more configurations were made, or `answered` says that somebody
    /// else has one.
    ///
    /// # Errors
    /// The limit that was reached.
    pub(crate) fn run(&mut self, budget: u64, answered: &AtomicBool) -> Result<Progress, Stop> {
        let pause = self.made.saturating_add(budget);
        while self.event < self.cx.problem.events.len() {
            if self.event.is_multiple_of(64) {
                self.cx.meter.check()?;
                if answered.load(Ordering::Relaxed) {
                    return Ok(Progress::Paused);
                }
            }
            let (item, is_return) = self.cx.problem.event(self.event);
            if !is_return {
                self.call(item)?;
            } else if let Some(end) = self.ret(item, pause, answered)? {
                return Ok(end);
            }
            self.event += 1;
        }
        Ok(Progress::Found(self.trail.steps(self.frontier[0].trail)))
    }

    fn call(&mut self, item: u32) -> Result<(), Stop> {
        let Self { cx, flight, frontier, .. } = self;
        let observer = cx.observes(item);
        flight.call(cx.problem, item, observer);
        if !observer || cx.problem.deadline[item as usize] == NONE {
            return Ok(());
        }
        let (slot, action) = (cx.problem.slot[item as usize], cx.problem.action[item as usize]);
        for Entry { config, .. } in frontier {
            if flight.may_go(cx.problem, slot, &config.placed)
                && cx.machine.step(config.state, action)? != NextStates::None
            {
                config.placed.insert(slot);
            }
        }
        Ok(())
    }

    /// Consumes a return; `Some` ends the run.
    fn ret(&mut self, item: u32, pause: u64, answered: &AtomicBool) -> Result<Option<Progress>, Stop> {
        let slot = self.cx.problem.slot[item as usize];
        if self.level.is_none() && !self.frontier.iter().all(|entry| entry.config.placed.has(slot)) {
            self.level = Some(Level::new(slot, std::mem::take(&mut self.frontier), &self.flight.observers));
        }
        if let Some(mut level) = self.level.take() {
            loop {
                if level.is_done() {
                    break;
                }
                self.cx.meter.check()?;
                self.made +=
                    level.advance(self.cx, &self.flight, &self.usage, &mut self.trail, number(self.event))?;
                self.account(level.bytes())?;
                if (self.made >= pause || answered.load(Ordering::Relaxed)) && !level.is_done() {
                    self.level = Some(level);
                    return Ok(Some(Progress::Paused));
                }
            }
            if level.is_stuck() {
                let longest = self.trail.steps(level.longest());
                return Ok(Some(Progress::Stuck { item, event: number(self.event), longest }));
            }
            self.frontier = level.into_frontier();
        }
        for entry in &mut self.frontier {
            entry.config.placed.remove(slot);
        }
        self.flight.ret(self.cx.problem, item);
        self.expire();
        if self.trail.is_overgrown() {
            self.trail.collect(self.frontier.iter_mut().map(|entry| &mut entry.trail));
            self.account(0)?;
        }
        Ok(None)
    }

    /// Forgets the use of classes that nobody can notice any more.
    fn expire(&mut self) {
        let from = self.expired;
        while self.expiries.get(self.expired).is_some_and(|entry| entry.0 as usize <= self.event) {
            self.expired += 1;
        }
        let gone: Vec<u32> = self.expiries[from..self.expired].iter().map(|entry| entry.1).collect();
        if gone.is_empty() {
            return;
        }
        self.flight.classes.retain(|class| !gone.contains(class));
        if self.frontier.iter().all(|entry| entry.config.used == UNUSED) {
            return;
        }
        let problem = self.cx.problem;
        let event = number(self.event);
        for Entry { config, .. } in &mut self.frontier {
            config.used =
                self.usage.project(config.used, |class| problem.classes[class as usize].until > event);
        }
        self.frontier =
            Level::distinct(std::mem::take(&mut self.frontier), &self.flight.observers, &self.usage);
    }

    /// Tells the meter what the tables take now.
    fn account(&mut self, level: usize) -> Result<(), Stop> {
        let frontier = self.frontier.capacity() * size_of::<Entry<M>>();
        let now = level + frontier + self.trail.bytes() + self.usage.bytes();
        let before = std::mem::replace(&mut self.charged, now);
        if now > before {
            self.cx.meter.charge(now - before)
        } else {
            self.cx.meter.refund(before - now);
            Ok(())
        }
    }
}

impl<M: Mask> Drop for Breadth<'_, M> {
    fn drop(&mut self) {
        self.cx.meter.refund(self.charged);
    }
}
