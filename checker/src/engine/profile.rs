//! Every model's verdict on one history.
//!
//! Models are judged cheapest first; a verdict that follows from the lattice is not computed again: what satisfies a
//! model satisfies all that it implies, and what violates one violates all that imply it. Where the evidence is asked for,
//! that of the model from which a verdict follows is turned into its own ([`evidence`]).

mod evidence;

use super::judge::{CheckError, Judgement, Options, applies, check};
use crate::certificate::Certificate;
use crate::history::History;
use crate::model::{Condition, Guarantees, Model, implied};
use crate::verdict::{Unknown, Verdict};
use std::time::{Duration, Instant};

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
    Inapplicable(CheckError),
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
    /// How long that took.
    pub elapsed: Duration,
}

/// The models' verdicts on one history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Profile {
    /// In the order of [`Model::NAMED`], then the other models that were asked for.
    pub entries: Vec<Entry>,
    /// The models that hold and that no other one that holds implies.
    pub strongest: Vec<Model>,
    /// The models that break and that imply no other one that breaks.
    pub weakest: Vec<Model>,
}

/// The order of judging: linear procedures, then polynomial ones, then searches; of those that cost the same, what
/// implies more first.
const ORDER: &[Model] = &[
    Model::Eventual,
    Model::CausalConvergent,
    Model::CausalWeak,
    Model::Cache,
    Model::Session(Guarantees::ALL),
    Model::Session(Guarantees::MONOTONIC_READS),
    Model::Session(Guarantees::MONOTONIC_WRITES),
    Model::Session(Guarantees::READ_YOUR_WRITES),
    Model::Session(Guarantees::WRITES_FOLLOW_READS),
    Model::Strict,
    Model::Linearizable,
    Model::Causal,
    Model::Fifo,
    Model::Slow,
    Model::Sequential,
    Model::Processor,
    Model::Weak,
    Model::Release,
    Model::Entry,
];

/// Judges a history by every named model, and by `others`: sets of guarantees. The limits are for each model.
///
/// # Errors
/// If the history does not fit its data type.
///
/// # Examples
/// ```
/// use tribunal_checker::engine::{Options, profile};
/// use tribunal_checker::history::{Function, HistoryBuilder, Micro, Operation};
/// use tribunal_checker::model::Model;
///
/// let mut builder = HistoryBuilder::new();
/// let (process, x, one) = (builder.process_int(0), builder.key_text("x"), builder.int(1));
/// builder.push(&Operation::new(process, Function::Write, &[Micro::new(Function::Write, x, one)]))?;
/// let found = profile(&builder.finish()?, &[], &Options::default())?;
/// assert!(found.strongest.contains(&Model::Sequential) && found.weakest.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn profile(history: &History, others: &[Model], options: &Options) -> Result<Profile, CheckError> {
    profile_by(history, others, options, &mut |model| check(history, model, options))
}

/// [`profile`], where `judge` judges one model: whoever calls can give each one limits of its own.
///
/// # Errors
/// If the history does not fit its data type.
pub fn profile_by(
    history: &History,
    others: &[Model],
    options: &Options,
    judge: &mut dyn FnMut(Model) -> Result<Judgement, CheckError>,
) -> Result<Profile, CheckError> {
    let lattice = Lattice::of(history);
    let mut entries: Vec<Entry> = Vec::new();
    let rest = others.iter().filter(|model| !ORDER.contains(model));
    for &model in ORDER.iter().chain(rest) {
        if entries.iter().any(|entry| entry.model == model) {
            continue;
        }
        let follows = entries.iter().filter(|known| known.judgement.is_some()).find_map(|known| {
            let (answer, because) = (known.answer.clone(), known.model);
            let follows = match answer {
                Answer::Holds => lattice.implies(because, model),
                Answer::Breaks => lattice.implies(model, because),
                _ => false,
            };
            follows.then_some((answer, because))
        });
        let applies = applies(history, model, options).is_ok();
        entries.push(match follows.filter(|_| applies) {
            Some((answer, because)) => {
                Entry { model, answer, because: Some(because), judgement: None, elapsed: Duration::ZERO }
            }
            None => self::judge(model, judge)?,
        });
    }
    let place = |model: Model| Model::NAMED.iter().position(|&named| model == named).unwrap_or(usize::MAX);
    entries.sort_by_key(|entry| place(entry.model));
    let with = |answer: &Answer| -> Vec<Model> {
        entries.iter().filter(|entry| entry.answer == *answer).map(|entry| entry.model).collect()
    };
    let (holding, breaking) = (with(&Answer::Holds), with(&Answer::Breaks));
    let implied_by_holding = |model: &Model| holding.iter().any(|&other| lattice.implies(other, *model));
    let implies_breaking = |model: &Model| breaking.iter().any(|&other| lattice.implies(*model, other));
    let strongest = holding.iter().copied().filter(|model| !implied_by_holding(model)).collect();
    let weakest = breaking.iter().copied().filter(|model| !implies_breaking(model)).collect();
    Ok(Profile { entries, strongest, weakest })
}

impl Profile {
    /// The entry of a model.
    #[must_use]
    pub fn entry(&self, model: Model) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.model == model)
    }

    /// Evidence for a model's verdict. Where the verdict follows from another one, it is that one's evidence, made over:
    /// a witness becomes one of the weaker model, a refutation is handed on as it is, and whether it is one of the
    /// stronger model too [`verify`](crate::certificate::verify::verify) must tell.
    #[must_use]
    pub fn evidence(&self, history: &History, model: Model) -> Option<Certificate> {
        let entry = self.entry(model)?;
        let source = entry.because.map_or(Some(entry), |because| self.entry(because))?;
        match &source.judgement.as_ref()?.verdict {
            Verdict::Consistent(witness) if source.model == model => {
                Some(Certificate::Witness(witness.clone()))
            }
            Verdict::Consistent(witness) => {
                evidence::weaken(history, witness, source.model, model).map(Certificate::Witness)
            }
            Verdict::Violated(refutation) => Some(Certificate::Refutation(refutation.clone())),
            Verdict::Unknown(_) => None,
        }
    }
}

/// The implications that hold for a history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lattice {
    conditions: Vec<Condition>,
    /// Replicas' logs were recorded: the guarantees are judged by them, which no other model looks at.
    logs: bool,
}

impl Lattice {
    /// Those for a history.
    #[must_use]
    pub fn of(history: &History) -> Self {
        let all =
            [Condition::Always, Condition::WithoutCas, Condition::WithoutLocks, Condition::UntimedSyncs];
        let conditions = all.into_iter().filter(|condition| condition.holds(history)).collect();
        Self { conditions, logs: !history.logs().is_empty() }
    }

    /// Whether the history, if it satisfies the one model, must satisfy the other; no model implies itself.
    #[must_use]
    pub fn implies(&self, stronger: Model, weaker: Model) -> bool {
        let logged = |model: Model| self.logs && matches!(model, Model::Session(_));
        logged(stronger) == logged(weaker)
            && implied(stronger, |condition| self.conditions.contains(&condition)).contains(&weaker)
    }
}

fn judge(
    model: Model,
    judge: &mut dyn FnMut(Model) -> Result<Judgement, CheckError>,
) -> Result<Entry, CheckError> {
    let begin = Instant::now();
    let (answer, judgement) = match judge(model) {
        Ok(judgement) => {
            let answer = match &judgement.verdict {
                Verdict::Consistent(_) => Answer::Holds,
                Verdict::Violated(_) => Answer::Breaks,
                Verdict::Unknown(unknown) => Answer::Unknown(unknown.clone()),
            };
            (answer, Some(judgement))
        }
        Err(error @ CheckError::Spec(_)) => return Err(error),
        Err(error) => (Answer::Inapplicable(error), None),
    };
    Ok(Entry { model, answer, because: None, judgement, elapsed: begin.elapsed() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::certificate::verify::{Verification, VerifyOptions, verify};
    use crate::spec::SpecKind;
    use crate::testing::{Registers, history, registers};
    use proptest::prelude::*;

    #[test]
    fn a_history_between_the_models() {
        // Two processes see two writes in different orders.
        let found =
            profile(&history("A: W(x)1\nB: W(x)2\nC: R(x)1 R(x)2\nD: R(x)2 R(x)1"), &[], &Options::default())
                .unwrap();
        assert_eq!(found.entries.len(), Model::NAMED.len());
        assert!(found.strongest.contains(&Model::Causal), "{:?}", found.strongest);
        assert!(found.weakest.contains(&Model::Session(Guarantees::MONOTONIC_READS)), "{:?}", found.weakest);
        assert!(matches!(found.entry(Model::Linearizable).unwrap().answer, Answer::Inapplicable(_)));
        let every_named_model_has_a_place = Model::NAMED.iter().all(|model| ORDER.contains(model));
        assert!(every_named_model_has_a_place);
    }

    #[test]
    fn models_of_registers_say_nothing_of_queues() {
        let found = profile(&history("A: enqueue(q)1 dequeue(q)1"), &[], &Options::default());
        let found = found.unwrap();
        assert_eq!(found.entry(Model::Sequential).unwrap().answer, Answer::Holds);
        let causal = &found.entry(Model::Causal).unwrap().answer;
        assert!(matches!(causal, Answer::Inapplicable(CheckError::NotRegisters { .. })), "{causal:?}");
    }

    #[test]
    fn sets_can_be_asked_for() {
        let set = Model::Session(Guarantees::MONOTONIC_READS | Guarantees::READ_YOUR_WRITES);
        let text = "A: W(x)1 R(x)NIL";
        let found = profile(&history(text), &[set, Model::Causal], &Options::default()).unwrap();
        assert_eq!(found.entries.len(), Model::NAMED.len() + 1);
        assert_eq!(found.entries.last().map(|entry| entry.model), Some(set));
        assert_eq!(found.entry(set).unwrap().answer, Answer::Breaks);
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

        #[test]
        fn what_follows_is_what_would_have_been_judged(
            history in registers(Registers { locks: true, syncs: true, operations: 6, ..Registers::default() }),
            plain in registers(Registers { operations: 7, ..Registers::default() }),
        ) {
            let options = Options { spec: Some(SpecKind::Register), ..Options::default() };
            for history in [&history, &plain] {
                let found = profile(history, &[], &options).unwrap();
                for entry in found.entries.iter().filter(|entry| entry.because.is_some()) {
                    let judged = judge(entry.model, &mut |model| check(history, model, &options)).unwrap();
                    prop_assert_eq!(&judged.answer, &entry.answer, "{}", entry.model);
                    if entry.answer != Answer::Holds {
                        continue;
                    }
                    let evidence = found.evidence(history, entry.model).expect("every witness can be made over");
                    let verified = verify(history, entry.model, SpecKind::Register, &evidence, &VerifyOptions::default());
                    prop_assert_eq!(
                        verified, Ok(Verification::Verified), "{} by {:?}: {:?}", entry.model, entry.because, evidence
                    );
                }
            }
        }
    }
}
