//! Cycles of weak, release and entry: the order of synchronisation operations, happens-before, arbitration.
//!
//! **The total order** of synchronisation operations extends program order and real time. Of two holds of a lock that
//! exclude each other, the one whose acquire comes first has ended before the other's acquire; if it never ends, it cannot
//! come first. A hold ends with the first release of its process after its acquire: that is the next one in program
//! order, provided the process has no `info` release of the lock, which could have come sooner.
//!
//! **Happens-before** is built from it as each model says. Since the orders used here are forced, they are in every total
//! order that the definition may choose.
//!
//! A cycle is then one of: the total order; the arbitration of a key, which contains happens-before and program order
//! among the writes to the key, puts what a cas reads from before it, and what a read has behind it before what it reads
//! from; or a read that is before the write it reads from, or after a write to its key while it reads the initial state.

use super::{Facts, links, unjustified};
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::{Edge, Why, rules};
use crate::history::Function::{Acquire, Release, Sync};
use crate::history::{Function, OpId, Outcome};
use crate::model::Model;
use rustc_hash::FxHashSet;

/// That the cycle is one of those above.
pub(super) fn check(facts: &Facts<'_>, edges: &[Edge], lemmas: &[Edge]) -> Result<(), Fault> {
    let mut scene = Scene { facts, ordered: FxHashSet::default(), guarded: FxHashSet::default() };
    for lemma in lemmas {
        scene.edge(lemma)?;
        let known = if facts.is_sync(lemma.from) { &mut scene.ordered } else { &mut scene.guarded };
        if is_order_of_syncs(lemma) || is_guarded(lemma) {
            known.insert((lemma.from, lemma.to));
        }
    }
    for edge in edges {
        scene.edge(edge)?;
    }
    let syncs = edges.iter().all(|edge| facts.is_sync(edge.from) && facts.is_sync(edge.to));
    let rotation = |first: usize| [&edges[first..], &edges[..first]].concat();
    if syncs
        || (0..edges.len())
            .any(|first| scene.contradicts_read(&rotation(first)) || scene.arbitrates(&rotation(first)))
    {
        Ok(())
    } else {
        refuted(
            "its orders are none of the synchronisation operations, of happens-before or of an arbitration",
        )
    }
}

/// The edge orders two synchronisation operations.
fn is_order_of_syncs(edge: &Edge) -> bool {
    match edge.why {
        Why::Derived { rule, .. } => matches!(rule, rules::TRANSITIVE | rules::EXCLUSION | rules::UNRELEASED),
        Why::ReadsFrom => false,
        _ => true,
    }
}

fn is_guarded(edge: &Edge) -> bool {
    matches!(edge.why, Why::Derived { rule: rules::GUARDED, .. })
}

struct Scene<'a> {
    facts: &'a Facts<'a>,
    /// Lemmas about the total order.
    ordered: FxHashSet<(OpId, OpId)>,
    /// Lemmas about happens-before in entry.
    guarded: FxHashSet<(OpId, OpId)>,
}

impl Scene<'_> {
    /// That the edge's reason holds.
    fn edge(&self, edge: &Edge) -> Result<(), Fault> {
        let facts = self.facts;
        let &Edge { from, to, ref why } = edge;
        let holds = match why {
            Why::ProgramOrder => facts.program(from, to),
            Why::RealTime => self.syncs(from, to) && facts.case.orders.real_time(from, to),
            Why::ReadsFrom => facts.reads_from(from, to),
            Why::Sync => self.ordered(from, to),
            Why::Derived { rule, because } => self.derived(rule, from, to, because),
        };
        if holds { Ok(()) } else { unjustified(edge) }
    }

    fn derived(&self, rule: &str, from: OpId, to: OpId, because: &[OpId]) -> bool {
        let facts = self.facts;
        match rule {
            rules::OVERWRITTEN => facts.overwriting(from, to, because).is_some() && self.way(from, because),
            rules::READS_INITIAL => facts.initial(from, to, because),
            rules::TRANSITIVE => self.order_way(from, &[because, &[to]].concat()),
            rules::EXCLUSION => match because.split_first() {
                Some((&acquire, way)) => {
                    way.last() == Some(&to)
                        && self.excludes(acquire, to)
                        && self.end_of(acquire) == Some(Some(from))
                        && self.order_way(acquire, way)
                }
                None => false,
            },
            rules::UNRELEASED => {
                because.is_empty() && self.excludes(to, from) && self.end_of(to) == Some(None)
            }
            rules::GUARDED => match *because {
                [release, acquire] => self.guards(from, to, release, acquire),
                _ => false,
            },
            _ => false,
        }
    }

    fn is(&self, op: OpId, function: Function) -> bool {
        self.facts.case.history.function(op) == function
    }

    fn same_lock(&self, a: OpId, b: OpId) -> bool {
        let lock = |op| self.facts.case.history.micro(op).lock();
        lock(a).is_some() && lock(a) == lock(b)
    }

    fn syncs(&self, a: OpId, b: OpId) -> bool {
        self.facts.is_sync(a) && self.facts.is_sync(b)
    }

    /// The total order puts `a` before `b`: by program order, real time, or a lemma.
    fn ordered(&self, a: OpId, b: OpId) -> bool {
        let facts = self.facts;
        let known =
            facts.program(a, b) || facts.case.orders.real_time(a, b) || self.ordered.contains(&(a, b));
        self.syncs(a, b) && known
    }

    fn order_way(&self, from: OpId, way: &[OpId]) -> bool {
        links(from, way).all(|(a, b)| self.ordered(a, b))
    }

    /// Two acquires of one lock whose holds exclude each other.
    fn excludes(&self, a: OpId, b: OpId) -> bool {
        let history = self.facts.case.history;
        let both_shared = history.shared(a) && history.shared(b);
        let excluded = !both_shared || history.process(a) == history.process(b);
        a != b && self.is(a, Acquire) && self.is(b, Acquire) && self.same_lock(a, b) && excluded
    }

    /// The release that ends the hold of an acquire; `Some(None)` if none ever does, `None` if that is not certain.
    fn end_of(&self, acquire: OpId) -> Option<Option<OpId>> {
        let history = self.facts.case.history;
        let own = history.program_order(history.process(acquire)).iter().copied();
        let mut releases = own.filter(|&op| {
            self.is(op, Release) && self.same_lock(op, acquire) && history.outcome(op) != Outcome::Fail
        });
        if releases.clone().any(|release| history.outcome(release) == Outcome::Info) {
            return None;
        }
        Some(releases.find(|&release| self.facts.program(acquire, release)))
    }

    /// entry: the release is after `a`, the acquire before `b`, both of the guard of their key, in this order.
    fn guards(&self, a: OpId, b: OpId, release: OpId, acquire: OpId) -> bool {
        let (facts, history) = (self.facts, self.facts.case.history);
        let guard = history.micro(a).key().and_then(|key| history.guard_or_default(key));
        let of_guard = |op| history.micro(op).lock().is_some() && history.micro(op).lock() == guard;
        facts.case.model == Model::Entry
            && facts.same_key(a, b)
            && self.is(release, Release)
            && self.is(acquire, Acquire)
            && of_guard(release)
            && of_guard(acquire)
            && facts.program(a, release)
            && self.ordered(release, acquire)
            && facts.program(acquire, b)
    }

    /// One step of happens-before.
    fn happens_before(&self, a: OpId, b: OpId) -> bool {
        let facts = self.facts;
        let program = facts.program(a, b);
        match facts.case.model {
            Model::Weak => program && (facts.is_sync(a) || facts.is_sync(b)) || self.ordered(a, b),
            Model::Release => {
                let acquires = self.is(a, Acquire) || self.is(a, Sync);
                let releases = self.is(b, Release) || self.is(b, Sync);
                let through_lock = self.is(a, Release) && self.is(b, Acquire) && self.same_lock(a, b);
                let through_syncs = self.is(a, Sync) && self.is(b, Sync);
                program && (acquires || releases) || (through_lock || through_syncs) && self.ordered(a, b)
            }
            _ => self.guarded.contains(&(a, b)),
        }
    }

    /// Happens-before along a way, or one step of program order.
    fn way(&self, from: OpId, way: &[OpId]) -> bool {
        let one_step = matches!(*way, [to] if self.facts.program(from, to));
        one_step || !way.is_empty() && links(from, way).all(|(a, b)| self.happens_before(a, b))
    }

    /// An edge is a step of happens-before; in entry it may say itself that it is.
    fn steps(&self, edge: &Edge) -> bool {
        let stated = matches!(edge.why, Why::ProgramOrder | Why::RealTime | Why::Sync)
            || is_order_of_syncs(edge) && self.syncs(edge.from, edge.to);
        is_guarded(edge)
            || stated && (self.happens_before(edge.from, edge.to) || self.derived_sync_step(edge))
    }

    /// A derived order of synchronisation operations that is a step of happens-before.
    fn derived_sync_step(&self, edge: &Edge) -> bool {
        let Edge { from, to, .. } = *edge;
        let derived = matches!(edge.why, Why::Derived { .. }) && self.syncs(from, to);
        derived
            && match self.facts.case.model {
                Model::Weak => true,
                Model::Release => {
                    let through_lock =
                        self.is(from, Release) && self.is(to, Acquire) && self.same_lock(from, to);
                    through_lock || self.is(from, Sync) && self.is(to, Sync)
                }
                _ => false,
            }
    }

    /// The first edge is reads-from, or from a read of the initial state; the rest leads back by happens-before, or is one
    /// step of program order.
    fn contradicts_read(&self, edges: &[Edge]) -> bool {
        let (first, rest) = edges.split_first().expect("a cycle has an edge");
        let reads = matches!(first.why, Why::ReadsFrom | Why::Derived { rule: rules::READS_INITIAL, .. });
        let one_step = matches!(rest, [edge] if edge.why == Why::ProgramOrder);
        reads && !rest.is_empty() && (one_step || rest.iter().all(|edge| self.steps(edge)))
    }

    /// From the first operation, a write, the arbitration of its key leads back to it.
    ///
    /// Along the edges keep whether the walk is at a write to the key that the arbitration puts after the first
    /// (`arbitrated`), and whether such a write happens before the operation (`behind`).
    fn arbitrates(&self, edges: &[Edge]) -> bool {
        let facts = self.facts;
        let first = edges[0].from;
        let on_key = |op: OpId| facts.writes(op) && facts.same_key(first, op);
        let (mut arbitrated, mut behind) = (facts.writes(first), false);
        for edge in edges {
            let stated = match edge.why {
                Why::ProgramOrder | Why::ReadsFrom | Why::Derived { rule: rules::OVERWRITTEN, .. } => {
                    on_key(edge.to)
                }
                _ => false,
            };
            let reaches = (arbitrated || behind) && self.steps(edge);
            arbitrated = arbitrated && stated || reaches && on_key(edge.to);
            behind = reaches;
        }
        arbitrated
    }
}
