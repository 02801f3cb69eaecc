//! Witnesses of fifo, processor, cache, slow and causal: views by process, by key, or both.
//!
//! A view may be left out if its process has no reads of its own but those of cas (cache: if nothing reads the key). If
//! there is a cas at all, some view must be there (slow: of its key): every view holds every cas, so without the reads of
//! its own process it is a view for every process that has none. If there is none, program order itself orders the writes.
//!
//! # Complexity
//! O(m log m) for views of m operations in all, and O(n).

use super::Case;
use super::causal;
use super::fault::{Fault, refuted};
use super::orders::ABSENT;
use super::reads_from::{Sources, takes_part};
use super::registers::{read_of, write_of};
use crate::certificate::{View, Witness};
use crate::history::{KeyId, OpId, Outcome, ProcessId, Value};
use crate::model::Model;
use rustc_hash::{FxHashMap, FxHashSet};

/// That the witness proves the model.
pub(super) fn check(case: &Case<'_>, witness: &Witness) -> Result<(), Fault> {
    match (case.model, witness) {
        (Model::Causal, Witness::Causal { views, reads_from }) => {
            let happened = hold_what_they_must(case, views)?;
            let sources = Sources::new(case, reads_from, happened)?;
            causal::views(case, views, &sources)
        }
        (Model::Fifo | Model::Processor | Model::Cache | Model::Slow, Witness::Views(views)) => {
            hold_what_they_must(case, views)?;
            for view in views {
                extends_program_order(case, &view.order)?;
                legal(case, &view.order)?;
            }
            if case.model == Model::Processor { agree(case, views) } else { Ok(()) }
        }
        (model, _) => refuted(format!("{model} needs views of another kind")),
    }
}

/// Whose view it is, of what.
type Owner = (Option<ProcessId>, Option<KeyId>);

/// The views that must be there are, each once, and hold what they must; says which `info` operations happened.
fn hold_what_they_must(case: &Case<'_>, views: &[View]) -> Result<FxHashSet<OpId>, Fault> {
    let counts = Counts::new(case);
    let (mut owners, mut marks) = (FxHashSet::default(), vec![ABSENT; case.history.len()]);
    let mut happened: FxHashMap<Option<KeyId>, FxHashSet<OpId>> = FxHashMap::default();
    for (number, view) in (0..).zip(views) {
        let owner = (view.process, view.key);
        if (owner.0.is_some(), owner.1.is_some()) != kind(case.model) || !owners.insert(owner) {
            return refuted("a view is of the wrong process or key, or is there twice");
        }
        let info = members(case, view, number, &mut marks, &counts)?;
        if *happened.entry(view.key).or_insert_with(|| info.clone()) != info {
            return refuted("the views differ about which `info` operations happened");
        }
    }
    let lonely = |key: &&Option<KeyId>| !views.iter().any(|view| view.key == **key);
    if counts.cas.iter().any(|key| lonely(&key)) {
        return refuted("there is no view that has the cas");
    }
    match counts.readers.iter().find(|owner| !owners.contains(*owner)) {
        Some((Some(process), _)) => refuted(format!(
            "there is no view of process {}",
            case.history.values().display(case.history.process_name(*process))
        )),
        Some(_) => refuted("there is no view of a key that is read"),
        None => Ok(happened.into_values().flatten().collect()),
    }
}

/// Whether a model's views are by process, and by key.
fn kind(model: Model) -> (bool, bool) {
    match model {
        Model::Cache => (false, true),
        Model::Slow => (true, true),
        _ => (true, false),
    }
}

/// How many `ok` operations views must hold.
struct Counts {
    /// Writes and cas, by key if the model's views are.
    writes: FxHashMap<Option<KeyId>, usize>,
    /// Reads and cas of each owner.
    reads: FxHashMap<Owner, usize>,
    /// Those who have reads that are no cas.
    readers: FxHashSet<Owner>,
    /// Where there are cas: the keys, if the model's views are by key.
    cas: FxHashSet<Option<KeyId>>,
}

impl Counts {
    fn new(case: &Case<'_>) -> Self {
        let mut counts = Self {
            writes: FxHashMap::default(),
            reads: FxHashMap::default(),
            readers: FxHashSet::default(),
            cas: FxHashSet::default(),
        };
        let (by_process, by_key) = kind(case.model);
        for op in case.history.ops() {
            if !takes_part(case, op) || case.history.outcome(op) != Outcome::Ok {
                continue;
            }
            let key = case.history.micro(op).key().filter(|_| by_key);
            let owner = (by_process.then(|| case.history.process(op)), key);
            let (reads, writes) = (read_of(case.history, op).is_some(), write_of(case.history, op).is_some());
            if writes {
                *counts.writes.entry(key).or_default() += 1;
            }
            if reads {
                *counts.reads.entry(owner).or_default() += 1;
            }
            if reads && writes {
                counts.cas.insert(key);
            } else if reads {
                counts.readers.insert(owner);
            }
        }
        counts
    }
}

/// Checks who is in a view; says which of them are `info`.
fn members(
    case: &Case<'_>,
    view: &View,
    number: u32,
    marks: &mut [u32],
    counts: &Counts,
) -> Result<FxHashSet<OpId>, Fault> {
    case.orders.known(&view.order)?;
    let (mut writes, mut reads, mut info) = (0, 0, FxHashSet::default());
    for &op in &view.order {
        let history = case.history;
        if std::mem::replace(&mut marks[op.index()], number) == number {
            return refuted(format!("a view has operation {op} twice"));
        }
        let on_key = view.key.is_none_or(|key| history.micro(op).key() == Some(key));
        let own = view.process.is_none_or(|process| history.process(op) == process);
        let (written, read) = (write_of(history, op).is_some(), read_of(history, op).is_some());
        if !takes_part(case, op) || !on_key || !(written || own) {
            return refuted(format!("operation {op} has no place in a view"));
        }
        if history.outcome(op) == Outcome::Info {
            info.insert(op);
        } else {
            writes += usize::from(written);
            reads += usize::from(read && own);
        }
    }
    let must_write = counts.writes.get(&view.key).copied().unwrap_or(0);
    let must_read = counts.reads.get(&(view.process, view.key)).copied().unwrap_or(0);
    if (writes, reads) != (must_write, must_read) {
        return refuted("a view lacks an operation that took effect");
    }
    Ok(info)
}

/// Each process's operations are in their order.
fn extends_program_order(case: &Case<'_>, order: &[OpId]) -> Result<(), Fault> {
    let place_of = |place: usize| (case.history.process(order[place]), case.orders.rank(order[place]));
    let mut places: Vec<usize> = (0..order.len()).collect();
    places.sort_unstable_by_key(|&place| place_of(place));
    let mut last: Option<usize> = None;
    for place in places {
        let op = order[place];
        let misplaced = |&last: &usize| last > place && case.orders.program(order[last], op);
        if let Some(earlier) = last.filter(misplaced) {
            let earlier = order[earlier];
            return refuted(format!(
                "operation {earlier} is before {op} in program order, but not in a view"
            ));
        }
        if case.history.outcome(op) == Outcome::Ok {
            last = Some(place);
        }
    }
    Ok(())
}

/// Each read returns the value of the latest write to its key, or the initial one.
fn legal(case: &Case<'_>, order: &[OpId]) -> Result<(), Fault> {
    let mut values: FxHashMap<KeyId, Value> = FxHashMap::default();
    for &op in order {
        if let Some((key, value)) = read_of(case.history, op) {
            let found = values.get(&key).copied().unwrap_or_else(|| case.history.initial(key));
            if found != value {
                return refuted(format!("operation {op} does not read the latest value in a view"));
            }
        }
        values.extend(write_of(case.history, op));
    }
    Ok(())
}

/// processor: the views agree, for each key, on the order of the writes to it.
fn agree(case: &Case<'_>, views: &[View]) -> Result<(), Fault> {
    let Some((first, others)) = views.split_first() else { return Ok(()) };
    let places = case.orders.places(&first.order)?;
    for view in others {
        let mut last: FxHashMap<KeyId, OpId> = FxHashMap::default();
        for &op in &view.order {
            let Some((key, _)) = write_of(case.history, op) else { continue };
            if let Some(earlier) = last.insert(key, op)
                && places[earlier.index()] > places[op.index()]
            {
                return refuted(format!("the views differ in the order of the writes {earlier} and {op}"));
            }
        }
    }
    Ok(())
}
