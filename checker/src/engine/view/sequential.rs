//! Sequential: one view that respects program order. Not local, and NP-complete even with known reads-from.
//!
//! [`problem`] cuts the history into components that share no object; [`order`] derives orders that every view must
//! respect (and often a contradiction among them); [`search`] looks for a view over frontiers, one index a process.

mod frontier;
mod order;
mod problem;
mod search;
mod values;

use super::action::Objects;
use crate::certificate::{Refutation, Witness};
use crate::engine::judge::CheckError;
use crate::history::{History, OpId};
use crate::limits::{Limits, Meter};
use crate::spec::{RecordedSpec, SpecKind, SpecVisitor};
use crate::verdict::{Unknown, Verdict};
use problem::Component;

/// Decides sequential consistency.
///
/// # Errors
/// If the history does not fit the data type.
pub(crate) fn decide(history: &History, kind: SpecKind, limits: &Limits) -> Result<Verdict, CheckError> {
    kind.visit(Decide { history, limits })
}

struct Decide<'a> {
    history: &'a History,
    limits: &'a Limits,
}

impl SpecVisitor for Decide<'_> {
    type Output = Result<Verdict, CheckError>;

    fn visit<S: RecordedSpec>(self) -> Self::Output {
        let meter = Meter::start(self.limits);
        let mut view = Vec::new();
        let mut unknown = None;
        let mut components = problem::components::<S>(self.history);
        components.sort_by_key(Vec::len);
        for ops in components {
            match component::<S>(self.history, &ops, &meter)? {
                Verdict::Consistent(Witness::View(part)) => view.extend(part),
                Verdict::Unknown(reason) => {
                    unknown.get_or_insert(reason);
                }
                verdict => return Ok(verdict),
            }
        }
        Ok(unknown.map_or(Verdict::Consistent(Witness::View(view)), Verdict::Unknown))
    }
}

fn component<S: RecordedSpec>(history: &History, ops: &[OpId], meter: &Meter) -> Result<Verdict, CheckError> {
    let mut objects = Objects::<S>::new();
    let component = Component::new(history, ops, &mut objects)?;
    let violated = |stuck, longest| {
        let (operations, pending) = (ops.to_vec(), Vec::new());
        Verdict::Violated(Refutation::Core { operations, pending, stuck, longest, exhausted: true })
    };
    let outcome = (|| {
        let machines = objects.machines(meter)?;
        let Some(order) = order::saturate(&component, meter)? else {
            return Ok(search::Outcome::Stuck { op: None, longest: Vec::new() });
        };
        search::search(&component, &objects, &machines, &order, meter)
    })();
    Ok(match outcome {
        Ok(search::Outcome::Found(view)) => Verdict::Consistent(Witness::View(view)),
        Ok(search::Outcome::Stuck { op, longest }) => violated(op, longest),
        Ok(search::Outcome::Stopped { reason, progress }) => Verdict::Unknown(Unknown { reason, progress }),
        Err(reason) => {
            Verdict::Unknown(Unknown { reason, progress: "before the search of a view began".into() })
        }
    })
}
