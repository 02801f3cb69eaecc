//! Sentences about forced orders.
//!
//! Each clause knows which operations it names, so that the paragraph and the picture can be held to be about the same.

use crate::report::notation::{object, short, value, who};
use tribunal_checker::certificate::rules::{
    EXCLUSION, FROM_READ, GUARDED, OVERWRITTEN, READS_INITIAL, TRANSITIVE, UNRELEASED,
};
use tribunal_checker::certificate::{Edge, Why};
use tribunal_checker::history::{Function, History, OpId, Outcome};

/// The longest value that is written out in a sentence.
const LONGEST: usize = 24;

/// Orders beyond that many are not told one by one.
const TOLD: usize = 12;

/// A violation in words, in the ids of the part that is told about.
#[derive(Debug)]
pub(super) struct Told {
    /// One sentence, without its full stop.
    pub(super) summary: String,
    /// The paragraph.
    pub(super) text: String,
    /// The operations that the paragraph names.
    pub(super) named: Vec<OpId>,
    /// The operations that cannot be fitted in.
    pub(super) guilty: Vec<OpId>,
    pub(super) orders: Vec<Edge>,
    /// It is told as a circle of orders.
    pub(super) circle: bool,
}

impl Told {
    /// A sentence that names the guilty operations and others.
    pub(super) fn sentence(sentence: String, guilty: Vec<OpId>, with: Vec<OpId>, orders: Vec<Edge>) -> Self {
        let named = guilty.iter().copied().chain(with).collect();
        Self { text: format!("{sentence}."), summary: sentence, named, guilty, orders, circle: false }
    }

    /// Names the operations that have not been named yet: they are needed all the same.
    pub(super) fn name_the_rest(&mut self, history: &History) {
        let mut rest: Vec<OpId> = history.ops().filter(|op| !self.named.contains(op)).collect();
        if rest.is_empty() {
            return;
        }
        // In program order the context of what is told; else mostly other writes of what was read.
        let alternative = |op: &OpId| {
            let writes = |op: OpId| {
                history
                    .micros(op)
                    .filter(|micro| micro.function == Function::Write)
                    .map(|micro| (micro.key(), micro.value))
            };
            let reads = |op: OpId| {
                history
                    .micros(op)
                    .filter(|micro| micro.function == Function::Read)
                    .map(|micro| (micro.key(), micro.value))
            };
            history.ops().any(|reader| {
                reader != *op && reads(reader).any(|cell| writes(*op).any(|other| other == cell))
            })
        };
        let (others, context): (Vec<OpId>, Vec<OpId>) = rest.iter().copied().partition(alternative);
        if !others.is_empty() {
            let (list, s) = (list(history, &others), if others.len() == 1 { "s" } else { "" });
            self.text.push_str(&format!(
                " {list} write{s} a value that was read, and reading it from there fits no better."
            ));
        }
        if !context.is_empty() {
            let (list, verb) =
                (list(history, &context), if context.len() == 1 { "belongs" } else { "belong" });
            self.text.push_str(&format!(" {list} {verb} to it: without, the rest could be put in order."));
        }
        self.named.append(&mut rest);
    }
}

/// An operation as the picture labels it, with its process.
fn name(history: &History, op: OpId) -> String {
    format!("{}'s {}", who(history, op), short(history, op, LONGEST))
}

fn list(history: &History, ops: &[OpId]) -> String {
    let names: Vec<String> = ops.iter().map(|&op| name(history, op)).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// A circle of forced orders: first what the reads force, then what stands against it.
pub(super) fn cycle(history: &History, edges: &[Edge], lemmas: &[Edge]) -> Told {
    let all: Vec<Edge> = edges.iter().chain(lemmas).cloned().collect();
    let mut named: Vec<OpId> = Vec::new();
    let mut guilty: Vec<OpId> = Vec::new();
    for edge in &all {
        named.extend([edge.from, edge.to]);
        if let Why::Derived { because, .. } = &edge.why {
            named.extend(because);
        }
    }
    for edge in edges {
        guilty.extend(observer(edge));
    }
    if guilty.is_empty() {
        guilty.extend(edges.iter().map(|edge| edge.from));
    }
    named.sort_unstable();
    named.dedup();
    guilty.sort_unstable();
    guilty.dedup();
    // Begins with what was derived: the surprise.
    let start = edges.iter().position(|edge| matches!(edge.why, Why::Derived { .. })).unwrap_or(0);
    let turned: Vec<&Edge> = edges[start..].iter().chain(&edges[..start]).collect();
    let mut text = String::new();
    if lemmas.len() <= TOLD {
        for lemma in lemmas {
            text.push_str(&format!("{}. ", clause(history, lemma)));
        }
    }
    let clauses: Vec<String> = turned.iter().take(TOLD).map(|edge| clause(history, edge)).collect();
    match clauses.as_slice() {
        [] => {}
        [only] => text.push_str(&format!("{only}: it would have to come before itself.")),
        [first, rest @ .., last] => {
            text.push_str(&format!("{first}. "));
            for middle in rest {
                text.push_str(&format!("{middle}. "));
            }
            if turned.len() > TOLD {
                text.push_str(&format!("And so on, {} orders in all. ", turned.len()));
            }
            text.push_str(&format!("But {last}."));
        }
    }
    let summary = summary(history, &turned);
    Told { summary, text, named, guilty, orders: all, circle: true }
}

/// The circle in one sentence.
fn summary(history: &History, turned: &[&Edge]) -> String {
    match turned {
        [edge] => clause(history, edge),
        [first, second] => format!("{}, but {}", clause(history, first), clause(history, second)),
        [first, rest @ ..] => {
            let names: Vec<String> = rest.iter().map(|edge| name(history, edge.from)).collect();
            let around = match names.len() {
                0..=4 => names.join(", then "),
                many => format!("{}, then {} more, then {}", names[0], many - 2, names[many - 1]),
            };
            format!(
                "{}, but what follows comes back to it: {around}, then {}",
                clause(history, first),
                name(history, first.from)
            )
        }
        [] => "The orders that are forced form a circle".to_owned(),
    }
}

/// The read from which an order is derived.
fn observer(edge: &Edge) -> Option<OpId> {
    match &edge.why {
        Why::Derived { rule: OVERWRITTEN, because } => because.last().copied(),
        Why::Derived { rule: FROM_READ | READS_INITIAL, .. } => Some(edge.from),
        _ => None,
    }
}

/// One order and why it is forced.
fn clause(history: &History, edge: &Edge) -> String {
    let (from, to) = (name(history, edge.from), name(history, edge.to));
    let comes = format!("{from} comes before {to}");
    match &edge.why {
        Why::ProgramOrder => format!("{comes}: that is {}'s own order", who(history, edge.from)),
        Why::RealTime => format!("{from} had ended before {to} began"),
        Why::ReadsFrom => format!("{comes}, which returned what it wrote"),
        Why::Sync => format!("{comes} in the order of synchronisation"),
        Why::Derived { rule, because } => {
            format!("{comes}, because {}", derivation(history, edge, rule, because))
        }
        _ => comes,
    }
}

fn derivation(history: &History, edge: &Edge, rule: &str, because: &[OpId]) -> String {
    let from = name(history, edge.from);
    let through = |ops: &[OpId]| match ops {
        [] => String::new(),
        ops => format!(" (through {})", list(history, ops)),
    };
    match (rule, because) {
        (OVERWRITTEN, [first, second]) if same_reader(history, edge.from, *first, *second) => {
            let (one, two) = (read_of(history, *first), read_of(history, *second));
            let key = object(history, *second).map_or(String::new(), |key| format!(" from {key}"));
            format!("{} read {one}{key}, then {two}", who(history, *first))
        }
        (OVERWRITTEN, [way @ .., read]) => {
            let read = name(history, *read);
            format!(
                "{read} returned what the latter wrote, though the former is before that read{}",
                through(way)
            )
        }
        (READS_INITIAL, _) => "it found the initial value".to_owned(),
        (FROM_READ, [source, way @ ..]) => {
            let source = name(history, *source);
            format!("{from} returned what {source} wrote, which was overwritten by then{}", through(way))
        }
        (TRANSITIVE, way) if !way.is_empty() => format!("{} lies between", list(history, way)),
        (EXCLUSION, way) => {
            format!("the hold that it ends had begun first{}, and excludes the other", through(way))
        }
        (UNRELEASED, _) => "the hold of the latter never ends".to_owned(),
        (GUARDED, way) => format!("the lock that guards the key was handed on{}", through(way)),
        (rule, way) => format!("of the rule {rule}{}", through(way)),
    }
}

/// Whether one process read what `write` wrote, and then something else.
fn same_reader(history: &History, write: OpId, first: OpId, second: OpId) -> bool {
    let is_read = |op: OpId| history.function(op) == Function::Read;
    let written = history.micros(write).find(|micro| micro.function == Function::Write);
    is_read(first)
        && is_read(second)
        && history.process(first) == history.process(second)
        && written.is_some_and(|written| {
            let found = history.micro(first);
            (found.key(), found.value) == (written.key(), written.value)
        })
}

fn read_of(history: &History, read: OpId) -> String {
    value(history, history.micro(read).value, LONGEST)
}

/// Nothing but that every order was tried, and what is forced.
pub(super) fn no_order(history: &History, stuck: Option<OpId>, orders: Vec<Edge>) -> Told {
    let all: Vec<OpId> = history.ops().collect();
    let rest: Vec<OpId> = all.iter().copied().filter(|op| Some(*op) != stuck).collect();
    let summary = match stuck {
        _ if rest.is_empty() => format!("{} is not legal by itself", list(history, &all)),
        Some(stuck) => format!("{} fits nowhere among {}", name(history, stuck), list(history, &rest)),
        None => format!("No order of {} is legal", list(history, &all)),
    };
    let mut text = format!("{summary}.");
    let certain = |op: OpId| history.outcome(op) == Outcome::Ok;
    let forced: Vec<String> = orders
        .iter()
        .filter(|edge| certain(edge.from) && !matches!(edge.why, Why::ProgramOrder))
        .take(TOLD)
        .map(|edge| clause(history, edge))
        .collect();
    if !forced.is_empty() {
        text.push_str(&format!(" What is forced, besides each process's own order: {}.", forced.join("; ")));
    }
    Told { summary, text, named: all, guilty: stuck.into_iter().collect(), orders, circle: false }
}
