//! Violations of queues, stacks and priority queues.

use super::super::draft::NIL;
use super::{NOBODYS, Site};
use std::collections::HashMap;
use tribunal_checker::history::{Function, Outcome};
use tribunal_checker::spec::SpecKind;

/// How many removals behind one are looked at as its partners.
const PARTNERS: usize = 1 << 9;

/// A removal of a value that nobody inserts.
pub(super) fn thin_air(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let removal = site.candidates().find(|&op| removes(site, op))?;
    site.draft.rows[removal].a = NOBODYS;
    Some(vec![removal])
}

/// Removals `x` of `a` and `y` of `b`, `x` before `y`, which then return each other's value, where `a` had to come out
/// before `b`:
///
/// - queue: `a` was inserted before `b`. Then `b` comes out first.
/// - stack: `b` was inserted before `a`, and `a` before `x`. Then `x` takes `b` while `a`, inserted later, is still in,
///   for only `y` takes it out.
/// - priority queue: `a` is greater than `b` and inserted before `x`. Then `x` takes `b` while `a` is in.
pub(super) fn swapped(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let table = Table::new(site);
    let (x, y) = pairs(site).find(|&(x, y)| {
        let (Some(a), Some(b)) = (table.insertion(site, x), table.insertion(site, y)) else { return false };
        site.before(x, y)
            && match site.options.spec {
                SpecKind::Queue => site.before(a, b),
                SpecKind::Stack => site.before(b, a) && site.before(a, x),
                _ => site.row(a).a > site.row(b).a && site.before(a, x),
            }
    })?;
    let rows = &mut site.draft.rows;
    (rows[x].a, rows[y].a) = (rows[y].a, rows[x].a);
    Some(vec![x, y])
}

/// Two removals of a value that is inserted once.
pub(super) fn duplicate(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let (x, y) = pairs(site).find(|&(x, y)| holds(site, x) && holds(site, y))?;
    site.draft.rows[y].a = site.row(x).a;
    Some(vec![x, y])
}

/// The removal of `v` fails, so that nobody removes it, and `y` removes `u`:
///
/// - queue: `v` was inserted before `u`, so that `u` never comes to the front.
/// - stack: `u` was inserted before `v`, and `v` before `y`, so that `v` is above `u`.
/// - priority queue: `v` is greater than `u` and inserted before `y`.
pub(super) fn lost(site: &mut Site<'_>) -> Option<Vec<usize>> {
    // A removal of unknown outcome may have taken the value.
    if site.draft.rows.iter().any(|row| row.outcome == Outcome::Info && is_removal(row.function)) {
        return None;
    }
    let table = Table::new(site);
    let found = pairs(site).find_map(|(x, y)| {
        let (v, u) = (table.insertion(site, x)?, table.insertion(site, y)?);
        let violated = match site.options.spec {
            SpecKind::Queue => site.before(v, u),
            SpecKind::Stack => site.before(u, v) && site.before(v, y),
            _ => site.row(v).a > site.row(u).a && site.before(v, y),
        };
        violated.then_some((x, v, y))
    });
    let (x, v, y) = found?;
    site.draft.rows[x].outcome = Outcome::Fail;
    Some(vec![v, y])
}

/// A removal `x` finds nothing, although some `v` was inserted before it and removed by `y` after it.
pub(super) fn wrong_empty(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let table = Table::new(site);
    let found = pairs(site).find_map(|(x, y)| {
        let v = table.insertion(site, y)?;
        (holds(site, x) && site.before(v, x) && site.before(x, y)).then_some((x, v, y))
    });
    let (x, v, y) = found?;
    site.draft.rows[x].a = NIL;
    Some(vec![x, v, y])
}

fn is_removal(function: Function) -> bool {
    matches!(function, Function::Dequeue | Function::Pop | Function::Poll)
}

/// A removal that is known to have happened.
fn removes(site: &Site<'_>, op: usize) -> bool {
    let row = site.row(op);
    row.outcome == Outcome::Ok && is_removal(row.function)
}

/// A removal of a value.
fn holds(site: &Site<'_>, op: usize) -> bool {
    removes(site, op) && site.row(op).a != NIL
}

/// Pairs of removals from one object, the second of which was called after the first.
fn pairs<'a>(site: &'a Site<'_>) -> impl Iterator<Item = (usize, usize)> + 'a {
    let rows = &site.draft.rows;
    site.candidates().filter(|&x| removes(site, x)).flat_map(move |x| {
        let later = x + 1..rows.len();
        let partners = later.filter(move |&y| removes(site, y) && rows[y].object == rows[x].object);
        partners.take(PARTNERS).map(move |y| (x, y))
    })
}

/// Who inserted each value.
struct Table(HashMap<i64, usize>);

impl Table {
    fn new(site: &Site<'_>) -> Self {
        let rows = site.draft.rows.iter().enumerate();
        let inserts = rows.filter(|(_, row)| !is_removal(row.function) && row.outcome != Outcome::Fail);
        Self(inserts.map(|(op, row)| (row.a, op)).collect())
    }

    /// The insertion of what a removal took.
    fn insertion(&self, site: &Site<'_>, removal: usize) -> Option<usize> {
        self.0.get(&site.row(removal).a).copied()
    }
}
