//! Which procedure judges which model of registers.

use super::choice;
use super::finding::Finding;
use super::saturation;
use super::scope::Scope;
use crate::certificate::OneStep;
use crate::history::Outcome;
use crate::limits::{Meter, Stop};
use crate::model::Model;
use crate::relation::{Registers, Runs};

/// Judges a history of registers by a model that is not one view of everything.
///
/// # Errors
/// The limit that was reached.
pub(crate) fn decide(scope: Scope<'_>, meter: &Meter) -> Result<Finding, Stop> {
    if scope.model == Model::Eventual {
        return Ok(super::eventual::decide(scope));
    }
    let registers = scope.registers();
    let mut finding = match registers.sources.thin_air.first() {
        Some(&read) => thin_air(scope, &registers, read, meter)?,
        None => judge(scope, &registers, meter)?,
    };
    finding.notes.extend(registers.notes());
    Ok(finding)
}

/// The evidence that a value was read that nobody wrote. If the reader is a cas of unknown outcome, then it must have
/// happened because of those that read from it.
fn thin_air(scope: Scope<'_>, registers: &Registers, read: u32, meter: &Meter) -> Result<Finding, Stop> {
    let mut met = vec![read];
    let mut node = read;
    while scope.history.outcome(registers.op(node)) == Outcome::Info {
        let Some(reader) = registers.nodes().find(|&other| registers.source(other) == node) else { break };
        if met.contains(&reader) {
            break;
        }
        met.push(reader);
        node = reader;
    }
    if met.len() == 1 {
        return Ok(Finding::one_step(OneStep::ThinAir, registers.op(read), Vec::new(), "values"));
    }
    super::core::around(scope, &registers.ops(&met), "values", meter)
}

/// Only whether it holds.
pub(super) fn verdict(scope: Scope<'_>, meter: &Meter) -> Result<bool, Stop> {
    Ok(decide(Scope { evidence: false, ..scope }, meter)?.evidence.is_ok())
}

fn judge(scope: Scope<'_>, registers: &Registers, meter: &Meter) -> Result<Finding, Stop> {
    let known = registers.sources.open.is_empty();
    let plain = known && registers.cas == 0;
    match scope.model {
        Model::CausalWeak if known => saturation::weak(registers, &mut Runs::new(registers), meter),
        Model::CausalConvergent if known => {
            saturation::convergent(registers, &mut Runs::new(registers), meter)
        }
        Model::Causal if plain => saturation::causal(scope, registers, &Runs::new(registers), meter),
        Model::Fifo if plain => saturation::fifo(scope, registers, &Runs::new(registers), meter),
        Model::Slow if plain => saturation::slow(scope, registers, &Runs::new(registers), meter),
        Model::Cache if known => saturation::cache(scope, registers, meter),
        _ => choice::decide(scope, registers, meter),
    }
}
