//! The orders that are forced among a few operations.
//!
//! Base orders: program order, real time where the model speaks of it, reads-from where only one write can have been read.
//! For registers three rules derive more, in the one view of a model, or in that of one process: a write before a read that reads another write is before that
//! write; a read is before every write that is after the one it reads; a read of the initial value is before every write
//! to its key. They are applied until a circle closes or nothing new follows.
//!
//! Complexity: O(m³) edges are looked at for each order derived, of m operations.

use tribunal_checker::certificate::rules::{FROM_READ, OVERWRITTEN, READS_INITIAL};
use tribunal_checker::certificate::{Edge, OneStep, Why};
use tribunal_checker::history::{Function, History, KeyId, OpId, Outcome, ProcessId, Value};
use tribunal_checker::model::{Guarantees, Model};
use tribunal_checker::spec::SpecKind;

/// What is forced.
pub(super) enum Forced {
    /// Orders in a circle, and those that the derivations in it rest on.
    Circle { edges: Vec<Edge>, lemmas: Vec<Edge> },
    /// Orders, those left out that follow from others.
    Orders(Vec<Edge>),
}

impl Forced {
    /// All of them, and what an operation reads, if that is forced.
    pub(super) fn with_source(self, history: &History, reader: OpId) -> Vec<Edge> {
        let mut orders = match self {
            Self::Circle { mut edges, lemmas } => {
                edges.extend(lemmas);
                edges
            }
            Self::Orders(orders) => orders,
        };
        let ops: Vec<OpId> = history.ops().filter(|&op| history.outcome(op) != Outcome::Fail).collect();
        let sources = reads_from(history, &ops).into_iter().filter(|edge| edge.to == reader);
        for edge in sources {
            if !orders.contains(&edge) {
                orders.push(edge);
            }
        }
        orders
    }
}

/// The orders that are forced in a history of a few operations.
pub(super) fn derive(history: &History, model: Model, spec: SpecKind) -> Forced {
    let ops: Vec<OpId> = history.ops().filter(|&op| history.outcome(op) != Outcome::Fail).collect();
    let base = base(history, model, &ops);
    let sources = reads_from(history, &ops);
    if spec == SpecKind::Register {
        for rules in scenes(history, model) {
            let reads = |op: OpId| rules.of.is_none_or(|process| history.process(op) == process);
            let seen = |edge: &&Edge| rules.all_sources || reads(edge.to);
            let known: Vec<Edge> = base.iter().chain(sources.iter().filter(seen)).cloned().collect();
            let readers: Vec<OpId> = ops.iter().copied().filter(|&op| reads(op)).collect();
            let mut net = Net { history, rules, base: known.clone(), edges: known };
            if let Some(circle) = net.base_circle().or_else(|| net.close(&ops, &readers)) {
                return circle;
            }
        }
    }
    let mut orders = base;
    orders.extend(sources);
    Forced::Orders(orders)
}

/// Which rules derive orders, in which view.
#[derive(Clone, Copy)]
struct Rules {
    /// The process in whose view they do; `None` = in one that all share.
    of: Option<ProcessId>,
    /// Reads-from orders whoever reads.
    all_sources: bool,
    /// A read is before every write that is after the one it reads.
    from_read: bool,
    /// What is derived serves to derive more.
    ways: bool,
    /// What is derived stands beside what else is derived in one circle.
    together: bool,
}

/// The views of a model, and the rules that hold in each; none for models whose rules are others.
fn scenes(history: &History, model: Model) -> Vec<Rules> {
    let shared = Rules { of: None, all_sources: true, from_read: true, ways: true, together: true };
    let each = |all_sources: bool| {
        let processes = (0..history.process_count()).map(ProcessId::from_index);
        processes.map(|process| Rules { of: Some(process), all_sources, ..shared }).collect()
    };
    match model {
        model if model.is_one_view() || model == Model::Cache => vec![shared],
        Model::Causal => each(true),
        Model::Fifo | Model::Slow | Model::Processor => each(false),
        Model::CausalWeak => vec![Rules { from_read: false, ways: false, together: false, ..shared }],
        Model::CausalConvergent => vec![Rules { from_read: false, ways: false, ..shared }],
        _ => Vec::new(),
    }
}

/// The orders that a violation of one step rests on.
pub(super) fn of_one_step(
    history: &History,
    model: Model,
    kind: OneStep,
    read: OpId,
    with: &[OpId],
) -> Vec<Edge> {
    let ops: Vec<OpId> = with.iter().copied().chain([read]).collect();
    let mut orders = Vec::new();
    if let (OneStep::StaleRead, Some(&source)) = (kind, with.first()) {
        orders.push(Edge { from: source, to: read, why: Why::ReadsFrom });
    }
    if kind != OneStep::Diverged {
        orders.extend(base(history, model, &ops));
    }
    orders
}

/// Program order and real time, without what follows from others of them.
fn base(history: &History, model: Model, ops: &[OpId]) -> Vec<Edge> {
    let certain = |op: OpId| history.outcome(op) == Outcome::Ok;
    let place = |op: OpId| (history.start(op), history.end(op), op);
    let program = |a: OpId, b: OpId| {
        let own = history.program_order(history.process(a));
        let at = |op: OpId| own.iter().position(|&other| other == op);
        a != b && history.process(a) == history.process(b) && certain(a) && at(a) < at(b)
    };
    let time = |a: OpId, b: OpId| {
        let both_sync = history.function(a).is_sync() && history.function(b).is_sync();
        history.is_timed()
            && certain(a)
            && match model {
                Model::Strict => history.start(a) < history.start(b),
                Model::Linearizable => history.end(a) < history.start(b),
                _ => model.is_synchronised() && both_sync && history.end(a) < history.start(b),
            }
    };
    // Which steps of a session the client-centric guarantees speak of.
    let speaks = |a: OpId, b: OpId| match model {
        Model::Session(set) => {
            let writes = |op: OpId| history.function(op) != Function::Read;
            set.contains(match (writes(a), writes(b)) {
                (false, false) => Guarantees::MONOTONIC_READS,
                (true, true) => Guarantees::MONOTONIC_WRITES,
                (true, false) => Guarantees::READ_YOUR_WRITES,
                (false, true) => Guarantees::WRITES_FOLLOW_READS,
            })
        }
        Model::Cache | Model::Slow => history.micro(a).key() == history.micro(b).key(),
        _ => true,
    };
    let before = |a: OpId, b: OpId| (program(a, b) && speaks(a, b)) || time(a, b);
    let mut found = Vec::new();
    let mut sorted = ops.to_vec();
    sorted.sort_by_key(|&op| place(op));
    for &from in &sorted {
        for &to in sorted.iter().filter(|&&to| before(from, to)) {
            if sorted.iter().any(|&mid| before(from, mid) && before(mid, to)) {
                continue;
            }
            let why = if program(from, to) && speaks(from, to) { Why::ProgramOrder } else { Why::RealTime };
            found.push(Edge { from, to, why });
        }
    }
    found
}

/// What a function reads or takes out, by key.
fn taken(history: &History, op: OpId) -> Vec<(KeyId, Value)> {
    if history.outcome(op) != Outcome::Ok || is_mismatch(history, op) {
        return Vec::new();
    }
    let takes = |function: Function| {
        matches!(function, Function::Read | Function::Dequeue | Function::Pop | Function::Poll)
    };
    let micros = history.micros(op).filter(|micro| takes(micro.function) && micro.value.is_known());
    micros.filter_map(|micro| Some((micro.key()?, micro.value))).collect()
}

/// What a function writes or puts in, by key.
fn given(history: &History, op: OpId) -> Vec<(KeyId, Value)> {
    if is_mismatch(history, op) {
        return Vec::new();
    }
    let gives = |function: Function| {
        matches!(function, Function::Write | Function::Enqueue | Function::Push | Function::Insert)
    };
    let micros = history.micros(op).filter(|micro| gives(micro.function));
    micros.filter_map(|micro| Some((micro.key()?, micro.value))).collect()
}

fn is_mismatch(history: &History, op: OpId) -> bool {
    history.function(op) == Function::Cas && history.answer(op) == Some(false)
}

/// The only operation that can have written what another one read, if it is not the initial value.
fn source(history: &History, ops: &[OpId], reader: OpId, cell: (KeyId, Value)) -> Option<OpId> {
    if history.initial(cell.0) == cell.1 {
        return None;
    }
    let mut writers = ops.iter().copied().filter(|&op| op != reader && given(history, op).contains(&cell));
    writers.next().filter(|_| writers.next().is_none())
}

fn reads_from(history: &History, ops: &[OpId]) -> Vec<Edge> {
    let of = |&to: &OpId| {
        let sources = taken(history, to).into_iter().filter_map(move |cell| source(history, ops, to, cell));
        sources.map(move |from| Edge { from, to, why: Why::ReadsFrom }).collect::<Vec<_>>()
    };
    ops.iter().flat_map(of).collect()
}

/// Orders found so far.
struct Net<'a> {
    history: &'a History,
    rules: Rules,
    /// Those that stand in the history.
    base: Vec<Edge>,
    /// All of them.
    edges: Vec<Edge>,
}

impl Net<'_> {
    /// A circle of base orders.
    fn base_circle(&self) -> Option<Forced> {
        self.base.iter().find_map(|edge| self.circle(edge, &self.base))
    }

    /// Derives until a circle closes, or nothing new follows.
    fn close(&mut self, ops: &[OpId], readers: &[OpId]) -> Option<Forced> {
        loop {
            let found = self.derived(ops, readers);
            for edge in &found {
                let initial = matches!(edge.why, Why::Derived { rule: READS_INITIAL, .. });
                let alone = !self.rules.together || initial && !self.rules.from_read;
                let among = if alone { &self.base } else { &self.edges };
                if let Some(circle) = self.circle(edge, among) {
                    return Some(circle);
                }
            }
            let edge = found.into_iter().next().filter(|_| self.rules.together)?;
            self.edges.push(edge);
        }
    }

    /// The circle that an order closes with some of the others.
    fn circle(&self, edge: &Edge, among: &[Edge]) -> Option<Forced> {
        let back = if edge.from == edge.to { Vec::new() } else { way(among, edge.to, edge.from)? };
        let mut nodes = vec![edge.to];
        nodes.extend(back);
        let steps = nodes.windows(2).filter_map(|pair| self.edge(pair[0], pair[1]));
        let edges: Vec<Edge> = [edge.clone()].into_iter().chain(steps).collect();
        let lemmas = self.lemmas(&edges);
        Some(Forced::Circle { edges, lemmas })
    }

    fn edge(&self, from: OpId, to: OpId) -> Option<Edge> {
        self.edges.iter().find(|edge| (edge.from, edge.to) == (from, to)).cloned()
    }

    /// The derived orders that derivations rest on, those first that others rest on.
    fn lemmas(&self, edges: &[Edge]) -> Vec<Edge> {
        let mut found: Vec<Edge> = Vec::new();
        let mut todo: Vec<Edge> = edges.to_vec();
        while let Some(edge) = todo.pop() {
            for lemma in self.steps(&edge) {
                let derived = matches!(lemma.why, Why::Derived { .. });
                if derived && !found.contains(&lemma) && !edges.contains(&lemma) {
                    todo.push(lemma.clone());
                    found.insert(0, lemma);
                }
            }
        }
        found
    }

    /// The orders along the way by which an order is derived.
    fn steps(&self, edge: &Edge) -> Vec<Edge> {
        let Why::Derived { rule, because } = &edge.why else { return Vec::new() };
        let mut nodes = because.clone();
        match *rule {
            OVERWRITTEN => nodes.insert(0, edge.from),
            FROM_READ => nodes.push(edge.to),
            _ => return Vec::new(),
        }
        nodes.windows(2).filter_map(|pair| self.edge(pair[0], pair[1])).collect()
    }

    /// The orders that follow by a rule, and did not before.
    fn derived(&self, ops: &[OpId], readers: &[OpId]) -> Vec<Edge> {
        let history = self.history;
        let mut found = Vec::new();
        for &read in readers {
            for cell in taken(history, read) {
                let others = ops.iter().copied().filter(|&op| {
                    op != read
                        && history.outcome(op) == Outcome::Ok
                        && given(history, op).iter().any(|&(key, value)| key == cell.0 && value != cell.1)
                });
                let unwritten = !ops.iter().any(|&op| op != read && given(history, op).contains(&cell));
                let initial = unwritten && history.initial(cell.0) == cell.1;
                let from = source(history, ops, read, cell);
                found.extend(others.filter_map(|other| match from {
                    Some(from) if from != other => self.beside(read, from, other),
                    None if initial && !self.known(read, other) => {
                        let why = Why::Derived { rule: READS_INITIAL, because: Vec::new() };
                        Some(Edge { from: read, to: other, why })
                    }
                    _ => None,
                }));
            }
        }
        found
    }

    /// What a read from one write says of another write to the key.
    fn beside(&self, read: OpId, from: OpId, other: OpId) -> Option<Edge> {
        let edge = |from, to, rule, because| Some(Edge { from, to, why: Why::Derived { rule, because } });
        let ways = if self.rules.ways { &self.edges } else { &self.base };
        if let Some(way) = way(ways, other, read)
            && !self.known(other, from)
        {
            return edge(other, from, OVERWRITTEN, way);
        }
        let mut way = way(ways, from, other).filter(|_| self.rules.from_read && !self.known(read, other))?;
        way.pop();
        way.insert(0, from);
        edge(read, other, FROM_READ, way)
    }

    fn known(&self, from: OpId, to: OpId) -> bool {
        way(&self.edges, from, to).is_some()
    }
}

/// The operations on a shortest way along orders, the first left out.
fn way(edges: &[Edge], from: OpId, to: OpId) -> Option<Vec<OpId>> {
    let mut came: Vec<(OpId, usize)> = vec![(from, usize::MAX)];
    let mut at = 0;
    while at < came.len() {
        let here = came[at].0;
        if here == to && at > 0 {
            let mut way = Vec::new();
            let mut step = at;
            while came[step].1 != usize::MAX {
                way.push(came[step].0);
                step = came[step].1;
            }
            way.reverse();
            return Some(way);
        }
        for edge in edges.iter().filter(|edge| edge.from == here) {
            if !came.iter().any(|&(op, _)| op == edge.to) {
                came.push((edge.to, at));
            }
        }
        at += 1;
    }
    None
}
