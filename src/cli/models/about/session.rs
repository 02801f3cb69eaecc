//! The client-centric models.

use super::About;

const SOURCE: &str = "Terry et al., Session Guarantees for Weakly Consistent Replicated Data, 1994";
const COST: &str = "near-linear where every value is written once; NP-complete where values repeat";

pub(super) const CLIENT_CENTRIC: About = About {
    line: "all four session guarantees together; any set of them is their names joined by +",
    definition: "Each read has a set of visible writes, and reads from the last of them to its key in one order of all writes \
                 that everybody shares. The guarantees say how the visible sets and the order follow the sessions; all \
                 of them hold for the same sets and the same order. Where replicas' logs were recorded, the guarantees \
                 are read off the logs.",
    source: SOURCE,
    cost: COST,
    holds: "terry/all-four-hold.hist",
    breaks: "terry/ryw-password.hist",
};

pub(super) const SET_WITH_OWN_WRITES: About = About {
    line: "these session guarantees together",
    definition: SET,
    source: SOURCE,
    cost: COST,
    holds: "terry/all-four-hold.hist",
    breaks: "textbook/read-your-writes-b.hist",
};

pub(super) const SET_WITH_READS: About =
    About { breaks: "textbook/monotonic-reads-b.hist", ..SET_WITH_OWN_WRITES };

pub(super) const SET_OF_WRITES: About =
    About { breaks: "textbook/monotonic-writes-b.hist", ..SET_WITH_OWN_WRITES };

const SET: &str = "One choice of what each read saw, and one order of all writes, satisfy all of the set's guarantees. \
                   That may be more than each of them by itself. `tribunal models` explains the guarantees one by \
                   one, and client-centric, which is all four.";

pub(super) const MONOTONIC_READS: About = About {
    line: "a session never reads older than it has read",
    definition: "What was visible to a read is visible to the later reads of its process.",
    source: SOURCE,
    cost: COST,
    holds: "textbook/monotonic-reads-a.hist",
    breaks: "textbook/monotonic-reads-b.hist",
};

pub(super) const MONOTONIC_WRITES: About = About {
    line: "a session's writes take effect everywhere in the order in which it made them",
    definition: "The writes of a process are ordered as it made them, and a later one is visible only together with the \
                 earlier. Clients alone never see it violated: it takes a cas, a thin-air read, or replicas' logs.",
    source: SOURCE,
    cost: COST,
    holds: "textbook/monotonic-writes-a.hist",
    breaks: "textbook/monotonic-writes-b.hist",
};

pub(super) const READ_YOUR_WRITES: About = About {
    line: "a session sees its own writes",
    definition: "The writes of a process are visible to its later reads.",
    source: SOURCE,
    cost: COST,
    holds: "textbook/read-your-writes-a.hist",
    breaks: "textbook/read-your-writes-b.hist",
};

pub(super) const WRITES_FOLLOW_READS: About = About {
    line: "a session's write takes effect everywhere after what the session had read",
    definition: "What was visible to a read comes before the later writes of its process, and is visible wherever these are.",
    source: SOURCE,
    cost: COST,
    holds: "textbook/writes-follow-reads-a.hist",
    breaks: "textbook/writes-follow-reads-b.hist",
};

pub(super) const EVENTUAL: About = About {
    line: "once the writes to a key have ended, everybody reads the same value of it",
    definition: "Each process's last read of a key is final if it began after all writes to the key had ended. All final \
                 reads of a key agree, on a written value if there was a write; and nobody ever reads what nobody wrote.",
    source: "Vogels, Eventually Consistent, 2009; read off a finite history",
    cost: "linear",
    holds: "eventual/converged.hist",
    breaks: "eventual/diverged.hist",
};
