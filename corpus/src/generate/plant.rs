//! Plants a violation in a recording.

mod container;
mod counter;
mod list;
mod lock;
mod register;
mod set;
mod transaction;
mod weak;

use super::draft::{Draft, Row};
use super::violation::speaks_of_times;
use super::{Generate, GenerateError, Violation};
use tribunal_checker::history::{OpId, Outcome};
use tribunal_checker::spec::SpecKind;

/// A value that no simulation gives out.
const NOBODYS: i64 = 1 << 40;

/// How many operations before or behind one are looked at as its partners.
const REACH: usize = 1 << 14;

/// Where to plant.
struct Site<'a> {
    draft: &'a mut Draft,
    options: &'a Generate,
    /// The model must respect the recorded times.
    real_time: bool,
    /// The operation from which on a place is looked for.
    from: usize,
}

/// Plants a violation: the operations that it is made of.
pub(super) fn plant(
    violation: Violation,
    options: &Generate,
    draft: &mut Draft,
) -> Result<Vec<OpId>, GenerateError> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a position"
    )]
    let from = (draft.rows.len() as f64 * options.at) as usize;
    let mut site = Site { draft, options, real_time: speaks_of_times(options), from };
    let planted = match (violation, options.spec) {
        (Violation::ThinAir, SpecKind::MultiRegister) => transaction::thin_air(&mut site),
        (Violation::StaleRead, SpecKind::MultiRegister) => transaction::stale_read(&mut site),
        (Violation::StaleInitial, SpecKind::MultiRegister) => transaction::stale_initial(&mut site),
        (Violation::ThinAir, SpecKind::AppendList) => list::thin_air(&mut site),
        (Violation::StaleRead, SpecKind::AppendList) => list::stale_read(&mut site),
        (Violation::ThinAir, SpecKind::Set) => set::thin_air(&mut site),
        (Violation::ThinAir, SpecKind::Counter) => counter::thin_air(&mut site),
        (Violation::ThinAir, SpecKind::Register) => register::thin_air(&mut site),
        (Violation::ThinAir, _) => container::thin_air(&mut site),
        (Violation::StaleRead, _) if !options.model.is_one_view() => weak::stale_read(&mut site),
        (Violation::StaleRead, _) => register::stale_read(&mut site),
        (Violation::StaleInitial, _) => register::stale_initial(&mut site),
        (Violation::LostWrite, _) => register::lost_write(&mut site),
        (Violation::LostUpdate, _) => register::lost_update(&mut site),
        (Violation::WrongCount, _) => counter::wrong_count(&mut site),
        (Violation::FlippedAnswer, _) => set::flipped_answer(&mut site),
        (Violation::SwappedRemovals, _) => container::swapped(&mut site),
        (Violation::DuplicateRemoval, _) => container::duplicate(&mut site),
        (Violation::LostInsert, _) => container::lost(&mut site),
        (Violation::WrongEmpty, _) => container::wrong_empty(&mut site),
        (Violation::Reordered, _) => list::reordered(&mut site),
        (Violation::DoubleHold, _) => lock::double_hold(&mut site),
        (Violation::UnpairedRelease, _) => lock::unpaired_release(&mut site),
    };
    let planted = planted.ok_or(GenerateError::NoPlace { violation })?;
    Ok(planted.into_iter().map(OpId::from_index).collect())
}

impl Site<'_> {
    /// The operations as candidates: from the place that is asked for to the end, then back from there to the beginning.
    fn candidates(&self) -> impl Iterator<Item = usize> + use<> {
        (self.from..self.draft.rows.len()).chain((0..self.from).rev())
    }

    fn row(&self, op: usize) -> &Row {
        &self.draft.rows[op]
    }

    /// Whether the model must have `a` before `b`.
    fn before(&self, a: usize, b: usize) -> bool {
        let (first, second) = (self.row(a), self.row(b));
        first.outcome == Outcome::Ok
            && (first.process == second.process && a < b || self.real_time && first.end < second.start)
    }

    /// The nearest operation behind `op` backwards that is one of those wanted.
    fn nearest(&self, op: usize, wanted: impl Fn(usize, &Row) -> bool) -> Option<usize> {
        (op.saturating_sub(REACH)..op).rev().find(|&other| wanted(other, self.row(other)))
    }
}
