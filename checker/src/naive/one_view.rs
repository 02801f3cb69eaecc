//! One view of everything, for any data type: the models that differ only in what the view respects.

use super::view::{self, Replay};
use super::{NaiveError, NaiveOptions, fits};
use crate::certificate::Witness;
use crate::history::{History, OpId, Outcome};
use crate::limits::Meter;
use crate::spec::{Decoder, Object, RecordedSpec, SpecKind, SpecVisitor, kept, object_of};

/// What a model's views respect.
type Before = fn(&History, OpId, OpId) -> bool;

/// Looks for a legal total order of all operations (of the `info` ones: of any subset) that extends `before`.
pub(super) fn judge(
    history: &History,
    spec: SpecKind,
    before: Before,
    options: &NaiveOptions,
    meter: &Meter,
) -> Result<Option<Witness>, NaiveError> {
    spec.visit(Judge { history, before, options, meter })
}

struct Judge<'a> {
    history: &'a History,
    before: Before,
    options: &'a NaiveOptions,
    meter: &'a Meter,
}

impl SpecVisitor for Judge<'_> {
    type Output = Result<Option<Witness>, NaiveError>;

    fn visit<S: RecordedSpec>(self) -> Self::Output {
        let Self { history, before, options, meter } = self;
        let replay = Objects::<S>::new(history)?;
        fits(replay.ops.len(), options)?;
        let ids: Vec<OpId> = replay.ops.iter().map(|op| op.id).collect();
        let before = |a: usize, b: usize| before(history, ids[a], ids[b]);
        for happened in subsets(&ids, |id| history.outcome(id) == Outcome::Info) {
            if let Some(order) = view::first(&replay, &happened, &before, meter)? {
                return Ok(Some(Witness::View(order.into_iter().map(|op| ids[op]).collect())));
            }
        }
        Ok(None)
    }
}

/// The positions of all certain things with each subset of the uncertain ones.
pub(super) fn subsets<T: Copy>(
    things: &[T],
    uncertain: impl Fn(T) -> bool,
) -> impl Iterator<Item = Vec<usize>> {
    let uncertain: Vec<bool> = things.iter().map(|&thing| uncertain(thing)).collect();
    let count = uncertain.iter().filter(|&&uncertain| uncertain).count();
    (0..1_usize << count).map(move |subset| {
        let mut bit = 0..;
        let kept =
            |&thing: &usize| !uncertain[thing] || bit.next().is_some_and(|bit: u32| subset >> bit & 1 == 1);
        (0..uncertain.len()).filter(kept).collect()
    })
}

/// The objects of a history, and its operations on them.
struct Objects<S: RecordedSpec> {
    objects: Vec<(Object, S)>,
    ops: Vec<Op<S>>,
}

struct Op<S: RecordedSpec> {
    id: OpId,
    /// Its object's position.
    object: usize,
    op: S::Op,
    ret: Option<S::Ret>,
}

impl<S: RecordedSpec> Objects<S> {
    fn new(history: &History) -> Result<Self, NaiveError> {
        let mut all = Self { objects: Vec::new(), ops: Vec::new() };
        let mut decoder = Decoder::new(history);
        for id in history.ops().filter(|&op| kept(history, S::KIND, op)) {
            let (op, ret) = S::decode(&mut decoder, id)?;
            let object = object_of(history, S::KIND, id).expect("what was decoded has an object");
            let known = all.objects.iter().position(|(other, _)| *other == object);
            if known.is_none() {
                all.objects.push((object, S::of_object(history, object)?));
            }
            let object = known.unwrap_or(all.objects.len() - 1);
            all.ops.push(Op { id, object, op, ret });
        }
        Ok(all)
    }
}

impl<S: RecordedSpec> Replay for Objects<S> {
    /// For each object the states it may be in: several where the type is not deterministic.
    type State = Vec<Vec<S::State>>;

    fn initial(&self) -> Self::State {
        self.objects.iter().map(|(_, spec)| vec![spec.initial()]).collect()
    }

    fn step(&self, states: &Self::State, op: usize) -> Option<Self::State> {
        let Op { object, op, ret, .. } = &self.ops[op];
        let mut after = Vec::new();
        for state in &states[*object] {
            self.objects[*object].1.step(state, op, ret.as_ref(), &mut after);
        }
        (!after.is_empty()).then(|| {
            let mut states = states.clone();
            states[*object] = after;
            states
        })
    }
}
