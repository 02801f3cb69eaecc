//! A configuration to everything that is reported of it.

use std::time::Duration;

use tribunal_checker::quorum::{
    Limits, QuorumError, QuorumSystem, Rules, Stopped, Workload, judge, measure, minimal_quorums, what_ifs,
};
use tribunal_formats::quorum_config::{QuorumConfig, Subject};

use crate::report::quorum::{Listing, Outcome};

/// Systems of more replicas are not asked for their load unless a workload is given.
const MOST_UNASKED: usize = 128;

/// Judges first, then measures: where time runs out, the verdict is what is left.
pub(super) fn evaluate(
    config: &QuorumConfig,
    timeout: Duration,
    quorums: usize,
) -> Result<Outcome, QuorumError> {
    let limits = Limits::within(timeout);
    let Subject::System { system, rules } = &config.subject;
    system_outcome(config, system, rules, quorums, &limits)
}

fn system_outcome(
    config: &QuorumConfig,
    system: &QuorumSystem,
    rules: &Rules,
    quorums: usize,
    limits: &Limits,
) -> Result<Outcome, QuorumError> {
    let judgement = judge(system, rules, limits)?;
    let workload = config
        .workload
        .clone()
        .or_else(|| (system.replicas().len() <= MOST_UNASKED).then(|| Workload::reads(0.5)));
    let measures = measure(system, workload.as_ref(), &config.down, limits);
    let listed = |formula: &tribunal_checker::quorum::Formula| -> Option<Result<Listing, Stopped>> {
        (quorums > 0)
            .then(|| minimal_quorums(formula, quorums, limits).map(|(quorums, all)| Listing { quorums, all }))
    };
    Ok(Outcome {
        requirements: config.require.hold(&measures),
        what_ifs: what_ifs(system, rules, limits),
        listings: [listed(system.reads()), listed(system.writes())],
        down: config.down.clone(),
        system: system.clone(),
        judgement,
        measures,
    })
}
