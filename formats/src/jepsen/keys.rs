//! Whether the values of a history are `[key value]` pairs, as `jepsen.independent` writes them.
//!
//! Printed, such a pair is a vector of two like any other: `[1 2]` as the value of a write may be key 1 and value 2,
//! or one value that is a vector. `jepsen.independent` lifts every operation of a history or none, and it lifts calls
//! too, so calls decide, the first one that can:
//!
//! - a tagged pair, `[k nil]` called by an operation that takes no argument (a read, a dequeue, an acquire), `[k [old
//!   new]]` called by a cas, and `[k [[:r :x nil] …]]` called by a txn are keyed;
//! - a call whose value is no vector of two, `[old new]` called by a cas where `new` is no pair, and a txn whose value
//!   begins with a micro-operation are not;
//! - anything else, such as `[1 2]` called by a write, fits both: such calls are held back until one decides. If none
//!   does, every value of the history is a pair, and they are taken as keyed.
//!
//! From then on every call must agree, or the history is refused: a guess never becomes a verdict.

use crate::scan::{Kind, Node, Tape, Token};
use tribunal_checker::history::Function;

/// What a call says about all values of its history.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Evidence {
    /// Values stand as they are.
    Plain,
    /// Values are `[key value]`.
    Keyed,
    /// The call fits both.
    Either,
}

/// What a call of that function with that value says.
pub(super) fn evidence(tape: &Tape, function: Function, value: Option<Node>) -> Evidence {
    let Some(node) = value else { return Evidence::Plain };
    if matches!(tape.token(node), Token::List(Kind::Tuple, _)) {
        return Evidence::Keyed;
    }
    let Some([first, second]) = tape.pair(node) else { return Evidence::Plain };
    let is_list = |node| matches!(tape.token(node), Token::List(..));
    match function {
        _ if takes_no_argument(function) && tape.token(second) == Token::Nil => Evidence::Keyed,
        Function::Cas if tape.pair(second).is_none() => Evidence::Plain,
        Function::Cas if !is_list(first) => Evidence::Keyed,
        Function::Txn if is_list(first) => Evidence::Plain,
        Function::Txn => Evidence::Keyed,
        _ => Evidence::Either,
    }
}

/// True for functions that are called without a value.
pub(super) fn takes_no_argument(function: Function) -> bool {
    returns_value(function) || function.is_sync()
}

/// True for functions whose value is their result.
pub(super) fn returns_value(function: Function) -> bool {
    matches!(function, Function::Read | Function::Dequeue | Function::Pop | Function::Poll)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edn::Lexer;

    fn of(function: Function, value: &str) -> Evidence {
        let mut tape = Tape::default();
        Lexer::new(value.as_bytes(), true).flat(&mut tape, 0).unwrap();
        evidence(&tape, function, Some(Node::default()))
    }

    #[test]
    fn calls_decide_where_they_can() {
        use Evidence::{Either, Keyed, Plain};
        use Function::{Acquire, Cas, Dequeue, Read, Txn, Write};
        for (function, value, expected) in [
            (Read, "nil", Plain),
            (Read, "[x nil]", Keyed),
            (Read, "[x 3]", Either),
            (Read, "#{1 nil}", Plain),
            (Dequeue, "(7 nil)", Keyed),
            (Acquire, "nil", Plain),
            (Acquire, "[\"lock\" nil]", Keyed),
            (Write, "3", Plain),
            (Write, "[1 2]", Either),
            (Write, "#jepsen.independent/tuple [1 2]", Keyed),
            (Write, "[1 2 3]", Plain),
            (Cas, "[1 2]", Plain),
            (Cas, "[x [1 2]]", Keyed),
            (Cas, "[[1 2] [3 4]]", Either),
            (Txn, "[[:r 1 nil] [:w 2 3]]", Plain),
            (Txn, "[4 [[:r 1 nil] [:w 2 3]]]", Keyed),
            (Txn, "[]", Plain),
        ] {
            assert_eq!(of(function, value), expected, "{function} {value}");
        }
        assert_eq!(evidence(&Tape::default(), Write, None), Plain);
    }
}
