//! How many values cover each cell: a segment tree over cells that knows where nobody does.

/// Counts, none of them negative, over ranges of cells.
#[derive(Debug)]
pub(super) struct Cover {
    /// A power of two, at least the number of cells.
    leaves: usize,
    /// For each node the least count in its range, without what is added at nodes above it.
    least: Vec<u32>,
    /// What was added to the node's whole range.
    added: Vec<u32>,
}

impl Cover {
    /// No value covers a cell yet.
    pub(super) fn new(cells: usize) -> Self {
        let leaves = cells.next_power_of_two().max(1);
        Self { leaves, least: vec![0; 2 * leaves], added: vec![0; 2 * leaves] }
    }

    /// One more value covers these cells.
    pub(super) fn add(&mut self, begin: u32, end: u32) {
        self.change(begin, end, |count| count + 1);
    }

    /// One value less.
    pub(super) fn remove(&mut self, begin: u32, end: u32) {
        self.change(begin, end, |count| count - 1);
    }

    fn change(&mut self, begin: u32, end: u32, change: impl Fn(u32) -> u32) {
        let (first, last) = (begin as usize + self.leaves, end as usize - 1 + self.leaves);
        let (mut low, mut high) = (first, last + 1);
        while low < high {
            if low & 1 == 1 {
                self.change_node(low, &change);
                low += 1;
            }
            if high & 1 == 1 {
                high -= 1;
                self.change_node(high, &change);
            }
            low /= 2;
            high /= 2;
        }
        self.renew(first);
        self.renew(last);
    }

    fn change_node(&mut self, node: usize, change: impl Fn(u32) -> u32) {
        self.least[node] = change(self.least[node]);
        self.added[node] = change(self.added[node]);
    }

    /// Renews the nodes above a leaf.
    fn renew(&mut self, leaf: usize) {
        let mut node = leaf / 2;
        while node > 0 {
            self.least[node] = self.least[2 * node].min(self.least[2 * node + 1]) + self.added[node];
            node /= 2;
        }
    }

    /// A cell of these that nobody covers.
    ///
    /// # Complexity
    /// O(log n): of nodes within the range, only those that hold such a cell are entered.
    pub(super) fn gap(&self, begin: u32, end: u32) -> Option<u32> {
        let (begin, end) = (begin as usize, end as usize);
        let mut todo = vec![(1, 0, self.leaves)];
        while let Some((node, first, last)) = todo.pop() {
            if last <= begin || end <= first || self.least[node] > 0 {
                continue;
            }
            if node >= self.leaves {
                return Some(first as u32);
            }
            // A node that somebody covers has a count above zero: nothing is added above one that is entered.
            let middle = usize::midpoint(first, last);
            todo.push((2 * node + 1, middle, last));
            todo.push((2 * node, first, middle));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_where_nobody_covers() {
        let mut cover = Cover::new(11);
        let mut counts = [0_u32; 11];
        let ranges = [(0, 11), (2, 5), (4, 9), (9, 11), (0, 1), (3, 4)];
        for (step, &(begin, end)) in ranges.iter().chain(&ranges).enumerate() {
            for count in &mut counts[begin as usize..end as usize] {
                *count = if step < ranges.len() { *count + 1 } else { *count - 1 };
            }
            if step < ranges.len() {
                cover.add(begin, end);
            } else {
                cover.remove(begin, end);
            }
            for from in 0..11_u32 {
                for to in from + 1..=11 {
                    let expected = (from..to).find(|&cell| counts[cell as usize] == 0);
                    assert_eq!(cover.gap(from, to), expected, "{from}..{to} of {counts:?}");
                }
            }
        }
    }
}
