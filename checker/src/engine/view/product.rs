//! Several objects in one part: a state is a tuple of the objects' states.

use super::problem::number;
use crate::limits::{Meter, Stop};
use crate::spec::{Machine, NextStates};
use crate::sync::Mutex;
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

/// The machine of independent objects side by side; action `i` is `actions[i]`: an object and its own action.
pub(crate) struct Product<'a> {
    objects: Vec<Box<dyn Machine + 'a>>,
    actions: &'a [(u32, u32)],
    initial: u32,
    tuples: Mutex<Tuples>,
    meter: &'a Meter,
}

#[derive(Default)]
struct Tuples {
    rows: Vec<Box<[u32]>>,
    ids: HashMap<Box<[u32]>, u32, FxBuildHasher>,
}

impl<'a> Product<'a> {
    /// Puts machines side by side.
    pub(crate) fn new(
        objects: Vec<Box<dyn Machine + 'a>>,
        actions: &'a [(u32, u32)],
        meter: &'a Meter,
    ) -> Result<Self, Stop> {
        let start = objects.iter().map(|object| object.initial()).collect();
        let mut product = Self { objects, actions, initial: 0, tuples: Mutex::new(Tuples::default()), meter };
        product.initial = product.number(start)?;
        Ok(product)
    }

    fn number(&self, tuple: Box<[u32]>) -> Result<u32, Stop> {
        let mut tuples = self.tuples.lock();
        if let Some(&id) = tuples.ids.get(&tuple) {
            return Ok(id);
        }
        self.meter.charge(2 * (tuple.len() * size_of::<u32>() + 48))?;
        let id = number(tuples.rows.len());
        tuples.rows.push(tuple.clone());
        tuples.ids.insert(tuple, id);
        Ok(id)
    }
}

impl Machine for Product<'_> {
    fn initial(&self) -> u32 {
        self.initial
    }

    fn step(&self, state: u32, action: u32) -> Result<NextStates, Stop> {
        let (object, action) = self.actions[action as usize];
        let tuple = self.tuples.lock().rows[state as usize].clone();
        let next = self.objects[object as usize].step(tuple[object as usize], action)?;
        let mut numbers = Vec::new();
        for &after in next.as_slice() {
            let mut tuple = tuple.clone();
            tuple[object as usize] = after;
            numbers.push(self.number(tuple)?);
        }
        Ok(match numbers[..] {
            [] => NextStates::None,
            [one] => NextStates::One(one),
            _ => NextStates::Many(numbers.into()),
        })
    }
}
