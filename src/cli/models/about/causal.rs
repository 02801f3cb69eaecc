//! The causal models.

use super::About;

pub(super) const CAUSAL: About = About {
    line: "what may have caused a write is seen before it (causal memory)",
    definition: "The causal order is program order and reads-from, closed; it has no cycle. Each process has a view of all \
                 writes and its own reads that respects it and in which each read reads from its very write. Writes \
                 without cause may be seen in different orders.",
    source: "Ahamad et al., Causal Memory, 1995 (CM of Bouajjani et al., POPL 2017)",
    cost: "polynomial where every value is written once; NP-complete where values repeat",
    holds: "textbook/causal-figure.hist",
    breaks: "textbook/causal-violation.hist",
};

pub(super) const CONVERGENT: About = About {
    line: "reads follow causes, and everybody resolves conflicts in one order of all writes (causal+, CCv)",
    definition: "There is one total order of all writes that extends the causal order, such that each read reads from the \
                 last write to its key, in that order, in its causal past; or the initial value where its past has \
                 none.",
    source: "Bouajjani, Enea, Guerraoui & Hamza, On Verifying Causal Consistency, POPL 2017",
    cost: "near-linear in operations times processes where every value is written once; NP-complete where values repeat",
    holds: "lattice/convergent-but-no-view.hist",
    breaks: "textbook/causal-figure.hist",
};

pub(super) const WEAK: About = About {
    line: "a read never returns what its own past has overwritten (CC)",
    definition: "Each read reads from a write to its key such that no other write to the key is causally between the two; \
                 or the initial value where no write to the key is in its causal past.",
    source: "Bouajjani, Enea, Guerraoui & Hamza, On Verifying Causal Consistency, POPL 2017",
    cost: "near-linear in operations times processes where every value is written once; NP-complete where values repeat",
    holds: "textbook/causal-figure.hist",
    breaks: "textbook/causal-violation.hist",
};
