//! Values nested into each other: takes the bottom of each component away until nothing is left.

use super::Value;
use super::cover::Cover;
use crate::engine::monitor::timeline::NONE;
use std::collections::BinaryHeap;

/// The values, and what is known about where each lies.
#[derive(Debug)]
pub(super) struct Components<'a> {
    values: &'a [Value],
    /// Ends of values' cells, sorted: positions in this list are the cells of `cover`.
    ends: Vec<u32>,
    cover: Cover,
    /// The component that each value is in, and its neighbours there, in the order of beginnings.
    of: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    /// The values with the cells that they were put around: (value, begin, end); outer ones before inner ones.
    pub nested: Vec<(u32, u32, u32)>,
}

impl<'a> Components<'a> {
    /// Nothing nested yet. The values are sorted by their beginnings.
    pub(super) fn new(values: &'a [Value]) -> Self {
        let mut ends: Vec<u32> = values.iter().flat_map(|value| [value.begin, value.end]).collect();
        ends.sort_unstable();
        ends.dedup();
        let mut cover = Cover::new(ends.len());
        for value in values {
            let [begin, end] = [value.begin, value.end].map(|end| position(&ends, end));
            cover.add(begin, end);
        }
        let none = vec![NONE; values.len()];
        let nested = Vec::with_capacity(values.len());
        Self { values, ends, cover, of: none.clone(), next: none.clone(), previous: none, nested }
    }

    /// Nests all values. The error is a component without a bottom.
    pub(super) fn nest(&mut self) -> Result<(), Vec<u32>> {
        let mut todo: Vec<Vec<u32>> = Vec::new();
        let mut end = 0;
        for (value, of) in (0_u32..).zip(self.values) {
            match todo.last_mut() {
                Some(component) if of.begin < end => component.push(value),
                _ => todo.push(vec![value]),
            }
            end = end.max(of.end);
        }
        let mut number = 0;
        while let Some(component) = todo.pop() {
            self.peel(&component, number, &mut todo)?;
            number += 1;
        }
        Ok(())
    }

    /// Takes bottoms from a component; what falls off is to do.
    fn peel(&mut self, members: &[u32], number: u32, todo: &mut Vec<Vec<u32>>) -> Result<(), Vec<u32>> {
        for (at, &value) in members.iter().enumerate() {
            let neighbour = |at: Option<usize>| at.and_then(|at| members.get(at)).copied().unwrap_or(NONE);
            self.of[value as usize] = number;
            self.previous[value as usize] = neighbour(at.checked_sub(1));
            self.next[value as usize] = neighbour(Some(at + 1));
        }
        let mut by_call = members.to_vec();
        by_call.sort_unstable_by_key(|&value| self.values[value as usize].push_call);
        let mut by_call = by_call.into_iter().peekable();
        let mut by_end: BinaryHeap<(u32, u32)> =
            members.iter().map(|&value| (self.values[value as usize].end, value)).collect();
        let mut candidates: BinaryHeap<(u32, u32)> = BinaryHeap::new();
        let (mut head, mut tail) = (members[0], members[members.len() - 1]);
        loop {
            while by_end.peek().is_some_and(|&(_, value)| self.of[value as usize] != number) {
                by_end.pop();
            }
            let Some(&(end, _)) = by_end.peek() else { return Ok(()) };
            let begin = self.values[head as usize].begin;
            let cells = (position(&self.ends, begin), position(&self.ends, end));
            if let Some(gap) = self.cover.gap(cells.0, cells.1) {
                todo.push(self.split(&mut head, &mut tail, self.ends[gap as usize]));
                continue;
            }
            while let Some(value) = by_call.next_if(|&value| self.values[value as usize].push_call < begin) {
                if self.of[value as usize] == number {
                    candidates.push((self.values[value as usize].pop_return, value));
                }
            }
            while candidates.peek().is_some_and(|&(_, value)| self.of[value as usize] != number) {
                candidates.pop();
            }
            let Some((_, bottom)) = candidates.pop().filter(|&(pop_return, _)| pop_return > end) else {
                return Err(self.list(head));
            };
            self.nested.push((bottom, begin, end));
            self.take(bottom, &mut head, &mut tail);
        }
    }

    /// Takes a value out of its component.
    fn take(&mut self, value: u32, head: &mut u32, tail: &mut u32) {
        let Value { begin, end, .. } = self.values[value as usize];
        self.cover.remove(position(&self.ends, begin), position(&self.ends, end));
        self.of[value as usize] = NONE;
        let (previous, next) = (self.previous[value as usize], self.next[value as usize]);
        *(if previous == NONE { head } else { &mut self.next[previous as usize] }) = next;
        *(if next == NONE { tail } else { &mut self.previous[next as usize] }) = previous;
    }

    /// Splits a component at a cell that nobody covers; gives the smaller part, which it leaves.
    fn split(&mut self, head: &mut u32, tail: &mut u32, gap: u32) -> Vec<u32> {
        let is_left = |value: u32| self.values[value as usize].begin < gap;
        let (mut left, mut right) = (Vec::new(), Vec::new());
        let (mut first, mut last) = (*head, *tail);
        let part = loop {
            if !is_left(first) {
                *head = first;
                self.previous[first as usize] = NONE;
                break left;
            }
            left.push(first);
            first = self.next[first as usize];
            if is_left(last) {
                *tail = last;
                self.next[last as usize] = NONE;
                right.reverse();
                break right;
            }
            right.push(last);
            last = self.previous[last as usize];
        };
        for &value in &part {
            self.of[value as usize] = NONE;
        }
        part
    }

    /// A component's values.
    fn list(&self, head: u32) -> Vec<u32> {
        let mut members = Vec::new();
        let mut value = head;
        while value != NONE {
            members.push(value);
            value = self.next[value as usize];
        }
        members
    }
}

fn position(ends: &[u32], end: u32) -> u32 {
    ends.partition_point(|&other| other < end) as u32
}
