//! release: clocks that locks pass on.

use super::super::Scene;
use crate::certificate::verify::causal::width;
use crate::certificate::verify::clocks::join;
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::verify::orders::processes;
use crate::history::{Function, KeyId, LockId, OpId, Outcome, ProcessId};
use rustc_hash::FxHashMap;

/// The conditions, operation by operation in the order of synchronisation.
pub(super) fn check(scene: &Scene<'_>, order: &[OpId]) -> Result<(), Fault> {
    let mut sweep = Sweep::new(scene);
    for &op in order {
        if scene.case.history.outcome(op) == Outcome::Ok {
            sweep.advance(scene.case.history.process(op), op)?;
        }
        sweep.synchronise(op);
    }
    for process in processes(scene.case.history) {
        sweep.finish(process)?;
    }
    Ok(())
}

/// What leaves with a lock, or with the variable that all syncs share.
type Variable = Option<LockId>;

/// A process's `ok` writes to a key, by rank.
type Lane = (ProcessId, Vec<(u32, OpId)>);

struct Sweep<'a> {
    scene: &'a Scene<'a>,
    writes: FxHashMap<KeyId, Vec<Lane>>,
    /// By write the reads that read from it.
    readers: FxHashMap<OpId, Vec<OpId>>,
    /// For each process, below which rank each other process's operations happen before its next one.
    clocks: Vec<Vec<u32>>,
    /// How far each process's operations have been checked.
    done: Vec<usize>,
    /// What `info` releases leave.
    left: FxHashMap<OpId, Vec<u32>>,
    variables: FxHashMap<Variable, Vec<u32>>,
}

impl<'a> Sweep<'a> {
    fn new(scene: &'a Scene<'a>) -> Self {
        let width = width(scene.case);
        let mut sweep = Self {
            scene,
            writes: FxHashMap::default(),
            readers: FxHashMap::default(),
            clocks: vec![vec![0; width]; width],
            done: vec![0; width],
            left: FxHashMap::default(),
            variables: FxHashMap::default(),
        };
        for process in processes(scene.case.history) {
            for &op in scene.case.history.program_order(process) {
                if scene.case.history.outcome(op) == Outcome::Ok && scene.writes(op) {
                    let lanes = sweep.writes.entry(scene.key(op)).or_default();
                    if lanes.last().is_none_or(|lane| lane.0 != process) {
                        lanes.push((process, Vec::new()));
                    }
                    let lane = &mut lanes.last_mut().expect("it was just pushed").1;
                    lane.push((scene.case.orders.rank(op), op));
                }
                if let Some(write) = scene.sources.write(op) {
                    sweep.readers.entry(write).or_default().push(op);
                }
            }
        }
        sweep
    }

    /// Checks a process's operations up to a synchronisation operation; what its `info` releases on the way leave is what
    /// it had taken up by then.
    fn advance(&mut self, process: ProcessId, until: OpId) -> Result<(), Fault> {
        let rank = self.scene.case.orders.rank(until) as usize;
        self.up_to(process, rank)
    }

    fn finish(&mut self, process: ProcessId) -> Result<(), Fault> {
        let length = self.scene.case.history.program_order(process).len();
        self.up_to(process, length)
    }

    fn up_to(&mut self, process: ProcessId, rank: usize) -> Result<(), Fault> {
        let case = self.scene.case;
        let order = case.history.program_order(process);
        for &op in &order[self.done[process.index()].min(rank)..rank] {
            if case.history.function(op).is_sync() {
                if case.history.outcome(op) == Outcome::Info {
                    self.left.insert(op, self.past(op));
                }
            } else if self.scene.sources.takes_part(case, op) {
                self.operation(op)?;
            }
        }
        self.done[process.index()] = self.done[process.index()].max(rank);
        Ok(())
    }

    /// Everything that precedes an operation: what its process has taken up, and its own earlier operations.
    fn past(&self, op: OpId) -> Vec<u32> {
        let process = self.scene.case.history.process(op).index();
        let mut clock = self.clocks[process].clone();
        clock[process] = clock[process].max(self.scene.case.orders.rank(op));
        clock
    }

    fn synchronise(&mut self, op: OpId) {
        let history = self.scene.case.history;
        let function = history.function(op);
        let variable = history.micro(op).lock().filter(|_| function != Function::Sync);
        let process = history.process(op).index();
        let certain = history.outcome(op) == Outcome::Ok;
        let leaves = matches!(function, Function::Release | Function::Sync);
        let left = leaves.then(|| {
            // An `info` one that its process has not come past yet leaves what it has taken up so far.
            self.left.remove(&op).unwrap_or_else(|| self.past(op))
        });
        if let Some(taken) =
            self.variables.get(&variable).filter(|_| certain && function != Function::Release)
        {
            join(&mut self.clocks[process], taken);
        }
        if let Some(left) = left {
            let width = left.len();
            join(self.variables.entry(variable).or_insert_with(|| vec![0; width]), &left);
        }
    }

    /// The conditions for one operation.
    fn operation(&mut self, op: OpId) -> Result<(), Fault> {
        let case = self.scene.case;
        let clock = &self.clocks[case.history.process(op).index()];
        for (process, lane) in self.writes.get(&self.scene.key(op)).into_iter().flatten() {
            let before = lane.partition_point(|&(rank, _)| rank < clock[process.index()]);
            if let Some(&(_, write)) = lane[..before].last() {
                self.scene.behind(write, op)?;
            }
        }
        for &read in self.readers.get(&op).into_iter().flatten() {
            let certain = case.history.outcome(read) == Outcome::Ok;
            if certain && case.orders.rank(read) < clock[case.history.process(read).index()] {
                return refuted(format!("operation {read} happens before {op}, which it reads from"));
            }
        }
        Ok(())
    }
}
