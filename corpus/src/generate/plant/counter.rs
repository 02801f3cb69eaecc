//! Violations of counters.

use super::Site;
use tribunal_checker::history::{Function, Outcome};

/// How many reads are tried.
const TRIALS: usize = 64;

/// A read of more than was ever added.
pub(super) fn thin_air(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let read = site.candidates().find(|&op| site.row(op).is(Function::Read))?;
    let key = site.row(read).object;
    let added = |op: &usize| {
        let row = site.row(*op);
        row.function == Function::Inc && row.object == key && row.outcome != Outcome::Fail
    };
    let most = (0..site.draft.rows.len()).filter(added).count();
    site.draft.rows[read].a = i64::try_from(most).ok()? + 1;
    Some(vec![read])
}

/// A read of one less than was added before it, each time one, and never anything taken away.
pub(super) fn wrong_count(site: &mut Site<'_>) -> Option<Vec<usize>> {
    for read in site.candidates().filter(|&op| site.row(op).is(Function::Read)).take(TRIALS) {
        let key = site.row(read).object;
        let added = |op: &usize| {
            let row = site.row(*op);
            row.is(Function::Inc) && row.object == key && site.before(*op, read)
        };
        let least = (0..read).filter(added).count();
        if least > 0 {
            site.draft.rows[read].a = i64::try_from(least).ok()? - 1;
            return Some(vec![read]);
        }
    }
    None
}
