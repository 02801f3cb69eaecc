//! slow where reads-from is known and there is no cas.
//!
//! Problem: for each process p and key x, a view of all writes to x and p's reads of x that respects program order among
//! the operations on x.
//!
//! Algorithm: p's operations on x in order, with the latest write that the view has reached (`now`) and, for each chain,
//! how far its writes to x are in the view already. A read of `now` is fine. A read of a write that is not in yet takes
//! that chain's writes up to it into the view. A read of a write that is in, but is not `now`, goes back: violated. So
//! does a read of the initial value once anything is in.
//!
//! Correct: all writes to x that are in when p reads w must be before w. If w was in before and the view stands at w' ≠ w,
//! then w is before w' (it was in when p read or wrote w') and w' before w: a cycle. Otherwise the view just
//! described is legal; the writes that are never in come last.
//!
//! Complexity: linear, but for sorting each process's operations by key.

use super::explain;
use crate::certificate::{Edge, Refutation, View, Why, Witness};
use crate::engine::finding::Finding;
use crate::engine::scope::Scope;
use crate::history::KeyId;
use crate::limits::{Meter, Stop};
use crate::relation::{Chains, INITIAL, Kind, NONE, Registers, Runs};

const METHOD: &str = "saturation";

/// slow. Every source must be known, and no node a cas.
pub(crate) fn slow(
    scope: Scope<'_>,
    registers: &Registers,
    runs: &Runs,
    meter: &Meter,
) -> Result<Finding, Stop> {
    let chains = &registers.chains;
    let mut entries = 0;
    let mut views = scope.evidence.then(Vec::new);
    let mut scan = Scan::new(chains);
    for chain in 0..chains.len() {
        meter.check()?;
        let mut own: Vec<u32> = chains.range(chain).collect();
        own.sort_by_key(|&node| (registers.key(node), node));
        for part in own.chunk_by(|&a, &b| registers.key(a) == registers.key(b)) {
            if part.iter().all(|&node| registers.kind(node) != Kind::Read) {
                continue;
            }
            let key = registers.key(part[0]);
            let order = match scan.view(registers, runs, part) {
                Ok(order) => order,
                Err(back) => return Ok(refute(registers, back)),
            };
            entries += runs.writes(key).len() + part.len();
            views = views.filter(|_| entries <= super::views::MOST_ENTRIES);
            if let Some(views) = &mut views {
                let process = Some(chains.process(chain));
                let order = registers.ops(&scan.order(registers, runs, key, &order));
                views.push(View { process, key: Some(KeyId(key)), order });
            }
        }
    }
    Ok(Finding::holds(views.map_or(Witness::Omitted, Witness::Views), METHOD))
}

/// A read that goes back.
#[derive(Clone, Copy)]
enum Back {
    /// It reads the initial value after `write` is in, which `by` shows: the write itself or an earlier own read.
    Initial { read: u32, write: u32, by: u32 },
    /// It reads a write of its own that comes later.
    Future { read: u32 },
    /// It reads a write that was in (by `by`) before the view came to `now` (by `now_by`, a read of it or itself).
    Older { read: u32, by: u32, now: u32, now_by: u32 },
}

/// A step of a view: an own operation, after the writes of a chain that it takes in.
struct Step {
    own: u32,
    takes: Option<(usize, u32)>,
}

/// How far the chains are in, for one process and key at a time.
struct Scan<'a> {
    chains: &'a Chains,
    /// The end of what is in, by chain, and the own operation that took it in; valid if the stamp is the current one.
    inside: Vec<(u32, u32, u32)>,
    stamp: u32,
}

impl<'a> Scan<'a> {
    fn new(chains: &'a Chains) -> Self {
        Self { chains, inside: vec![(0, NONE, 0); chains.len()], stamp: 0 }
    }

    /// The view's steps.
    fn view(&mut self, registers: &Registers, runs: &Runs, part: &[u32]) -> Result<Vec<Step>, Back> {
        self.stamp += 1;
        let own = self.chains.of(part[0]);
        let (mut now, mut now_by) = (INITIAL, NONE);
        let mut any: Option<(u32, u32)> = None;
        let mut steps = Vec::new();
        for &node in part {
            let mut takes = None;
            if registers.kind(node).writes() {
                (now, now_by) = (node, node);
                self.inside[own] = (node + 1, node, self.stamp);
                any = any.or(Some((node, node)));
            } else {
                let source = registers.source(node);
                if let (INITIAL, Some((write, by))) = (source, any) {
                    return Err(Back::Initial { read: node, write, by });
                }
                if source != now && source != INITIAL {
                    takes = Some(self.take(registers, runs, node, (now, now_by))?);
                    any = any.or(Some((source, node)));
                }
                (now, now_by) = (source, node);
            }
            steps.push(Step { own: node, takes });
        }
        Ok(steps)
    }

    fn take(
        &mut self,
        registers: &Registers,
        runs: &Runs,
        read: u32,
        (now, now_by): (u32, u32),
    ) -> Result<(usize, u32), Back> {
        let source = registers.source(read);
        let chain = self.chains.of(source);
        if self.chains.ordered(read, source) {
            return Err(Back::Future { read });
        }
        let (end, by, stamp) = self.inside[chain];
        if stamp == self.stamp && source < end {
            return Err(Back::Older { read, by, now, now_by });
        }
        self.inside[chain] = (source + 1, read, self.stamp);
        // What is before a chain of one `info` write: the earlier writes of its process to the key.
        let parent = self.chains.parent(chain);
        if parent != NONE {
            let home = self.chains.of(parent);
            let mut parents = runs.of_key(registers.key(read)).filter(|&run| runs.chain(run) == home);
            if let Some(run) = parents.next() {
                let writes = runs.of_run(run);
                if let Some(last) = writes.partition_point(|&write| write <= parent).checked_sub(1) {
                    self.bring(home, writes[last], read);
                }
            }
        }
        Ok((chain, source + 1))
    }

    fn bring(&mut self, chain: usize, write: u32, read: u32) {
        let (end, _, stamp) = self.inside[chain];
        if stamp != self.stamp || end <= write {
            self.inside[chain] = (write + 1, read, self.stamp);
        }
    }

    /// The view in full.
    fn order(&self, registers: &Registers, runs: &Runs, key: u32, steps: &[Step]) -> Vec<u32> {
        let mut placed = vec![false; runs.writes(key).len()];
        let writes = runs.writes(key);
        let mut order = Vec::new();
        let mut place_to = |order: &mut Vec<u32>, chain: usize, end: u32, own: usize| {
            let parent = self.chains.parent(chain);
            let parent_home = (parent != NONE).then(|| self.chains.of(parent)).filter(|&home| home != own);
            for (at, &write) in writes.iter().enumerate() {
                let home = self.chains.of(write);
                let wanted = home == chain && write < end || Some(home) == parent_home && write <= parent;
                if wanted && !placed[at] {
                    placed[at] = true;
                    order.push(write);
                }
            }
        };
        let own = steps.first().map_or(0, |step| self.chains.of(step.own));
        for step in steps {
            if let Some((chain, end)) = step.takes {
                place_to(&mut order, chain, end, own);
            }
            if registers.kind(step.own).writes() {
                place_to(&mut order, own, step.own + 1, own);
            } else {
                order.push(step.own);
            }
        }
        for chain in 0..self.chains.len() {
            place_to(&mut order, chain, self.chains.range(chain).end, own);
        }
        order
    }
}

fn refute(registers: &Registers, back: Back) -> Finding {
    let op = |node: u32| registers.op(node);
    match back {
        Back::Initial { read, write, by } if write == by => {
            super::causal_past::stale_initial(registers, read, write)
        }
        Back::Initial { read, write, by } => explain::reads_initial(registers, &[write, by, read], METHOD),
        Back::Future { read } => {
            let source = registers.source(read);
            let edges = vec![
                Edge { from: op(read), to: op(source), why: Why::ProgramOrder },
                Edge { from: op(source), to: op(read), why: Why::ReadsFrom },
            ];
            Finding::broken(Refutation::Cycle { edges, lemmas: Vec::new() }, METHOD)
        }
        Back::Older { read, by, now, now_by } => {
            let source = registers.source(read);
            explain::going_back(registers, (source, by), (now, now_by), read, METHOD)
        }
    }
}
