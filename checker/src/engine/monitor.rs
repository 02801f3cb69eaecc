//! Linearizability in log-linear time, where no value is written or inserted twice.
//!
//! A search tries orders; a monitor knows what an order must look like. Each data type has one, in a file of its own,
//! which opens with why it is right. A monitor says nothing (`None`) where its premises do not hold: values that repeat,
//! results that were lost where they matter, ties that only program order breaks. The search decides then. What a monitor
//! says is final, and comes with a view or with the operations that conflict.
//!
//! Linearizable and strict are one problem here: they differ in the intervals of the operations only.

mod append_list;
mod container;
mod counter;
mod mutex;
mod priority_queue;
mod queue;
mod register;
mod semaphore;
mod set;
mod stack;
mod timeline;
mod values;

use super::view::ENUMERABLE;
use crate::certificate::Refutation;
use crate::history::OpId;
use crate::model::Model;
use crate::spec::{Decoder, SpecKind};
use timeline::{NONE, Timeline};

/// What a monitor says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Decision {
    /// There is a view: this one.
    View(Vec<OpId>),
    /// There is none, and this proves it.
    Refuted(Refutation),
    /// There is none, and operations up to the return of `stuck` show it. What proves it is for the caller to find.
    Stuck {
        /// Of the operations in conflict, the one that returns last.
        stuck: OpId,
        /// The operations in conflict.
        conflict: Vec<OpId>,
        /// All operations on what they conflict about.
        within: Vec<OpId>,
    },
}

/// Decides a part that is one object and knows no ties in program order; `None` = a search must.
///
/// # Complexity
/// O(n log n) time, some dozens of bytes an operation.
pub(crate) fn decide(
    decoder: &mut Decoder<'_>,
    model: Model,
    kind: SpecKind,
    ops: &[OpId],
) -> Option<Decision> {
    let history = decoder.history();
    let line = |ops| Timeline::new(history, model, ops);
    match kind {
        SpecKind::Register => register::decide(decoder, &line(ops)?),
        SpecKind::Counter => counter::decide(decoder, &line(ops)?),
        SpecKind::Set => set::decide(decoder, &line(ops)?),
        SpecKind::Mutex => mutex::decide(decoder, &line(ops)?),
        SpecKind::Semaphore => semaphore::decide(decoder, &line(ops)?),
        SpecKind::Queue => queue::decide(decoder, &line(ops)?),
        SpecKind::Stack => stack::decide(decoder, &line(ops)?),
        SpecKind::AppendList => append_list::decide(decoder, &line(ops)?),
        SpecKind::PriorityQueue => priority_queue::decide(decoder, &line(ops)?),
        _ => None,
    }
}

/// The violation that these items show, of which `last` returns last.
fn stuck(line: &Timeline, last: u32, conflict: &[u32]) -> Decision {
    Decision::Stuck { stuck: line.op[last as usize], conflict: line.ops(conflict), within: line.op.clone() }
}

/// The core that items are which violate the model by themselves, and hold all that could mend it.
fn core(line: &Timeline, mut items: Vec<u32>) -> Refutation {
    let last =
        items.iter().copied().max_by_key(|&item| (line.ret[item as usize] != NONE, line.ret[item as usize]));
    items.sort_unstable();
    let mut operations = line.ops(&items);
    operations.sort_unstable();
    Refutation::Core {
        exhausted: operations.len() > ENUMERABLE,
        operations,
        pending: Vec::new(),
        stuck: last.map(|item| line.op[item as usize]),
        longest: Vec::new(),
    }
}

/// Bytes that a monitor takes for an operation, about.
pub(crate) const BYTES: usize = 64;

#[cfg(test)]
mod tests;
