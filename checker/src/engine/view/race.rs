//! Depth first and breadth first in turns, with growing budgets counted in steps: the result does not depend on the clock.
//!
//! Depth first finds the order of a long consistent history at once where hardly a choice is regretted; breadth first
//! is far better where choices come back, where operations without return abound, and to refute. Neither is known to be
//! the right one beforehand; together they cost at most a constant factor more than the better of the two.

use super::breadth::{Breadth, Progress};
use super::context::Context;
use super::depth::Depth;
use super::mask::Mask;
use super::replay;
use super::trail::{Step, fits};
use crate::history::OpId;
use crate::limits::Stop;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a search says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Answer {
    /// A view.
    Found(Vec<OpId>),
    /// There is none.
    Stuck {
        /// The operation that cannot be placed.
        op: OpId,
        /// The event of its return.
        event: u32,
        /// As many operations as any order placed before.
        longest: Vec<OpId>,
    },
}

/// Searches a view of the problem.
///
/// # Errors
/// The limit that was reached, and how far the search had come.
pub(crate) fn search(cx: Context<'_>) -> Result<Answer, (Stop, String)> {
    if !fits(cx.problem) {
        return Err((Stop::Memory, "more than 2^31 operations of one key".into()));
    }
    match cx.problem.width {
        0..=64 => run::<[u64; 1]>(cx),
        65..=128 => run::<[u64; 2]>(cx),
        129..=256 => run::<[u64; 4]>(cx),
        _ => run::<Box<[u64]>>(cx),
    }
}

/// Whether a view exists (`None` if about `budget` configurations did not tell), and how many steps that took.
///
/// # Errors
/// The limit that was reached.
pub(crate) fn exists(cx: Context<'_>, budget: u64) -> Result<(Option<bool>, u64), Stop> {
    match cx.problem.width {
        0..=64 => exists_in::<[u64; 1]>(cx, budget),
        65..=128 => exists_in::<[u64; 2]>(cx, budget),
        129..=256 => exists_in::<[u64; 4]>(cx, budget),
        _ => exists_in::<Box<[u64]>>(cx, budget),
    }
}

fn exists_in<M: Mask>(cx: Context<'_>, budget: u64) -> Result<(Option<bool>, u64), Stop> {
    let found = |progress| match progress {
        Progress::Found(_) => Some(true),
        Progress::Stuck { .. } => Some(false),
        Progress::Paused => None,
    };
    let quick = cx.problem.events.len() as u64;
    let first = found(Depth::<M>::new(cx).run(quick)?);
    if first.is_some() {
        return Ok((first, quick));
    }
    let mut breadth = Breadth::<M>::new(cx);
    let second = found(breadth.run(budget, &AtomicBool::new(false))?);
    Ok((second, quick + breadth.progress().1))
}

fn run<M: Mask>(cx: Context<'_>) -> Result<Answer, (Stop, String)> {
    let mut breadth = Breadth::<M>::new(cx);
    let result = take_turns(cx, &mut breadth);
    let (event, made) = breadth.progress();
    drop(breadth);
    let said = |stop| {
        let all = cx.problem.events.len();
        (stop, format!("{event} of {all} calls and returns consumed, {made} configurations"))
    };
    let replay = |steps: &[Step], until| replay::view::<M>(cx, steps, until);
    match result.map_err(said)? {
        Progress::Found(steps) => Ok(Answer::Found(replay(&steps, usize::MAX).map_err(said)?)),
        Progress::Stuck { item, event, longest } => Ok(Answer::Stuck {
            op: cx.problem.op[item as usize],
            event,
            longest: replay(&longest, event as usize).map_err(said)?,
        }),
        Progress::Paused => Err(said(Stop::Interrupted)),
    }
}

/// The two searches in turns, until one has the answer or both have reached a limit. With several threads a turn of each
/// runs at the same time; the answer is the one that turns one after the other would give.
fn take_turns<'a, M: Mask>(cx: Context<'a>, breadth: &mut Breadth<'a, M>) -> Result<Progress, Stop> {
    let mut turns = Turns { depth: Some(Depth::<M>::new(cx)), breadth, exhausted: false };
    let mut budget = 2 * cx.problem.events.len() as u64 + (1 << 12);
    // Most consistent histories are decided here.
    if let Some(end) = turns.after_depth(|depth| depth.run(budget)) {
        return end;
    }
    loop {
        let (deep, wide) = turns.together(4 * budget);
        if let Some(end) = turns.after_depth(|_| deep).or_else(|| turns.after_breadth(wide)) {
            return end;
        }
        budget *= 4;
    }
}

struct Turns<'a, 'b, M: Mask> {
    /// Until it has used up the memory.
    depth: Option<Depth<'a, M>>,
    breadth: &'b mut Breadth<'a, M>,
    /// Whether the breadth-first search has used up the memory.
    exhausted: bool,
}

type Turn = Result<Progress, Stop>;

impl<M: Mask> Turns<'_, '_, M> {
    /// A turn of the breadth-first search, and the next turn of the other.
    fn together(&mut self, budget: u64) -> (Turn, Turn) {
        let Self { depth, breadth, exhausted } = self;
        let answered = AtomicBool::new(false);
        let mut wide = || if *exhausted { Ok(Progress::Paused) } else { breadth.run(budget, &answered) };
        let mut deep = || {
            let turn = depth.as_mut().map_or(Ok(Progress::Paused), |depth| depth.run(budget));
            answered.store(!matches!(turn, Ok(Progress::Paused)), Ordering::Relaxed);
            turn
        };
        if rayon::current_num_threads() > 1 {
            return rayon::join(deep, wide);
        }
        let deep = deep();
        let wide = if answered.load(Ordering::Relaxed) { Ok(Progress::Paused) } else { wide() };
        (deep, wide)
    }

    /// What a turn of the depth-first search means for the race; `None` = it goes on.
    fn after_depth(&mut self, turn: impl FnOnce(&mut Depth<'_, M>) -> Turn) -> Option<Turn> {
        match turn(self.depth.as_mut()?) {
            Ok(Progress::Paused) => None,
            // The other search may still fit: give the tables back.
            Err(Stop::Memory) if !self.exhausted => {
                self.depth = None;
                None
            }
            end => Some(end),
        }
    }

    /// The same for the breadth-first search.
    fn after_breadth(&mut self, turn: Turn) -> Option<Turn> {
        match turn {
            Ok(Progress::Paused) => None,
            Err(Stop::Memory) if self.depth.is_some() => {
                self.exhausted = true;
                self.breadth.give_up();
                None
            }
            end => Some(end),
        }
    }
}
