//! Violations of transactions on registers: those of the registers, access by access.

use super::super::draft::{Access, NIL};
use super::{NOBODYS, REACH, Site};
use tribunal_checker::history::{Function, Outcome};

/// How many transactions are tried as targets.
const TRIALS: usize = 1 << 10;

/// A read of a value that nobody writes.
pub(super) fn thin_air(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let (op, access) = outer_reads(site).next()?;
    site.draft.accesses[access].value = NOBODYS;
    Some(vec![op])
}

/// A read of a value whose every write is before another write of the key that is before the read: as of registers.
/// Transactions are atomic, so the write between is wholly between.
pub(super) fn stale_read(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let reads: Vec<_> = outer_reads(site).take(TRIALS).collect();
    for (read, access) in reads {
        let key = site.draft.accesses[access].key;
        let Some(between) = nearest(site, read, key) else { continue };
        let Some(from) = nearest(site, between, key) else { continue };
        // What a transaction leaves behind is what it writes last.
        let value = writes(site, from, key).last()?.value;
        let repeated = |op: usize| writes(site, op, key).any(|write| write.value == value);
        if (0..site.draft.rows.len()).all(|op| !repeated(op) || site.before(op, between) && op != between) {
            site.draft.accesses[access].value = value;
            return Some(vec![read, between, from]);
        }
    }
    None
}

/// A read of the initial value, which is never written, behind a write.
pub(super) fn stale_initial(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let reads: Vec<_> = outer_reads(site).take(TRIALS).collect();
    let (read, access, write) = reads.into_iter().find_map(|(read, access)| {
        Some((read, access, nearest(site, read, site.draft.accesses[access].key)?))
    })?;
    site.draft.accesses[access].value = NIL;
    Some(vec![read, write])
}

/// Reads of keys that their own transaction has not written before them: transaction, access.
fn outer_reads<'a>(site: &'a Site<'_>) -> impl Iterator<Item = (usize, usize)> + 'a {
    let ok = site.candidates().filter(|&op| site.row(op).is(Function::Txn));
    ok.filter_map(|op| {
        let range = site.draft.accesses_of(site.row(op));
        let first = range.start;
        let accesses = &site.draft.accesses;
        let outer = |&at: &usize| {
            accesses[at].function == Function::Read
                && accesses[first..at].iter().all(|earlier| earlier.key != accesses[at].key)
        };
        range.clone().find(outer).map(|at| (op, at))
    })
}

/// What a transaction may have written to a key.
fn writes<'a>(site: &'a Site<'_>, op: usize, key: u32) -> impl Iterator<Item = &'a Access> {
    let row = site.row(op);
    let accesses = &site.draft.accesses[site.draft.accesses_of(row)];
    let happened = row.outcome != Outcome::Fail;
    accesses.iter().filter(move |access| happened && access.function == Function::Write && access.key == key)
}

/// The nearest transaction that certainly wrote the key, before `op`.
fn nearest(site: &Site<'_>, op: usize, key: u32) -> Option<usize> {
    let wanted = |other: &usize| site.before(*other, op) && writes(site, *other, key).next().is_some();
    (op.saturating_sub(REACH)..op).rev().find(wanted)
}
