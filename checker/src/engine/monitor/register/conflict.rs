//! From operations that conflict to a refutation that the certificate's verifier believes.

use super::clusters::{Clusters, NOWHERE};
use crate::certificate::{OneStep, Refutation};
use crate::engine::monitor::core;
use crate::engine::monitor::timeline::{NONE, Timeline};
use crate::history::{History, Outcome};
use rustc_hash::FxHashSet;

/// Why there is no view.
#[derive(Debug)]
pub(in crate::engine::monitor) enum Conflict {
    /// The item read what nobody wrote.
    ThinAir(u32),
    /// These items and what they read from.
    Among(Vec<u32>),
    /// What returned at one rank must come after what was called at the other, later one.
    Order { returned: u32, called: u32 },
    /// The blocks with these zones, a first return and a last call each, leave each other no room.
    Zones([(u32, u32); 2]),
}

/// The refutation that a conflict is.
pub(super) fn refutation(
    history: &History,
    clusters: &Clusters,
    line: &Timeline,
    conflict: &Conflict,
) -> Refutation {
    match conflict {
        Conflict::ThinAir(item) => {
            let read = line.op[*item as usize];
            return Refutation::OneStep { kind: OneStep::ThinAir, read, with: Vec::new() };
        }
        Conflict::Zones(zones) => {
            let extremes = zones.map(|zone| extremes(line, zone));
            for (reader, other) in [(0, 1), (1, 0)] {
                if let Some(read) = extremes[reader].1
                    && let Some(step) = stale(history, clusters, line, read, extremes[other])
                {
                    return step;
                }
            }
        }
        _ => {}
    }
    let mut items = involved(line, conflict);
    close(clusters, line, &mut items);
    core(line, items)
}

/// What returned at the one rank, and what was called at the other.
fn extremes(line: &Timeline, (returned, called): (u32, u32)) -> (Option<u32>, Option<u32>) {
    let first = (0..line.len()).find(|&item| line.ret[item as usize] == returned);
    (first, line.call.binary_search(&called).ok().map(|item| item as u32))
}

/// The items that a conflict names.
pub(in crate::engine::monitor) fn involved(line: &Timeline, conflict: &Conflict) -> Vec<u32> {
    let both = |ranks| {
        let (first, last) = extremes(line, ranks);
        first.into_iter().chain(last)
    };
    match conflict {
        Conflict::ThinAir(item) => vec![*item],
        Conflict::Among(items) => items.clone(),
        Conflict::Order { returned, called } => both((*returned, *called)).collect(),
        Conflict::Zones(zones) => zones.iter().copied().flat_map(both).collect(),
    }
}

/// A read that one later write shows to be stale.
fn stale(
    history: &History,
    clusters: &Clusters,
    line: &Timeline,
    read: u32,
    (first, last): (Option<u32>, Option<u32>),
) -> Option<Refutation> {
    let source = clusters.source(read);
    if source >= NOWHERE || history.outcome(line.op[read as usize]) != Outcome::Ok {
        return None;
    }
    let source = clusters.clusters[source as usize].writer;
    let writer = |item: u32| clusters.clusters[clusters.of[item as usize] as usize].writer;
    let writers = first.into_iter().chain(last).map(writer);
    let hides = |&later: &u32| {
        later != NONE && line.precedes(later, read) && (source == NONE || line.precedes(source, later))
    };
    let later = writers.into_iter().find(hides)?;
    let (kind, with) = if source == NONE {
        (OneStep::StaleInitial, vec![later])
    } else {
        (OneStep::StaleRead, vec![source, later])
    };
    Some(Refutation::OneStep { kind, read: line.op[read as usize], with: line.ops(&with) })
}

/// Adds what the items read from, and for pending writes who shows that they happened.
fn close(clusters: &Clusters, line: &Timeline, items: &mut Vec<u32>) {
    let mut todo = std::mem::take(items);
    let mut members = FxHashSet::default();
    while let Some(item) = todo.pop() {
        if !members.insert(item) {
            continue;
        }
        items.push(item);
        let source = clusters.source(item);
        if source != 0 && source < NOWHERE {
            todo.push(clusters.clusters[source as usize].writer);
        }
        if line.is_pending(item) {
            todo.extend(clusters.observed.get(&clusters.of[item as usize]));
        }
    }
}
