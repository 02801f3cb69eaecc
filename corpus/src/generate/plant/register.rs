//! Violations of registers.

use super::super::Values;
use super::super::draft::{NIL, Row};
use super::{NOBODYS, Site};
use tribunal_checker::history::Function;

/// How many operations are tried as targets where a trial costs more than a look.
const TRIALS: usize = 1 << 10;

/// A read of a value that nobody writes: no view can hold it.
pub(super) fn thin_air(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let read = site.candidates().find(|&op| site.row(op).is(Function::Read))?;
    site.draft.rows[read].a = NOBODYS;
    Some(vec![read])
}

/// A read `r` of the value of `w0`, with `w0` before `w1` before `r`.
///
/// Every write of the value that may come before `r` in a view, `w0` alone or the last of them, is before `w1`, and `w1`
/// before `r`: in every view `w1` stands between them and `r`, and what it wrote is another value.
pub(super) fn stale_read(site: &mut Site<'_>) -> Option<Vec<usize>> {
    for read in site.candidates().filter(|&op| site.row(op).is(Function::Read)).take(TRIALS) {
        if let Some((between, from)) = overwritten(site, read) {
            site.draft.rows[read].a = site.row(from).written()?;
            return Some(vec![read, between, from]);
        }
    }
    None
}

/// A read of the initial value, which is never written, behind a write.
pub(super) fn stale_initial(site: &mut Site<'_>) -> Option<Vec<usize>> {
    for read in site.candidates().filter(|&op| site.row(op).is(Function::Read)).take(TRIALS) {
        let key = site.row(read).object;
        let write = site.nearest(read, |op, row| writes(row, key) && site.before(op, read));
        if let Some(write) = write {
            site.draft.rows[read].a = NIL;
            return Some(vec![read, write]);
        }
    }
    None
}

/// A write `w` whose value every read is made to have missed. One of the reads, `r`, comes after it, and what they
/// return instead was written by `w0`, before `w`: `r` is a stale read.
pub(super) fn lost_write(site: &mut Site<'_>) -> Option<Vec<usize>> {
    for read in site.candidates().filter(|&op| site.row(op).is(Function::Read)).take(TRIALS) {
        let Row { object: key, a: value, .. } = *site.row(read);
        let is_write = |op: usize, row: &Row| {
            row.is(Function::Write) && row.object == key && row.a == value && site.before(op, read)
        };
        let Some(write) = site.nearest(read, is_write) else { continue };
        let is_older = |op: usize, row: &Row| writes(row, key) && site.before(op, write);
        let Some(older) = site.nearest(write, is_older) else { continue };
        let rows = &site.draft.rows;
        if rows.iter().any(|row| row.function == Function::Cas && row.object == key && row.a == value) {
            continue;
        }
        let old = site.row(older).written()?;
        let mut planted = vec![write];
        for (op, row) in site.draft.rows.iter_mut().enumerate() {
            if row.is(Function::Read) && row.object == key && row.a == value {
                row.a = old;
                planted.push(op);
            }
        }
        return Some(planted);
    }
    None
}

/// A second successful cas from a value that is written once: after the first in any view the register holds another
/// value, and never that one again.
pub(super) fn lost_update(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let swapped = |row: &Row| row.is(Function::Cas) && row.answer != Some(false);
    for second in site.candidates().filter(|&op| swapped(site.row(op))).take(TRIALS) {
        let key = site.row(second).object;
        let first = site.nearest(second, |_, row| swapped(row) && row.object == key);
        if let Some(first) = first {
            site.draft.rows[second].a = site.row(first).a;
            return Some(vec![first, second]);
        }
    }
    None
}

/// A write to the key that certainly happened.
fn writes(row: &Row, key: u32) -> bool {
    row.object == key && row.outcome == tribunal_checker::history::Outcome::Ok && row.written().is_some()
}

/// `w1` and `w0` for a read: `w0` before `w1` before the read, and every other write of `w0`'s value too, or else after
/// the read.
fn overwritten(site: &Site<'_>, read: usize) -> Option<(usize, usize)> {
    let key = site.row(read).object;
    let between = site.nearest(read, |op, row| writes(row, key) && site.before(op, read))?;
    let from = site.nearest(between, |op, row| {
        writes(row, key) && site.before(op, between) && row.written() != site.row(between).written()
    })?;
    let value = site.row(from).written();
    let unique = site.options.values == Values::Unique;
    let all = || {
        site.draft.rows.iter().enumerate().all(|(op, row)| {
            row.object != key || row.written() != value || site.before(op, between) || site.before(read, op)
        })
    };
    (unique || all()).then_some((between, from))
}
