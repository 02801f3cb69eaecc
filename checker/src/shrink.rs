//! From a violation to a smallest part of the history that still shows it.
//!
//! # Problem
//! A history of a million operations violates a model. Which few of them show it? Not any part that violates the model
//! will do: leave out the write that a read returned, and the rest is violated although nothing was wrong. The part must
//! be *sound*: if it is violated, so is the whole.
//!
//! # Algorithm
//! 1. The rules draw a graph of what each operation needs: a part that holds all that its operations need is sound.
//! 2. The certificate names operations; with all that they need, they mostly violate the model already. Where they do not,
//!    ever larger parts are tried: a beginning of their objects' history, their objects, everything.
//! 3. Delta debugging (Zeller & Hildebrandt, "Simplifying and isolating failure-inducing input", TSE 2002): chunks of
//!    operations are left out, with all that need them, ever smaller chunks, in the end one by one, as long as what is left
//!    violates the model. An oracle tells.
//!
//! # Why it is correct
//! Soundness composes: each step leaves a sound part of the part before it, judged as a history of its own. The result is
//! *one-minimal*: no further operation can be left out with those that need it. All orders and budgets are counted, so the
//! result is the same from run to run, but for limits of time and memory.
//!
//! # Complexity
//! One verdict on a part for each attempt; O(m log m) attempts for m operations in most cases, O(m²) at worst, bounded by
//! [`ShrinkOptions::effort`].

mod eventual;
mod locks;
mod needs;
mod part;
mod rules;
mod start;

use crate::certificate::{Edge, Refutation, Why};
use crate::engine::{Judgement, Options, check, violates};
use crate::history::{History, OpId};
use crate::limits::{Limits, Meter};
use crate::model::Model;
use crate::spec::SpecKind;
use crate::verdict::Verdict;
use part::{Case, Part};
use rustc_hash::FxHashSet;

/// How far to go.
#[derive(Clone, Debug)]
pub struct ShrinkOptions {
    /// How the parts are judged; the timeout is for everything together.
    pub check: Options,
    /// How many operations all parts that are tried may have together.
    pub effort: u64,
}

impl Default for ShrinkOptions {
    fn default() -> Self {
        Self { check: Options::default(), effort: 100_000_000 }
    }
}

/// A smallest violated part that was found.
#[derive(Clone, Debug)]
pub struct Shrunk {
    /// The operations, by their ids in the whole history, ascending: operation `i` of [`history`](Self::history) is the
    /// `i`-th.
    pub operations: Vec<OpId>,
    /// Those of them whose results are cut off, as a beginning of the history leaves them: `info` in the part.
    pub pending: Vec<OpId>,
    /// The part as a history of its own.
    pub history: History,
    /// What the engine says of the part, in its ids; `None` where a limit came first.
    pub judgement: Option<Judgement>,
    /// No further operation can be left out with those that need it. False where a limit came first.
    pub minimal: bool,
}

impl Shrunk {
    /// The certificate of the part, in the ids of the whole history.
    ///
    /// It proves that the part is violated; that the whole is then violated, too, is what the rules of this module say.
    #[must_use]
    pub fn refutation(&self) -> Option<Refutation> {
        match &self.judgement.as_ref()?.verdict {
            Verdict::Violated(refutation) => Some(renamed(refutation, &|op| self.operations[op.index()])),
            _ => None,
        }
    }
}

/// Shrinks a violated history.
///
/// `refutation` is what the engine said of it, by this model and data type.
///
/// # Examples
/// ```
/// use tribunal_checker::engine::{Options, check};
/// use tribunal_checker::history::{Function, HistoryBuilder, Micro, OpId, Operation};
/// use tribunal_checker::model::Model;
/// use tribunal_checker::shrink::{ShrinkOptions, shrink};
/// use tribunal_checker::verdict::Verdict;
///
/// let mut builder = HistoryBuilder::new();
/// let (x, process) = (builder.key_text("x"), builder.process_text("P1"));
/// for (time, value) in [(0, 1), (10, 2), (20, 3)] {
///     let value = builder.int(value);
///     let write = [Micro::new(Function::Write, x, value)];
///     let times = (Some(time), Some(time + 5));
///     builder.push(&Operation {
///         start: times.0,
///         end: times.1,
///         ..Operation::new(process, Function::Write, &write)
///     })?;
/// }
/// let two = builder.int(2);
/// let read = [Micro::new(Function::Read, x, two)];
/// let reader = builder.process_text("P2");
/// builder.push(&Operation { start: Some(30), end: Some(35), ..Operation::new(reader, Function::Read, &read) })?;
/// let history = builder.finish()?;
/// let judgement = check(&history, Model::Linearizable, &Options::default())?;
/// let Verdict::Violated(refutation) = judgement.verdict else { panic!("P2 read what was replaced") };
/// let options = ShrinkOptions::default();
/// let shrunk = shrink(&history, Model::Linearizable, judgement.spec, &refutation, &options);
/// assert_eq!(shrunk.operations, [OpId(1), OpId(2), OpId(3)]);
/// assert!(shrunk.minimal);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn shrink(
    history: &History,
    model: Model,
    spec: SpecKind,
    refutation: &Refutation,
    options: &ShrinkOptions,
) -> Shrunk {
    let meter = Meter::start(&options.check.limits);
    let left = || Options {
        spec: Some(spec),
        limits: rest_of(&options.check.limits, &meter),
        ..options.check.clone()
    };
    let mut oracle = |part: &History| violates(part, model, spec, &left());
    let mut shrunk = shrink_by(history, model, spec, refutation, options.effort, &mut oracle);
    shrunk.judgement = check(&shrunk.history, model, &left()).ok();
    shrunk
}

/// Shrinks a violated history with an oracle of one's own, which tells whether a part is violated (`None` = not known,
/// and the part is not taken). The judgement is left to the caller.
pub fn shrink_by(
    history: &History,
    model: Model,
    spec: SpecKind,
    refutation: &Refutation,
    effort: u64,
    oracle: &mut dyn FnMut(&History) -> Option<bool>,
) -> Shrunk {
    let case = Case { history, model, spec };
    let mut run = Run { case, oracle, effort, complete: true };
    let part = start::find(&mut run, refutation);
    let part = run.beginning(part);
    let part = run.minimize(part);
    Shrunk {
        history: part.history(case),
        pending: part.cut(),
        operations: part.ops,
        judgement: None,
        minimal: run.complete,
    }
}

/// What is left of the limits.
fn rest_of(limits: &Limits, meter: &Meter) -> Limits {
    Limits { timeout: meter.left(), ..limits.clone() }
}

/// A run: what it may spend, and whom it asks.
struct Run<'a> {
    case: Case<'a>,
    oracle: &'a mut dyn FnMut(&History) -> Option<bool>,
    effort: u64,
    /// Every answer that was asked for was given.
    complete: bool,
}

/// Beyond that many operations, no attempt is made to leave out one that merely comes late.
const LATE: usize = 2_000;

impl Run<'_> {
    /// Whether a part is violated; false too where that is not known in time.
    fn violates(&mut self, part: &Part) -> bool {
        let cost = part.ops.len() as u64 + 1;
        if self.effort < cost {
            self.complete = false;
            return false;
        }
        self.effort -= cost;
        let answer = (self.oracle)(&part.history(self.case));
        self.complete &= answer.is_some();
        answer == Some(true)
    }

    /// The shortest beginning that is violated, where only beginnings can leave out operations: up to an instant, the
    /// results of what is under way being cut off. Every longer one is violated, too, so bisection finds it.
    fn beginning(&mut self, part: Part) -> Part {
        if !rules::has_beginnings(self.case, &part) {
            return part;
        }
        let mut ends: Vec<i64> = (part.ops.iter())
            .filter(|&&op| part.is_certain(self.case.history, op))
            .map(|&op| self.case.deadline(op))
            .collect();
        ends.sort_unstable();
        ends.dedup();
        let (mut low, mut high) = (0, ends.len().saturating_sub(1));
        let mut best = part;
        while low < high {
            let middle = usize::midpoint(low, high);
            let shorter = start::until(self.case, &best, ends[middle]);
            if self.violates(&shorter) {
                best = shorter;
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        best
    }

    /// Leaves out what can be left out: ever smaller chunks, later operations first.
    fn minimize(&mut self, mut part: Part) -> Part {
        let mut chunk = part.ops.len().div_ceil(2).max(1);
        loop {
            let mut changed = false;
            let mut end = part.ops.len();
            while end > 0 {
                let begin = end.saturating_sub(chunk);
                match self.without(&part, begin..end) {
                    Some(smaller) => {
                        // What stands before `begin` may be gone as well.
                        end = smaller.ops.partition_point(|op| *op < part.ops[begin]);
                        part = smaller;
                        changed = true;
                    }
                    None => end = begin,
                }
            }
            if self.effort == 0 || chunk == 1 && !changed {
                return part;
            }
            chunk = if changed { chunk.min(part.ops.len().max(1)) } else { chunk }.div_ceil(2).max(1);
        }
    }

    /// The part without some of its operations, if that is sound and still violated.
    fn without(&mut self, part: &Part, range: std::ops::Range<usize>) -> Option<Part> {
        let gone = &part.ops[range];
        let mut ways = Vec::new();
        if let [op] = *gone
            && part.ops.len() <= LATE
            && rules::is_late(self.case, part, op)
        {
            ways.push(part.ops.iter().copied().filter(|other| *other != op).collect());
        }
        ways.push(rules::needs(self.case, part).without(gone));
        ways.dedup();
        let case = self.case;
        ways.into_iter()
            .filter(|left: &Vec<OpId>| !left.is_empty())
            .map(|left| Part::new(case, left, &part.pending))
            .find(|smaller| self.violates(smaller))
    }
}

/// A certificate with other ids.
fn renamed(refutation: &Refutation, name: &dyn Fn(OpId) -> OpId) -> Refutation {
    let all = |ops: &[OpId]| -> Vec<OpId> { ops.iter().map(|&op| name(op)).collect() };
    let edge = |edge: &Edge| {
        let why = match &edge.why {
            Why::Derived { rule, because } => Why::Derived { rule, because: all(because) },
            why => why.clone(),
        };
        Edge { from: name(edge.from), to: name(edge.to), why }
    };
    match refutation {
        Refutation::Cycle { edges, lemmas } => Refutation::Cycle {
            edges: edges.iter().map(edge).collect(),
            lemmas: lemmas.iter().map(edge).collect(),
        },
        Refutation::OneStep { kind, read, with } => {
            Refutation::OneStep { kind: *kind, read: name(*read), with: all(with) }
        }
        Refutation::Core { operations, pending, stuck, longest, exhausted } => Refutation::Core {
            operations: all(operations),
            pending: all(pending),
            stuck: stuck.map(name),
            longest: all(longest),
            exhausted: *exhausted,
        },
    }
}

/// The operations that a certificate names.
fn named(refutation: &Refutation) -> Vec<OpId> {
    let mut ops: FxHashSet<OpId> = FxHashSet::default();
    match refutation {
        Refutation::Cycle { edges, lemmas } => {
            for edge in edges.iter().chain(lemmas) {
                ops.extend([edge.from, edge.to]);
                if let Why::Derived { because, .. } = &edge.why {
                    ops.extend(because);
                }
            }
        }
        Refutation::OneStep { read, with, .. } => ops.extend(with.iter().chain([read])),
        Refutation::Core { operations, stuck, .. } => ops.extend(operations.iter().chain(stuck)),
    }
    let mut ops: Vec<OpId> = ops.into_iter().collect();
    ops.sort_unstable();
    ops
}

#[cfg(test)]
mod tests;
