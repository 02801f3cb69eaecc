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
mod usage;

pub(crate) use sequential::decide as decide_sequential;
pub(crate) use solve::decide as decide_local;

#[cfg(test)]
mod tests;
