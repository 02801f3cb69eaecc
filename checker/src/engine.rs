//! Decides: a history, a model, limits → a verdict with its evidence.

mod calls;
mod choice;
mod core;
mod decide;
mod eventual;
mod finding;
mod judge;
mod labelling;
mod locks;
mod monitor;
mod orders;
mod profile;
mod replicas;
mod saturation;
mod scope;
mod view;
mod violates;

#[cfg(test)]
mod agreement;

pub use calls::{Call, CallError, check_calls};
pub use judge::{CheckError, Judgement, Options, check};
pub use labelling::Labelling;
pub use profile::{Answer as ProfileAnswer, Entry, Lattice, Profile, profile, profile_by};
pub use violates::violates;
