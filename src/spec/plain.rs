//! A plain sequential implementation, or a closure, as a specification.

use super::part;
use crate::SequentialSpec;
use std::fmt;
use std::fmt::Debug;
use std::hash::Hash;

/// A specification made of closures, over states of type `T`.
///
/// # Examples
/// The service must behave like a map:
/// ```
/// use tribunal::{Calls, Limits, Model, Recorder, Verdict, check};
/// use tribunal::spec::Plain;
/// use std::collections::BTreeMap;
///
/// #[derive(Clone, PartialEq, Eq, Hash, Debug)]
/// enum Op {
///     Get(&'static str),
///     Put(&'static str, u32),
/// }
///
/// // What it answers: what the key held before.
/// type Map = Plain<BTreeMap<&'static str, u32>, Op, Option<u32>>;
///
/// let like_a_map = Map::new(BTreeMap::new(), |map, op| match op {
///     Op::Get(key) => map.get(key).copied(),
///     Op::Put(key, value) => map.insert(key, *value),
/// })
/// .partition_by(|op| match op {
///     Op::Get(key) | Op::Put(key, _) => *key,
/// })
/// .reads(|op| matches!(op, Op::Get(_)));
///
/// let recorder = Recorder::<Map>::default();
/// let mut client = recorder.client();
/// client.invoke(Op::Put("x", 1)).ok(None);
/// client.invoke(Op::Get("x")).ok(Some(2));
/// let verdict = check(&recorder.finish(), &like_a_map, Model::Linearizable, &Limits::default())?;
/// assert!(matches!(verdict, Verdict::Violated(_)));
/// # Ok::<(), tribunal::CallError>(())
/// ```
pub struct Plain<T, Op, Ret> {
    initial: T,
    step: Box<Step<T, Op, Ret>>,
    partition: Option<Box<Of<Op, u64>>>,
    reads: Option<Box<Of<Op, bool>>>,
    hint: Option<Box<Hint<Op, Ret>>>,
    explain: Option<Box<Explain<T, Op, Ret>>>,
}

type Of<Op, T> = dyn Fn(&Op) -> T + Send + Sync;
type Step<T, Op, Ret> = dyn Fn(&T, &Op, Option<&Ret>, &mut Vec<T>) + Send + Sync;
type Hint<Op, Ret> = dyn Fn(&Op, Option<&Ret>) -> Option<i64> + Send + Sync;
type Explain<T, Op, Ret> = dyn Fn(&T, &Op, Option<&Ret>) -> Option<String> + Send + Sync;

impl<T: Clone + 'static, Op: 'static, Ret: PartialEq + Debug + 'static> Plain<T, Op, Ret> {
    /// The specification "as this implementation does": `apply` runs one operation and gives its result. It must depend
    /// on nothing but its arguments.
    ///
    /// The state is anything that can be cloned, compared and hashed; for a `HashMap` see [`Unordered`](super::Unordered).
    #[must_use]
    pub fn new(initial: T, apply: impl Fn(&mut T, &Op) -> Ret + Clone + Send + Sync + 'static) -> Self {
        let answer = apply.clone();
        let step = move |state: &T, op: &Op, ret: Option<&Ret>, next: &mut Vec<T>| {
            let mut after = state.clone();
            let answer = apply(&mut after, op);
            if ret.is_none_or(|ret| *ret == answer) {
                next.push(after);
            }
        };
        Self::nondeterministic(initial, step)
            .explain_by(move |state, op, _| Some(format!("it answers {:?}", answer(&mut state.clone(), op))))
    }
}

impl<T, Op, Ret> Plain<T, Op, Ret> {
    /// A specification by its step, as in [`SequentialSpec::step`]: it pushes every state that the operation may leave
    /// behind when it gives this result.
    #[must_use]
    pub fn nondeterministic(
        initial: T,
        step: impl Fn(&T, &Op, Option<&Ret>, &mut Vec<T>) + Send + Sync + 'static,
    ) -> Self {
        Self { initial, step: Box::new(step), partition: None, reads: None, hint: None, explain: None }
    }

    /// The object is a product of independent parts, and this is the part that an operation works on: the key of a map.
    #[must_use]
    pub fn partition_by<K: Hash>(mut self, key: impl Fn(&Op) -> K + Send + Sync + 'static) -> Self {
        self.partition = Some(Box::new(move |op| part(&key(op))));
        self
    }

    /// Which operations leave every state as it is.
    #[must_use]
    pub fn reads(mut self, reads: impl Fn(&Op) -> bool + Send + Sync + 'static) -> Self {
        self.reads = Some(Box::new(reads));
        self
    }

    /// Where the system says that an operation stands in the order; see [`SequentialSpec::order_hint`].
    #[must_use]
    pub fn order_by(
        mut self,
        hint: impl Fn(&Op, Option<&Ret>) -> Option<i64> + Send + Sync + 'static,
    ) -> Self {
        self.hint = Some(Box::new(hint));
        self
    }

    /// Why an operation cannot give a result in a state; see [`SequentialSpec::explain`].
    #[must_use]
    pub fn explain_by(
        mut self,
        explain: impl Fn(&T, &Op, Option<&Ret>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        self.explain = Some(Box::new(explain));
        self
    }
}

impl<T, Op, Ret> SequentialSpec for Plain<T, Op, Ret>
where
    T: Clone + Eq + Hash + Debug + Send + Sync,
    Op: Clone + Eq + Hash + Debug + Send + Sync,
    Ret: Clone + Eq + Hash + Debug + Send + Sync,
{
    type State = T;
    type Op = Op;
    type Ret = Ret;

    fn initial(&self) -> T {
        self.initial.clone()
    }

    fn step(&self, state: &T, op: &Op, ret: Option<&Ret>, next: &mut Vec<T>) {
        (self.step)(state, op, ret, next);
    }

    fn partition(&self, op: &Op) -> Option<u64> {
        self.partition.as_ref().map(|partition| partition(op))
    }

    fn observes(&self, op: &Op, _: Option<&Ret>) -> bool {
        self.reads.as_ref().is_some_and(|reads| reads(op))
    }

    fn order_hint(&self, op: &Op, ret: Option<&Ret>) -> Option<i64> {
        self.hint.as_ref().and_then(|hint| hint(op, ret))
    }

    fn explain(&self, state: &T, op: &Op, ret: Option<&Ret>) -> Option<String> {
        self.explain.as_ref().and_then(|explain| explain(state, op, ret))
    }
}

impl<T: Debug, Op, Ret> Debug for Plain<T, Op, Ret> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plain").field("initial", &self.initial).finish_non_exhaustive()
    }
}
