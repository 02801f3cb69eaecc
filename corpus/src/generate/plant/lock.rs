//! Violations of mutexes and semaphores.

use super::Site;
use tribunal_checker::history::{Function, Outcome};
use tribunal_checker::spec::SpecKind;

/// A hold: acquire, release, and the span of time in which the permit is certainly held.
struct Hold {
    acquire: usize,
    from: u32,
    to: u32,
}

/// An acquire `q` that waited returns at a moment at which all permits are held.
///
/// At that moment, `t`, as many holds as there are permits have certainly begun (their acquires have returned) and not
/// ended (their releases are yet to be called). `q` returned too, and the release that follows it was called after the
/// time at which it had really returned, which is after `t`. So at `t` one more is held than there are permits.
pub(super) fn double_hold(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let permits = if site.options.spec == SpecKind::Mutex { 1 } else { site.options.permits as usize };
    let holds = holds(site);
    let place = |hold: &&Hold| hold.acquire.abs_diff(site.from);
    let mut targets: Vec<&Hold> = holds.iter().collect();
    targets.sort_by_key(place);
    for target in targets {
        let object = site.row(target.acquire).object;
        let t = target.to - 1;
        let near = holds.iter().filter(|hold| site.row(hold.acquire).object == object);
        let certain = near.filter(|hold| hold.from <= t && t < hold.to).count();
        if certain != permits || target.from > t {
            continue;
        }
        let waits = |row: &super::Row| {
            row.is(Function::Acquire) && row.object == object && row.start < t && row.end > t
        };
        // Whoever waits was called before the hold ended.
        if let Some(waiting) = site.draft.rows.iter().position(waits) {
            site.draft.rows[waiting].end = t;
            return Some(vec![waiting]);
        }
    }
    None
}

/// An acquire fails, its release does not.
///
/// Of a mutex, its process releases what it does not hold. Of a semaphore, more permits are given back in the end than can
/// have been taken, which is checked by counting them.
pub(super) fn unpaired_release(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let holds = holds(site);
    let acquire = holds.iter().map(|hold| hold.acquire).min_by_key(|acquire| acquire.abs_diff(site.from))?;
    let object = site.row(acquire).object;
    let on_it = |function: Function| {
        site.draft.rows.iter().filter(move |row| row.object == object && row.function == function)
    };
    let taken = on_it(Function::Acquire).filter(|row| row.outcome != Outcome::Fail).count();
    let given_back = on_it(Function::Release).filter(|row| row.outcome == Outcome::Ok).count();
    if site.options.spec == SpecKind::Semaphore && given_back < taken {
        return None;
    }
    site.draft.rows[acquire].outcome = Outcome::Fail;
    Some(vec![acquire])
}

/// The holds that were released, in the order of their acquires.
fn holds(site: &Site<'_>) -> Vec<Hold> {
    let mut open = std::collections::HashMap::new();
    let mut holds = Vec::new();
    for (op, row) in site.draft.rows.iter().enumerate() {
        if row.is(Function::Acquire) {
            open.insert(row.process, op);
        } else if row.is(Function::Release)
            && let Some(acquire) = open.remove(&row.process)
        {
            holds.push(Hold { acquire, from: site.row(acquire).end, to: row.start });
        }
    }
    holds.sort_by_key(|hold| hold.acquire);
    holds
}
