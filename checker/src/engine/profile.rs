//! Every model's verdict on one history.
//!
//! Models are judged cheapest first; a verdict that follows from the lattice is not computed again: what satisfies a
//! model satisfies all that it implies, and what violates one violates all that imply it.

use super::judge::{CheckError, Judgement, Options, check};
use crate::history::History;
use crate::model::{Condition, Guarantees, Model, implied};
use crate::verdict::{Unknown, Verdict};

/// What a profile says of one model.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// The history satisfies it.
    Holds,
    /// It does not.
    Breaks,
    /// A limit was reached first.
    Unknown(Unknown),
    /// The model does not apply: why.
    Inapplicable(String),
}

/// One model's entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The model.
    pub model: Model,
    /// The answer.
    pub answer: Answer,
    /// The model from whose verdict it follows, if it was not judged itself.
    pub because: Option<Model>,
    /// The judgement with its evidence, if it was.
    pub judgement: Option<Judgement>,
}

/// Every named model's verdict on one history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// In the order of [`Model::NAMED`].
    pub entries: Vec<Entry>,
    /// The models that hold and that no other one that holds implies.
    pub strongest: Vec<Model>,
    /// The models that break and that imply no other one that breaks.
    pub weakest: Vec<Model>,
}

/// The order of judging: linear procedures, then polynomial ones, then searches.
const ORDER: &[Model] = &[
    Model::Eventual,
    Model::CausalConvergent,
    Model::CausalWeak,
    Model::Cache,
    Model::Slow,
    Model::Session(Guarantees::ALL),
    Model::Session(Guarantees::MONOTONIC_READS),
    Model::Session(Guarantees::MONOTONIC_WRITES),
    Model::Session(Guarantees::READ_YOUR_WRITES),
    Model::Session(Guarantees::WRITES_FOLLOW_READS),
    Model::Strict,
    Model::Linearizable,
    Model::Fifo,
    Model::Causal,
    Model::Sequential,
    Model::Processor,
    Model::Weak,
    Model::Release,
    Model::Entry,
];

/// Judges a history by every named model. The limits are for each model.
///
/// # Errors
/// If the history does not fit its data type.
pub fn profile(history: &History, options: &Options) -> Result<Profile, CheckError> {
    let conditions: Vec<Condition> =
        [Condition::Always, Condition::WithoutCas, Condition::WithoutLocks, Condition::UntimedSyncs]
            .into_iter()
            .filter(|condition| condition.holds(history))
            .collect();
    // A history with logs is judged by them, which no other model looks at.
    let logged = |model: Model| matches!(model, Model::Session(_)) && !history.logs().is_empty();
    let weaker = |model: Model| {
        let mut models = implied(model, |condition| conditions.contains(&condition));
        models.retain(|&other| logged(other) == logged(model));
        models
    };
    let mut entries: Vec<Entry> = Vec::new();
    for &model in ORDER {
        let follows = entries.iter().find_map(|known| match known.answer {
            Answer::Holds if weaker(known.model).contains(&model) => Some((Answer::Holds, known.model)),
            Answer::Breaks if weaker(model).contains(&known.model) => Some((Answer::Breaks, known.model)),
            _ => None,
        });
        let applies = !model.needs_times() || history.is_timed() || history.is_empty();
        entries.push(match follows.filter(|_| applies) {
            Some((answer, because)) => Entry { model, answer, because: Some(because), judgement: None },
            None => judge(history, model, options)?,
        });
    }
    entries.sort_by_key(|entry| Model::NAMED.iter().position(|&model| model == entry.model));
    let with = |answer: &Answer| -> Vec<Model> {
        entries.iter().filter(|entry| entry.answer == *answer).map(|entry| entry.model).collect()
    };
    let (holding, breaking) = (with(&Answer::Holds), with(&Answer::Breaks));
    let implied_by_holding = |model: &Model| holding.iter().any(|&other| weaker(other).contains(model));
    let implies_breaking = |model: &Model| weaker(*model).iter().any(|other| breaking.contains(other));
    let strongest = holding.iter().copied().filter(|model| !implied_by_holding(model)).collect();
    let weakest = breaking.iter().copied().filter(|model| !implies_breaking(model)).collect();
    Ok(Profile { entries, strongest, weakest })
}

fn judge(history: &History, model: Model, options: &Options) -> Result<Entry, CheckError> {
    let (answer, judgement) = match check(history, model, options) {
        Ok(judgement) => {
            let answer = match &judgement.verdict {
                Verdict::Consistent(_) => Answer::Holds,
                Verdict::Violated(_) => Answer::Breaks,
                Verdict::Unknown(unknown) => Answer::Unknown(unknown.clone()),
            };
            (answer, Some(judgement))
        }
        Err(error @ CheckError::Spec(_)) => return Err(error),
        Err(error) => (Answer::Inapplicable(error.to_string()), None),
    };
    Ok(Entry { model, answer, because: None, judgement })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Registers, history, registers};
    use proptest::prelude::*;

    #[test]
    fn a_history_between_the_models() {
        // Two processes see two writes in different orders.
        let found =
            profile(&history("A: W(x)1\nB: W(x)2\nC: R(x)1 R(x)2\nD: R(x)2 R(x)1"), &Options::default())
                .unwrap();
        assert_eq!(found.entries.len(), Model::NAMED.len());
        assert!(found.strongest.contains(&Model::Causal), "{:?}", found.strongest);
        assert!(found.weakest.contains(&Model::Session(Guarantees::MONOTONIC_READS)), "{:?}", found.weakest);
        let linearizable = found.entries.iter().find(|entry| entry.model == Model::Linearizable).unwrap();
        assert!(matches!(linearizable.answer, Answer::Inapplicable(_)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

        #[test]
        fn what_follows_is_what_would_have_been_judged(
            history in registers(Registers { locks: true, syncs: true, operations: 6, ..Registers::default() }),
        ) {
            let options = Options { spec: Some(crate::spec::SpecKind::Register), ..Options::default() };
            for entry in profile(&history, &options).unwrap().entries.iter().filter(|entry| entry.because.is_some()) {
                let judged = judge(&history, entry.model, &options).unwrap();
                prop_assert_eq!(&judged.answer, &entry.answer, "{}", entry.model);
            }
        }
    }
}
