//! Violations of append-lists.

use super::super::Values;
use super::super::draft::Range;
use super::{NOBODYS, Site};
use tribunal_checker::history::{Function, Outcome};

/// How many reads are tried.
const TRIALS: usize = 1 << 10;

/// A read with an element that nobody appends.
pub(super) fn thin_air(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let read = reads(site).next()?;
    let mut seen = content(site, read).to_vec();
    seen.push((NOBODYS, 0));
    show(site, read, seen);
    Some(vec![read])
}

/// A read that lacks an element, and those behind it, although the append is before the read.
///
/// Where values are unique and nothing is put, the content has each element from its append on. Where values repeat, all
/// elements that it shows, and the one that it lacks, are appended before it, so that it is too short. With puts, values are unique, so that content which begins with a put stands only behind that put and before
/// the next; the put must be before the append, lest the append came first and was replaced.
pub(super) fn stale_read(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let puts = site.draft.rows.iter().any(|row| row.function == Function::Put);
    if puts && site.options.values != Values::Unique {
        return None;
    }
    let found = reads(site).take(TRIALS).find_map(|read| {
        let seen = content(site, read);
        let certain = |at: usize| {
            let append = seen[at].1 as usize;
            let first = seen[0].1 as usize;
            site.row(append).is(Function::Append)
                && site.before(append, read)
                && (site.row(first).function == Function::Append || site.before(first, append))
        };
        let least = usize::from(puts);
        let at = if site.options.values == Values::Unique {
            (least..seen.len()).rev().find(|&at| certain(at))?
        } else {
            (0..seen.len()).take_while(|&at| certain(at)).last()?
        };
        Some((read, at, seen[at].1 as usize))
    });
    let (read, at, append) = found?;
    let Range { from, .. } = Range::unpack(site.row(read).b);
    site.draft.rows[read].b = Range { from, to: from + u32::try_from(at).ok()? }.pack();
    Some(vec![read, append])
}

/// A read that shows two elements the wrong way round, one append of which is before the other.
pub(super) fn reordered(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let found = reads(site).take(TRIALS).find_map(|read| {
        let seen = content(site, read);
        let ordered = |pair: &[(i64, u32)]| {
            let (a, b) = (pair[0].1 as usize, pair[1].1 as usize);
            site.row(a).is(Function::Append) && site.row(b).is(Function::Append) && site.before(a, b)
        };
        seen.windows(2).rposition(ordered).map(|at| (read, at))
    });
    let (read, at) = found?;
    let mut seen = content(site, read).to_vec();
    seen.swap(at, at + 1);
    let appends = [seen[at].1 as usize, seen[at + 1].1 as usize];
    show(site, read, seen);
    Some(vec![read, appends[0], appends[1]])
}

fn reads<'a>(site: &'a Site<'_>) -> impl Iterator<Item = usize> + 'a {
    site.candidates()
        .filter(|&op| site.row(op).function == Function::Read && site.row(op).outcome == Outcome::Ok)
}

/// What a read has seen: value, row of the append.
fn content<'a>(site: &'a Site<'_>, read: usize) -> &'a [(i64, u32)] {
    let row = site.row(read);
    let Range { from, to } = Range::unpack(row.b);
    let list = usize::try_from(row.a).expect("the position of a list");
    &site.draft.lists[list][from as usize..to as usize]
}

/// Makes a read have seen this.
fn show(site: &mut Site<'_>, read: usize, seen: Vec<(i64, u32)>) {
    let row = &mut site.draft.rows[read];
    row.a = i64::try_from(site.draft.lists.len()).expect("the position of a list");
    row.b = Range { from: 0, to: u32::try_from(seen.len()).expect("fewer elements than operations") }.pack();
    site.draft.lists.push(seen);
}
