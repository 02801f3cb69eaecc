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

/// Judges a history by a model that is not one view of everything.
///
/// # Errors
/// If the history is not one of registers.
pub(crate) fn judge(
    history: &History,
    model: Model,
    spec: SpecKind,
    options: &Options,
) -> Result<Judgement, CheckError> {
    // Nothing but locks, and nobody said that they are what matters: registers that nobody touched.
    let named = options.spec.is_some() || history.declared_spec().is_some();
    let spec = if spec.scope() == ObjectScope::Lock && !named { SpecKind::Register } else { spec };
    if spec != SpecKind::Register {
        return Err(CheckError::NotRegisters { model, spec });
    }
    fits(history)?;
    if let (Model::Session(_), Some(op)) = (model, lost_read(history)) {
        return Err(CheckError::NoReplica { op });
    }
    let meter = Meter::start(&options.limits);
    let scope = Scope { settle: options.settle, ..Scope::new(history, model) };
    let judgement =
        |verdict, method| Judgement { model, spec, verdict, method, vacuous: false, notes: Vec::new() };
    Ok(match decide(scope, &meter) {
        Ok(finding) => {
            let verdict = match finding.evidence {
                Ok(witness) => Verdict::Consistent(witness),
                Err(refutation) => Verdict::Violated(refutation),
            };
            let notes = finding.notes;
            Judgement { vacuous: finding.vacuous, notes, ..judgement(verdict, finding.method) }
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
