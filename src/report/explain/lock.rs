//! Why an acquire or a release of a mutex fits nowhere.
//!
//! The simple reasons: it got a lock that another process held all the while; it gave back what it did not hold.

use super::Reason;
use crate::report::notation::{object, who};
use tribunal_checker::history::{Function, History, OpId, Outcome};
use tribunal_checker::model::Model;

/// Why `stuck`, an acquire or release, fits nowhere.
pub(super) fn reason(history: &History, model: Model, stuck: OpId) -> Option<Reason> {
    let lock = history.micro(stuck).lock();
    let what = object(history, stuck).unwrap_or_else(|| "the lock".into());
    let ops: Vec<OpId> = history
        .ops()
        .filter(|&op| history.outcome(op) == Outcome::Ok && history.micro(op).lock() == lock)
        .collect();
    if history.function(stuck) == Function::Release {
        let mine = history.program_order(history.process(stuck)).iter().filter(|op| ops.contains(op));
        let before = mine.take_while(|&&op| op != stuck).last();
        let held = before.is_some_and(|&op| history.function(op) == Function::Acquire);
        let me = who(history, stuck);
        return (!held).then(|| Reason::alone(format!("{me} released {what}, which it did not hold")));
    }
    if model != Model::Linearizable || history.shared(stuck) {
        return None;
    }
    // Somebody whose acquire had ended before this one began, and whose release began only when this one had ended.
    let holder = ops.iter().copied().find(|&op| {
        history.function(op) == Function::Acquire
            && history.end(op) < history.start(stuck)
            && release_of(history, op, &ops).is_none_or(|release| history.start(release) > history.end(stuck))
    })?;
    let sentence = format!("{} acquired {what} while {} held it", who(history, stuck), who(history, holder));
    Some(Reason {
        sentence,
        with: std::iter::once(holder).chain(release_of(history, holder, &ops)).collect(),
    })
}

/// The release that ends a hold, whatever is known of its outcome.
fn release_of(history: &History, acquire: OpId, ops: &[OpId]) -> Option<OpId> {
    let own = history.program_order(history.process(acquire));
    let lock = history.micro(acquire).lock();
    let after = own.iter().copied().skip_while(|&op| op != acquire).skip(1);
    after
        .filter(|&op| ops.contains(&op) || history.outcome(op) == Outcome::Info)
        .find(|&op| history.function(op) == Function::Release && history.micro(op).lock() == lock)
}
