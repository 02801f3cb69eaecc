//! The list of models.

use super::Guarantees;
use std::fmt;

/// A consistency model, by name.
///
/// The first three judge any data type with a sequential specification; the others are about registers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Model {
    /// One view in the order of the operations' instants.
    Strict,
    /// One view that respects real time and program order (Herlihy & Wing 1990).
    Linearizable,
    /// One view that respects program order (Lamport 1979).
    Sequential,
    /// A causal order exists such that each process has a view of all writes and its own reads that respects it, every
    /// read reading from its write: causal memory, CM (Ahamad et al. 1995).
    Causal,
    /// A causal order and one order of all writes that contains it exist such that each read returns the last write
    /// to its key in its causal past: CCv, causal+ (Bouajjani et al., POPL 2017).
    CausalConvergent,
    /// A causal order exists such that each read returns a causally latest write to its key in its causal past: CC
    /// (Bouajjani et al., POPL 2017).
    CausalWeak,
    /// The fifo views exist and agree, for each key, on the order of the writes to it (Goodman; Ahamad et al. 1993).
    Processor,
    /// Each process has a view of all writes and its own reads that respects every process's program order: PRAM
    /// (Lipton & Sandberg 1988).
    Fifo,
    /// Each key has a view of its operations that respects program order: coherence.
    Cache,
    /// Each process and key have a view of all writes to the key and the process's reads of it that respects program
    /// order among the operations on the key (Hutto & Ahamad 1990).
    Slow,
    /// Everybody agrees about what was synchronised by any `sync`, acquire or release (Dubois et al. 1986).
    Weak,
    /// Everybody agrees about what was synchronised by releases and later acquires (Gharachorloo et al. 1990, RCsc).
    Release,
    /// Everybody agrees about what was synchronised, for each key by the lock that guards it (Bershad et al. 1993).
    Entry,
    /// A set of the client-centric guarantees (Terry et al. 1994).
    Session(Guarantees),
    /// Once the writes to a key have ended, everybody reads the same value of it.
    Eventual,
}

impl Model {
    /// Every model that has a name of its own, stronger before weaker. The sets of two or three client-centric
    /// guarantees, which are models too, are not in it.
    pub const NAMED: &[Self] = &[
        Self::Strict,
        Self::Linearizable,
        Self::Sequential,
        Self::Causal,
        Self::CausalConvergent,
        Self::CausalWeak,
        Self::Processor,
        Self::Fifo,
        Self::Cache,
        Self::Slow,
        Self::Weak,
        Self::Release,
        Self::Entry,
        Self::Session(Guarantees::ALL),
        Self::Session(Guarantees::MONOTONIC_READS),
        Self::Session(Guarantees::MONOTONIC_WRITES),
        Self::Session(Guarantees::READ_YOUR_WRITES),
        Self::Session(Guarantees::WRITES_FOLLOW_READS),
        Self::Eventual,
    ];

    /// Other names that the literature and users have for models, and the model; [`Model::from_name`] knows them.
    pub const SYNONYMS: &[(&str, Self)] = &[
        ("atomic", Self::Linearizable),
        ("sc", Self::Sequential),
        ("cm", Self::Causal),
        ("causal-memory", Self::Causal),
        ("ccv", Self::CausalConvergent),
        ("causal+", Self::CausalConvergent),
        ("cc", Self::CausalWeak),
        ("pram", Self::Fifo),
        ("pc", Self::Processor),
        ("coherence", Self::Cache),
        ("coherent", Self::Cache),
        ("rc", Self::Release),
    ];

    /// Its name on command lines and in results.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Linearizable => "linearizable",
            Self::Sequential => "sequential",
            Self::Causal => "causal",
            Self::CausalConvergent => "causal-convergent",
            Self::CausalWeak => "causal-weak",
            Self::Processor => "processor",
            Self::Fifo => "fifo",
            Self::Cache => "cache",
            Self::Slow => "slow",
            Self::Weak => "weak",
            Self::Release => "release",
            Self::Entry => "entry",
            Self::Session(guarantees) => guarantees.name(),
            Self::Eventual => "eventual",
        }
    }

    /// The model of that name or synonym; a set of guarantees is their names joined by `+`.
    ///
    /// # Examples
    /// ```
    /// use tribunal_checker::model::{Guarantees, Model};
    ///
    /// assert_eq!(Model::from_name("causal"), Some(Model::Causal));
    /// assert_eq!(Model::from_name("pram"), Some(Model::Fifo));
    /// let both = Guarantees::MONOTONIC_READS | Guarantees::READ_YOUR_WRITES;
    /// assert_eq!(Model::from_name("monotonic-reads+read-your-writes"), Some(Model::Session(both)));
    /// assert_eq!(Model::from_name("client-centric"), Some(Model::Session(Guarantees::ALL)));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let named = Self::NAMED.iter().copied().find(|model| model.name() == name);
        let synonym = || Self::SYNONYMS.iter().find(|(synonym, _)| *synonym == name).map(|&(_, model)| model);
        named.or_else(synonym).or_else(|| Guarantees::from_name(name).map(Self::Session))
    }

    /// Whether it speaks of time: histories without times cannot be judged by it.
    #[must_use]
    pub fn needs_times(self) -> bool {
        matches!(self, Self::Strict | Self::Linearizable | Self::Eventual)
    }

    /// Whether it asks for one view of everything, and so judges any data type; the others judge registers alone.
    #[must_use]
    pub fn is_one_view(self) -> bool {
        matches!(self, Self::Strict | Self::Linearizable | Self::Sequential)
    }

    /// Whether it looks at synchronisation operations; the others pass over them.
    #[must_use]
    pub fn is_synchronised(self) -> bool {
        matches!(self, Self::Weak | Self::Release | Self::Entry)
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_means_one_model() {
        for &model in Model::NAMED {
            assert_eq!(Model::from_name(model.name()), Some(model));
        }
        for &(synonym, model) in Model::SYNONYMS {
            assert_eq!(Model::from_name(synonym), Some(model));
            assert!(Guarantees::from_name(synonym).is_none(), "{synonym}");
        }
        let mut names: Vec<&str> = Model::NAMED.iter().map(|model| model.name()).collect();
        names.extend(Model::SYNONYMS.iter().map(|(synonym, _)| *synonym));
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all, "{names:?}");
    }
}
