//! Why something that was taken from a queue, a stack or a priority queue fits nowhere.
//!
//! The simple reasons: nobody put it in; it was taken more often than it was put in; it was put in only later.

use crate::report::notation::{value, words};
use tribunal_checker::history::{Function, History, OpId, Outcome, Value};
use tribunal_checker::model::Model;

/// Why `taker`, which took a value out, fits nowhere.
pub(super) fn reason(history: &History, model: Model, taker: OpId) -> Option<String> {
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
    let what = words(history, taker);
    if puts.is_empty() {
        return Some(format!("{what} took what nobody put in"));
    }
    let takes: Vec<OpId> = takes
        .into_iter()
        .filter(|&op| history.outcome(op) == Outcome::Ok && takes_out(history.function(op)))
        .collect();
    if takes.len() > puts.len() {
        let other = words(history, *takes.iter().find(|&&op| op != taker)?);
        let times = if puts.len() == 1 { "once".to_owned() } else { format!("{} times", puts.len()) };
        return Some(format!("{what} and {other}: but {of} was put in only {times}"));
    }
    let later = |&put: &OpId| model == Model::Linearizable && history.end(taker) < history.start(put);
    puts.iter().all(later).then(|| format!("{what} had ended before {} began", words(history, puts[0])))
}

fn puts_in(function: Function) -> bool {
    matches!(function, Function::Enqueue | Function::Push | Function::Insert)
}

fn takes_out(function: Function) -> bool {
    matches!(function, Function::Dequeue | Function::Pop | Function::Poll)
}
