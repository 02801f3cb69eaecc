//! The models as a picture: stronger above weaker, judged ones coloured, what follows from them pale.
//!
//! A model's row is its longest path from a strongest model; in a row models stand where those above them do, on average.

use super::arrows::number;
use crate::report::Outcome;
use crate::report::record::Kind;
use maud::{Markup, html};
use tribunal_checker::history::History;
use tribunal_checker::model::{Condition, Guarantees, IMPLICATIONS, Model, implied};

const WIDTH: f64 = 1000.0;
const ROW: f64 = 54.0;
const BOX: f64 = 28.0;

/// What is known of a model.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Judged(Kind),
    /// It follows from another verdict: holds, or not.
    Follows(bool),
    Open,
}

struct Node {
    model: Model,
    state: State,
    x: f64,
    y: f64,
    width: f64,
}

/// Draws the lattice, with the implications that hold for this history.
pub(super) fn draw(outcomes: &[Outcome], history: &History) -> Markup {
    let given = [Condition::WithoutCas, Condition::WithoutLocks, Condition::UntimedSyncs]
        .map(|condition| (condition, condition.holds(history)));
    let given =
        |condition: Condition| given.iter().find(|pair| pair.0 == condition).is_none_or(|pair| pair.1);
    // Places are the same for all histories; what does not hold for this one is not drawn.
    let nodes = nodes(outcomes, &edges(&|_| true), &given);
    let edges = edges(&given);
    let height = nodes.iter().map(|node| node.y).fold(0.0, f64::max) + BOX + 8.0;
    let find = |model: Model| nodes.iter().find(|node| node.model == model);
    html! {
        details .models open {
            summary { h3 { "Models, stronger above weaker" } }
            div .scroll {
                svg .lattice viewBox={ "0 0 1000 " (number(height)) } role="img" aria-label=(spoken(&nodes)) {
                    @for (stronger, weaker) in &edges {
                        @if let (Some(a), Some(b)) = (find(*stronger), find(*weaker)) {
                            path .edge d={
                                "M" (number(a.x)) " " (number(a.y + BOX)) " C" (number(a.x)) " " (number(a.y + BOX + 18.0)) " "
                                (number(b.x)) " " (number(b.y - 18.0)) " " (number(b.x)) " " (number(b.y))
                            } {}
                        }
                    }
                    @for node in &nodes { (box_of(node)) }
                }
            }
            p .legend {
                span .key.good { "✓ holds" } span .key.bad { "✗ violated" } span .key.doubt { "? no verdict" }
                span .key.follows { "pale: follows from another verdict" } span .key.open { "grey: not judged" }
            }
        }
    }
}

/// Stronger and weaker models, without those that follow from others.
fn edges(given: &impl Fn(Condition) -> bool) -> Vec<(Model, Model)> {
    let named =
        IMPLICATIONS.iter().filter(|edge| given(edge.condition)).map(|edge| (edge.stronger, edge.weaker));
    let parts = Model::NAMED.iter().copied().filter_map(|part| match part {
        Model::Session(set) if set != Guarantees::ALL => Some((Model::Session(Guarantees::ALL), part)),
        _ => None,
    });
    let all: Vec<(Model, Model)> = named.chain(parts).collect();
    let direct = |&(stronger, weaker): &(Model, Model)| {
        !all.iter().any(|&(a, b)| a == stronger && b != weaker && implied(b, given).contains(&weaker))
    };
    all.iter().copied().filter(direct).collect()
}

fn nodes(outcomes: &[Outcome], edges: &[(Model, Model)], given: &impl Fn(Condition) -> bool) -> Vec<Node> {
    let mut models: Vec<Model> = Model::NAMED.to_vec();
    // A model that is judged and has no place of its own, such as a set of two guarantees.
    models.extend(outcomes.iter().map(|outcome| outcome.model).filter(|model| !Model::NAMED.contains(model)));
    models.dedup();
    let mut rows: Vec<usize> = vec![0; models.len()];
    let place = |model: Model| models.iter().position(|&other| other == model);
    for _ in 0..models.len() {
        for &(stronger, weaker) in edges {
            if let (Some(a), Some(b)) = (place(stronger), place(weaker)) {
                rows[b] = rows[b].max(rows[a] + 1);
            }
        }
    }
    let last = rows.iter().copied().max().unwrap_or(0);
    for (i, &model) in models.iter().enumerate() {
        let alone = !edges.iter().any(|&(a, b)| a == model || b == model);
        if alone {
            rows[i] = last;
        }
    }
    let state = |model: Model| state(model, outcomes, given);
    let mut nodes: Vec<Node> = Vec::new();
    for row in 0..=last {
        let mut own: Vec<(f64, Model)> = models
            .iter()
            .enumerate()
            .filter(|(i, _)| rows[*i] == row)
            .map(|(i, &model)| (above(model, edges, &nodes).unwrap_or(WIDTH + place_in_order(i)), model))
            .collect();
        own.sort_by(|a, b| a.0.total_cmp(&b.0));
        spread(&own, row, &state, &mut nodes);
    }
    nodes
}

#[expect(clippy::cast_precision_loss, reason = "a small number")]
fn place_in_order(place: usize) -> f64 {
    place as f64
}

/// Where the models above it stand, on average.
fn above(model: Model, edges: &[(Model, Model)], nodes: &[Node]) -> Option<f64> {
    let stronger = edges.iter().filter(|edge| edge.1 == model).map(|edge| edge.0);
    let places: Vec<f64> = stronger
        .filter_map(|model| nodes.iter().find(|node| node.model == model))
        .map(|node| node.x)
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let count = places.len() as f64;
    (!places.is_empty()).then(|| places.iter().sum::<f64>() / count)
}

/// Puts the models of a row side by side, evenly.
fn spread(own: &[(f64, Model)], row: usize, state: &impl Fn(Model) -> State, nodes: &mut Vec<Node>) {
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let wide = |model: Model| model.name().len() as f64 * 7.0 + 34.0;
    let total: f64 = own.iter().map(|(_, model)| wide(*model)).sum();
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let gap = (WIDTH - total) / (own.len() as f64 + 1.0);
    let mut x = gap;
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let y = 6.0 + row as f64 * ROW;
    for &(_, model) in own {
        let width = wide(model);
        nodes.push(Node { model, state: state(model), x: x + width / 2.0, y, width });
        x += width + gap;
    }
}

fn state(model: Model, outcomes: &[Outcome], given: &impl Fn(Condition) -> bool) -> State {
    if let Some(outcome) = outcomes.iter().find(|outcome| outcome.model == model) {
        return State::Judged(outcome.answer.kind());
    }
    let of = |kind: Kind| outcomes.iter().filter(move |outcome| outcome.answer.kind() == kind);
    if of(Kind::Consistent).any(|outcome| implied(outcome.model, given).contains(&model)) {
        return State::Follows(true);
    }
    let weaker = implied(model, given);
    if of(Kind::Violated).any(|outcome| weaker.contains(&outcome.model)) {
        return State::Follows(false);
    }
    State::Open
}

fn class(state: State) -> (&'static str, &'static str) {
    match state {
        State::Judged(Kind::Consistent) => ("model good", "✓ "),
        State::Judged(Kind::Violated) => ("model bad", "✗ "),
        State::Judged(Kind::Unknown | Kind::Error) => ("model doubt", "? "),
        State::Judged(Kind::Inapplicable) => ("model open", "– "),
        State::Follows(true) => ("model good pale", "✓ "),
        State::Follows(false) => ("model bad pale", "✗ "),
        State::Open => ("model open", ""),
    }
}

fn box_of(node: &Node) -> Markup {
    let (class, sign) = class(node.state);
    html! {
        g class=(class) {
            rect x=(number(node.x - node.width / 2.0)) y=(number(node.y)) width=(number(node.width)) height=(number(BOX)) rx="14" {}
            text x=(number(node.x)) y=(number(node.y + 18.5)) text-anchor="middle" { (sign) (node.model.name()) }
        }
    }
}

fn spoken(nodes: &[Node]) -> String {
    let told = |node: &Node| {
        let what = match node.state {
            State::Judged(kind) => kind.word().to_owned(),
            State::Follows(true) => "holds, as another verdict implies".into(),
            State::Follows(false) => "violated, as another verdict implies".into(),
            State::Open => return None,
        };
        Some(format!("{}: {what}", node.model))
    };
    let told: Vec<String> = nodes.iter().filter_map(told).collect();
    format!("Consistency models. {}", told.join("; "))
}
