//! Sets as a machine: a state is an array of bits, one an element that the actions name.
//!
//! To add, remove or look for an element takes the logarithm of the number of elements, to read the whole set the
//! comparison of two numbers, for what a read returned is made an array once, with the machine. See [`Arrays`] for why
//! equal sets are one number.

use super::array::{Arrays, EMPTY};
use super::{Machine, NextStates};
use crate::limits::{Meter, Stop};
use crate::spec::{Element, SequentialSpec, Set, SetOp, SetRet};
use rustc_hash::FxHashMap;

/// A [`Set`] with its actions.
#[derive(Debug)]
pub(in crate::spec) struct SetMachine<'a> {
    arrays: Arrays<'a>,
    actions: Vec<Action>,
    initial: u32,
}

/// What an action does; elements by index, answers as recorded.
#[derive(Clone, Copy, Debug)]
enum Action {
    /// Its result is never right.
    Never,
    Add(usize, Option<bool>),
    Remove(usize, Option<bool>),
    Contains(usize, Option<bool>),
    Read(u32),
    /// Any set is right.
    ReadAnything,
}

impl<'a> SetMachine<'a> {
    /// Numbers the elements, and finds the arrays of all sets that reads returned.
    ///
    /// # Errors
    /// If the limits leave no room for them.
    pub(in crate::spec) fn new(
        set: &'a Set,
        actions: &'a [(SetOp, Option<SetRet>)],
        meter: &'a Meter,
    ) -> Result<Self, Stop> {
        let mut indices = Indices::default();
        for element in &set.initial {
            indices.of(element);
        }
        for (op, ret) in actions {
            if let SetOp::Add(element) | SetOp::Remove(element) | SetOp::Contains(element) = op {
                indices.of(element);
            }
            if let Some(SetRet::Elements(elements)) = ret {
                for element in elements {
                    indices.of(element);
                }
            }
        }
        meter.charge(actions.len() * size_of::<Action>())?;
        let arrays = Arrays::new(indices.0.len().div_ceil(64), meter);
        let initial = indices.array(&arrays, &set.initial())?;
        let mut compile = |(op, ret): &'a (SetOp, Option<SetRet>)| {
            meter.check()?;
            let answer = match ret {
                None => None,
                Some(SetRet::Answer(answer)) => Some(*answer),
                // A list with repetitions, in ascending order, is no set.
                Some(SetRet::Elements(elements))
                    if *op == SetOp::Read && elements.is_sorted_by(|a, b| a < b) =>
                {
                    return Ok(Action::Read(indices.array(&arrays, elements)?));
                }
                Some(SetRet::Elements(_)) => return Ok(Action::Never),
            };
            Ok(match op {
                SetOp::Add(element) => Action::Add(indices.of(element), answer),
                SetOp::Remove(element) => Action::Remove(indices.of(element), answer),
                SetOp::Contains(element) => Action::Contains(indices.of(element), answer),
                SetOp::Read if answer.is_none() => Action::ReadAnything,
                SetOp::Read => Action::Never,
            })
        };
        let actions = actions.iter().map(&mut compile).collect::<Result<_, Stop>>()?;
        Ok(Self { arrays, actions, initial })
    }

    /// The set with its bit of an element flipped, or as it is.
    fn flip(
        &self,
        state: u32,
        index: usize,
        wanted: bool,
        answer: Option<bool>,
    ) -> Result<Option<u32>, Stop> {
        let word = self.arrays.get(state, index / 64);
        let changes = (word >> (index % 64) & 1 == 1) != wanted;
        if answer.is_some_and(|answer| answer != changes) {
            return Ok(None);
        }
        if changes {
            self.arrays.set(state, index / 64, word ^ 1 << (index % 64)).map(Some)
        } else {
            Ok(Some(state))
        }
    }
}

impl Machine for SetMachine<'_> {
    fn initial(&self) -> u32 {
        self.initial
    }

    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let after = match self.actions[action as usize] {
            Action::Never => None,
            Action::Add(index, answer) => self.flip(state, index, true, answer)?,
            Action::Remove(index, answer) => self.flip(state, index, false, answer)?,
            Action::Contains(index, answer) => {
                let held = self.arrays.get(state, index / 64) >> (index % 64) & 1 == 1;
                answer.is_none_or(|answer| answer == held).then_some(state)
            }
            Action::Read(elements) => (state == elements).then_some(state),
            Action::ReadAnything => Some(state),
        };
        Ok(after.map_or(NextStates::None, NextStates::One))
    }
}

/// Indices for elements.
#[derive(Default)]
struct Indices<'a>(FxHashMap<&'a Element, usize>);

impl<'a> Indices<'a> {
    fn of(&mut self, element: &'a Element) -> usize {
        let next = self.0.len();
        *self.0.entry(element).or_insert(next)
    }

    /// The array of a set of known elements.
    fn array(&self, arrays: &Arrays<'_>, elements: &[Element]) -> Result<u32, Stop> {
        let mut indices: Vec<usize> = elements.iter().map(|element| self.0[element]).collect();
        indices.sort_unstable();
        indices.chunk_by(|a, b| a / 64 == b / 64).try_fold(EMPTY, |array, of_word| {
            let word = of_word.iter().fold(0, |word, index| word | 1 << (index % 64));
            arrays.set(array, of_word[0] / 64, word)
        })
    }
}
