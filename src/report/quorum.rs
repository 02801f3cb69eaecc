//! The results of `tribunal quorum`: what there is to report, and its renderings.

use tribunal_checker::quorum::{Judgement, Measures, QuorumSystem, ReplicaSet, Requirement, Stopped, WhatIf};

mod drawing;
pub(crate) mod human;
pub(crate) mod json;

/// Everything found of one configuration.
pub(crate) struct Outcome {
    pub(crate) system: QuorumSystem,
    pub(crate) judgement: Judgement,
    pub(crate) measures: Measures,
    pub(crate) requirements: Vec<Requirement>,
    pub(crate) what_ifs: Vec<WhatIf>,
    pub(crate) down: ReplicaSet,
    /// Minimal quorums of reads and of writes, where they were asked for.
    pub(crate) listings: [Option<Result<Listing, Stopped>>; 2],
}

/// Some minimal quorums.
pub(crate) struct Listing {
    pub(crate) quorums: Vec<ReplicaSet>,
    /// Whether these are all.
    pub(crate) all: bool,
}
