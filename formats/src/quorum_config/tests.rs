use tribunal_checker::quorum::{Limits, Protocol, Verdict, judge};

use super::{Notation, QuorumConfig, Subject, read};

const FULL: &str = r#"
down = ["c"]
[nodes]
a = { votes = 2, zone = "eu", read_capacity = 4000, write_capacity = 2000, latency_ms = 1, fail_p = 0.01 }
b = { votes = 1, fail_p = 0.01 }
c = { votes = 0, fail_p = 0 }
w = { votes = 1, data = false, fail_p = 0.05 }
[quorum]
r = 2
w = 3
[rules]
protocol = "register"
[workload]
read_fraction = { "0.5" = 1, "0.75" = 3 }
[require]
read_resilience = 1
write_availability = 0.999
max_load = 0.6
"#;

fn toml(text: &str) -> QuorumConfig {
    read(text, Notation::Toml).unwrap()
}

fn error(text: &str) -> String {
    read(text, Notation::Toml).unwrap_err().to_string()
}

fn verdict(config: &QuorumConfig) -> Verdict {
    let Subject::System { system, rules } = &config.subject else { panic!("no system") };
    judge(system, rules, &Limits::default()).unwrap().verdict
}

#[test]
fn every_section_is_read() {
    let config = toml(FULL);
    let Subject::System { system, rules } = &config.subject else { panic!("no system") };
    let names: Vec<&str> = system.replicas().iter().map(|replica| replica.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "c", "w"]);
    assert_eq!(system.voting().unwrap().votes(), [2, 1, 0, 1]);
    assert!(!system.replicas()[3].data);
    assert!(matches!(rules.protocol, Protocol::Register));
    assert_eq!(config.workload.as_ref().unwrap().read_fractions, [(0.5, 1.0), (0.75, 3.0)]);
    assert_eq!(config.require.max_load, Some(0.6));
    assert_eq!(config.down, ["c"]);
    assert_eq!(verdict(&config), Verdict::Safe);
}

#[test]
fn json_has_the_same_schema_and_keeps_the_order_of_the_replicas() {
    let text = r#"{"nodes":{"z":{},"a":{}},"quorum":{"reads":"z + a","writes":"dual"}}"#;
    let config = read(text, Notation::Json).unwrap();
    let Subject::System { system, .. } = &config.subject else { panic!("no system") };
    assert_eq!(system.replicas()[0].name, "z");
    assert_eq!(verdict(&config), Verdict::Safe);
}

#[test]
fn each_form_of_quorum_is_read() {
    for text in [
        "[nodes]\nn = 5\n[quorum]\nr = 2\nw = 4",
        "[quorum]\nvotes = [2, 1, 1]\nr = 2\nw = 3",
        "[quorum]\nshape = \"plane\"\norder = 3",
        "n = 7\n[quorum]\nshape = \"tree\"",
        "[quorum]\nshape = \"wall\"\nwidths = [1, 2, 3]",
        "n = 11\n[quorum]\nr = 9\nw = 3\nfast = 7",
        "n = 4\n[quorum]\nr = 3\nw = 3\n[rules]\nbyzantine = 1",
        "[rules]\nold = [\"a\", \"b\", \"c\"]\nnew = [\"a\", \"b\", \"d\"]\nchange = \"joint\"",
    ] {
        assert_eq!(verdict(&toml(text)), Verdict::Safe, "{text}");
    }
    let switch = toml("[rules]\nold = [\"1\", \"2\", \"3\"]\nnew = [\"1\", \"2\", \"3\", \"4\", \"5\"]");
    assert_eq!(verdict(&switch), Verdict::Unsafe);
}

#[test]
fn errors_name_the_field_and_the_mend() {
    for (text, field, mend) in [
        ("n = 5\n[quorum]\nr = 2\nw = 9", "w: ", "between 1 and 5"),
        ("n = 5\n[quorum]\nr = -1\nw = 3", "quorum.r: ", "0 or more"),
        ("n = 5\n[quorum]\nr = 2.5\nw = 3", "quorum.r: ", "whole number"),
        ("n = 0\n[quorum]\nr = 1\nw = 1", "nodes: ", "at least one"),
        ("n = 99999999999\n[quorum]\nr = 1\nw = 1", "n: ", "at most"),
        ("[nodes]\na = { votes = -2 }\n[quorum]\nr = 1\nw = 1", "nodes.a.votes: ", "0 or more"),
        ("[nodes]\na = { fail_p = 1.5 }\n[quorum]\nr = 1\nw = 1", "nodes.a.fail_p: ", "between 0 and 1"),
        ("[nodes]\na = { fail_p = nan }\n[quorum]\nr = 1\nw = 1", "nodes.a.fail_p: ", "a number"),
        ("[nodes]\na = { read_capacity = 0 }\n[quorum]\nr = 1\nw = 1", "nodes.a.read_capacity: ", "positive"),
        ("[nodes]\na = { vote = 1 }\n[quorum]\nr = 1\nw = 1", "nodes.a.vote: ", "votes, zone"),
        ("[nodes]\na = {}\n[quorum]\nreads = \"a * b\"", "reads: ", "declare it"),
        ("n = 3\n[quorum]\nr = 2\nw = 2\n[require]\nmax_lode = 1", "require.max_lode: ", "max_load"),
        ("n = 3\n[quorum]\nr = 2\nreads = \"a\"", "quorum: ", "keep one"),
        ("n = 3", "quorum: ", "r and w"),
        ("[quorum]\nr = 2\nw = 2", "nodes: ", "quorum.votes"),
        (
            "n = 3\n[quorum]\nr = 2\nw = 2\n[workload]\nread_fraction = { x = 1 }",
            "workload.read_fraction.x",
            "number",
        ),
        (
            "n = 3\n[quorum]\nr = 2\nw = 2\n[rules]\nprotocol = \"paxos\"",
            "rules.protocol: ",
            "flexible-paxos",
        ),
        ("n = 3\n[quorum]\nr = 2\nw = 2\n[rules]\nbyzantine = 3", "", ""),
        ("[quorum]\nvotes = [9223372036854775807, 9223372036854775807]\nr = 1\nw = 1", "votes: ", "sum"),
        ("n = [", "the file: ", "TOML"),
    ] {
        if field.is_empty() {
            continue;
        }
        let error = error(text);
        assert!(error.starts_with(field) && error.contains(mend), "{text}\n{error}");
    }
    let twice = read(r#"{"n":3,"n":4,"quorum":{"r":2,"w":2}}"#, Notation::Json).unwrap_err();
    assert!(twice.problem.contains("stands twice"));
}

#[test]
fn each_product_is_read_in_its_own_words() {
    use tribunal_checker::quorum::dialect;
    for (text, safe) in [
        (
            "[cassandra]\nreplication = { dc1 = 3, dc2 = 3 }\nwrite = { cl = \"LOCAL_QUORUM\", dc = \"dc1\" }\nread = \"QUORUM\"",
            false,
        ),
        ("[scylla]\nreplication = { dc1 = 3 }\nwrite = \"quorum\"\nread = \"local_quorum\"", true),
        ("[riak]\nn = 3\nr = \"quorum\"\nw = 2\npr = 2\npw = \"quorum\"", true),
        ("[mongodb]\nmembers = 2\narbiters = 1", false),
        ("[kafka]\nreplication_factor = 3\nmin_insync_replicas = 2\nacks = \"all\"", true),
        ("[zookeeper]\ngroups = [[\"1\", \"2\", \"3\"], [\"4\"], [\"5\"]]\nweights = { \"5\" = 0 }", true),
        ("[zookeeper]\nservers = 5", true),
        ("[etcd]\nmembers = 5", true),
        ("[elasticsearch]\nmaster_eligible = 3\nminimum_master_nodes = 1", false),
    ] {
        let config = toml(text);
        let Subject::Product(dialect) = &config.subject else { panic!("{text}") };
        let report = dialect::judge(dialect, &Limits::default()).unwrap();
        assert_eq!(report.judgement.verdict == Verdict::Safe, safe, "{text}");
    }
    for (text, field) in [
        ("n = 3\n[etcd]\nmembers = 5", "n: etcd is described already"),
        ("[riak]\nn = 3\nr = \"most\"", "riak.r: found \"most\""),
        (
            "[cassandra]\nreplication = { dc1 = 3 }\nwrite = \"SOME\"\nread = \"ONE\"",
            "cassandra.write: \"SOME\"",
        ),
        ("[kafka]\nreplication_factor = 3\nacks = 7", "kafka.acks: found 7"),
        ("[zookeeper]\nservers = 3\nweights = { x = 1 }", "zookeeper.weights.x: no such server"),
    ] {
        assert!(error(text).starts_with(field), "{}", error(text));
    }
}

#[test]
fn staleness_is_asked_of_equal_votes_that_may_miss() {
    let config = toml("n = 3\n[quorum]\nr = 1\nw = 1");
    assert_eq!(config.staleness.unwrap().versions, [1, 2, 3, 5, 10]);
    assert!(toml("n = 3\n[quorum]\nr = 2\nw = 2").staleness.is_none());
    let text = "n = 3\n[quorum]\nr = 1\nw = 1\n[staleness]\nseed = 4\nwrite = { exponential = 0.1 }\n\
                ack = { exponential = 1 }\nread = { uniform = [0, 2] }\nresponse = { constant = 1 }\n";
    assert_eq!(toml(text).staleness.unwrap().wars.unwrap().seed, 4);
    assert!(error(&text.replace("constant = 1", "constant = -1")).starts_with("staleness.response"));
    assert!(error(&text.replace("exponential = 1 ", "gamma = 1 ")).starts_with("staleness.ack.gamma"));
}
