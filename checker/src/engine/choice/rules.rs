//! What a legal view forces, and how to write one down.
//!
//! In a view H, for a reader r of key x and the other writes W to x that happened:
//!
//! - a candidate w goes if r H w, or w H w' H r for some w' in W; the initial value goes if any w' H r;
//! - if w is all that is left, then w H r; and for each other w' in W: w' H r gives w' H w, and w H w' gives r H w';
//! - if the initial value is all that is left, then r H w' for all w' in W.
//!
//! A cas is a reader and a write. When every reader has one candidate and all pairs of writes to a key are ordered, any
//! linear extension of H is legal. Most of the time one can be found long before all pairs are ordered: greedily.

use super::order::Order;
use super::part::{Part, Reader, common, meet};
use super::store::{Store, ones};

/// Takes away the candidates that the order rules out; false if none is left.
pub(super) fn prune(part: &Part<'_>, store: &mut Store, order: &Order, reader: &Reader) -> bool {
    let rivals = part.rivals(store, reader);
    let between = common(&rivals, order.before(store, reader.node));
    let left: Vec<usize> = reader.left(store).collect();
    for candidate in left {
        let gone = match reader.candidates[candidate] {
            Reader::INITIAL => between.iter().any(|&word| word != 0),
            source => order.has(store, reader.node, source) || meet(&between, order.after(store, source)),
        };
        if gone {
            reader.remove(store, candidate);
        }
    }
    reader.count(store) > 0
}

/// Applies the rules of one reader; false if they contradict the order.
pub(super) fn saturate(part: &Part<'_>, store: &mut Store, order: &Order, reader: &Reader) -> bool {
    if !prune(part, store, order, reader) {
        return false;
    }
    let Some(source) = reader.source(store) else { return true };
    let rivals = part.rivals(store, reader);
    if source == Reader::INITIAL {
        return ones(&rivals).all(|rival| order.add(store, reader.node, rival));
    }
    part.settle(store, reader);
    if !order.add(store, source, reader.node) {
        return false;
    }
    for rival in ones(&rivals).filter(|&rival| rival != source) {
        if order.has(store, rival, reader.node) {
            if !order.add(store, rival, source) {
                return false;
            }
        } else if order.has(store, source, rival) && !order.add(store, reader.node, rival) {
            return false;
        }
    }
    true
}

/// A legal order of the nodes in `view` that extends `order`, if putting writes in as early as they can go finds one.
/// Every reader among them must have one candidate.
pub(super) fn greedy(
    part: &Part<'_>,
    readers: &[Reader],
    store: &Store,
    order: &Order,
    view: &[u64],
) -> Option<Vec<usize>> {
    let mut source = vec![None; part.len()];
    // How many readers of each write are to come, of the initial values by key.
    let mut pending = vec![0_u32; part.len()];
    let mut pending_initial = vec![0_u32; part.writes.len()];
    for reader in readers.iter().filter(|reader| bit(view, reader.node)) {
        let from = reader.source(store)?;
        source[reader.node] = Some(from);
        match from {
            Reader::INITIAL => pending_initial[reader.key] += 1,
            from => pending[from] += 1,
        }
    }
    let mut missing: Vec<u32> = vec![0; part.len()];
    for node in ones(view) {
        missing[node] = common(order.before(store, node), view).iter().map(|word| word.count_ones()).sum();
    }
    let mut ready: Vec<usize> = ones(view).filter(|&node| missing[node] == 0).collect();
    let mut current = vec![Reader::INITIAL; part.writes.len()];
    let mut placed = Vec::new();
    while !ready.is_empty() {
        let left = |key: usize| match current[key] {
            Reader::INITIAL => pending_initial[key],
            write => pending[write],
        };
        let legal = |&node: &usize| {
            let key = part.key[node];
            match source[node] {
                Some(from) if part.kind(node).writes() => from == current[key] && left(key) == 1,
                Some(from) => from == current[key],
                None => left(key) == 0,
            }
        };
        // Readers first: writes wait for them.
        let reads = ready.iter().position(|node| source[*node].is_some() && legal(node));
        let at = reads.or_else(|| ready.iter().position(legal))?;
        let node = ready.remove(at);
        let key = part.key[node];
        match source[node] {
            Some(Reader::INITIAL) => pending_initial[key] -= 1,
            Some(from) => pending[from] -= 1,
            None => {}
        }
        if part.kind(node).writes() {
            current[key] = node;
        }
        placed.push(node);
        for next in ones(&common(order.after(store, node), view)) {
            missing[next] -= 1;
            if missing[next] == 0 {
                ready.push(next);
            }
        }
        ready.sort_unstable();
    }
    (placed.len() == ones(view).count()).then_some(placed)
}

/// Two writes to one key, of those in `view`, that the order leaves open; first those that somebody reads.
pub(super) fn open_pair(
    part: &Part<'_>,
    readers: &[Reader],
    store: &Store,
    order: &Order,
    view: &[u64],
) -> Option<(usize, usize)> {
    let mut read = vec![false; part.len()];
    for reader in readers {
        if let Some(source) = reader.source(store).filter(|&source| source != Reader::INITIAL) {
            read[source] = true;
        }
    }
    let mut second = None;
    for writes in &part.writes {
        let writes: Vec<usize> = ones(&common(writes, view)).collect();
        for (at, &a) in writes.iter().enumerate() {
            for &b in &writes[at + 1..] {
                if !order.has(store, a, b) && !order.has(store, b, a) {
                    let pair = if part.op(a) < part.op(b) { (a, b) } else { (b, a) };
                    if read[a] && read[b] {
                        return Some(pair);
                    }
                    second = second.or(Some(pair));
                }
            }
        }
    }
    second
}

/// The nodes of a set in an order that extends the given one.
pub(super) fn extension(store: &Store, order: &Order, set: &[u64]) -> Vec<usize> {
    let mut nodes: Vec<(u32, usize)> = ones(set)
        .map(|node| (common(order.before(store, node), set).iter().map(|word| word.count_ones()).sum(), node))
        .collect();
    // In a transitive order, whoever is before another has fewer before it.
    nodes.sort_unstable();
    nodes.into_iter().map(|(_, node)| node).collect()
}

#[inline]
pub(super) fn bit(words: &[u64], at: usize) -> bool {
    words[at / 64] >> (at % 64) & 1 == 1
}
