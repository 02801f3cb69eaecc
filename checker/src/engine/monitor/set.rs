//! Sets without whole reads: a two-state automaton for each element.
//!
//! # Problem
//! `add`, `remove` and `contains` with their answers; elements may come and go any number of times. Pending operations
//! may have happened or not. Is there a view, and which?
//!
//! # Algorithm
//! Elements do not depend on each other. For one: a successful `add` or `remove` *flips* its state, everything else
//! *observes* one of the two states. One pass over calls and returns: an observer happens as soon as the state is the one it
//! observes. A flip happens when it must: at its own return, at the return of an observer of the other state, or to
//! make way for a flip of the other kind that must; of those called, the one with the earliest return goes first,
//! pending ones last.
//!
//! # Why it is correct
//! What happens in the pass happens between its call and its return and is legal, so an answer "yes" has its view (the
//! elements' orders, merged by moments). For "no": flips alternate, and those of one kind are alike, so that in any view of
//! two that are both under way the one with the earlier return may go first. By induction, any such view has flipped at
//! least as often as the pass at each moment; and it has not flipped back past a state that an observer waits for without
//! flipping once more than the pass. So where the pass finds no flip to call in, no view has one.
//!
//! # Complexity
//! O(n log n).

use super::Decision;
use super::timeline::Timeline;
use crate::history::Value;
use crate::spec::{Decoder, Element, Object, RecordedSpec, Set, SetOp, SetRet, object_of};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What an item needs, and whether it changes that.
#[derive(Clone, Copy, Debug)]
struct Need {
    /// The state in which it happens: whether the element is in.
    state: bool,
    flips: bool,
}

/// Decides a set; `None` where the whole set is read, or an answer is missing of an operation that happened.
pub(super) fn decide(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Decision> {
    let object = line.op.first().and_then(|&op| object_of(decoder.history(), Set::KIND, op));
    let mut initial = Set::of_object(decoder.history(), object.unwrap_or(Object::Whole)).ok()?.initial;
    initial.sort_unstable();
    let (mut needs, mut by_element) = (Vec::new(), Vec::new());
    for (item, &op) in (0..).zip(&line.op) {
        let (op, ret) = Set::decode(decoder, op).ok()?;
        let yes = match ret {
            Some(SetRet::Answer(yes)) => yes,
            None if line.is_pending(item) => true,
            _ => return None,
        };
        let (element, need) = match op {
            SetOp::Add(element) => (element, Need { state: !yes, flips: yes }),
            SetOp::Remove(element) => (element, Need { state: yes, flips: yes }),
            SetOp::Contains(element) => (element, Need { state: yes, flips: false }),
            SetOp::Read => return None,
        };
        let Element::Value(value) = element else { return None };
        needs.push(need);
        by_element.push((value, item));
    }
    by_element.sort_unstable();
    Some(all_elements(line, &needs, &by_element, &initial))
}

/// Decides element by element. Of several violations the one with the fewest operations is told.
fn all_elements(
    line: &Timeline,
    needs: &[Need],
    by_element: &[(Value, u32)],
    initial: &[Element],
) -> Decision {
    let mut pass = Pass {
        line,
        needs,
        events: Vec::new(),
        flips: Default::default(),
        waiting: Default::default(),
        placed: Vec::new(),
    };
    let mut violated: Option<(u32, &[(Value, u32)])> = None;
    for group in by_element.chunk_by(|a, b| a.0 == b.0) {
        if violated.is_some_and(|(_, other)| other.len() <= group.len()) {
            continue;
        }
        let is_in = initial.binary_search(&Element::Value(group[0].0)).is_ok();
        if let Err(stuck) = pass.run(group, is_in) {
            violated = Some((stuck, group));
        }
    }
    if let Some((stuck, group)) = violated {
        let stuck = line.op[stuck as usize];
        let within = group.iter().map(|&(_, item)| line.op[item as usize]).collect();
        return Decision::Stuck { stuck, conflict: vec![stuck], within };
    }
    // Stable: what an element places at one moment keeps its order.
    pass.placed.sort_by_key(|(moment, _)| *moment);
    Decision::View(pass.placed.iter().map(|&(_, item)| line.op[item as usize]).collect())
}

struct Pass<'a> {
    line: &'a Timeline,
    needs: &'a [Need],
    /// The calls and returns of one element: rank, then item and whether it is a return.
    events: Vec<(u32, u32, bool)>,
    /// For each state the flips called and not happened yet that leave it, by return.
    flips: [BinaryHeap<Reverse<(u32, u32)>>; 2],
    /// For each state the observers called and not happened yet that need it.
    waiting: [Vec<u32>; 2],
    /// What happened, of all elements: the moment, a rank, and the item.
    placed: Vec<(u32, u32)>,
}

impl Pass<'_> {
    /// Lets everything on one element happen; the error is an item that cannot.
    fn run(&mut self, group: &[(Value, u32)], is_in: bool) -> Result<(), u32> {
        self.events.clear();
        for state in 0..2 {
            self.flips[state].clear();
            self.waiting[state].clear();
        }
        for &(_, item) in group {
            self.events.push((self.line.call[item as usize], item, false));
            if !self.line.is_pending(item) {
                self.events.push((self.line.ret[item as usize], item, true));
            }
        }
        self.events.sort_unstable();
        let mut state = is_in;
        for event in 0..self.events.len() {
            let (rank, item, is_return) = self.events[event];
            let need = self.needs[item as usize];
            let slot = usize::from(need.state);
            match (need.flips, is_return) {
                (true, false) => self.flips[slot].push(Reverse((self.line.ret[item as usize], item))),
                (false, false) if need.state == state => self.placed.push((rank, item)),
                (false, false) => self.waiting[slot].push(item),
                (true, true) => {
                    if self.flips[slot].peek().is_none_or(|Reverse((ret, _))| *ret != rank) {
                        continue;
                    }
                    if state != need.state {
                        self.flip(rank, &mut state).ok_or(item)?;
                    }
                    self.flip(rank, &mut state).ok_or(item)?;
                }
                // It waits only while the state is the other one; who waits does so in the order of calls.
                (false, true) => {
                    if self.waiting[slot].binary_search(&item).is_ok() {
                        self.flip(rank, &mut state).ok_or(item)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Flips the state, and lets happen who waits for that.
    fn flip(&mut self, rank: u32, state: &mut bool) -> Option<()> {
        let Reverse((_, item)) = self.flips[usize::from(*state)].pop()?;
        self.placed.push((rank, item));
        *state = !*state;
        let waiting = std::mem::take(&mut self.waiting[usize::from(*state)]);
        self.placed.extend(waiting.iter().map(|&item| (rank, item)));
        Some(())
    }
}
