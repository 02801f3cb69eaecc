//! What a violation is about, as data: the operations that matter, the orders between them that are forced and why, and a
//! paragraph made from both. Rendering is elsewhere.
//!
//! The operations are those of a smallest violated part of the history. A cycle of forced orders is told edge by edge;
//! where the certificate is a set of operations, [`orders`] derives what is forced among them, and often finds the cycle.

mod container;
mod lock;
mod orders;
mod register;
mod tell;

use super::notation::{value, words};
use std::time::Duration;
use tell::Told;
use tribunal_checker::certificate::{Edge, OneStep, Refutation, Why};
use tribunal_checker::engine::Options;
use tribunal_checker::history::{Function, History, OpId, Outcome};
use tribunal_checker::limits::Limits;
use tribunal_checker::model::Model;
use tribunal_checker::shrink::{ShrinkOptions, Shrunk, shrink};
use tribunal_checker::spec::SpecKind;

/// The most operations that a picture shows.
pub(crate) const SHOWN: usize = 16;

/// How many operations the parts that are tried for a report may have together.
const EFFORT: u64 = 4_000_000;

/// The time that a report may take where nothing else limits it.
const PATIENCE: Duration = Duration::from_secs(10);

/// What to tell about a violation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Explanation {
    /// One sentence, without its full stop.
    pub(crate) summary: String,
    /// A paragraph: the summary and what follows from it, each operation named.
    pub(crate) text: String,
    /// The operations that matter, at most [`SHOWN`], in the order of the input.
    pub(crate) operations: Vec<OpId>,
    /// The operations that cannot be fitted in.
    pub(crate) guilty: Vec<OpId>,
    /// Forced orders among the operations: those of the circle, if there is one, then those on which they rest.
    pub(crate) orders: Vec<Edge>,
    /// It is told as a circle of forced orders.
    pub(crate) circle: bool,
    /// The operations violate the model by themselves, and none of them can be left out.
    pub(crate) complete: bool,
    /// Where the engine found no small core: the part, as one. It is for the caller to verify.
    pub(crate) core: Option<Refutation>,
}

/// Why a part is violated, in its own ids.
#[derive(Debug)]
struct Reason {
    /// One sentence, without its full stop.
    sentence: String,
    /// The operations that it names, but the one that fits nowhere.
    with: Vec<OpId>,
}

impl Reason {
    /// A reason that takes no other operation.
    fn alone(sentence: String) -> Self {
        Self { sentence, with: Vec::new() }
    }
}

/// Explains a violation, with bounded effort and within the limits; `settle` as in the check.
pub(crate) fn explain(
    history: &History,
    model: Model,
    spec: SpecKind,
    refutation: &Refutation,
    settle: i64,
    limits: &Limits,
) -> Explanation {
    let timeout = limits.timeout.map_or(PATIENCE, |timeout| timeout.min(PATIENCE));
    let limits = Limits { timeout: Some(timeout), ..limits.clone() };
    let check = Options { spec: Some(spec), settle, limits };
    let shrunk = shrink(history, model, spec, refutation, &ShrinkOptions { check, effort: EFFORT });
    if shrunk.refutation().is_some() {
        let exhausted = matches!(refutation, Refutation::Core { exhausted: true, .. });
        let core = Refutation::Core {
            operations: shrunk.operations.clone(),
            pending: shrunk.pending.clone(),
            stuck: None,
            longest: Vec::new(),
            exhausted: false,
        };
        return Explanation { core: exhausted.then_some(core), ..explain_shrunk(model, spec, &shrunk) };
    }
    // There was no time for that: what the certificate says of the whole.
    let told = Part { history, model, spec }.too_large(Some(refutation));
    let shown = nearest(&told.named, told.guilty.first().copied());
    made(told, shown, false, &|op| op)
}

/// Explains a part of a history that was shrunk, in the ids of the whole.
pub(crate) fn explain_shrunk(model: Model, spec: SpecKind, shrunk: &Shrunk) -> Explanation {
    let part = Part { history: &shrunk.history, model, spec };
    let refutation = shrunk.judgement.as_ref().and_then(|judgement| match &judgement.verdict {
        tribunal_checker::verdict::Verdict::Violated(refutation) => Some(refutation),
        _ => None,
    });
    let told = match refutation {
        _ if part.history.len() > SHOWN => part.too_large(refutation),
        Some(refutation) => part.tell(refutation),
        None => part.by_orders(None),
    };
    let mut told = told;
    let shown: Vec<OpId> = match part.history.len() > SHOWN {
        true => nearest(&told.named, told.guilty.first().copied()),
        false => {
            told.name_the_rest(part.history);
            part.history.ops().collect()
        }
    };
    let complete = shrunk.minimal && shown.len() == part.history.len();
    made(told, shown, complete, &|op| shrunk.operations[op.index()])
}

/// An explanation in the ids of the whole history.
fn made(told: Told, shown: Vec<OpId>, complete: bool, whole: &dyn Fn(OpId) -> OpId) -> Explanation {
    let edge = |edge: Edge| {
        let why = match edge.why {
            Why::Derived { rule, because } => {
                Why::Derived { rule, because: because.into_iter().map(&whole).collect() }
            }
            why => why,
        };
        Edge { from: whole(edge.from), to: whole(edge.to), why }
    };
    Explanation {
        complete,
        operations: shown.into_iter().map(whole).collect(),
        guilty: told.guilty.into_iter().map(whole).collect(),
        orders: told.orders.into_iter().map(edge).collect(),
        text: told.text,
        circle: told.circle,
        summary: told.summary,
        core: None,
    }
}

/// A violated part: few operations, mostly.
#[derive(Clone, Copy)]
struct Part<'a> {
    history: &'a History,
    model: Model,
    spec: SpecKind,
}

impl Part<'_> {
    fn tell(&self, refutation: &Refutation) -> Told {
        match refutation {
            // In one view a plain reason says more than the name of the step.
            Refutation::OneStep { read, .. } if self.reason(*read).is_some() => self.by_orders(Some(*read)),
            Refutation::OneStep { kind, read, with } => {
                let sentence = self.one_step(*kind, *read, with);
                let orders = orders::of_one_step(self.history, self.model, *kind, *read, with);
                Told::sentence(sentence, vec![*read], with.clone(), orders)
            }
            Refutation::Cycle { edges, lemmas } => tell::cycle(self.history, edges, lemmas),
            Refutation::Core { stuck, .. } => self.by_orders(*stuck),
            _ => self.by_orders(None),
        }
    }

    /// By a simple reason why an operation fits nowhere, or a circle of forced orders, or all that is forced.
    fn by_orders(&self, stuck: Option<OpId>) -> Told {
        let forced = orders::derive(self.history, self.model, self.spec);
        // Those that end last are the ones that an order gets stuck at.
        let mut candidates: Vec<OpId> = self.history.ops().collect();
        candidates.sort_by_key(|&op| std::cmp::Reverse((Some(op) == stuck, self.history.end(op), op)));
        let found = candidates.into_iter().find_map(|op| Some((op, self.reason(op)?)));
        match found {
            Some((op, reason)) => {
                let orders = forced.with_source(self.history, op);
                Told::sentence(reason.sentence, vec![op], reason.with, orders)
            }
            None => match forced {
                orders::Forced::Circle { edges, lemmas } => tell::cycle(self.history, &edges, &lemmas),
                orders::Forced::Orders(orders) => tell::no_order(self.history, stuck, orders),
            },
        }
    }

    /// More operations than a picture can show: what is to be said without naming all of them.
    fn too_large(&self, refutation: Option<&Refutation>) -> Told {
        let stuck = match refutation {
            Some(Refutation::Core { stuck, .. }) => *stuck,
            Some(Refutation::OneStep { read, .. }) => Some(*read),
            _ => None,
        };
        if let Some(op) = stuck
            && let Some(reason) = self.reason(op)
            && reason.with.len() < SHOWN
        {
            return Told::sentence(reason.sentence, vec![op], reason.with, Vec::new());
        }
        match refutation {
            Some(one @ Refutation::OneStep { .. }) => return self.tell(one),
            Some(cycle @ Refutation::Cycle { edges, .. }) if edges.len() < SHOWN => return self.tell(cycle),
            _ => {}
        }
        let count = super::human::count(self.history.len(), "operation");
        let near = stuck.map(|stuck| around(self.history, stuck)).unwrap_or_default();
        match stuck {
            Some(stuck) => {
                let what = words(self.history, stuck);
                let sentence =
                    format!("{what} fits nowhere: no order of it and what leads to it, {count}, is legal");
                Told::sentence(sentence, vec![stuck], near, Vec::new())
            }
            None => {
                let all = self.history.ops().collect();
                Told::sentence(format!("No order of {count} is legal"), Vec::new(), all, Vec::new())
            }
        }
    }

    /// Why an operation fits nowhere, where a simple reason tells it.
    fn reason(&self, stuck: OpId) -> Option<Reason> {
        let Self { history, model, spec } = *self;
        match history.function(stuck) {
            _ if !model.is_one_view() || history.outcome(stuck) != Outcome::Ok => None,
            Function::Read | Function::Cas if spec == SpecKind::Register => {
                register::reason(history, model, stuck)
            }
            Function::Dequeue | Function::Pop | Function::Poll => container::reason(history, model, stuck),
            Function::Acquire | Function::Release if spec == SpecKind::Mutex => {
                lock::reason(history, model, stuck)
            }
            _ => None,
        }
    }

    fn one_step(&self, kind: OneStep, read: OpId, with: &[OpId]) -> String {
        let history = self.history;
        let what = words(history, read);
        let other =
            |i: usize| with.get(i).map_or_else(|| "another operation".to_owned(), |&op| words(history, op));
        match kind {
            OneStep::ThinAir if matches!(self.spec, SpecKind::Register | SpecKind::MultiRegister) => {
                format!("{what} is of a value that nobody wrote")
            }
            OneStep::ThinAir => format!("{what} is of something that nobody ever put in"),
            OneStep::StaleInitial => {
                format!("{what} is of the initial value, though {} comes before it", other(0))
            }
            OneStep::StaleRead => {
                format!("{what} is stale: {} comes after {} and before it", other(1), other(0))
            }
            OneStep::Diverged if with.is_empty() => {
                format!("{what} is final, but of a value that nobody wrote")
            }
            OneStep::Diverged => format!("{what} differs from {}, and both are final", other(0)),
            OneStep::MissingWrite => match history.replica(read) {
                Some(replica) if history.function(read) == Function::Read => {
                    let replica = value(history, history.replica_name(replica), 24);
                    format!(
                        "{what} ran at replica {replica}, whose log did not have {} in its place then",
                        other(0)
                    )
                }
                _ => format!("a replica's log has {what}, but not {} in its place before it", other(0)),
            },
            _ => format!("{what} breaks the rule {}", kind.name()),
        }
    }
}

/// At most [`SHOWN`] operations, those nearest to `center` in the input, with it.
fn nearest(operations: &[OpId], center: Option<OpId>) -> Vec<OpId> {
    let mut sorted = operations.to_vec();
    sorted.extend(center);
    let Some(center) = center.or_else(|| sorted.get(sorted.len() / 2).copied()) else { return sorted };
    sorted.sort_unstable_by_key(|op| (op.0.abs_diff(center.0), op.0));
    sorted.dedup();
    sorted.truncate(SHOWN);
    sorted.sort_unstable();
    sorted
}

/// Operations that overlap an operation or stand beside it, on its object.
fn around(history: &History, op: OpId) -> Vec<OpId> {
    let object = |op: OpId| history.micros(op).next().map(|micro| (micro.key(), micro.lock()));
    let same: Vec<OpId> = history
        .ops()
        .filter(|&other| history.outcome(other) != Outcome::Fail && object(other) == object(op))
        .collect();
    let (start, end) = (history.start(op), history.end(op));
    let distance = |other: &OpId| {
        let before = start.saturating_sub(history.end(*other)).max(0);
        let after = history.start(*other).saturating_sub(end).max(0);
        (before.max(after), other.0.abs_diff(op.0))
    };
    let mut sorted = same;
    sorted.sort_by_key(distance);
    sorted.truncate(SHOWN - 1);
    sorted
}

#[cfg(test)]
mod tests;
