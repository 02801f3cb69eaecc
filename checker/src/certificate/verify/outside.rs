//! Whether an operation that a core leaves out may have changed what the core's operations meet, for any data type.

use super::Case;
use super::fault::Fault;
use crate::history::OpId;
use crate::spec::{Decoder, Object, RecordedSpec, SpecError, SpecVisitor, kept, object_of};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;

/// Those of `candidates` that may have changed the state of an object of the members: they do more than observe, and
/// work on the part of the object that a member works on (elements of a set do not depend on each other).
pub(super) fn changing(case: &Case<'_>, members: &[OpId], candidates: &[OpId]) -> Result<Vec<OpId>, Fault> {
    case.spec.visit(Changing { case, members, candidates })
}

struct Changing<'a> {
    case: &'a Case<'a>,
    members: &'a [OpId],
    candidates: &'a [OpId],
}

/// The part of the object that an operation works on; `None` = all of it.
type Part = Option<u64>;

impl SpecVisitor for Changing<'_> {
    type Output = Result<Vec<OpId>, Fault>;

    fn visit<S: RecordedSpec>(self) -> Self::Output {
        let mut decoder = Decoder::new(self.case.history);
        let mut objects: FxHashMap<Object, (S, Vec<Part>)> = FxHashMap::default();
        for &member in self.members {
            if let Some((object, op, _)) = self.decode::<S>(&mut decoder, member)? {
                let (spec, parts) = match objects.entry(object) {
                    Entry::Occupied(entry) => entry.into_mut(),
                    Entry::Vacant(entry) => {
                        entry.insert((S::of_object(self.case.history, object)?, Vec::new()))
                    }
                };
                parts.push(spec.partition(&op));
            }
        }
        let mut found = Vec::new();
        for &candidate in self.candidates {
            let Some((object, op, ret)) = self.decode::<S>(&mut decoder, candidate)? else { continue };
            let Some((spec, parts)) = objects.get(&object) else { continue };
            let part = spec.partition(&op);
            let meets = |other: &Part| part.is_none() || other.is_none() || *other == part;
            if !spec.observes(&op, ret.as_ref()) && parts.iter().any(meets) {
                found.push(candidate);
            }
        }
        Ok(found)
    }
}

impl Changing<'_> {
    /// The object, operation and result, if the data type judges it.
    #[expect(clippy::type_complexity, reason = "what a specification decodes, with its object")]
    fn decode<S: RecordedSpec>(
        &self,
        decoder: &mut Decoder<'_>,
        op: OpId,
    ) -> Result<Option<(Object, S::Op, Option<S::Ret>)>, SpecError> {
        let history = self.case.history;
        let Some(object) = object_of(history, S::KIND, op).filter(|_| kept(history, S::KIND, op)) else {
            return Ok(None);
        };
        let (op, ret) = S::decode(decoder, op)?;
        Ok(Some((object, op, ret)))
    }
}
