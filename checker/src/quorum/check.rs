//! What judging a system gives: checks, each with its inequality, the exact truth, a counterexample and a mend.

use std::fmt;

use super::error::Stopped;
use super::set::ReplicaSet;

/// Whether a system is safe under the rules it was judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every rule holds, exactly.
    Safe,
    /// A rule can be broken; a check has the counterexample.
    Unsafe,
    /// No rule was seen broken, but one could not be decided in the limits.
    Undecided,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Safe => "safe",
            Self::Unsafe => "unsafe",
            Self::Undecided => "undecided",
        })
    }
}

/// A side of an inequality: whole, or a half (N/2 of an odd N).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount {
    halves: i128,
}

impl Amount {
    /// A whole amount.
    #[must_use]
    pub fn whole(amount: i128) -> Self {
        Self { halves: 2 * amount }
    }

    /// Half of an amount.
    #[must_use]
    pub fn half_of(amount: u64) -> Self {
        Self { halves: i128::from(amount) }
    }

    /// The amount where it is whole.
    #[must_use]
    pub fn as_whole(self) -> Option<i128> {
        (self.halves % 2 == 0).then_some(self.halves / 2)
    }

    /// The nearest floating-point number (exact up to 2^52).
    #[must_use]
    pub fn as_f64(self) -> f64 {
        self.halves as f64 / 2.0
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_whole() {
            Some(whole) => write!(f, "{whole}"),
            None => write!(f, "{}.5", self.halves / 2),
        }
    }
}

/// An inequality with its numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inequality {
    /// The rule in its usual letters, such as `N_R + N_W > N`.
    pub formula: String,
    /// The left side.
    pub lhs: Amount,
    /// The right side.
    pub rhs: Amount,
    /// Whether it holds.
    pub holds: bool,
}

impl Inequality {
    /// `lhs > rhs`.
    #[must_use]
    pub fn more(formula: &str, lhs: Amount, rhs: Amount) -> Self {
        Self { formula: formula.to_owned(), lhs, rhs, holds: lhs > rhs }
    }

    /// `lhs >= rhs`.
    #[must_use]
    pub fn at_least(formula: &str, lhs: Amount, rhs: Amount) -> Self {
        Self { formula: formula.to_owned(), lhs, rhs, holds: lhs >= rhs }
    }
}

/// One quorum of a counterexample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WitnessQuorum {
    /// What it is a quorum for: `read`, `write`, `phase 1`, ….
    pub role: String,
    /// Its replicas.
    pub members: ReplicaSet,
    /// How many nodes outside the system stand in for its replicas (sloppy quorums only).
    pub stand_ins: usize,
}

/// Quorums that share too little.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The quorums.
    pub quorums: Vec<WitnessQuorum>,
    /// The replicas common to all of them (none, where the rule asks for one).
    pub common: ReplicaSet,
    /// Whether no counterexample of fewer members exists.
    pub smallest: bool,
}

impl Witness {
    pub(super) fn new<const N: usize>(roles: [&str; N], quorums: Vec<ReplicaSet>, smallest: bool) -> Self {
        let common = quorums.iter().skip(1).fold(quorums[0].clone(), |common, q| common.intersection(q));
        let quorums = roles
            .iter()
            .zip(quorums)
            .map(|(role, members)| WitnessQuorum { role: (*role).to_owned(), members, stand_ins: 0 })
            .collect();
        Self { quorums, common, smallest }
    }
}

/// One rule applied to one system.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// A stable name: `read-write`, `write-write`, `durability`, ….
    pub id: String,
    /// What must be true of the quorums, in words.
    pub rule: String,
    /// The textbook inequality, where the system has one.
    pub inequality: Option<Inequality>,
    /// Whether the rule really holds of every choice of quorums, or why that is not known.
    pub exact: Result<bool, Stopped>,
    /// The trouble that the rule prevents.
    pub prevents: String,
    /// Quorums that break the rule, exactly where `exact` is `Ok(false)` and quorums can show it.
    pub witness: Option<Witness>,
    /// Least changes, each of which mends the rule alone.
    pub fix: Vec<String>,
    /// Anything else that the reader should know.
    pub note: Option<String>,
}

impl Check {
    pub(super) fn new(id: &str, rule: &str, prevents: &str, exact: Result<bool, Stopped>) -> Self {
        Self {
            id: id.to_owned(),
            rule: rule.to_owned(),
            inequality: None,
            exact,
            prevents: prevents.to_owned(),
            witness: None,
            fix: Vec::new(),
            note: None,
        }
    }

    /// The inequality's word, or the exact one where there is no inequality.
    #[must_use]
    pub fn holds(&self) -> Option<bool> {
        self.inequality.as_ref().map(|inequality| inequality.holds).or(self.exact.ok())
    }
}

/// The checks of one system and what follows from them.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// Unsafe if any check is broken, else undecided if any is undecided, else safe.
    pub verdict: Verdict,
    /// The rules that were applied.
    pub checks: Vec<Check>,
}

impl Judgement {
    /// The verdict that follows from checks.
    #[must_use]
    pub fn of(checks: Vec<Check>) -> Self {
        let verdict = if checks.iter().any(|check| check.exact == Ok(false)) {
            Verdict::Unsafe
        } else if checks.iter().any(|check| check.exact.is_err()) {
            Verdict::Undecided
        } else {
            Verdict::Safe
        };
        Self { verdict, checks }
    }
}

#[cfg(test)]
mod tests {
    use super::Amount;

    #[test]
    fn halves_print_as_people_write_them() {
        assert_eq!(Amount::half_of(5).to_string(), "2.5");
        assert_eq!(Amount::half_of(4).to_string(), "2");
        assert_eq!(Amount::half_of(5).as_whole(), None);
        assert!(Amount::whole(3) > Amount::half_of(5));
    }
}
