//! Search depth first, with a memo: quick where a history is consistent and one order is as good as another.
//!
//! # Problem and algorithm
//! As [`breadth`](super::breadth), but one configuration at a time: at a return whose operation is not placed, choose an
//! operation to place (the one that returns first is tried first), go on, and come back when a return cannot be served.
//! A memo of the configurations seen at each choice (compared exactly) keeps the search from trying one twice. The stack is
//! explicit; stepping back undoes the calls and returns passed.
//!
//! # Why it is correct
//! The choices are those of the breadth-first search, each tried at most once: the memo holds configurations all of whose
//! continuations have failed or are under way further up the stack, and a continuation that came back to one on the
//! stack would have placed nothing, which no step does.
//!
//! # Complexity
//! O(n) steps if no choice is regretted; like breadth first at worst, with the memo growing by one entry a choice.

use super::breadth::Progress;
use super::config::mix;
use super::context::Context;
use super::flight::Flight;
use super::mask::Mask;
use super::problem::{NONE, number};
use super::trail::{Step, What};
use super::usage::{UNUSED, UsageTable};
use crate::limits::Stop;
use crate::spec::NextStates;
use hashbrown::HashTable;

/// A choice: the configuration at a return, and what is still to be tried.
struct Choice<M> {
    event: u32,
    state: u32,
    used: u32,
    placed: M,
    /// Its untried candidates end at this length of the shared list; they begin where the next choice's end.
    from: usize,
}

/// See the module.
pub(crate) struct Depth<'a, M: Mask> {
    cx: Context<'a>,
    flight: Flight<M>,
    usage: UsageTable,
    /// The event to come.
    event: usize,
    state: u32,
    used: u32,
    placed: M,
    choices: Vec<Choice<M>>,
    /// Untried candidates of all choices on the stack, each choice's in reverse order.
    candidates: Vec<(What, u32)>,
    steps: Vec<Step>,
    memo: Memo<M>,
    charged: usize,
    furthest: Furthest,
}

/// The steps up to the furthest dead end, sharing with the current steps what they have in common: so that a dead end
/// costs no copy.
#[derive(Default)]
struct Furthest {
    event: u32,
    /// It begins with this many of the current steps.
    shared: usize,
    /// The rest, last first.
    rest: Vec<Step>,
}

impl<'a, M: Mask> Depth<'a, M> {
    /// A search from the start.
    pub(crate) fn new(cx: Context<'a>) -> Self {
        Self {
            cx,
            flight: Flight::new(cx.problem),
            usage: UsageTable::new(),
            event: 0,
            state: cx.machine.initial(),
            used: UNUSED,
            placed: M::empty(cx.problem.width),
            choices: Vec::new(),
            candidates: Vec::new(),
            steps: Vec::new(),
            memo: Memo::default(),
            charged: 0,
            furthest: Furthest::default(),
        }
    }

    /// Goes on until an answer is found or about `budget` more choices were made.
    ///
    /// # Errors
    /// The limit that was reached.
    pub(crate) fn run(&mut self, budget: u64) -> Result<Progress, Stop> {
        let mut spent = 0_u64;
        loop {
            if spent >= budget {
                return Ok(Progress::Paused);
            }
            spent += 1;
            if spent.is_multiple_of(128) {
                self.cx.meter.check()?;
                self.account()?;
            }
            let choose = self.advance()?;
            if !choose {
                return Ok(Progress::Found(self.steps.clone()));
            }
            if self.memo.insert(self.event, self.state, self.used, &self.placed) {
                self.push_choice()?;
            }
            if !self.take_candidate()? {
                let Furthest { event, rest, .. } = std::mem::take(&mut self.furthest);
                let longest = rest.into_iter().rev().collect();
                let item = self.cx.problem.event(event as usize).0;
                return Ok(Progress::Stuck { item, event, longest });
            }
        }
    }

    /// Passes events up to the next return whose operation is not placed; false at the end of the history.
    fn advance(&mut self) -> Result<bool, Stop> {
        let problem = self.cx.problem;
        while self.event < problem.events.len() {
            if self.event.is_multiple_of(1024) {
                self.cx.meter.check()?;
            }
            let (item, is_return) = problem.event(self.event);
            let slot = problem.slot[item as usize];
            if is_return {
                if !self.placed.has(slot) {
                    return Ok(true);
                }
                self.placed.remove(slot);
                self.flight.ret(problem, item);
            } else {
                let observer = self.cx.observes(item);
                self.flight.call(problem, item, observer);
                if observer
                    && problem.deadline[item as usize] != NONE
                    && self.flight.may_go(problem, slot, &self.placed)
                    && self.cx.machine.step(self.state, problem.action[item as usize])? != NextStates::None
                {
                    self.placed.insert(slot);
                }
            }
            self.event += 1;
        }
        Ok(false)
    }

    fn push_choice(&mut self) -> Result<(), Stop> {
        let event = number(self.event);
        let from = self.candidates.len();
        let Self { cx, flight, usage, candidates, .. } = self;
        let at = (self.state, self.used, &self.placed);
        cx.candidates(flight, usage, event, at, |what, state| {
            candidates.push((what, state));
            Ok(())
        })?;
        let problem = cx.problem;
        // Taken from the end: the operation that returns first, first; those that need not happen last.
        candidates[from..].sort_by_key(|(what, _)| {
            std::cmp::Reverse(match *what {
                What::Item(item) => problem.deadline[item as usize],
                What::Class(_) => NONE,
            })
        });
        if event > self.furthest.event || self.choices.is_empty() {
            self.furthest = Furthest { event, shared: self.steps.len(), rest: Vec::new() };
        }
        self.choices.push(Choice {
            event,
            state: self.state,
            used: self.used,
            placed: self.placed.clone(),
            from,
        });
        Ok(())
    }

    /// Takes the next untried candidate of the latest choice that has one; false if there is none anywhere.
    fn take_candidate(&mut self) -> Result<bool, Stop> {
        while let Some(choice) = self.choices.last() {
            if self.candidates.len() == choice.from {
                self.choices.pop();
                self.cut_steps(self.choices.len());
                continue;
            }
            let (event, state, used, placed) =
                (choice.event, choice.state, choice.used, choice.placed.clone());
            self.go_back(event as usize);
            self.cut_steps(self.choices.len() - 1);
            let (what, after) = self.candidates.pop().unwrap_or((What::Class(NONE), state));
            (self.state, self.used, self.placed) = (after, used, placed);
            match what {
                What::Item(item) => self.placed.insert(self.cx.problem.slot[item as usize]),
                What::Class(class) => self.used = self.usage.with(used, class),
            }
            self.cx.absorb(&self.flight, after, &mut self.placed, |_| ())?;
            self.steps.push(Step { event, what, state: after });
            return Ok(true);
        }
        Ok(false)
    }

    /// Takes back steps, and keeps those of the furthest dead end.
    fn cut_steps(&mut self, length: usize) {
        let Self { steps, furthest, .. } = self;
        if furthest.shared > length {
            furthest.rest.extend(steps[length..furthest.shared].iter().rev());
            furthest.shared = length;
        }
        steps.truncate(length);
    }

    /// Undoes events until `event` is the one to come.
    fn go_back(&mut self, event: usize) {
        let problem = self.cx.problem;
        while self.event > event {
            self.event -= 1;
            let (item, is_return) = problem.event(self.event);
            if is_return {
                self.flight.unret(problem, item, self.cx.observes(item));
            } else {
                self.flight.uncall(problem, item);
            }
        }
    }

    fn account(&mut self) -> Result<(), Stop> {
        let now = self.memo.bytes()
            + self.choices.capacity() * size_of::<Choice<M>>()
            + self.candidates.capacity() * size_of::<(What, u32)>()
            + self.usage.bytes();
        let before = std::mem::replace(&mut self.charged, now);
        if now > before {
            self.cx.meter.charge(now - before)
        } else {
            self.cx.meter.refund(before - now);
            Ok(())
        }
    }
}

impl<M: Mask> Drop for Depth<'_, M> {
    fn drop(&mut self) {
        self.cx.meter.refund(self.charged);
    }
}

/// The configurations seen at each choice.
struct Memo<M> {
    rows: Vec<(u32, u32, u32, M)>,
    table: HashTable<u32>,
}

impl<M> Default for Memo<M> {
    fn default() -> Self {
        Self { rows: Vec::new(), table: HashTable::new() }
    }
}

impl<M: Mask> Memo<M> {
    /// False if it was there.
    fn insert(&mut self, event: usize, state: u32, used: u32, placed: &M) -> bool {
        let hash_of = |row: &(u32, u32, u32, M)| {
            let start = mix(u64::from(row.0) << 32 | u64::from(row.1), u64::from(row.2));
            row.3.words().iter().fold(start, |hash, &word| mix(hash, word))
        };
        let row = (number(event), state, used, placed.clone());
        let hash = hash_of(&row);
        let Self { rows, table } = self;
        if table.find(hash, |&other| rows[other as usize] == row).is_some() {
            return false;
        }
        rows.push(row);
        table.insert_unique(hash, number(rows.len() - 1), |&other| hash_of(&rows[other as usize]));
        true
    }

    fn bytes(&self) -> usize {
        let heap = self.rows.first().map_or(0, |row| row.3.heap());
        self.rows.capacity() * (size_of::<(u32, u32, u32, M)>() + heap) + self.table.capacity() * 5
    }
}
