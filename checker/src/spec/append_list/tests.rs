//! The string and the list, step by step and read from histories.

use super::super::testing::{Script, int, list, replay, run, value};
use super::AppendListOp::{Append, Put, Read};
use super::AppendListRet::{Content as Saw, Done};
use super::*;

fn text(text: &str) -> Piece {
    Piece::Text(text.into())
}

fn element(int: i64) -> Piece {
    Piece::Element(Element::Value(value(int)))
}

#[test]
fn semantics() {
    let object = AppendList::default();
    let pieces = run(&object, &[(Append(text("a")), Some(Done)), (Append(text("bc")), None)]);
    assert_eq!(pieces, [Sequence::text("abc")]);
    assert_eq!(
        pieces,
        run(&object, &[(Append(text("ab")), None), (Append(text("c")), None)]),
        "characters only"
    );
    assert_eq!(
        run(&object, &[(Append(text("a")), None), (Put(Sequence::text("")), None)]),
        [object.initial()]
    );
    let list = run(&object, &[(Append(element(1)), None), (Append(element(1)), None)]);
    assert_eq!(list, [Sequence::list(&[1, 1].map(|int| Element::Value(value(int))))]);
}

#[test]
fn accepts() {
    let strings = Script::new()
        .op(Function::Read, Datum::Null)
        .op(Function::Append, Datum::text("x 1 y"))
        .unanswered(Function::Read)
        .op(Function::Append, Datum::text("x 2 y"))
        .op(Function::Read, Datum::text("x 1 yx 2 y"))
        .op(Function::Put, Datum::text(""))
        .op(Function::Read, Datum::text(""));
    assert_eq!(replay::<AppendList>(&strings.finish()).unwrap(), [Sequence::default()]);
    let lists = Script::new()
        .op(Function::Append, Datum::text("a"))
        .op(Function::Append, list([]))
        .op(Function::Read, list([Datum::text("a"), list([])]))
        .op(Function::Put, list([Datum::text("only inside"), int(1)]))
        .op(Function::Append, int(2))
        .op(Function::Read, list([Datum::text("only inside"), int(1), int(2)]));
    assert_eq!(replay::<AppendList>(&lists.finish()).unwrap().len(), 1);
    let started = Script::new()
        .initial(&list([Datum::text("longer than a handle")]))
        .op(Function::Append, int(2))
        .op(Function::Read, list([Datum::text("longer than a handle"), int(2)]));
    assert_eq!(replay::<AppendList>(&started.finish()).unwrap().len(), 1);
}

#[test]
fn rejects() {
    let object = AppendList { initial: Sequence::text("ab") };
    assert!(run(&object, &[(Read, Some(Saw(Sequence::text("a"))))]).is_empty());
    assert!(run(&object, &[(Read, Some(Saw(Sequence::default())))]).is_empty());
    assert!(run(&object, &[(Read, Some(Done))]).is_empty());
    assert!(
        run(&object, &[(Append(element(1)), Some(Done))]).is_empty(),
        "an element has no place in a string"
    );
    for script in [
        Script::new().op(Function::Read, int(1)),
        Script::new().op(Function::Read, Datum::text("a")).op(Function::Read, list([])),
        Script::new().op(Function::Read, Datum::text("a")).op(Function::Append, int(1)),
        Script::new().unanswered(Function::Append),
        Script::new().op(Function::Write, int(1)),
        Script::new().initial(&int(1)).op(Function::Append, int(1)),
        Script::new().initial(&Datum::text("")).op(Function::Append, int(1)),
        Script::new().initial(&list([])).op(Function::Read, Datum::text("a")),
    ] {
        assert!(replay::<AppendList>(&script.finish()).is_err());
    }
}
