//! One view of everything: strict, linearizable, sequential.
//!
//! [`parts`] splits a history where the model allows it; a [`problem::Problem`] is one part as integers; [`race`] searches
//! it; [`replay`] turns the steps of a search into the view.

mod action;
mod breadth;
mod config;
mod context;
mod depth;
mod flight;
mod level;
mod mask;
mod parts;
mod problem;
mod race;
mod replay;
mod solve;
mod trail;
mod usage;

pub(crate) use solve::decide;

use crate::history::{Function, History, OpId, Outcome};
use crate::spec::RecordedSpec;

/// Whether an operation takes part in the view.
fn kept<S: RecordedSpec>(history: &History, op: OpId) -> bool {
    match history.outcome(op) {
        Outcome::Fail => false,
        Outcome::Info if history.function(op) == Function::Read => false,
        _ => !history.function(op).is_sync() || S::FUNCTIONS.contains(&history.function(op)),
    }
}

#[cfg(test)]
mod tests;
