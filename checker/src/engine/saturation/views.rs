//! fifo and causal (CM) where reads-from is known and there is no cas: every process's view, in parallel.

use super::causal_past::{causal_cycle, reads_from};
use super::levels::{Broken, Levels};
use super::place::place;
use super::trace::trace;
use crate::certificate::{View, Witness};
use crate::engine::core;
use crate::engine::finding::Finding;
use crate::engine::scope::Scope;
use crate::limits::{Meter, Stop};
use crate::relation::{Before, Halt, Kind, Pasts, Registers, Runs};
use rayon::prelude::*;

const METHOD: &str = "saturation";

/// How many entries the views of a witness may have together: beyond that they are not written down.
pub(in crate::engine) const MOST_ENTRIES: usize = 1 << 22;

/// fifo. Every source must be known, and no node a cas.
pub(crate) fn fifo(
    scope: Scope<'_>,
    registers: &Registers,
    runs: &Runs,
    meter: &Meter,
) -> Result<Finding, Stop> {
    let before = Before::Program(&registers.chains);
    match each_view(registers, runs, before, meter)? {
        Some((chain, broken)) => refute(scope, registers, runs, before, (chain, &broken), meter),
        None => {
            let views = witness(scope, registers, runs, before, meter)?;
            Ok(Finding::holds(views.map_or(Witness::Omitted, Witness::Views), METHOD))
        }
    }
}

/// causal (CM). Every source must be known, and no node a cas.
pub(crate) fn causal(
    scope: Scope<'_>,
    registers: &Registers,
    runs: &Runs,
    meter: &Meter,
) -> Result<Finding, Stop> {
    let pasts = match Pasts::new(registers, meter) {
        Ok(pasts) => pasts,
        Err(Halt::Stop(stop)) => return Err(stop),
        Err(Halt::Stuck(stuck)) => return causal_cycle(registers, &stuck, meter),
    };
    let before = Before::Causal(&registers.chains, &pasts);
    let finding = match each_view(registers, runs, before, meter)? {
        Some((chain, broken)) => refute(scope, registers, runs, before, (chain, &broken), meter)?,
        None => {
            let views = witness(scope, registers, runs, before, meter)?;
            let reads_from = reads_from(registers);
            Finding::holds(
                views.map_or(Witness::Omitted, |views| Witness::Causal { views, reads_from }),
                METHOD,
            )
        }
    };
    pasts.refund(meter);
    Ok(finding)
}

/// The chains with reads.
fn readers(registers: &Registers) -> Vec<usize> {
    let chains = &registers.chains;
    let reads = |&chain: &usize| chains.range(chain).any(|node| registers.kind(node) == Kind::Read);
    (0..chains.len()).filter(reads).collect()
}

/// The first chain that has no view, and why.
fn each_view(
    registers: &Registers,
    runs: &Runs,
    before: Before<'_>,
    meter: &Meter,
) -> Result<Option<(usize, Broken)>, Stop> {
    let judge = |&chain: &usize| -> Option<Result<(usize, Broken), Stop>> {
        let outcome = Levels::new(registers, runs, before, chain, meter).and_then(|mut levels| {
            let broken = levels.saturate(meter)?;
            levels.refund(meter);
            Ok(broken)
        });
        outcome.map(|broken| broken.map(|broken| (chain, broken))).transpose()
    };
    readers(registers).par_iter().find_map_first(judge).transpose()
}

/// The views, unless they are too long.
fn witness(
    scope: Scope<'_>,
    registers: &Registers,
    runs: &Runs,
    before: Before<'_>,
    meter: &Meter,
) -> Result<Option<Vec<View>>, Stop> {
    let readers = readers(registers);
    let writes = registers.nodes().filter(|&node| registers.kind(node).writes()).count();
    if !scope.evidence || writes.saturating_mul(readers.len()) > MOST_ENTRIES {
        return Ok(None);
    }
    let views = readers.par_iter().map(|&chain| {
        let mut levels = Levels::new(registers, runs, before, chain, meter)?;
        levels.saturate(meter)?;
        let order = registers.ops(&place(registers, &mut levels));
        levels.refund(meter);
        Ok(View { process: Some(registers.chains.process(chain)), key: None, order })
    });
    views.collect::<Result<Vec<_>, Stop>>().map(Some)
}

/// The evidence that a process has no view: the operations from which it follows, as few as can be.
fn refute(
    scope: Scope<'_>,
    registers: &Registers,
    runs: &Runs,
    before: Before<'_>,
    (chain, broken): (usize, &Broken),
    meter: &Meter,
) -> Result<Finding, Stop> {
    if let &Broken::Initial { read, write } = broken
        && before.holds(write, read)
    {
        return Ok(super::causal_past::stale_initial(registers, read, write));
    }
    if !scope.evidence {
        return core::around(scope, &[], METHOD, meter);
    }
    let nodes = trace(registers, runs, before, chain, meter)?;
    core::around(scope, &registers.ops(&nodes), METHOD, meter)
}
