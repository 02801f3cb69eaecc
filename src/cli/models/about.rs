//! What is told about each model.

mod causal;
mod one_view;
mod session;
mod synchronised;
mod views;

use tribunal_checker::model::{Guarantees, Model};
use tribunal_corpus::litmus;

/// A model, for people.
#[derive(Debug)]
pub(super) struct About {
    /// What it promises, in one line.
    pub(super) line: &'static str,
    pub(super) definition: &'static str,
    pub(super) source: &'static str,
    pub(super) cost: &'static str,
    /// Litmus histories that satisfy it, and that do not.
    pub(super) holds: &'static str,
    pub(super) breaks: &'static str,
}

/// What is told about a model.
pub(super) fn about(model: Model) -> &'static About {
    match model {
        Model::Strict => &one_view::STRICT,
        Model::Linearizable => &one_view::LINEARIZABLE,
        Model::Sequential => &one_view::SEQUENTIAL,
        Model::Causal => &causal::CAUSAL,
        Model::CausalConvergent => &causal::CONVERGENT,
        Model::CausalWeak => &causal::WEAK,
        Model::Processor => &views::PROCESSOR,
        Model::Fifo => &views::FIFO,
        Model::Cache => &views::CACHE,
        Model::Slow => &views::SLOW,
        Model::Weak => &synchronised::WEAK,
        Model::Release => &synchronised::RELEASE,
        Model::Entry => &synchronised::ENTRY,
        Model::Session(Guarantees::MONOTONIC_READS) => &session::MONOTONIC_READS,
        Model::Session(Guarantees::MONOTONIC_WRITES) => &session::MONOTONIC_WRITES,
        Model::Session(Guarantees::READ_YOUR_WRITES) => &session::READ_YOUR_WRITES,
        Model::Session(Guarantees::WRITES_FOLLOW_READS) => &session::WRITES_FOLLOW_READS,
        Model::Session(Guarantees::ALL) => &session::CLIENT_CENTRIC,
        Model::Session(set) if set.contains(Guarantees::READ_YOUR_WRITES) => &session::SET_WITH_OWN_WRITES,
        Model::Session(set) if set.contains(Guarantees::MONOTONIC_READS) => &session::SET_WITH_READS,
        Model::Session(_) => &session::SET_OF_WRITES,
        Model::Eventual => &session::EVENTUAL,
        other => unreachable!("nothing is told about {other}"),
    }
}

/// The title of a litmus history, and what stands in it.
pub(super) fn example(path: &str) -> (&'static str, Vec<&'static str>) {
    let litmus = litmus().flatten().find(|litmus| litmus.path == path).expect("a test looks them up");
    let figure = |line: &&str| !line.starts_with(['#']) && !line.starts_with("expect:") && !line.is_empty();
    (litmus.title, litmus.text.lines().filter(figure).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tribunal_checker::engine::{Options, check};
    use tribunal_checker::verdict::Verdict;

    #[test]
    fn examples_are_litmus_histories_that_the_engine_judges_so() {
        let sets = Guarantees::sets().map(Model::Session);
        for model in Model::NAMED.iter().copied().chain(sets) {
            let about = about(model);
            for (path, holds) in [(about.holds, true), (about.breaks, false)] {
                let litmus = litmus().flatten().find(|litmus| litmus.path == path);
                let litmus = litmus.unwrap_or_else(|| panic!("{model}: there is no {path}"));
                let verdict = check(&litmus.history, model, &Options::default()).expect("it applies").verdict;
                assert_eq!(matches!(verdict, Verdict::Consistent(_)), holds, "{model}: {path}");
                let expected = litmus.expectations.iter().find(|(of, _)| *of == model);
                assert!(expected.is_none_or(|&(_, expected)| expected == holds), "{model}: {path}");
            }
        }
    }

    #[test]
    fn every_model_has_a_line_of_its_own() {
        let lines: std::collections::BTreeSet<&str> =
            Model::NAMED.iter().map(|&model| about(model).line).collect();
        assert_eq!(lines.len(), Model::NAMED.len());
    }
}
