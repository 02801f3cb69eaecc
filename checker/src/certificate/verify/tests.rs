//! Certificates that prove their verdicts, and mutants that do not.

mod cores;
mod cycles;
mod one_view;
mod witnesses;

use super::{Verification, VerifyOptions, verify};
use crate::certificate::{Certificate, Refutation, View, Witness};
use crate::history::{History, OpId};
use crate::model::Model;
use crate::spec::{SpecKind, infer};

fn ids(ids: &[u32]) -> Vec<OpId> {
    ids.iter().copied().map(OpId).collect()
}

#[expect(clippy::needless_pass_by_value, reason = "calls read better")]
fn check(history: &History, model: &str, certificate: Certificate) -> Verification {
    let model = Model::from_name(model).expect("a model");
    let spec = if model.is_one_view() { infer(history).expect("a data type") } else { SpecKind::Register };
    verify(history, model, spec, &certificate, &VerifyOptions::default())
        .expect("a history that can be judged")
}

fn view(history: &History, model: &str, order: &[u32]) -> Verification {
    check(history, model, Certificate::Witness(Witness::View(ids(order))))
}

fn views(history: &History, model: &str, orders: &[&[u32]]) -> Verification {
    let view = |order: &&[u32]| View { process: None, key: None, order: ids(order) };
    check(history, model, Certificate::Witness(Witness::Views(orders.iter().map(view).collect())))
}

fn core(history: &History, model: &str, operations: &[u32], pending: &[u32]) -> Verification {
    let core = Refutation::Core {
        operations: ids(operations),
        pending: ids(pending),
        stuck: None,
        longest: Vec::new(),
        exhausted: false,
    };
    check(history, model, Certificate::Refutation(core))
}

#[track_caller]
fn assert_verified(found: &Verification) {
    assert_eq!(*found, Verification::Verified);
}

/// Refuted, with a reason that says this.
#[track_caller]
fn assert_refuted(found: &Verification, why: &str) {
    assert!(matches!(found, Verification::Refuted(reason) if reason.contains(why)), "{found:?}");
}
