//! **processor** (Goodman; Ahamad et al. 1993): the fifo views exist and agree, for each key, on the order of the writes
//! to it.

use super::registers::{ByValue, World};
use super::view::{self, Free};
use crate::certificate::{View, Witness};
use crate::history::KeyId;
use crate::limits::{Meter, Stop};

/// The views, if they exist for some order of the writes to each key.
pub(super) fn holds(world: &World<'_>, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let keys: Vec<KeyId> = world.keys().collect();
    let mut found = None;
    agree(world, &keys, &mut Vec::new(), meter, &mut |agreed| {
        found = views(world, agreed, meter)?;
        Ok(found.is_some())
    })?;
    Ok(found.map(Witness::Views))
}

/// What is asked of an order of the writes to each key.
type Visit<'a> = dyn FnMut(&[Vec<usize>]) -> Result<bool, Stop> + 'a;

/// Calls `visit` with every choice of an order of the writes to each key, until it says true; says whether it did.
fn agree(
    world: &World<'_>,
    keys: &[KeyId],
    agreed: &mut Vec<Vec<usize>>,
    meter: &Meter,
    visit: &mut Visit<'_>,
) -> Result<bool, Stop> {
    let Some((&key, rest)) = keys.split_first() else { return visit(agreed) };
    let respected = |a, b| world.program(a, b);
    view::each(&Free, &world.writes_to(key), &respected, meter, &mut |order| {
        agreed.push(order.to_vec());
        let done = agree(world, rest, agreed, meter, visit)?;
        agreed.pop();
        Ok(done)
    })
}

fn views(world: &World<'_>, agreed: &[Vec<usize>], meter: &Meter) -> Result<Option<Vec<View>>, Stop> {
    let place = |op: usize| agreed[world.ops[op].key.index()].iter().position(|&other| other == op);
    let same_key = |a: usize, b: usize| world.ops[a].key == world.ops[b].key;
    let agreed = |a, b| same_key(a, b) && place(a).is_some() && place(b).is_some() && place(a) < place(b);
    let respected = |a, b| world.program(a, b) || agreed(a, b);
    let mut views = Vec::new();
    for process in world.processes() {
        let members = world.those(|op| op.writes.is_some() || op.process == process);
        let Some(order) = view::first(&ByValue(world), &members, &respected, meter)? else { return Ok(None) };
        views.push(View { process: Some(process), key: None, order: world.ids(&order) });
    }
    Ok(Some(views))
}
