//! Stacks whose values are all different.
//!
//! # Problem
//! Pushes and pops, also of "empty"; each value goes in at most once; every pop tells what it took. Pending pushes may have
//! happened or not. Is there a view, and which?
//!
//! # Algorithm
//! A value is *certainly inside* in the cells (times between two events) from its push's return to its pop's call. Values
//! that are so nowhere go in and out at one moment, and matter to nobody. The others fall into *components*: values whose
//! cells cover a stretch of time without a gap. An empty pop needs a cell that no value covers. A component needs a *bottom*:
//! a value whose push was called before the component begins and whose pop returns after it ends. Without it there is no
//! view; else the bottom is put around everything else in the component, and what is left falls into components again.
//!
//! # Why it is correct
//! **Soundness.** In a view the stack is never empty while a component lasts. Of its values, the one that lies lowest at the
//! component's beginning (just before the first push returns, if it is pushed last) is below all of the others: whoever
//! were below it later would have had to be pushed after it was popped, and so leave the stack empty in between. So it was
//! pushed before everything is in, and popped after everything is out.
//!
//! **Completeness.** The bottom is pushed in the last cell before its component begins and popped in the first one after
//! it has ended. Components inside it are separated by cells without cover, each lies between these two cells, and
//! whole before the next one: what is put around them nests. In a cell, pops come first, the inner value's before the
//! outer's; then empty pops; then pushes, the outer value's before the inner's; then the values that go in and out at once.
//! A stack that falls empty between two components of the first level is where empty pops find it so.
//!
//! # Complexity
//! O(n log² n): a segment tree counts who covers a cell; when a component falls apart, the smaller part pays.
//!
//! # Reference
//! Lee, Mathur: Efficient Decrease-and-Conquer Linearizability Monitoring, OOPSLA 2025.

mod components;
mod cover;

use super::Decision;
use super::container::{Container, Entry, conflict};
use super::timeline::{NONE, Timeline};
use crate::spec::{Decoder, SpecKind};
use components::Components;

/// A value that is certainly inside somewhere.
#[derive(Clone, Copy, Debug)]
struct Value {
    entry: u32,
    push_call: u32,
    /// The cells in which it is certainly inside: from here
    begin: u32,
    /// to here, exclusive; [`Timeline::end`] if it stays in.
    end: u32,
    /// [`NONE`] if it stays in.
    pop_return: u32,
}

/// Where an operation goes: the cell, a place in it, the item. See the module's documentation for the places.
type Placed = (u32, (u8, u32), u32);

const POP: u8 = 0;
const EMPTY: u8 = 1;
const PUSH: u8 = 2;
const AT_ONCE: u8 = 3;

/// Decides a stack; `None` where values repeat or a pop's result is unknown.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let stack = match Container::new(decoder, SpecKind::Stack, line)? {
        Ok(stack) => stack,
        Err(violation) => return Some(violation),
    };
    let mut placed: Vec<Placed> = Vec::with_capacity(line.op.len());
    let values = values(&stack, line, &mut placed);
    if let Err(item) = place_empty(&stack, line, &values, &mut placed) {
        let all: Vec<u32> = (0..stack.entries.len() as u32).collect();
        return Some(stack.covered(line, item, None, line.call[item as usize], &all));
    }
    let mut components = Components::new(&values);
    if let Err(members) = components.nest() {
        return Some(no_bottom(&stack, line, &values, &members));
    }
    for (order, &(value, begin, end)) in (0_u32..).zip(&components.nested) {
        let Entry { insert, remove } = stack.entries[values[value as usize].entry as usize];
        placed.push((begin - 1, (PUSH, order), insert));
        if remove != NONE {
            placed.push((end, (POP, NONE - order), remove));
        }
    }
    placed.sort_unstable();
    Some(Decision::View(placed.iter().map(|&(.., item)| line.op[item as usize]).collect()))
}

/// The values that are certainly inside somewhere, in the order of their beginnings; places the others.
fn values(stack: &Container, line: &Timeline, placed: &mut Vec<Placed>) -> Vec<Value> {
    let mut values = Vec::with_capacity(stack.entries.len());
    for (entry, &Entry { insert, remove }) in (0_u32..).zip(&stack.entries) {
        let (begin, end) = stack.inside(entry as usize, line);
        let push_call = line.call[insert as usize];
        if begin < end {
            let pop_return = if remove == NONE { NONE } else { line.ret[remove as usize] };
            values.push(Value { entry, push_call, begin, end, pop_return });
        } else {
            let cell = push_call.max(line.call[remove as usize]);
            placed.push((cell, (AT_ONCE, 2 * entry), insert));
            placed.push((cell, (AT_ONCE, 2 * entry + 1), remove));
        }
    }
    values.sort_unstable_by_key(|value| value.begin);
    values
}

/// Gives each empty pop a cell that nothing covers; the error is one for which there is none.
fn place_empty(
    stack: &Container,
    line: &Timeline,
    values: &[Value],
    placed: &mut Vec<Placed>,
) -> Result<(), u32> {
    // Stretches of covered cells, in the order of time.
    let mut stretches: Vec<(u32, u32)> = Vec::new();
    for value in values.iter().filter(|_| !stack.empty.is_empty()) {
        match stretches.last_mut() {
            Some((_, end)) if value.begin <= *end => *end = value.end.max(*end),
            _ => stretches.push((value.begin, value.end)),
        }
    }
    for (order, &item) in (0_u32..).zip(&stack.empty) {
        let call = line.call[item as usize];
        let later = stretches.partition_point(|&(begin, _)| begin <= call);
        let cell = later.checked_sub(1).map_or(call, |stretch| call.max(stretches[stretch].1));
        if cell >= line.ret[item as usize] {
            return Err(item);
        }
        placed.push((cell, (EMPTY, order), item));
    }
    Ok(())
}

/// The violation that a component without a bottom is.
fn no_bottom(stack: &Container, line: &Timeline, values: &[Value], members: &[u32]) -> Decision {
    let items = stack.items(members.iter().map(|&value| values[value as usize].entry));
    let returning = items.iter().copied().filter(|&item| !line.is_pending(item));
    let last = returning.max_by_key(|&item| line.ret[item as usize]).unwrap_or(0);
    conflict(line, last, items)
}
