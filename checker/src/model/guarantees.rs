//! The four client-centric guarantees and their sets.

use std::fmt;
use std::ops::BitOr;

/// A set of the client-centric guarantees of Terry et al., "Session guarantees for weakly consistent replicated data",
/// PDIS 1994: at least one.
///
/// A set is checked together: one choice of what each read saw must satisfy all of its guarantees.
///
/// # Examples
/// ```
/// use tribunal_checker::model::Guarantees;
///
/// let both = Guarantees::READ_YOUR_WRITES | Guarantees::MONOTONIC_READS;
/// assert_eq!(both.name(), "monotonic-reads+read-your-writes");
/// assert_eq!(Guarantees::from_name("read-your-writes+monotonic-reads"), Some(both));
/// assert!(both.contains(Guarantees::MONOTONIC_READS) && !both.contains(Guarantees::ALL));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Guarantees(u8);

impl Guarantees {
    /// What a read of a session sees, its later reads see too.
    pub const MONOTONIC_READS: Self = Self(1);
    /// The writes of a session are in the order in which it made them, wherever they are seen.
    pub const MONOTONIC_WRITES: Self = Self(2);
    /// A read sees the earlier writes of its session.
    pub const READ_YOUR_WRITES: Self = Self(4);
    /// A write comes after everything that the earlier reads of its session saw, wherever it is seen.
    pub const WRITES_FOLLOW_READS: Self = Self(8);
    /// All four: `client-centric`.
    pub const ALL: Self = Self(15);
    /// Each alone, in the order in which a set's name lists them.
    pub const EACH: [Self; 4] =
        [Self::MONOTONIC_READS, Self::MONOTONIC_WRITES, Self::READ_YOUR_WRITES, Self::WRITES_FOLLOW_READS];

    /// Every set.
    pub fn sets() -> impl Iterator<Item = Self> {
        (1..=Self::ALL.0).map(Self)
    }

    /// Whether every guarantee of the other set is in this one.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The name: of the guarantee, `client-centric` for all four, else the names joined by `+`.
    #[must_use]
    pub fn name(self) -> &'static str {
        NAMES[usize::from(self.0)]
    }

    /// The set of that name; the names of guarantees, or their initials as in `mr+ryw`, may be joined by `+` in any
    /// order.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let one = |name: &str| {
            let initials = ["mr", "mw", "ryw", "wfr"].iter().position(|initials| *initials == name);
            let named = || Self::sets().find(|set| !set.name().contains('+') && set.name() == name);
            initials.map(|at| Self::EACH[at]).or_else(named)
        };
        name.split('+').map(one).try_fold(Self(0), |set, one| Some(set | one?))
    }
}

/// By the bits of the set.
const NAMES: [&str; 16] = [
    "",
    "monotonic-reads",
    "monotonic-writes",
    "monotonic-reads+monotonic-writes",
    "read-your-writes",
    "monotonic-reads+read-your-writes",
    "monotonic-writes+read-your-writes",
    "monotonic-reads+monotonic-writes+read-your-writes",
    "writes-follow-reads",
    "monotonic-reads+writes-follow-reads",
    "monotonic-writes+writes-follow-reads",
    "monotonic-reads+monotonic-writes+writes-follow-reads",
    "read-your-writes+writes-follow-reads",
    "monotonic-reads+read-your-writes+writes-follow-reads",
    "monotonic-writes+read-your-writes+writes-follow-reads",
    "client-centric",
];

impl BitOr for Guarantees {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Display for Guarantees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_the_name_of_its_guarantees() {
        for set in Guarantees::sets() {
            assert_eq!(Guarantees::from_name(set.name()), Some(set));
            let names: Vec<_> =
                Guarantees::EACH.iter().filter(|&&one| set.contains(one)).map(|one| one.name()).collect();
            assert!(set == Guarantees::ALL || set.name() == names.join("+"), "{set}");
            assert_eq!(Guarantees::from_name(&names.join("+")), Some(set));
        }
        assert_eq!(
            Guarantees::from_name("mr+ryw"),
            Some(Guarantees::MONOTONIC_READS | Guarantees::READ_YOUR_WRITES)
        );
        for none in ["", "+", "monotonic-reads+", "causal", "monotonic-reads+causal"] {
            assert_eq!(Guarantees::from_name(none), None, "{none}");
        }
    }
}
