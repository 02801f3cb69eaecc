//! Whether a history is violated, without evidence: what a shrinker asks again and again.

use super::decide;
use super::judge::{Options, check, on_threads};
use super::scope::Scope;
use super::view;
use crate::history::History;
use crate::limits::Meter;
use crate::model::Model;
use crate::spec::SpecKind;
use crate::verdict::Verdict;

/// Whether a history violates a model; `None` where it cannot be judged, or a limit was reached first.
///
/// First with a budget that is counted in steps, so that the answer does not depend on the clock; only where that is not
/// enough, a whole check under the limits.
///
/// # Complexity
/// That of a verdict. No certificate is made.
#[must_use]
pub fn violates(history: &History, model: Model, spec: SpecKind, options: &Options) -> Option<bool> {
    if model.needs_times() && !history.is_timed() && !history.is_empty() {
        return None;
    }
    let meter = Meter::start(&options.limits);
    let quick = || match model {
        Model::Strict | Model::Linearizable => view::violates_local(history, model, spec, &meter),
        Model::Sequential => view::violates_sequential(history, spec, &meter),
        _ if spec != SpecKind::Register => None,
        _ => {
            let scope = Scope { settle: options.settle, ..Scope::new(history, model) };
            decide::verdict(scope, &meter).ok().map(|holds| !holds)
        }
    };
    if let Some(violated) = on_threads(&options.limits, quick) {
        return Some(violated);
    }
    meter.check().ok()?;
    let options = Options { spec: Some(spec), ..options.clone() };
    match check(history, model, &options).ok()?.verdict {
        Verdict::Violated(_) => Some(true),
        Verdict::Consistent(_) => Some(false),
        Verdict::Unknown(_) => None,
    }
}
