//! Whether an order of the synchronisation operations is possible.

use crate::certificate::verify::Case;
use crate::certificate::verify::fault::{Fault, refuted};
use crate::certificate::verify::orders::ABSENT;
use crate::history::{Function, LockId, OpId, Outcome, ProcessId};
use rustc_hash::FxHashMap;

/// The order has every `ok` synchronisation operation, each once, and any `info` ones; it extends program order and real
/// time; and no process acquires a lock while it holds it, or while another one's hold excludes it. O(n).
pub(super) fn check(case: &Case<'_>, order: &[OpId]) -> Result<(), Fault> {
    let history = case.history;
    let places = case.orders.places(order)?;
    let takes_part = |op: OpId| history.function(op).is_sync() && history.outcome(op) != Outcome::Fail;
    if let Some(op) = order.iter().find(|&&op| !takes_part(op)) {
        return refuted(format!("operation {op} has no place in the order of synchronisation"));
    }
    let must = |op: &OpId| takes_part(*op) && history.outcome(*op) == Outcome::Ok;
    if let Some(op) = history.ops().filter(must).find(|op| places[op.index()] == ABSENT) {
        return refuted(format!("the order of synchronisation lacks operation {op}"));
    }
    case.orders.extends_program_order(&places)?;
    extends_real_time(case, order)?;
    let mut holds: FxHashMap<LockId, Holds> = FxHashMap::default();
    for &op in order {
        let lock = history.micro(op).lock().expect("a synchronisation operation names one");
        let holds = holds.entry(lock).or_default();
        match history.function(op) {
            Function::Acquire if !holds.acquire(history.process(op), history.shared(op)) => {
                return refuted(format!("operation {op} acquires a lock while it is held"));
            }
            Function::Release => holds.release(history.process(op)),
            _ => {}
        }
    }
    Ok(())
}

/// One pass: if any operation before this one in the order started after it ended, the one that started last did.
fn extends_real_time(case: &Case<'_>, order: &[OpId]) -> Result<(), Fault> {
    let mut latest: Option<OpId> = None;
    for &op in order {
        if let Some(latest) = latest.filter(|&latest| case.orders.real_time(op, latest)) {
            return refuted(format!(
                "operation {op} ended before {latest} started, but comes after it in the order"
            ));
        }
        if latest.is_none_or(|latest| case.history.start(latest) < case.history.start(op)) {
            latest = Some(op);
        }
    }
    Ok(())
}

/// Who holds a lock.
#[derive(Default)]
struct Holds {
    exclusive: Option<ProcessId>,
    shared: rustc_hash::FxHashSet<ProcessId>,
}

impl Holds {
    /// Takes the lock; says whether that is possible.
    fn acquire(&mut self, process: ProcessId, shared: bool) -> bool {
        if self.exclusive.is_some() {
            return false;
        }
        if shared {
            return self.shared.insert(process);
        }
        self.exclusive = Some(process);
        self.shared.is_empty()
    }

    fn release(&mut self, process: ProcessId) {
        if self.exclusive == Some(process) {
            self.exclusive = None;
        }
        self.shared.remove(&process);
    }
}
