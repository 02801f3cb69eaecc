//! Evidence for a verdict that someone else can check without trusting the engine.
//!
//! All of it is in operation ids. An `info` operation is everywhere in a certificate (it happened) or nowhere.

pub mod rules;
pub mod verify;

use crate::history::{KeyId, OpId, ProcessId};

/// Evidence for either verdict.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Certificate {
    /// The history satisfies the model.
    Witness(Witness),
    /// It does not.
    Refutation(Refutation),
}

/// What a read or cas reads from: the read, and the write (`None`: the initial value).
pub type ReadsFrom = Vec<(OpId, Option<OpId>)>;

/// Evidence of consistency.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Witness {
    /// One view of all operations: strict, linearizable, sequential.
    View(Vec<OpId>),
    /// A view for each key, process, or both: linearizable and strict by key; fifo, processor, cache, slow.
    Views(Vec<View>),
    /// causal: a view for each process, all with the same reads-from.
    Causal {
        /// The views.
        views: Vec<View>,
        /// Every read and cas.
        reads_from: ReadsFrom,
    },
    /// causal-weak.
    ReadsFrom(ReadsFrom),
    /// causal-convergent, and the client-centric guarantees.
    Arbitrated {
        /// Every read and cas.
        reads_from: ReadsFrom,
        /// Every write and cas that happened, once.
        arbitration: Vec<OpId>,
    },
    /// weak, release, entry.
    Synchronised {
        /// All synchronisation operations.
        sync_order: Vec<OpId>,
        /// Every read and cas.
        reads_from: ReadsFrom,
        /// The writes to each key that happened.
        arbitration: Vec<Vec<OpId>>,
    },
    /// eventual: the final reads.
    FinalReads(Vec<OpId>),
    /// It would have millions of entries and is not written down.
    Omitted,
    /// The guarantees read off recorded replica logs: nothing is existential, the logs are the evidence.
    Logs,
}

/// A legal total order of some operations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct View {
    /// Whose view, where views are by process.
    pub process: Option<ProcessId>,
    /// Of which key, where views are by key.
    pub key: Option<KeyId>,
    /// The operations in order.
    pub order: Vec<OpId>,
}

/// Evidence of violation.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Refutation {
    /// Forced orders that form a cycle.
    Cycle {
        /// The cycle: the `to` of each edge is the `from` of the next, and of the last that of the first.
        edges: Vec<Edge>,
        /// Forced orders that the derivations in the cycle rest on, each derived from earlier ones alone; often none.
        lemmas: Vec<Edge>,
    },
    /// A one-step violation.
    OneStep {
        /// Which rule.
        kind: OneStep,
        /// The read (or other observer) that breaks it.
        read: OpId,
        /// The operations it breaks it with, in the order the rule names them.
        with: Vec<OpId>,
    },
    /// A sub-history that violates the model by itself and cannot be mended by putting back what was left out.
    Core {
        /// The operations of the sub-history.
        operations: Vec<OpId>,
        /// Those among them whose results are cut off, as a prefix of the history leaves them.
        pending: Vec<OpId>,
        /// The operation that cannot be placed.
        stuck: Option<OpId>,
        /// The longest order of operations that was reached.
        longest: Vec<OpId>,
        /// The search was complete, but the sub-history is too large to be checked by enumeration.
        exhausted: bool,
    },
}

/// The rules that one operation can break by itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum OneStep {
    /// It read a value that nobody wrote.
    ThinAir,
    /// It read the initial value although a write to the key must come before it.
    StaleInitial,
    /// It read a value although a later one must come before it: reads-from, then the write between.
    StaleRead,
    /// Two final reads of a key differ, or a final read is of no written value.
    Diverged,
    /// A replica's log lacks a write that the guarantee demands, or has it out of order.
    MissingWrite,
}

impl OneStep {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::ThinAir, Self::StaleInitial, Self::StaleRead, Self::Diverged, Self::MissingWrite];

    /// The `kind` in the certificate.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ThinAir => "thin-air",
            Self::StaleInitial => "stale-initial",
            Self::StaleRead => "stale-read",
            Self::Diverged => "diverged",
            Self::MissingWrite => "missing-write",
        }
    }
}

/// A forced order between two operations.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edge {
    /// The earlier one.
    pub from: OpId,
    /// The later one.
    pub to: OpId,
    /// Why.
    pub why: Why,
}

/// Why one operation must come before another.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Why {
    /// Same process, earlier in its program order.
    ProgramOrder,
    /// It ended before the other started.
    RealTime,
    /// The other reads what it wrote.
    ReadsFrom,
    /// Through a synchronisation (lock or sync).
    Sync,
    /// By a rule of the model from other forced orders.
    Derived {
        /// The rule's name, as the model's documentation gives it.
        rule: &'static str,
        /// The operations that the rule is applied to.
        because: Vec<OpId>,
    },
}
