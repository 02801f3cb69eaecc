//! A component of a history: chains of operations to be interleaved.

use super::super::action::Objects;
use super::super::problem::{NONE, number};
use super::values::Values;
use crate::history::{History, OpId, Outcome, ProcessId};
use crate::spec::{Decoder, RecordedSpec, SpecError, kept};
use rustc_hash::FxHashMap;

/// An operation of a component.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item {
    pub op: OpId,
    /// Function, argument and result: a number of the component.
    pub action: u32,
    /// Its chain and its place there; for an optional operation the chain and place it must not come before.
    pub chain: u32,
    pub index: u32,
}

/// Operations that need not happen, alike in action: any available one will do.
#[derive(Clone, Debug)]
pub(crate) struct Optional {
    pub action: u32,
    /// The items, each available once its chain has come to its place.
    pub items: Vec<u32>,
}

/// Chains, and what may be put between.
#[derive(Debug)]
pub(crate) struct Component {
    pub items: Vec<Item>,
    /// Items in program order; a process each. An `info` operation that must have happened is a chain of its own.
    pub chains: Vec<Vec<u32>>,
    /// For a chain that is one `info` operation: (chain, place) it must not come before.
    pub after: Vec<Option<(u32, u32)>>,
    pub optional: Vec<Optional>,
    /// What registers hold: who writes and reads which value; `None` for other data types.
    pub values: Option<Values>,
}

/// The operations of each component: processes that share no object need not be interleaved.
pub(crate) fn components<S: RecordedSpec>(history: &History) -> Vec<Vec<OpId>> {
    let objects = history.key_count() + history.lock_count();
    let mut root: Vec<u32> = (0..number(objects + history.process_count())).collect();
    let of_process = |process: ProcessId| number(objects) + process.0;
    let ops: Vec<OpId> = history.ops().filter(|&op| kept(history, S::KIND, op)).collect();
    for &op in &ops {
        for micro in history.micros(op) {
            let key = micro.key().map(|key| key.0);
            let object = key.or(micro.lock().map(|lock| number(history.key_count()) + lock.0));
            let (a, b) =
                (find(&mut root, object.unwrap_or(0)), find(&mut root, of_process(history.process(op))));
            root[a.max(b) as usize] = a.min(b);
        }
    }
    let mut component_of: FxHashMap<u32, usize> = FxHashMap::default();
    let mut components: Vec<Vec<OpId>> = Vec::new();
    for op in ops {
        let root = find(&mut root, of_process(history.process(op)));
        let component = *component_of.entry(root).or_insert_with(|| {
            components.push(Vec::new());
            components.len() - 1
        });
        components[component].push(op);
    }
    components
}

fn find(root: &mut [u32], mut node: u32) -> u32 {
    while root[node as usize] != node {
        root[node as usize] = root[root[node as usize] as usize];
        node = root[node as usize];
    }
    node
}

impl Component {
    /// A component as chains.
    ///
    /// # Errors
    /// If an operation does not fit the data type.
    pub(crate) fn new<S: RecordedSpec>(
        history: &History,
        ops: &[OpId],
        objects: &mut Objects<S>,
    ) -> Result<Self, SpecError> {
        let mut decoder = Decoder::new(history);
        let mut values = Values::new::<S>(history, ops);
        let mut component = Self::empty();
        let mut processes: Vec<ProcessId> = ops.iter().map(|&op| history.process(op)).collect();
        processes.sort_unstable();
        processes.dedup();
        let mut open = Vec::new();
        for process in processes {
            let chain = number(component.chains.len());
            let mut items = Vec::new();
            for &op in history.program_order(process) {
                if !kept(history, S::KIND, op) {
                    continue;
                }
                let (action, index) = (objects.action(&mut decoder, op)?, number(items.len()));
                let item = number(component.items.len());
                component.items.push(Item { op, action, chain, index });
                if history.outcome(op) == Outcome::Info {
                    open.push(item);
                } else {
                    items.push(item);
                }
            }
            component.chains.push(items);
            component.after.push(None);
        }
        let mut class_of: FxHashMap<u32, usize> = FxHashMap::default();
        for item in open {
            let Item { op, action, chain, index } = component.items[item as usize];
            if values.as_ref().is_some_and(|values| values.must_happen(op)) {
                component.after.push(Some((chain, index)));
                component.items[item as usize].chain = number(component.chains.len());
                component.items[item as usize].index = 0;
                component.chains.push(vec![item]);
                continue;
            }
            component.add_optional(&mut class_of, item, action);
        }
        if let Some(values) = &mut values {
            values.attach(&component.items, history);
        }
        component.values = values;
        Ok(component)
    }

    /// A component of operations whose values nothing is known of: for each chain its operations with their actions, in
    /// program order, and the optional ones with the chain and the place that they must not come before.
    pub(crate) fn of_chains(chains: &[Vec<(OpId, u32)>], open: &[(OpId, u32, u32, u32)]) -> Self {
        let mut component = Self::empty();
        for (chain, ops) in chains.iter().enumerate() {
            let first = number(component.items.len());
            let places = ops.iter().zip(0..);
            component.items.extend(places.map(|(&(op, action), index)| Item {
                op,
                action,
                chain: number(chain),
                index,
            }));
            component.chains.push((first..number(component.items.len())).collect());
            component.after.push(None);
        }
        let mut class_of = FxHashMap::default();
        for &(op, action, chain, index) in open {
            let item = number(component.items.len());
            component.items.push(Item { op, action, chain, index });
            component.add_optional(&mut class_of, item, action);
        }
        component
    }

    fn empty() -> Self {
        Self { items: Vec::new(), chains: Vec::new(), after: Vec::new(), optional: Vec::new(), values: None }
    }

    fn add_optional(&mut self, class_of: &mut FxHashMap<u32, usize>, item: u32, action: u32) {
        let class = *class_of.entry(action).or_insert_with(|| {
            self.optional.push(Optional { action, items: Vec::new() });
            self.optional.len() - 1
        });
        self.optional[class].items.push(item);
    }

    /// The item before which an operation of its chain stands, if it is not the first.
    pub(crate) fn next_in_chain(&self, item: u32) -> u32 {
        let Item { chain, index, .. } = self.items[item as usize];
        self.chains[chain as usize]
            .get(index as usize + 1)
            .copied()
            .filter(|_| !self.is_optional(item))
            .unwrap_or(NONE)
    }

    /// Whether the item need not happen.
    pub(crate) fn is_optional(&self, item: u32) -> bool {
        let Item { chain, index, .. } = self.items[item as usize];
        self.chains[chain as usize].get(index as usize) != Some(&item)
    }
}
