//! The operations of a register history that count, as dense columns.
//!
//! Failed operations are dropped, `info` reads too: they tell nothing. A mismatched `cas` is set aside with a note. An
//! `info` write stays only if somebody may have read from it: one that nobody read can be left out of any witness, for
//! no view, visible set or arbitration needs it.

use super::sources::{self, Draft};
use super::{Chains, NONE, Sources};
use crate::history::{Function, History, OpId, Outcome, ProcessId, Value};

/// What a node does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Kind {
    /// Reads its key.
    Read,
    /// Writes its key.
    Write,
    /// Reads, then writes, in one step.
    Cas,
    /// Synchronises (only where synchronisation was asked for).
    Sync,
}

impl Kind {
    #[inline]
    pub(crate) fn reads(self) -> bool {
        matches!(self, Self::Read | Self::Cas)
    }

    #[inline]
    pub(crate) fn writes(self) -> bool {
        matches!(self, Self::Write | Self::Cas)
    }
}

/// The operations that count: rows are nodes, 17 bytes each.
#[derive(Clone, Debug)]
pub(crate) struct Registers {
    /// Program order.
    pub(crate) chains: Chains,
    /// The operation of each node.
    pub(crate) op: Vec<OpId>,
    /// What each node does.
    pub(crate) kind: Vec<Kind>,
    /// The key of each node; of a synchronisation the lock.
    pub(crate) key: Vec<u32>,
    /// What each node reads from.
    pub(crate) sources: Sources,
    /// The number of keys of the history.
    pub(crate) keys: usize,
    /// Mismatched cas that were set aside.
    pub(crate) set_aside: usize,
    /// How many nodes are cas.
    pub(crate) cas: usize,
}

impl Registers {
    /// Reads them out of a history, those that `keep` names; with synchronisation operations if asked.
    pub(crate) fn of(history: &History, with_syncs: bool, keep: impl Fn(OpId) -> bool) -> Self {
        let mut draft = Draft::default();
        let mut set_aside = 0;
        let mut any_info = false;
        for process in 0..history.process_count() {
            draft.starts.push(draft.op.len());
            for &op in history.program_order(ProcessId::from_index(process)) {
                if !keep(op) {
                    continue;
                }
                let outcome = history.outcome(op);
                let kind = match history.function(op) {
                    _ if outcome == Outcome::Fail => continue,
                    Function::Read if outcome == Outcome::Info => continue,
                    Function::Read if !history.micro(op).value.is_known() => continue,
                    Function::Read => Kind::Read,
                    Function::Write => Kind::Write,
                    Function::Cas if outcome == Outcome::Ok && history.answer(op) == Some(false) => {
                        set_aside += 1;
                        continue;
                    }
                    Function::Cas => Kind::Cas,
                    function if with_syncs && function.is_sync() => Kind::Sync,
                    _ => continue,
                };
                any_info |= outcome == Outcome::Info;
                draft.push(history, op, kind, outcome == Outcome::Info);
            }
        }
        draft.starts.push(draft.op.len());
        let resolved = sources::resolve(history, &draft);
        let (order, chains) = if any_info { renumber(&draft, &resolved.kept) } else { plain(&draft) };
        Self::assemble(history, draft, resolved, &order, chains, set_aside)
    }

    fn assemble(
        history: &History,
        draft: Draft,
        resolved: sources::Resolved,
        order: &Option<Vec<u32>>,
        chains: Chains,
        set_aside: usize,
    ) -> Self {
        let keys = history.key_count();
        let (op, kind, key, sources) = match order {
            None => (draft.op, draft.kind, draft.key, resolved.sources),
            Some(order) => {
                let pick = |row: &u32| *row as usize;
                let sources = resolved.sources.renumber(order, draft.op.len());
                (
                    order.iter().map(|row| draft.op[pick(row)]).collect(),
                    order.iter().map(|row| draft.kind[pick(row)]).collect(),
                    order.iter().map(|row| draft.key[pick(row)]).collect(),
                    sources,
                )
            }
        };
        let cas = kind.iter().filter(|&&kind| kind == Kind::Cas).count();
        Self { chains, op, kind, key, sources, keys, set_aside, cas }
    }

    /// The number of nodes.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        self.op.len()
    }

    #[inline]
    pub(crate) fn kind(&self, node: u32) -> Kind {
        self.kind[node as usize]
    }

    #[inline]
    pub(crate) fn key(&self, node: u32) -> u32 {
        self.key[node as usize]
    }

    /// The write that a node reads from, [`NONE`](super::NONE) for one that does not read,
    /// [`INITIAL`](super::INITIAL), or [`UNKNOWN`](super::UNKNOWN).
    #[inline]
    pub(crate) fn source(&self, node: u32) -> u32 {
        self.sources.of(node)
    }

    #[inline]
    pub(crate) fn op(&self, node: u32) -> OpId {
        self.op[node as usize]
    }

    /// The operations of nodes.
    pub(crate) fn ops(&self, nodes: &[u32]) -> Vec<OpId> {
        nodes.iter().map(|&node| self.op(node)).collect()
    }

    /// Every node.
    #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
    pub(crate) fn nodes(&self) -> std::ops::Range<u32> {
        0..self.len() as u32
    }

    /// What the report says about operations that were set aside.
    pub(crate) fn notes(&self) -> Vec<String> {
        match self.set_aside {
            0 => Vec::new(),
            1 => vec!["1 mismatched cas was set aside: only the one-view models use it".into()],
            some => vec![format!("{some} mismatched cas were set aside: only the one-view models use them")],
        }
    }
}

/// The written value of a write or cas.
pub(crate) fn written(history: &History, op: OpId) -> Value {
    history.micros(op).last().map_or(Value::ABSENT, |micro| micro.value)
}

/// Chains where no operation is `info`: the processes.
fn plain(draft: &Draft) -> (Option<Vec<u32>>, Chains) {
    let lengths = draft.starts.windows(2).enumerate().map(|(process, bounds)| {
        #[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
        ((bounds[1] - bounds[0]) as u32, ProcessId::from_index(process), NONE)
    });
    (None, Chains::new(lengths))
}

/// Drops the rows that are not kept and moves `info` rows that something follows to chains of their own at the end.
#[expect(clippy::cast_possible_truncation, reason = "a history has fewer than 2^32 operations")]
fn renumber(draft: &Draft, kept: &[bool]) -> (Option<Vec<u32>>, Chains) {
    let (mut order, mut alone, mut lengths) = (Vec::new(), Vec::new(), Vec::new());
    for (process, bounds) in draft.starts.windows(2).enumerate() {
        let before = order.len();
        let mut last_info = None;
        for row in (bounds[0]..bounds[1]).filter(|&row| kept[row]) {
            if draft.info[row] {
                let parent = if order.len() > before { order.len() as u32 - 1 } else { NONE };
                if let Some(earlier) = last_info.replace((row as u32, parent, process)) {
                    alone.push(earlier);
                }
            } else {
                alone.extend(last_info.take());
                order.push(row as u32);
            }
        }
        if let Some((row, ..)) = last_info {
            order.push(row);
        }
        lengths.push(((order.len() - before) as u32, ProcessId::from_index(process), NONE));
    }
    for (row, parent, process) in alone {
        order.push(row);
        lengths.push((1, ProcessId::from_index(process), parent));
    }
    (Some(order), Chains::new(lengths))
}
