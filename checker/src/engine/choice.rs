//! Complete search, where a value was written more than once or the saturation does not close.
//!
//! Each model is a set of rules over partial orders that are kept transitively closed (dense: for the histories, or the
//! parts of them, for which nothing better is known), and candidates of readers. Rules run until nothing changes; then the
//! search asks the reader with the fewest candidates, or which of two writes came first.

mod joint;
mod order;
mod part;
mod past;
mod rules;
mod search;
mod session;
mod store;
mod synchronised;
mod view;
mod views;

use super::core;
use super::finding::Finding;
use super::scope::Scope;
use crate::limits::{Meter, Stop};
use crate::model::Model;
use crate::relation::Registers;

const METHOD: &str = "search";

/// Judges any history of registers by a model that is not one view of everything.
///
/// # Errors
/// The limit that was reached.
pub(super) fn decide(scope: Scope<'_>, registers: &Registers, meter: &Meter) -> Result<Finding, Stop> {
    let witness = match scope.model {
        Model::CausalWeak => past::past(registers, false, meter)?,
        Model::CausalConvergent => past::past(registers, true, meter)?,
        Model::Causal => joint::joint(registers, false, meter)?,
        Model::Processor => joint::joint(registers, true, meter)?,
        Model::Fifo => views::fifo(registers, meter)?,
        Model::Slow => views::slow(registers, meter)?,
        Model::Cache => views::cache(registers, meter)?,
        Model::Session(guarantees) => session::session(registers, guarantees, meter)?,
        _ => synchronised::synchronised(scope, registers, meter)?,
    };
    match witness {
        Some(witness) => Ok(Finding::holds(witness, METHOD)),
        None => core::around(scope, &registers.op, METHOD, meter),
    }
}
