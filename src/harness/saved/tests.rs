use super::*;
use crate::spec::{Plain, Registers, RegistersOp, RegistersRet};
use crate::{Recorder, SequentialSpec};
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;

type Store = Registers<String, u64>;

/// Operations and results of every shape that serde gives them.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
enum Op {
    Pop,
    Push(u64),
    Swap { old: u64, new: Option<u64> },
}

type Odd = Plain<Vec<u64>, Op, Option<u64>>;

fn path(name: &str) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("tribunal-saved-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    directory.join(name)
}

fn record(recorder: &Recorder<Store>) {
    let (mut a, mut b) = (recorder.client(), recorder.client());
    let write = a.invoke(RegistersOp::write("x", 1));
    b.invoke(RegistersOp::read("x")).ok(RegistersRet::read(None));
    b.invoke(RegistersOp::cas("x", 1, 2)).ok(RegistersRet::Cas { ok: false });
    write.ok(RegistersRet::Written);
    recorder.annotate("partition", 2..9);
    a.invoke(RegistersOp::read("x")).ok(RegistersRet::read(1));
    a.invoke(RegistersOp::write("y", None)).fail();
    a.invoke(RegistersOp::write("y", 4)).unknown();
    drop(b.invoke(RegistersOp::cas("y", None, 5)));
}

#[test]
fn registers_are_lines_of_the_native_format() {
    let recorder = Recorder::<Store>::new(|| 0);
    record(&recorder);
    let path = path("native.jsonl");
    let calls = recorder.finish();
    calls.save(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            r#"{"event":"annotation","text":"partition","time":2,"until":8}"#,
            r#"{"process":0,"f":"write","key":"x","value":1,"start":0,"end":5}"#,
            r#"{"process":1,"f":"read","key":"x","value":null,"start":1,"end":2}"#,
            r#"{"process":1,"f":"cas","key":"x","value":[1,2],"ok":false,"start":3,"end":4}"#,
            r#"{"process":0,"f":"read","key":"x","value":1,"start":6,"end":7}"#,
            r#"{"process":0,"f":"write","key":"y","value":null,"start":8,"end":9,"outcome":"fail"}"#,
            r#"{"process":0,"f":"write","key":"y","value":4,"start":10,"outcome":"info"}"#,
            r#"{"process":1,"f":"cas","key":"y","value":[null,5],"start":12,"outcome":"info"}"#,
        ]
    );
    let read = Calls::<Store>::open(&path).unwrap();
    let known = |calls: &Calls<Store>| {
        calls.iter().map(|call| (call.op.clone(), call.ret.clone())).collect::<Vec<_>>()
    };
    assert_eq!(known(&read), known(&calls));
    assert_eq!(read.annotations(), calls.annotations());
}

#[test]
fn a_stream_says_what_memory_says() {
    let path = path("stream.jsonl");
    let recorder = Recorder::<Store>::streaming(|| 0, &path).unwrap();
    record(&recorder);
    let (memory, mut file) = (recorder.finish(), Calls::<Store>::open(&path).unwrap());
    assert_eq!(memory.warnings(), [""; 0]);
    for (call, other) in file.calls.iter_mut().zip(memory.iter()) {
        // When a call of unknown outcome was given up means nothing.
        if call.outcome == Outcome::Info {
            call.end = other.end;
        }
    }
    assert_eq!(file, memory);
}

#[test]
fn any_shape_of_operation_is_read_again() {
    let recorder = Recorder::<Odd>::new(|| 0);
    let mut client = recorder.client();
    client.invoke(Op::Push(3)).ok(None);
    client.invoke(Op::Pop).ok(Some(3));
    client.invoke(Op::Swap { old: 3, new: None }).ok(None);
    client.invoke(Op::Pop).fail();
    let path = path("odd.jsonl");
    recorder.finish().save(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    assert!(text.contains(r#""f":"call","op":{"Push":3},"ret":null,"#), "{text}");
    assert_eq!(Calls::<Odd>::open(&path).unwrap(), recorder.finish());
}

/// A flat operation with a bare result, and one with members of its own.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "f", rename_all = "lowercase")]
enum Flat {
    Dequeue,
    Enqueue { value: u64 },
}

#[test]
fn a_bare_result_is_the_value() {
    type Queue = Plain<Vec<u64>, Flat, Option<u64>>;
    let recorder = Recorder::<Queue>::new(|| 0);
    let mut client = recorder.client();
    client.invoke(Flat::Enqueue { value: 7 }).ok(None);
    client.invoke(Flat::Dequeue).ok(Some(7));
    client.invoke(Flat::Dequeue).ok(None);
    client.invoke(Flat::Enqueue { value: 7 }).ok(Some(9));
    let path = path("flat.jsonl");
    recorder.finish().save(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    for line in [
        r#"{"process":0,"f":"enqueue","value":7,"start":0,"end":1}"#,
        r#"{"process":0,"f":"dequeue","value":7,"start":2,"end":3}"#,
        r#"{"process":0,"f":"dequeue","value":null,"start":4,"end":5}"#,
        r#"{"process":0,"f":"enqueue","value":7,"ret":9,"start":6,"end":7}"#,
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert_eq!(Calls::<Queue>::open(&path).unwrap(), recorder.finish());
}

#[test]
fn a_torn_last_line_is_set_aside_and_said() {
    let path = path("torn.jsonl");
    let recorder = Recorder::<Store>::streaming(|| 0, &path).unwrap();
    record(&recorder);
    let whole = fs::read(&path).unwrap();
    let lines: Vec<usize> = (0..whole.len()).filter(|&at| whole[at] == b'\n').collect();
    let header = lines[0] + 1;
    for cut in header..whole.len() {
        fs::write(&path, &whole[..cut]).unwrap();
        let calls = Calls::<Store>::open(&path).unwrap();
        // A line that lacks nothing but its end is whole.
        let complete = cut == header || whole[cut - 1] == b'\n' || whole[cut] == b'\n';
        assert_eq!(calls.warnings().is_empty(), complete, "{cut}");
        let answered = calls.iter().filter(|call| call.ret.is_some()).count();
        let text = String::from_utf8_lossy(&whole[..cut]);
        assert!(
            answered >= text.lines().filter(|line| line.contains("\"ok\",") && line.ends_with('}')).count()
        );
    }
    let mut spoilt = whole;
    spoilt[lines[2] - 1] = b' ';
    fs::write(&path, &spoilt).unwrap();
    let error = Calls::<Store>::open(&path).unwrap_err().to_string();
    assert!(error.contains(":3: no JSON object"), "only the last line can be torn: {error}");
}

#[test]
fn errors_name_the_line() {
    for (line, expected) in [
        (r#"{"process":0,"f":"jump","start":1,"end":2}"#, "no operation of"),
        (r#"{"process":0,"f":"read","key":"x","value":1,"start":1}"#, "\"end\" is no time"),
        (r#"{"process":"a","f":"read","key":"x","value":1,"start":1,"end":2}"#, "\"process\" is no number"),
        (r#"{"type":"ok","process":0,"f":"read","time":1}"#, "no call in flight"),
        (r#"{"process":0,"f":"read","key":"x","value":"a","start":1,"end":2}"#, "no result of"),
        (r#"{"nothing":0}"#, "neither an operation"),
        ("[]", "no JSON object"),
    ] {
        let path = path("wrong.jsonl");
        fs::write(&path, format!("{{\"tribunal\":1}}\n{line}\n")).unwrap();
        let error = Calls::<Store>::open(&path).unwrap_err().to_string();
        assert!(error.contains("wrong.jsonl:2: ") && error.contains(expected), "{error}");
    }
    assert!(matches!(Calls::<Store>::open("/nowhere/at/all"), Err(SavedError::Io { .. })));
}

#[test]
fn what_json_cannot_say_is_an_error_and_a_warning() {
    type Wide = Plain<u8, (u8, std::collections::BTreeMap<Vec<u8>, u8>), ()>;
    let path = path("wide.jsonl");
    let recorder = Recorder::<Wide>::streaming(|| 0, &path).unwrap();
    recorder.client().invoke((1, [(vec![1], 2)].into())).ok(());
    let calls = recorder.finish();
    assert_eq!(calls.len(), 1, "memory has it all the same");
    assert!(calls.warnings()[0].contains("JSON has no form for an operation"), "{:?}", calls.warnings());
    assert!(calls.save(&path).is_err());
    let _ = Plain::<u8, u8, ()>::new(0, |_, _| ()).initial();
}
