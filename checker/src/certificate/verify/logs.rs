//! The client-centric guarantees read off replica logs (Terry et al. 1994).
//!
//! A read at replica S depends on the last write to its key that S's log named before the read stood in the input.
//! read-your-writes: every earlier write of its process was in that log. monotonic-reads: so was what its process's
//! earlier reads depended on. monotonic-writes: a log that names a write has the earlier writes of its process before
//! it. writes-follow-reads: and what the earlier reads of its process, and the write itself if it is a cas, depended on.
//! A read returns what it depends on, or the initial value.
//!
//! # Complexity
//! O((n + length of the logs) · replicas), up to logarithms.

use super::Case;
use super::fault::{Fault, VerifyError, refuted};
use super::orders::processes;
use super::registers::{read_of, write_of};
use crate::history::{KeyId, OpId, Outcome, ReplicaId};
use crate::model::{Guarantees, Model};
use crate::naive::NaiveError;
use rustc_hash::FxHashMap;

/// That the logs show the guarantees.
pub(super) fn check(case: &Case<'_>, set: Guarantees) -> Result<(), Fault> {
    let logs = Logs::new(case);
    for process in processes(case.history) {
        let mut walk = Walk { logs: &logs, set, depended: Vec::new(), wrote: Vec::new() };
        for &op in case.history.program_order(process) {
            walk.operation(op)?;
        }
    }
    Ok(())
}

/// That a guarantee is broken, as the certificate says:
///
/// - `with` empty, or the write that a read's log says it must return: it returns something else.
/// - a read and `[w]`: its replica lacked w, which its process wrote (read-your-writes) or an earlier read of its process
///   depended on (monotonic-reads).
/// - a write and `[w]`: a log names it without w before it, which its process wrote earlier (monotonic-writes) or an earlier
///   read of its process, or itself if it is a cas, depended on (writes-follow-reads).
/// - `[w, r]`: the same, r being the read that depended on w.
pub(super) fn missing(case: &Case<'_>, op: OpId, with: &[OpId]) -> Result<(), Fault> {
    let Model::Session(set) = case.model else {
        return refuted(format!("{} does not look at logs", case.model));
    };
    if case.history.logs().is_empty() {
        return refuted("the history records no logs");
    }
    let logs = Logs::new(case);
    let reads = logs.reads(op);
    let broken = match *with {
        [] => reads && !logs.answers(op),
        [write] => {
            let other = reads && !logs.answers(op) && logs.depends_on(op) == Some(write);
            let own = case.history.program_order(case.history.process(op));
            other
                || logs.breaks_own(set, op, write)
                || own.iter().any(|&read| logs.breaks(set, op, write, read))
        }
        [write, read] => logs.breaks(set, op, write, read),
        _ => return refuted("missing-write names a write, and perhaps the read that saw it"),
    };
    if broken {
        Ok(())
    } else {
        refuted(format!("the logs are as {set} asks, as far as operation {op} goes"))
    }
}

struct Logs<'a> {
    case: &'a Case<'a>,
    /// Where a replica's log first names a write: its place in the log, and how many operations stood before the line.
    named: FxHashMap<(ReplicaId, OpId), (usize, u32)>,
    /// The writes to a key in a replica's log, in its order, with how many operations stood before their lines.
    by_key: FxHashMap<(ReplicaId, KeyId), Vec<(u32, OpId)>>,
}

impl<'a> Logs<'a> {
    fn new(case: &'a Case<'a>) -> Self {
        let mut logs = Self { case, named: FxHashMap::default(), by_key: FxHashMap::default() };
        let mut lengths = vec![0; case.history.replica_count()];
        for line in case.history.logs() {
            for &write in line.writes.iter().filter(|&&write| takes_part(case, write)) {
                let place = &mut lengths[line.replica.index()];
                if logs.named.contains_key(&(line.replica, write)) {
                    continue;
                }
                logs.named.insert((line.replica, write), (*place, line.position));
                *place += 1;
                if let Some((key, _)) = write_of(case.history, write) {
                    logs.by_key.entry((line.replica, key)).or_default().push((line.position, write));
                }
            }
        }
        logs
    }

    fn replicas(&self) -> impl Iterator<Item = ReplicaId> + use<> {
        (0..self.case.history.replica_count()).map(ReplicaId::from_index)
    }

    /// The last write to the read's key that its replica had applied; its own write, if it is a cas, not counted.
    fn depends_on(&self, read: OpId) -> Option<OpId> {
        let replica = self.case.history.replica(read)?;
        let key = self.case.history.micro(read).key()?;
        let applied = self.by_key.get(&(replica, key))?;
        let had = applied.partition_point(|&(position, _)| position <= read.0);
        applied[..had].iter().rev().map(|&(_, write)| write).find(|&write| write != read)
    }

    fn reads(&self, op: OpId) -> bool {
        self.case.history.outcome(op) == Outcome::Ok && read_of(self.case.history, op).is_some()
    }

    /// A guarantee about a process's own earlier write is broken at `op`.
    fn breaks_own(&self, set: Guarantees, op: OpId, write: OpId) -> bool {
        let own = takes_part(self.case, write) && self.case.orders.program(write, op);
        let lacks = set.contains(Guarantees::READ_YOUR_WRITES) && self.reads(op) && !self.had(op, write);
        let late = set.contains(Guarantees::MONOTONIC_WRITES)
            && takes_part(self.case, op)
            && !self.everywhere_before(write, op);
        own && (lacks || late)
    }

    /// A guarantee about what an earlier read of the process depended on is broken at `op`.
    fn breaks(&self, set: Guarantees, op: OpId, write: OpId, read: OpId) -> bool {
        let earlier = self.case.orders.program(read, op);
        let lacks =
            set.contains(Guarantees::MONOTONIC_READS) && self.reads(op) && earlier && !self.had(op, write);
        let late = set.contains(Guarantees::WRITES_FOLLOW_READS)
            && takes_part(self.case, op)
            && (earlier || read == op)
            && !self.everywhere_before(write, op);
        self.reads(read) && self.depends_on(read) == Some(write) && (lacks || late)
    }

    fn answers(&self, read: OpId) -> bool {
        let Some((key, value)) = read_of(self.case.history, read) else { return false };
        let expected = self.depends_on(read).and_then(|write| write_of(self.case.history, write));
        value == expected.map_or(self.case.history.initial(key), |(_, value)| value)
    }

    /// The read's replica had applied the write.
    fn had(&self, read: OpId, write: OpId) -> bool {
        let replica = self.case.history.replica(read);
        let named = replica.and_then(|replica| self.named.get(&(replica, write)));
        write != read && named.is_some_and(|&(_, position)| position <= read.0)
    }

    /// Every log that names `second` names `first` before it.
    fn everywhere_before(&self, first: OpId, second: OpId) -> bool {
        let place = |replica, write| self.named.get(&(replica, write)).map(|&(place, _)| place);
        self.replicas().all(|replica| {
            place(replica, second)
                .is_none_or(|second| place(replica, first).is_some_and(|first| first < second))
        })
    }
}

/// It is a write that did not fail.
fn takes_part(case: &Case<'_>, write: OpId) -> bool {
    let history = case.history;
    history.outcome(write) != Outcome::Fail && write_of(history, write).is_some()
}

/// A process's operations, one after the other.
struct Walk<'a> {
    logs: &'a Logs<'a>,
    set: Guarantees,
    /// For each replica what holds of everything that the process's reads depended on so far.
    depended: Vec<Bound>,
    /// The same of everything that it wrote so far.
    wrote: Vec<Bound>,
}

/// What a replica's log says of several writes.
#[derive(Clone, Copy, Default)]
struct Bound {
    /// One is not in the log at all.
    absent: bool,
    /// The last place of one, and one.
    place: usize,
    /// The last position of a line that names one, and one.
    position: u32,
    any: bool,
}

impl Walk<'_> {
    fn operation(&mut self, op: OpId) -> Result<(), Fault> {
        let case = self.logs.case;
        let reads = read_of(case.history, op).is_some() && case.history.outcome(op) == Outcome::Ok;
        let writes = takes_part(case, op);
        if reads {
            self.read(op)?;
        }
        let certain = case.history.outcome(op) == Outcome::Ok;
        if writes {
            self.write(op)?;
        }
        if writes && certain {
            self.note(op, false);
        }
        Ok(())
    }

    fn read(&mut self, read: OpId) -> Result<(), Fault> {
        let Some(replica) = self.logs.case.history.replica(read) else {
            return Err(Fault::Input(VerifyError::Naive(NaiveError::NoReplica { op: read })));
        };
        if !self.logs.answers(read) {
            return refuted(format!("operation {read} returns something else than its replica's log says"));
        }
        let lacks = |bounds: &[Bound]| {
            let bound = bounds.get(replica.index()).copied().unwrap_or_default();
            bound.any && (bound.absent || bound.position > read.0)
        };
        if self.set.contains(Guarantees::READ_YOUR_WRITES) && lacks(&self.wrote) {
            return refuted(format!("the replica of operation {read} lacked a write of its process"));
        }
        if self.set.contains(Guarantees::MONOTONIC_READS) && lacks(&self.depended) {
            return refuted(format!(
                "the replica of operation {read} lacked a write that its process had read"
            ));
        }
        if let Some(write) = self.logs.depends_on(read) {
            self.note(write, true);
        }
        Ok(())
    }

    fn write(&mut self, write: OpId) -> Result<(), Fault> {
        for replica in self.logs.replicas() {
            let Some(&(place, _)) = self.logs.named.get(&(replica, write)) else { continue };
            let late = |bounds: &[Bound]| {
                let bound = bounds.get(replica.index()).copied().unwrap_or_default();
                bound.any && (bound.absent || bound.place >= place)
            };
            if self.set.contains(Guarantees::MONOTONIC_WRITES) && late(&self.wrote) {
                return refuted(format!(
                    "a log names operation {write} without an earlier write of its process before it"
                ));
            }
            if self.set.contains(Guarantees::WRITES_FOLLOW_READS) && late(&self.depended) {
                return refuted(format!(
                    "a log names operation {write} without what its process had read before it"
                ));
            }
        }
        Ok(())
    }

    /// Counts a write among those that were read, or those that were written.
    fn note(&mut self, write: OpId, read: bool) {
        let bounds = if read { &mut self.depended } else { &mut self.wrote };
        bounds.resize(self.logs.case.history.replica_count(), Bound::default());
        for replica in self.logs.replicas() {
            let bound = &mut bounds[replica.index()];
            bound.any = true;
            match self.logs.named.get(&(replica, write)) {
                None => bound.absent = true,
                Some(&(place, position)) => {
                    bound.place = bound.place.max(place);
                    bound.position = bound.position.max(position);
                }
            }
        }
    }
}
