//! In which order the calls and responses of a history stand in a list of events.
//!
//! In a list every event has an instant of its own. Operations that only touch (one ends when another starts) are
//! concurrent, so at equal times calls stand before responses. A process that starts its next operation at the very
//! instant at which its last one ended must respond first: its events stand between the calls and the responses of the
//! others. Two processes that both do so at one instant have no order: each one's new operation would have to be
//! called before the other's old one returned.

use tribunal_checker::history::{History, OpId, Outcome, ProcessId};

/// One line of the list, but for annotations.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    /// The operation is called.
    Call(OpId),
    /// Its response.
    Response(OpId),
}

/// A call or response; the order of the list is the order of these, so fields stand by weight.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    time: i64,
    phase: Phase,
    /// The events of a process keep their order.
    rank: usize,
    op: OpId,
    is_response: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Phase {
    Call,
    Meeting,
    Response,
}

/// The list of a timed history; or why there is none.
pub(super) fn marks(history: &History) -> Result<Vec<(i64, Mark)>, String> {
    let mut keys = Vec::with_capacity(2 * history.len());
    let mut meetings: Vec<(i64, ProcessId)> = Vec::new();
    for process in (0..history.process_count()).map(ProcessId::from_index) {
        let first = keys.len();
        one_process(history, process, &mut keys)?;
        meet(&mut keys[first..], |time| meetings.push((time, process)));
    }
    meetings.sort_unstable();
    meetings.dedup();
    if let Some(pair) = meetings.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let time = pair[0].0;
        return Err(format!("at {time} two processes each end an operation and start their next"));
    }
    keys.sort_unstable();
    let mark = |key: &Key| if key.is_response { Mark::Response(key.op) } else { Mark::Call(key.op) };
    Ok(keys.iter().map(|key| (key.time, mark(key))).collect())
}

/// The events of a process, in program order. A call that is never answered gets a response where its process goes on.
fn one_process(history: &History, process: ProcessId, keys: &mut Vec<Key>) -> Result<(), String> {
    let order = history.program_order(process);
    for (i, &op) in order.iter().enumerate() {
        let (start, end) = (history.start(op), history.end(op));
        let next = order.get(i + 1).map(|&next| history.start(next));
        keys.push(Key { time: start, phase: Phase::Call, rank: keys.len(), op, is_response: false });
        let (time, phase) = match (history.outcome(op), next) {
            (Outcome::Info, None) => continue,
            // It says nothing but that the process goes on: right behind the call is as good a place as any.
            (Outcome::Info, Some(_)) => (start, Phase::Call),
            (_, Some(next)) if end > next => {
                return Err(format!("operation {op} overlaps the next one of its process"));
            }
            _ => (end, Phase::Response),
        };
        keys.push(Key { time, phase, rank: keys.len(), op, is_response: true });
    }
    Ok(())
}

/// Finds the instants at which a process ends one operation and starts the next; `keys` are in program order.
fn meet(keys: &mut [Key], mut found: impl FnMut(i64)) {
    for instant in keys.chunk_by_mut(|a, b| a.time == b.time) {
        if instant.windows(2).any(|pair| pair[0].is_response && !pair[1].is_response) {
            found(instant[0].time);
            instant.iter_mut().for_each(|key| key.phase = Phase::Meeting);
        }
    }
}
