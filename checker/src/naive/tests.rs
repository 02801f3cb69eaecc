//! Hand-made verdicts, model by model, both sides; and what the definitions imply of each other.

mod causal;
mod implications;
mod one_view;
mod sessions;
mod synchronised;
mod views;

use super::{NaiveOptions, judge};
use crate::history::History;
use crate::model::Model;
use crate::testing::history;

/// Holds a history to what its models say of it: `"model yes, model no"`.
#[track_caller]
fn expect(text: &str, verdicts: &str) {
    let history = history(text);
    for verdict in verdicts.split(", ") {
        let (model, expected) = verdict.split_once(' ').expect("MODEL yes|no");
        let model = Model::from_name(model).expect("a model");
        assert_eq!(holds(&history, model), expected == "yes", "{model}\n{text}");
    }
}

#[track_caller]
fn holds(history: &History, model: Model) -> bool {
    judge(history, model, &NaiveOptions::default()).expect("a verdict").is_consistent()
}
