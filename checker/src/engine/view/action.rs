//! A part's operations as numbers: objects, and for each object its distinct (operation, result) pairs.

use super::problem::number;
use super::product::Product;
use crate::history::{History, OpId};
use crate::limits::{Meter, Stop};
use crate::spec::{Decoder, Machine, Object, RecordedSpec, SequentialSpec, SpecError, object_of};
use hashbrown::HashMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

/// An operation and its result.
pub(crate) type Action<S> = (<S as SequentialSpec>::Op, Option<<S as SequentialSpec>::Ret>);

/// One object: its specification and its actions.
pub(crate) struct OneObject<S: RecordedSpec> {
    pub spec: S,
    pub actions: Vec<Action<S>>,
    ids: HashMap<Action<S>, u32, FxBuildHasher>,
    /// The part's number of each action.
    part: Vec<u32>,
}

/// The objects of a part, and all actions.
pub(crate) struct Objects<S: RecordedSpec> {
    pub objects: Vec<OneObject<S>>,
    index: FxHashMap<Object, u32>,
    /// For each action of the part its object and its number there.
    pub actions: Vec<(u32, u32)>,
    /// For each action of the part whether it never changes the state.
    pub observer: Vec<bool>,
}

impl<S: RecordedSpec> Objects<S> {
    /// No objects yet.
    pub(crate) fn new() -> Self {
        Self { objects: Vec::new(), index: FxHashMap::default(), actions: Vec::new(), observer: Vec::new() }
    }

    /// The number of the action that an operation is.
    ///
    /// # Errors
    /// If it does not fit the data type.
    pub(crate) fn action(&mut self, decoder: &mut Decoder<'_>, op: OpId) -> Result<u32, SpecError> {
        let action = S::decode(decoder, op)?;
        let object = self.object(decoder.history(), op)?;
        let OneObject { actions, ids, .. } = &mut self.objects[object as usize];
        let within = *ids.entry(action).or_insert_with_key(|action| {
            actions.push(action.clone());
            number(actions.len() - 1)
        });
        if let Some(&known) = self.objects[object as usize].part.get(within as usize) {
            return Ok(known);
        }
        let id = number(self.actions.len());
        self.objects[object as usize].part.push(id);
        let (op, ret) = &self.objects[object as usize].actions[within as usize];
        self.observer.push(self.objects[object as usize].spec.observes(op, ret.as_ref()));
        self.actions.push((object, within));
        Ok(id)
    }

    fn object(&mut self, history: &History, op: OpId) -> Result<u32, SpecError> {
        let object = object_of(history, S::KIND, op).unwrap_or(Object::Whole);
        if let Some(&index) = self.index.get(&object) {
            return Ok(index);
        }
        let spec = S::of_object(history, object)?;
        self.objects.push(OneObject { spec, actions: Vec::new(), ids: HashMap::default(), part: Vec::new() });
        self.index.insert(object, number(self.objects.len() - 1));
        Ok(number(self.objects.len() - 1))
    }

    /// The machine of each object.
    pub(crate) fn machines<'a>(&'a self, meter: &'a Meter) -> Result<Vec<Box<dyn Machine + 'a>>, Stop> {
        self.objects.iter().map(|object| object.spec.machine(&object.actions, meter)).collect()
    }

    /// One machine for the part.
    pub(crate) fn machine<'a>(&'a self, meter: &'a Meter) -> Result<Box<dyn Machine + 'a>, Stop> {
        let mut machines = self.machines(meter)?;
        match machines.len() {
            1 => Ok(machines.remove(0)),
            _ => Ok(Box::new(Product::new(machines, &self.actions, meter)?)),
        }
    }
}
