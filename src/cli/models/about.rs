//! What is told about each model.

use tribunal_checker::model::Model;

/// A model, for people.
pub(super) struct About {
    /// What it promises, in one line.
    pub(super) line: &'static str,
    pub(super) definition: &'static str,
    /// Of the models that are decided, those that imply it and those that it implies.
    pub(super) stronger: &'static [Model],
    pub(super) weaker: &'static [Model],
    pub(super) source: &'static str,
    pub(super) cost: &'static str,
    /// Histories in the textbook notation that satisfy it, and that do not.
    pub(super) holds: &'static [&'static str],
    pub(super) breaks: &'static [&'static str],
}

/// What is told about a model.
pub(super) fn about(model: Model) -> &'static About {
    match model {
        Model::Strict => &STRICT,
        Model::Linearizable => &LINEARIZABLE,
        _ => &SEQUENTIAL,
    }
}

const STRICT: About = About {
    line: "every operation takes effect at its instant; a read returns the most recent write",
    definition: "One total order of all operations explains every result, and it is the order of their instants: \
                 the instant of an operation is its start where only an interval is known. Operations of different \
                 processes at one instant may take either order. An operation whose outcome is unknown takes effect \
                 at any time after its start, or never.",
    stronger: &[],
    weaker: &[Model::Linearizable, Model::Sequential],
    source: "Tanenbaum & van Steen, Distributed Systems",
    cost: "near-linear: the order is given, but for ties and unknown outcomes; part by part of the object",
    holds: &["P1: W(x)a", "P2:       R(x)a"],
    breaks: &["P1: W(x)a", "P2:       R(x)NIL  R(x)a"],
};

const LINEARIZABLE: About = About {
    line: "every operation takes effect at one moment between its call and its return",
    definition: "One total order of all operations explains every result, and it respects real time: an operation \
                 that ended before another started comes first. Operations that overlap, or only touch, may take \
                 either order. An operation whose outcome is unknown takes effect at any time after its start, or \
                 never. A history is linearizable iff the part of each key is, so keys are judged one by one.",
    stronger: &[Model::Strict],
    weaker: &[Model::Sequential],
    source: "Herlihy & Wing, Linearizability, ACM TOPLAS 12(3), 1990",
    cost: "NP-complete in general; grows with how many operations overlap, hardly with their number",
    holds: &["P1: W(x)a@[0,9]", "P2: R(x)NIL@[2,4] R(x)a@[5,7]"],
    breaks: &["P1: W(x)a@[0,9]", "P2: R(x)a@[2,4] R(x)NIL@[5,7]"],
};

const SEQUENTIAL: About = About {
    line: "one order explains every result and keeps each process's own order; real time is free",
    definition: "One total order of all operations explains every result, and the operations of each process stand \
                 in it in the order in which the process made them. When things happened does not matter: a process \
                 may see the past for ever, as long as it never turns back. Not local: each key by itself may be \
                 sequential and the whole not.",
    stronger: &[Model::Strict, Model::Linearizable],
    weaker: &[],
    source: "Lamport, How to Make a Multiprocessor Computer That Correctly Executes Multiprocess Programs, 1979",
    cost: "NP-complete; polynomial for a fixed number of processes, of which the exponent is made",
    holds: &["P1: W(x)a", "P2:       R(x)NIL  R(x)a"],
    breaks: &["P1: W(x)a  R(y)NIL", "P2: W(y)b  R(x)NIL"],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stronger_and_weaker_agree() {
        for &model in Model::ALL {
            let about_it = about(model);
            for &stronger in about_it.stronger {
                assert!(about(stronger).weaker.contains(&model), "{stronger} and {model}");
            }
            for &weaker in about_it.weaker {
                assert!(about(weaker).stronger.contains(&model), "{weaker} and {model}");
            }
        }
    }

    #[test]
    fn every_decided_model_is_told_about() {
        let lines: Vec<&str> = Model::ALL.iter().map(|&model| about(model).line).collect();
        let mut distinct = lines.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), lines.len());
    }
}
