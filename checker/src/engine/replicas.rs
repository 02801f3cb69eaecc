//! The client-centric guarantees in a history that records replicas: read off their logs, as Terry et al. (PDIS 1994)
//! define them.
//!
//! Problem: DB(S, r) is what replica S had applied when it answered the read r; what r depends on is the last write to
//! its key in there. A read must return what it depends on, or the initial value. Then: read-your-writes, the earlier
//! writes of the process are in DB(S, r); monotonic-reads, so is what its earlier reads depended on; monotonic-writes,
//! every log that names a write names the earlier writes of its process before it; writes-follow-reads, and what the
//! earlier reads of its process depended on. A cas is a read and then a write.
//!
//! Algorithm: a log is a sequence, and DB(S, r) a beginning of it. So one pass over each process suffices, which keeps, for
//! each replica, the last place in its log of what must be there (infinite if something is missing).
//!
//! Complexity: O(n R) time for R replicas, O(n R) words.

use super::finding::Finding;
use super::scope::Scope;
use crate::certificate::{OneStep, Witness};
use crate::history::{Function, History, KeyId, OpId, Outcome, ProcessId, ReplicaId};
use crate::model::Guarantees;
use crate::relation::written;
use rustc_hash::FxHashMap;

const METHOD: &str = "logs";
/// The place of a write that a log does not name.
const MISSING: usize = usize::MAX;

/// A read without a replica, in a history with logs.
pub(crate) fn lost_read(history: &History) -> Option<OpId> {
    let lost = |op: &OpId| is_read(history, *op) && history.replica(*op).is_none();
    if history.logs().is_empty() { None } else { history.ops().find(lost) }
}

/// Whether the logs show the guarantees; every read must name its replica.
pub(crate) fn decide(scope: Scope<'_>, set: Guarantees) -> Finding {
    let logs = Logs::new(scope.history);
    for process in 0..scope.history.process_count() {
        if let Err(finding) = logs.process(ProcessId::from_index(process), set) {
            return *finding;
        }
    }
    Finding::holds(Witness::Logs, METHOD)
}

/// A successful cas or a read of which the answer is known.
fn is_read(history: &History, op: OpId) -> bool {
    let fits = match history.function(op) {
        Function::Read => history.micro(op).value.is_known(),
        Function::Cas => history.answer(op) != Some(false),
        _ => false,
    };
    fits && history.outcome(op) == Outcome::Ok
}

fn is_write(history: &History, op: OpId) -> bool {
    let fits = match history.function(op) {
        Function::Write => true,
        Function::Cas => history.outcome(op) == Outcome::Info || history.answer(op) != Some(false),
        _ => false,
    };
    fits && history.outcome(op) != Outcome::Fail
}

/// A replica's log, each write once.
#[derive(Default)]
struct Log {
    place: FxHashMap<OpId, usize>,
    /// By place: how many operation lines stood before the line that applied it.
    position: Vec<u32>,
    /// The places of the writes to each key.
    of_key: FxHashMap<KeyId, Vec<(usize, OpId)>>,
}

/// What must be in each replica: the last place in its log, and whose.
type Needs = Vec<Option<(usize, OpId)>>;

struct Logs<'a> {
    history: &'a History,
    logs: Vec<Log>,
}

impl<'a> Logs<'a> {
    fn new(history: &'a History) -> Self {
        let mut logs: Vec<Log> = (0..history.replica_count()).map(|_| Log::default()).collect();
        for line in history.logs() {
            let log = &mut logs[line.replica.index()];
            for &write in line.writes.iter().filter(|&&op| is_write(history, op)) {
                let place = log.position.len();
                if log.place.contains_key(&write) {
                    continue;
                }
                log.place.insert(write, place);
                log.position.push(line.position);
                if let Some(key) = history.micro(write).key() {
                    log.of_key.entry(key).or_default().push((place, write));
                }
            }
        }
        Self { history, logs }
    }

    fn place(&self, replica: usize, write: OpId) -> usize {
        self.logs[replica].place.get(&write).copied().unwrap_or(MISSING)
    }

    /// How much of its replica's log a read saw.
    fn seen(&self, replica: usize, read: OpId) -> usize {
        self.logs[replica].position.partition_point(|&position| position <= read.0)
    }

    /// The last write to the read's key that it saw; never itself.
    fn depends_on(&self, replica: usize, read: OpId) -> Option<OpId> {
        let seen = self.seen(replica, read);
        let writes = self.logs[replica].of_key.get(&self.history.micro(read).key()?)?;
        let before = &writes[..writes.partition_point(|&(place, _)| place < seen)];
        before.iter().rev().map(|&(_, write)| write).find(|&write| write != read)
    }

    /// Adds a write to what must be in each replica.
    fn need(&self, needs: &mut Needs, write: OpId) {
        for (replica, need) in needs.iter_mut().enumerate() {
            let place = self.place(replica, write);
            if need.is_none_or(|(last, _)| place > last) {
                *need = Some((place, write));
            }
        }
    }

    fn process(&self, process: ProcessId, set: Guarantees) -> Result<(), Box<Finding>> {
        let history = self.history;
        let none = || vec![None; self.logs.len()];
        let (mut written_before, mut read_before, mut depended): (Needs, Needs, Vec<OpId>) =
            (none(), none(), Vec::new());
        let missing = |op: OpId, with: Vec<OpId>| {
            Err(Box::new(Finding::one_step(OneStep::MissingWrite, op, with, METHOD)))
        };
        for &op in history.program_order(process) {
            if is_read(history, op) {
                let Some(replica) = history.replica(op).map(ReplicaId::index) else { continue };
                let on = self.depends_on(replica, op);
                let expected = match (on, history.micro(op).key()) {
                    (Some(write), _) => written(history, write),
                    (None, Some(key)) => history.initial(key),
                    (None, None) => continue,
                };
                if history.micro(op).value != expected {
                    return missing(op, on.into_iter().collect());
                }
                let seen = self.seen(replica, op);
                let lacks = |needs: &Needs| needs[replica].filter(|&(place, _)| place >= seen);
                if let Some((_, write)) =
                    lacks(&written_before).filter(|_| set.contains(Guarantees::READ_YOUR_WRITES))
                {
                    return missing(op, vec![write]);
                }
                if set.contains(Guarantees::MONOTONIC_READS) {
                    if let Some((_, write)) = lacks(&read_before) {
                        return missing(op, vec![write]);
                    }
                    if is_write(history, op) && depended.contains(&op) {
                        return missing(op, vec![op]);
                    }
                }
                if let Some(on) = on {
                    self.need(&mut read_before, on);
                    depended.push(on);
                }
            }
            if is_write(history, op) {
                for replica in 0..self.logs.len() {
                    let place = self.place(replica, op);
                    let out_of_order = |needs: &Needs| needs[replica].filter(|&(last, _)| last >= place);
                    let wanted = [
                        (Guarantees::MONOTONIC_WRITES, &written_before),
                        (Guarantees::WRITES_FOLLOW_READS, &read_before),
                    ];
                    for (guarantee, needs) in wanted {
                        if let Some((_, write)) =
                            out_of_order(needs).filter(|_| place != MISSING && set.contains(guarantee))
                        {
                            return missing(op, vec![write]);
                        }
                    }
                }
                if history.outcome(op) == Outcome::Ok {
                    self.need(&mut written_before, op);
                }
            }
        }
        Ok(())
    }
}
