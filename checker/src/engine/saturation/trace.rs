//! From which operations it follows that a process has no view.
//!
//! The saturation is run again and writes down every growth of the vectors. Then, from what broke backwards: that a
//! write is before an own operation follows from the order that the view extends, or from a growth, for which the same
//! is asked of the growth's write and of the read's source at an earlier time. The operations met on the way are enough
//! to derive the violation again: rules never need the absence of an operation.

use super::explain;
use super::levels::{Broken, Growth, Levels};
use crate::limits::{Meter, Stop};
use crate::relation::{Before, Registers, Runs, UNKNOWN};

/// The nodes from which it follows that the chain has no view, ascending, each read with its source.
pub(super) fn trace(
    registers: &Registers,
    runs: &Runs,
    before: Before<'_>,
    chain: usize,
    meter: &Meter,
) -> Result<Vec<u32>, Stop> {
    let mut levels = Levels::new(registers, runs, before, chain, meter)?;
    levels.log = Some(Vec::new());
    let broken = levels.saturate(meter)?;
    let log = levels.log.take().unwrap_or_default();
    levels.refund(meter);
    let first = registers.chains.range(chain).start;
    let mut trace = Trace { registers, before, first, chain, log, met: Vec::new(), asked: Vec::new() };
    match broken {
        None => {}
        Some(Broken::Future { read }) => {
            trace.met.push(read);
            let parent = registers.chains.parent(registers.chains.of(registers.source(read)));
            trace.met.extend((parent < UNKNOWN).then_some(parent));
        }
        Some(Broken::Initial { read, write }) => {
            let now = trace.log.len();
            trace.ask(write, read - first, now);
        }
        Some(Broken::Growth) => trace.growth(),
        Some(Broken::Level(cycle)) => {
            let now = trace.log.len();
            for (at, step) in cycle.iter().enumerate() {
                let next = cycle[(at + 1) % cycle.len()].source;
                trace.path(next, step.write);
                trace.met.extend([step.source, first + step.index]);
                trace.ask(step.write, step.index, now);
            }
        }
    }
    trace.answer(meter)?;
    Ok(trace.close())
}

struct Trace<'a> {
    registers: &'a Registers,
    before: Before<'a>,
    /// The process's first node.
    first: u32,
    chain: usize,
    log: Vec<Growth>,
    met: Vec<u32>,
    /// Why is this write before the own operation of this index, as of this length of the log?
    asked: Vec<(u32, u32, usize)>,
}

impl Trace<'_> {
    fn ask(&mut self, write: u32, index: u32, time: usize) {
        self.met.extend([write, self.first + index]);
        if self.registers.chains.of(write) != self.chain {
            self.asked.push((write, index, time));
        }
    }

    /// The operations on a way from one node to another in the order that views extend.
    fn path(&mut self, from: u32, to: u32) {
        self.met.extend([from, to]);
        if let (Before::Causal(..), true) = (self.before, from != to) {
            self.met.extend(explain::path(self.registers, from, to));
        }
    }

    /// The last growth put an own operation before itself.
    fn growth(&mut self) {
        let Some((&Growth { read, write, level }, time)) = self.log.last().zip(self.log.len().checked_sub(1))
        else {
            return;
        };
        self.met.push(read);
        self.ask(write, read - self.first, time);
        self.ask(self.registers.source(read), level, time);
        // The own operation at the level, or a later one, is before the write.
        let mut last_own = None;
        self.before.up_to(write, |chain, end| {
            if chain == self.chain {
                last_own = end.checked_sub(1);
            }
        });
        if let Some(own) = last_own {
            self.path(own, write);
        }
    }

    fn answer(&mut self, meter: &Meter) -> Result<(), Stop> {
        while let Some((write, index, time)) = self.asked.pop() {
            meter.check()?;
            if self.given(write, index) {
                continue;
            }
            let reaches = |growth: &Growth| {
                growth.level <= index && (growth.write == write || self.before.holds(write, growth.write))
            };
            let Some(at) = self.log[..time].iter().position(reaches) else { continue };
            let growth = self.log[at];
            self.met.push(growth.read);
            self.path(write, growth.write);
            self.ask(growth.write, growth.read - self.first, at);
            self.ask(self.registers.source(growth.read), growth.level, at);
        }
        Ok(())
    }

    /// Whether the order itself, with p's own reads-from, puts the write before the operation of this index.
    fn given(&mut self, write: u32, index: u32) -> bool {
        let node = self.first + index;
        match self.before {
            Before::Causal(..) => {
                let given = self.before.holds(write, node);
                if given {
                    self.path(write, node);
                }
                given
            }
            Before::Program(chains) => {
                let from = |&read: &u32| {
                    let source = self.registers.source(read);
                    source < UNKNOWN && (source == write || chains.ordered(write, source))
                };
                let read = (self.first..=node).find(from);
                self.met.extend(read);
                read.is_some()
            }
        }
    }

    /// The nodes met, with the sources of those that read.
    fn close(mut self) -> Vec<u32> {
        let mut at = 0;
        while let Some(&node) = self.met.get(at) {
            let source = self.registers.source(node);
            if source < UNKNOWN && !self.met.contains(&source) {
                self.met.push(source);
            }
            at += 1;
        }
        self.met.sort_unstable();
        self.met.dedup();
        self.met
    }
}
