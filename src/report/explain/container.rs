//! Why something that was taken from a queue, a stack or a priority queue fits nowhere.
//!
//! The simple reasons: nobody put it in; it was taken more often than it was put in; it was put in only later.

use super::Reason;
use crate::report::notation::{object, value, who, words};
use tribunal_checker::history::{Function, History, OpId, Outcome, Value};
use tribunal_checker::model::Model;

/// Why `taker`, which took a value out, fits nowhere.
pub(super) fn reason(history: &History, model: Model, taker: OpId) -> Option<Reason> {
    let taken = history.micro(taker);
    if !taken.value.is_known() || taken.value == Value::NULL {
        return None;
    }
    let of_same =
        |op: &OpId| history.micro(*op).key() == taken.key() && history.micro(*op).value == taken.value;
    let (puts, takes): (Vec<OpId>, Vec<OpId>) = history
        .ops()
        .filter(|&op| history.outcome(op) != Outcome::Fail && history.function(op) != Function::Txn)
        .filter(of_same)
        .partition(|&op| puts_in(history.function(op)));
    let of = value(history, taken.value, 24);
    let from = object(history, taker).map_or(String::new(), |object| format!(" from {object}"));
    let me = who(history, taker);
    if puts.is_empty() {
        return Some(Reason::alone(format!("{me} took {of}{from}, which nobody put in")));
    }
    let takes: Vec<OpId> = takes
        .into_iter()
        .filter(|&op| history.outcome(op) == Outcome::Ok && takes_out(history.function(op)))
        .collect();
    if takes.len() > puts.len() {
        let other = who(history, *takes.iter().find(|&&op| op != taker)?);
        let both = if other == me {
            format!("{me} took {of}{from} twice")
        } else {
            format!("{other} and {me} both took {of}{from}")
        };
        let times = if puts.len() == 1 { "once".to_owned() } else { format!("{} times", puts.len()) };
        let sentence = format!("{both}, but it was put in only {times}");
        return Some(Reason { sentence, with: takes.into_iter().chain(puts).take(10).collect() });
    }
    if let Some(reason) = overtaken(history, model, taker, &puts) {
        return Some(reason);
    }
    let later = |&put: &OpId| model == Model::Linearizable && history.end(taker) < history.start(put);
    puts.iter().all(later).then(|| {
        let put = words(history, puts[0]);
        Reason { sentence: format!("{me} had taken {of}{from} before {put} began"), with: vec![puts[0]] }
    })
}

/// It left a queue before a value that was put in before it.
fn overtaken(history: &History, model: Model, taker: OpId, puts: &[OpId]) -> Option<Reason> {
    let [put] = puts else { return None };
    if model != Model::Linearizable || history.function(taker) != Function::Dequeue {
        return None;
    }
    let key = history.micro(taker).key();
    let of_key = |op: &OpId| history.micro(*op).key() == key && history.outcome(*op) != Outcome::Fail;
    let ops: Vec<OpId> = history.ops().filter(of_key).collect();
    let value_of = |op: OpId| history.micro(op).value;
    let takes = |op: OpId| history.function(op) == Function::Dequeue;
    // Not taken by anybody who had called before this one returned.
    let left = |earlier: OpId| {
        let mut takers = ops.iter().copied().filter(|&op| takes(op));
        takers.all(|op| {
            history.start(op) > history.end(taker)
                || (op == taker || {
                    let value = value_of(op);
                    value.is_known() && value != value_of(earlier) && history.outcome(op) == Outcome::Ok
                })
        })
    };
    let earlier = ops.iter().copied().find(|&op| {
        history.function(op) == Function::Enqueue && history.end(op) < history.start(*put) && left(op)
    })?;
    let (of, before) = (value(history, value_of(taker), 24), value(history, value_of(earlier), 24));
    let sentence = format!(
        "{} took {of} while {before} was in front of it: {} came before {}",
        who(history, taker),
        words(history, earlier),
        words(history, *put),
    );
    let taken = ops.iter().copied().find(|&op| takes(op) && value_of(op) == value_of(earlier));
    Some(Reason { sentence, with: [earlier, *put].into_iter().chain(taken).collect() })
}

fn puts_in(function: Function) -> bool {
    matches!(function, Function::Enqueue | Function::Push | Function::Insert)
}

fn takes_out(function: Function) -> bool {
    matches!(function, Function::Dequeue | Function::Pop | Function::Poll)
}
