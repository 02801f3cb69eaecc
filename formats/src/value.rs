//! One JSON value, by itself.

use crate::json::{Scanner, datum};
use tribunal_checker::history::Datum;

/// The value that a JSON text is; `None` if it is none.
#[must_use]
pub fn parse_value(text: &str) -> Option<Datum> {
    let text = text.trim();
    let mut scanner = Scanner::new(text);
    scanner.token().ok()?;
    scanner.finish().ok()?;
    datum(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_the_whole_text() {
        assert_eq!(parse_value(" -17 "), Some(Datum::Int(-17)));
        assert_eq!(parse_value("[1,null]"), Some(Datum::List(vec![Datum::Int(1), Datum::Null])));
        assert_eq!(parse_value("18446744073709551616"), Some(Datum::integer("18446744073709551616")));
        for text in ["", "a", "1 2", "[1", "01", "nan"] {
            assert_eq!(parse_value(text), None, "{text}");
        }
    }
}
