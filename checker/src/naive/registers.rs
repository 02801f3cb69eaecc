//! Histories of registers: reads, writes, which of them happened, and what each read read from.
//!
//! A `cas` that succeeded is a read and a write in one operation. One that answered "mismatch" is set aside: only the
//! one-view models use it. A read whose value was not recorded tells nothing and is dropped, like an `info` read.

use super::one_view::subsets;
use super::orders;
use super::view::Replay;
use crate::certificate as evidence;
use crate::history::{Function, History, KeyId, OpId, Outcome, ProcessId, Value};
use crate::limits::{Meter, Stop};
use crate::spec::{Decoder, RecordedSpec, Register, SpecError, SpecKind, kept};

/// An operation on a register.
#[derive(Clone, Copy)]
pub(super) struct Op {
    pub(super) id: OpId,
    pub(super) process: ProcessId,
    pub(super) key: KeyId,
    pub(super) reads: Option<Value>,
    pub(super) writes: Option<Value>,
}

/// The operations on registers that take part.
pub(super) fn operations(history: &History) -> Result<Vec<Op>, SpecError> {
    let mut decoder = Decoder::new(history);
    let mut ops = Vec::new();
    for id in history.ops().filter(|&op| kept(history, SpecKind::Register, op)) {
        Register::decode(&mut decoder, id)?;
        let mismatch = history.outcome(id) == Outcome::Ok && history.answer(id) == Some(false);
        let mut values = history.micros(id).map(|micro| micro.value);
        let (reads, writes) = match history.function(id) {
            Function::Read => (values.next().filter(|value| value.is_known()), None),
            Function::Write => (None, values.next()),
            Function::Cas if !mismatch => (values.next(), values.next()),
            _ => (None, None),
        };
        if reads.is_some() || writes.is_some() {
            let key = history.micro(id).key().expect("a register has a key");
            ops.push(Op { id, process: history.process(id), key, reads, writes });
        }
    }
    Ok(ops)
}

/// Some of a history's operations: those that happened.
pub(super) struct World<'a> {
    pub(super) history: &'a History,
    pub(super) ops: Vec<Op>,
}

/// Every choice of which `info` operations happened, the smaller ones first.
pub(super) fn worlds<'a>(history: &'a History, ops: &'a [Op]) -> impl Iterator<Item = World<'a>> {
    subsets(ops, |op: Op| history.outcome(op.id) == Outcome::Info)
        .map(move |happened| World { history, ops: happened.into_iter().map(|op| ops[op]).collect() })
}

/// What a read reads from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// It does not read.
    None,
    /// The initial state.
    Initial,
    /// That operation.
    Write(usize),
}

impl World<'_> {
    /// The positions of the operations that `holds`.
    pub(super) fn those(&self, holds: impl Fn(&Op) -> bool) -> Vec<usize> {
        (0..self.ops.len()).filter(|&op| holds(&self.ops[op])).collect()
    }

    pub(super) fn writes(&self) -> Vec<usize> {
        self.those(|op| op.writes.is_some())
    }

    pub(super) fn writes_to(&self, key: KeyId) -> Vec<usize> {
        self.those(|op| op.writes.is_some() && op.key == key)
    }

    pub(super) fn reads(&self) -> Vec<usize> {
        self.those(|op| op.reads.is_some())
    }

    /// Program order.
    pub(super) fn program(&self, a: usize, b: usize) -> bool {
        orders::program(self.history, self.ops[a].id, self.ops[b].id)
    }

    pub(super) fn processes(&self) -> impl Iterator<Item = ProcessId> + use<> {
        (0..self.history.process_count()).map(ProcessId::from_index)
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = KeyId> + use<> {
        (0..self.history.key_count()).map(KeyId::from_index)
    }

    /// What an operation may read from: a write of the value to the key, never itself; where the value is the initial
    /// one, the initial state too.
    pub(super) fn sources(&self, op: usize) -> Vec<Source> {
        let Op { key, reads: Some(value), .. } = self.ops[op] else { return vec![Source::None] };
        let initial = (value == self.history.initial(key)).then_some(Source::Initial);
        let writes = self.those(|other| other.key == key && other.writes == Some(value));
        initial
            .into_iter()
            .chain(writes.into_iter().filter(|&write| write != op).map(Source::Write))
            .collect()
    }

    /// Calls `visit` with every reads-from assignment, until it says true; says whether it did.
    pub(super) fn each_reads_from(
        &self,
        meter: &Meter,
        visit: &mut dyn FnMut(&[Source]) -> Result<bool, Stop>,
    ) -> Result<bool, Stop> {
        let choices: Vec<Vec<Source>> = (0..self.ops.len()).map(|op| self.sources(op)).collect();
        choose(&choices, &mut Vec::new(), meter, visit)
    }

    /// The ids of operations.
    pub(super) fn ids(&self, ops: &[usize]) -> Vec<OpId> {
        ops.iter().map(|&op| self.ops[op].id).collect()
    }

    /// A reads-from assignment as evidence.
    pub(super) fn evidence(&self, reads_from: &[Source]) -> evidence::ReadsFrom {
        let pair = |read: usize| match reads_from[read] {
            Source::Write(write) => (self.ops[read].id, Some(self.ops[write].id)),
            _ => (self.ops[read].id, None),
        };
        self.reads().into_iter().map(pair).collect()
    }
}

/// Every way of choosing one of each of the lists.
fn choose(
    choices: &[Vec<Source>],
    chosen: &mut Vec<Source>,
    meter: &Meter,
    visit: &mut dyn FnMut(&[Source]) -> Result<bool, Stop>,
) -> Result<bool, Stop> {
    meter.check()?;
    let Some(now) = choices.get(chosen.len()) else { return visit(chosen) };
    for &choice in now {
        chosen.push(choice);
        if choose(choices, chosen, meter, visit)? {
            return Ok(true);
        }
        chosen.pop();
    }
    Ok(false)
}

/// Views in which each read returns the value of the latest write to its key, or the initial value.
pub(super) struct ByValue<'a>(pub(super) &'a World<'a>);

impl Replay for ByValue<'_> {
    /// The value of each key.
    type State = Vec<Value>;

    fn initial(&self) -> Self::State {
        self.0.keys().map(|key| self.0.history.initial(key)).collect()
    }

    fn step(&self, state: &Self::State, op: usize) -> Option<Self::State> {
        let Op { key, reads, writes, .. } = self.0.ops[op];
        if reads.is_some_and(|value| value != state[key.index()]) {
            return None;
        }
        let mut state = state.clone();
        if let Some(value) = writes {
            state[key.index()] = value;
        }
        Some(state)
    }
}

/// Views in which the latest write to a read's key is the very one that it reads from.
pub(super) struct BySource<'a> {
    pub(super) world: &'a World<'a>,
    pub(super) reads_from: &'a [Source],
}

impl Replay for BySource<'_> {
    /// The latest write to each key.
    type State = Vec<Option<usize>>;

    fn initial(&self) -> Self::State {
        self.world.keys().map(|_| None).collect()
    }

    fn step(&self, state: &Self::State, op: usize) -> Option<Self::State> {
        let Op { key, writes, .. } = self.world.ops[op];
        let fits = match self.reads_from[op] {
            Source::None => true,
            Source::Initial => state[key.index()].is_none(),
            Source::Write(write) => state[key.index()] == Some(write),
        };
        fits.then(|| {
            let mut state = state.clone();
            if writes.is_some() {
                state[key.index()] = Some(op);
            }
            state
        })
    }
}
