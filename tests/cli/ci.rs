//! The forms that CI systems read: JUnit, annotations of GitHub, JSON by its schema.

use crate::support::{CONSISTENT, UNTIMED, VIOLATED, folder, objects, run_in, slow};
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;
use std::path::Path;

/// Values that would break out of a form that does not escape.
const NASTY: &str = r#"{"process":"]]><x>&\u0001\n::error::%0A","f":"write","key":"k\"'","value":"<&\u001b[31m","start":0,"end":9}
{"process":"q","f":"read","key":"k\"'","value":"::set-env name=X::%\r\n","start":12,"end":14}
"#;

const FILES: [&str; 6] =
    ["good.jsonl", "bad.jsonl", "untimed.jsonl", "junk.jsonl", "nasty.jsonl", "slow.jsonl"];

fn files() -> tempfile::TempDir {
    let folder = folder(&[
        ("good.jsonl", CONSISTENT),
        ("bad.jsonl", VIOLATED),
        ("untimed.jsonl", UNTIMED),
        ("junk.jsonl", "{\"process\":0,\"f\":\"frobnicate\"}\n"),
        ("nasty.jsonl", NASTY),
    ]);
    std::fs::write(folder.path().join("slow.jsonl"), slow()).unwrap();
    folder
}

fn run(folder: &Path, format: &str, more: &[&str]) -> String {
    let models = ["check", "-m", "linearizable,sequential", "--timeout", "150ms", "--format", format];
    let ran = run_in(folder, &[&models[..], more, &FILES].concat());
    assert_eq!(ran.code, 1, "{}", ran.err);
    ran.out
}

/// An element's attributes by name.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().map(Result::unwrap).find(|found| found.key.as_ref() == name);
    found.map(|found| quick_xml::escape::unescape(&found.value).unwrap().into_owned())
}

/// Each test case: its class, its name, and the element inside that says how it ended.
fn cases(xml: &str) -> Vec<(String, String, Option<String>)> {
    let mut reader = quick_xml::Reader::from_str(xml);
    let mut cases: Vec<(String, String, Option<String>)> = Vec::new();
    loop {
        match reader.read_event().expect("XML") {
            Event::Start(element) | Event::Empty(element) => {
                let name = element.name().as_ref().to_owned();
                match name.as_str() {
                    "testcase" => cases.push((
                        attribute(&element, "classname").unwrap(),
                        attribute(&element, "name").unwrap(),
                        None,
                    )),
                    "failure" | "error" | "skipped" => cases.last_mut().unwrap().2 = Some(name),
                    _ => {}
                }
            }
            Event::Eof => return cases,
            _ => {}
        }
    }
}

#[test]
fn junit_has_a_case_for_each_history_and_model() {
    let folder = files();
    let expected = |slow: &str| {
        let rows = [
            ("good.jsonl", "linearizable", ""),
            ("good.jsonl", "sequential", ""),
            ("bad.jsonl", "linearizable", "failure"),
            ("bad.jsonl", "sequential", ""),
            ("untimed.jsonl", "linearizable", "error"),
            ("untimed.jsonl", "sequential", ""),
            ("junk.jsonl", "linearizable", "error"),
            ("junk.jsonl", "sequential", "error"),
            ("nasty.jsonl", "linearizable", "failure"),
            ("nasty.jsonl", "sequential", "failure"),
            ("slow.jsonl", "linearizable", slow),
            ("slow.jsonl", "sequential", slow),
        ];
        let ended = |how: &str| (!how.is_empty()).then(|| how.to_owned());
        rows.map(|(class, name, how)| (class.to_owned(), name.to_owned(), ended(how)))
    };
    let xml = run(folder.path(), "junit", &[]);
    assert_eq!(cases(&xml), expected("error"));
    assert!(
        xml.contains(r#"<testsuites name="tribunal" tests="12" skipped="0" failures="3" errors="5""#),
        "{xml}"
    );
    assert!(xml.contains("R(x)1 is operation 2, on line 3"), "the text for people: {xml}");
    let lenient = run(folder.path(), "junit", &["--unknown", "warn"]);
    assert_eq!(cases(&lenient), expected("skipped"));
    valid_junit(&xml);
    valid_junit(&lenient);
}

/// By the schema in tests/data, if `xmllint` is there.
fn valid_junit(xml: &str) {
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/junit.xsd");
    let folder = folder(&[("junit.xml", xml)]);
    let output = std::process::Command::new("xmllint")
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema)
        .arg(folder.path().join("junit.xml"))
        .output();
    match output {
        Ok(output) => assert!(output.status.success(), "{}\n{xml}", String::from_utf8_lossy(&output.stderr)),
        Err(_) => eprintln!("NOT TESTED: JUnit by its schema, for there is no `xmllint` here"),
    }
}

#[test]
fn github_has_an_annotation_for_each_fault() {
    let folder = files();
    let out = run(folder.path(), "github", &[]);
    let (commands, plain): (Vec<&str>, Vec<&str>) = out.lines().partition(|line| line.starts_with("::"));
    assert_eq!(plain, ["tribunal: 4 of 12 verdicts are good"]);
    assert_eq!(commands.len(), 8, "{out}");
    let bad = "::error file=bad.jsonl,line=3,title=bad.jsonl%3A linearizable%3A violated::  P1";
    assert!(commands[0].starts_with(bad), "{out}");
    assert!(commands[0].contains("%0A") && commands[0].contains("R(x)1"), "it has the picture: {out}");
    assert!(out.contains("::error file=junk.jsonl,line=1,col=18,title="), "{out}");
    assert!(!out.contains("\n::set-env") && !out.contains('\r') && !out.contains('\u{1b}'), "{out}");
    let lenient = run(folder.path(), "github", &["--unknown", "warn"]);
    assert_eq!(lenient.matches("::warning file=slow.jsonl,").count(), 2, "{lenient}");
}

fn validator() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/result.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::meta::validate(&schema).expect("a schema by its own schema");
    jsonschema::validator_for(&schema).expect("a schema")
}

#[track_caller]
fn valid(validator: &jsonschema::Validator, value: &Value) {
    let faults: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{value:#}\n{faults:#?}");
}

#[test]
fn results_are_valid_by_the_published_schema() {
    let (validator, folder) = (validator(), files());
    for more in [&[][..], &["--certificates", "none"]] {
        let lines = run(folder.path(), "jsonl", more);
        for result in objects(&lines) {
            valid(&validator, &result);
        }
        let array: Value = serde_json::from_str(&run(folder.path(), "json", more)).unwrap();
        assert_eq!(array.as_array().unwrap().len(), 12);
        valid(&validator, &array);
    }
    std::fs::write(folder.path().join("results"), run(folder.path(), "jsonl", &[])).unwrap();
    let ran = run_in(folder.path(), &["certify", "--format", "json", "bad.jsonl", "results"]);
    valid(&validator, &serde_json::from_str(&ran.out).unwrap());
}

/// Every model, on the histories of the literature: certificates of every kind that checks give.
#[test]
fn certificates_of_all_models_are_valid() {
    let (validator, folder) = (validator(), folder(&[]));
    for litmus in tribunal_corpus::litmus::litmus() {
        let litmus = litmus.expect("a litmus history");
        let name = litmus.path.replace('/', "-");
        let file = std::fs::File::create(folder.path().join(format!("{name}.jsonl"))).unwrap();
        tribunal_formats::write(&litmus.history, tribunal_formats::Format::Native, &mut &file).unwrap();
    }
    let models: Vec<&str> = tribunal::Model::NAMED.iter().map(|model| model.name()).collect();
    let ran = run_in(folder.path(), &["check", "--format", "jsonl", "-m", &models.join(","), "."]);
    let results = objects(&ran.out);
    let certified = results.iter().filter(|result| result["certificate"].is_object()).count();
    assert!(certified > 30, "{certified} certificates");
    for result in &results {
        valid(&validator, result);
    }
}

/// One certificate of each kind, and what each must not be.
#[test]
fn the_schema_knows_every_kind_of_certificate_and_refuses_others() {
    let validator = validator();
    let result = |verdict: &str, certificate: &str| -> Value {
        let text = format!(
            r#"{{"history":"a","model":"causal","spec":"register","verdict":"{verdict}","operations":9,"processes":2,
            "keys":1,"method":"saturation","elapsed_ms":0.5,"tribunal":1,"summary":"s","certificate":{certificate}}}"#
        );
        serde_json::from_str(&text).unwrap()
    };
    let consistent = [
        r#"{"view":[0,1]}"#,
        r#"{"views":[{"key":null,"order":[0]},{"process":"p","key":[1],"order":[]}]}"#,
        r#"{"views":[{"process":3,"order":[0,1]}],"reads_from":[[1,0],[2,null]]}"#,
        r#"{"reads_from":[]}"#,
        r#"{"reads_from":[[1,0]],"arbitration":[0,2]}"#,
        r#"{"sync_order":[5],"reads_from":[],"arbitration":[[0],[1,2]]}"#,
        r#"{"final_reads":[4]}"#,
        r#"{"logs":true}"#,
    ];
    let violated = [
        r#"{"kind":"cycle","edges":[{"from":0,"to":1,"why":"program-order"},{"from":1,"to":0,"why":"derived","because":["overwritten",3]}]}"#,
        r#"{"kind":"cycle","edges":[{"from":0,"to":0,"why":"sync"}],"lemmas":[{"from":0,"to":1,"why":"reads-from"}]}"#,
        r#"{"kind":"thin-air","read":4}"#,
        r#"{"kind":"missing-write","read":4,"with":[1]}"#,
        r#"{"kind":"core","operations":[0,1],"pending":[1],"stuck":0,"longest":[1]}"#,
        r#"{"kind":"core","operations":[],"pending":[],"exhausted":true}"#,
    ];
    for (own, other, certificates) in
        [("consistent", "violated", &consistent[..]), ("violated", "consistent", &violated[..])]
    {
        for certificate in certificates {
            valid(&validator, &result(own, certificate));
            assert!(!validator.is_valid(&result(other, certificate)), "{certificate} proves {own}");
            assert!(!validator.is_valid(&result("unknown", certificate)));
        }
    }
    for wrong in [
        "{}",
        r#"{"view":[0,0]}"#,
        r#"{"view":[-1]}"#,
        r#"{"view":[0],"more":1}"#,
        r#"{"reads_from":[[1]]}"#,
        r#"{"kind":"magic","read":1}"#,
        r#"{"kind":"cycle","edges":[]}"#,
        r#"{"kind":"cycle","edges":[{"from":0,"to":1,"why":"derived"}]}"#,
        r#"{"kind":"cycle","edges":[{"from":0,"to":1,"why":"derived","because":["magic"]}]}"#,
        r#"{"kind":"thin-air"}"#,
    ] {
        assert!(!validator.is_valid(&result("consistent", wrong)), "{wrong}");
        assert!(!validator.is_valid(&result("violated", wrong)), "{wrong}");
    }
}

#[test]
fn every_form_goes_to_a_file() {
    let folder = files();
    for format in ["human", "json", "jsonl", "junit", "github"] {
        let args = ["check", "--format", format, "bad.jsonl"];
        let printed = run_in(folder.path(), &args).out;
        let ran = run_in(folder.path(), &[&args[..], &["-o", "report"]].concat());
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{}", ran.err);
        let written = std::fs::read_to_string(folder.path().join("report")).unwrap();
        let lines = |text: &str| text.lines().count();
        assert_eq!(lines(&written), lines(&printed), "{format}");
    }
}

#[test]
fn certificates_are_test_cases_too() {
    let folder = files();
    run_in(folder.path(), &["check", "--format", "jsonl", "-o", "results", "bad.jsonl"]);
    let ran = run_in(folder.path(), &["certify", "--format", "junit", "bad.jsonl", "results"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(cases(&ran.out), [("bad.jsonl".to_owned(), "linearizable".to_owned(), None)]);
    valid_junit(&ran.out);
    let ran = run_in(folder.path(), &["certify", "--format", "github", "good.jsonl", "results"]);
    assert!(ran.code != 0 && ran.out.starts_with("::error file=good.jsonl,"), "{}", ran.out);
}
