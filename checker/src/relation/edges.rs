//! Edges between nodes, by their target.

/// The sources of every node's incoming edges: 4 bytes an edge and a node.
#[derive(Debug)]
pub(crate) struct InEdges {
    start: Vec<u32>,
    sources: Vec<u32>,
}

impl InEdges {
    /// Sorts edges `(from, to)` over nodes `0..nodes` by target; linear, and stable.
    #[expect(clippy::cast_possible_truncation, reason = "memory ends before 2^32 edges do")]
    pub(crate) fn new(nodes: usize, edges: &[(u32, u32)]) -> Self {
        let mut start = vec![0_u32; nodes + 1];
        for edge in edges {
            start[edge.1 as usize] += 1;
        }
        let mut sum = 0;
        for slot in &mut start {
            sum += *slot;
            *slot = sum;
        }
        debug_assert_eq!(sum, edges.len() as u32);
        let mut sources = vec![0; edges.len()];
        for edge in edges.iter().rev() {
            let slot = &mut start[edge.1 as usize];
            *slot -= 1;
            sources[*slot as usize] = edge.0;
        }
        Self { start, sources }
    }

    /// The sources of a node's incoming edges.
    #[inline]
    pub(crate) fn of(&self, node: u32) -> &[u32] {
        &self.sources[self.start[node as usize] as usize..self.start[node as usize + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::InEdges;

    #[test]
    fn sorts_by_target() {
        let edges = InEdges::new(4, &[(0, 3), (1, 2), (2, 3), (3, 0)]);
        assert_eq!([0, 1, 2, 3].map(|node| edges.of(node).to_vec()), [vec![3], vec![], vec![1], vec![0, 2]]);
    }
}
