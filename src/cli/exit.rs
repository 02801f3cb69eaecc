//! Exit codes.

use super::console::Console;
use crate::report::Totals;

/// How the program ends, by number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Exit {
    /// Nothing to complain about.
    Good = 0,
    /// A verdict is `violated`; a certificate is refuted.
    Violated = 1,
    /// Input that could not be read, or a usage error.
    BadInput = 2,
    /// A verdict is `unknown`; a certificate could not be verified.
    Unknown = 3,
    /// No history had an operation, or one had fewer than required.
    Empty = 4,
}

/// What a run has seen.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Tally {
    pub(super) totals: Totals,
    /// What must hold does not: a violation in `check`, of a required model in `profile`.
    pub(super) fails: bool,
    /// A required model does not apply.
    pub(super) unfit: bool,
    /// A history had an operation.
    pub(super) any_operation: bool,
    /// A history had fewer operations than required.
    pub(super) too_few: bool,
    /// No history fell to this shard of a run that has some.
    pub(super) elsewhere: bool,
}

impl Tally {
    /// Takes in what another part of the run has seen.
    pub(super) fn add(&mut self, other: &Self) {
        self.totals.add(&other.totals);
        self.fails |= other.fails;
        self.unfit |= other.unfit;
        self.any_operation |= other.any_operation;
        self.too_few |= other.too_few;
        self.elsewhere |= other.elsewhere;
    }

    /// The exit code; the first of these that applies: what must hold does not, an error, an unknown verdict (unless
    /// `unknown_passes`), too few operations.
    pub(super) fn exit(&self, unknown_passes: bool) -> Exit {
        if self.fails {
            Exit::Violated
        } else if self.totals.errors > 0 || self.unfit {
            Exit::BadInput
        } else if self.totals.unknown > 0 && !unknown_passes {
            Exit::Unknown
        } else if self.too_few || !(self.any_operation || self.elsewhere) {
            Exit::Empty
        } else {
            Exit::Good
        }
    }

    /// The exit code; warns of what it does not tell, or tells only in a number.
    pub(super) fn conclude(&self, unknown_passes: bool, console: &mut Console<'_>) -> Exit {
        if self.totals.unknown > 0 && unknown_passes {
            let verdicts = match self.totals.unknown {
                1 => "1 verdict is".to_owned(),
                many => format!("{many} verdicts are"),
            };
            console.warn(&format!("{verdicts} unknown, and --unknown warn lets that pass"));
        }
        let exit = self.exit(unknown_passes);
        if self.unfit {
            console.warn("a required model does not apply to a history");
        }
        if exit == Exit::Empty {
            console.warn(match self.too_few {
                true => "a history has fewer operations than --require-ops",
                false => "there was no operation to judge",
            });
        }
        exit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gravest_finding_decides() {
        let mut tally = Tally::default();
        assert_eq!(tally.exit(false), Exit::Empty);
        tally.any_operation = true;
        tally.totals.consistent = 1;
        assert_eq!(tally.exit(false), Exit::Good);
        tally.too_few = true;
        assert_eq!(tally.exit(false), Exit::Empty);
        tally.totals.unknown = 1;
        assert_eq!(tally.exit(false), Exit::Unknown);
        assert_eq!(tally.exit(true), Exit::Empty);
        tally.too_few = false;
        assert_eq!(tally.exit(true), Exit::Good);
        tally.totals.errors = 1;
        assert_eq!(tally.exit(true), Exit::BadInput);
        tally.totals.errors = 0;
        tally.unfit = true;
        assert_eq!(tally.exit(true), Exit::BadInput);
        tally.totals.violated = 1;
        assert_eq!(tally.exit(true), Exit::BadInput, "a profile may find violations");
        tally.fails = true;
        assert_eq!(tally.exit(false), Exit::Violated);
        assert_eq!(Tally { elsewhere: true, ..Tally::default() }.exit(false), Exit::Good);
    }
}
