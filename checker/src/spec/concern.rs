//! Which operations of a history a data type judges: one rule for the engine, the enumerator and the verifier.

use super::{Object, Scope, SpecKind};
use crate::history::{Function, History, OpId, Outcome};

/// What a data type has to do with a function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Concern {
    /// It is one of its functions.
    Judged,
    /// It is about something else that the history records as well: locks beside keys, keys beside locks. Reports say that
    /// such operations were passed over.
    PassedOver,
    /// It does not fit: a history with it cannot be judged as this type.
    Unknown,
}

/// What a data type has to do with a function.
///
/// Types of keys pass over acquire, release and sync; types of locks pass over everything that works on keys, and over
/// sync.
#[must_use]
pub fn concerns(kind: SpecKind, function: Function) -> Concern {
    if kind.functions().contains(&function) {
        Concern::Judged
    } else if function.is_sync() || kind.scope() == Scope::Lock {
        Concern::PassedOver
    } else {
        Concern::Unknown
    }
}

/// Whether an operation takes part in a check.
///
/// It does unless it failed, is passed over, or is an `info` operation that observes and changes nothing: what it saw is
/// unknown, so it tells nothing. An operation that does not fit is kept, so that decoding it is the error that it should be.
#[must_use]
pub fn kept(history: &History, kind: SpecKind, op: OpId) -> bool {
    concerns(kind, history.function(op)) != Concern::PassedOver
        && match history.outcome(op) {
            Outcome::Ok => true,
            Outcome::Fail => false,
            Outcome::Info => !observes(history, op),
        }
}

/// The object that an operation works on when the history is judged as that type; `None` if the type does not judge it.
#[must_use]
pub fn object_of(history: &History, kind: SpecKind, op: OpId) -> Option<Object> {
    if concerns(kind, history.function(op)) != Concern::Judged {
        return None;
    }
    match kind.scope() {
        Scope::Whole => Some(Object::Whole),
        Scope::Key => history.micros(op).next()?.key().map(Object::Key),
        Scope::Lock => history.micros(op).next()?.lock().map(Object::Lock),
    }
}

/// True for operations that change nothing, whatever they answer.
fn observes(history: &History, op: OpId) -> bool {
    match history.function(op) {
        Function::Read | Function::Contains => true,
        Function::Txn => history.micros(op).all(|micro| micro.function == Function::Read),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int};
    use super::*;
    use crate::history::Datum;

    #[test]
    fn a_type_judges_its_functions_and_passes_over_the_other_world() {
        for &kind in SpecKind::ALL {
            for &function in Function::ALL {
                let expected = match (kind.functions().contains(&function), kind.scope(), function.is_sync())
                {
                    (true, ..) => Concern::Judged,
                    (_, Scope::Lock, _) | (.., true) => Concern::PassedOver,
                    _ => Concern::Unknown,
                };
                assert_eq!(concerns(kind, function), expected, "{kind} {function}");
            }
        }
        assert_eq!(concerns(SpecKind::Register, Function::Acquire), Concern::PassedOver);
        assert_eq!(concerns(SpecKind::Mutex, Function::Write), Concern::PassedOver);
        assert_eq!(concerns(SpecKind::Queue, Function::Write), Concern::Unknown);
    }

    #[test]
    fn what_is_kept() {
        let history = Script::new()
            .op(Function::Write, int(1))
            .outcome(Function::Write, Some(int(1)), Outcome::Fail)
            .outcome(Function::Write, Some(int(1)), Outcome::Info)
            .outcome(Function::Read, None, Outcome::Info)
            .unanswered(Function::Read)
            .sync(0, Function::Acquire, false)
            .op(Function::Push, int(1))
            .txn(&[(Function::Read, "x", Datum::Null)], Outcome::Info)
            .txn(&[(Function::Read, "x", Datum::Null), (Function::Write, "y", int(1))], Outcome::Info)
            .txn(&[], Outcome::Ok)
            .finish();
        let kept_as =
            |kind| history.ops().filter(|&op| kept(&history, kind, op)).map(|op| op.0).collect::<Vec<_>>();
        assert_eq!(kept_as(SpecKind::MultiRegister), [0, 2, 4, 6, 8, 9]);
        assert_eq!(kept_as(SpecKind::Mutex), [5]);
        let objects = |kind| history.ops().map(move |op| object_of(&history, kind, op)).collect::<Vec<_>>();
        assert!(matches!(
            objects(SpecKind::Register)[..],
            [Some(Object::Key(_)), .., None, None, None, None, None]
        ));
    }
}
