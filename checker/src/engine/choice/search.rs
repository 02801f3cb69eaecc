//! Depth-first search with propagation.
//!
//! A problem keeps its state in a [`Store`]. It is made as definite as its rules make it (*propagation*); then it names a
//! question and all possible answers; they are tried one after the other. Complete: a question's answers exhaust the
//! possibilities. Terminates: every answer makes the state more definite. The stack is explicit.

use super::store::Store;
use crate::limits::{Meter, Stop};

/// An answer to a question of a search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Answer {
    /// The reader takes this candidate.
    Source { reader: usize, candidate: usize },
    /// The reader of this view takes this candidate.
    SourceIn { order: usize, reader: usize, candidate: usize },
    /// In this order, one node comes before another.
    Before { order: usize, from: usize, to: usize },
}

/// A problem to search.
pub(super) trait Problem {
    /// Draws conclusions until there are no more; false if they contradict one another.
    fn propagate(&mut self, store: &mut Store) -> bool;

    /// All answers to a question that is open, the most promising first; none if the state is a solution.
    fn question(&mut self, store: &Store) -> Vec<Answer>;

    /// Takes an answer; false if that is impossible.
    fn take(&mut self, store: &mut Store, answer: Answer) -> bool;
}

/// Whether the problem has a solution; if so it is left in the store.
///
/// # Errors
/// The limit that was reached.
pub(super) fn search(problem: &mut impl Problem, store: &mut Store, meter: &Meter) -> Result<bool, Stop> {
    let mut charged = store.bytes();
    meter.charge(charged)?;
    let mut frames: Vec<(usize, std::vec::IntoIter<Answer>)> = Vec::new();
    let mut fine = true;
    let outcome = loop {
        if let Err(stop) = meter.check() {
            break Err(stop);
        }
        if fine && problem.propagate(store) {
            let answers = problem.question(store);
            if answers.is_empty() {
                break Ok(true);
            }
            frames.push((store.mark(), answers.into_iter()));
            let bytes = store.bytes();
            if bytes > charged {
                let more = bytes - charged;
                charged = bytes;
                if let Err(stop) = meter.charge(more) {
                    break Err(stop);
                }
            }
        }
        let Some((mark, answers)) = frames.last_mut() else { break Ok(false) };
        store.undo(*mark);
        match answers.next() {
            Some(answer) => fine = problem.take(store, answer),
            None => {
                frames.pop();
                fine = false;
            }
        }
    };
    meter.refund(charged);
    outcome
}
