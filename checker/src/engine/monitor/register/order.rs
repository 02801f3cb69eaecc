//! Blocks, their zones, and the view that they make.

use super::clusters::{Clusters, NOWHERE};
use super::conflict::Conflict;
use crate::engine::monitor::timeline::{NONE, Timeline};

/// From the least return to the greatest call of a block.
#[derive(Clone, Copy, Debug)]
struct Zone {
    first_return: u32,
    last_call: u32,
    /// The first cluster of the block.
    root: u32,
}

impl Zone {
    fn is_forward(&self) -> bool {
        self.first_return < self.last_call
    }

    fn lower_end(&self) -> u32 {
        self.first_return.min(self.last_call)
    }
}

/// The view, as items; or operations that conflict.
pub(in crate::engine::monitor) fn view(clusters: &Clusters, line: &Timeline) -> Result<Vec<u32>, Conflict> {
    let next = chain(clusters, line)?;
    let mut zones = zones(clusters, line, &next)?;
    zones.sort_unstable_by_key(Zone::lower_end);
    fit(&zones)?;
    Ok(write_down(clusters, line, &next, &zones))
}

/// Which cluster is glued behind each: empty if there is no `cas` that happened.
///
/// Rule 1: a read or `cas` of what nobody wrote; two `cas` that read from one write.
fn chain(clusters: &Clusters, line: &Timeline) -> Result<Vec<u32>, Conflict> {
    let mut next = Vec::new();
    for item in 0..line.len() {
        let source = clusters.source(item);
        if source == NONE {
            continue;
        }
        if !clusters.is_writer(item) {
            if source == NOWHERE {
                return Err(Conflict::ThinAir(item));
            }
            continue;
        }
        let own = clusters.of[item as usize];
        if !clusters.happened(own, line) {
            continue;
        }
        if source == NOWHERE {
            return Err(if line.is_pending(item) {
                Conflict::Among(vec![item])
            } else {
                Conflict::ThinAir(item)
            });
        }
        if next.is_empty() {
            next = vec![NONE; clusters.clusters.len()];
        }
        let slot = &mut next[source as usize];
        if *slot != NONE {
            return Err(Conflict::Among(vec![clusters.clusters[*slot as usize].writer, item]));
        }
        *slot = own;
    }
    Ok(next)
}

/// The zones of all blocks. Rule 2; rule 1: a chain that bites its tail.
fn zones(clusters: &Clusters, line: &Timeline, next: &[u32]) -> Result<Vec<Zone>, Conflict> {
    let mut zones = Vec::with_capacity(clusters.clusters.len());
    let (mut seen, mut happened) = (0, 0);
    for root in 0..clusters.clusters.len() as u32 {
        if !clusters.happened(root, line) {
            continue;
        }
        happened += 1;
        if clusters.clusters[root as usize].from != NONE {
            continue;
        }
        let mut zone = Zone { first_return: NONE, last_call: 0, root };
        let mut cluster = root;
        while cluster != NONE {
            seen += 1;
            extend(&mut zone, cluster, clusters, line)?;
            cluster = next.get(cluster as usize).copied().unwrap_or(NONE);
        }
        if root == 0 {
            if zone.last_call == 0 {
                continue;
            }
            zone.first_return = 0;
        }
        zones.push(zone);
    }
    if seen == happened { Ok(zones) } else { Err(cycle(clusters, line, next)) }
}

/// Takes a cluster into the zone of its block. Rule 2.
fn extend(zone: &mut Zone, index: u32, clusters: &Clusters, line: &Timeline) -> Result<(), Conflict> {
    let cluster = &clusters.clusters[index as usize];
    if index != 0 {
        let (call, ret) = (line.call[cluster.writer as usize], line.ret[cluster.writer as usize]);
        if ret < zone.last_call {
            return Err(Conflict::Order { returned: ret, called: zone.last_call });
        }
        zone.last_call = zone.last_call.max(call);
        zone.first_return = zone.first_return.min(ret);
    }
    if cluster.first_return < zone.last_call {
        return Err(Conflict::Order { returned: cluster.first_return, called: zone.last_call });
    }
    zone.first_return = zone.first_return.min(cluster.first_return);
    zone.last_call = zone.last_call.max(cluster.last_call);
    Ok(())
}

/// A chain of `cas` without a beginning: there is one if not every cluster hangs on a root.
fn cycle(clusters: &Clusters, line: &Timeline, next: &[u32]) -> Conflict {
    let mut rooted = vec![false; clusters.clusters.len()];
    for root in 0..clusters.clusters.len() as u32 {
        let mut cluster = root;
        if clusters.clusters[root as usize].from != NONE || !clusters.happened(root, line) {
            continue;
        }
        while cluster != NONE && !rooted[cluster as usize] {
            rooted[cluster as usize] = true;
            cluster = next[cluster as usize];
        }
    }
    let mut on_cycle = Vec::new();
    let is_loose = |&cluster: &u32| !rooted[cluster as usize] && clusters.happened(cluster, line);
    let first = (0..rooted.len() as u32).find(is_loose).unwrap_or(0);
    let mut cluster = first;
    loop {
        on_cycle.push(clusters.clusters[cluster as usize].writer);
        cluster = next[cluster as usize];
        if cluster == first || cluster == NONE {
            return Conflict::Among(on_cycle);
        }
    }
}

/// Whether the zones, sorted by their lower ends, leave each other room. Rules 3 and 4: a zone that begins inside a forward
/// one must be backward and end behind it; both mean that `f` is behind it.
fn fit(zones: &[Zone]) -> Result<(), Conflict> {
    let mut forward: Option<&Zone> = None;
    for zone in zones {
        if let Some(covering) = forward.filter(|covering| zone.first_return < covering.last_call) {
            return Err(overlap(covering, zone));
        }
        if zone.is_forward() {
            forward = Some(zone);
        }
    }
    Ok(())
}

fn overlap(a: &Zone, b: &Zone) -> Conflict {
    Conflict::Zones([(a.first_return, a.last_call), (b.first_return, b.last_call)])
}

/// The blocks in the order of their zones; each cluster's write, then its reads in the order of their calls.
fn write_down(clusters: &Clusters, line: &Timeline, next: &[u32], zones: &[Zone]) -> Vec<u32> {
    let mut place = vec![NONE; clusters.clusters.len()];
    let mut length = 0;
    for zone in zones {
        let mut cluster = zone.root;
        while cluster != NONE {
            place[cluster as usize] = length;
            length += clusters.clusters[cluster as usize].reads + u32::from(cluster != 0);
            cluster = next.get(cluster as usize).copied().unwrap_or(NONE);
        }
    }
    let mut view = vec![NONE; length as usize];
    // The place of a write is the first of its cluster; the reads, met in the order of their calls, follow it.
    for (index, cluster) in clusters.clusters.iter().enumerate().skip(1) {
        if place[index] != NONE {
            view[place[index] as usize] = cluster.writer;
            place[index] += 1;
        }
    }
    for item in 0..line.len() {
        let of = clusters.of[item as usize];
        if of >= NOWHERE || clusters.is_writer(item) {
            continue;
        }
        view[place[of as usize] as usize] = item;
        place[of as usize] += 1;
    }
    view
}
