//! The results of `tribunal quorum`: what there is to report, and its renderings.

use tribunal_checker::quorum::dialect::Pair;
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
    /// Where a product's settings were judged.
    pub(crate) product: Option<Product>,
    pub(crate) staleness: Option<Stale>,
    /// Minimal quorums of reads and of writes, where they were asked for.
    pub(crate) listings: [Option<Result<Listing, Stopped>>; 2],
}

/// Some minimal quorums.
pub(crate) struct Listing {
    pub(crate) quorums: Vec<ReplicaSet>,
    /// Whether these are all.
    pub(crate) all: bool,
}

/// What is said of a product's settings.
pub(crate) struct Product {
    pub(crate) name: &'static str,
    pub(crate) statements: Vec<String>,
    pub(crate) pairs: Vec<Pair>,
}

/// How stale reads are.
pub(crate) struct Stale {
    /// Numbers of versions, and the probability that a read returns none of that many last ones.
    pub(crate) versions: Vec<(u64, f64)>,
    pub(crate) non_monotonic: Option<f64>,
    pub(crate) visibility: Option<Result<Visibility, Stopped>>,
}

/// Estimates of how soon a write is visible.
pub(crate) struct Visibility {
    pub(crate) trials: u32,
    pub(crate) seed: u64,
    /// Milliseconds after the write, and the probability that a read then is fresh.
    pub(crate) fresh: Vec<(f64, f64)>,
    /// A probability, and the milliseconds after which reads are fresh with it.
    pub(crate) nearly_sure: (f64, f64),
}
