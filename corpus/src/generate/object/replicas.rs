//! Replicated registers, for the models weaker than sequential: every client works on a copy of its own and hears of the
//! others' writes late.
//!
//! Writes travel in **channels**, each of which delivers its writes in their order; a write may name others that have to
//! arrive before it. Whenever a client does something, some channels deliver to it up to some point. All writes together
//! have an order in which they were issued. What the history then satisfies follows from three choices:
//!
//! | model | a channel is of | a write waits for | a copy keeps |
//! |---|---|---|---|
//! | fifo | a writer | nothing | what arrives |
//! | causal | a writer | what its writer read since its last write | what arrives |
//! | causal-convergent, client-centric and its parts, eventual | a writer | the same | what was issued last |
//! | causal-weak | a writer | the same | of every other key this, of the rest that |
//! | processor | a writer | the last write to its key | what arrives |
//! | cache | a writer and key | the last write to its key | what arrives |
//! | slow | a writer and key | nothing | what arrives |
//! | weak, release | a writer | nothing | what was issued last |
//! | entry | a writer and key | nothing | what was issued last |
//!
//! **Why.** Where a copy keeps what arrives, the order of arrival at a client, its own operations among it, is its view
//! (what never arrives comes last, in the order of issue): it is legal, as a read returns what arrived last; it respects
//! program order, as channels do; causal order, as whatever a write waits for is there before it, and what that waited
//! for; and the order of issue of each key, where a write waits for the last one (its writer too waits, before it
//! writes). A channel of one key promises the order on that key alone: slow, cache. Where a copy keeps what was issued
//! last, the order of issue is the arbitration: it contains the causal order, as nobody reads what was not issued, and a
//! read returns the last write in it among all that arrived, which are at least those in its past. A value that arrived
//! and was replaced is never causally after what replaced it, so causal-weak allows both.
//!
//! **Synchronisation.** With weak, release and entry, clients take locks (of entry, the one that guards the key; with
//! weak, `sync` is all) and find there what the last one to give it back had heard of. So every write that comes before a
//! read in happens-before has arrived, and what the read returns is that or was issued later.

mod critical;
mod store;

use super::super::Generate;
use super::super::draft::{ABSENT, Row};
use super::super::plans::Event;
use super::super::random::Random;
use super::{Effect, Fresh, Object};
use critical::Critical;
use store::Store;
use tribunal_checker::history::{Function, Outcome};
use tribunal_checker::model::Model;

/// How many channels deliver when a client does something.
const DELIVERIES: usize = 4;

/// A copy of every register for each client.
#[derive(Debug)]
pub(in super::super) struct Replicas {
    store: Store,
    critical: Option<Critical>,
    fresh: Fresh,
    keys: usize,
    reads: f64,
    /// Of eventual: how many operations at the end only read, and everything has arrived.
    final_reads: usize,
    /// The key that each client reads next there: all in turn, so that what it read of a key before is not its last word.
    turns: Vec<u32>,
    random: Random,
}

impl Replicas {
    /// Whether there are replicas that satisfy the model: no more than it, but for single guarantees, of which they
    /// give all four.
    pub(in super::super) fn satisfy(model: Model) -> bool {
        !model.is_one_view()
    }

    pub(in super::super) fn new(options: &Generate) -> Self {
        let eventual = options.model == Model::Eventual;
        Self {
            store: Store::new(options),
            critical: options.model.is_synchronised().then(|| Critical::new(options)),
            fresh: Fresh::new(options.values),
            keys: options.keys,
            reads: options.reads,
            final_reads: if eventual { 3 * options.processes * options.keys } else { 0 },
            turns: vec![0; if eventual { options.processes } else { 0 }],
            random: Random::new(!options.seed),
        }
    }
}

impl Object for Replicas {
    fn choose(&mut self, client: u32, left: usize, random: &mut Random) -> Option<Row> {
        if let Some(critical) = &mut self.critical
            && let Some(row) = critical.choose(client, left, random)?
        {
            return Some(row);
        }
        let key = match self.critical.as_ref().and_then(|critical| critical.favourite(client)) {
            Some(key) if random.chance(0.75) => key,
            _ => u32::try_from(random.index(self.keys)).expect("checked with the options"),
        };
        let is_final = left <= self.final_reads;
        let reads = is_final || random.chance(self.reads);
        self.final_reads = if is_final { usize::MAX } else { self.final_reads };
        let key = match self.turns.get_mut(client as usize).filter(|_| is_final) {
            Some(turn) => {
                *turn = (*turn + 1) % u32::try_from(self.keys).expect("checked with the options");
                *turn
            }
            None => key,
        };
        Some(match reads {
            true => Row::new(Function::Read, key, ABSENT),
            false => Row::new(Function::Write, key, self.fresh.next(random)),
        })
    }

    fn may_fail(&self, row: &Row) -> bool {
        !row.function.is_sync()
    }

    fn apply(&mut self, row: &mut Row, event: Event) -> Effect {
        let client = event.client as usize;
        if let Some(critical) = self.critical.as_mut().filter(|_| row.function.is_sync()) {
            return critical.apply(row, event, &mut self.store);
        }
        if self.final_reads == usize::MAX {
            self.store.deliver_all(client);
        } else {
            for _ in 0..DELIVERIES {
                self.store.deliver_some(client, row.object, &mut self.random);
            }
        }
        match row.function {
            // Nobody learns what a read of unknown outcome has seen.
            Function::Read if row.outcome == Outcome::Info => {}
            Function::Read => row.a = self.store.read(client, row.object),
            _ => self.store.write(client, row.object, row.a),
        }
        Effect::Done
    }
}
