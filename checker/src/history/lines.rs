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
        // Operations come in order, so only the last run can hold the next one.
        if self.runs.last().is_none_or(|&run| line_in(run, op) != line) {
            self.runs.push((op.0, line));
        }
    }

    /// The line of an operation; 0 = unknown.
    pub(super) fn get(&self, op: OpId) -> u64 {
        match self.runs.partition_point(|run| run.0 <= op.0) {
            0 => 0,
            after => line_in(self.runs[after - 1], op),
        }
    }
}

/// The line of an operation in the run that holds it.
fn line_in((first, line): (u32, u64), op: OpId) -> u64 {
    if line == 0 { 0 } else { line + u64::from(op.0 - first) }
}
