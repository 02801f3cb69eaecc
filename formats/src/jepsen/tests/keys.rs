//! Independent keys: found out, held to, forced.

use super::*;

fn keyed(text: &str, keyed: bool) -> Recording {
    record(text, &ReadOptions { keyed: Some(keyed), ..ReadOptions::new() })
}

const WRITES: &str = "{:process 0 :type :invoke :f :write :value [1 2]} {:process :nemesis :type :info :f :start}\n\
                      {:process 0 :type :ok :f :write :value [1 2]}\n";

#[test]
fn a_later_call_decides_about_earlier_ones() {
    let read = |value: &str, result: &str| {
        format!(
            "{WRITES}{{:process 1 :type :invoke :f :read :value {value}}}\
             {{:process 1 :type :ok :f :read :value {result}}}"
        )
    };
    let expected = ["0 ok write write(1)2", "1 ok read read(1)2"];
    let history = history(&read("[1 nil]", "[1 2]"));
    assert_eq!(words(&history), expected);
    assert_eq!((history.events()[0].position, history.events()[0].time), (1, Some(1)));
    assert_eq!(history.end(OpId(0)), 2);
    let tagged = read("#jepsen.independent/tuple [1 nil]", "#jepsen.independent/tuple [1 2]");
    assert_eq!(words(&self::history(&tagged)), expected);
    let plain = self::history(&read("nil", "[1 2]"));
    assert_eq!(words(&plain), ["0 ok write write(null)[1,2]", "1 ok read read(null)[1,2]"]);
}

#[test]
fn where_every_value_is_a_pair_keys_are_assumed_and_said() {
    let recording = record(WRITES, &ReadOptions::new());
    assert_eq!(words(&recording.history.unwrap()), ["0 ok write write(1)2"]);
    assert_eq!(recording.notes, ["every value is a pair: read as [key value] of independent keys"]);
    assert_eq!(words(&keyed(WRITES, false).history.unwrap()), ["0 ok write write(null)[1,2]"]);
}

#[test]
fn every_function_can_be_keyed() {
    let text = "{:process 0 :type :invoke :f :read :value [:x nil]} {:process 0 :type :ok :f :read :value [:x nil]}\
                {:process 0 :type :invoke :f :cas :value [:y [1 2]]} {:process 0 :type :ok :f :cas :value [:y [1 2]]}\
                {:process 0 :type :invoke :f :acquire :value [:l nil]} {:process 0 :type :ok :f :acquire :value [:l nil]}\
                {:process 0 :type :invoke :f :txn :value [5 [[:w 1 2]]]} {:process 0 :type :ok :f :txn :value [5 [[:w 1 2]]]}\
                {:process 0 :type :invoke :f :write :value [:x 1]} {:process 0 :type :info :f :write :value nil}";
    let expected = [
        "0 ok read read(x)null",
        "0 ok cas read(y)1 write(y)2",
        "0 ok acquire acquire(l)?",
        "0 ok txn write([5,1])2",
        "0 info write write(x)1",
    ];
    assert_eq!(words(&history(text)), expected);
}

#[test]
fn a_history_is_keyed_throughout_or_not_at_all() {
    let keyed_read = "{:process 0 :type :invoke :f :read :value [1 nil]}";
    let plain_read = "{:process 1 :type :invoke :f :read :value nil}";
    let found = error(&format!("{keyed_read}\n{plain_read}"));
    assert_eq!((found.line, found.column), (2, 43), "{found}");
    let found = error(&format!("{plain_read}\n{keyed_read}"));
    assert_eq!((found.line, found.column), (2, 43), "{found}");
    let found = error(&format!("{keyed_read}\n{{:process 0 :type :ok :f :read :value 3}}"));
    assert_eq!(found.line, 2, "{found}");
    let found = error(&format!("{keyed_read}\n{{:process 0 :type :ok :f :read :value [2 3]}}"));
    assert!(found.line == 2 && found.expected.contains("the key"), "{found}");
    assert!(keyed(&format!("{plain_read}{keyed_read}"), false).history.is_ok());
    assert!(keyed(plain_read, true).history.is_err());
}
