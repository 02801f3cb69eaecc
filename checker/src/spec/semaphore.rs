//! Semaphore: a number of permits, acquired and released one by one.
//!
//! # Semantics
//! Dijkstra's counting semaphore (1965) as a pool of permits: the header's `initial` says how many there are, 1 if it is
//! `null`. `acquire` takes one and is legal while one is free; `release` gives one back and is legal while one is taken.
//! Permits have no owners: any process may give back (as in Java's `Semaphore`), and the mode of an acquire does not matter.
//! What is never legal is to give back more than was taken: the permits free plus those taken are always the initial ones.
//! Java's would let a release raise the number above the initial one; a checker that allowed it could not see a permit that
//! was given back twice. So a semaphore that starts at 0 to signal with is not of this type.
//!
//! # Unknown results
//! Acquire and release have no results: that they returned says that they happened. An attempt that got no permit is to be
//! recorded as `"outcome":"fail"`; `"ok":false` does not fit the type.

use super::decode::bad_initial;
use super::{Decoder, Object, RecordedSpec, Scope, SequentialSpec, SpecError, SpecKind};
use crate::history::{Datum, Function, History, OpId};

/// A semaphore with a given number of permits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Semaphore {
    /// How many permits there are.
    pub permits: u64,
}

/// A function of a semaphore.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SemaphoreOp {
    /// Take a permit.
    Acquire,
    /// Give one back.
    Release,
}

/// A state is the number of free permits.
impl SequentialSpec for Semaphore {
    type State = u64;
    type Op = SemaphoreOp;
    type Ret = ();

    fn initial(&self) -> u64 {
        self.permits
    }

    fn step(&self, state: &u64, op: &SemaphoreOp, _: Option<&()>, next: &mut Vec<u64>) {
        next.extend(match op {
            SemaphoreOp::Acquire => state.checked_sub(1),
            SemaphoreOp::Release => state.checked_add(1).filter(|free| *free <= self.permits),
        });
    }
}

impl RecordedSpec for Semaphore {
    const KIND: SpecKind = SpecKind::Semaphore;
    const FUNCTIONS: &'static [Function] = &[Function::Acquire, Function::Release];
    const SCOPE: Scope = Scope::Lock;

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        let value = object.initial(history);
        let permits = match history.values().get(value) {
            Some(Datum::Null) => Some(1),
            Some(Datum::Int(permits)) => u64::try_from(permits).ok(),
            _ => None,
        };
        let expected = "a number of permits (null: 1)";
        Ok(Self { permits: permits.ok_or_else(|| bad_initial(history, Self::KIND, value, expected))? })
    }

    fn decode(decoder: &mut Decoder<'_>, op: OpId) -> Result<(SemaphoreOp, Option<()>), SpecError> {
        let function = match decoder.history().function(op) {
            Function::Acquire => SemaphoreOp::Acquire,
            Function::Release => SemaphoreOp::Release,
            _ => return Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS)),
        };
        decoder.not_refused(op)?;
        Ok((function, Some(())))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int, replay, run};
    use super::SemaphoreOp::{Acquire, Release};
    use super::*;

    fn steps(permits: u64, ops: &[SemaphoreOp]) -> Vec<u64> {
        run(&Semaphore { permits }, &ops.iter().map(|op| (*op, Some(()))).collect::<Vec<_>>())
    }

    #[test]
    fn semantics() {
        assert_eq!(steps(2, &[Acquire]), [1]);
        assert_eq!(steps(2, &[Acquire, Acquire, Release]), [1]);
        let history = Script::new().sync(0, Function::Acquire, false).finish();
        assert_eq!(replay::<Semaphore>(&history).unwrap(), [0], "one permit unless the header says more");
    }

    #[test]
    fn accepts() {
        let script = Script::new()
            .initial(&int(2))
            .sync(0, Function::Acquire, false)
            .sync(0, Function::Acquire, false)
            .sync(1, Function::Release, false)
            .sync(1, Function::Acquire, true);
        assert_eq!(replay::<Semaphore>(&script.finish()).unwrap(), [0]);
        assert_eq!(steps(u64::MAX, &[Acquire, Release]), [u64::MAX]);
    }

    #[test]
    fn rejects() {
        assert!(steps(2, &[Acquire, Acquire, Acquire]).is_empty());
        assert!(steps(0, &[Acquire]).is_empty());
        assert!(steps(1, &[Release]).is_empty(), "more than was taken");
        assert!(steps(u64::MAX, &[Release]).is_empty(), "no overflow, no panic");
        for script in [
            Script::new().initial(&int(-1)).sync(0, Function::Acquire, false),
            Script::new().initial(&Datum::text("2")).sync(0, Function::Acquire, false),
            Script::new().refused(0, Function::Acquire),
        ] {
            assert!(replay::<Semaphore>(&script.finish()).is_err());
        }
    }
}
