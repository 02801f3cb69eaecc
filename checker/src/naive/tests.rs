//! Hand-made verdicts, model by model, both sides.

mod one_view;

use super::{NaiveOptions, judge};
use crate::model::Model;
use crate::testing::history;

/// Holds a history to what its models say of it: `"model yes, model no"`.
fn expect(text: &str, verdicts: &str) {
    let history = history(text);
    for verdict in verdicts.split(", ") {
        let (model, expected) = verdict.split_once(' ').expect("MODEL yes|no");
        let model = Model::from_name(model).expect("a model");
        let found = judge(&history, model, &NaiveOptions::default()).expect("a verdict");
        assert_eq!(found.is_consistent(), expected == "yes", "{model}\n{text}");
    }
}
