//! What clients are about to do, and when.

use super::Generate;
use super::random::Random;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The mean time that an operation takes, in ticks.
const DURATION: u64 = 1 << 20;

/// What happens next in a simulation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Event {
    /// When, in ticks.
    pub(super) time: u64,
    /// Makes the order total: events of one tick happen in the order in which they were planned.
    number: u64,
    pub(super) kind: Kind,
    /// Whose.
    pub(super) client: u32,
    /// The operation's row.
    pub(super) op: u32,
    /// When the operation returns.
    pub(super) until: u64,
}

/// The kinds of events.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Kind {
    /// A client calls.
    Call,
    /// An operation takes effect.
    Effect,
    /// An operation of unknown outcome takes effect; its client is gone.
    Ghost,
    /// An operation returns.
    Return,
}

/// The plans of all clients.
#[derive(Debug)]
pub(super) struct Plans {
    plans: BinaryHeap<Reverse<Event>>,
    planned: u64,
    /// The mean time between a return and the next call.
    think: u64,
    /// The process that each client runs as.
    process: Vec<u32>,
    processes: u32,
}

impl Plans {
    /// Clients that are about to make their first calls.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a time of at most 2^40 ticks"
    )]
    pub(super) fn new(options: &Generate, random: &mut Random) -> Self {
        let busy = options.busy.max(1e-6);
        let processes = u32::try_from(options.processes).expect("checked with the options");
        let mut all = Self {
            plans: BinaryHeap::new(),
            planned: 0,
            think: (DURATION as f64 * (1.0 - busy) / busy) as u64,
            process: (0..processes).collect(),
            processes,
        };
        for client in 0..processes {
            all.plan(random.below(DURATION), Kind::Call, client, 0, 0);
        }
        all
    }

    /// What happens next.
    pub(super) fn next(&mut self) -> Option<Event> {
        self.plans.pop().map(|Reverse(event)| event)
    }

    /// Plans an event.
    pub(super) fn plan(&mut self, time: u64, kind: Kind, client: u32, op: u32, until: u64) {
        self.planned += 1;
        self.plans.push(Reverse(Event { time, number: self.planned, kind, client, op, until }));
    }

    /// Plans the client's next call, after some thought.
    pub(super) fn plan_call(&mut self, now: u64, client: u32, random: &mut Random) {
        let think = if self.think == 0 { 0 } else { random.exponential(self.think) };
        self.plan(now + think, Kind::Call, client, 0, 0);
    }

    /// How long an operation takes.
    pub(super) fn duration(random: &mut Random) -> u64 {
        random.exponential(DURATION)
    }

    /// The process that a client runs as.
    pub(super) fn process(&self, client: u32) -> u32 {
        self.process[client as usize]
    }

    /// Makes a client go on as a process of its own: what it did before has an unknown outcome.
    pub(super) fn retire(&mut self, client: u32) {
        self.process[client as usize] = self.processes;
        self.processes += 1;
    }
}
