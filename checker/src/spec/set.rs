//! Set: elements without order, each in it or not.
//!
//! # Semantics
//! The set of Herlihy and Shavit's "The Art of Multiprocessor Programming": `add` answers whether its element was new,
//! `remove` whether it was there, `contains` whether it is there; all three are legal everywhere with the right answer.
//! `read` returns the whole set, as a list in any order. An element that a recorded list holds twice is one that no set
//! returns: such a read is illegal everywhere. The header's initial value is `null` (empty) or a list without repetitions;
//! a `null` read is a read of the empty set.
//!
//! # Unknown results
//! An operation without a recorded answer, and every `info` one, may have answered anything; an `add` (`remove`) then
//! leaves its element in (out) all the same.
//!
//! # Independent parts
//! A history without whole reads is a product of one-element sets: [`SequentialSpec::partition`] tells them apart.

use super::decode::bad_initial;
use super::machine::SetMachine;
use super::{Decoder, Element, Machine, Object, RecordedSpec, SequentialSpec, SpecError, SpecKind};
use crate::history::{Datum, Function, History, OpId};
use crate::limits::{Meter, Stop};
use rustc_hash::FxBuildHasher;
use std::hash::BuildHasher;

/// A set that starts with given elements.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Set {
    /// What it holds at first, in any order.
    pub initial: Vec<Element>,
}

/// A function of a set.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SetOp {
    /// Put this element in.
    Add(Element),
    /// Take this element out.
    Remove(Element),
    /// Ask for this element.
    Contains(Element),
    /// Return all elements.
    Read,
}

/// A result of a set's function.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum SetRet {
    /// Whether the set changed, or holds the element.
    Answer(bool),
    /// All elements, sorted; an element that was recorded twice stands here twice.
    Elements(Box<[Element]>),
}

/// A state is the elements in ascending order: one form for each set.
impl SequentialSpec for Set {
    type State = Box<[Element]>;
    type Op = SetOp;
    type Ret = SetRet;

    fn initial(&self) -> Self::State {
        let mut elements = self.initial.clone();
        elements.sort();
        elements.dedup();
        elements.into()
    }

    fn step(&self, state: &Self::State, op: &SetOp, ret: Option<&SetRet>, next: &mut Vec<Self::State>) {
        let (SetOp::Add(element) | SetOp::Remove(element) | SetOp::Contains(element)) = op else {
            if ret.is_none_or(|ret| matches!(ret, SetRet::Elements(elements) if elements == state)) {
                next.push(state.clone());
            }
            return;
        };
        let place = state.binary_search(element);
        let answer = place.is_ok() != matches!(op, SetOp::Add(_));
        if ret.is_some_and(|ret| *ret != SetRet::Answer(answer)) {
            return;
        }
        next.push(match (op, place) {
            (SetOp::Add(_), Err(at)) => {
                [&state[..at], std::slice::from_ref(element), &state[at..]].concat().into()
            }
            (SetOp::Remove(_), Ok(at)) => [&state[..at], &state[at + 1..]].concat().into(),
            _ => state.clone(),
        });
    }

    fn partition(&self, op: &SetOp) -> Option<u64> {
        match op {
            // Two elements with one hash are judged together: slower, never wrong.
            SetOp::Add(element) | SetOp::Remove(element) | SetOp::Contains(element) => {
                Some(FxBuildHasher.hash_one(element))
            }
            SetOp::Read => None,
        }
    }

    fn observes(&self, op: &SetOp, ret: Option<&SetRet>) -> bool {
        // An add or remove that was answered "no" found the set as it wanted it.
        matches!(op, SetOp::Read | SetOp::Contains(_)) || ret == Some(&SetRet::Answer(false))
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of::<Self::State>() + size_of_val(&**state)
    }
}

impl RecordedSpec for Set {
    const KIND: SpecKind = SpecKind::Set;
    const FUNCTIONS: &'static [Function] =
        &[Function::Add, Function::Remove, Function::Contains, Function::Read];

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        let value = object.initial(history);
        let initial: Option<Vec<_>> = match history.values().get(value) {
            Some(Datum::Null) => Some(Vec::new()),
            Some(Datum::List(items)) => Some(items.iter().map(|item| Element::new(history, item)).collect()),
            _ => None,
        };
        initial
            .map(|initial| Self { initial })
            .filter(|set| set.initial().len() == set.initial.len())
            .ok_or_else(|| {
                bad_initial(
                    history,
                    Self::KIND,
                    value,
                    "null (nothing) or a list of elements without repetitions",
                )
            })
    }

    fn decode(decoder: &mut Decoder<'_>, op: OpId) -> Result<(SetOp, Option<SetRet>), SpecError> {
        let function = match decoder.history().function(op) {
            Function::Add => SetOp::Add,
            Function::Remove => SetOp::Remove,
            Function::Contains => SetOp::Contains,
            Function::Read => {
                let Some(value) = decoder.result(op) else { return Ok((SetOp::Read, None)) };
                let mut elements = decoder.elements(op, value)?;
                elements.sort();
                return Ok((SetOp::Read, Some(SetRet::Elements(elements.into()))));
            }
            _ => return Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS)),
        };
        let element = Element::Value(decoder.argument(op)?);
        Ok((function(element), decoder.answer(op).map(SetRet::Answer)))
    }

    fn machine<'a>(
        &'a self,
        actions: &'a [(Self::Op, Option<Self::Ret>)],
        meter: &'a Meter,
    ) -> Result<Box<dyn Machine + 'a>, Stop> {
        Ok(Box::new(SetMachine::new(self, actions, meter)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int, list, replay, run, value};
    use super::SetOp::{Add, Contains, Read, Remove};
    use super::SetRet::{Answer, Elements};
    use super::*;

    fn of(int: i64) -> Element {
        Element::Value(value(int))
    }

    #[test]
    fn semantics() {
        let set = Set::default();
        let steps = [(Add(of(2)), Some(Answer(true))), (Add(of(1)), Some(Answer(true))), (Add(of(2)), None)];
        assert_eq!(*run(&set, &steps), [[of(1), of(2)].into()]);
        assert_eq!(*run(&set, &[(Add(of(2)), None), (Remove(of(2)), Some(Answer(true)))]), [[].into()]);
        assert_eq!(set.partition(&Add(of(1))), set.partition(&Contains(of(1))));
        assert_eq!(set.partition(&Read), None);
    }

    #[test]
    fn accepts() {
        let long = Datum::text("longer than a handle");
        let script = Script::new()
            .initial(&list([long.clone(), int(1)]))
            .answered(Function::Add, int(1), false)
            .answered(Function::Contains, int(1), true)
            .answered(Function::Remove, int(2), false)
            .op(Function::Add, int(7))
            .op(Function::Read, list([int(7), long, int(1)]))
            .unanswered(Function::Read)
            .answered(Function::Contains, int(3), false);
        assert_eq!(replay::<Set>(&script.finish()).unwrap().len(), 1);
        let empty = Script::new().op(Function::Read, Datum::Null).op(Function::Read, list([]));
        assert_eq!(replay::<Set>(&empty.finish()).unwrap().len(), 1);
    }

    #[test]
    fn rejects() {
        let set = Set { initial: vec![of(1)] };
        for (op, ret) in [
            (Add(of(1)), Answer(true)),
            (Add(of(2)), Answer(false)),
            (Remove(of(1)), Answer(false)),
            (Remove(of(2)), Answer(true)),
            (Contains(of(1)), Answer(false)),
            (Read, Elements([].into())),
            (Read, Elements([of(1), of(1)].into())),
            (Read, Elements([of(1), of(2)].into())),
            (Read, Answer(true)),
            (Add(of(2)), Elements([].into())),
        ] {
            assert!(run(&set, &[(op, Some(ret))]).is_empty());
        }
        for script in [
            Script::new().unanswered(Function::Add),
            Script::new().op(Function::Read, int(1)),
            Script::new().op(Function::Write, int(1)),
            Script::new().initial(&list([int(1), int(1)])).op(Function::Add, int(1)),
            Script::new().initial(&int(1)).op(Function::Add, int(1)),
        ] {
            assert!(replay::<Set>(&script.finish()).is_err());
        }
    }
}
