//! In which processes' views an order holds.

use crate::history::ProcessId;
use std::collections::BTreeSet;

/// The views in which an order holds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    /// All views.
    Everywhere,
    /// The views of these processes, perhaps none.
    Only(BTreeSet<ProcessId>),
}

impl Scope {
    pub(super) fn nowhere() -> Self {
        Self::Only(BTreeSet::new())
    }

    pub(super) fn of(process: ProcessId) -> Self {
        Self::Only(BTreeSet::from([process]))
    }

    pub(super) fn is_nowhere(&self) -> bool {
        *self == Self::nowhere()
    }

    /// Where both hold.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Everywhere, scope) | (scope, Self::Everywhere) => scope,
            (Self::Only(a), Self::Only(b)) => Self::Only(a.intersection(&b).copied().collect()),
        }
    }

    /// Where either holds.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Only(a), Self::Only(b)) => Self::Only(a.union(&b).copied().collect()),
            _ => Self::Everywhere,
        }
    }
}
