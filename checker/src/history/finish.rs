//! The last step of building: program order, and the checks that concern several operations.

use super::builder::{HistoryBuilder, PendingLog};
use super::error::HistoryError;
use super::{Function, History, OpId, Outcome};

impl HistoryBuilder {
    /// Makes the history.
    ///
    /// # Errors
    /// If two `ok` operations of one process overlap, or a replica's log names something else than a write before it.
    ///
    /// # Complexity
    /// Linear where each process's operations come in the order of their starts; else O(n log n).
    pub fn finish(self) -> Result<History, HistoryError> {
        self.check_logs()?;
        let (order, order_start) = self.program_order()?;
        let mut history = History {
            name: self.name,
            columns: self.columns,
            values: self.values,
            processes: self.processes,
            keys: self.keys,
            locks: self.locks,
            replicas: self.replicas,
            order,
            order_start,
            replica_of: self.replica_of,
            hint_of: self.hint_of,
            initial: self.initial,
            initial_of: self.initial_of,
            guards: self.guards,
            spec: self.spec,
            events: self.events,
            logs: self.logs.into_iter().map(|pending| pending.log).collect(),
            extras: self.extras,
            lines: self.lines,
        };
        if history.columns.start.len() < history.len() {
            history.columns.start.clear();
            history.columns.end.clear();
        }
        Ok(history)
    }

    /// Each process's operations, sorted: (all of them, where each process's begin).
    fn program_order(&self) -> Result<(Vec<OpId>, Vec<u32>), HistoryError> {
        let columns = &self.columns;
        let mut begin = vec![0_u32; self.processes.len() + 1];
        for process in &columns.process {
            begin[process.index() + 1] += 1;
        }
        for process in 1..begin.len() {
            begin[process] += begin[process - 1];
        }
        let mut next = begin.clone();
        let mut order = vec![OpId(0); self.len()];
        for (op, process) in columns.process.iter().enumerate() {
            order[next[process.index()] as usize] = OpId::from_index(op);
            next[process.index()] += 1;
        }
        if columns.start.len() == self.len() {
            for process in 0..self.processes.len() {
                self.sort_process(&mut order[begin[process] as usize..begin[process + 1] as usize])?;
            }
        }
        Ok((order, begin))
    }

    /// Sorts one process's operations by start, end and line, and finds `ok` operations that overlap.
    fn sort_process(&self, ops: &mut [OpId]) -> Result<(), HistoryError> {
        let (start, end) = (&self.columns.start, &self.columns.end);
        let key = |op: &OpId| (start[op.index()], end[op.index()], op.0);
        if !ops.is_sorted_by_key(key) {
            ops.sort_unstable_by_key(key);
        }
        let mut last: Option<OpId> = None;
        for &op in &*ops {
            if self.columns.flags[op.index()] & 3 != Outcome::Ok as u8 {
                continue;
            }
            if let Some(first) = last.filter(|last| end[last.index()] > start[op.index()]) {
                return Err(HistoryError::Overlap {
                    process: self.process_text_of(self.columns.process[op.index()]),
                    first,
                    first_line: self.lines.get(first),
                    second: op,
                    second_line: self.lines.get(op),
                    start: start[op.index()],
                    end: end[first.index()],
                });
            }
            last = Some(op);
        }
        Ok(())
    }

    fn check_logs(&self) -> Result<(), HistoryError> {
        for PendingLog { log, line, ahead } in &self.logs {
            for &op in &log.writes {
                let why = if op.index() >= self.len() {
                    "which does not exist"
                } else if op.0 >= log.position && !ahead {
                    "which does not stand before it"
                } else if !matches!(self.columns.function[op.index()], Function::Write | Function::Cas) {
                    "which is not a write"
                } else {
                    continue;
                };
                let replica = self.values.display(self.replicas.get(log.replica.index()));
                return Err(HistoryError::BadLog { line: *line, replica, op, why });
            }
        }
        Ok(())
    }
}
