//! The least visible sets, operation by operation.

mod rows;

use super::Session;
use crate::certificate::verify::causal::CausalOrder;
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::verify::orders::processes;
use crate::history::{OpId, ProcessId};
use crate::model::Guarantees;
use rows::{READS, Rows, WRITES};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::VecDeque;

/// Whoever waits for a write.
#[derive(Clone, Copy)]
enum Task {
    /// The next read or write of a process.
    Process(ProcessId),
    /// An `info` operation: nothing waits for it in its process, so it is taken by itself.
    Info(OpId),
}

/// Goes through the reads and through the writes of each process in program order, as far as their steps allow.
///
/// Nothing is lost by taking a process's reads in order even if monotonic-reads is not asked for: whatever depends on a
/// later one depends on the earlier ones too, for only a write that follows both carries them on. The same holds for
/// writes.
pub(super) struct Sweep<'a> {
    session: &'a Session<'a>,
    rows: Rows<'a>,
    /// How far each process's reads and writes are done: positions in its program order.
    done: Vec<[usize; 2]>,
    /// The `info` writes that are done.
    info_done: FxHashSet<OpId>,
    waiting: FxHashMap<OpId, Vec<Task>>,
    tasks: VecDeque<Task>,
}

impl<'a> Sweep<'a> {
    pub(super) fn new(session: &'a Session<'a>, graph: &'a CausalOrder<'a>) -> Self {
        Self {
            session,
            rows: Rows::new(session, graph),
            done: vec![[0, 0]; session.case.history.process_count()],
            info_done: FxHashSet::default(),
            waiting: FxHashMap::default(),
            tasks: processes(session.case.history).map(Task::Process).collect(),
        }
    }

    /// Refuted if a read must see a later write than it reads from, or a write comes too early in the arbitration, or the
    /// steps have a cycle.
    pub(super) fn run(mut self) -> Result<(), Fault> {
        while let Some(task) = self.tasks.pop_front() {
            match task {
                Task::Process(process) => while self.advance(process)? {},
                Task::Info(op) => self.info(op)?,
            }
        }
        let history = self.session.case.history;
        let unfinished = |process: &ProcessId| {
            self.done[process.index()].iter().any(|&done| done < history.program_order(*process).len())
        };
        let open = self.session.sources.happened.iter().any(|op| !self.info_done.contains(op));
        if open || processes(history).any(|process| unfinished(&process)) {
            return refuted("what some operations must have seen has a cycle");
        }
        Ok(())
    }

    /// Does the next read or write of a process, or passes over what is neither; false if none is possible now. The one
    /// that lags behind goes first.
    fn advance(&mut self, process: ProcessId) -> Result<bool, Fault> {
        let [reads, writes] = self.done[process.index()];
        let read_first = reads <= writes;
        Ok(read_first && self.advance_read(process)?
            || self.advance_write(process)?
            || !read_first && self.advance_read(process)?)
    }

    fn advance_read(&mut self, process: ProcessId) -> Result<bool, Fault> {
        let session = self.session;
        let [reads, writes] = self.done[process.index()];
        let Some(&op) = session.case.history.program_order(process).get(reads) else { return Ok(false) };
        if session.certain(op) && session.reads(op) {
            if !self.may_read(op, reads, writes) {
                return Ok(false);
            }
            self.rows.read(op)?;
        }
        // What a write that is still to come follows ends with this operation, itself included if it is a cas.
        let follows = session.asks(Guarantees::WRITES_FOLLOW_READS) && session.writes(op) && writes <= reads;
        self.pass(op, READS, follows);
        Ok(true)
    }

    fn advance_write(&mut self, process: ProcessId) -> Result<bool, Fault> {
        let session = self.session;
        let [reads, writes] = self.done[process.index()];
        let Some(&op) = session.case.history.program_order(process).get(writes) else { return Ok(false) };
        let counts = session.certain(op) && session.writes(op);
        if counts && session.asks(Guarantees::WRITES_FOLLOW_READS) && reads <= writes {
            return Ok(false);
        }
        // What a read that is still to come must see of its own process ends before this operation.
        let sees = session.asks(Guarantees::READ_YOUR_WRITES) && session.reads(op) && reads <= writes;
        self.pass(op, WRITES, sees);
        if counts {
            self.rows.write(op)?;
            self.wake(op);
        }
        Ok(true)
    }

    /// Its own earlier writes are done, if it must see them, and so is what it reads from.
    fn may_read(&mut self, op: OpId, reads: usize, writes: usize) -> bool {
        let process = self.session.case.history.process(op);
        let own = !self.session.asks(Guarantees::READ_YOUR_WRITES) || writes >= reads;
        own && self.source_done(op, Task::Process(process))
    }

    /// What it reads from is done; else the task waits for it.
    fn source_done(&mut self, op: OpId, task: Task) -> bool {
        let case = self.session.case;
        let Some(write) = self.session.sources.write(op) else { return true };
        let position = case.orders.rank(write) as usize;
        let certain = self.session.certain(write);
        let done = self.info_done.contains(&write)
            || certain && self.done[case.history.process(write).index()][WRITES] > position;
        if !done {
            self.waiting.entry(write).or_default().push(task);
        }
        done
    }

    fn wake(&mut self, write: OpId) {
        self.tasks.extend(self.waiting.remove(&write).into_iter().flatten());
    }

    /// Moves past an operation. If it is still to take over what its process's earlier reads (or writes) saw, or is an
    /// `info` operation, which takes over nothing later, that is put aside for it.
    fn pass(&mut self, op: OpId, half: usize, needed: bool) {
        self.done[self.session.case.history.process(op).index()][half] += 1;
        let info = self.session.sources.happened.contains(&op);
        if info || needed && self.session.certain(op) {
            self.rows.snapshot(op, half);
        }
        if info {
            self.tasks.push_back(Task::Info(op));
        }
    }

    /// Does an `info` operation, read and write, if what it depends on is there.
    fn info(&mut self, op: OpId) -> Result<(), Fault> {
        let session = self.session;
        let (mut reads, mut writes) =
            (session.asks(Guarantees::WRITES_FOLLOW_READS), session.asks(Guarantees::MONOTONIC_WRITES));
        if session.reads(op) {
            reads |= session.asks(Guarantees::MONOTONIC_READS);
            writes |= session.asks(Guarantees::READ_YOUR_WRITES);
        }
        let there = (!reads || self.rows.has(op, READS)) && (!writes || self.rows.has(op, WRITES));
        if self.info_done.contains(&op) || !there {
            return Ok(());
        }
        if !session.reads(op) || self.source_done(op, Task::Info(op)) {
            self.rows.info(op)?;
            self.info_done.insert(op);
            self.wake(op);
        }
        Ok(())
    }
}
