//! Violations of sets.

use super::Site;
use tribunal_checker::history::{Function, Outcome};

/// An element that nobody adds is found in the set.
pub(super) fn thin_air(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let found = |op: &usize| site.row(*op).is(Function::Contains) || site.row(*op).is(Function::Remove);
    let op = site.candidates().find(found)?;
    let row = &mut site.draft.rows[op];
    row.a = 0;
    row.answer = Some(true);
    Some(vec![op])
}

/// The wrong answer about an element at a moment when nobody else changes it.
///
/// Every other add and remove of the element that may have happened has returned before the operation was called, or was
/// called after it returned. So the same ones come before it in every view, and each that succeeded has turned "in" to
/// "out" or back: their number says what the state is, and so the answer.
pub(super) fn flipped_answer(site: &mut Site<'_>) -> Option<Vec<usize>> {
    let rows = &site.draft.rows;
    let mut by_element: Vec<usize> = (0..rows.len()).collect();
    by_element.sort_by_key(|&op| (rows[op].object, rows[op].a, op));
    let same = |a: &usize, b: &usize| (rows[*a].object, rows[*a].a) == (rows[*b].object, rows[*b].a);
    let mut alone = Vec::new();
    for group in by_element.chunk_by(same) {
        lonely(site, group, &mut alone);
    }
    let place = |&op: &usize| if op >= site.from { op - site.from } else { rows.len() - op };
    let op = alone.into_iter().min_by_key(place)?;
    let answer = rows[op].answer?;
    site.draft.rows[op].answer = Some(!answer);
    Some(vec![op])
}

/// The operations, of one element and in the order of their calls, that overlap no change by another one.
fn lonely(site: &Site<'_>, group: &[usize], alone: &mut Vec<usize>) {
    let changes =
        |op: usize| site.row(op).function != Function::Contains && site.row(op).outcome != Outcome::Fail;
    let mut quiet_from = 0;
    for (at, &op) in group.iter().enumerate() {
        let row = site.row(op);
        let next = group[at + 1..].iter().find(|&&other| changes(other) || site.row(other).start > row.end);
        let quiet_after = next.is_none_or(|&next| site.row(next).start > row.end);
        if row.outcome == Outcome::Ok && quiet_from < row.start && quiet_after {
            alone.push(op);
        }
        if changes(op) {
            quiet_from = quiet_from.max(row.end);
        }
    }
}
