//! Results for CI systems: JUnit XML, a suite for each history, a test case for each model.
//!
//! A violation is a failure; what could not be read, or is unknown, an error. The text of a failure is the one for people.

use super::case::{Case, Status};
use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};
use std::time::Duration;

/// The whole document. Cases of one history stand together in it.
pub(super) fn document(cases: &[Case]) -> String {
    let mut report = Report::new("tribunal");
    let mut total = Duration::ZERO;
    for cases in cases.chunk_by(|a, b| a.history == b.history) {
        let mut suite = TestSuite::new(cases[0].history.as_str());
        let facts = cases.iter().max_by_key(|case| case.facts.len()).map(|case| &case.facts);
        for (name, value) in facts.into_iter().flatten() {
            suite.add_property(Property::new(*name, value.as_str()));
        }
        let mut time = Duration::ZERO;
        for case in cases {
            time += seconds(case);
            suite.add_test_case(test_case(case));
        }
        suite.set_time(time);
        total += time;
        report.add_test_suite(suite);
    }
    report.set_time(total);
    let mut text = report.to_string().expect("text without control characters is XML");
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn test_case(case: &Case) -> TestCase {
    let kind = match case.status {
        Status::Passed => None,
        Status::Failed => Some(NonSuccessKind::Failure),
        Status::Errored => Some(NonSuccessKind::Error),
        Status::Skipped => None,
    };
    let mut status = match (kind, case.status) {
        (Some(kind), _) => TestCaseStatus::non_success(kind),
        (None, Status::Skipped) => TestCaseStatus::skipped(),
        (None, _) => TestCaseStatus::success(),
    };
    if case.status != Status::Passed {
        status.set_message(case.message.as_str());
    }
    if kind.is_some() {
        status.set_type(case.verdict);
        let text = if case.details.is_empty() { place(case) } else { case.details.clone() };
        status.set_description(text);
    }
    let name = if case.model.is_empty() { "certificate" } else { &case.model };
    let mut test = TestCase::new(name, status);
    test.set_classname(case.history.as_str());
    test.set_time(seconds(case));
    if !case.notes.is_empty() {
        test.set_system_out(case.notes.join("\n"));
    }
    test
}

/// `a.jsonl:3:7: message`.
fn place(case: &Case) -> String {
    let numbers = [case.line, case.column].into_iter().map_while(|number| number);
    let place: String = numbers.map(|number| format!(":{number}")).collect();
    format!("{}{place}: {}", case.history, case.message)
}

fn seconds(case: &Case) -> Duration {
    Duration::try_from_secs_f64(case.seconds).unwrap_or_default()
}
