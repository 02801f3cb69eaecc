//! One view of everything: strict, linearizable, sequential.
//!
//! [`parts`] splits a history where the model allows it; a [`problem::Problem`] is one part as integers; [`race`] searches
//! it; [`replay`] turns the steps of a search into the view.

mod action;
mod breadth;
mod config;
mod context;
mod core;
mod depth;
mod flight;
mod level;
mod mask;
mod monitored;
mod parts;
mod problem;
mod product;
mod race;
mod removal;
mod replay;
mod sequential;
mod solve;
mod thin_air;
mod trail;
mod typed;
mod usage;

pub(crate) use core::ENUMERABLE;
pub(crate) use parts::interval;
pub(crate) use sequential::{decide as decide_sequential, violates as violates_sequential};
#[cfg(test)]
pub(crate) use solve::search_alone;
pub(crate) use solve::{decide as decide_local, violates as violates_local};

pub(crate) use typed::{TypedProblem, decide as decide_typed};

use crate::history::OpId;

/// One view from views of parts: each operation at the earliest moment that its part's order and its call allow.
///
/// Respects real time: an operation's moment is no later than its end, since its part's order respects the intervals; so
/// of two operations of which one ends before the other starts, the first has the earlier moment.
fn merge(views: &[Vec<OpId>], start: impl Fn(OpId) -> i64) -> Vec<OpId> {
    let mut moments = Vec::new();
    for (part, view) in views.iter().enumerate() {
        let mut moment = i64::MIN;
        for (index, &op) in view.iter().enumerate() {
            moment = moment.max(start(op));
            moments.push((moment, part, index, op));
        }
    }
    moments.sort_unstable();
    moments.into_iter().map(|(.., op)| op).collect()
}

#[cfg(test)]
mod tests;
