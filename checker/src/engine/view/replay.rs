//! From the steps of a search to a view: who was placed when, observers included.

use super::context::Context;
use super::flight::Flight;
use super::mask::Mask;
use super::problem::NONE;
use super::trail::{Step, What};
use crate::history::OpId;
use crate::limits::Stop;
use crate::spec::NextStates;

/// The operations in the order in which a search that made these steps placed them. Replays the history up to the last
/// event needed (`until`, exclusive) and absorbs observers as the search did.
pub(crate) fn view<M: Mask>(cx: Context<'_>, steps: &[Step], until: usize) -> Result<Vec<OpId>, Stop> {
    let problem = cx.problem;
    let mut flight = Flight::<M>::new(problem);
    let mut placed = M::empty(problem.width);
    let mut state = cx.machine.initial();
    let mut used = vec![0_usize; problem.classes.len()];
    let mut view = Vec::with_capacity(problem.op.len());
    let mut steps = steps.iter().peekable();
    for event in 0..problem.events.len() {
        if event.is_multiple_of(1024) {
            cx.meter.check()?;
        }
        while let Some(step) = steps.next_if(|step| step.event as usize == event) {
            match step.what {
                What::Item(item) => {
                    placed.insert(problem.slot[item as usize]);
                    view.push(problem.op[item as usize]);
                }
                What::Class(class) => {
                    let item = problem.classes[class as usize].items[used[class as usize]];
                    used[class as usize] += 1;
                    view.push(problem.op[item as usize]);
                }
            }
            state = step.state;
            cx.absorb(&flight, state, &mut placed, |item| view.push(problem.op[item as usize]))?;
        }
        if event >= until {
            break;
        }
        let (item, is_return) = problem.event(event);
        let slot = problem.slot[item as usize];
        if is_return {
            flight.ret(problem, item);
            placed.remove(slot);
            continue;
        }
        let observer = cx.observes(item);
        flight.call(problem, item, observer);
        if observer
            && problem.deadline[item as usize] != NONE
            && flight.may_go(problem, slot, &placed)
            && cx.machine.step(state, problem.action[item as usize])? != NextStates::None
        {
            placed.insert(slot);
            view.push(problem.op[item as usize]);
        }
    }
    Ok(view)
}
