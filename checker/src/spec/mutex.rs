//! Mutex: a lock that one process holds, or several in shared mode.
//!
//! # Semantics
//! As the synchronised models of this crate define holds: an exclusive hold (from an `acquire` to the same process's
//! `release`) excludes every other hold, shared holds exclude exclusive ones. The lock is not re-entrant: a process that
//! holds it, in either mode, cannot acquire it again. A release is legal only by a process that holds the lock, and ends
//! that process's one hold, whatever mode the release was recorded with. The lock starts free.
//!
//! knossos's mutex only knows "locked"; here, as in a lock service with sessions, it matters who holds it. A harness that continues under a new process number
//! after a crash must release under the number that acquired.
//!
//! # Unknown results
//! Acquire and release have no results: that they returned says that they happened. An attempt that did not get the lock
//! is to be recorded as `"outcome":"fail"`; `"ok":false` does not fit the type. A hold that is never released lasts to the
//! end.

use super::decode::bad_initial;
use super::{Decoder, Object, RecordedSpec, Scope, SequentialSpec, SpecError, SpecKind};
use crate::history::{Function, History, OpId, ProcessId, Value};

/// A lock that starts free.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Mutex;

/// A function of a lock.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MutexOp {
    /// This process takes the lock for itself.
    Acquire(ProcessId),
    /// This process takes the lock together with others.
    AcquireShared(ProcessId),
    /// This process gives it back.
    Release(ProcessId),
}

/// Who holds a lock.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Hold {
    /// This process alone.
    Exclusive(ProcessId),
    /// These processes, in ascending order; nobody, if there are none.
    Shared(Box<[ProcessId]>),
}

impl SequentialSpec for Mutex {
    type State = Hold;
    type Op = MutexOp;
    type Ret = ();

    fn initial(&self) -> Hold {
        Hold::Shared([].into())
    }

    fn step(&self, state: &Hold, op: &MutexOp, _: Option<&()>, next: &mut Vec<Hold>) {
        next.extend(match (*op, state) {
            (MutexOp::Acquire(process), Hold::Shared(holders)) if holders.is_empty() => {
                Some(Hold::Exclusive(process))
            }
            (MutexOp::AcquireShared(process), Hold::Shared(holders)) => holders
                .binary_search(&process)
                .err()
                .map(|at| Hold::Shared([&holders[..at], &[process], &holders[at..]].concat().into())),
            (MutexOp::Release(process), Hold::Shared(holders)) => holders
                .binary_search(&process)
                .ok()
                .map(|at| Hold::Shared([&holders[..at], &holders[at + 1..]].concat().into())),
            (MutexOp::Release(process), Hold::Exclusive(holder)) if process == *holder => {
                Some(self.initial())
            }
            _ => None,
        });
    }

    fn state_bytes(&self, state: &Hold) -> usize {
        let holders = if let Hold::Shared(holders) = state { size_of_val(&**holders) } else { 0 };
        size_of::<Hold>() + holders
    }
}

impl RecordedSpec for Mutex {
    const KIND: SpecKind = SpecKind::Mutex;
    const FUNCTIONS: &'static [Function] = &[Function::Acquire, Function::Release];
    const SCOPE: Scope = Scope::Lock;

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        match object.initial(history) {
            Value::NULL => Ok(Self),
            value => Err(bad_initial(
                history,
                Self::KIND,
                value,
                "null: free (a number of permits is a semaphore's)",
            )),
        }
    }

    fn decode(decoder: &mut Decoder<'_>, op: OpId) -> Result<(MutexOp, Option<()>), SpecError> {
        let history = decoder.history();
        let process = history.process(op);
        let function = match history.function(op) {
            Function::Acquire if history.shared(op) => MutexOp::AcquireShared(process),
            Function::Acquire => MutexOp::Acquire(process),
            Function::Release => MutexOp::Release(process),
            _ => return Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS)),
        };
        decoder.not_refused(op)?;
        Ok((function, Some(())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int, replay, run};
    use super::MutexOp::{Acquire, AcquireShared, Release};
    use super::*;

    const A: ProcessId = ProcessId(0);
    const B: ProcessId = ProcessId(1);

    fn steps(ops: &[MutexOp]) -> Vec<Hold> {
        run(&Mutex, &ops.iter().map(|op| (*op, Some(()))).collect::<Vec<_>>())
    }

    #[test]
    fn semantics() {
        assert_eq!(steps(&[Acquire(A)]), [Hold::Exclusive(A)]);
        assert_eq!(steps(&[AcquireShared(B), AcquireShared(A)]), [Hold::Shared([A, B].into())]);
        assert_eq!(steps(&[AcquireShared(B), AcquireShared(A), Release(B)]), [Hold::Shared([A].into())]);
        assert_eq!(steps(&[Acquire(A), Release(A)]), [Mutex.initial()]);
    }

    #[test]
    fn accepts() {
        let script = Script::new()
            .sync(0, Function::Acquire, false)
            .sync(0, Function::Release, false)
            .sync(1, Function::Acquire, true)
            .sync(0, Function::Acquire, true)
            .sync(1, Function::Release, true)
            .sync(0, Function::Release, false)
            .sync(1, Function::Acquire, false);
        assert_eq!(replay::<Mutex>(&script.finish()).unwrap(), [Hold::Exclusive(B)]);
    }

    #[test]
    fn rejects() {
        for ops in [
            [Acquire(A), Acquire(B)],
            [Acquire(A), Acquire(A)],
            [Acquire(A), Release(B)],
            [Acquire(A), AcquireShared(B)],
            [AcquireShared(A), Acquire(B)],
            [AcquireShared(A), AcquireShared(A)],
            [AcquireShared(A), Release(B)],
            [Release(A), Acquire(A)],
        ] {
            assert!(steps(&ops).is_empty(), "{ops:?}");
        }
        let history = Script::new().initial(&int(2)).sync(0, Function::Acquire, false).finish();
        assert!(matches!(replay::<Mutex>(&history), Err(SpecError::BadInitial { .. })));
        let history = Script::new().refused(0, Function::Acquire).finish();
        assert!(matches!(replay::<Mutex>(&history), Err(SpecError::BadValue { .. })));
    }
}
