//! Violations that one operation shows by itself.

use super::Case;
use super::fault::{Fault, refuted};
use super::finals;
use super::logs;
use super::registers::{read_of, write_of};
use crate::certificate::OneStep;
use crate::history::{Function, KeyId, OpId, Outcome, Value};
use crate::model::{Guarantees, Model};
use crate::spec::{SpecKind, kept};

/// That the violation is there.
pub(super) fn check(case: &Case<'_>, kind: OneStep, read: OpId, with: &[OpId]) -> Result<(), Fault> {
    case.orders.known(with.iter().chain([&read]))?;
    match kind {
        OneStep::ThinAir => thin_air(case, read),
        OneStep::StaleInitial => stale_initial(case, read, with),
        OneStep::StaleRead => stale_read(case, read, with),
        OneStep::Diverged => diverged(case, read, with),
        OneStep::MissingWrite => logs::missing(case, read, with),
    }
}

/// Nobody wrote (or enqueued, pushed, inserted) the value: every model is violated, for an operation never reads from
/// itself and failed ones took no effect.
fn thin_air(case: &Case<'_>, read: OpId) -> Result<(), Fault> {
    let history = case.history;
    if history.outcome(read) != Outcome::Ok {
        return refuted(format!("operation {read} is not known to have taken effect"));
    }
    let inserts = match (case.spec, history.function(read)) {
        (SpecKind::Register, _) => return thin_air_read(case, read),
        (SpecKind::Queue, Function::Dequeue) => Function::Enqueue,
        (SpecKind::Stack, Function::Pop) => Function::Push,
        (SpecKind::PriorityQueue, Function::Poll) => Function::Insert,
        (spec, function) => {
            return Err(Fault::Unverified(format!("thin-air is not checked for the {function} of a {spec}")));
        }
    };
    let taken = history.micro(read);
    let key = taken.key().expect("a function on keys");
    let inserted = history.ops().any(|op| {
        let micro = history.micro(op);
        history.function(op) == inserts
            && history.outcome(op) != Outcome::Fail
            && (micro.key(), micro.value) == (Some(key), taken.value)
    });
    if !taken.value.is_known()
        || taken.value == Value::NULL
        || inserted
        || history.initial(key) != Value::NULL
    {
        return refuted(format!("what operation {read} took may have been there"));
    }
    Ok(())
}

fn thin_air_read(case: &Case<'_>, read: OpId) -> Result<(), Fault> {
    let (key, value) = certain_read(case, read)?;
    if value == case.history.initial(key) {
        return refuted(format!("operation {read} reads the initial value"));
    }
    match case.writers(key, value).find(|&write| write != read) {
        Some(write) => refuted(format!("operation {read} may read from {write}")),
        None => Ok(()),
    }
}

/// The read returns the initial value, which nobody wrote, after a write to its key: `with` names the write.
fn stale_initial(case: &Case<'_>, read: OpId, with: &[OpId]) -> Result<(), Fault> {
    let (key, value) = certain_read(case, read)?;
    let &[write] = with else { return refuted("stale-initial names one write") };
    if value != case.history.initial(key) {
        return refuted(format!("operation {read} does not read the initial value"));
    }
    if let Some(write) = case.writers(key, value).find(|&write| write != read) {
        return refuted(format!("operation {read} may read from {write}"));
    }
    sees(case, key, write, read)
}

/// The read returns a value that only `with[0]` wrote, which `with[1]` overwrote before the read.
fn stale_read(case: &Case<'_>, read: OpId, with: &[OpId]) -> Result<(), Fault> {
    let (key, value) = certain_read(case, read)?;
    let &[source, later] = with else { return refuted("stale-read names two writes") };
    if value == case.history.initial(key) || !case.writers(key, value).filter(|&w| w != read).eq([source]) {
        return refuted(format!("operation {read} need not read from {source}"));
    }
    if source == later || !overwrites(case, source, later) {
        return refuted(format!("{} does not put operation {source} before {later}", case.model));
    }
    sees(case, key, later, read)
}

/// Two final reads of a key differ, or one returns a value that nobody wrote although there was a write. No `info` write
/// may be there: had it happened, there would be no final read.
fn diverged(case: &Case<'_>, read: OpId, with: &[OpId]) -> Result<(), Fault> {
    let (key, value) = certain_read(case, read)?;
    if case.model != Model::Eventual {
        return refuted(format!("{} asks nothing of final reads", case.model));
    }
    let finals = finals::of_key(case, key)?;
    if let Some(stranger) = with.iter().chain([&read]).find(|read| !finals.contains(read)) {
        return refuted(format!("operation {stranger} is not a final read of the key"));
    }
    let differs = match *with {
        [] => {
            let certain = |&write: &OpId| case.history.outcome(write) == Outcome::Ok;
            case.writes_to(key).any(|write| certain(&write))
                && !case.writers(key, value).any(|write| certain(&write))
        }
        [other] => read_of(case.history, other).is_some_and(|(_, found)| found != value),
        _ => return refuted("diverged names one other read, or none"),
    };
    if differs { Ok(()) } else { refuted(format!("the final read {read} is as it should be")) }
}

/// A read that took effect and whose value is known: its key and value.
fn certain_read(case: &Case<'_>, read: OpId) -> Result<(KeyId, Value), Fault> {
    let known = case.history.outcome(read) == Outcome::Ok && kept(case.history, SpecKind::Register, read);
    match read_of(case.history, read).filter(|_| known && case.spec == SpecKind::Register) {
        Some(read) => Ok(read),
        None => refuted(format!("operation {read} is not a read of a register with a known result")),
    }
}

/// The read cannot but see the write: the write took effect, and by program order or the model's order of time it is
/// before the read in every view, causal past or visible set of the model.
fn sees(case: &Case<'_>, key: KeyId, write: OpId, read: OpId) -> Result<(), Fault> {
    let on_key = write_of(case.history, write).is_some_and(|(other, _)| other == key);
    if !on_key || case.history.outcome(write) != Outcome::Ok {
        return refuted(format!("operation {write} is not a write to the key that took effect"));
    }
    let before = match case.model {
        Model::Eventual => false,
        Model::Session(guarantees) => {
            guarantees.contains(Guarantees::READ_YOUR_WRITES) && case.orders.program(write, read)
        }
        model if model.is_one_view() => case.one_view_order(write, read),
        _ => case.orders.program(write, read),
    };
    if before { Ok(()) } else { refuted(format!("{} does not let {read} see {write}", case.model)) }
}

/// Every order of the key's writes puts the first before the second: by program order or the model's order of time.
fn overwrites(case: &Case<'_>, first: OpId, second: OpId) -> bool {
    match case.model {
        Model::Eventual => false,
        Model::Session(guarantees) => {
            guarantees.contains(Guarantees::MONOTONIC_WRITES) && case.orders.program(first, second)
        }
        model if model.is_one_view() => case.one_view_order(first, second),
        _ => case.orders.program(first, second),
    }
}
