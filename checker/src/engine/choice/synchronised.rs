//! weak, release and entry: an order of the synchronisation operations, happens-before from it, arbitration by key.
//!
//! The state: a partial order T of the synchronisation operations, happens-before hb as far as T tells it, an order ar of
//! the writes (in which only pairs on one key mean anything), and the candidates of the readers. T grows by the
//! exclusion of holds: of two holds of a lock, one of them exclusive, one is over before the other begins. When T is
//! total where it matters and every reader has one candidate, any linear extensions of T and of ar are a witness.

use super::order::Order;
use super::part::{Part, Reader, certain, common};
use super::rules::extension;
use super::search::{Answer, Problem, search};
use super::store::{Store, ones};
use crate::certificate::Witness;
use crate::engine::scope::Scope;
use crate::history::{Function, KeyId, LockId, Outcome, ProcessId};
use crate::limits::{Meter, Stop};
use crate::model::Model;
use crate::relation::{Kind, Registers};

/// A witness of weak, release or entry; `None` if there is none.
///
/// # Errors
/// The limit that was reached.
pub(super) fn synchronised(
    scope: Scope<'_>,
    registers: &Registers,
    meter: &Meter,
) -> Result<Option<Witness>, Stop> {
    let mut dead: Vec<u32> = Vec::new();
    // An acquire or sync that may have happened only forbids; a release that may have happened also frees.
    let history = scope.history;
    let unsure: Vec<u32> = registers
        .nodes()
        .filter(|&node| {
            registers.kind(node) == Kind::Sync && history.outcome(registers.op(node)) == Outcome::Info
        })
        .collect();
    let releases: Vec<u32> = unsure
        .iter()
        .copied()
        .filter(|&node| history.function(registers.op(node)) == Function::Release)
        .collect();
    dead.extend(unsure.iter().filter(|node| !releases.contains(node)));
    let mut happened = vec![false; releases.len()];
    loop {
        let mut absent = dead.clone();
        absent.extend(releases.iter().zip(&happened).filter_map(|(&node, &did)| (!did).then_some(node)));
        if let Some(witness) = with(scope, registers, &absent, meter)? {
            return Ok(Some(witness));
        }
        // The next subset of the releases of unknown outcome.
        let Some(at) = happened.iter().position(|did| !did) else { return Ok(None) };
        happened[at] = true;
        happened[..at].fill(false);
    }
}

fn with(
    scope: Scope<'_>,
    registers: &Registers,
    absent: &[u32],
    meter: &Meter,
) -> Result<Option<Witness>, Stop> {
    let mut store = Store::default();
    let part = Part::new(registers, &mut store, |node| !absent.contains(&node), certain(registers))?;
    let history = scope.history;
    let sync = |at: usize| part.kind(at) == Kind::Sync;
    let total = Order::new(&mut store, part.len());
    let timed = history.is_timed();
    total.fill(&mut store, |a, b| {
        let ordered = || part.ordered(a, b) || timed && history.end(part.op(a)) < history.start(part.op(b));
        sync(a) && sync(b) && ordered()
    });
    let hb = Order::new(&mut store, part.len());
    let ar = Order::new(&mut store, part.len());
    let syncs: Vec<usize> = (0..part.len()).filter(|&at| sync(at)).collect();
    // Times order what program order does not, so the union must be closed.
    for &a in &syncs {
        for &b in &syncs {
            if total.has(&store, a, b) && (total.has(&store, b, a) || !reclose(&total, &mut store, a, b)) {
                return Ok(None);
            }
        }
    }
    let late =
        (0..part.len()).filter(|&at| sync(at) && history.outcome(part.op(at)) == Outcome::Info).collect();
    let guards =
        (0..history.key_count()).map(|key| history.guard_or_default(KeyId::from_index(key))).collect();
    let mut problem = Synchronised { scope, part, total, hb, ar, syncs, late, guards };
    if !problem.start(&mut store) || !search(&mut problem, &mut store, meter)? {
        return Ok(None);
    }
    Ok(Some(problem.witness(&store)))
}

/// Adds a pair that is there already with all that follows from it.
fn reclose(order: &Order, store: &mut Store, a: usize, b: usize) -> bool {
    let later: Vec<usize> = ones(order.after(store, b)).collect();
    let earlier: Vec<usize> = ones(order.before(store, a)).collect();
    later.into_iter().all(|later| order.add(store, a, later))
        && earlier.into_iter().all(|earlier| order.add(store, earlier, b))
}

/// A hold of a lock.
#[derive(Clone, Copy, Debug)]
struct Hold {
    acquire: usize,
    /// `None`: to the end.
    release: Option<usize>,
    lock: usize,
    process: ProcessId,
    exclusive: bool,
}

struct Synchronised<'a> {
    scope: Scope<'a>,
    part: Part<'a>,
    total: Order,
    hb: Order,
    ar: Order,
    syncs: Vec<usize>,
    /// Releases of unknown outcome that happened: program order does not tell which hold they end.
    late: Vec<usize>,
    /// The guard of each key of the history.
    guards: Vec<Option<LockId>>,
}

impl Synchronised<'_> {
    fn function(&self, at: usize) -> Function {
        self.scope.history.function(self.part.op(at))
    }

    /// What `a` before `b` in the total order means for happens-before: they synchronise.
    fn synchronises(&self, a: usize, b: usize) -> bool {
        let (from, to) = (self.function(a), self.function(b));
        match self.scope.model {
            Model::Weak => true,
            Model::Release => match (from, to) {
                (Function::Sync, Function::Sync) => true,
                (Function::Release, Function::Acquire) => self.part.key[a] == self.part.key[b],
                _ => false,
            },
            _ => from == Function::Release && to == Function::Acquire && self.part.key[a] == self.part.key[b],
        }
    }

    /// Whether program order from `a` to `b` counts in happens-before.
    fn program(&self, a: usize, b: usize) -> bool {
        if !self.part.ordered(a, b) {
            return false;
        }
        let is_sync = |at: usize| self.part.kind(at) == Kind::Sync;
        match self.scope.model {
            Model::Weak => is_sync(a) || is_sync(b),
            Model::Release => {
                is_sync(a) && self.function(a) != Function::Release
                    || is_sync(b) && self.function(b) != Function::Acquire
            }
            _ => false,
        }
    }

    fn start(&self, store: &mut Store) -> bool {
        let part = &self.part;
        for a in 0..part.len() {
            for b in 0..part.len() {
                if self.program(a, b) && !self.hb.add(store, a, b) {
                    return false;
                }
                let writes = part.kind(a).writes() && part.kind(b).writes() && part.key[a] == part.key[b];
                if writes && part.ordered(a, b) && !self.ar.add(store, a, b) {
                    return false;
                }
            }
        }
        true
    }

    /// Whether two holds must not overlap.
    fn exclude(a: &Hold, b: &Hold) -> bool {
        a.lock == b.lock && (a.exclusive || b.exclusive || a.process == b.process)
    }

    /// `first` cannot be over before `second` begins, as far as the total order tells.
    fn cannot_precede(&self, store: &Store, first: &Hold, second: &Hold) -> bool {
        first
            .release
            .is_none_or(|release| release == second.acquire || self.total.has(store, second.acquire, release))
    }

    /// A pair of a late release and another operation on its lock that the total order leaves open.
    fn open_late(&self, store: &Store) -> Option<(usize, usize)> {
        let pairs = self.late.iter().flat_map(|&late| self.syncs.iter().map(move |&other| (late, other)));
        let open = |&(a, b): &(usize, usize)| {
            a != b
                && self.part.key[a] == self.part.key[b]
                && !self.total.has(store, a, b)
                && !self.total.has(store, b, a)
        };
        pairs.into_iter().find(open)
    }

    /// The holds: from each acquire to the process's first release of the lock after it.
    fn holds(&self, store: &Store) -> Vec<Hold> {
        let part = &self.part;
        let process = |at: usize| part.registers.chains.process(part.chain(at));
        let hold = |&acquire: &usize| {
            let ends = |&at: &usize| {
                self.function(at) == Function::Release
                    && part.key[at] == part.key[acquire]
                    && process(at) == process(acquire)
                    && self.total.has(store, acquire, at)
            };
            let mut releases = self.syncs.iter().copied().filter(ends);
            let first = releases.next();
            let release = first.map(|first| {
                releases.fold(
                    first,
                    |first, other| if self.total.has(store, other, first) { other } else { first },
                )
            });
            let exclusive = !self.scope.history.shared(part.op(acquire));
            Hold { acquire, release, lock: part.key[acquire], process: process(acquire), exclusive }
        };
        self.syncs.iter().filter(|&&at| self.function(at) == Function::Acquire).map(hold).collect()
    }

    fn exclusion(&self, store: &mut Store) -> bool {
        if self.open_late(store).is_some() {
            return true;
        }
        let holds = self.holds(store);
        for (at, a) in holds.iter().enumerate() {
            for b in holds[at + 1..].iter().filter(|b| Self::exclude(a, b)) {
                let fine = match (self.cannot_precede(store, a, b), self.cannot_precede(store, b, a)) {
                    (true, true) => false,
                    (true, false) => {
                        b.release.is_none_or(|release| self.total.add(store, release, a.acquire))
                    }
                    (false, true) => {
                        a.release.is_none_or(|release| self.total.add(store, release, b.acquire))
                    }
                    (false, false) => true,
                };
                if !fine {
                    return false;
                }
            }
        }
        true
    }

    fn happens_before(&self, store: &mut Store) -> bool {
        for &a in &self.syncs {
            let later: Vec<usize> = ones(self.total.after(store, a)).collect();
            for b in later.into_iter().filter(|&b| self.synchronises(a, b)) {
                if self.scope.model == Model::Entry {
                    if !self.guarded(store, a, b) {
                        return false;
                    }
                } else if !self.hb.add(store, a, b) {
                    return false;
                }
            }
        }
        true
    }

    /// entry: operations on the keys that the lock guards, before its release `a` and after its acquire `b`.
    fn guarded(&self, store: &mut Store, a: usize, b: usize) -> bool {
        let part = &self.part;
        let lock = self.scope.history.micro(part.op(a)).lock();
        let on_guarded = |at: &usize| {
            part.kind(*at) != Kind::Sync && part.is_alive(store, *at) && {
                let key = self.scope.history.micro(part.op(*at)).key();
                key.and_then(|key| self.guards[key.index()]) == lock
            }
        };
        let guarded: Vec<usize> = (0..part.len()).filter(on_guarded).collect();
        for &from in guarded.iter().filter(|&&from| part.ordered(from, a)) {
            for &to in guarded.iter().filter(|&&to| part.key[to] == part.key[from] && part.ordered(b, to)) {
                if !self.hb.add(store, from, to) {
                    return false;
                }
            }
        }
        true
    }

    /// Before a node for certain: in happens-before or in its own process.
    fn before(&self, store: &Store, a: usize, b: usize) -> bool {
        self.hb.has(store, a, b) || self.part.ordered(a, b)
    }

    fn read(&self, store: &mut Store, reader: &Reader) -> bool {
        let part = &self.part;
        let rivals: Vec<usize> = ones(&part.rivals(store, reader))
            .filter(|&rival| self.before(store, rival, reader.node))
            .collect();
        let left: Vec<usize> = reader.left(store).collect();
        for candidate in left {
            let gone = match reader.candidates[candidate] {
                Reader::INITIAL => !rivals.is_empty(),
                source => {
                    self.before(store, reader.node, source)
                        || rivals.iter().any(|&rival| self.ar.has(store, source, rival))
                }
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
                let cas = part.kind(reader.node).writes();
                (!cas || self.ar.add(store, source, reader.node))
                    && rivals.iter().all(|&rival| rival == source || self.ar.add(store, rival, source))
            }
        }
    }

    fn arbitrate(&self, store: &mut Store) -> bool {
        let part = &self.part;
        let alive = store.words(part.alive, part.words).to_vec();
        for writes in &part.writes {
            let writes: Vec<usize> = ones(&common(writes, &alive)).collect();
            for &a in &writes {
                for &b in &writes {
                    if self.hb.has(store, a, b) && !self.ar.add(store, a, b) {
                        return false;
                    }
                }
            }
        }
        true
    }

    fn witness(&self, store: &Store) -> Witness {
        let part = &self.part;
        let mut syncs = vec![0; part.words];
        for &at in &self.syncs {
            syncs[at / 64] |= 1 << (at % 64);
        }
        let sync_order = extension(store, &self.total, &syncs).into_iter().map(|at| part.op(at)).collect();
        let alive = store.words(part.alive, part.words);
        let arbitration = part
            .writes
            .iter()
            .map(|writes| extension(store, &self.ar, &common(writes, alive)))
            .filter(|order| !order.is_empty())
            .map(|order| order.into_iter().map(|at| part.op(at)).collect())
            .collect();
        Witness::Synchronised { sync_order, reads_from: part.reads_from(store), arbitration }
    }
}

impl Problem for Synchronised<'_> {
    fn propagate(&mut self, store: &mut Store) -> bool {
        loop {
            let before = store.changes;
            if !self.exclusion(store) || !self.happens_before(store) || !self.arbitrate(store) {
                return false;
            }
            for reader in &self.part.readers {
                if self.part.is_alive(store, reader.node) && !self.read(store, reader) {
                    return false;
                }
            }
            if store.changes == before {
                return true;
            }
        }
    }

    fn question(&mut self, store: &Store) -> Vec<Answer> {
        let order = |from: usize, to: usize| Answer::Before { order: 0, from, to };
        // First who held a lock first, then who synchronised with whom, then what was read.
        if let Some((a, b)) = self.open_late(store) {
            return vec![order(a, b), order(b, a)];
        }
        let holds = self.holds(store);
        for (at, a) in holds.iter().enumerate() {
            for b in holds[at + 1..].iter().filter(|b| Self::exclude(a, b)) {
                let over =
                    |first: &Hold, second: &Hold| first.release.map(|release| (release, second.acquire));
                let (ab, ba) = (over(a, b), over(b, a));
                let decided =
                    |pair: Option<(usize, usize)>| pair.is_some_and(|(x, y)| self.total.has(store, x, y));
                if !decided(ab) && !decided(ba) {
                    return ab.into_iter().chain(ba).map(|(from, to)| order(from, to)).collect();
                }
            }
        }
        for (at, &a) in self.syncs.iter().enumerate() {
            for &b in &self.syncs[at + 1..] {
                let open = !self.total.has(store, a, b) && !self.total.has(store, b, a);
                if open && (self.synchronises(a, b) || self.synchronises(b, a)) {
                    let (a, b) = if self.part.op(a) < self.part.op(b) { (a, b) } else { (b, a) };
                    return vec![order(a, b), order(b, a)];
                }
            }
        }
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
            Answer::Before { from, to, .. } => self.total.add(store, from, to),
            _ => false,
        }
    }
}
