//! Stale reads that violate models weaker than sequential.

use super::super::draft::Row;
use super::{REACH, Site};
use std::collections::HashMap;
use tribunal_checker::history::Function;
use tribunal_checker::model::Model;

/// How many reads are tried.
const TRIALS: usize = 1 << 8;

/// A read `r` of the value of `w0`, which is written once, where one process wrote `w0` and then `w1` to the key, and
/// the reader knows of `w1`:
///
/// - weak, release, entry: it wrote `w1` itself. Arbitration respects program order, so `w0` is before `w1` in it.
/// - slow, cache: it read `w1` before. Every view of the key has `w0`, `w1`, that read, `r` in program order.
/// - the others: it read before, of any key, what that process wrote at `w2`, which is `w1` or comes after it. Every
///   causal order has `w0`, `w1`, `w2`, that read, `r`, and so has every view of the reader that respects program orders.
pub(super) fn stale_read(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let writers: HashMap<i64, usize> =
        site.draft.rows.iter().enumerate().filter_map(|(op, row)| Some((row.written()?, op))).collect();
    for read in site.candidates().filter(|&op| site.row(op).is(Function::Read)).take(TRIALS) {
        if let Some((w1, w0, via)) = known(site, read, &writers) {
            site.draft.rows[read].a = site.row(w0).a;
            let mut planted = vec![read, w1, w0];
            planted.extend(via.into_iter().flatten());
            return Some(planted);
        }
    }
    None
}

/// `w1`, `w0`, and the read and `w2` through which the reader knows of them.
fn known(
    site: &Site<'_>,
    read: usize,
    writers: &HashMap<i64, usize>,
) -> Option<(usize, usize, Option<[usize; 2]>)> {
    let Row { process, object: key, .. } = *site.row(read);
    let model = site.options.model;
    let earlier = |op: &usize| site.row(*op).process == process;
    let mut mine = (read.saturating_sub(REACH)..read).rev().filter(earlier);
    if model.is_synchronised() {
        let w1 = mine.find(|&op| writes(site.row(op), key))?;
        return Some((w1, previous(site, w1, key)?, None));
    }
    mine.find_map(|op| {
        let row = site.row(op);
        if !row.is(Function::Read) || matches!(model, Model::Slow | Model::Cache) && row.object != key {
            return None;
        }
        let w2 = *writers.get(&row.a)?;
        let w1 = if writes(site.row(w2), key) { w2 } else { previous(site, w2, key)? };
        Some((w1, previous(site, w1, key)?, Some([op, w2])))
    })
}

/// The last write to the key that the process of `op` made before it.
fn previous(site: &Site<'_>, op: usize, key: u32) -> Option<usize> {
    let process = site.row(op).process;
    site.nearest(op, |_, row| row.process == process && writes(row, key))
}

fn writes(row: &Row, key: u32) -> bool {
    row.is(Function::Write) && row.object == key
}
