//! The client-centric guarantees in a history that records replicas, read off their logs as Terry et al. (PDIS 1994)
//! define them.
//!
//! Let DB(S, r) be the writes that replica S had applied, by its log, when it answered the read r, and DB(S) all that its
//! log names. What a read of a key depends on, Terry's relevant writes, is the last write to the key in DB(S, r), if any.
//!
//! - **read-your-writes**: w before r in one process ⇒ w ∈ DB(S, r).
//! - **monotonic-reads**: r1 before r2 ⇒ what r1 depends on is in DB(S2, r2).
//! - **monotonic-writes**: w1 before w2 ⇒ each log that names w2 names w1 before it.
//! - **writes-follow-reads**: r before w ⇒ each log that names w names what r depends on before it.
//!
//! A read must return what its replica's log says: the value of the write that it depends on, or the initial value. A log
//! that names a write again says no more than before; a failed write in a log is passed over. A cas is a read and then a
//! write. Nothing is existential: every `info` write that a log names happened.

use super::NaiveError;
use super::orders;
use super::registers::Op;
use crate::history::{History, OpId, Outcome, ReplicaId};
use crate::model::Guarantees;

/// Whether the logs show the guarantees.
pub(super) fn hold(history: &History, ops: &[Op], set: Guarantees) -> Result<bool, NaiveError> {
    let logs = Logs { history, ops };
    let reads = || ops.iter().filter(|op| op.reads.is_some() && history.outcome(op.id) == Outcome::Ok);
    if let Some(lost) = reads().find(|op| history.replica(op.id).is_none()) {
        return Err(NaiveError::NoReplica { op: lost.id });
    }
    let before = |a: &Op, b: &Op| orders::program(history, a.id, b.id);
    let answers = reads().all(|read| {
        let expected =
            logs.depends_on(read).map_or(history.initial(read.key), |write| write.writes.expect("a write"));
        read.reads == Some(expected)
    });
    let read_your_writes = || {
        reads()
            .all(|read| logs.writes().filter(|write| before(write, read)).all(|write| logs.had(read, write)))
    };
    let monotonic_reads = || {
        reads().all(|first| {
            let on = logs.depends_on(first);
            on.is_none_or(|on| {
                reads().filter(|second| before(first, second)).all(|second| logs.had(second, on))
            })
        })
    };
    let monotonic_writes = || {
        logs.writes().all(|first| {
            logs.writes()
                .filter(|second| before(first, second))
                .all(|second| logs.everywhere_before(first, second))
        })
    };
    let writes_follow_reads = || {
        reads().all(|read| {
            let later = |write: &&Op| before(read, write) || write.id == read.id;
            let on = logs.depends_on(read);
            on.is_none_or(|on| logs.writes().filter(later).all(|write| logs.everywhere_before(on, write)))
        })
    };
    Ok(answers
        && (!set.contains(Guarantees::READ_YOUR_WRITES) || read_your_writes())
        && (!set.contains(Guarantees::MONOTONIC_READS) || monotonic_reads())
        && (!set.contains(Guarantees::MONOTONIC_WRITES) || monotonic_writes())
        && (!set.contains(Guarantees::WRITES_FOLLOW_READS) || writes_follow_reads()))
}

struct Logs<'a> {
    history: &'a History,
    ops: &'a [Op],
}

impl<'a> Logs<'a> {
    fn writes(&self) -> impl Iterator<Item = &'a Op> {
        self.ops.iter().filter(|op| op.writes.is_some())
    }

    /// The writes in a replica's log, each once, in order; up to where it answered `read`, or all.
    fn log(&self, replica: ReplicaId, read: Option<OpId>) -> Vec<&'a Op> {
        let mut applied: Vec<&Op> = Vec::new();
        for line in self.history.logs().iter().filter(|line| line.replica == replica) {
            if read.is_some_and(|read| read.0 < line.position) {
                continue;
            }
            for &id in &line.writes {
                let again = applied.iter().any(|other| other.id == id);
                applied.extend(self.writes().find(|write| write.id == id && !again));
            }
        }
        applied
    }

    /// DB(S, r) of the replica at which `read` ran; what a cas writes itself is not yet in it.
    fn database(&self, read: &Op) -> Vec<&'a Op> {
        let replica = self.history.replica(read.id).expect("every read names its replica");
        let mut applied = self.log(replica, Some(read.id));
        applied.retain(|write| write.id != read.id);
        applied
    }

    /// The last write to the read's key.
    fn depends_on(&self, read: &Op) -> Option<&'a Op> {
        self.database(read).into_iter().rfind(|write| write.key == read.key)
    }

    fn had(&self, read: &Op, write: &Op) -> bool {
        self.database(read).iter().any(|other| other.id == write.id)
    }

    /// Every log that names `second` names `first` before it.
    fn everywhere_before(&self, first: &Op, second: &Op) -> bool {
        let replicas = (0..self.history.replica_count()).map(ReplicaId::from_index);
        replicas.into_iter().all(|replica| {
            let log = self.log(replica, None);
            let place = |write: &Op| log.iter().position(|other| other.id == write.id);
            place(second).is_none_or(|second| place(first).is_some_and(|first| first < second))
        })
    }
}
