//! Sequential: one view that respects program order. Not local, and NP-complete even with known reads-from.
//!
//! [`problem`] cuts the history into components that share no object; [`order`] derives orders that every view must
//! respect (and often a contradiction among them); [`search`] looks for a view over frontiers, one index a process.

mod frontier;
pub(super) mod order;
pub(super) mod problem;
pub(super) mod search;
mod values;

use super::action::Objects;
use super::{core, thin_air};
use crate::certificate::Witness;
use crate::engine::judge::CheckError;
use crate::history::{History, OpId};
use crate::limits::{Limits, Meter, Stop};
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
    if let Some(thin_air) = thin_air::find(history, S::KIND, ops) {
        return Ok(Verdict::Violated(thin_air));
    }
    Ok(match interleave::<S>(history, ops, meter, u64::MAX)? {
        Ok(search::Outcome::Found(view)) => Verdict::Consistent(Witness::View(view)),
        Ok(search::Outcome::Stuck { op, longest }) => Verdict::Violated(core::refute(core::Violation {
            history,
            kind: S::KIND,
            ops,
            beginnings: Vec::new(),
            stuck: op,
            longest,
            violates: &is_violated::<S>,
            meter,
        })),
        Ok(search::Outcome::Stopped { reason, progress }) => Verdict::Unknown(Unknown { reason, progress }),
        Err(reason) => {
            Verdict::Unknown(Unknown { reason, progress: "before the search of a view began".into() })
        }
    })
}

/// Looks for a view of a component, within a number of choices.
fn interleave<S: RecordedSpec>(
    history: &History,
    ops: &[OpId],
    meter: &Meter,
    budget: u64,
) -> Result<Result<search::Outcome, Stop>, CheckError> {
    let mut objects = Objects::<S>::new();
    let component = Component::new(history, ops, &mut objects)?;
    let search = || {
        let machines = objects.machines(meter)?;
        let Some(order) = order::saturate(&component, meter)? else {
            return Ok(search::Outcome::Stuck { op: None, longest: Vec::new() });
        };
        search::search(&component, (&objects.actions, &objects.observer), &machines, &order, meter, budget)
    };
    Ok(search())
}

/// Whether a history is violated (`None` where a small budget does not tell), and about how many steps that took.
fn is_violated<S: RecordedSpec>(history: &History, meter: &Meter) -> (Option<bool>, u64) {
    let mut steps = 0;
    for ops in problem::components::<S>(history) {
        steps += 2 * ops.len() as u64;
        match interleave::<S>(history, &ops, meter, 20_000) {
            Ok(Ok(search::Outcome::Found(_))) => {}
            Ok(Ok(search::Outcome::Stuck { .. })) => return (Some(true), steps),
            _ => return (None, steps + 20_000),
        }
    }
    (Some(false), steps)
}

/// Whether a history is violated; `None` where a small budget does not tell, or the history does not fit.
pub(crate) fn violates(history: &History, kind: SpecKind, meter: &Meter) -> Option<bool> {
    struct Violates<'a>(&'a History, &'a Meter);
    impl SpecVisitor for Violates<'_> {
        type Output = Option<bool>;

        fn visit<S: RecordedSpec>(self) -> Option<bool> {
            is_violated::<S>(self.0, self.1).0
        }
    }
    kind.visit(Violates(history, meter))
}
