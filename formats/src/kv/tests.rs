//! Key-value files: texts by key.

use crate::{Format, ReadOptions, read_bytes};
use tribunal_checker::history::{Datum, Function, OpId};

const TEXT: &str = r#"{:process 0, :type :invoke, :f :append, :key "a", :value "x 0 0 y"}
{:process 1, :type :invoke, :f :get, :key "a", :value nil}
{:process 0, :type :ok, :f :append, :key "a", :value "x 0 0 y"}
{:process 1, :type :ok, :f :get, :key "a", :value "x 0 0 y"}
{:process 1, :type :invoke, :f :put, :key "b", :value ""}
{:process 1, :type :ok, :f :put, :key "b", :value ""}
"#;

#[test]
fn texts_begin_empty_and_are_appended_to() {
    let recording = read_bytes(TEXT.as_bytes(), "-", &ReadOptions::new()).unwrap().remove(0);
    assert_eq!(recording.format, Format::Kv);
    let history = recording.history.unwrap();
    assert_eq!(history.declared_spec(), Some("append-list"));
    let functions: Vec<_> = history.ops().map(|op| history.function(op)).collect();
    assert_eq!(functions, [Function::Append, Function::Read, Function::Put]);
    let text = |value| history.values().get(value);
    assert_eq!(text(history.default_initial()), Some(Datum::text("")));
    assert_eq!(text(history.micro(OpId(1)).value), Some(Datum::text("x 0 0 y")));
    assert_eq!(text(history.key_name(history.micro(OpId(2)).key().unwrap())), Some(Datum::text("b")));
}

#[test]
fn a_response_has_the_key_of_its_call() {
    let text = TEXT.replacen(":type :ok, :f :get, :key \"a\"", ":type :ok, :f :get, :key \"c\"", 1);
    let error =
        read_bytes(text.as_bytes(), "kv.txt", &ReadOptions::new()).unwrap().remove(0).history.unwrap_err();
    assert_eq!(error.line, 4, "{error}");
    assert!(error.expected.contains("the key"), "{error}");
}
