//! A configuration to everything that is reported of it.

use std::time::Duration;

use tribunal_checker::quorum::dialect::{self, DialectReport};
use tribunal_checker::quorum::staleness::{fresh_after, t_visibility};
use tribunal_checker::quorum::{
    Formula, Judgement, Limits, QuorumError, QuorumSystem, Stopped, WhatIf, Workload, judge, measure,
    minimal_quorums, what_ifs,
};
use tribunal_formats::quorum_config::{QuorumConfig, Staleness, Subject};

use crate::report::quorum::{Listing, Outcome, Product, Stale, Visibility};

/// Systems of more replicas are not asked for their load unless a workload is given.
const MOST_UNASKED: usize = 128;
/// The probability of freshness whose time is given.
const NEARLY_SURE: f64 = 0.999;

/// Judges first, then measures: where time runs out, the verdict is what is left.
pub(super) fn evaluate(
    config: &QuorumConfig,
    timeout: Duration,
    quorums: usize,
) -> Result<Outcome, QuorumError> {
    let limits = Limits::within(timeout);
    match &config.subject {
        Subject::System { system, rules } => {
            let judgement = judge(system, rules, &limits)?;
            let mut outcome = measured(config, system, judgement, quorums, &limits)?;
            outcome.what_ifs = what_ifs(system, rules, &limits);
            Ok(outcome)
        }
        Subject::Product(settings) => {
            let DialectReport { product, mut system, judgement, statements, pairs } =
                dialect::judge(settings, &limits)?;
            for replica in system.replicas_mut() {
                replica.fail_p = config.fail_p;
            }
            let mut outcome = measured(config, &system, judgement, quorums, &limits)?;
            outcome.product = Some(Product { name: product, statements, pairs });
            Ok(outcome)
        }
    }
}

fn measured(
    config: &QuorumConfig,
    system: &QuorumSystem,
    judgement: Judgement,
    quorums: usize,
    limits: &Limits,
) -> Result<Outcome, QuorumError> {
    let down = system.set_of("down", &config.down)?;
    let unasked = || (system.replicas().len() <= MOST_UNASKED).then(|| Workload::reads(0.5));
    let workload = config.workload.clone().or_else(unasked);
    let measures = measure(system, workload.as_ref(), &down, limits);
    let listed = |formula: &Formula| -> Option<Result<Listing, Stopped>> {
        let list =
            || minimal_quorums(formula, quorums, limits).map(|(quorums, all)| Listing { quorums, all });
        (quorums > 0).then(list)
    };
    Ok(Outcome {
        requirements: config.require.hold(&measures),
        what_ifs: Vec::<WhatIf>::new(),
        listings: [listed(system.reads()), listed(system.writes())],
        staleness: config.staleness.as_ref().map(|asked| stale(asked, limits)),
        product: None,
        system: system.clone(),
        judgement,
        measures,
        down,
    })
}

fn stale(asked: &Staleness, limits: &Limits) -> Stale {
    let thresholds = asked.thresholds;
    Stale {
        versions: asked.versions.iter().map(|&k| (k, thresholds.k_stale(k as f64))).collect(),
        non_monotonic: asked.writes_per_read.map(|rate| thresholds.non_monotonic(rate, 1.0)),
        visibility: asked.wars.as_ref().map(|wars| {
            let fresh = t_visibility(wars, &asked.times, limits)?;
            Ok(Visibility {
                trials: wars.trials,
                seed: wars.seed,
                fresh: asked.times.iter().copied().zip(fresh).collect(),
                nearly_sure: (NEARLY_SURE, fresh_after(wars, NEARLY_SURE, limits)?),
            })
        }),
    }
}
