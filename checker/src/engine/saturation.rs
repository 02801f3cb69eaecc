//! Polynomial algorithms for the models between strict and eventual, where reads-from is known.

mod cache;
mod causal_past;
mod explain;
mod happens_before;
mod levels;
mod place;
#[cfg(test)]
mod scale;
mod session;
mod slow;
mod sync_order;
mod synchronised;
mod trace;
mod views;

pub(crate) use cache::cache;
pub(crate) use causal_past::{convergent, weak};
pub(crate) use session::{is_linear, session};
pub(crate) use slow::slow;
pub(crate) use synchronised::{labelled, synchronised};
pub(in crate::engine) use views::MOST_ENTRIES;
pub(crate) use views::{causal, fifo};
