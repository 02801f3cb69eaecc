//! Generated histories: valid by construction, or with a violation that is one by construction.
//!
//! Closed-loop clients, each doing one operation after the other, are simulated against an object whose operations take
//! effect at one moment between call and return (any data type; strict, linearizable, sequential), or against replicas
//! that hear of each other's writes late (registers; the weaker models). The simulation is recorded as it ran, so that it
//! is itself the witness; a [`Violation`] is planted afterwards by changing what a few operations are recorded to have
//! seen, with an argument beside the planter why no order can explain the result.
//!
//! The time of an event (a call or a return) is its place among all events, so that no two are the same.
//!
//! # Determinism
//! The same [`Generate`] gives the same history, on every machine and in every version: the generator of random numbers
//! is this crate's own, all of its arithmetic is on integers, and a test holds what they give.
//!
//! # Examples
//! ```
//! use tribunal_checker::spec::SpecKind;
//! use tribunal_corpus::{Generate, Violation, generate};
//!
//! let valid = Generate { operations: 200, processes: 8, ..Generate::new(SpecKind::Queue) };
//! assert_eq!(generate(&valid)?.history.len(), 200);
//! let planted = generate(&Generate { violation: Some(Violation::SwappedRemovals), ..valid })?;
//! assert_eq!(planted.planted.len(), 2, "the two removals");
//! # Ok::<(), tribunal_corpus::GenerateError>(())
//! ```

mod clients;
mod draft;
mod error;
mod object;
mod plans;
mod plant;
mod random;
mod violation;

pub use error::GenerateError;
pub use violation::Violation;

use object::Replicas;
use random::Random;
use tribunal_checker::history::{History, OpId};
use tribunal_checker::model::Model;
use tribunal_checker::spec::{Scope, SpecKind};

/// What to generate; [`Generate::new`] gives the defaults.
///
/// Shares are between 0 and 1.
#[derive(Clone, PartialEq, Debug)]
pub struct Generate {
    /// The data type.
    pub spec: SpecKind,
    /// What the history satisfies by construction, and nothing stronger unless by chance: one of strict, linearizable and
    /// sequential, or, of registers, any of the other models; for some of the client-centric guarantees it satisfies all
    /// four.
    pub model: Model,
    /// How many operations.
    pub operations: usize,
    /// How many clients run at a time. One whose operation stays unknown goes on as a new process.
    pub processes: usize,
    /// How many keys (or locks) the operations are spread over.
    pub keys: usize,
    /// What is written, inserted or added.
    pub values: Values,
    /// The share of its time that a client spends inside operations: at 1 it calls as soon as the last call returned, so
    /// that every operation overlaps about as many others as there are clients.
    pub busy: f64,
    /// The share of operations whose outcome is unknown (`info`); about half of them took effect.
    pub info: f64,
    /// The share of operations that failed, without effect.
    pub fail: f64,
    /// The share of operations that only look: `read`, `contains`.
    pub reads: f64,
    /// The share of `cas` among the operations of a register that do not only read.
    pub cas: f64,
    /// Whether a `cas` that found another value than its old one is recorded as an `ok` operation that answered so, and
    /// not as a failed one.
    pub mismatches: bool,
    /// The share of `put` among the operations of an append-list that do not only read. Without any, a list that has
    /// grown long is left for a new key.
    pub puts: f64,
    /// How many permits each semaphore has.
    pub permits: u32,
    /// Whether times are recorded. Without them the history is one for models of program order.
    pub timed: bool,
    /// A violation of the model to plant.
    pub violation: Option<Violation>,
    /// Where to plant it: after this share of the operations, or as near as it can be.
    pub at: f64,
    /// Other seeds give other histories.
    pub seed: u64,
}

/// What values are written, inserted or added.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Values {
    /// Each value once.
    Unique,
    /// The integers from 1 to this, again and again; of a set, its elements.
    Few(u32),
}

/// A generated history.
#[derive(Clone, Debug)]
pub struct Generated {
    /// The history.
    pub history: History,
    /// The operations that the planted violation is made of, in the order that its documentation names them; empty
    /// without a violation.
    pub planted: Vec<OpId>,
}

impl Generate {
    /// A valid, linearizable, timed history of 1,000 operations of five busy clients on one key, half of them reads, every
    /// value unique, every outcome known.
    #[must_use]
    pub fn new(spec: SpecKind) -> Self {
        Self {
            spec,
            model: Model::Linearizable,
            operations: 1_000,
            processes: 5,
            keys: 1,
            values: Values::Unique,
            busy: 0.97,
            info: 0.0,
            fail: 0.0,
            reads: 0.5,
            cas: 0.0,
            mismatches: false,
            puts: 0.0,
            permits: 3,
            timed: true,
            violation: None,
            at: 0.9,
            seed: 1,
        }
    }

    /// Refuses what cannot be generated.
    fn check(&self) -> Result<(), GenerateError> {
        let shares = [
            ("busy", self.busy),
            ("info", self.info),
            ("fail", self.fail),
            ("reads", self.reads),
            ("cas", self.cas),
            ("puts", self.puts),
            ("at", self.at),
        ];
        for (name, share) in shares {
            if !(0.0..=1.0).contains(&share) {
                return Err(GenerateError::NotAShare { name, share });
            }
        }
        if self.info + self.fail > 1.0 {
            return Err(GenerateError::NotAShare {
                name: "info and fail together",
                share: self.info + self.fail,
            });
        }
        let numbers = [
            ("processes", self.processes as u64, 1, 1 << 20),
            ("keys", self.keys as u64, 1, 1 << 20),
            ("operations", self.operations as u64, 0, 1 << 30),
            ("permits", self.permits.into(), 1, 1 << 20),
            ("values", if let Values::Few(few) = self.values { few.into() } else { 1 }, 1, 1 << 30),
        ];
        for (name, number, least, most) in numbers {
            if !(least..=most).contains(&number) {
                return Err(GenerateError::OutOfRange { name, number, least, most });
            }
        }
        self.check_model()?;
        self.violation.map_or(Ok(()), |violation| violation.fits(self))
    }

    /// Refuses models of which there are no histories to be had.
    fn check_model(&self) -> Result<(), GenerateError> {
        let (model, spec) = (self.model, self.spec);
        let satisfied = match model {
            // Who waits for a lock gets it later than at its call.
            Model::Strict => spec.scope() != Scope::Lock,
            Model::Linearizable | Model::Sequential => true,
            model => spec == SpecKind::Register && Replicas::satisfy(model),
        };
        if !satisfied {
            return Err(GenerateError::NoGenerator { model, spec });
        }
        let certain = model.is_synchronised() || model == Model::Eventual;
        for (name, share, offered) in [("cas", self.cas, model.is_one_view()), ("info", self.info, !certain)]
        {
            if share > 0.0 && !offered {
                return Err(GenerateError::NotOffered { name, model });
            }
        }
        let copies = (self.processes as u64).pow(2) * self.keys as u64;
        if !model.is_one_view() && copies > 1 << 28 {
            let (name, least, most) = ("processes², times keys,", 1, 1 << 28);
            return Err(GenerateError::OutOfRange { name, number: copies, least, most });
        }
        Ok(())
    }
}

/// Generates a history.
///
/// # Errors
/// If the options contradict each other, no generator knows the model for the data type, or the simulated history has
/// no place where the violation can be planted.
///
/// # Complexity
/// O(n log p) for `n` operations of `p` clients, about 90 bytes an operation while it works.
pub fn generate(options: &Generate) -> Result<Generated, GenerateError> {
    options.check()?;
    let mut random = Random::new(options.seed);
    let mut draft = clients::simulate(options, &mut random);
    if options.model == Model::Sequential {
        draft.skew(&mut random);
    }
    let planted = match options.violation {
        Some(violation) => plant::plant(violation, options, &mut draft)?,
        None => Vec::new(),
    };
    Ok(Generated { history: draft.finish(options)?, planted })
}

#[cfg(test)]
mod tests;
