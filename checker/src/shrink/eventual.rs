//! What operations need where final reads must agree.
//!
//! A read needs every write of its value to its key, as everywhere; what may have been written at any time (then there are
//! no final reads); the write that ended last (so that no other read becomes final); and its process's later reads of the
//! key (so that it does not become the last).

use super::needs::Draft;
use super::rules::registers;
use crate::history::{Function, KeyId, OpId, ProcessId};
use rustc_hash::FxHashMap;

/// Start, end, operation, node: by program order.
type Place = (i64, i64, OpId, u32);

/// The needs of registers whose final reads count.
pub(super) fn needs(draft: &mut Draft<'_>) {
    registers(draft);
    let history = draft.case.history;
    let reads = |op: OpId| matches!(history.function(op), Function::Read | Function::Cas);
    let mut last: FxHashMap<KeyId, (i64, u32)> = FxHashMap::default();
    let mut doubtful: FxHashMap<KeyId, Vec<u32>> = FxHashMap::default();
    let mut by_process: FxHashMap<(ProcessId, KeyId), Vec<Place>> = FxHashMap::default();
    for (node, op) in draft.nodes() {
        let Some(key) = history.micro(op).key() else { continue };
        if history.function(op) != Function::Read {
            if draft.is_certain(op) {
                let latest = last.entry(key).or_insert((i64::MIN, node));
                *latest = (*latest).max((history.end(op), node));
            } else {
                doubtful.entry(key).or_default().push(node);
            }
        }
        if reads(op) {
            let place = (history.start(op), history.end(op), op, node);
            by_process.entry((history.process(op), key)).or_default().push(place);
        }
    }
    for ((_, key), mut reads) in by_process {
        reads.sort_unstable();
        for pair in reads.windows(2) {
            draft.needs(pair[0].3, pair[1].3);
        }
        // The later ones are needed by the earlier: the last of them hands on the rest.
        let node = reads[reads.len() - 1].3;
        if let Some(&(_, latest)) = last.get(&key) {
            draft.needs(node, latest);
        }
        for &write in doubtful.get(&key).into_iter().flatten() {
            draft.needs(node, write);
        }
    }
}
