//! One process's view where reads-from is known: causal (CM) and fifo, without cas.
//!
//! Problem: process p's view holds all writes and p's reads; it must extend an order B (program order for fifo, the
//! causal order for causal) in which p's operations are a chain, and each read must read from its known write.
//!
//! Algorithm: the least order H that contains B and, for each read r of p from w and each other write w' to its key, has
//! w' → w whenever w' H r. In H all that matters of a write is how early it is: its *level*, the first of p's operations
//! that it is before (or is). So H is kept as p's own vectors F(i): for each chain, the end of what is before p's i-th
//! operation. A rule w' → w says that level(w') ≤ level(w): what is before w' goes into the vector at the level of w, and
//! into the later ones. Vectors only grow, a read is looked at again when its vector grew or its write's level fell: a
//! fixpoint. An own operation inside its own vector is a cycle. The other cycles lie within one level, where they
//! must pass through writes that p reads from: these few are sorted topologically, by B and the rules.
//!
//! Correct: every step is forced. Conversely, if there is no cycle, put p's operations in order and before each the
//! writes of its level, sorted by B and the rules: B is kept, because levels and vectors are closed under it, and a
//! read sees the last write of its key, because all others before it are at most at its write's level and before it.
//! (The saturation is that of Bouajjani et al. 2017, CyclicHB and WriteHBInitRead; the levels are ours.)
//!
//! Complexity: O(m k) memory for the m operations of p and k chains, once for each thread; O(m k) time for the vectors
//! and the first look at every read, and O(k) for each time that a vector grows, which few do in recorded histories.

use crate::limits::{Meter, Stop};
use crate::relation::{Before, INITIAL, Kind, NONE, Registers, Runs, UNKNOWN};

/// What makes a view impossible.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Broken {
    /// A write to the key is before a read of the initial value.
    Initial { read: u32, write: u32 },
    /// The source of `read` comes after it in program order.
    Future { read: u32 },
    /// The last growth puts an own operation before itself.
    Growth,
    /// Rules force a cycle within a level.
    Level(Vec<Blocked>),
}

/// A step of a cycle within a level: `write` must come before the source of the read with this index, and after (or it
/// is) the source of the next step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Blocked {
    pub(super) source: u32,
    pub(super) write: u32,
    pub(super) index: u32,
}

/// A growth of the vectors: because of `read`, `write` is before the read's source, which is (before) the own operation
/// at `level`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Growth {
    pub(super) read: u32,
    pub(super) write: u32,
    pub(super) level: u32,
}

/// The view of one process in the making. Own operations go by their index in the process's chain.
pub(super) struct Levels<'a> {
    registers: &'a Registers,
    runs: &'a Runs,
    before: Before<'a>,
    chain: usize,
    /// The process's first node.
    first: u32,
    width: usize,
    /// F: `width` counters for each own operation; non-decreasing from operation to operation.
    cells: Vec<u32>,
    /// (source, index of the own read), ascending.
    by_source: Vec<(u32, u32)>,
    /// Reads to look at, and whether they are in the queue.
    queue: std::collections::VecDeque<u32>,
    queued: Vec<bool>,
    /// Where the last look-up ended, by run.
    hints: Vec<u32>,
    /// Every growth in its order, if it is asked for.
    pub(super) log: Option<Vec<Growth>>,
}

impl<'a> Levels<'a> {
    /// The vectors before any rule was applied.
    ///
    /// # Errors
    /// If there is no room.
    pub(super) fn new(
        registers: &'a Registers,
        runs: &'a Runs,
        before: Before<'a>,
        chain: usize,
        meter: &Meter,
    ) -> Result<Self, Stop> {
        let range = registers.chains.range(chain);
        let width = registers.chains.len();
        meter.charge(range.len() * width * size_of::<u32>())?;
        let is_read = |&node: &u32| registers.kind(node) == Kind::Read;
        let index = |node: u32| node - range.start;
        let mut by_source: Vec<_> =
            range.clone().filter(is_read).map(|node| (registers.source(node), index(node))).collect();
        by_source.sort_unstable();
        let mut levels = Self {
            registers,
            runs,
            before,
            chain,
            first: range.start,
            width,
            cells: Vec::with_capacity(range.len() * width),
            by_source,
            queue: range.clone().filter(is_read).map(index).collect(),
            queued: range.clone().map(|node| is_read(&node)).collect(),
            hints: vec![0; runs.len()],
            log: None,
        };
        levels.fill();
        Ok(levels)
    }

    /// F of the order B.
    fn fill(&mut self) {
        let chains = &self.registers.chains;
        let mut row: Vec<u32> = (0..self.width).map(|chain| chains.range(chain).start).collect();
        for node in chains.range(self.chain) {
            let source = self.registers.source(node);
            match self.before {
                Before::Causal(_, pasts) => row.copy_from_slice(pasts.row(node)),
                Before::Program(_) if source < UNKNOWN => {
                    self.before.up_to(source, |chain, end| row[chain] = row[chain].max(end));
                }
                Before::Program(_) => {}
            }
            row[self.chain] = row[self.chain].max(node);
            self.cells.extend_from_slice(&row);
        }
    }

    #[inline]
    fn get(&self, index: u32, chain: usize) -> u32 {
        self.cells[index as usize * self.width + chain]
    }

    fn len(&self) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
        {
            self.queued.len() as u32
        }
    }

    /// The first own operation that has the write before it or is it; a write known at `index` or earlier.
    fn level(&self, write: u32, index: u32) -> u32 {
        let chain = self.registers.chains.of(write);
        if chain == self.chain {
            return write - self.first;
        }
        // Most writes are read soon after they were heard of: gallop back, then bisect.
        let mut step = 1;
        let mut high = index;
        while high >= step && self.get(high - step, chain) > write {
            high -= step;
            step *= 2;
        }
        let mut low = (high + 1).saturating_sub(step);
        while low < high {
            let middle = (low + high) / 2;
            if self.get(middle, chain) > write { high = middle } else { low = middle + 1 }
        }
        high
    }

    /// Applies the rules until nothing grows.
    ///
    /// # Errors
    /// What makes the view impossible, or a limit.
    pub(super) fn saturate(&mut self, meter: &Meter) -> Result<Option<Broken>, Stop> {
        let mut steps = 0_u32;
        while let Some(index) = self.queue.pop_front() {
            self.queued[index as usize] = false;
            steps += 1;
            if steps.is_multiple_of(256) {
                meter.check()?;
            }
            if let Some(broken) = self.look(index) {
                return Ok(Some(broken));
            }
        }
        self.sort_levels(meter)
    }

    /// Applies the rule of one read.
    fn look(&mut self, index: u32) -> Option<Broken> {
        let read = self.first + index;
        let key = self.registers.key(read);
        let source = self.registers.source(read);
        if source == INITIAL {
            let mut runs = self.runs.of_key(key);
            let run = runs.find(|&run| self.runs.first(run) < self.get(index, self.runs.chain(run)))?;
            return Some(Broken::Initial { read, write: self.runs.first(run) });
        }
        if source == NONE {
            return None;
        }
        if self.get(index, self.chain) > read {
            return Some(Broken::Future { read });
        }
        let level = self.level(source, index);
        if level == index {
            return None;
        }
        for run in self.runs.of_key(key) {
            let chain = self.runs.chain(run);
            let (bound, known) = (self.get(index, chain), self.get(level, chain));
            if bound == known {
                continue;
            }
            let mut hint = self.hints[run];
            let write = self.runs.last_below_from(run, &mut hint, bound);
            self.hints[run] = hint;
            if let Some(write) = write.filter(|&write| write >= known && write != source) {
                if let Some(log) = &mut self.log {
                    log.push(Growth { read, write, level });
                }
                if self.grow(level, write) {
                    return Some(Broken::Growth);
                }
            }
        }
        None
    }

    /// Puts a write and all before it into the vectors from `level` on; true if that closes a cycle.
    fn grow(&mut self, level: u32, write: u32) -> bool {
        let before = self.before;
        let mut cycle = false;
        before.up_to(write, |chain, end| {
            if chain == self.chain {
                cycle |= end > self.first + level;
            } else {
                self.raise(level, chain, end);
            }
        });
        cycle
    }

    fn raise(&mut self, level: u32, chain: usize, end: u32) {
        for index in level..self.len() {
            let cell = &mut self.cells[index as usize * self.width + chain];
            let old = *cell;
            if old >= end {
                break;
            }
            *cell = end;
            self.enqueue(index);
            // The level of the writes between has fallen: their readers' rules say more now.
            let from = self.by_source.partition_point(|&(source, _)| source < old);
            for at in from..self.by_source.len() {
                let (source, reader) = self.by_source[at];
                if source >= end {
                    break;
                }
                self.enqueue(reader);
            }
        }
    }

    fn enqueue(&mut self, index: u32) {
        let is_read = self.registers.kind(self.first + index) == Kind::Read;
        if is_read && !std::mem::replace(&mut self.queued[index as usize], true) {
            self.queue.push_back(index);
        }
    }

    /// The writes that p reads from, level by level: within a level they must be sortable.
    fn sort_levels(&mut self, meter: &Meter) -> Result<Option<Broken>, Stop> {
        let mut targets = Vec::new();
        let by_source = std::mem::take(&mut self.by_source);
        for (at, &(source, index)) in by_source.iter().enumerate() {
            // The last read of a write has the most before it.
            let last = by_source.get(at + 1).is_none_or(|next| next.0 != source);
            if last && source < UNKNOWN && self.registers.chains.of(source) != self.chain {
                targets.push((self.level(source, index), source, index));
            }
        }
        self.by_source = by_source;
        targets.sort_unstable();
        for group in targets.chunk_by(|a, b| a.0 == b.0) {
            meter.check()?;
            if let Some(cycle) = self.cycle_among(group) {
                return Ok(Some(Broken::Level(cycle)));
            }
        }
        Ok(None)
    }

    /// The writes of exactly this level that the rules of a target's readers put before it.
    pub(super) fn forced(&mut self, level: u32, source: u32, index: u32, mut show: impl FnMut(u32)) {
        let key = self.registers.key(source);
        for run in self.runs.of_key(key) {
            let chain = self.runs.chain(run);
            if chain == self.chain {
                continue;
            }
            let known = match level.checked_sub(1) {
                Some(before) => self.get(before, chain),
                None => self.registers.chains.range(chain).start,
            };
            let bound = self.get(index, chain);
            if bound == known {
                continue;
            }
            let mut hint = self.hints[run];
            let write = self.runs.last_below_from(run, &mut hint, bound);
            self.hints[run] = hint;
            if let Some(write) = write.filter(|&write| write >= known && write != source) {
                show(write);
            }
        }
    }

    /// Sorts the targets of one level (level, source, index of its last reader): repeatedly takes the first target of a
    /// chain that no other target left must come before. A cycle if that fails.
    fn cycle_among(&mut self, group: &[(u32, u32, u32)]) -> Option<Vec<Blocked>> {
        let chains = &self.registers.chains;
        // Targets are ascending, so those of one chain are neighbours, in program order.
        let heads: Vec<&[(u32, u32, u32)]> =
            group.chunk_by(|a, b| chains.of(a.1) == chains.of(b.1)).collect();
        let mut left: Vec<usize> = vec![0; heads.len()];
        let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); heads.len()];
        let mut blocked: Vec<Option<(usize, Blocked)>> = vec![None; heads.len()];
        let mut runnable: Vec<usize> = (0..heads.len()).collect();
        while let Some(at) = runnable.pop() {
            blocked[at] = None;
            while let Some(&target) = heads[at].get(left[at]) {
                let first_left = |other: usize| heads[other].get(left[other]).map(|target| target.1);
                if let Some((other, step)) = self.blocker(target, heads.len(), first_left) {
                    blocked[at] = Some((other, step));
                    waiting[other].push(at);
                    break;
                }
                left[at] += 1;
                runnable.append(&mut waiting[at]);
            }
        }
        let mut at = blocked.iter().position(Option::is_some)?;
        let next = |at: usize| blocked[at].map_or(at, |(other, _)| other);
        for _ in 0..heads.len() {
            at = next(at);
        }
        let mut cycle = Vec::new();
        let first = at;
        loop {
            cycle.extend(blocked[at].map(|(_, step)| step));
            at = next(at);
            if at == first {
                return Some(cycle);
            }
        }
    }

    /// A chain the first target of which must come before this one, and why.
    fn blocker(
        &mut self,
        (level, source, index): (u32, u32, u32),
        heads: usize,
        first_left: impl Fn(usize) -> Option<u32>,
    ) -> Option<(usize, Blocked)> {
        let mut writes = Vec::new();
        self.forced(level, source, index, |write| writes.push(write));
        writes.into_iter().find_map(|write| {
            let comes_first = |target: u32| target == write || self.before.holds(target, write);
            let other = (0..heads).find(|&other| first_left(other).is_some_and(comes_first))?;
            Some((other, Blocked { source, write, index }))
        })
    }

    /// The last own read of each write that p reads, by the write, ascending.
    pub(super) fn last_readers(&self) -> Vec<(u32, u32)> {
        let mut last = self.by_source.clone();
        last.retain(|&(source, _)| source < UNKNOWN);
        last.reverse();
        last.dedup_by_key(|&mut (source, _)| source);
        last.reverse();
        last
    }

    /// The order that the vectors extend.
    pub(super) fn before(&self) -> Before<'a> {
        self.before
    }

    /// The process's chain.
    pub(super) fn chain(&self) -> usize {
        self.chain
    }

    /// The vector of an own operation.
    pub(super) fn row(&self, index: u32) -> &[u32] {
        &self.cells[index as usize * self.width..(index as usize + 1) * self.width]
    }

    /// Gives the memory back.
    pub(super) fn refund(self, meter: &Meter) {
        meter.refund(self.len() as usize * self.width * size_of::<u32>());
    }
}
