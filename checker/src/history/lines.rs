//! The input line of each operation, in runs: one entry where the regular step of one line an operation breaks.

use super::ids::OpId;

/// Lines of operations, as runs of consecutive lines.
#[derive(Clone, Default, Debug)]
pub(super) struct Lines {
    /// (operation, its line): from it on, line = its line + distance, until the next entry.
    runs: Vec<(u32, u64)>,
}

impl Lines {
    /// Records the line of the next operation.
    pub(super) fn push(&mut self, op: OpId, line: u64) {
        if self.get(op) != line || self.runs.is_empty() {
            self.runs.push((op.0, line));
        }
    }

    /// The line of an operation; 0 = unknown.
    pub(super) fn get(&self, op: OpId) -> u64 {
        match self.runs.partition_point(|run| run.0 <= op.0) {
            0 => 0,
            after => {
                let (first, line) = self.runs[after - 1];
                if line == 0 { 0 } else { line + u64::from(op.0 - first) }
            }
        }
    }
}
