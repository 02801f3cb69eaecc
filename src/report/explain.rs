//! What a violation is about: the operations to look at, the guilty ones, one plain sentence.

mod container;
mod lock;
mod register;

use super::notation::{who, words};
use tribunal_checker::certificate::{Edge, OneStep, Refutation, Why};
use tribunal_checker::history::{Function, History, OpId, Outcome};
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;

/// The most operations that a picture shows.
pub(super) const SHOWN: usize = 12;

/// What to tell about a violation.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Explanation {
    /// One sentence, without its full stop.
    pub(super) sentence: String,
    /// The operations that matter, at most [`SHOWN`], in the order of the input.
    pub(super) shown: Vec<OpId>,
    /// The operations that cannot be fitted in.
    pub(super) guilty: Vec<OpId>,
    /// Those shown violate the model by themselves.
    pub(super) complete: bool,
}

/// Why one operation fits nowhere, where few others tell it.
#[derive(Debug)]
struct Reason {
    /// One sentence, without its full stop.
    sentence: String,
    /// The others.
    with: Vec<OpId>,
}

impl Reason {
    /// A reason that takes no other operation.
    fn alone(sentence: String) -> Self {
        Self { sentence, with: Vec::new() }
    }
}

/// Explains a violation.
pub(super) fn explain(
    history: &History,
    model: Model,
    spec: Option<SpecKind>,
    refutation: &Refutation,
) -> Explanation {
    match refutation {
        Refutation::Core { operations, stuck, longest, exhausted, .. } => {
            let reason = stuck.and_then(|stuck| reason(history, model, spec, stuck));
            let guilty: Vec<OpId> = stuck.iter().copied().collect();
            let mut shown = operations.clone();
            match (&reason, stuck) {
                // A simple reason is one without the core, too.
                (Some(reason), _) if *exhausted => shown.clone_from(&reason.with),
                (Some(reason), _) => shown.extend(&reason.with),
                (None, Some(stuck)) if *exhausted => shown = around(history, *stuck),
                _ => {}
            }
            let complete = !*exhausted || reason.is_some();
            let sentence = reason.map_or_else(
                || generic(history, operations.len(), *stuck, longest.len(), *exhausted),
                |reason| reason.sentence,
            );
            let made = made(sentence, shown, guilty);
            Explanation { complete: complete && made.complete, ..made }
        }
        Refutation::OneStep { kind, read, with } => {
            let shown = std::iter::once(*read).chain(with.iter().copied()).collect();
            made(one_step(history, spec, *kind, *read, with), shown, vec![*read])
        }
        Refutation::Cycle { edges, .. } => {
            let shown = edges.iter().map(|edge| edge.from).collect();
            made(cycle(history, edges), shown, Vec::new())
        }
        _ => made(format!("The history is not {model}"), Vec::new(), Vec::new()),
    }
}

fn made(sentence: String, mut shown: Vec<OpId>, guilty: Vec<OpId>) -> Explanation {
    shown.extend(&guilty);
    shown.sort_unstable();
    shown.dedup();
    let complete = shown.len() <= SHOWN;
    if !complete {
        shown = nearest(&shown, guilty.first().copied());
    }
    shown.sort_unstable();
    Explanation { sentence, shown, guilty, complete }
}

/// The operations nearest to `center` in the input.
fn nearest(operations: &[OpId], center: Option<OpId>) -> Vec<OpId> {
    let center = center.unwrap_or_else(|| operations[operations.len() / 2]);
    let mut sorted = operations.to_vec();
    sorted.sort_unstable_by_key(|op| (op.0.abs_diff(center.0), op.0));
    sorted.dedup();
    sorted.truncate(SHOWN);
    sorted
}

/// Why an operation fits nowhere, where a simple reason tells it.
fn reason(history: &History, model: Model, spec: Option<SpecKind>, stuck: OpId) -> Option<Reason> {
    match history.function(stuck) {
        Function::Read | Function::Cas if spec == Some(SpecKind::Register) => {
            register::reason(history, model, stuck)
        }
        Function::Dequeue | Function::Pop | Function::Poll => container::reason(history, model, stuck),
        Function::Acquire | Function::Release if spec == Some(SpecKind::Mutex) => {
            lock::reason(history, model, stuck)
        }
        _ => None,
    }
}

fn generic(
    history: &History,
    operations: usize,
    stuck: Option<OpId>,
    longest: usize,
    exhausted: bool,
) -> String {
    match stuck {
        Some(stuck) if exhausted => {
            let what = words(history, stuck);
            format!(
                "{what} fits nowhere: every order was tried, and no legal one gets past {longest} operations"
            )
        }
        Some(stuck) => {
            let what = words(history, stuck);
            format!("{what} fits nowhere: no order of these {operations} operations is legal")
        }
        None if exhausted => "Every order was tried, and none is legal".into(),
        None => format!("No order of these {operations} operations is legal"),
    }
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
    sorted.truncate(SHOWN);
    sorted
}

fn one_step(history: &History, spec: Option<SpecKind>, kind: OneStep, read: OpId, with: &[OpId]) -> String {
    let what = words(history, read);
    let other = |i: usize| with.get(i).map_or_else(|| "another write".to_owned(), |&op| words(history, op));
    match kind {
        OneStep::ThinAir => match spec {
            Some(SpecKind::Register | SpecKind::MultiRegister) | None => {
                format!("{what} is of a value that nobody wrote")
            }
            _ => format!("{what} is of something that nobody ever put in"),
        },
        OneStep::StaleInitial => {
            format!("{what} is of the initial value, though {} comes before it", other(0))
        }
        OneStep::StaleRead => format!("{what} is stale: {} comes after {} and before it", other(1), other(0)),
        OneStep::Diverged => format!("{what} differs from {}, and both are final", other(0)),
        OneStep::MissingWrite => format!("{what} ran at a replica that lacks {}", other(0)),
        _ => format!("{what} breaks the rule {}", kind.name()),
    }
}

fn cycle(history: &History, edges: &[Edge]) -> String {
    let mut text = String::from("These would have to come one before the other in a circle: ");
    for edge in edges {
        let why = match &edge.why {
            Why::ProgramOrder => format!("{}'s own order", who(history, edge.from)),
            Why::RealTime => "it had ended".into(),
            Why::ReadsFrom => "it is read".into(),
            Why::Sync => "synchronisation".into(),
            Why::Derived { rule, .. } => rule.to_string(),
            _ => "forced".into(),
        };
        text.push_str(&format!("{} -> ({why}) ", words(history, edge.from)));
    }
    text.push_str("-> the first");
    text
}
