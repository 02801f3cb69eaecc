//! One view of everything: strict, linearizable, sequential.
//!
//! [`parts`] splits a history where the model allows it; a [`problem::Problem`] is one part as integers; [`race`] searches
//! it; [`replay`] turns the steps of a search into the view.

mod breadth;
mod config;
mod context;
mod depth;
mod flight;
mod level;
mod mask;
mod problem;
mod race;
mod replay;
mod trail;
mod usage;
