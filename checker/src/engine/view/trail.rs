//! How configurations were reached: a tree of steps, from each configuration back to the start.

use super::problem::{NONE, Problem, number};

/// The start of every trail.
pub(crate) const START: u32 = NONE;

/// An operation that changed the state was placed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Step {
    /// The event before which it was placed.
    pub event: u32,
    /// The item, or a class of items without return (then any unused one that was called).
    pub what: What,
    /// The state it left.
    pub state: u32,
}

/// What was placed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum What {
    /// An item.
    Item(u32),
    /// One of a class.
    Class(u32),
}

/// The tree; a node's parent has a smaller number.
#[derive(Debug, Default)]
pub(crate) struct Trail {
    nodes: Vec<(u32, Step)>,
    /// The length after the last collection.
    kept: usize,
}

impl Trail {
    /// Adds a step behind `parent`.
    #[inline]
    pub(crate) fn push(&mut self, parent: u32, step: Step) -> u32 {
        self.nodes.push((parent, step));
        number(self.nodes.len() - 1)
    }

    /// The steps from the start to a node.
    pub(crate) fn steps(&self, mut node: u32) -> Vec<Step> {
        let mut steps = Vec::new();
        while node != START {
            let (parent, step) = self.nodes[node as usize];
            steps.push(step);
            node = parent;
        }
        steps.reverse();
        steps
    }

    /// Whether so much has come since the last collection that another one pays.
    pub(crate) fn is_overgrown(&self) -> bool {
        self.nodes.len() > 2 * self.kept + (1 << 16)
    }

    /// Drops every node that no root leads to; the roots are renumbered.
    pub(crate) fn collect<'a>(&mut self, roots: impl Iterator<Item = &'a mut u32>) {
        let roots: Vec<&mut u32> = roots.collect();
        let mut alive = vec![false; self.nodes.len()];
        for &&mut mut node in &roots {
            while node != START && !std::mem::replace(&mut alive[node as usize], true) {
                node = self.nodes[node as usize].0;
            }
        }
        let mut renumbered = vec![START; self.nodes.len()];
        let mut kept = 0;
        for old in 0..self.nodes.len() {
            if alive[old] {
                let (parent, step) = self.nodes[old];
                let parent = if parent == START { START } else { renumbered[parent as usize] };
                self.nodes[kept] = (parent, step);
                renumbered[old] = number(kept);
                kept += 1;
            }
        }
        self.nodes.truncate(kept);
        self.kept = kept;
        for root in roots {
            if *root != START {
                *root = renumbered[*root as usize];
            }
        }
    }

    /// The bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<(u32, Step)>()
    }
}

/// The room for trails is counted in items of 31 bits.
pub(crate) fn fits(problem: &Problem) -> bool {
    problem.op.len() < 1 << 31
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn collection_keeps_what_the_roots_lead_to() {
        let mut trail = Trail::default();
        let step = |state| Step { event: 0, what: What::Item(state), state };
        let a = trail.push(START, step(1));
        let _dead = trail.push(a, step(2));
        let mut b = trail.push(a, step(3));
        let before = trail.steps(b);
        trail.collect([&mut b].into_iter());
        assert_eq!(trail.steps(b), before);
        assert_eq!(trail.nodes.len(), 2);
    }
}
