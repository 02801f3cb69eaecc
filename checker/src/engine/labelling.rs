//! Whether a history is properly labelled: no two operations on one key, one of them a write, are unordered by the
//! happens-before that weak, release or entry builds from the witness's order of synchronisation, and, within one
//! process, by program order. Else: which two race.
//!
//! Reference: Gharachorloo et al. 1990; data-race-free programs as in Adve & Hill 1990.

use crate::history::OpId;

/// Whether synchronisation orders all that conflicts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Labelling {
    /// It does: the history is properly labelled.
    Proper,
    /// These two operations on one key, one of them a write, are not ordered.
    Race(OpId, OpId),
}

#[cfg(test)]
mod tests {
    use super::Labelling;
    use crate::certificate::Witness;
    use crate::engine::{Options, check};
    use crate::history::OpId;
    use crate::model::Model;
    use crate::naive::properly_labelled;
    use crate::spec::SpecKind;
    use crate::testing::{Registers, history, registers};
    use crate::verdict::Verdict;
    use proptest::prelude::*;

    const MODELS: [Model; 3] = [Model::Weak, Model::Release, Model::Entry];

    fn options() -> Options {
        Options { spec: Some(SpecKind::Register), ..Options::default() }
    }

    fn of(text: &str, model: Model) -> Labelling {
        check(&history(text), model, &options()).unwrap().labelling.expect("it is consistent")
    }

    #[test]
    fn races_are_named() {
        let text = "P: W(x)1 Acq(L)@0-0 W(y)1 Rel(L)\nQ: Acq(L) R(y)1 Rel(L) R(x)NIL";
        let text = text.replace("@0-0", "");
        assert_eq!(of(&text.replace("R(x)NIL", "R(x)1"), Model::Release), Labelling::Proper);
        assert_eq!(of("P: W(x)1\nQ: R(x)NIL", Model::Release), Labelling::Race(OpId(0), OpId(1)));
        assert_eq!(of("P: R(x)NIL\nQ: R(x)NIL", Model::Weak), Labelling::Proper);
        let other_lock = "P: Acq(Ly)@1-1 W(x)1@2-2 Rel(Ly)@3-3\nQ: Acq(Ly)@4-4 R(x)1@5-5 Rel(Ly)@6-6";
        assert_eq!(of(other_lock, Model::Release), Labelling::Proper);
        assert_eq!(of(other_lock, Model::Entry), Labelling::Race(OpId(1), OpId(4)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(120) })]

        #[test]
        fn as_the_definition_says(
            locks in registers(Registers { locks: true, operations: 6, values: 3, ..Registers::default() }),
            both in registers(Registers { locks: true, syncs: true, operations: 6, values: 3, ..Registers::default() }),
            syncs in registers(Registers { syncs: true, operations: 6, values: 200, ..Registers::default() }),
        ) {
            for history in [&locks, &both, &syncs] {
                for model in MODELS {
                    let Ok(judgement) = check(history, model, &options()) else { continue };
                    let Verdict::Consistent(Witness::Synchronised { sync_order, arbitration, .. }) = &judgement.verdict
                    else {
                        prop_assert_eq!(judgement.labelling, None);
                        continue;
                    };
                    let proper = properly_labelled(history, model, sync_order, arbitration).unwrap();
                    if let Some(found) = judgement.labelling {
                        prop_assert_eq!(found == Labelling::Proper, proper, "{}: {:?}", model, judgement);
                    }
                    // Gharachorloo et al.: programs that are properly labelled cannot tell release from sequential.
                    let mismatched = history.ops().any(|op| history.answer(op) == Some(false));
                    if model == Model::Release && proper && !mismatched {
                        let sequential = check(history, Model::Sequential, &options()).unwrap().verdict;
                        prop_assert!(matches!(sequential, Verdict::Consistent(_)), "{:?}", judgement);
                    }
                }
            }
        }
    }
}
