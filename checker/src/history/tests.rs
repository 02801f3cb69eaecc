//! What the builder makes, and what it refuses.

use super::*;

fn write(
    builder: &mut HistoryBuilder,
    process: i64,
    value: i64,
    times: Option<(i64, i64)>,
) -> Result<OpId, HistoryError> {
    let (process, key, value) = (builder.process_int(process), builder.key_text("x"), builder.int(value));
    let micros = [Micro::new(Function::Write, key, value)];
    let (start, end) = times.unzip();
    builder.push(&Operation { start, end, ..Operation::new(process, Function::Write, &micros) })
}

#[test]
fn program_order_is_by_start_in_a_timed_history() {
    let mut builder = HistoryBuilder::new();
    write(&mut builder, 0, 1, Some((10, 12))).unwrap();
    write(&mut builder, 1, 2, Some((1, 20))).unwrap();
    write(&mut builder, 0, 3, Some((2, 9))).unwrap();
    let history = builder.finish().unwrap();
    let process = history.find_process(Value::small_int(0).unwrap()).unwrap();
    assert_eq!(history.program_order(process), [OpId(2), OpId(0)]);
    assert_eq!(history.micro(OpId(1)).value.as_small_int(), Some(2));
    assert!(history.is_timed());
}

#[test]
fn operations_of_one_process_must_not_overlap() {
    let mut builder = HistoryBuilder::new();
    write(&mut builder, 0, 1, Some((1, 5))).unwrap();
    write(&mut builder, 0, 2, Some((5, 8))).unwrap();
    assert!(builder.clone().finish().is_ok(), "meeting ends do not overlap");
    write(&mut builder, 0, 3, Some((7, 9))).unwrap();
    let error = builder.finish().unwrap_err();
    assert!(matches!(error, HistoryError::Overlap { first: OpId(1), second: OpId(2), .. }), "{error}");
}

#[test]
fn times_are_recorded_for_all_or_none() {
    let mut builder = HistoryBuilder::new();
    write(&mut builder, 0, 1, None).unwrap();
    assert!(matches!(write(&mut builder, 0, 2, Some((1, 2))), Err(HistoryError::MixedTimes { .. })));
    let mut builder = HistoryBuilder::new();
    write(&mut builder, 0, 1, Some((3, 4))).unwrap();
    assert!(matches!(write(&mut builder, 0, 2, None), Err(HistoryError::MixedTimes { .. })));
    assert!(matches!(write(&mut builder, 0, 2, Some((5, 4))), Err(HistoryError::EndBeforeStart { .. })));
}

#[test]
fn responses_answer_calls() {
    let mut builder = HistoryBuilder::new();
    let (process, key) = (builder.process_int(7), builder.anonymous_key());
    let read = [Micro::new(Function::Read, key, Value::ABSENT)];
    let call = Operation { start: Some(0), line: 1, ..Operation::new(process, Function::Read, &read) };
    let response = Response {
        process,
        function: None,
        outcome: Outcome::Ok,
        answer: None,
        values: &[],
        time: 1,
        line: 2,
    };
    assert!(matches!(builder.respond(&response), Err(HistoryError::NoCall { line: 2, .. })));
    let op = builder.invoke(&call).unwrap();
    assert!(matches!(builder.invoke(&call), Err(HistoryError::StillInFlight { pending_line: 1, .. })));
    let three = builder.int(3);
    builder.respond(&Response { values: &[Some(three)], ..response }).unwrap();
    let pending = builder.invoke(&Operation { start: Some(2), line: 3, ..call }).unwrap();
    let history = builder.finish().unwrap();
    assert_eq!((history.start(op), history.end(op)), (0, 1));
    assert_eq!(history.micro(op).value, three);
    assert_eq!(history.outcome(pending), Outcome::Info);
    assert_eq!(history.end(pending), NEVER);
    assert_eq!(history.line(pending), 3);
}
