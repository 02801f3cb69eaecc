//! The models of synchronised memory.

use super::About;

const COST: &str =
    "near-linear where times or the locks force the order of synchronisation; NP-complete otherwise";

pub(super) const WEAK: About = About {
    line: "after a synchronisation everybody agrees about what came before it",
    definition: "All synchronisation operations have one order; an operation happens before the later synchronisations of \
                 its process, and a synchronisation before the later operations of its process. No read skips a write \
                 that happens before it, and the writes to each key have one order that extends this and program \
                 order. Between synchronisations reads are free.",
    source: "Dubois, Scheurich & Briggs, Memory Access Buffering in Multiprocessors, 1986",
    cost: COST,
    holds: "textbook/weak-a.hist",
    breaks: "textbook/weak-b.hist",
};

pub(super) const RELEASE: About = About {
    line: "whoever acquires a lock sees all that was done before it was released",
    definition: "As weak, but an acquire orders only what its process does later, a release only what it did earlier, and a \
                 release of a lock happens before the later acquires of that lock. A sync is both, of one variable for \
                 all.",
    source: "Gharachorloo et al., Memory Consistency and Event Ordering in Scalable Shared-Memory Multiprocessors, 1990",
    cost: COST,
    holds: "textbook/release-figure.hist",
    breaks: "textbook/release-violation.hist",
};

pub(super) const ENTRY: About = About {
    line: "whoever acquires the lock of a key sees what was done to that key before its release",
    definition: "As release, but each key only through the lock that guards it: the one that the header's guards name, or Lx \
                 for key x. Syncs do not count.",
    source: "Bershad, Zekauskas & Sawdon, The Midway Distributed Shared Memory System, 1993",
    cost: COST,
    holds: "textbook/entry-figure.hist",
    breaks: "textbook/entry-violation.hist",
};
