//! Reads of values that nobody wrote: violations that one operation shows.

use crate::certificate::{OneStep, Refutation};
use crate::history::{Function, History, KeyId, OpId, Outcome, Value};
use crate::spec::SpecKind;
use rustc_hash::FxHashSet;

/// The first operation of a part that returned a value which no operation of the part can have put there.
pub(crate) fn find(history: &History, kind: SpecKind, ops: &[OpId]) -> Option<Refutation> {
    let (puts, takes): (&[Function], &[Function]) = match kind {
        SpecKind::Register => (&[Function::Write, Function::Cas], &[Function::Read, Function::Cas]),
        SpecKind::Queue => (&[Function::Enqueue], &[Function::Dequeue]),
        SpecKind::Stack => (&[Function::Push], &[Function::Pop]),
        SpecKind::PriorityQueue => (&[Function::Insert], &[Function::Poll]),
        _ => return None,
    };
    let mismatched = |op| {
        let answered = history.outcome(op) == Outcome::Ok && history.answer(op) == Some(false);
        history.function(op) == Function::Cas && answered
    };
    let put = |&op: &OpId| {
        let last = history.micros(op).last()?;
        puts.contains(&history.function(op)).then_some((last.key()?, last.value)).filter(|_| !mismatched(op))
    };
    let there: FxHashSet<(KeyId, Value)> = ops.iter().filter_map(put).collect();
    let from_nowhere = |&&op: &&OpId| {
        let Some(first) = history.micros(op).next() else { return false };
        let Some(key) = first.key() else { return false };
        let start = history.initial(key);
        takes.contains(&history.function(op))
            && history.outcome(op) == Outcome::Ok
            && !mismatched(op)
            && first.value.is_known()
            && first.value != if kind == SpecKind::Register { start } else { Value::NULL }
            && (kind == SpecKind::Register || start == Value::NULL)
            && !there.contains(&(key, first.value))
    };
    let read = *ops.iter().find(from_nowhere)?;
    Some(Refutation::OneStep { kind: OneStep::ThinAir, read, with: Vec::new() })
}
