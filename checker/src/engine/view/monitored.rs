//! A part given to a monitor first, and what it says turned into an answer.

use super::core::{self, ENUMERABLE};
use super::parts::{Parts, interval};
use super::race::Answer;
use super::solve::{Part, beginnings, compile, is_violated, solve};
use crate::certificate::Refutation;
use crate::engine::judge::CheckError;
use crate::engine::monitor::{self, Decision};
use crate::history::{Function, History, OpId, Outcome, Value};
use crate::limits::Meter;
use crate::model::Model;
use crate::spec::{Decoder, RecordedSpec};

/// What a monitor says of a part; `None` = a search must decide.
pub(super) fn decide<S: RecordedSpec>(
    decoder: &mut Decoder<'_>,
    model: Model,
    parts: &Parts,
    ops: &[OpId],
) -> Option<Decision> {
    let is_tied = |op: &OpId| parts.after.contains_key(op);
    if !parts.after.is_empty() && ops.iter().any(is_tied) {
        return None;
    }
    monitor::decide(decoder, model, S::KIND, ops)
}

/// What becomes of a part that a monitor decides; `None` = a search must.
///
/// # Errors
/// If the history does not fit the data type.
pub(super) fn outcome<S: RecordedSpec>(
    decoder: &mut Decoder<'_>,
    model: Model,
    parts: &Parts,
    ops: &[OpId],
    meter: &Meter,
) -> Result<Option<Part>, CheckError> {
    let bytes = ops.len() * monitor::BYTES;
    let room = meter.check().and_then(|()| meter.charge(bytes));
    let decision = if room.is_ok() { decide::<S>(decoder, model, parts, ops) } else { None };
    meter.refund(bytes);
    if let Err(stop) = room {
        return Ok(Some(Part::Unknown(stop, "nothing done yet".into())));
    }
    Ok(match decision {
        None => None,
        Some(Decision::View(view)) => Some(Part::Found(view)),
        Some(Decision::Refuted(refutation)) => {
            Some(Part::Violated(with_stuck::<S>(decoder, model, parts, refutation, meter)?))
        }
        Some(Decision::Stuck { stuck, conflict, within }) => {
            let until = interval(decoder.history(), model, stuck).1;
            let changing = within.iter().filter(|&&op| {
                changes(decoder.history(), op)
                    && until.is_none_or(|until| interval(decoder.history(), model, op).0 <= until)
            });
            let refutation = if changing.count() <= ENUMERABLE {
                small_core::<S>(decoder, model, parts, &within, stuck, meter)?
            } else {
                exhausted(stuck, conflict)
            };
            Some(Part::Violated(refutation))
        }
    })
}

/// A core told from the operation on which a search would get stuck: to people that explains most.
fn with_stuck<S: RecordedSpec>(
    decoder: &mut Decoder<'_>,
    model: Model,
    parts: &Parts,
    mut refutation: Refutation,
    meter: &Meter,
) -> Result<Refutation, CheckError> {
    if let Refutation::Core { operations, stuck, longest, exhausted: false, .. } = &mut refutation {
        let (problem, objects) = compile::<S>(decoder, model, parts, operations)?;
        if let Ok(Answer::Stuck { op, longest: placed, .. }) = solve(&problem, &objects, meter) {
            (*stuck, *longest) = (Some(op), placed);
        }
    }
    Ok(refutation)
}

/// The core of a violation that so few operations lead to that it can be enumerated.
fn small_core<S: RecordedSpec>(
    decoder: &mut Decoder<'_>,
    model: Model,
    parts: &Parts,
    ops: &[OpId],
    stuck: OpId,
    meter: &Meter,
) -> Result<Refutation, CheckError> {
    let (problem, _) = compile::<S>(decoder, model, parts, ops)?;
    let item = problem.op.iter().position(|&op| op == stuck).unwrap_or(0);
    let last = problem.events.len().saturating_sub(1);
    let event = (problem.deadline[item] as usize).min(last) as u32;
    Ok(core::refute(core::Violation {
        history: decoder.history(),
        kind: S::KIND,
        ops,
        beginnings: beginnings(&problem, event),
        stuck: Some(stuck),
        longest: Vec::new(),
        violates: &|part, meter| is_violated::<S>(part, model, meter),
        meter,
    }))
}

/// The operations in conflict: what led to them is too long to be enumerated.
fn exhausted(stuck: OpId, mut operations: Vec<OpId>) -> Refutation {
    operations.sort_unstable();
    operations.dedup();
    Refutation::Core {
        operations,
        pending: Vec::new(),
        stuck: Some(stuck),
        longest: Vec::new(),
        exhausted: true,
    }
}

/// Whether an operation may change what it works on: such operations cannot be left out of the beginning that a core is.
fn changes(history: &History, op: OpId) -> bool {
    let ok = history.outcome(op) == Outcome::Ok;
    match history.function(op) {
        Function::Read | Function::Contains => false,
        Function::Add | Function::Remove => !ok || history.answer(op) != Some(false),
        Function::Dequeue | Function::Pop | Function::Poll => !ok || history.micro(op).value != Value::NULL,
        _ => true,
    }
}
