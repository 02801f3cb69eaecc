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
//! | `wheel` | the hub and one of the rim, or the whole rim | the same | Holzman, Marcus, Peleg 1997 |
//! | `paths` | a left-right path of a lattice | a top-bottom path of its dual | Naor, Wool 1998 |
//! | `masking-grid` | 2f + 1 rows and a column | the same | Malkhi, Reiter 1998 |

use super::error::QuorumError;
use super::formula::{Builder, GateId};
use super::system::{MAX_REPLICAS, QuorumSystem, Replica};

mod gates;
mod paths;

use gates::{covers, hierarchy, masking_grid, plane, rows, transposed, tree, wall, wheel};
use paths::paths;

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
    /// A hub and its rim: the crumbling wall of two rows whose first is one wide.
    Wheel {
        /// The number of replicas, the hub among them.
        n: usize,
    },
    /// Paths across a lattice: reads from left to right, writes from top to bottom of the dual lattice. (Naor and Wool's
    /// own system has quorums of one path of each; then any two meet.)
    Paths {
        /// The order: there are `2·order² + 2·order + 1` replicas.
        order: usize,
    },
    /// Full rows and a full column, for masking Byzantine replicas.
    MaskingGrid {
        /// The number of rows.
        rows: usize,
        /// The number of columns.
        columns: usize,
        /// How many replicas may be Byzantine.
        faults: usize,
    },
}

impl Shape {
    /// The number of replicas, or `None` where it overflows.
    #[must_use]
    pub fn replicas(&self) -> Option<usize> {
        match self {
            Self::Rowa { n } | Self::Majority { n } | Self::Tree { n } | Self::Wheel { n } => Some(*n),
            Self::Grid { rows, columns }
            | Self::CheungGrid { rows, columns }
            | Self::MaekawaGrid { rows, columns }
            | Self::MaskingGrid { rows, columns, .. } => rows.checked_mul(*columns),
            Self::Paths { order } => {
                let next = order.checked_add(1)?;
                order.checked_mul(*order)?.checked_add(next.checked_mul(next)?)
            }
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
            Self::Wheel { .. } => wheel(b, leaves).map(|gate| (gate, Some(gate))),
            Self::Paths { order } => Ok((paths(b, *order, leaves)?, None)),
            Self::MaskingGrid { columns, faults, .. } => {
                masking_grid(b, *columns, *faults, leaves).map(|gate| (gate, Some(gate)))
            }
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
        ("wheel", []) => wheel(b, leaves),
        ("paths", &[order]) => paths(b, order, leaves),
        _ => return None,
    })
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
            Shape::Wheel { n: 2 },
            Shape::Paths { order: 0 },
            Shape::Paths { order: usize::MAX },
            Shape::MaskingGrid { rows: 2, columns: 5, faults: 1 },
            Shape::MaskingGrid { rows: 5, columns: 5, faults: usize::MAX },
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
