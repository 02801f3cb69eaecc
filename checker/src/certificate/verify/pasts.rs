//! Witnesses of causal-weak and causal-convergent: reads-from, and for the latter an arbitration.
//!
//! Each read is held against the writes to its key in its causal past. Of one process's `ok` writes only the last one in
//! the past matters: it is after the others, in causal order and so in the arbitration.
//!
//! # Complexity
//! O(nk) time for n operations of k processes, up to logarithms. causal-weak keeps for each write a clock of the processes
//! that write to its key.

use super::Case;
use super::causal::CausalOrder;
use super::clocks::{Clock, Lane, Lanes, lanes, sweep};
use super::fault::{Fault, refuted};
use super::reads_from::{Sources, arbitration};
use crate::certificate::{ReadsFrom, Witness};
use crate::history::{KeyId, OpId, Outcome, ProcessId};
use crate::model::Model;
use rustc_hash::FxHashMap;

/// That the witness proves the model.
pub(super) fn check(case: &Case<'_>, witness: &Witness) -> Result<(), Fault> {
    match (case.model, witness) {
        (Model::CausalWeak, Witness::ReadsFrom(pairs)) => weak(case, pairs),
        (Model::CausalConvergent, Witness::Arbitrated { reads_from, arbitration }) => {
            convergent(case, reads_from, arbitration)
        }
        (model, _) => refuted(format!("{model} needs another kind of witness")),
    }
}

/// No write to a read's key in its past comes before it in the arbitration but after what it reads from.
fn convergent(case: &Case<'_>, pairs: &ReadsFrom, order: &[OpId]) -> Result<(), Fault> {
    let (places, happened) = arbitration(case, order)?;
    let sources = Sources::new(case, pairs, happened)?;
    let graph = CausalOrder::new(case, &sources);
    graph.sorted(order)?;
    let lanes = lanes(case, &sources);
    let latest = Latest::new(&lanes, &places);
    sweep(case, &sources, &graph, &graph.sorted(&[])?, &mut |op, clock| {
        let Some(source) = sources.of(op) else { return Ok(()) };
        let key = key_of(case, op);
        let bound = source.map_or(0, |write| places[write.index()] + 1);
        for (number, (process, lane)) in of_key(&lanes, key).iter().enumerate() {
            let seen = lane.below(clock[process.index()]).len();
            if seen > 0 && latest.of(key, number, seen) >= bound {
                return refuted(format!(
                    "a later write is in the causal past of operation {op} than it reads from"
                ));
            }
        }
        Ok(())
    })
}

/// For every beginning of every lane, the last place of its writes in the arbitration.
struct Latest(FxHashMap<KeyId, Vec<Vec<u32>>>);

impl Latest {
    fn new(lanes: &Lanes, places: &[u32]) -> Self {
        let running = |lane: &Lane| {
            let place = |event: &(u32, OpId)| places[event.1.index()];
            let mut max = 0;
            lane.events.iter().map(|event| (max = max.max(place(event)), max).1).collect()
        };
        Self(
            lanes
                .iter()
                .map(|(&key, lanes)| (key, lanes.iter().map(|(_, lane)| running(lane)).collect()))
                .collect(),
        )
    }

    fn of(&self, key: KeyId, lane: usize, seen: usize) -> u32 {
        self.0[&key][lane][seen - 1]
    }
}

/// No write to a read's key in its past comes causally after what it reads from.
fn weak(case: &Case<'_>, pairs: &ReadsFrom) -> Result<(), Fault> {
    case.orders.known(pairs.iter().flat_map(|(read, write)| [Some(read), write.as_ref()]).flatten())?;
    let named = pairs.iter().flat_map(|&(read, write)| [Some(read), write]).flatten();
    let happened = named.filter(|&op| case.history.outcome(op) == Outcome::Info).collect();
    let sources = Sources::new(case, pairs, happened)?;
    let graph = CausalOrder::new(case, &sources);
    let lanes = lanes(case, &sources);
    let mut weak = Weak {
        case,
        sources: &sources,
        lanes: &lanes,
        pasts: FxHashMap::default(),
        exposed: exposed(&lanes),
    };
    sweep(case, &sources, &graph, &graph.sorted(&[])?, &mut |op, clock| weak.visit(op, clock))
}

struct Weak<'a> {
    case: &'a Case<'a>,
    sources: &'a Sources,
    lanes: &'a Lanes,
    /// The clock of each write visited, of the processes in its key's lanes.
    pasts: FxHashMap<OpId, Box<[u32]>>,
    exposed: FxHashMap<OpId, Vec<(ProcessId, u32)>>,
}

/// Where each write is first exposed (an `ok` write by itself), process by process.
fn exposed(lanes: &Lanes) -> FxHashMap<OpId, Vec<(ProcessId, u32)>> {
    let mut exposed: FxHashMap<OpId, Vec<(ProcessId, u32)>> = FxHashMap::default();
    for (process, lane) in lanes.values().flatten() {
        for &(rank, write) in &lane.events {
            let first = exposed.entry(write).or_default();
            if first.last().is_none_or(|(last, _)| last != process) {
                first.push((*process, rank));
            }
        }
    }
    exposed
}

impl Weak<'_> {
    fn visit(&mut self, op: OpId, clock: &Clock) -> Result<(), Fault> {
        let lanes = of_key(self.lanes, key_of(self.case, op));
        if let Some(source) = self.sources.of(op) {
            for (process, lane) in lanes {
                let seen = lane.below(clock[process.index()]);
                let certain = |event: &(u32, OpId)| self.case.history.outcome(event.1) == Outcome::Ok;
                let last = seen.iter().rposition(certain).unwrap_or(0);
                // The last `ok` write, and `info` writes after it.
                for &(_, other) in &seen[last..] {
                    let hidden = source.is_none_or(|write| other != write && self.causal(write, other));
                    if hidden {
                        return refuted(match source {
                            Some(write) => {
                                format!("{other} comes after {write}, and is in the causal past of {op}")
                            }
                            None => format!("the write {other} is in the causal past of operation {op}"),
                        });
                    }
                }
            }
        }
        if super::registers::write_of(self.case.history, op).is_some() {
            self.pasts.insert(op, lanes.iter().map(|(process, _)| clock[process.index()]).collect());
        }
        Ok(())
    }

    /// Write `a` is in the causal past of write `b`, which was visited.
    fn causal(&self, a: OpId, b: OpId) -> bool {
        let lanes = of_key(self.lanes, key_of(self.case, b));
        let past = &self.pasts[&b];
        let below = |process: ProcessId, rank: u32| {
            lanes.iter().zip(past).any(|((other, _), &clock)| *other == process && rank < clock)
        };
        let exposed = self.exposed.get(&a).into_iter().flatten();
        exposed.clone().any(|&(process, rank)| below(process, rank))
            || self.sources.chain(self.case, b).any(|write| write == a)
    }
}

fn key_of(case: &Case<'_>, op: OpId) -> KeyId {
    case.history.micro(op).key().expect("a register has a key")
}

fn of_key(lanes: &Lanes, key: KeyId) -> &[(ProcessId, Lane)] {
    lanes.get(&key).map_or(&[], |lanes| &lanes[..])
}
