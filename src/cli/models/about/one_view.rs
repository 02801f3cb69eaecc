//! The models of one view of everything.

use super::About;

pub(super) const STRICT: About = About {
    line: "every operation takes effect at its instant; a read returns the most recent write",
    definition: "One total order of all operations explains every result, and it is the order of their instants: \
                 the instant of an operation is its start where only an interval is known. Operations of different \
                 processes at one instant may take either order. An operation whose outcome is unknown takes effect \
                 at any time after its start, or never.",
    source: "Tanenbaum & van Steen, Distributed Systems",
    cost: "the order is given, but for ties and unknown outcomes: near-linear without them",
    holds: "textbook/strict-a.hist",
    breaks: "textbook/strict-b.hist",
};

pub(super) const LINEARIZABLE: About = About {
    line: "every operation takes effect at one moment between its call and its return",
    definition: "One total order of all operations explains every result, and it respects real time: an operation \
                 that ended before another started comes first. Operations that overlap, or only touch, may take \
                 either order. An operation whose outcome is unknown takes effect at any time after its start, or \
                 never. A history is linearizable iff the part of each key is, so keys are judged one by one.",
    source: "Herlihy & Wing, Linearizability, ACM TOPLAS 12(3), 1990",
    cost: "NP-complete; grows with how many operations overlap more than with their number",
    holds: "herlihy-wing/register-old-new.hist",
    breaks: "herlihy-wing/register-new-old-inversion.hist",
};

pub(super) const SEQUENTIAL: About = About {
    line: "one order explains every result and keeps each process's own order; real time is free",
    definition: "One total order of all operations explains every result, and the operations of each process stand \
                 in it in the order in which the process made them. When things happened does not matter: a process \
                 may see the past for ever, as long as it never turns back. Not local: each key by itself may be \
                 sequential and the whole not.",
    source: "Lamport, How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs, 1979",
    cost: "NP-complete; polynomial for a fixed number of processes, which is the exponent",
    holds: "textbook/sequential-a.hist",
    breaks: "textbook/sequential-b.hist",
};
