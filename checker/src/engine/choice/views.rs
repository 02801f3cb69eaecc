//! fifo, slow and cache: views that are independent of one another, but for what happened.
//!
//! A cas of unknown outcome is in all views or in none, and takes part in each; so it is decided first, for all views
//! together. A plain write of unknown outcome that only some views need goes to the end of the others: nothing comes
//! after it in program order.

use super::part::certain;
use super::view::view;
use crate::certificate::{View, Witness};
use crate::history::KeyId;
use crate::limits::{Meter, Stop};
use crate::relation::{Kind, Registers};

/// The operations of one view: of a process, of a key, or both.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    chain: Option<usize>,
    key: Option<u32>,
}

/// A witness of fifo; `None` if there is none.
///
/// # Errors
/// The limit that was reached.
pub(super) fn fifo(registers: &Registers, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut wanted: Vec<Wanted> = (0..registers.chains.len())
        .filter(|&chain| registers.chains.range(chain).any(|node| registers.kind(node) == Kind::Read))
        .map(|chain| Wanted { chain: Some(chain), key: None })
        .collect();
    if wanted.is_empty() && registers.cas > 0 {
        wanted.push(Wanted { chain: Some(0), key: None });
    }
    Ok(together(registers, &wanted, meter)?.map(Witness::Views))
}

/// A witness of slow; `None` if there is none.
///
/// # Errors
/// The limit that was reached.
pub(super) fn slow(registers: &Registers, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut views = Vec::new();
    for key in 0..registers.keys {
        #[expect(clippy::cast_possible_truncation, reason = "keys are numbered with 32 bits")]
        let key = key as u32;
        let of_key = |node: u32, kind: Kind| registers.key(node) == key && registers.kind(node) == kind;
        let mut wanted: Vec<Wanted> = (0..registers.chains.len())
            .filter(|&chain| registers.chains.range(chain).any(|node| of_key(node, Kind::Read)))
            .map(|chain| Wanted { chain: Some(chain), key: Some(key) })
            .collect();
        if wanted.is_empty() && registers.cas > 0 && registers.nodes().any(|node| of_key(node, Kind::Cas)) {
            wanted.push(Wanted { chain: Some(0), key: Some(key) });
        }
        match together(registers, &wanted, meter)? {
            Some(found) => views.extend(found),
            None => return Ok(None),
        }
    }
    Ok(Some(Witness::Views(views)))
}

/// A witness of cache; `None` if there is none.
///
/// # Errors
/// The limit that was reached.
pub(super) fn cache(registers: &Registers, meter: &Meter) -> Result<Option<Witness>, Stop> {
    let mut views = Vec::new();
    for key in 0..registers.keys {
        #[expect(clippy::cast_possible_truncation, reason = "keys are numbered with 32 bits")]
        let wanted = Wanted { chain: None, key: Some(key as u32) };
        match together(registers, &[wanted], meter)? {
            Some(found) => views.extend(found),
            None => return Ok(None),
        }
    }
    Ok(Some(Witness::Views(views)))
}

/// The wanted views, with the same operations of unknown outcome in each.
fn together(registers: &Registers, wanted: &[Wanted], meter: &Meter) -> Result<Option<Vec<View>>, Stop> {
    let shared = |node: u32| registers.kind(node) == Kind::Cas && wanted.len() > 1;
    let concerned =
        |node: u32| wanted.iter().any(|wanted| wanted.key.is_none_or(|key| registers.key(node) == key));
    let cas: Vec<u32> =
        registers.sources.optional.iter().copied().filter(|&node| shared(node) && concerned(node)).collect();
    let mut happened = vec![false; cas.len()];
    loop {
        let state = |node: u32| cas.binary_search(&node).ok().map(|at| happened[at]);
        if let Some(views) = with(registers, wanted, &state, meter)? {
            return Ok(Some(views));
        }
        let Some(at) = happened.iter().position(|did| !did) else { return Ok(None) };
        happened[at] = true;
        happened[..at].fill(false);
    }
}

/// The wanted views, where `state` tells of some operations whether they happened.
fn with(
    registers: &Registers,
    wanted: &[Wanted],
    state: &impl Fn(u32) -> Option<bool>,
    meter: &Meter,
) -> Result<Option<Vec<View>>, Stop> {
    let certain = certain(registers);
    let mut orders = Vec::new();
    for view_of in wanted {
        let member = |node: u32| {
            let kind = registers.kind(node);
            let own = view_of.chain.is_none_or(|chain| registers.chains.of(node) == chain);
            view_of.key.is_none_or(|key| registers.key(node) == key)
                && (kind.writes() || kind == Kind::Read && own)
                && state(node) != Some(false)
        };
        let happened = |node: u32| state(node).unwrap_or_else(|| certain(node));
        match view(registers, member, happened, meter)? {
            Some(order) => orders.push(order),
            None => return Ok(None),
        }
    }
    Ok(Some(complete(registers, wanted, orders)))
}

/// Puts what some views needed at the end of the others.
fn complete(registers: &Registers, wanted: &[Wanted], orders: Vec<Vec<u32>>) -> Vec<View> {
    let optional = &registers.sources.optional;
    let mut happened: Vec<u32> =
        orders.iter().flatten().copied().filter(|node| optional.binary_search(node).is_ok()).collect();
    happened.sort_unstable();
    happened.dedup();
    let finish = |(view_of, mut order): (&Wanted, Vec<u32>)| {
        let missing = happened.iter().filter(|&&node| {
            view_of.key.is_none_or(|key| registers.key(node) == key) && !order.contains(&node)
        });
        let missing: Vec<u32> = missing.copied().collect();
        order.extend(missing);
        View {
            process: view_of.chain.map(|chain| registers.chains.process(chain)),
            key: view_of.key.map(KeyId),
            order: registers.ops(&order),
        }
    };
    wanted.iter().zip(orders).map(finish).filter(|view| !view.order.is_empty()).collect()
}
