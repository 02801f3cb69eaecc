//! The list of models.

use std::fmt;

/// A consistency model, by name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Model {
    /// One view in the order of the operations' instants.
    Strict,
    /// One view that respects real time and program order (Herlihy & Wing 1990).
    Linearizable,
    /// One view that respects program order (Lamport 1979).
    Sequential,
}

impl Model {
    /// Every model, strongest first.
    pub const ALL: &[Self] = &[Self::Strict, Self::Linearizable, Self::Sequential];

    /// Its name on command lines and in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Linearizable => "linearizable",
            Self::Sequential => "sequential",
        }
    }

    /// The model of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|model| model.name() == name)
    }

    /// Whether it speaks of time: histories without times cannot be judged by it.
    #[must_use]
    pub fn needs_times(self) -> bool {
        matches!(self, Self::Strict | Self::Linearizable)
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
