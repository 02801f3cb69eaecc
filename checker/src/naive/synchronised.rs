//! What **weak**, **release** and **entry** ask of their happens-before.
//!
//! > A total order of all synchronisation operations exists that extends their program order and their real-time order,
//! > in which an exclusive hold of a lock (acquire to the same process's release) excludes every other hold of that lock
//! > and a shared hold excludes exclusive ones; hb built from it has no cycle; and a reads-from assignment and, for each
//! > key, a total order of the writes to it ("arbitration") exist such that
//! > (1) arbitration contains hb, and program order, among the writes to the key;
//! > (2) no read reads from a write that comes after it in hb or in its own process;
//! > (3) a read r that reads from w has no write w' to its key with w before w' in arbitration and w' before r in hb or in
//! >     r's own process; a read of NIL has no write to its key before it in hb or in its own process.
//!
//! Locks are not re-entrant: a process that holds a lock, in either mode, cannot acquire it. A release without a hold is
//! no hold, and ends nobody else's. A hold that is never released lasts to the end. Arbitration puts what a cas reads
//! from before it.

use super::one_view::subsets;
use super::orders;
use super::registers::{Op, Source, World};
use super::relation::Relation;
use super::view::{self, Free, Replay};
use crate::certificate::Witness;
use crate::history::{Function, History, LockId, OpId, Outcome, ProcessId};
use crate::limits::{Meter, Stop};

/// The operations that happened, those on keys and those that synchronise.
pub(super) struct Scene<'a> {
    pub(super) world: World<'a>,
    pub(super) syncs: Vec<OpId>,
}

/// A thing of a scene: an operation on a key, then the synchronisation operations.
pub(super) type Thing = usize;

/// The synchronisation operations that may have happened.
pub(super) fn operations(history: &History) -> Vec<OpId> {
    let takes_part = |op: &OpId| history.function(*op).is_sync() && history.outcome(*op) != Outcome::Fail;
    history.ops().filter(takes_part).collect()
}

/// A model's happens-before, from the order of all synchronisation operations (positions in [`Scene::syncs`]): whether
/// the first thing is directly before the second. Its transitive closure is taken.
pub(super) type HappensBefore = fn(&Scene<'_>, &[usize], Thing, Thing) -> bool;

/// Every choice of which `info` operations happened, the smaller ones first.
pub(super) fn scenes<'a>(
    history: &'a History,
    ops: &'a [Op],
    syncs: &'a [OpId],
) -> impl Iterator<Item = Scene<'a>> {
    let all: Vec<OpId> = ops.iter().map(|op| op.id).chain(syncs.iter().copied()).collect();
    let happened: Vec<_> = subsets(&all, |id| history.outcome(id) == Outcome::Info).collect();
    happened.into_iter().map(move |happened| Scene {
        world: World { history, ops: happened.iter().filter_map(|&thing| ops.get(thing).copied()).collect() },
        syncs: happened.iter().filter_map(|&thing| Some(syncs[thing.checked_sub(ops.len())?])).collect(),
    })
}

impl Scene<'_> {
    pub(super) fn len(&self) -> usize {
        self.world.ops.len() + self.syncs.len()
    }

    pub(super) fn id(&self, thing: Thing) -> OpId {
        match thing.checked_sub(self.world.ops.len()) {
            Some(sync) => self.syncs[sync],
            None => self.world.ops[thing].id,
        }
    }

    /// The position in [`Scene::syncs`], if the thing is a synchronisation operation.
    pub(super) fn sync(&self, thing: Thing) -> Option<usize> {
        thing.checked_sub(self.world.ops.len())
    }

    /// Program order.
    pub(super) fn program(&self, a: Thing, b: Thing) -> bool {
        orders::program(self.world.history, self.id(a), self.id(b))
    }

    /// Whether the thing is a synchronisation operation with that function.
    pub(super) fn is(&self, thing: Thing, function: Function) -> bool {
        self.world.history.function(self.id(thing)) == function
    }

    pub(super) fn lock(&self, thing: Thing) -> Option<LockId> {
        self.world.history.micro(self.id(thing)).lock()
    }

    /// Whether both are synchronisation operations, the first earlier in their total order.
    pub(super) fn ordered(&self, order: &[usize], a: Thing, b: Thing) -> bool {
        let place = |thing| self.sync(thing).and_then(|sync| order.iter().position(|&other| other == sync));
        place(a).zip(place(b)).is_some_and(|(a, b)| a < b)
    }
}

/// The orders and the reads-from, if they exist.
pub(super) fn holds(
    scene: &Scene<'_>,
    directly: HappensBefore,
    meter: &Meter,
) -> Result<Option<Witness>, Stop> {
    let history = scene.world.history;
    let all: Vec<usize> = (0..scene.syncs.len()).collect();
    let respected = |a: usize, b: usize| {
        let (a, b) = (scene.syncs[a], scene.syncs[b]);
        orders::program(history, a, b) || orders::real_time(history, a, b)
    };
    let mut found = None;
    view::each(&Locks(scene), &all, &respected, meter, &mut |order| {
        let before = Relation::new(scene.len(), |a, b| directly(scene, order, a, b)).closed();
        if !before.has_cycle() {
            let sync_order: Vec<OpId> = order.iter().map(|&sync| scene.syncs[sync]).collect();
            found = agrees(&scene.world, &before, &sync_order, meter)?;
        }
        Ok(found.is_some())
    })?;
    Ok(found)
}

/// Who may hold which lock when.
struct Locks<'a>(&'a Scene<'a>);

impl Replay for Locks<'_> {
    /// The holds: the lock, by whom, whether shared.
    type State = Vec<(LockId, ProcessId, bool)>;

    fn initial(&self) -> Self::State {
        Vec::new()
    }

    fn step(&self, holds: &Self::State, sync: usize) -> Option<Self::State> {
        let (history, op) = (self.0.world.history, self.0.syncs[sync]);
        let lock = history.micro(op).lock().expect("a synchronisation operation names one");
        let (process, shared) = (history.process(op), history.shared(op));
        let mut after = holds.clone();
        match history.function(op) {
            Function::Acquire => {
                let hinders = |&(held, by, shares): &(LockId, ProcessId, bool)| {
                    held == lock && (by == process || !shares || !shared)
                };
                if holds.iter().any(hinders) {
                    return None;
                }
                after.push((lock, process, shared));
            }
            Function::Release => after.retain(|&(held, by, _)| (held, by) != (lock, process)),
            _ => {}
        }
        Some(after)
    }
}

/// (1) to (3), for some reads-from assignment.
fn agrees(
    world: &World<'_>,
    happens_before: &Relation,
    sync_order: &[OpId],
    meter: &Meter,
) -> Result<Option<Witness>, Stop> {
    let before = |a: usize, b: usize| happens_before.has(a, b) || world.program(a, b);
    let mut found = None;
    world.each_reads_from(meter, &mut |reads_from| {
        let allowed = |read: usize| match reads_from[read] {
            Source::Write(write) => !before(read, write),
            _ => !world.writes_to(world.ops[read].key).into_iter().any(|write| before(write, read)),
        };
        if !world.reads().into_iter().all(allowed) {
            return Ok(false);
        }
        // (1), the cas rule, and (3): what a read from b has behind it is before b.
        let arbitrated = |a: usize, b: usize| {
            let overwritten = |read: usize| a != b && reads_from[read] == Source::Write(b) && before(a, read);
            before(a, b) || reads_from[b] == Source::Write(a) || (0..world.ops.len()).any(overwritten)
        };
        let mut arbitration = Vec::new();
        for key in world.keys() {
            let Some(order) = view::first(&Free, &world.writes_to(key), &arbitrated, meter)? else {
                return Ok(false);
            };
            arbitration.push(world.ids(&order));
        }
        found = Some(Witness::Synchronised {
            sync_order: sync_order.to_vec(),
            reads_from: world.evidence(reads_from),
            arbitration,
        });
        Ok(true)
    })?;
    Ok(found)
}

/// Whether the history is properly labelled: no two operations on the same key, one of them a write, are unordered by the
/// happens-before of the witness's synchronisation order and, within one process, by program order.
pub(super) fn properly_labelled(scene: &Scene<'_>, directly: HappensBefore, order: &[usize]) -> bool {
    let before = Relation::new(scene.len(), |a, b| directly(scene, order, a, b)).closed();
    let ordered = |a: usize, b: usize| before.has(a, b) || scene.program(a, b);
    let ops = &scene.world.ops;
    let conflict = |a: usize, b: usize| {
        a != b && ops[a].key == ops[b].key && (ops[a].writes.is_some() || ops[b].writes.is_some())
    };
    let race = |a: usize, b: usize| conflict(a, b) && !ordered(a, b) && !ordered(b, a);
    !(0..ops.len()).any(|a| (0..ops.len()).any(|b| race(a, b)))
}
