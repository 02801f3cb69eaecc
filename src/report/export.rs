//! Violations and histories for other tools: graphs for Graphviz, traces for Perfetto.

mod dot;
mod trace;

pub(crate) use dot::dot;
pub(crate) use trace::trace;
