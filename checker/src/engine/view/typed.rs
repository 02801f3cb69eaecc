//! One view of typed calls: the same problems and searches, without a history.

use super::context::Context;
use super::problem::{Item, Problem, number};
use super::race::{Answer, search};
use super::sequential::order;
use super::sequential::problem::Component;
use super::sequential::search as frontier;
use crate::certificate::{Refutation, Witness};
use crate::engine::Call;
use crate::history::{OpId, Outcome};
use crate::limits::{Limits, Meter, Stop};
use crate::model::Model;
use crate::spec::{Interned, Machine, SequentialSpec};
use crate::verdict::{Unknown, Verdict};
use hashbrown::HashMap;
use rayon::prelude::*;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// Well-formed calls to be judged.
pub(crate) struct TypedProblem<'a, S: SequentialSpec> {
    pub spec: &'a S,
    pub calls: &'a [Call<S::Op, S::Ret>],
    pub model: Model,
    /// The calls that may have taken effect, by process, in program order.
    pub order: &'a [u32],
    pub limits: &'a Limits,
}

/// Distinct operations with their results.
type Actions<S> = Vec<(<S as SequentialSpec>::Op, Option<<S as SequentialSpec>::Ret>)>;

/// Judges the calls.
pub(crate) fn decide<S: SequentialSpec>(typed: &TypedProblem<'_, S>) -> Verdict {
    let meter = Meter::start(typed.limits);
    let (actions, action) = typed.actions();
    let observer: Vec<bool> = actions.iter().map(|(op, ret)| typed.spec.observes(op, ret.as_ref())).collect();
    let parts = if typed.model == Model::Sequential { vec![typed.order.to_vec()] } else { typed.parts() };
    let answers: Vec<_> = parts
        .par_iter()
        .map(|part| {
            let stopped = |reason| (reason, String::new());
            let machine = Interned::new(typed.spec, &actions, &meter).map_err(stopped)?;
            match typed.model {
                Model::Sequential => typed.sequential(&machine, (&action, &observer), &meter),
                _ => typed.timed(part, &machine, (&action, &observer), &meter),
            }
        })
        .collect();
    typed.assemble(&parts, answers)
}

impl<S: SequentialSpec> TypedProblem<'_, S> {
    /// The actions, and for each call its action's number.
    fn actions(&self) -> (Actions<S>, Vec<u32>) {
        let mut ids: HashMap<_, u32, FxBuildHasher> = HashMap::default();
        let mut actions = Actions::<S>::new();
        let numbers = self.calls.iter().map(|call| {
            let ret = call.ret.as_ref().filter(|_| call.outcome == Outcome::Ok);
            *ids.entry((&call.op, ret)).or_insert_with(|| {
                actions.push((call.op.clone(), ret.cloned()));
                number(actions.len() - 1)
            })
        });
        let numbers = numbers.collect();
        (actions, numbers)
    }

    /// The calls by part of the object, smallest part first; one part where some call works on all of the object, or
    /// where program order joins touching calls.
    fn parts(&self) -> Vec<Vec<u32>> {
        let mut parts: FxHashMap<u64, Vec<u32>> = FxHashMap::default();
        for &call in self.order {
            match self.spec.partition(&self.calls[call as usize].op) {
                Some(part) => parts.entry(part).or_default().push(call),
                None => return vec![self.order.to_vec()],
            }
        }
        if self.touching().any(|(a, b)| self.partition(a) != self.partition(b)) {
            return vec![self.order.to_vec()];
        }
        let mut parts: Vec<_> = parts.into_iter().collect();
        parts.sort_unstable_by_key(|(part, calls)| (calls.len(), *part));
        parts.into_iter().map(|(_, calls)| calls).collect()
    }

    fn partition(&self, call: u32) -> Option<u64> {
        self.spec.partition(&self.calls[call as usize].op)
    }

    fn interval(&self, call: u32) -> (i64, Option<i64>) {
        let call = &self.calls[call as usize];
        match call.outcome {
            Outcome::Ok if self.model == Model::Strict => (call.start, Some(call.start)),
            Outcome::Ok => (call.start, Some(call.end)),
            _ => (call.start, None),
        }
    }

    /// Pairs of one process's calls of which program order alone says that the first comes first.
    fn touching(&self) -> impl Iterator<Item = (u32, u32)> {
        let mut last: Option<u32> = None;
        self.order.iter().filter_map(move |&call| {
            let process = self.calls[call as usize].process;
            let before = last.filter(|&before| {
                self.calls[before as usize].process == process
                    && self.interval(before).1 >= Some(self.interval(call).0)
            });
            if self.calls[call as usize].outcome == Outcome::Ok {
                last = Some(call);
            }
            before.map(|before| (before, call))
        })
    }

    fn timed(
        &self,
        part: &[u32],
        machine: &dyn Machine,
        (action, observer): (&[u32], &[bool]),
        meter: &Meter,
    ) -> Result<Answer, (Stop, String)> {
        let mut part = part.to_vec();
        part.sort_unstable();
        let place = |call: u32| part.binary_search(&call).ok().map(number);
        let after: FxHashMap<u32, u32> =
            self.touching().filter_map(|(before, call)| Some((place(call)?, place(before)?))).collect();
        let item = |(index, &call): (usize, &u32)| {
            let (start, end) = self.interval(call);
            let after = after.get(&number(index)).copied();
            Item { op: OpId(call), action: action[call as usize], start, end, after }
        };
        let items: Vec<Item> = part.iter().enumerate().map(item).collect();
        search(Context::new(&Problem::new(&items), machine, observer, meter))
    }

    fn sequential(
        &self,
        machine: &dyn Machine,
        (action, observer): (&[u32], &[bool]),
        meter: &Meter,
    ) -> Result<Answer, (Stop, String)> {
        let (mut chains, mut open): (Vec<Vec<(OpId, u32)>>, Vec<_>) = (Vec::new(), Vec::new());
        let mut last = None;
        for &call in self.order {
            let of = &self.calls[call as usize];
            if last != Some(of.process) {
                chains.push(Vec::new());
                last = Some(of.process);
            }
            let chain = chains.len() - 1;
            if of.outcome == Outcome::Info {
                open.push((OpId(call), action[call as usize], number(chain), number(chains[chain].len())));
            } else {
                chains[chain].push((OpId(call), action[call as usize]));
            }
        }
        let component = Component::of_chains(&chains, &open);
        let stopped = |reason| (reason, String::new());
        let order = order::saturate(&component, meter).map_err(stopped)?;
        let Some(order) = order else { return Err((Stop::Budget, String::new())) };
        let numbers: Vec<(u32, u32)> = (0..number(observer.len())).map(|action| (0, action)).collect();
        let machines: [Box<dyn Machine + '_>; 1] = [Box::new(Shared(machine))];
        let outcome = frontier::search(&component, (&numbers, observer), &machines, &order, meter, u64::MAX);
        match outcome.map_err(stopped)? {
            frontier::Outcome::Found(view) => Ok(Answer::Found(view)),
            frontier::Outcome::Stuck { op, longest } => {
                let op = op.or(longest.last().copied()).unwrap_or(OpId(0));
                Ok(Answer::Stuck { op, event: u32::MAX, longest })
            }
            frontier::Outcome::Stopped { reason, progress } => Err((reason, progress)),
        }
    }

    fn assemble(&self, parts: &[Vec<u32>], answers: Vec<Result<Answer, (Stop, String)>>) -> Verdict {
        let (mut views, mut unknown) = (Vec::new(), None);
        for (part, answer) in parts.iter().zip(answers) {
            match answer {
                Ok(Answer::Found(view)) => views.push(view),
                Ok(Answer::Stuck { op, longest, .. }) => {
                    return Verdict::Violated(Refutation::Core {
                        operations: self.up_to(part, op),
                        pending: Vec::new(),
                        stuck: Some(op),
                        longest,
                        exhausted: true,
                    });
                }
                Err((reason, progress)) => {
                    unknown.get_or_insert(Unknown { reason, progress });
                }
            }
        }
        match unknown {
            Some(unknown) => Verdict::Unknown(unknown),
            None if views.len() == 1 => Verdict::Consistent(Witness::View(views.swap_remove(0))),
            None => Verdict::Consistent(Witness::View(super::merge(&views, |op| self.interval(op.0).0))),
        }
    }

    /// The calls of a part that started before the stuck one returned; all of them where time does not matter.
    fn up_to(&self, part: &[u32], stuck: OpId) -> Vec<OpId> {
        let end = if self.model == Model::Sequential { None } else { self.interval(stuck.0).1 };
        let early = |&&call: &&u32| end.is_none_or(|end| self.calls[call as usize].start <= end);
        let mut ops: Vec<OpId> = part.iter().filter(early).map(|&call| OpId(call)).collect();
        ops.sort_unstable();
        ops
    }
}

/// A machine that somebody else owns.
struct Shared<'a>(&'a dyn Machine);

impl Machine for Shared<'_> {
    fn initial(&self) -> u32 {
        self.0.initial()
    }

    fn step(&self, state: u32, action: u32) -> Result<crate::spec::NextStates, Stop> {
        self.0.step(state, action)
    }
}
