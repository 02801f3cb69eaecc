//! The writes to each key, chain by chain.

use super::{Chains, Registers};

/// For each key its writes in node order: chain by chain, in program order. A *run* is the writes of one chain to one
/// key.
#[derive(Debug)]
pub(crate) struct Runs {
    /// Writes, key by key, ascending.
    writes: Vec<u32>,
    /// The runs, key by key, in the order of their chains.
    runs: Vec<Run>,
    /// Key `x` has the runs `key_start[x]..key_start[x + 1]`.
    key_start: Vec<u32>,
}

/// The writes of one chain to one key: `writes[start..end]`, at least one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Run {
    pub(crate) chain: u32,
    start: u32,
    end: u32,
    /// Where the last look-up ended: the next is probably near.
    hint: u32,
}

impl Runs {
    /// Sorts the writes by key.
    ///
    /// # Complexity
    /// Linear in nodes and keys.
    #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
    pub(crate) fn new(registers: &Registers) -> Self {
        let mut start = vec![0_u32; registers.keys + 1];
        let is_write = |&node: &u32| registers.kind(node).writes();
        for node in registers.nodes().filter(is_write) {
            start[registers.key(node) as usize + 1] += 1;
        }
        for key in 0..registers.keys {
            start[key + 1] += start[key];
        }
        let mut writes = vec![0; start[registers.keys] as usize];
        let mut at = start.clone();
        for node in registers.nodes().filter(is_write) {
            let slot = &mut at[registers.key(node) as usize];
            writes[*slot as usize] = node;
            *slot += 1;
        }
        let mut runs = Self { writes, runs: Vec::new(), key_start: vec![0] };
        for key in 0..registers.keys {
            runs.cut(&registers.chains, start[key], start[key + 1]);
            runs.key_start.push(runs.runs.len() as u32);
        }
        runs
    }

    fn cut(&mut self, chains: &Chains, start: u32, end: u32) {
        let mut from = start;
        while from < end {
            let chain = chains.of(self.writes[from as usize]);
            let last = chains.range(chain).end;
            let length = self.writes[from as usize..end as usize].partition_point(|&write| write < last);
            #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
            let to = from + length as u32;
            self.runs.push(Run { chain: chain as u32, start: from, end: to, hint: from });
            from = to;
        }
    }

    /// The runs of a key, as indices for [`last_below`](Self::last_below).
    #[inline]
    pub(crate) fn of_key(&self, key: u32) -> std::ops::Range<usize> {
        self.key_start[key as usize] as usize..self.key_start[key as usize + 1] as usize
    }

    /// All writes to a key, ascending.
    #[inline]
    pub(crate) fn writes(&self, key: u32) -> &[u32] {
        let runs = self.of_key(key);
        if runs.is_empty() {
            return &[];
        }
        &self.writes[self.runs[runs.start].start as usize..self.runs[runs.end - 1].end as usize]
    }

    /// The chain of a run.
    #[inline]
    pub(crate) fn chain(&self, run: usize) -> usize {
        self.runs[run].chain as usize
    }

    /// The first write of a run.
    #[inline]
    pub(crate) fn first(&self, run: usize) -> u32 {
        self.writes[self.runs[run].start as usize]
    }

    /// The writes of a run, ascending.
    #[inline]
    pub(crate) fn of_run(&self, run: usize) -> &[u32] {
        let run = self.runs[run];
        &self.writes[run.start as usize..run.end as usize]
    }

    /// The last write of a run below node `bound`, if there is one; quick if the last look-up in the run was near.
    #[inline]
    pub(crate) fn last_below(&mut self, run: usize, bound: u32) -> Option<u32> {
        let Run { start, end, hint, .. } = self.runs[run];
        let slice = &self.writes[start as usize..end as usize];
        let below = near(slice, (hint - start) as usize, bound);
        #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
        let hint = start + below.saturating_sub(1) as u32;
        self.runs[run].hint = hint;
        below.checked_sub(1).map(|last| slice[last])
    }

    /// The same without remembering, for threads that share the runs; `hint` is the caller's.
    #[inline]
    pub(crate) fn last_below_from(&self, run: usize, hint: &mut u32, bound: u32) -> Option<u32> {
        let slice = self.of_run(run);
        let below = near(slice, (*hint as usize).min(slice.len() - 1), bound);
        #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
        {
            *hint = below.saturating_sub(1) as u32;
        }
        below.checked_sub(1).map(|last| slice[last])
    }

    /// The number of runs of all keys.
    pub(crate) fn len(&self) -> usize {
        self.runs.len()
    }
}

/// How many elements of an ascending slice are below `bound`: walks a few steps from `hint`, then bisects.
#[inline]
fn near(slice: &[u32], hint: usize, bound: u32) -> usize {
    const STEPS: usize = 6;
    if slice[hint] < bound {
        let ahead = &slice[hint + 1..];
        match ahead.iter().take(STEPS).position(|&write| write >= bound) {
            Some(steps) => hint + 1 + steps,
            None if ahead.len() <= STEPS => slice.len(),
            None => hint + 1 + ahead.partition_point(|&write| write < bound),
        }
    } else {
        let behind = &slice[..hint];
        match behind.iter().rev().take(STEPS).position(|&write| write < bound) {
            Some(steps) => hint - steps,
            None if behind.len() <= STEPS => 0,
            None => behind.partition_point(|&write| write < bound),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn near_is_partition_point_from_anywhere() {
        let slice: Vec<u32> = (0..40).map(|i| i * 3).collect();
        for hint in 0..slice.len() {
            for bound in 0..130 {
                assert_eq!(
                    near(&slice, hint, bound),
                    slice.partition_point(|&x| x < bound),
                    "{hint} {bound}"
                );
            }
        }
    }
}
