//! Histories of types of one's own: calls with typed operations and results, judged by a typed specification.

mod hinted;

use super::view::{TypedProblem, decide_typed};
use crate::certificate::Witness;
use crate::history::Outcome;
use crate::limits::{Limits, Meter};
use crate::model::Model;
use crate::spec::SequentialSpec;
use crate::verdict::Verdict;
use thiserror::Error;

/// What one client did and saw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call<Op, Ret> {
    /// Who called: calls of one process are in program order.
    pub process: u64,
    /// The function with its arguments.
    pub op: Op,
    /// The result; `None` = not known. Ignored for `info`: what such a call answered nobody saw.
    pub ret: Option<Ret>,
    /// Whether it took effect.
    pub outcome: Outcome,
    /// When it started, on any clock.
    pub start: i64,
    /// When it returned, on the same clock; ignored for `info` and `fail`.
    pub end: i64,
}

/// Why calls cannot be judged. Numbers are indices of the calls.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[non_exhaustive]
pub enum CallError {
    /// A call returns before it starts.
    #[error("call {call} returns at {end}, before its start at {start}; swap `start` and `end`")]
    EndBeforeStart {
        /// The call.
        call: usize,
        /// Its start.
        start: i64,
        /// Its end.
        end: i64,
    },
    /// Two `ok` calls of one process overlap.
    #[error(
        "calls {first} and {second} of process {process} overlap: the later starts before the earlier has returned; \
         give concurrent calls processes of their own"
    )]
    Overlap {
        /// The call that starts first.
        first: usize,
        /// The other.
        second: usize,
        /// Their process.
        process: u64,
    },
    /// The model is not about one view of any data type.
    #[error("{model} is about registers; typed calls are judged by strict, linearizable or sequential")]
    NotOneView {
        /// The model.
        model: Model,
    },
    /// More calls than operation ids.
    #[error("{calls} calls are too many: a history holds at most 2^31")]
    TooLong {
        /// How many there are.
        calls: usize,
    },
}

/// Judges calls by a specification and a one-view model: strict, linearizable or sequential.
///
/// Operation ids in the verdict are indices into `calls`. A violation names the call that cannot be placed, the longest
/// order of calls found before it, and the calls up to it; it is not shrunk.
///
/// # Errors
/// If a call is malformed, two `ok` calls of one process overlap, or the model is about more than one view.
///
/// # Complexity
/// As the engine's search; NP-complete in general. Calls are judged part by part where
/// [`SequentialSpec::partition`] gives every one of them a part and the model is local.
///
/// # Examples
/// ```
/// use tribunal_checker::engine::{Call, check_calls};
/// use tribunal_checker::history::Outcome;
/// use tribunal_checker::limits::Limits;
/// use tribunal_checker::model::Model;
/// use tribunal_checker::spec::SequentialSpec;
/// use tribunal_checker::verdict::Verdict;
///
/// /// Gives out tickets: 0, 1, 2, …
/// struct Tickets;
///
/// impl SequentialSpec for Tickets {
///     type State = u64;
///     type Op = ();
///     type Ret = u64;
///
///     fn initial(&self) -> u64 {
///         0
///     }
///
///     fn step(&self, next_ticket: &u64, _: &(), ret: Option<&u64>, next: &mut Vec<u64>) {
///         if ret.is_none_or(|ticket| ticket == next_ticket) {
///             next.push(next_ticket + 1);
///         }
///     }
/// }
///
/// let call = |process, ticket, start, end| Call {
///     process,
///     op: (),
///     ret: Some(ticket),
///     outcome: Outcome::Ok,
///     start,
///     end,
/// };
/// let overlapping = [call(1, 1, 0, 5), call(2, 0, 3, 8)];
/// let verdict = check_calls(&Tickets, &overlapping, Model::Linearizable, &Limits::default())?;
/// assert!(matches!(verdict, Verdict::Consistent(_)));
///
/// let one_after_the_other = [call(1, 1, 0, 2), call(2, 0, 3, 8)];
/// let verdict = check_calls(&Tickets, &one_after_the_other, Model::Linearizable, &Limits::default())?;
/// assert!(matches!(verdict, Verdict::Violated(_)));
/// # Ok::<(), tribunal_checker::engine::CallError>(())
/// ```
pub fn check_calls<S: SequentialSpec>(
    spec: &S,
    calls: &[Call<S::Op, S::Ret>],
    model: Model,
    limits: &Limits,
) -> Result<Verdict, CallError> {
    if !matches!(model, Model::Strict | Model::Linearizable | Model::Sequential) {
        return Err(CallError::NotOneView { model });
    }
    if calls.len() >= 1 << 31 {
        return Err(CallError::TooLong { calls: calls.len() });
    }
    let order = program_order(calls)?;
    if let Some(view) = hinted::view(spec, calls, model, &order, &Meter::start(limits)) {
        return Ok(Verdict::Consistent(Witness::View(view)));
    }
    let problem = TypedProblem { spec, calls, model, order: &order, limits };
    Ok(super::judge::on_threads(limits, || decide_typed(&problem)))
}

/// The calls that may have taken effect, sorted by process and then in program order.
fn program_order<Op, Ret>(calls: &[Call<Op, Ret>]) -> Result<Vec<u32>, CallError> {
    let mut order: Vec<u32> =
        (0..calls.len() as u32).filter(|&call| calls[call as usize].outcome != Outcome::Fail).collect();
    for &call in &order {
        let Call { start, end, outcome, .. } = calls[call as usize];
        if outcome == Outcome::Ok && end < start {
            return Err(CallError::EndBeforeStart { call: call as usize, start, end });
        }
    }
    let end =
        |call: &Call<Op, Ret>| if call.outcome == Outcome::Ok { call.end } else { crate::history::NEVER };
    order.sort_by_key(|&call| {
        let of = &calls[call as usize];
        (of.process, of.start, end(of), call)
    });
    let mut last: Option<u32> = None;
    for &second in order.iter().filter(|&&call| calls[call as usize].outcome == Outcome::Ok) {
        let of = &calls[second as usize];
        if let Some(first) = last
            && calls[first as usize].process == of.process
            && calls[first as usize].end > of.start
        {
            let (first, second, process) = (first as usize, second as usize, of.process);
            return Err(CallError::Overlap { first, second, process });
        }
        last = Some(second);
    }
    Ok(order)
}
