//! A part of a history as a history of its own.

use super::{History, HistoryBuilder, KeyId, LockId, Micro, NEVER, OpId, Operation, Outcome, Value};

impl History {
    /// The history of some of the operations, in the order of their ids: operation `i` of it is the `i`-th smallest of
    /// `operations`. Those in `pending` lose their results: they become `info`.
    ///
    /// Program order is that of this history. Header, replicas and the logs' lines are kept as far as they concern the
    /// operations; names, values and hints are, events and unknown fields are not.
    ///
    /// # Panics
    /// If an operation is not one of this history's.
    ///
    /// # Complexity
    /// O(m log m) for m operations, and the length of the logs and of the header.
    #[must_use]
    pub fn subset(&self, operations: &[OpId], pending: &[OpId]) -> Self {
        let mut ids = operations.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let mut part = Part { whole: self, ids: &ids, builder: HistoryBuilder::new() };
        part.header();
        for (place, &op) in ids.iter().enumerate() {
            part.logs(place.checked_sub(1).map(|before| ids[before]), Some(op));
            part.operation(op, pending.contains(&op));
        }
        part.logs(ids.last().copied(), None);
        let mut history = part.builder.finish().expect("a part of a history is one");
        // A pending operation ends later than it did, but keeps its place among the operations of its process.
        for process in 0..history.process_count() {
            let range = history.order_start[process] as usize..history.order_start[process + 1] as usize;
            history.order[range].sort_by_key(|op| self.place(ids[op.index()]));
        }
        history
    }

    /// The place of an operation in its process's order.
    fn place(&self, op: OpId) -> (i64, i64, OpId) {
        (self.start(op), self.end(op), op)
    }
}

struct Part<'a> {
    whole: &'a History,
    ids: &'a [OpId],
    builder: HistoryBuilder,
}

impl Part<'_> {
    fn value(&mut self, value: Value) -> Value {
        self.whole.values.get(value).map_or(Value::ABSENT, |datum| self.builder.datum(&datum))
    }

    fn key(&mut self, key: KeyId) -> KeyId {
        let name = self.value(self.whole.key_name(key));
        self.builder.key(name)
    }

    fn lock(&mut self, lock: LockId) -> LockId {
        let name = self.value(self.whole.lock_name(lock));
        self.builder.lock(name)
    }

    fn header(&mut self) {
        self.builder.set_name(self.whole.name());
        let initial = self.value(self.whole.default_initial());
        self.builder.set_initial(initial);
        if let Some(spec) = self.whole.declared_spec() {
            self.builder.set_spec(spec);
        }
    }

    fn operation(&mut self, op: OpId, pending: bool) {
        let whole = self.whole;
        let name = self.value(whole.process_name(whole.process(op)));
        let process = self.builder.process(name);
        let micros: Vec<Micro> = whole.micros(op).map(|micro| self.micro(micro)).collect();
        let outcome = if pending { Outcome::Info } else { whole.outcome(op) };
        let times = whole.is_timed().then(|| (whole.start(op), whole.end(op)));
        let operation = Operation {
            outcome,
            answer: whole.answer(op).filter(|_| !pending),
            shared: whole.shared(op),
            start: times.map(|(start, _)| start),
            end: times.map(|(_, end)| end).filter(|&end| end != NEVER && outcome != Outcome::Info),
            line: whole.line(op),
            ..Operation::new(process, whole.function(op), &micros)
        };
        let copy = self.builder.push(&operation).expect("a part of a history is one");
        if let Some(replica) = whole.replica(op) {
            let name = self.value(whole.replica_name(replica));
            let replica = self.builder.replica(name);
            self.builder.set_replica(copy, replica);
        }
        if let Some(hint) = whole.hint(op) {
            self.builder.set_hint(copy, hint);
        }
    }

    fn micro(&mut self, micro: super::MicroOp) -> Micro {
        let value = self.value(micro.value);
        let object = match (micro.key(), micro.lock()) {
            (Some(key), _) => self.key_with_header(key).0,
            (None, Some(lock)) => self.lock(lock).0,
            (None, None) => unreachable!("a micro-operation has a key or a lock"),
        };
        Micro { function: micro.function, object, value }
    }

    /// A key, with what the header says of it.
    fn key_with_header(&mut self, key: KeyId) -> KeyId {
        let copy = self.key(key);
        if let Some(&initial) = self.whole.initial_of.get(&key) {
            let initial = self.value(initial);
            self.builder.set_initial_of(copy, initial);
        }
        if let Some(lock) = self.whole.guard(key) {
            let lock = self.lock(lock);
            self.builder.set_guard(copy, lock);
        }
        copy
    }

    /// The logs' lines that stood between two operations, as far as they name operations of the part.
    fn logs(&mut self, after: Option<OpId>, before: Option<OpId>) {
        let begin = after.map_or(0, |op| op.0 + 1);
        for log in self.whole.logs() {
            if log.position < begin || before.is_some_and(|op| log.position > op.0) {
                continue;
            }
            let name = self.value(self.whole.replica_name(log.replica));
            let replica = self.builder.replica(name);
            let copy = |op: &OpId| self.ids.binary_search(op).ok().map(OpId::from_index);
            let writes = log.writes.iter().filter_map(copy).collect();
            self.builder.push_log_ahead(replica, writes, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Function;
    use crate::testing::history;

    #[test]
    fn a_part_keeps_what_concerns_it() {
        let whole = history(
            "initial x=5\nguard x=M\nP: W(y)1@1-2 W(x)longtextvalue@3-4 R(x)longtextvalue@5-6\nQ: Acq(M)@1-1 W(x)7@4-5",
        );
        let part = whole.subset(&[OpId(4), OpId(1), OpId(3)], &[OpId(4)]);
        assert_eq!(part.len(), 3);
        assert_eq!(part.function(OpId(0)), Function::Write);
        assert_eq!(part.values().display(part.micro(OpId(0)).value), "\"longtextvalue\"");
        assert_eq!((part.start(OpId(1)), part.end(OpId(1))), (1, 1));
        assert_eq!((part.outcome(OpId(2)), part.end(OpId(2))), (Outcome::Info, NEVER));
        let key = part.micro(OpId(0)).key().unwrap();
        assert_eq!(part.initial(key).as_small_int(), Some(5));
        assert_eq!(part.guard(key), part.micro(OpId(1)).lock());
    }

    #[test]
    fn pending_operations_keep_their_place() {
        let whole = history("P: W(x)1@5-5 W(x)2@5-5 W(x)3@5-6");
        let part = whole.subset(&[OpId(0), OpId(1), OpId(2)], &[OpId(0)]);
        assert_eq!(part.program_order(crate::history::ProcessId(0)), [OpId(0), OpId(1), OpId(2)]);
    }
}
