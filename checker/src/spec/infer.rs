//! Which data type a history is of.

use super::{Concern, Scope, SpecError, SpecKind, concerns};
use crate::history::{Function, History};

/// The data type of a history: the one its header names, else the one that its functions belong to.
///
/// Failed operations count too. Locks and syncs may stand in a history of any type of keys, so they decide only where
/// there is nothing else; then the history is of a mutex, or of a semaphore if its initial value is a number of permits,
/// for a register would have nothing to judge and pass. Where several types have all the functions, the plainer one is
/// meant: a history of reads alone, or without any operation, is of a register, and so is one of reads, writes and cas.
///
/// # Errors
/// If the header names an unknown type, or the functions belong to no one type.
pub fn infer(history: &History) -> Result<SpecKind, SpecError> {
    if let Some(name) = history.declared_spec() {
        return SpecKind::from_name(name).ok_or_else(|| SpecError::UnknownSpec {
            name: name.into(),
            known: SpecKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", "),
        });
    }
    let functions = functions(history);
    let on_keys = functions.iter().any(|function| !function.is_sync());
    if !on_keys && functions.iter().any(|&function| function != Function::Sync) {
        let permits = history.default_initial().as_small_int().is_some();
        return Ok(if permits { SpecKind::Semaphore } else { SpecKind::Mutex });
    }
    // In the order of the list: the register, with which several types share functions, stands before them.
    let fits = |kind: &SpecKind| {
        kind.scope() != Scope::Lock
            && functions.iter().all(|&function| concerns(*kind, function) != Concern::Unknown)
    };
    SpecKind::ALL.iter().copied().find(fits).ok_or_else(|| SpecError::Ambiguous {
        functions: functions.iter().map(|function| function.name()).collect::<Vec<_>>().join(", "),
    })
}

/// The functions that occur, each once, in the order of [`Function::ALL`].
fn functions(history: &History) -> Vec<Function> {
    let mut occurs = [false; 256];
    for op in history.ops() {
        occurs[history.function(op) as usize] = true;
    }
    Function::ALL.iter().copied().filter(|&function| occurs[function as usize]).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int};
    use super::*;
    use crate::history::Outcome;

    fn of(functions: &[Function]) -> Result<SpecKind, SpecError> {
        let mut script = Script::new();
        for &function in functions {
            script = match function {
                Function::Txn => script.txn(&[], Outcome::Ok),
                _ if function.is_sync() => script.sync(0, function, false),
                _ => script.outcome(function, None, Outcome::Fail),
            };
        }
        infer(&script.finish())
    }

    #[test]
    fn each_type_is_known_by_its_functions() {
        for &kind in SpecKind::ALL {
            let expected = if kind == SpecKind::Semaphore { SpecKind::Mutex } else { kind };
            assert_eq!(of(kind.functions()), Ok(expected));
            if kind.scope() != Scope::Lock {
                let with_locks = [kind.functions(), &[Function::Acquire, Function::Sync]].concat();
                assert_eq!(of(&with_locks), Ok(kind), "locks beside keys");
            }
        }
        assert_eq!(of(&[]), Ok(SpecKind::Register));
        assert_eq!(of(&[Function::Read]), Ok(SpecKind::Register));
        assert_eq!(of(&[Function::Sync]), Ok(SpecKind::Register));
        assert_eq!(of(&[Function::Release, Function::Sync]), Ok(SpecKind::Mutex));
        let permits = Script::new().initial(&int(3)).sync(0, Function::Acquire, false).finish();
        assert_eq!(infer(&permits), Ok(SpecKind::Semaphore));
    }

    #[test]
    fn functions_of_several_types_are_ambiguous() {
        let error = of(&[Function::Push, Function::Read, Function::Enqueue]).unwrap_err();
        assert_eq!(error, SpecError::Ambiguous { functions: "read, enqueue, push".into() });
    }

    #[test]
    fn the_header_decides() {
        let script = || Script::new().op(Function::Read, int(1));
        assert_eq!(infer(&script().spec("cas-register").finish()), Ok(SpecKind::Register));
        assert_eq!(infer(&script().spec("counter").finish()), Ok(SpecKind::Counter));
        let error = infer(&script().spec("rregister").finish()).unwrap_err();
        assert!(
            error.to_string().contains("rregister") && error.to_string().contains("append-list"),
            "{error}"
        );
    }
}
