//! One history in detail: the models as a lattice, each violation, the whole history, the operations around.

use super::cause::{Cause, cause};
use super::{lattice, overview, rows, timeline};
use crate::report::Outcome;
use crate::report::human::count;
use crate::report::notation::{clip, short, who};
use maud::{Markup, html};
use tribunal_checker::history::{History, NEVER, OpId, Outcome as Effect};
use tribunal_checker::model::Model;

/// Violations whose pictures are drawn.
const DRAWN: usize = 6;

/// The details of a history.
pub(super) fn details(outcomes: &[Outcome], history: &History) -> Markup {
    let mut violated: Vec<(&Outcome, Cause)> = Vec::new();
    // The weakest model says most: what violates it violates the stronger ones.
    let mut by_strength: Vec<&Outcome> = outcomes.iter().collect();
    by_strength.sort_by_key(|outcome| Model::NAMED.iter().position(|&model| model == outcome.model));
    for &outcome in by_strength.iter().rev() {
        if let Some(explanation) = &outcome.explanation {
            violated.push((outcome, cause(explanation, history)));
        }
    }
    let mut matter: Vec<OpId> =
        violated.iter().flat_map(|(_, cause)| cause.operations.iter().copied()).collect();
    matter.sort_unstable();
    matter.dedup();
    html! {
        (lattice::draw(outcomes, history))
        @for (i, (outcome, cause)) in violated.iter().take(DRAWN).enumerate() {
            (violation(outcome, cause, history, i == 0))
        }
        @if violated.len() > DRAWN {
            p .faint { (count(violated.len() - DRAWN, "further violated model")) " without a picture here." }
        }
        (overview::draw(history, violated.first().map(|violation| &violation.1)))
        (rows::table(history, &matter))
    }
}

fn violation(outcome: &Outcome, cause: &Cause, history: &History, open: bool) -> Markup {
    let left_out = history.len().saturating_sub(cause.operations.len());
    html! {
        details .violation open[open] {
            summary { h3 { "Why it is not " (outcome.model) } }
            p .sentence { (clip(&cause.sentence, 1_000)) "." }
            (timeline::draw(history, cause))
            p .legend {
                span .key.guilty { "fits nowhere" } span .key.forced { "forced order" } span .key.help { "read by" }
                @if cause.operations.iter().any(|&op| history.outcome(op) == Effect::Info) { span .key.info { "outcome unknown" } }
            }
            @if cause.arrows.iter().any(super::cause::Arrow::forced) {
                ol .reasons {
                    @for arrow in cause.arrows.iter().filter(|arrow| arrow.forced()) {
                        li { (clip(&arrow.sentence, 600)) }
                    }
                }
            }
            (operations(history, cause))
            p .faint {
                @if cause.complete { "These operations violate the model by themselves" }
                @else { "These are the operations nearest to the violation" }
                @if left_out > 0 { "; " (count(left_out, "other operation")) " left out" }
                "."
            }
        }
    }
}

/// The operations of the picture, as text.
fn operations(history: &History, cause: &Cause) -> Markup {
    let time = |time: i64| if time == NEVER { "never".to_owned() } else { rows::grouped(time.into()) };
    html! {
        div .scroll {
            table .shown aria-label="Operations of the violation" {
                thead {
                    tr {
                        th .number scope="col" { "Id" } th .number scope="col" { "Line" } th scope="col" { "Process" }
                        th scope="col" { "Operation" }
                        @if history.is_timed() { th .number scope="col" { "Start" } th .number scope="col" { "End" } }
                        th scope="col" { "Note" }
                    }
                }
                tbody {
                    @for &op in &cause.operations {
                        tr data-op=(op) {
                            td .number { (op) }
                            td .number { @if history.line(op) > 0 { (history.line(op)) } }
                            td { (who(history, op)) }
                            td .mono { (clip(&short(history, op, 48), 160)) }
                            @if history.is_timed() {
                                td .number { (time(history.start(op))) }
                                td .number { (time(history.end(op))) }
                            }
                            td {
                                @if cause.guilty.contains(&op) { "fits nowhere" }
                                @if history.outcome(op) == Effect::Info { " outcome unknown" }
                            }
                        }
                    }
                }
            }
        }
    }
}
