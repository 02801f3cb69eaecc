//! Who reads from whom: with values written once there is no choice.

use crate::engine::monitor::timeline::{NONE, Timeline};
use crate::engine::monitor::values::Numbering;
use crate::spec::{Decoder, Object, RecordedSpec, Register, RegisterOp, RegisterRet, object_of};
use rustc_hash::FxHashMap;

/// A write and its readers; cluster 0 has the initial value.
#[derive(Clone, Copy, Debug)]
pub(in crate::engine::monitor) struct Cluster {
    /// The write or `cas`; [`NONE`] for cluster 0.
    pub writer: u32,
    /// The cluster that a `cas` reads; [`NONE`] for a plain write, [`NOWHERE`] where nobody wrote its old value.
    pub from: u32,
    /// The least return and the greatest call of its reads.
    pub first_return: u32,
    pub last_call: u32,
    pub reads: u32,
}

impl Cluster {
    /// One that nobody has read yet.
    pub(in crate::engine::monitor) fn of(writer: u32) -> Self {
        Self { writer, from: NONE, first_return: NONE, last_call: 0, reads: 0 }
    }
}

/// What nobody wrote.
pub(super) const NOWHERE: u32 = u32::MAX - 1;

#[derive(Debug)]
pub(in crate::engine::monitor) struct Clusters {
    pub clusters: Vec<Cluster>,
    /// For each item its cluster: of a read, the one it reads; of a write or `cas`, its own; [`NOWHERE`] of a read of what
    /// nobody wrote; [`NONE`] of a read whose value was not recorded.
    pub of: Vec<u32>,
    /// The reads whose value was not recorded.
    pub free: Vec<u32>,
    /// Pending writes that must have happened, by cluster: an item that read what they wrote.
    pub observed: FxHashMap<u32, u32>,
}

impl Clusters {
    /// Finds the clusters; `None` where values repeat or a `cas` answered "mismatch" (or where operations do not fit).
    pub(super) fn new(decoder: &mut Decoder<'_>, line: &Timeline) -> Option<Self> {
        let history = decoder.history();
        let object = line.op.first().and_then(|&op| object_of(history, Register::KIND, op));
        let initial = Register::of_object(history, object.unwrap_or(Object::Whole)).ok()?.initial;
        let mut clusters = vec![Cluster::of(NONE)];
        let mut of = vec![NONE; line.op.len()];
        let mut values = vec![(initial, 0)];
        for (item, &op) in (0_u32..).zip(&line.op) {
            let (new, from) = match Register::decode(decoder, op).ok()? {
                (RegisterOp::Read, _) => continue,
                (RegisterOp::Write(new), _) => (new, NONE),
                (RegisterOp::Cas(..), Some(RegisterRet::Swapped(false))) => return None,
                (RegisterOp::Cas(old, new), _) if old.is_known() => (new, NOWHERE),
                (RegisterOp::Cas(..), _) => return None,
            };
            if !new.is_known() {
                return None;
            }
            let cluster = clusters.len() as u32;
            of[item as usize] = cluster;
            values.push((new, cluster));
            clusters.push(Cluster { from, ..Cluster::of(item) });
        }
        let mut all = Self { clusters, of, free: Vec::new(), observed: FxHashMap::default() };
        all.resolve(decoder, line, &Numbering::new(values)?)?;
        all.find_observed(line);
        Some(all)
    }

    /// Clusters of which it is known already who reads what.
    pub(in crate::engine::monitor) fn of_known(
        clusters: Vec<Cluster>,
        of: Vec<u32>,
        free: Vec<u32>,
        line: &Timeline,
    ) -> Self {
        let mut all = Self { clusters, of, free, observed: FxHashMap::default() };
        all.find_observed(line);
        all
    }

    /// Leads every read and `cas` to the cluster that it reads.
    fn resolve(&mut self, decoder: &mut Decoder<'_>, line: &Timeline, numbering: &Numbering) -> Option<()> {
        for (item, &op) in (0_u32..).zip(&line.op) {
            match Register::decode(decoder, op).ok()? {
                (RegisterOp::Cas(old, _), _) => {
                    let from = numbering.get(old);
                    let cluster = &mut self.clusters[self.of[item as usize] as usize];
                    cluster.from = if from == NONE { NOWHERE } else { from };
                }
                (RegisterOp::Read, Some(RegisterRet::Value(value))) => {
                    let cluster = numbering.get(value);
                    if cluster == NONE {
                        self.of[item as usize] = NOWHERE;
                        continue;
                    }
                    self.of[item as usize] = cluster;
                    let cluster = &mut self.clusters[cluster as usize];
                    cluster.first_return = cluster.first_return.min(line.ret[item as usize]);
                    cluster.last_call = line.call[item as usize];
                    cluster.reads += 1;
                }
                (RegisterOp::Read, _) => self.free.push(item),
                (RegisterOp::Write(_), _) => {}
            }
        }
        Some(())
    }

    /// Finds which pending writes must have happened: those whose value was read by an operation that happened.
    fn find_observed(&mut self, line: &Timeline) {
        for item in 0..line.len() {
            if line.is_pending(item) {
                continue;
            }
            // A `cas` that happened may be the last of a chain of pending ones.
            let (mut reader, mut source) = (item, self.source(item));
            while source < NOWHERE && source != 0 && line.is_pending(self.clusters[source as usize].writer) {
                if self.observed.contains_key(&source) {
                    break;
                }
                self.observed.insert(source, reader);
                (reader, source) =
                    (self.clusters[source as usize].writer, self.clusters[source as usize].from);
            }
        }
    }

    /// Whether the item wrote its cluster.
    pub(super) fn is_writer(&self, item: u32) -> bool {
        let of = self.of[item as usize];
        of < NOWHERE && self.clusters[of as usize].writer == item
    }

    /// The cluster that the item reads, [`NOWHERE`], or [`NONE`] if it reads nothing.
    pub(super) fn source(&self, item: u32) -> u32 {
        let of = self.of[item as usize];
        if self.is_writer(item) { self.clusters[of as usize].from } else { of }
    }

    /// Whether the cluster's write happened.
    #[inline]
    pub(super) fn happened(&self, cluster: u32, line: &Timeline) -> bool {
        cluster == 0
            || !line.is_pending(self.clusters[cluster as usize].writer)
            || self.observed.contains_key(&cluster)
    }
}
