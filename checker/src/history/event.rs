//! What a history records besides operations: crashes, annotations, replica logs, unknown fields.

use super::ids::{OpId, ReplicaId};

/// Something that happened beside the operations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// What happened.
    pub kind: EventKind,
    /// How many operation lines stood before it.
    pub position: u32,
    /// When, on the clock of the operations; `None` where it was not recorded.
    pub time: Option<i64>,
}

/// The kinds of events.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum EventKind {
    /// Every process crashed: operations in flight are indeterminate.
    Crash,
    /// A remark for reports, such as a fault that a nemesis caused: the text as it stood in the input.
    Annotation(Box<str>),
}

/// A line of a replica's log: writes it applied, in this order, after those of its earlier lines.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogLine {
    /// Where they were applied.
    pub replica: ReplicaId,
    /// How many operation lines stood before it: reads at the replica with a smaller id came earlier.
    pub position: u32,
    /// The writes. In a figure with a line for each replica they may stand behind this position.
    pub writes: Vec<OpId>,
}

/// Where the fields of an operation that the format does not know stand in the input.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// The operation.
    pub op: OpId,
    /// Offset in bytes from the start of the (decompressed) input.
    pub offset: u64,
    /// Length in bytes.
    pub length: u32,
}
