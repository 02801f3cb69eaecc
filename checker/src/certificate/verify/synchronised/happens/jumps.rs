//! weak and entry: one jump through the order of synchronisation.

use super::super::Scene;
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::verify::orders::processes;
use crate::history::{Function, KeyId, LockId, OpId, Outcome};
use crate::model::Model;
use rustc_hash::FxHashMap;

/// Ways out and in of one operation on a key.
#[derive(Clone, Copy)]
struct Ways {
    op: OpId,
    /// The first place in the order at which it leaves its process; never, if it is later than any.
    out: u32,
    /// The last place, counted from 1, at which something enters before it; 0 = never.
    into: u32,
}

const NEVER: u32 = u32::MAX;

/// The conditions, key by key.
pub(super) fn check(scene: &Scene<'_>, order: &[OpId]) -> Result<(), Fault> {
    for ways in ways(scene, order).values_mut() {
        of_key(scene, ways)?;
    }
    Ok(())
}

/// An operation has behind it the writes whose way out is before its way in. Of those only the one that the arbitration
/// puts last matters: it is kept while going through the operations by their way in.
fn of_key(scene: &Scene<'_>, ways: &mut [Ways]) -> Result<(), Fault> {
    let out: FxHashMap<OpId, u32> = ways.iter().map(|way| (way.op, way.out)).collect();
    let mut writes: Vec<Ways> =
        ways.iter().copied().filter(|way| scene.writes(way.op) && way.out != NEVER).collect();
    writes.sort_unstable_by_key(|way| way.out);
    ways.sort_unstable_by_key(|way| way.into);
    let (mut next, mut last): (usize, Option<OpId>) = (0, None);
    for way in &*ways {
        while let Some(write) = writes.get(next).filter(|write| write.out < way.into) {
            let place = |op: OpId| scene.places[op.index()];
            last = last.filter(|&last| place(last) > place(write.op)).or(Some(write.op));
            next += 1;
        }
        if let Some(last) = last {
            scene.behind(last, way.op)?;
        }
    }
    // (2): no read is before the write that it reads from.
    let into: FxHashMap<OpId, u32> = ways.iter().map(|way| (way.op, way.into)).collect();
    for way in &*ways {
        let Some(source) = scene.sources.write(way.op) else { continue };
        if out[&way.op] != NEVER && out[&way.op] < into[&source] {
            return refuted(format!("operation {} happens before {source}, which it reads from", way.op));
        }
    }
    Ok(())
}

/// The ways of every operation on every key.
fn ways(scene: &Scene<'_>, order: &[OpId]) -> FxHashMap<KeyId, Vec<Ways>> {
    let case = scene.case;
    let mut places = FxHashMap::default();
    places.extend((0..).zip(order).map(|(place, &op): (u32, _)| (op, place)));
    let mut all: FxHashMap<KeyId, Vec<Ways>> = FxHashMap::default();
    for process in processes(case.history) {
        let own = case.history.program_order(process);
        let mut gates = Gates::new(scene, &places);
        let mut found: Vec<Ways> = Vec::new();
        for &op in own {
            gates.enter(op);
            if !case.history.function(op).is_sync() && scene.sources.takes_part(case, op) {
                found.push(Ways { op, out: NEVER, into: gates.of_key(scene.key(op)) });
            }
        }
        let mut gates = Gates::new(scene, &places);
        let mut slots = found.iter_mut().rev().peekable();
        for &op in own.iter().rev() {
            if let Some(ways) = slots.next_if(|ways| ways.op == op)
                && case.history.outcome(op) == Outcome::Ok
            {
                ways.out = NEVER - gates.of_key(scene.key(op));
            }
            gates.leave(op);
        }
        for ways in found {
            all.entry(scene.key(ways.op)).or_default().push(ways);
        }
    }
    all
}

/// The best place so far of a process's synchronisation operations: for all of them (weak), or lock by lock (entry).
///
/// Ways in are places counted from 1; ways out are `NEVER` less the place, so that the greatest is the first.
struct Gates<'a> {
    scene: &'a Scene<'a>,
    places: &'a FxHashMap<OpId, u32>,
    best: FxHashMap<Option<LockId>, u32>,
}

impl<'a> Gates<'a> {
    fn new(scene: &'a Scene<'a>, places: &'a FxHashMap<OpId, u32>) -> Self {
        Self { scene, places, best: FxHashMap::default() }
    }

    fn entry(&self) -> bool {
        self.scene.case.model == Model::Entry
    }

    fn of_key(&self, key: KeyId) -> u32 {
        let gate = if self.entry() { self.scene.case.history.guard_or_default(key) } else { None };
        if self.entry() && gate.is_none() { 0 } else { self.best.get(&gate).copied().unwrap_or(0) }
    }

    /// Going forward: something enters at the operation. Nothing comes after an `info` one.
    fn enter(&mut self, op: OpId) {
        let history = self.scene.case.history;
        if history.outcome(op) == Outcome::Ok && (!self.entry() || history.function(op) == Function::Acquire)
        {
            self.pass(op, |place| place + 1);
        }
    }

    /// Going backward: what is before the operation leaves at it.
    fn leave(&mut self, op: OpId) {
        if !self.entry() || self.scene.case.history.function(op) == Function::Release {
            self.pass(op, |place| NEVER - place);
        }
    }

    fn pass(&mut self, op: OpId, worth: impl Fn(u32) -> u32) {
        let Some(&place) = self.places.get(&op) else { return };
        let gate = self.scene.case.history.micro(op).lock().filter(|_| self.entry());
        let best = self.best.entry(gate).or_default();
        *best = (*best).max(worth(place));
    }
}
