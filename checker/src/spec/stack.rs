//! Stack: gives its values back last in, first out.
//!
//! # Semantics
//! The LIFO counterpart of Herlihy and Wing's queue (1990): `push` puts its value on top, `pop` takes the value on top, or
//! answers `null` where the stack is empty and leaves it so. Values may repeat. The header's initial value is `null`
//! (empty) or a list, bottom first.
//!
//! `null` cannot be pushed: a popped `null` says that the stack was empty, and nothing else.
//!
//! # Unknown results
//! A pop without a recorded value, and every `info` one, takes whatever is on top, or nothing from an empty stack: it is
//! legal everywhere.

use super::decode::initial_items;
use super::machine::StackMachine;
use super::{Decoder, Machine, Object, RecordedSpec, SequentialSpec, SpecError, SpecKind};
use crate::history::{Function, History, OpId, Value};
use crate::limits::{Meter, Stop};

/// A stack that starts with given values.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Stack {
    /// What it holds at first, bottom first.
    pub initial: Vec<Value>,
}

/// A function of a stack.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StackOp {
    /// Put this value on top.
    Push(Value),
    /// Take the top.
    Pop,
}

/// A result of a stack's function.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StackRet {
    /// The value is in.
    Pushed,
    /// This was the top; `None`: the stack was empty.
    Popped(Option<Value>),
}

impl SequentialSpec for Stack {
    type State = Vec<Value>;
    type Op = StackOp;
    type Ret = StackRet;

    fn initial(&self) -> Self::State {
        self.initial.clone()
    }

    fn step(&self, state: &Self::State, op: &StackOp, ret: Option<&StackRet>, next: &mut Vec<Self::State>) {
        let answer = match op {
            StackOp::Push(_) => StackRet::Pushed,
            StackOp::Pop => StackRet::Popped(state.last().copied()),
        };
        if ret.is_none_or(|&ret| ret == answer) {
            let mut after = Vec::with_capacity(state.len() + 1);
            after.extend_from_slice(state);
            match *op {
                StackOp::Push(value) => after.push(value),
                StackOp::Pop => drop(after.pop()),
            }
            next.push(after);
        }
    }

    fn observes(&self, op: &StackOp, ret: Option<&StackRet>) -> bool {
        *op == StackOp::Pop && ret == Some(&StackRet::Popped(None))
    }

    fn state_bytes(&self, state: &Self::State) -> usize {
        size_of::<Self::State>() + state.capacity() * size_of::<Value>()
    }
}

impl RecordedSpec for Stack {
    const KIND: SpecKind = SpecKind::Stack;
    const FUNCTIONS: &'static [Function] = &[Function::Push, Function::Pop];

    fn of_object(history: &History, object: Object) -> Result<Self, SpecError> {
        Ok(Self { initial: initial_items(history, object, Self::KIND)? })
    }

    fn decode(decoder: &mut Decoder<'_>, op: OpId) -> Result<(StackOp, Option<StackRet>), SpecError> {
        match decoder.history().function(op) {
            Function::Push => Ok((StackOp::Push(decoder.item(op)?), Some(StackRet::Pushed))),
            Function::Pop => Ok((StackOp::Pop, decoder.taken(op).map(StackRet::Popped))),
            _ => Err(decoder.unknown_function(op, Self::KIND, Self::FUNCTIONS)),
        }
    }

    fn machine<'a>(
        &'a self,
        actions: &'a [(Self::Op, Option<Self::Ret>)],
        meter: &'a Meter,
    ) -> Result<Box<dyn Machine + 'a>, Stop> {
        Ok(Box::new(StackMachine::new(self, actions, meter)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{Script, int, list, replay, run, value};
    use super::StackOp::{Pop, Push};
    use super::StackRet::{Popped, Pushed};
    use super::*;
    use crate::history::Datum;

    #[test]
    fn semantics() {
        let stack = Stack::default();
        let steps = [(Push(value(1)), Some(Pushed)), (Push(value(2)), Some(Pushed)), (Pop, None)];
        assert_eq!(run(&stack, &steps), [[value(1)]]);
        assert_eq!(run(&stack, &[(Pop, None)]), [[]], "an unknown answer includes that it was empty");
    }

    #[test]
    fn accepts() {
        let script = Script::new()
            .initial(&list([int(8), int(9)]))
            .op(Function::Pop, int(9))
            .op(Function::Push, int(1))
            .unanswered(Function::Pop)
            .op(Function::Pop, int(8))
            .op(Function::Pop, Datum::Null);
        assert_eq!(replay::<Stack>(&script.finish()).unwrap(), [[]]);
    }

    #[test]
    fn rejects() {
        let stack = Stack { initial: vec![value(1), value(2)] };
        assert!(run(&stack, &[(Pop, Some(Popped(Some(value(1)))))]).is_empty(), "first in, first out");
        assert!(run(&stack, &[(Pop, Some(Popped(None)))]).is_empty());
        assert!(run(&Stack::default(), &[(Pop, Some(Popped(Some(value(1)))))]).is_empty());
        for script in [
            Script::new().op(Function::Push, Datum::Null),
            Script::new().unanswered(Function::Push),
            Script::new().op(Function::Enqueue, int(1)),
            Script::new().initial(&int(1)).op(Function::Push, int(1)),
        ] {
            assert!(replay::<Stack>(&script.finish()).is_err());
        }
    }
}
