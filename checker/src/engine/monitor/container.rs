//! What queues, stacks and priority queues have in common: values that go in once and come out at most once.

use super::timeline::{NONE, Timeline};
use super::values::Numbering;
use super::{Decision, ENUMERABLE, core, stuck};
use crate::certificate::{OneStep, Refutation};
use crate::history::{Function, Value};
use crate::spec::{Decoder, Object, SpecKind, object_of};

/// A value: its insertion and, if it came out, its removal. Both are items.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub insert: u32,
    /// [`NONE`] if it stayed in.
    pub remove: u32,
}

/// The operations of a container. Pending insertions of values that did not come out are left out: they need not have
/// happened, and only made the others' lives harder.
#[derive(Debug)]
pub(super) struct Container {
    /// In the order of the insertions' calls.
    pub entries: Vec<Entry>,
    /// The values, one an entry.
    pub values: Vec<Value>,
    /// The removals that found nothing.
    pub empty: Vec<u32>,
}

impl Container {
    /// Pairs insertions with removals. The error is a violation that a pair shows: taken twice, before it was in, or from
    /// nowhere.
    ///
    /// `None` where values repeat, a removal's result is unknown, the container does not start empty, or operations do not
    /// fit.
    pub(super) fn new(
        decoder: &Decoder<'_>,
        kind: SpecKind,
        line: &Timeline,
    ) -> Option<Result<Self, Decision>> {
        let history = decoder.history();
        let object = line.op.first().and_then(|&op| object_of(history, kind, op));
        if object.unwrap_or(Object::Whole).initial(history) != Value::NULL {
            return None;
        }
        let (mut inserts, mut removes, mut empty) = (Vec::new(), Vec::new(), Vec::new());
        for (item, &op) in (0_u32..).zip(&line.op) {
            match history.function(op) {
                Function::Enqueue | Function::Push | Function::Insert => {
                    inserts.push((decoder.item(op).ok()?, item));
                }
                Function::Dequeue | Function::Pop | Function::Poll => match decoder.taken(op)? {
                    Some(value) => removes.push((value, item)),
                    None => empty.push(item),
                },
                _ => return None,
            }
        }
        let mut entries: Vec<Entry> =
            inserts.iter().map(|&(_, insert)| Entry { insert, remove: NONE }).collect();
        let mut values: Vec<Value> = inserts.iter().map(|&(value, _)| value).collect();
        let numbering = Numbering::new(values.iter().copied().zip(0..).collect())?;
        for &(value, remove) in &removes {
            let entry = numbering.get(value);
            if entry == NONE {
                let read = line.op[remove as usize];
                let thin_air = Refutation::OneStep { kind: OneStep::ThinAir, read, with: Vec::new() };
                return Some(Err(Decision::Refuted(thin_air)));
            }
            let entry = &mut entries[entry as usize];
            if line.precedes(remove, entry.insert) || entry.remove != NONE {
                let all = removes.iter().filter(|other| other.0 == value).map(|other| other.1);
                let last = all.clone().max_by_key(|&item| line.ret[item as usize]).unwrap_or(remove);
                return Some(Err(conflict(line, last, all.chain([entry.insert]).collect())));
            }
            entry.remove = remove;
        }
        let mut stays = entries
            .iter()
            .map(|entry| entry.remove != NONE || !line.is_pending(entry.insert))
            .collect::<Vec<_>>()
            .into_iter();
        values.retain(|_| stays.next().unwrap_or(true));
        entries.retain(|entry| entry.remove != NONE || !line.is_pending(entry.insert));
        Some(Ok(Self { entries, values, empty }))
    }

    /// The cells in which the value is certainly inside: behind its insertion's return, before its removal's call. Cell `i`
    /// is the time between the events of rank `i` and `i + 1`.
    #[inline]
    pub(super) fn inside(&self, entry: usize, line: &Timeline) -> (u32, u32) {
        let Entry { insert, remove } = self.entries[entry];
        let until = if remove == NONE { line.end } else { line.call[remove as usize] };
        (line.ret[insert as usize], until)
    }

    /// All operations on these entries.
    pub(super) fn items(&self, entries: impl IntoIterator<Item = u32>) -> Vec<u32> {
        let entries = entries.into_iter().map(|entry| self.entries[entry as usize]);
        entries.flat_map(|entry| [entry.insert, entry.remove]).filter(|&item| item != NONE).collect()
    }

    /// That `item` found something missing (or took less than it could) in all cells from `from` to its return, although
    /// one of `among` was inside in each; `own` is its value's entry, if it took one.
    pub(super) fn covered(
        &self,
        line: &Timeline,
        item: u32,
        own: Option<u32>,
        from: u32,
        among: &[u32],
    ) -> Decision {
        let mut items = if own.is_some() { self.items(own) } else { vec![item] };
        let mut cell = from;
        while cell < line.ret[item as usize] && items.len() <= ENUMERABLE {
            let reaching = among.iter().filter_map(|&entry| {
                let (begin, end) = self.inside(entry as usize, line);
                (begin <= cell && cell < end).then_some((end, entry))
            });
            let Some((end, entry)) = reaching.max() else { break };
            items.extend(self.items([entry]));
            cell = end;
        }
        conflict(line, item, items)
    }
}

/// The violation that these items show: all operations on their values, so that nothing that was left out could mend it.
pub(super) fn conflict(line: &Timeline, last: u32, items: Vec<u32>) -> Decision {
    if items.len() <= ENUMERABLE { Decision::Refuted(core(line, items)) } else { stuck(line, last, &items) }
}
