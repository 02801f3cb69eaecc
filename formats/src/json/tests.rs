//! The scanner agrees with `serde_json`, and says where it does not understand.

use super::*;
use proptest::prelude::*;

fn scan(text: &str) -> Result<Token<'_>, Fault> {
    let mut scanner = Scanner::new(text);
    let token = scanner.token()?;
    scanner.finish()?;
    Ok(token)
}

#[test]
fn tokens() {
    for (text, token) in [
        (" null ", Token::Null),
        ("true", Token::Bool(true)),
        ("-12", Token::Int(-12)),
        ("-0", Token::Int(0)),
        ("9223372036854775807", Token::Int(i64::MAX)),
        ("-9223372036854775808", Token::Int(i64::MIN)),
        ("9223372036854775808", Token::Raw("9223372036854775808")),
        ("1e3", Token::Raw("1e3")),
        ("\"é\"", Token::Text("é")),
        ("\"\\n\"", Token::Raw("\"\\n\"")),
        ("[1, {\"a\":[]}]", Token::Raw("[1, {\"a\":[]}]")),
    ] {
        assert_eq!(scan(text), Ok(token), "{text}");
    }
}

#[test]
fn faults_have_places() {
    for (text, at) in [
        ("", 0),
        ("nul", 0),
        ("nulls", 0),
        ("01", 0),
        ("1.", 2),
        ("\"a", 2),
        ("\"a\\x\"", 2),
        ("\"\u{1}\"", 1),
        ("[1 2]", 3),
        ("{\"a\" 1}", 5),
        ("{a:1}", 1),
        ("[1,]", 3),
        ("1 1", 2),
    ] {
        assert_eq!(scan(text).unwrap_err().at, at, "{text}");
    }
    let deep = "[".repeat(129) + &"]".repeat(129);
    assert!(scan(&deep).unwrap_err().limit);
    assert!(scan(&deep[1..257]).is_ok());
    assert!(datum(&deep[1..257]).is_ok());
    assert!(scan(&"[".repeat(1 << 20)).is_err());
}

#[test]
fn values_out_of_range() {
    assert!(datum("1e999").is_err());
    assert!(datum("\"\\ud800\"").is_err());
    assert_eq!(datum("[1e2]").unwrap(), Datum::List(vec![Datum::Float(100.0)]));
    assert_eq!(datum("123456789012345678901").unwrap(), Datum::integer("123456789012345678901"));
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        // serde_json reads floats to within a digit of the last; halves are exact.
        any::<i32>().prop_map(|int| (f64::from(int) / 2.0).into()),
        ".{0,9}".prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::btree_map(".{0,3}", inner, 0..4)
                .prop_map(|map| serde_json::Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn agrees_with_serde_json_on_values(value in json(), pretty: bool) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        prop_assert!(scan(&text).is_ok());
        let read = datum(&text).unwrap();
        prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&read.to_string()).unwrap(), value);
    }

    #[test]
    fn agrees_with_serde_json_on_what_is_json(text in r#"[\[\]{}",:\\0-9a-z.eE+ -]{0,12}"#) {
        let serde = serde_json::from_str::<serde_json::Value>(&text);
        let ours = scan(&text).and_then(|_| datum(&text));
        prop_assert_eq!(ours.is_ok(), serde.is_ok(), "{:?} {:?}", ours, serde);
    }
}
