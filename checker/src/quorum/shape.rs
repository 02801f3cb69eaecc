//! Named shapes of quorum systems.
//!
//! | Shape | Read quorums | Write quorums | Source |
//! |---|---|---|---|
//! | `rowa` | any replica | all replicas | read one, write all |
//! | `majority` | a majority | a majority | Thomas 1979 |
//! | `grid` | a full row | the dual: one of each row | Naor and Wool 1998 |
//! | `cheung-grid` | one of each column | the same and a full column | Cheung, Ammar, Ahamad 1990 |
//! | `maekawa-grid` | a row and a column | the same | Maekawa 1985 |
//! | `plane` | a line of the projective plane | the same | Maekawa 1985 |
//! | `tree` | two of root, left and right, recursively | the same | Agrawal, El Abbadi 1991 |
//! | `hierarchy` | a majority of majorities of … | the same | Kumar 1991 |
//! | `wall` | a full row and one of each row below | the same | Peleg, Wool 1995 |

use super::error::QuorumError;
use super::formula::{Builder, GateId};
use super::system::{MAX_REPLICAS, QuorumSystem, Replica};

/// A shape with its sizes.
///
/// # Examples
///
/// ```
/// use tribunal_checker::quorum::Shape;
///
/// let fano = Shape::Plane { order: 2 }.system(None).unwrap();
/// assert_eq!(fano.replicas().len(), 7);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Read one, write all.
    Rowa {
        /// The number of replicas.
        n: usize,
    },
    /// A majority for reads and writes.
    Majority {
        /// The number of replicas.
        n: usize,
    },
    /// Reads take a full row, writes one replica of each row.
    Grid {
        /// The number of rows.
        rows: usize,
        /// The number of columns.
        columns: usize,
    },
    /// Reads take one replica of each column, writes also a full column.
    CheungGrid {
        /// The number of rows.
        rows: usize,
        /// The number of columns.
        columns: usize,
    },
    /// A full row and a full column.
    MaekawaGrid {
        /// The number of rows.
        rows: usize,
        /// The number of columns.
        columns: usize,
    },
    /// The lines of the projective plane over the integers modulo a prime.
    Plane {
        /// The order: a prime; there are `order² + order + 1` replicas.
        order: usize,
    },
    /// Two of root, left subtree and right subtree of a complete binary tree.
    Tree {
        /// The number of replicas: `2^h - 1`.
        n: usize,
    },
    /// Majorities of majorities.
    Hierarchy {
        /// How many parts each level has.
        branching: usize,
        /// How many levels there are; there are `branching^depth` replicas.
        depth: u32,
    },
    /// A crumbling wall.
    Wall {
        /// The width of each row, from the top.
        widths: Vec<usize>,
    },
}

impl Shape {
    /// The number of replicas, or `None` where it overflows.
    #[must_use]
    pub fn replicas(&self) -> Option<usize> {
        match self {
            Self::Rowa { n } | Self::Majority { n } | Self::Tree { n } => Some(*n),
            Self::Grid { rows, columns }
            | Self::CheungGrid { rows, columns }
            | Self::MaekawaGrid { rows, columns } => rows.checked_mul(*columns),
            Self::Plane { order } => order.checked_mul(*order)?.checked_add(*order)?.checked_add(1),
            Self::Hierarchy { branching, depth } => branching.checked_pow(*depth),
            Self::Wall { widths } => widths.iter().try_fold(0_usize, |sum, width| sum.checked_add(*width)),
        }
    }

    /// The quorum system of this shape, over the given replicas or over `n1`, `n2`, ….
    ///
    /// # Errors
    ///
    /// When a size is 0, too large or not one that the shape can have, or there are not as many replicas as it takes.
    pub fn system(&self, replicas: Option<Vec<Replica>>) -> Result<QuorumSystem, QuorumError> {
        let n = self.replicas().filter(|&n| n <= MAX_REPLICAS).ok_or_else(|| {
            QuorumError::new("shape", "it has too many replicas", format!("describe at most {MAX_REPLICAS}"))
        })?;
        let replicas = replicas.unwrap_or_else(|| Replica::numbered(n));
        if replicas.len() != n {
            return Err(QuorumError::new(
                "nodes",
                format!("the shape takes {n} replicas, {} are declared", replicas.len()),
                "declare as many, or leave nodes out",
            ));
        }
        let mut builder = Builder::new();
        let leaves: Vec<GateId> = (0..n).map(|replica| builder.replica(replica)).collect();
        let (reads, writes) = self.gates(&mut builder, &leaves)?;
        let reads = builder.clone().finish(reads);
        let writes = match writes {
            Some(writes) => builder.finish(writes),
            None => reads.dual(),
        };
        QuorumSystem::new(replicas, reads, writes)
    }

    /// The gates of reads and writes; no writes mean the dual.
    fn gates(&self, b: &mut Builder, leaves: &[GateId]) -> Result<(GateId, Option<GateId>), QuorumError> {
        match self {
            Self::Rowa { .. } => Ok((b.any(leaves)?, Some(b.all(leaves)?))),
            Self::Majority { .. } => b.majority(leaves).map(|gate| (gate, Some(gate))),
            Self::Grid { columns, .. } => Ok((rows(b, *columns, leaves)?, None)),
            Self::CheungGrid { columns, .. } => {
                let by_column = transposed(*columns, leaves)?;
                let height = leaves.len() / columns;
                let cover = covers(b, height, &by_column)?;
                let full = rows(b, height, &by_column)?;
                Ok((cover, Some(b.all(&[cover, full])?)))
            }
            Self::MaekawaGrid { columns, .. } => {
                let row = rows(b, *columns, leaves)?;
                let column = rows(b, leaves.len() / columns, &transposed(*columns, leaves)?)?;
                b.all(&[row, column]).map(|gate| (gate, Some(gate)))
            }
            Self::Plane { order } => plane(b, *order, leaves).map(|gate| (gate, Some(gate))),
            Self::Tree { .. } => tree(b, leaves).map(|gate| (gate, Some(gate))),
            Self::Hierarchy { branching, .. } => {
                hierarchy(b, *branching, leaves).map(|gate| (gate, Some(gate)))
            }
            Self::Wall { widths } => wall(b, widths, leaves).map(|gate| (gate, Some(gate))),
        }
    }
}

/// A shape as a function of the expression language; `None` where there is no such function.
pub(super) fn call(
    b: &mut Builder,
    name: &str,
    numbers: &[u64],
    leaves: &[GateId],
) -> Option<Result<GateId, QuorumError>> {
    let numbers: Vec<usize> = numbers.iter().map(|&n| usize::try_from(n).unwrap_or(usize::MAX)).collect();
    Some(match (name, numbers.as_slice()) {
        ("rows", &[columns]) => rows(b, columns, leaves),
        ("covers", &[columns]) => covers(b, columns, leaves),
        ("tree", []) => tree(b, leaves),
        ("hierarchy", &[branching]) => hierarchy(b, branching, leaves),
        ("plane", &[order]) => plane(b, order, leaves),
        ("wall", widths @ [_, ..]) => wall(b, widths, leaves),
        _ => return None,
    })
}

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

fn transposed(columns: usize, leaves: &[GateId]) -> Result<Vec<GateId>, QuorumError> {
    let rows: Vec<_> = in_rows(columns, leaves)?.collect();
    Ok((0..columns).flat_map(|column| rows.iter().map(move |row| row[column])).collect())
}

/// Any full row.
fn rows(b: &mut Builder, columns: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    let rows = in_rows(columns, leaves)?.map(|row| b.all(row)).collect::<Result<Vec<_>, _>>()?;
    b.any(&rows)
}

/// One of every row.
fn covers(b: &mut Builder, columns: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    let rows = in_rows(columns, leaves)?.map(|row| b.any(row)).collect::<Result<Vec<_>, _>>()?;
    b.all(&rows)
}

/// Two of root, left and right; the replicas come level by level, as in a binary heap.
fn tree(b: &mut Builder, leaves: &[GateId]) -> Result<GateId, QuorumError> {
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
fn hierarchy(b: &mut Builder, branching: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
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
fn wall(b: &mut Builder, widths: &[usize], leaves: &[GateId]) -> Result<GateId, QuorumError> {
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

/// Any line of the projective plane over the integers modulo the prime `order`.
fn plane(b: &mut Builder, order: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
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

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn sizes_that_a_shape_cannot_have_are_errors() {
        for shape in [
            Shape::Tree { n: 6 },
            Shape::Plane { order: 4 },
            Shape::Plane { order: usize::MAX },
            Shape::Hierarchy { branching: 1, depth: 3 },
            Shape::Hierarchy { branching: 10, depth: 300 },
            Shape::Grid { rows: 0, columns: 3 },
            Shape::Wall { widths: vec![1, 0, 2] },
            Shape::Wall { widths: vec![] },
            Shape::Majority { n: 0 },
        ] {
            let one = shape == Shape::Hierarchy { branching: 1, depth: 3 };
            assert!(one || shape.system(None).is_err(), "{shape:?}");
        }
    }

    #[test]
    fn a_plane_has_as_many_lines_as_points_and_they_all_meet() {
        let lines = Shape::Plane { order: 3 }.system(None).unwrap().reads().as_list().unwrap();
        assert_eq!(lines.len(), 13);
        assert!(lines.iter().all(|line| line.len() == 4));
        assert!(lines.iter().all(|a| lines.iter().all(|b| !a.is_disjoint(b))));
    }
}
