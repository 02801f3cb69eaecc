//! Linearizable and strict: splits, searches every part, and puts the answers together.

use super::action::Objects;
use super::context::Context;
use super::merge;
use super::parts::{Parts, interval, split};
use super::problem::{Item, NONE, Problem};
use super::race::{Answer, exists, search};
use super::{core, monitored, thin_air};
use crate::certificate::{Refutation, View, Witness};
use crate::engine::judge::CheckError;
use crate::engine::monitor::Decision;
use crate::history::{History, OpId};
use crate::limits::{Limits, Meter, Stop};
use crate::model::Model;
use crate::spec::{Decoder, RecordedSpec, Scope, SpecError, SpecKind, SpecVisitor, kept};
use crate::verdict::{Unknown, Verdict};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Decides a local one-view model; tells by which procedure, too.
///
/// # Errors
/// If the history does not fit the data type.
pub(crate) fn decide(
    history: &History,
    model: Model,
    kind: SpecKind,
    limits: &Limits,
) -> Result<(Verdict, &'static str), CheckError> {
    kind.visit(Decide { history, model, limits })
}

struct Decide<'a> {
    history: &'a History,
    model: Model,
    limits: &'a Limits,
}

/// What became of a part.
pub(super) enum Part {
    Found(Vec<OpId>),
    Violated(Refutation),
    Unknown(Stop, String),
    /// A part before it in the order of the report was violated already.
    Skipped,
}

impl SpecVisitor for Decide<'_> {
    type Output = Result<(Verdict, &'static str), CheckError>;

    fn visit<S: RecordedSpec>(self) -> Self::Output {
        let Self { history, model, limits } = self;
        let meter = Meter::start(limits);
        let parts = split(history, model, &|op| kept(history, S::KIND, op));
        // Smallest first: a violation is told by the smallest part that has one, whichever thread finds it.
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by_key(|&part| parts.get(part).len());
        let violated = AtomicUsize::new(usize::MAX);
        let outcomes = order
            .par_iter()
            .enumerate()
            .map_init(
                || Decoder::new(history),
                |decoder, (rank, &part)| {
                    if violated.load(Ordering::Relaxed) < rank {
                        return Ok((Part::Skipped, SEARCH));
                    }
                    let outcome = part_outcome::<S>(decoder, model, &parts, parts.get(part), &meter)?;
                    if matches!(outcome.0, Part::Violated(_)) {
                        violated.fetch_min(rank, Ordering::Relaxed);
                    }
                    Ok(outcome)
                },
            )
            .collect::<Result<Vec<_>, CheckError>>()?;
        let method = method(&outcomes);
        let outcomes = outcomes.into_iter().map(|(part, _)| part);
        Ok((assemble(history, model, S::SCOPE, &parts, &order, outcomes), method))
    }
}

const MONITOR: &str = "monitor";
const SEARCH: &str = "search";

/// The procedure behind a verdict: that of the part which is violated, or those of all parts.
fn method(outcomes: &[(Part, &'static str)]) -> &'static str {
    if let Some((_, by)) = outcomes.iter().find(|(part, _)| matches!(part, Part::Violated(_))) {
        return by;
    }
    let by = |method| outcomes.iter().any(|(_, by)| *by == method);
    match (by(MONITOR), by(SEARCH)) {
        (true, true) => "monitor and search",
        (true, false) => MONITOR,
        _ => SEARCH,
    }
}

/// Decides a part: by a monitor where one applies, else by a search.
fn part_outcome<S: RecordedSpec>(
    decoder: &mut Decoder<'_>,
    model: Model,
    parts: &Parts,
    ops: &[OpId],
    meter: &Meter,
) -> Result<(Part, &'static str), CheckError> {
    if let Some(part) = monitored::outcome::<S>(decoder, model, parts, ops, meter)? {
        return Ok((part, MONITOR));
    }
    Ok((searched::<S>(decoder, model, parts, ops, meter)?, SEARCH))
}

fn searched<S: RecordedSpec>(
    decoder: &mut Decoder<'_>,
    model: Model,
    parts: &Parts,
    ops: &[OpId],
    meter: &Meter,
) -> Result<Part, CheckError> {
    let history = decoder.history();
    let (problem, objects) = compile::<S>(decoder, model, parts, ops)?;
    // The cheapest refutation first, and the one that is easiest to believe.
    if let Some(thin_air) = thin_air::find(history, S::KIND, ops) {
        return Ok(Part::Violated(thin_air));
    }
    Ok(match solve(&problem, &objects, meter) {
        Ok(Answer::Found(view)) => Part::Found(view),
        Ok(Answer::Stuck { op, event, longest }) => Part::Violated(core::refute(core::Violation {
            history,
            kind: S::KIND,
            ops,
            beginnings: beginnings(&problem, event),
            stuck: Some(op),
            longest,
            violates: &|part, meter| is_violated::<S>(part, model, meter),
            meter,
        })),
        Err((stop, progress)) => Part::Unknown(stop, progress),
    })
}

/// Beginnings of a problem that may be violated by themselves: up to an event, up to the returns of what is in flight
/// there, and so on; with the operations whose results are cut off.
pub(super) fn beginnings(problem: &Problem, event: u32) -> Vec<(Vec<OpId>, Vec<OpId>)> {
    let mut until = event as usize;
    let mut beginnings = Vec::new();
    for _ in 0..4 {
        let (mut ops, mut cut, mut last) = (Vec::new(), Vec::new(), until);
        for index in 0..=until {
            let (item, is_return) = problem.event(index);
            if is_return {
                continue;
            }
            ops.push(problem.op[item as usize]);
            let deadline = problem.deadline[item as usize];
            if deadline != NONE && deadline as usize > until {
                cut.push(problem.op[item as usize]);
                last = last.max(deadline as usize);
            }
        }
        let complete = cut.is_empty();
        beginnings.push((ops, cut));
        if complete {
            break;
        }
        until = last;
    }
    beginnings
}

/// Whether a history is violated (`None` where a small budget does not tell), and the steps that it took.
pub(super) fn is_violated<S: RecordedSpec>(
    history: &History,
    model: Model,
    meter: &Meter,
) -> (Option<bool>, u64) {
    let parts = split(history, model, &|op| kept(history, S::KIND, op));
    let (mut decoder, mut steps) = (Decoder::new(history), 0);
    for part in 0..parts.len() {
        let ops = parts.get(part);
        if let Some(decision) = monitored::decide::<S>(&mut decoder, model, &parts, ops) {
            if matches!(decision, Decision::View(_)) {
                continue;
            }
            return (Some(true), steps);
        }
        let Ok((problem, objects)) = compile::<S>(&mut decoder, model, &parts, ops) else {
            return (None, steps);
        };
        let Ok(machine) = objects.machine(meter) else { return (None, steps) };
        let budget = 4 * problem.events.len() as u64 + 20_000;
        let exists = exists(Context::new(&problem, &*machine, &objects.observer, meter), budget);
        steps += exists.as_ref().map_or(budget, |found| found.1);
        match exists {
            Ok((Some(true), _)) => {}
            Ok((Some(false), _)) => return (Some(true), steps),
            _ => return (None, steps),
        }
    }
    (Some(false), steps)
}

/// Whether a history is violated; `None` where a small budget does not tell, or the history does not fit.
pub(crate) fn violates(history: &History, model: Model, kind: SpecKind, meter: &Meter) -> Option<bool> {
    struct Violates<'a>(&'a History, Model, &'a Meter);
    impl SpecVisitor for Violates<'_> {
        type Output = Option<bool>;

        fn visit<S: RecordedSpec>(self) -> Option<bool> {
            is_violated::<S>(self.0, self.1, self.2).0
        }
    }
    kind.visit(Violates(history, model, meter))
}

/// A part as integers.
///
/// # Errors
/// If an operation does not fit the data type.
pub(crate) fn compile<S: RecordedSpec>(
    decoder: &mut Decoder<'_>,
    model: Model,
    parts: &Parts,
    ops: &[OpId],
) -> Result<(Problem, Objects<S>), SpecError> {
    let (history, mut objects) = (decoder.history(), Objects::new());
    let mut items = Vec::with_capacity(ops.len());
    let touching: FxHashMap<OpId, u32> =
        if parts.after.is_empty() { FxHashMap::default() } else { ops.iter().copied().zip(0..).collect() };
    for &op in ops {
        let action = objects.action(decoder, op)?;
        let (start, end) = interval(history, model, op);
        let after = parts.after.get(&op).and_then(|before| touching.get(before)).copied();
        items.push(Item { op, action, start, end, after });
    }
    Ok((Problem::new(&items), objects))
}

/// Searches a part.
///
/// # Errors
/// The limit that was reached, and how far the search had come.
pub(crate) fn solve<S: RecordedSpec>(
    problem: &Problem,
    objects: &Objects<S>,
    meter: &Meter,
) -> Result<Answer, (Stop, String)> {
    let machine = objects.machine(meter).map_err(|stop| (stop, String::new()))?;
    search(Context::new(problem, &*machine, &objects.observer, meter))
}

fn assemble(
    history: &History,
    model: Model,
    scope: Scope,
    parts: &Parts,
    order: &[usize],
    outcomes: impl ExactSizeIterator<Item = Part>,
) -> Verdict {
    let mut views = Vec::with_capacity(outcomes.len());
    let mut unknown: Option<Unknown> = None;
    for (&part, outcome) in order.iter().zip(outcomes) {
        match outcome {
            Part::Found(view) => views.push((part, view)),
            Part::Violated(refutation) => return Verdict::Violated(refutation),
            Part::Unknown(reason, progress) => {
                let size = parts.get(part).len();
                let progress = format!("in a part of {size} operations: {progress}");
                unknown.get_or_insert(Unknown { reason, progress });
            }
            Part::Skipped => {}
        }
    }
    if let Some(unknown) = unknown {
        return Verdict::Unknown(unknown);
    }
    views.sort_by_key(|(part, _)| *part);
    Verdict::Consistent(witness(history, model, scope, views.into_iter().map(|(_, view)| view).collect()))
}

/// One view, or one for each key where every part has one key of its own.
fn witness(history: &History, model: Model, scope: Scope, mut views: Vec<Vec<OpId>>) -> Witness {
    if views.len() <= 1 {
        return Witness::View(views.pop().unwrap_or_default());
    }
    let key = |op: OpId| {
        let mut keys = history.micros(op).map(crate::history::MicroOp::key);
        let first = keys.next().flatten();
        first.filter(|_| keys.all(|key| key == first))
    };
    let keys: Vec<_> = views.iter().map(|view| view.first().and_then(|&op| key(op))).collect();
    let by_key =
        views.iter().zip(&keys).all(|(view, of)| of.is_some() && view.iter().all(|&op| key(op) == *of));
    if by_key && scope == Scope::Key {
        let views = views.into_iter().zip(keys);
        return Witness::Views(views.map(|(order, key)| View { process: None, key, order }).collect());
    }
    Witness::View(merge(&views, |op| interval(history, model, op).0))
}

/// Whether a search finds the history consistent, if a small budget tells: what the tests of other procedures compare with.
///
/// # Panics
/// If the history does not fit the data type.
#[cfg(test)]
pub(crate) fn search_alone(history: &History, model: Model, kind: SpecKind) -> Option<bool> {
    struct Search<'a>(&'a History, Model);
    impl SpecVisitor for Search<'_> {
        type Output = Option<bool>;

        fn visit<S: RecordedSpec>(self) -> Self::Output {
            let parts = split(self.0, self.1, &|op| kept(self.0, S::KIND, op));
            let mut decoder = Decoder::new(self.0);
            let meter = Meter::unlimited();
            let mut is_told = true;
            for part in 0..parts.len() {
                let (problem, objects) =
                    compile::<S>(&mut decoder, self.1, &parts, parts.get(part)).expect("fits");
                let machine = objects.machine(&meter).expect("nothing limits it");
                match exists(Context::new(&problem, &*machine, &objects.observer, &meter), 1 << 14) {
                    Ok((Some(false), _)) => return Some(false),
                    Ok((found, _)) => is_told &= found.is_some(),
                    Err(stop) => panic!("nothing limits it: {stop:?}"),
                }
            }
            is_told.then_some(true)
        }
    }
    kind.visit(Search(history, model))
}
