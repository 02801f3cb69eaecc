//! The gates of the shapes, over replicas in the order in which each shape counts them.

use crate::quorum::error::QuorumError;
use crate::quorum::formula::{Builder, GateId};
use crate::quorum::system::MAX_REPLICAS;

fn in_rows(columns: usize, leaves: &[GateId]) -> Result<std::slice::Chunks<'_, GateId>, QuorumError> {
    if columns == 0 || leaves.is_empty() || !leaves.len().is_multiple_of(columns) {
        return Err(QuorumError::new(
            "shape",
            format!("{} replicas do not fill rows of {columns}", leaves.len()),
            "let the number of replicas be rows times columns, neither of them 0",
        ));
    }
    Ok(leaves.chunks(columns))
}

pub(super) fn transposed(columns: usize, leaves: &[GateId]) -> Result<Vec<GateId>, QuorumError> {
    let rows: Vec<_> = in_rows(columns, leaves)?.collect();
    Ok((0..columns).flat_map(|column| rows.iter().map(move |row| row[column])).collect())
}

/// Any full row.
pub(super) fn rows(b: &mut Builder, columns: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    let rows = in_rows(columns, leaves)?.map(|row| b.all(row)).collect::<Result<Vec<_>, _>>()?;
    b.any(&rows)
}

/// One of every row.
pub(super) fn covers(b: &mut Builder, columns: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    let rows = in_rows(columns, leaves)?.map(|row| b.any(row)).collect::<Result<Vec<_>, _>>()?;
    b.all(&rows)
}

/// Two of root, left and right; the replicas come level by level, as in a binary heap.
pub(super) fn tree(b: &mut Builder, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    let n = leaves.len();
    if !(n + 1).is_power_of_two() || n == 0 {
        return Err(QuorumError::new(
            "shape",
            format!("{n} replicas are no complete binary tree"),
            "take 1, 3, 7, 15, 31, … replicas",
        ));
    }
    let mut gates = leaves.to_vec();
    for root in (0..n / 2).rev() {
        gates[root] = b.choose(2, &[leaves[root], gates[2 * root + 1], gates[2 * root + 2]])?;
    }
    Ok(gates[0])
}

/// Majorities of `branching` parts, level by level.
pub(super) fn hierarchy(b: &mut Builder, branching: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        if branching < 2 || !level.len().is_multiple_of(branching) {
            return Err(QuorumError::new(
                "shape",
                format!("{} replicas are no power of {branching}", leaves.len()),
                "take branching to the power of depth, with a branching of 2 or more",
            ));
        }
        level = level.chunks(branching).map(|part| b.majority(part)).collect::<Result<_, _>>()?;
    }
    level
        .first()
        .copied()
        .ok_or_else(|| QuorumError::new("shape", "it has no replicas", "let depth be 0 or more"))
}

/// A full row and one of each row below it, from the bottom up so that the parts are shared.
pub(super) fn wall(b: &mut Builder, widths: &[usize], leaves: &[GateId]) -> Result<GateId, QuorumError> {
    let total = widths.iter().try_fold(0_usize, |sum, width| sum.checked_add(*width));
    if total != Some(leaves.len()) || widths.contains(&0) || widths.is_empty() {
        return Err(QuorumError::new(
            "shape",
            format!("rows of widths {widths:?} do not take {} replicas", leaves.len()),
            "let the widths be 1 or more and add up to the number of replicas",
        ));
    }
    let mut end = leaves.len();
    // What the rows below ask of a row above: one replica of each.
    let mut below: Option<GateId> = None;
    let mut choices = Vec::new();
    for width in widths.iter().rev() {
        let row = &leaves[end - width..end];
        end -= width;
        let full = b.all(row)?;
        choices.push(match below {
            None => full,
            Some(below) => b.all(&[full, below])?,
        });
        let one = b.any(row)?;
        below = Some(match below {
            None => one,
            Some(below) => b.all(&[one, below])?,
        });
    }
    choices.reverse();
    b.any(&choices)
}

/// The hub and one of the rim, or the whole rim; the hub comes first.
pub(super) fn wheel(b: &mut Builder, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    if leaves.len() < 3 {
        return Err(QuorumError::new(
            "shape",
            format!("{} replicas are no wheel", leaves.len()),
            "take a hub and a rim of two or more",
        ));
    }
    wall(b, &[1, leaves.len() - 1], leaves)
}

/// Any `2·faults + 1` full rows with any full column.
pub(super) fn masking_grid(
    b: &mut Builder,
    columns: usize,
    faults: usize,
    leaves: &[GateId],
) -> Result<GateId, QuorumError> {
    let full = in_rows(columns, leaves)?.map(|row| b.all(row)).collect::<Result<Vec<_>, _>>()?;
    let needed = faults.checked_mul(2).and_then(|twice| twice.checked_add(1));
    let Some(needed) = needed.filter(|&needed| needed <= full.len()) else {
        return Err(QuorumError::new(
            "shape",
            format!("{} rows for {faults} Byzantine replicas", full.len()),
            "take 2·faults + 1 rows or more",
        ));
    };
    let many = b.choose(needed as u64, &full)?;
    let column = rows(b, full.len(), &transposed(columns, leaves)?)?;
    b.all(&[many, column])
}

/// Any line of the projective plane over the integers modulo the prime `order`.
pub(super) fn plane(b: &mut Builder, order: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    if !(2..=MAX_REPLICAS).contains(&order) || (2..order).any(|d| order.is_multiple_of(d)) {
        return Err(QuorumError::new(
            "shape",
            format!("no plane of order {order} is built in"),
            "take a prime order: 2, 3, 5, 7, …",
        ));
    }
    let points = projective_points(order);
    if points.len() != leaves.len() {
        return Err(QuorumError::new(
            "shape",
            format!("a plane of order {order} takes {} replicas, not {}", points.len(), leaves.len()),
            "give it as many",
        ));
    }
    // Lines have the same coordinates as points; a point is on a line iff their product is 0.
    let mut lines = Vec::with_capacity(points.len());
    for line in &points {
        let on_line = points
            .iter()
            .zip(leaves)
            .filter(|(point, _)| {
                line.iter().zip(*point).map(|(a, b)| a * b).sum::<usize>().is_multiple_of(order)
            })
            .map(|(_, &leaf)| leaf)
            .collect::<Vec<_>>();
        lines.push(b.all(&on_line)?);
    }
    b.any(&lines)
}

/// The points of the plane in normal form: the first coordinate that is not 0 is 1.
fn projective_points(q: usize) -> Vec<[usize; 3]> {
    let affine = (0..q).flat_map(|x| (0..q).map(move |y| [1, x, y]));
    affine.chain((0..q).map(|x| [0, 1, x])).chain([[0, 0, 1]]).collect()
}
