//! Paths across a lattice, without listing them.
//!
//! **Problem.** In the lattice of `order + 1` rows, whose left border is one vertex and whose right border another, replicas
//! are the edges; a quorum is a path from border to border. There are exponentially many.
//!
//! **Algorithm.** Inner vertices are eliminated one after another, column by column: where `u` and `w` were neighbours of
//! the eliminated `v`, the connection from `u` to `w` is what it was, *or* the connections from `u` to `v` *and* `v` to `w`.
//! What connects the borders at last is the quorum formula, whose gates are shared.
//!
//! **Why it is correct.** A path that does not use the vertices left can be replaced by connections around them, one vertex
//! at a time; and each connection only ever says what a walk through eliminated vertices says.
//!
//! **Complexity.** O(order⁴) gates: each of the `order·(order + 1)` vertices has at most `order + 3` neighbours when it goes.
//!
//! The dual of the formula is the cuts between the borders: the paths from top to bottom of the dual lattice. Source: Naor
//! and Wool, "The load, capacity and availability of quorum systems" (SIAM Journal on Computing, 1998), section 4.

use std::collections::BTreeMap;

use crate::quorum::error::QuorumError;
use crate::quorum::formula::{Builder, GateId};

/// The left border, the right border; inner vertices follow.
const LEFT: usize = 0;
const RIGHT: usize = 1;

/// Any path from the left border to the right one. Replicas are edges by column: those that lead into the column, from
/// the top, then those within it.
pub(super) fn paths(b: &mut Builder, order: usize, leaves: &[GateId]) -> Result<GateId, QuorumError> {
    let height = order.saturating_add(1);
    let takes = order.checked_mul(order).and_then(|own| own.checked_add(height.checked_mul(height)?));
    if order == 0 || takes != Some(leaves.len()) {
        return Err(QuorumError::new(
            "shape",
            format!("{} replicas are no lattice of order {order}", leaves.len()),
            "take 5, 13, 25, 41, … replicas for the orders 1, 2, 3, 4, …",
        ));
    }
    let vertex = |column: usize, row: usize| match column {
        0 => LEFT,
        column if column == height => RIGHT,
        column => 2 + (column - 1) * height + row,
    };
    let mut lattice = Lattice { connections: vec![BTreeMap::new(); 2 + order * height] };
    let mut edges = leaves.iter();
    let mut edge = |from: usize, to: usize, lattice: &mut Lattice, b: &mut Builder| match edges.next() {
        Some(&replica) => lattice.connect(b, from, to, replica),
        None => Ok(()),
    };
    for column in 0..height {
        for row in 0..height {
            edge(vertex(column, row), vertex(column + 1, row), &mut lattice, b)?;
        }
        for row in 0..order {
            if column < order {
                edge(vertex(column + 1, row), vertex(column + 1, row + 1), &mut lattice, b)?;
            }
        }
    }
    for inner in 2..lattice.connections.len() {
        lattice.eliminate(b, inner)?;
    }
    // The lattice is connected, so a connection is left.
    Ok(lattice.connections[LEFT][&RIGHT])
}

/// What connects each pair of neighbouring vertices, in both directions.
struct Lattice {
    connections: Vec<BTreeMap<usize, GateId>>,
}

impl Lattice {
    fn connect(&mut self, b: &mut Builder, u: usize, w: usize, by: GateId) -> Result<(), QuorumError> {
        let gate = match self.connections[u].get(&w) {
            Some(&known) => b.any(&[known, by])?,
            None => by,
        };
        self.connections[u].insert(w, gate);
        self.connections[w].insert(u, gate);
        Ok(())
    }

    fn eliminate(&mut self, b: &mut Builder, vertex: usize) -> Result<(), QuorumError> {
        let neighbours: Vec<(usize, GateId)> =
            std::mem::take(&mut self.connections[vertex]).into_iter().collect();
        for &(neighbour, _) in &neighbours {
            self.connections[neighbour].remove(&vertex);
        }
        for (i, &(u, to_u)) in neighbours.iter().enumerate() {
            for &(w, to_w) in &neighbours[i + 1..] {
                let through = b.all(&[to_u, to_w])?;
                self.connect(b, u, w, through)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::quorum::{Limits, ReplicaSet, Shape, minimal_quorums};

    #[test]
    fn the_paths_of_the_smallest_lattices_are_counted() {
        // Order 1: two rows of two edges with a rung between them.
        let one = Shape::Paths { order: 1 }.system(None).unwrap();
        let (quorums, all) = minimal_quorums(one.reads(), 100, &Limits::default()).unwrap();
        let mut names: Vec<String> = quorums.iter().map(|quorum| one.names(quorum).join(" ")).collect();
        names.sort();
        assert!(all);
        assert_eq!(names, ["n1 n3 n5", "n1 n4", "n2 n3 n4", "n2 n5"]);
    }

    #[test]
    fn the_cuts_of_a_lattice_are_paths_of_its_dual() {
        // The lattice is its own dual, turned: as many cuts of each size as paths.
        let lattice = Shape::Paths { order: 2 }.system(None).unwrap();
        let sizes = |formula| {
            let (quorums, all) = minimal_quorums(formula, 10_000, &Limits::default()).unwrap();
            assert!(all);
            quorums.iter().map(ReplicaSet::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(lattice.reads()), sizes(lattice.writes()));
        assert_eq!(sizes(lattice.reads())[0], 3);
    }
}
