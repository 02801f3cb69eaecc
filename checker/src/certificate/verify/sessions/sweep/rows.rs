//! What reads and writes carry: two counters for each process, and what they make visible.

use super::super::Session;
use crate::certificate::verify::causal::CausalOrder;
use crate::certificate::verify::clocks::join;
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::verify::orders::processes;
use crate::history::{KeyId, OpId, ProcessId};
use crate::model::Guarantees;
use rustc_hash::FxHashMap;

/// For each process below which rank its reads are taken over, then for each below which rank its writes are.
type Row = Vec<u32>;

/// The half of a row, of a process's operations, or of its lanes, that is about reads.
pub(super) const READS: usize = 0;
/// The half that is about writes.
pub(super) const WRITES: usize = 1;

/// Running maxima of places along a process's operations: (rank, the last place so far, counted from 1).
#[derive(Default)]
struct Maxima(Vec<(u32, u32)>);

impl Maxima {
    fn push(&mut self, rank: u32, place: u32) {
        let before = self.0.last().map_or(0, |last| last.1);
        self.0.push((rank, before.max(place)));
    }

    /// Of the operations below a rank; 0 = there is none.
    fn below(&self, rank: u32) -> u32 {
        let count = self.0.partition_point(|entry| entry.0 < rank);
        if count == 0 { 0 } else { self.0[count - 1].1 }
    }
}

/// By process the maxima of what its reads bring, and of its writes.
type Lanes = FxHashMap<ProcessId, [Maxima; 2]>;

pub(super) struct Rows<'a> {
    session: &'a Session<'a>,
    graph: &'a CausalOrder<'a>,
    width: usize,
    by_key: FxHashMap<KeyId, Lanes>,
    all_keys: Lanes,
    /// What was joined over each process's reads and over its writes so far.
    so_far: Vec<[Row; 2]>,
    /// Rows of writes that are still to be read from, and by how many.
    kept: FxHashMap<OpId, (Row, usize)>,
    /// What operations that are still to come take over from their process.
    snapshots: FxHashMap<OpId, [Option<Row>; 2]>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(session: &'a Session<'a>, graph: &'a CausalOrder<'a>) -> Self {
        let width = session.case.history.process_count();
        let zero = || vec![0; 2 * width];
        let mut rows = Self {
            session,
            graph,
            width,
            by_key: FxHashMap::default(),
            all_keys: FxHashMap::default(),
            so_far: (0..width).map(|_| [zero(), zero()]).collect(),
            kept: FxHashMap::default(),
            snapshots: FxHashMap::default(),
        };
        for process in processes(session.case.history) {
            for &op in session.case.history.program_order(process).iter().filter(|&&op| session.certain(op)) {
                let rank = session.case.orders.rank(op);
                session.brings(op).for_each(|write| rows.note(process, READS, rank, write));
                if session.writes(op) {
                    rows.note(process, WRITES, rank, op);
                }
            }
        }
        rows
    }

    fn note(&mut self, process: ProcessId, half: usize, rank: u32, write: OpId) {
        let key = self.session.case.history.micro(write).key().expect("a register has a key");
        let place = self.session.place(write);
        self.by_key.entry(key).or_default().entry(process).or_default()[half].push(rank, place);
        self.all_keys.entry(process).or_default()[half].push(rank, place);
    }

    /// An `ok` read.
    pub(super) fn read(&mut self, read: OpId) -> Result<(), Fault> {
        let own = self.own(read, WRITES);
        let row = self.seen_by(read, &own)?;
        join(&mut self.so_far[self.session.case.history.process(read).index()][READS], &row);
        Ok(())
    }

    /// An `ok` write.
    pub(super) fn write(&mut self, write: OpId) -> Result<(), Fault> {
        let own = self.own(write, READS);
        let rank = self.session.case.orders.rank(write) + u32::from(self.session.reads(write));
        let row = self.carried_by(write, &own, rank, None)?;
        join(&mut self.so_far[self.session.case.history.process(write).index()][WRITES], &row);
        self.keep(write, row);
        Ok(())
    }

    /// What an operation takes over from its process: of one half what was put aside for it, if anything was.
    fn own(&mut self, op: OpId, half: usize) -> [Row; 2] {
        let mut own = self.so_far[self.session.case.history.process(op).index()].clone();
        if let Some(put_aside) = self.snapshots.get_mut(&op).and_then(|snapshots| snapshots[half].take()) {
            own[half] = put_aside;
        }
        if self.snapshots.get(&op).is_some_and(|snapshots| snapshots.iter().all(Option::is_none)) {
            self.snapshots.remove(&op);
        }
        own
    }

    /// An `info` operation that happened: its read, if it is a cas, and its write.
    pub(super) fn info(&mut self, op: OpId) -> Result<(), Fault> {
        let zero = vec![0; 2 * self.width];
        let own =
            self.snapshots.remove(&op).unwrap_or_default().map(|row| row.unwrap_or_else(|| zero.clone()));
        let seen = if self.session.reads(op) { Some(self.seen_by(op, &own)?) } else { None };
        let row = self.carried_by(op, &own, self.session.case.orders.rank(op), seen.as_ref())?;
        self.keep(op, row);
        Ok(())
    }

    pub(super) fn snapshot(&mut self, op: OpId, half: usize) {
        let process = self.session.case.history.process(op).index();
        self.snapshots.entry(op).or_default()[half] = Some(self.so_far[process][half].clone());
    }

    pub(super) fn has(&self, op: OpId, half: usize) -> bool {
        self.snapshots.get(&op).is_some_and(|snapshots| snapshots[half].is_some())
    }

    fn keep(&mut self, write: OpId, row: Row) {
        let readers = self.graph.readers(write).len();
        if readers > 0 {
            self.kept.insert(write, (row, readers));
        }
    }

    /// The row of what a read must see; what it reads from must be the last of that, by the arbitration, to its key.
    fn seen_by(&mut self, read: OpId, own: &[Row; 2]) -> Result<Row, Fault> {
        let session = self.session;
        let (process, rank) = (session.case.history.process(read).index(), session.case.orders.rank(read));
        let mut row = vec![0; 2 * self.width];
        if session.asks(Guarantees::MONOTONIC_READS) {
            join(&mut row, &own[READS]);
            raise(&mut row, process, rank);
        }
        if session.asks(Guarantees::READ_YOUR_WRITES) {
            join(&mut row, &own[WRITES]);
            raise(&mut row, self.width + process, rank);
        }
        if let Some(write) = session.sources.write(read) {
            let (kept, readers) = self.kept.get_mut(&write).expect("a write is done before its readers");
            join(&mut row, kept);
            *readers -= 1;
            if *readers == 0 {
                self.kept.remove(&write);
            }
        }
        let key = session.case.history.micro(read).key().expect("a register has a key");
        let visible = self.last(self.by_key.get(&key), &row).max(self.brought(read));
        if visible == session.sources.write(read).map_or(0, |write| session.place(write)) {
            Ok(row)
        } else {
            refuted(format!(
                "operation {read} must see a write to its key that is later than what it reads from"
            ))
        }
    }

    /// The row of what must be seen wherever a write is; all of it must be before the write in the arbitration, as far as
    /// the write follows reads.
    fn carried_by(
        &self,
        write: OpId,
        own: &[Row; 2],
        reads_below: u32,
        seen: Option<&Row>,
    ) -> Result<Row, Fault> {
        let session = self.session;
        let process = session.case.history.process(write).index();
        let mut row = vec![0; 2 * self.width];
        if session.asks(Guarantees::WRITES_FOLLOW_READS) {
            join(&mut row, &own[READS]);
            raise(&mut row, process, reads_below);
            let mut last = 0;
            if let Some(seen) = seen {
                join(&mut row, seen);
                last = self.brought(write);
            }
            if self.last(Some(&self.all_keys), &row).max(last) >= session.place(write) {
                return refuted(format!(
                    "the arbitration does not put {write} after all that its process had seen"
                ));
            }
        }
        if session.asks(Guarantees::MONOTONIC_WRITES) {
            join(&mut row, &own[WRITES]);
            raise(&mut row, self.width + process, session.case.orders.rank(write));
        }
        Ok(row)
    }

    /// The last place among what a read brings by itself; 0 = nothing.
    fn brought(&self, read: OpId) -> u32 {
        self.session.brings(read).map(|write| self.session.place(write)).max().unwrap_or(0)
    }

    /// The last place of the writes that a row makes visible; 0 = none.
    fn last(&self, lanes: Option<&Lanes>, row: &Row) -> u32 {
        let of_lane = |(process, [reads, writes]): (&ProcessId, &[Maxima; 2])| {
            let index = process.index();
            reads.below(row[index]).max(writes.below(row[self.width + index]))
        };
        lanes.into_iter().flatten().map(of_lane).max().unwrap_or(0)
    }
}

fn raise(row: &mut Row, index: usize, count: u32) {
    row[index] = row[index].max(count);
}
