//! Witnesses of strict, linearizable and sequential: a view of everything, or views that fit together.

use super::Case;
use super::acyclic;
use super::fault::{Fault, refuted};
use super::orders::ABSENT;
use super::replay;
use crate::certificate::{View, Witness};
use crate::history::{OpId, Outcome};
use crate::model::Model;
use crate::spec::{kept, object_of};
use rustc_hash::FxHashMap;

/// That the witness proves the model.
pub(super) fn check(case: &Case<'_>, witness: &Witness) -> Result<(), Fault> {
    match witness {
        Witness::View(order) => one(case, order),
        Witness::Views(views) => several(case, views),
        _ => refuted(format!("{} needs a view of all operations", case.model)),
    }
}

/// One view: it holds what it must, extends program order and the model's order of time, and is legal.
fn one(case: &Case<'_>, order: &[OpId]) -> Result<(), Fault> {
    let places = case.orders.places(order)?;
    holds_everything(case, &places)?;
    case.orders.extends_program_order(&places)?;
    extends_time(case, order)?;
    replay::legal(case, order)
}

/// Several views: each operation is in one of them, and so is each object as a whole; each is legal; and together with
/// program order and the model's order of time they have no cycle.
///
/// Then some total order extends all of them; restricted to an object it is that object's view, so it is legal, for
/// objects do not depend on each other: it is one view of everything. (For linearizability this is Herlihy and Wing's
/// locality, and holds where an operation starts as its process's previous one ends too.)
fn several(case: &Case<'_>, views: &[View]) -> Result<(), Fault> {
    let places = case.orders.places(views.iter().flat_map(|view| &view.order))?;
    holds_everything(case, &places)?;
    let mut home = FxHashMap::default();
    for (number, view) in views.iter().enumerate() {
        for &op in &view.order {
            let object = object_of(case.history, case.spec, op);
            if *home.entry(object).or_insert(number) != number {
                return refuted(format!("operation {op} is in another view than others on its object"));
            }
            if view.key.is_some_and(|key| case.history.micros(op).any(|micro| micro.key() != Some(key))) {
                return refuted(format!("operation {op} is not on the key of its view"));
            }
        }
        replay::legal(case, &view.order)?;
    }
    acyclic::check(case, views)
}

/// Every `ok` operation that the data type judges is there, and nothing that it does not judge.
fn holds_everything(case: &Case<'_>, places: &[u32]) -> Result<(), Fault> {
    for op in case.history.ops() {
        let present = places[op.index()] != ABSENT;
        let kept = kept(case.history, case.spec, op);
        if present && !kept {
            return refuted(format!("it has operation {op}, which takes no part"));
        }
        if !present && kept && case.history.outcome(op) == Outcome::Ok {
            return refuted(format!("it lacks operation {op}, which took effect"));
        }
    }
    Ok(())
}

/// The view extends the model's order of time: no operation comes before one that had to precede it.
///
/// One pass: if any operation before this one in the view had to come after it, the one that started last did.
fn extends_time(case: &Case<'_>, order: &[OpId]) -> Result<(), Fault> {
    let mut latest: Option<OpId> = None;
    for &op in order {
        if let Some(latest) = latest.filter(|&latest| case.time_order(op, latest)) {
            return refuted(format!("operation {op} is before {latest} in time, but not in the view"));
        }
        if latest.is_none_or(|latest| case.history.start(latest) < case.history.start(op)) {
            latest = Some(op);
        }
    }
    Ok(())
}

impl Case<'_> {
    /// The order of time that the model's views respect.
    fn time_order(&self, a: OpId, b: OpId) -> bool {
        match self.model {
            Model::Linearizable => self.orders.real_time(a, b),
            Model::Strict => self.orders.instants(a, b),
            _ => false,
        }
    }

    /// Whether `a` is before `b` in every view of the model, by program order or time.
    pub(super) fn one_view_order(&self, a: OpId, b: OpId) -> bool {
        self.orders.program(a, b) || self.time_order(a, b)
    }
}
