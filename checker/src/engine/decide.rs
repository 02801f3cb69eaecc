//! Which procedure judges which model of registers.

use super::choice;
use super::finding::Finding;
use super::saturation;
use super::scope::Scope;
use crate::certificate::{OneStep, Refutation, Witness};
use crate::history::Outcome;
use crate::limits::{Meter, Stop};
use crate::model::{Guarantees, Model};
use crate::relation::{Registers, Runs};

/// Judges a history of registers by a model that is not one view of everything.
///
/// # Errors
/// The limit that was reached.
pub(crate) fn decide(scope: Scope<'_>, meter: &Meter) -> Result<Finding, Stop> {
    if scope.model == Model::Eventual {
        return super::eventual::decide(scope, meter);
    }
    if let Model::Session(set) = scope.model
        && !scope.history.logs().is_empty()
    {
        return Ok(super::replicas::decide(scope, set));
    }
    let registers = scope.registers();
    let mut finding = match registers.sources.thin_air.first() {
        Some(&read) => Finding::one_step(OneStep::ThinAir, registers.op(read), Vec::new(), "values"),
        None => judge(scope, &registers, meter)?,
    };
    finding = certain(scope, &registers, finding, meter)?;
    if let (Ok(Witness::Synchronised { sync_order, .. }), true) = (&finding.evidence, scope.evidence) {
        finding.labelling = saturation::labelled(scope, &registers, sync_order, meter)?;
    }
    // What clients see never violates it; a cas, or a value from nowhere, can.
    finding.vacuous |= scope.model == Model::Session(Guarantees::MONOTONIC_WRITES)
        && registers.cas == 0
        && finding.evidence.is_ok();
    finding.notes.extend(registers.notes());
    Ok(finding)
}

/// Any set of the guarantees, without cas: all four are causal-convergent, and an arbitration for all four is one for
/// each of its subsets. Only where that fails does a smaller set need a search of its own.
fn guarantees(
    scope: Scope<'_>,
    registers: &Registers,
    set: Guarantees,
    meter: &Meter,
) -> Result<Finding, Stop> {
    let finding = saturation::convergent(registers, &mut Runs::new(registers), meter)?;
    if set == Guarantees::ALL || finding.evidence.is_ok() {
        Ok(finding)
    } else {
        choice::decide(scope, registers, meter)
    }
}

/// A violation that one operation shows by itself is none if it is a cas of unknown outcome: then it must have happened
/// because of those that read from it.
fn certain(
    scope: Scope<'_>,
    registers: &Registers,
    finding: Finding,
    meter: &Meter,
) -> Result<Finding, Stop> {
    let Err(Refutation::OneStep { read, with, .. }) = &finding.evidence else { return Ok(finding) };
    if scope.history.outcome(*read) == Outcome::Ok {
        return Ok(finding);
    }
    let mut met = vec![*read];
    met.extend(with);
    let mut node = registers.nodes().find(|&node| registers.op(node) == *read);
    while let Some(cas) = node.filter(|&node| scope.history.outcome(registers.op(node)) == Outcome::Info) {
        node = registers.nodes().find(|&other| registers.source(other) == cas);
        match node.map(|reader| registers.op(reader)) {
            Some(reader) if !met.contains(&reader) => met.push(reader),
            _ => break,
        }
    }
    super::core::around(scope, &met, finding.method, meter)
}

/// Only whether it holds.
pub(super) fn verdict(scope: Scope<'_>, meter: &Meter) -> Result<bool, Stop> {
    Ok(decide(Scope { evidence: false, ..scope }, meter)?.evidence.is_ok())
}

fn judge(scope: Scope<'_>, registers: &Registers, meter: &Meter) -> Result<Finding, Stop> {
    let known = registers.sources.open.is_empty();
    let plain = known && registers.cas == 0;
    // Reads of a chain with a parent would have to know the parent's.
    let apart = registers.cas == 0 || registers.chains.whole();
    match scope.model {
        Model::CausalWeak if known => saturation::weak(registers, &mut Runs::new(registers), meter),
        Model::CausalConvergent if known => {
            saturation::convergent(registers, &mut Runs::new(registers), meter)
        }
        Model::Causal if plain => saturation::causal(scope, registers, &Runs::new(registers), meter),
        Model::Fifo if plain => saturation::fifo(scope, registers, &Runs::new(registers), meter),
        Model::Slow if plain => saturation::slow(scope, registers, &Runs::new(registers), meter),
        Model::Cache if known => saturation::cache(scope, registers, meter),
        Model::Session(set) if known && apart && saturation::is_linear(set) => {
            saturation::session(scope, registers, set, meter)
        }
        Model::Session(set) if plain => guarantees(scope, registers, set, meter),
        model if model.is_synchronised() && known => match saturation::synchronised(scope, registers, meter)?
        {
            Some(finding) => Ok(finding),
            None => choice::decide(scope, registers, meter),
        },
        _ => choice::decide(scope, registers, meter),
    }
}
