//! The models of a view for each process or key.

use super::About;

pub(super) const FIFO: About = About {
    line: "each process sees every process's writes in the order in which it made them (PRAM)",
    definition: "Each process has a view of all writes and its own reads that respects every process's program order. \
                 Processes need not agree on the order of writes by different processes.",
    source: "Lipton & Sandberg, PRAM: A Scalable Shared Memory, 1988",
    cost: "polynomial where every value is written once; NP-complete where values repeat",
    holds: "textbook/fifo-figure.hist",
    breaks: "goodman/out-of-order.hist",
};

pub(super) const PROCESSOR: About = About {
    line: "fifo, and all processes agree on the order of the writes to each key",
    definition: "Each process has a view of all writes and its own reads that respects every process's program order, \
                 and these views agree, for each key, on the order of the writes to it. More than fifo and cache: the \
                 same views must do both.",
    source: "Goodman 1989, as stated by Ahamad et al., The Power of Processor Consistency, 1993",
    cost: "NP-complete; mostly settled by propagation where every value is written once",
    holds: "goodman/two-locations-agreed.hist",
    breaks: "goodman/same-location-different-orders.hist",
};

pub(super) const CACHE: About = About {
    line: "each key by itself is sequential (coherence)",
    definition: "Each key has one view of its operations that respects program order. Nothing is promised between keys.",
    source: "Goodman, Cache Consistency and Sequential Consistency, 1989",
    cost: "linear where every value is written once; NP-complete where values repeat",
    holds: "lattice/cache-but-not-agreed-across-keys.hist",
    breaks: "textbook/causal-figure.hist",
};

pub(super) const SLOW: About = About {
    line: "each process sees the writes of another to one key in the order in which it made them",
    definition: "Each process and key have a view of all writes to the key and the process's reads of it that respects \
                 each process's program order among its operations on that key.",
    source: "Hutto & Ahamad, Slow Memory, 1990",
    cost: "polynomial where every value is written once; NP-complete where values repeat",
    holds: "ahamad/slow-not-coherent.hist",
    breaks: "ahamad/slow-violated.hist",
};
