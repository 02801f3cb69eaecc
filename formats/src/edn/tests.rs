//! Every kind of EDN value, what is malformed, and writing.

use super::*;
use crate::scan::{Node, Tape};
use proptest::prelude::*;

fn read(text: &str) -> Result<Datum, Stop> {
    let mut lexer = Lexer::new(text.as_bytes(), true);
    let datum = lexer.datum(0)?;
    assert_eq!(lexer.blank(), None, "{text}");
    Ok(datum)
}

fn list(items: &[Datum]) -> Datum {
    Datum::List(items.into())
}

#[test]
fn every_kind_of_value() {
    let int = Datum::Int;
    for (text, expected) in [
        ("nil", Datum::Null),
        (" , true", Datum::Bool(true)),
        ("-7", int(-7)),
        ("+7", int(7)),
        ("42N", int(42)),
        ("9223372036854775807", int(i64::MAX)),
        ("-9223372036854775808", int(i64::MIN)),
        ("9223372036854775808", Datum::integer("9223372036854775808")),
        ("-2.5e3", Datum::Float(-2500.0)),
        ("1.5M", Datum::Float(1.5)),
        ("2/3", Datum::text("2/3")),
        ("\"tab\\t \\u00e9 \\uD83D\\uDE00 \\\"q\\\" \\101\"", Datum::text("tab\t é 😀 \"q\" A")),
        ("\"two\nlines\"", Datum::text("two\nlines")),
        (":not-held", Datum::text("not-held")),
        (":jepsen.core/op", Datum::text("jepsen.core/op")),
        ("some.symbol/name'", Datum::text("some.symbol/name'")),
        ("-", Datum::text("-")),
        ("\\a", Datum::text("a")),
        ("\\newline", Datum::text("\n")),
        ("\\u0041", Datum::text("A")),
        ("\\(", Datum::text("(")),
        ("\\é", Datum::text("é")),
        ("[1 [nil] ()]", list(&[int(1), list(&[Datum::Null]), list(&[])])),
        ("#{3 1 2}", list(&[int(1), int(2), int(3)])),
        ("{:a 1, 2 \"b\"}", Datum::map(vec![("a".into(), int(1)), ("2".into(), Datum::text("b"))])),
        ("#inst \"1985-04-12\"", Datum::text("1985-04-12")),
        ("#my/tag #other [1]", list(&[int(1)])),
        ("#:ns{:a 1}", Datum::map(vec![("a".into(), int(1))])),
        ("[1 #_ 2 #_ #_ 3 [4 \"]\"] 5] ; the end", list(&[int(1), int(5)])),
        ("; before\n#_gone 6", int(6)),
    ] {
        assert_eq!(read(text), Ok(expected), "{text}");
    }
}

#[test]
fn what_is_malformed_is_placed() {
    for (text, at) in [
        ("[1 2)", 4),
        ("]", 0),
        ("{:a}", 0),
        ("007", 0),
        ("1a", 0),
        ("1/0", 0),
        ("1e999", 0),
        ("[::a]", 1),
        ("[: a]", 1),
        ("@x", 0),
        ("[##Inf]", 1),
        ("\"a\\q\"", 2),
        ("\"\\ud800\"", 3),
        ("\\nope", 0),
    ] {
        let stop = read(text).expect_err(text);
        assert!(matches!(stop, Stop::Bad(found, _) if found == at), "{text}: {stop:?}");
    }
    for text in ["", "[1", "{:a 1", "\"abc", "\"abc\\", "#", "#_", "#tag", "\\", "#{"] {
        assert_eq!(read(text), Err(Stop::Incomplete), "{text}");
    }
}

#[test]
fn an_atom_that_touches_the_end_may_go_on() {
    let mut lexer = Lexer::new(b"12", false);
    assert_eq!(lexer.datum(0), Err(Stop::Incomplete));
    assert_eq!(Lexer::new(b"12 ", false).datum(0), Ok(Datum::Int(12)));
}

#[test]
fn nesting_has_a_limit() {
    let nested = |depth: usize, open: &str, close: &str| [open.repeat(depth), close.repeat(depth)].concat();
    assert!(read(&nested(DEPTH, "[", "]")).is_ok());
    for (text, at) in [
        (nested(DEPTH + 1, "[", "]"), DEPTH),
        (nested(100_000, "{:a ", "}"), 4 * DEPTH),
        (nested(100_000, "#t ", ""), 3 * DEPTH),
        (nested(100_000, "#_", ""), 2 * DEPTH),
    ] {
        assert_eq!(read(&text), Err(Stop::Deep(at)), "{}", &text[..8]);
        assert_eq!(Lexer::new(text.as_bytes(), true).flat(&mut Tape::default(), 0), Err(Stop::Deep(at)));
    }
    assert_eq!(Lexer::new(nested(1000, "(", ")").as_bytes(), true).pass(0), Err(Stop::Deep(DEPTH)));
}

#[test]
fn passing_over_needs_structure_only() {
    for (text, length) in [
        ("[\"]\" \\] ; ]\n] x", 13),
        ("#object[java.lang.Object 0x1a \"it\"] x", 35),
        ("##NaN 1", 5),
        ("#_ 1 2 3", 6),
        ("{:a #_ }", 8),
    ] {
        let mut lexer = Lexer::new(text.as_bytes(), true);
        assert_eq!((lexer.pass(0), lexer.at), (Ok(()), length), "{text}");
    }
}

fn values() -> impl Strategy<Value = Datum> {
    let leaf = prop_oneof![
        Just(Datum::Null),
        any::<bool>().prop_map(Datum::Bool),
        any::<i64>().prop_map(Datum::Int),
        "-?[1-9][0-9]{20,30}".prop_map(|digits| Datum::integer(&digits)),
        any::<f64>().prop_filter("JSON has finite numbers", |float| float.is_finite()).prop_map(Datum::Float),
        any::<String>().prop_map(|text| Datum::text(&text)),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Datum::List),
            prop::collection::vec((any::<String>().prop_map(Into::into), inner), 0..5).prop_map(Datum::map),
        ]
    })
}

fn flat(bytes: &[u8]) -> Result<Datum, Stop> {
    let (mut tape, mut lexer) = (Tape::default(), Lexer::new(bytes, true));
    lexer.flat(&mut tape, 0)?;
    Ok(tape.datum(bytes, Node::default()))
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(value in values()) {
        let mut text = Vec::new();
        write(&value, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        prop_assert_eq!(read(&text), Ok(value.clone()), "{}", text);
        prop_assert_eq!(flat(text.as_bytes()), Ok(value), "{}", text);
        let mut lexer = Lexer::new(text.as_bytes(), true);
        prop_assert_eq!((lexer.pass(0), lexer.at), (Ok(()), text.len()), "{}", text);
    }

    #[test]
    fn junk_is_an_error_at_most(junk in r#"[ \[\](){}"\\:;#_,0-9+-./aenNtu\n\x00é]{0,40}"#) {
        let (tree, tape) = (read_some(junk.as_bytes()), flat(junk.as_bytes()));
        prop_assert_eq!(tree, tape, "{}", junk);
        let _ = Lexer::new(junk.as_bytes(), false).pass(0);
    }

    #[test]
    fn binary_junk_is_an_error_at_most(junk in prop::collection::vec(any::<u8>(), 0..60)) {
        let _ = (read_some(&junk), Lexer::new(&junk, false).pass(0));
        let _ = Lexer::new(&junk, true).flat(&mut Tape::default(), 0);
    }
}

fn read_some(bytes: &[u8]) -> Result<Datum, Stop> {
    Lexer::new(bytes, true).datum(0)
}
