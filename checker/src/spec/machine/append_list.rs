//! Strings and lists as a machine: a state is a node of a tree, its path the content.
//!
//! # Algorithm
//! A list's labels are the numbers of its elements. A string's are its bytes, seven to a label, the last label perhaps
//! fewer: then a string of any length has one path, however it was pieced together, and appending replaces a last label
//! that is not full. What reads return and puts leave are nodes too, found once when the machine is made, so that a read
//! compares two numbers.
//!
//! # Correctness
//! Equal contents are one node (see [`Pairs`]), for the division into labels is a function of the content alone: labels of
//! strings hold their number of bytes, from 1 to 7, and only the last of a path holds fewer than 7; labels of lists have a
//! bit that those of strings lack.
//!
//! # Complexity
//! A step is O(appended bytes), reads and puts O(1). The nodes are at most one for each seven bytes or element of distinct
//! content.

use super::pairs::{Pairs, ROOT};
use super::{Machine, NextStates};
use crate::limits::{Meter, Stop};
use crate::spec::append_list::Content;
use crate::spec::{AppendList, AppendListOp, AppendListRet, Element, Piece, Sequence};
use rustc_hash::FxHashMap;

/// An [`AppendList`] with its actions.
#[derive(Debug)]
pub(in crate::spec) struct AppendListMachine<'a> {
    pairs: Pairs<'a>,
    actions: Vec<Action<'a>>,
    initial: u32,
    /// For each node on the way to a content that was read: the labels that lead on. `None` where a put may replace what
    /// there is, so that any content may come back.
    ways: Option<FxHashMap<u32, Vec<u64>>>,
}

/// What an action does; elements by label, contents by node.
#[derive(Clone, Copy, Debug)]
enum Action<'a> {
    /// Its result is never right.
    Never,
    /// Any content is.
    ReadAnything,
    Read(u32),
    Put(u32),
    AppendText(&'a str),
    AppendElement(u64),
}

/// The labels of a list's elements have this bit.
const ELEMENT: u64 = 1 << 63;
/// The bytes of a full label of a string.
const FULL: u32 = 7;
/// The label's number of bytes stands from this bit on.
const COUNT_SHIFT: u32 = 56;

impl<'a> AppendListMachine<'a> {
    /// Finds the nodes of all contents that actions name.
    ///
    /// # Errors
    /// If the limits leave no room for them.
    pub(in crate::spec) fn new(
        object: &'a AppendList,
        actions: &'a [(AppendListOp, Option<AppendListRet>)],
        meter: &'a Meter,
    ) -> Result<Self, Stop> {
        meter.charge(actions.len() * size_of::<Action<'_>>())?;
        let mut machine = Self {
            pairs: Pairs::new(meter),
            actions: Vec::with_capacity(actions.len()),
            initial: ROOT,
            ways: None,
        };
        let mut labels = Labels::default();
        machine.initial = machine.content(&object.initial, &mut labels)?;
        for (op, ret) in actions {
            meter.check()?;
            let action = match (op, ret) {
                (AppendListOp::Read, None) => Action::ReadAnything,
                (AppendListOp::Read, Some(AppendListRet::Content(seen))) => {
                    Action::Read(machine.content(seen, &mut labels)?)
                }
                (AppendListOp::Read, Some(_)) | (_, Some(AppendListRet::Content(_))) => Action::Never,
                (AppendListOp::Put(content), _) => Action::Put(machine.content(content, &mut labels)?),
                (AppendListOp::Append(Piece::Text(text)), _) => Action::AppendText(text),
                (AppendListOp::Append(Piece::Element(element)), _) => {
                    Action::AppendElement(labels.of(element))
                }
            };
            machine.actions.push(action);
        }
        machine.find_ways()?;
        Ok(machine)
    }

    /// Notes the ways to all contents that were read, unless there are puts.
    fn find_ways(&mut self) -> Result<(), Stop> {
        if self.actions.iter().any(|action| matches!(action, Action::Put(_))) {
            return Ok(());
        }
        let mut ways: FxHashMap<u32, Vec<u64>> = FxHashMap::default();
        for action in &self.actions {
            let Action::Read(mut node) = *action else { continue };
            while let Some((before, label)) = self.pairs.split(node) {
                let labels = ways.entry(before).or_default();
                if labels.contains(&label) {
                    break;
                }
                self.pairs.charge(size_of::<(u32, Vec<u64>)>() + 2 * size_of::<u64>())?;
                labels.push(label);
                node = before;
            }
        }
        self.ways = Some(ways);
        Ok(())
    }

    /// The node of a content.
    fn content(&self, content: &'a Sequence, labels: &mut Labels<'a>) -> Result<u32, Stop> {
        match &content.0 {
            Content::Empty => Ok(ROOT),
            Content::Text(text) => self.text(ROOT, 0, text),
            Content::List(elements) => {
                elements.iter().try_fold(ROOT, |node, element| self.pairs.child(node, labels.of(element)))
            }
        }
    }

    /// The node of a string: `node` is that of its full labels so far, `label` holds the bytes behind them.
    fn text(&self, mut node: u32, mut label: u64, text: &str) -> Result<u32, Stop> {
        for &byte in text.as_bytes() {
            let count = count(label);
            label = (label & !(u64::MAX << COUNT_SHIFT) | u64::from(byte) << (8 * count))
                | u64::from(count + 1) << COUNT_SHIFT;
            if count + 1 == FULL {
                node = self.pairs.child(node, label)?;
                label = 0;
            }
        }
        if label == 0 { Ok(node) } else { self.pairs.child(node, label) }
    }

    /// The node behind `state` after text; `None` if it is a list.
    fn append_text(&self, state: u32, text: &str) -> Result<Option<u32>, Stop> {
        Ok(Some(match self.pairs.split(state) {
            Some((_, label)) if label & ELEMENT != 0 => return Ok(None),
            Some((full, label)) if count(label) < FULL => self.text(full, label, text)?,
            _ => self.text(state, 0, text)?,
        }))
    }

    /// The node behind `state` after an element; `None` if it is a string.
    fn append_element(&self, state: u32, element: u64) -> Result<Option<u32>, Stop> {
        match self.pairs.split(state) {
            Some((_, label)) if label & ELEMENT == 0 => Ok(None),
            _ => self.pairs.child(state, element).map(Some),
        }
    }
}

impl Machine for AppendListMachine<'_> {
    fn initial(&self) -> u32 {
        self.initial
    }

    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let after = match self.actions[action as usize] {
            Action::Never => None,
            Action::ReadAnything => Some(state),
            Action::Read(content) => (state == content).then_some(state),
            Action::Put(content) => Some(content),
            Action::AppendText(text) => self.append_text(state, text)?,
            Action::AppendElement(element) => self.append_element(state, element)?,
        };
        Ok(after.map_or(NextStates::None, NextStates::One))
    }

    fn looks(&self, action: u32) -> bool {
        matches!(self.actions[action as usize], Action::Read(_))
    }

    /// Contents only grow where nothing is put: one that no recorded read begins with will never be read.
    fn is_dead_end(&self, state: u32) -> bool {
        let (Some(ways), Some((before, label))) = (&self.ways, self.pairs.split(state)) else { return false };
        !ways.get(&before).is_some_and(|labels| labels.iter().any(|&on| begins_with(on, label)))
    }
}

/// Whether a label is another, or begins with it where it is part of a string.
fn begins_with(label: u64, start: u64) -> bool {
    if label == start || (label | start) & ELEMENT != 0 {
        return label == start;
    }
    let bytes = !(u64::MAX << (8 * count(start)));
    count(label) >= count(start) && (label ^ start) & bytes == 0
}

/// How many bytes of a string a label holds.
fn count(label: u64) -> u32 {
    (label >> COUNT_SHIFT) as u32
}

/// Numbers for elements.
#[derive(Default)]
struct Labels<'a>(FxHashMap<&'a Element, u64>);

impl<'a> Labels<'a> {
    fn of(&mut self, element: &'a Element) -> u64 {
        let next = ELEMENT | self.0.len() as u64;
        *self.0.entry(element).or_insert(next)
    }
}
