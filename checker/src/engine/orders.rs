//! Models of registers that are not one view of everything: from a question to a verdict.

use super::decide::decide;
use super::judge::{CheckError, Judgement, Options};
use super::replicas::lost_read;
use super::scope::Scope;
use crate::history::{History, OpId};
use crate::limits::Meter;
use crate::model::Model;
use crate::spec::{Decoder, RecordedSpec, Register, Scope as ObjectScope, SpecKind, kept};
use crate::verdict::{Unknown, Verdict};

/// As which data type a model that is not one view of everything judges a history: as registers.
///
/// # Errors
/// If the history is not one of registers, or says less than the model needs.
pub(super) fn applies(
    history: &History,
    model: Model,
    spec: SpecKind,
    options: &Options,
) -> Result<SpecKind, CheckError> {
    // Nothing but locks, and nobody said that they are what matters: registers that nobody touched.
    let named = options.spec.is_some() || history.declared_spec().is_some();
    let spec = if spec.scope() == ObjectScope::Lock && !named { SpecKind::Register } else { spec };
    if spec != SpecKind::Register {
        return Err(CheckError::NotRegisters { model, spec });
    }
    match (model, lost_read(history)) {
        (Model::Session(_), Some(op)) => Err(CheckError::NoReplica { op }),
        _ => Ok(spec),
    }
}

/// Judges a history of registers by a model that is not one view of everything.
///
/// # Errors
/// If an operation does not fit.
pub(crate) fn judge(
    history: &History,
    model: Model,
    spec: SpecKind,
    options: &Options,
) -> Result<Judgement, CheckError> {
    fits(history)?;
    let meter = Meter::start(&options.limits);
    let scope = Scope { settle: options.settle, ..Scope::new(history, model) };
    let notes = if model.is_synchronised() { super::locks::notes(history, model) } else { Vec::new() };
    let judgement = |verdict, method| Judgement {
        model,
        spec,
        verdict,
        method,
        vacuous: false,
        labelling: None,
        notes: notes.clone(),
    };
    Ok(match decide(scope, &meter) {
        Ok(finding) => {
            let labelling = finding.labelling;
            let verdict = match finding.evidence {
                Ok(witness) => Verdict::Consistent(witness),
                Err(refutation) => Verdict::Violated(refutation),
            };
            let notes = notes.iter().cloned().chain(finding.notes).collect();
            Judgement { vacuous: finding.vacuous, labelling, notes, ..judgement(verdict, finding.method) }
        }
        Err(reason) => {
            let progress = format!("{} operations, {} bytes of tables", history.len(), meter.spent());
            judgement(Verdict::Unknown(Unknown { reason, progress }), "search")
        }
    })
}

/// Whether every operation is one of a register, or passed over.
fn fits(history: &History) -> Result<(), CheckError> {
    let mut decoder = Decoder::new(history);
    let judged = |op: &OpId| kept(history, SpecKind::Register, *op);
    for op in history.ops().filter(judged) {
        Register::decode(&mut decoder, op)?;
    }
    Ok(())
}
