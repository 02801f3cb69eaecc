//! Quorum systems: whether a replica configuration is safe, what it survives and what it costs.
//!
//! A quorum system says which sets of replicas may answer a read and which may acknowledge a write. This module
//! judges one: do the quorums that must intersect really intersect, and if not, which replicas show it; how many
//! failures block it; how available it is; what load, capacity and latency the best strategies reach. It stands by
//! itself: no history, model or engine is involved.
//!
//! - [`QuorumSystem`] is what is judged: from [`Voting`] (votes and thresholds), from expressions or from a [`Shape`].
//! - [`judge`] runs a protocol's rules ([`Protocol`]) and gives [`Check`]s with counterexamples and the least mend.
//! - [`measure`] gives resilience, zones, availability, and who decides ([`influence`], [`effective_votes`]); [`optimise`] the load and the strategies behind it.
//! - [`what_ifs`] tries the neighbours of a configuration.
//!
//! Everything takes [`Limits`] and ends with [`Stopped`] where time or memory run out.
//!
//! # Examples
//!
//! ```
//! use tribunal_checker::quorum::{Limits, Protocol, QuorumSystem, Replica, Verdict, judge};
//!
//! let system = QuorumSystem::from_votes(Replica::numbered(4), &[1; 4], 2, 2).unwrap();
//! let judgement = judge(&system, &Protocol::Register.into(), &Limits::default()).unwrap();
//! assert_eq!(judgement.verdict, Verdict::Unsafe);
//! let witness = judgement.checks[0].witness.as_ref().unwrap();
//! assert!(witness.quorums[0].members.is_disjoint(&witness.quorums[1].members));
//! ```

mod check;
mod diagram;
pub mod dialect;
mod error;
mod expression;
mod fault;
mod formula;
mod influence;
mod intersect;
mod load;
mod measure;
mod protocol;
mod set;
mod shape;
pub mod staleness;
mod system;
mod voting;
mod whatif;

pub use check::{Amount, Check, Inequality, Judgement, Verdict, Witness, WitnessQuorum};
pub use error::{Limits, QuorumError, Stopped};
pub use fault::{
    Resilience, blocked_probability, is_dual, minimal_quorums, resilience, zone_resilience, zones,
};
pub use formula::{Builder, Formula, GateId, MAX_GATES};
pub use influence::{EffectiveVotes, Influence, effective_votes, influence};
pub use intersect::{Meeting, disjoint_quorums, least_common};
pub use load::{Choice, LoadBounds, NoStrategy, Objective, Strategy, Workload, nearest, optimise};
pub use measure::{Measures, Requirement, Requirements, Tolerance, measure};
pub use num_rational::BigRational;
pub use protocol::{FailProne, MembershipChange, Protocol, Rules, judge};
pub use set::ReplicaSet;
pub use shape::Shape;
pub use system::{MAX_REPLICAS, QuorumSystem, Replica};
pub use voting::{MAX_VOTES, Voting};
pub use whatif::{WhatIf, what_ifs};
