use super::{
    Acks, Cassandra, ConsistencyLevel, Dialect, DialectReport, Elasticsearch, Etcd, Kafka, Level, Mongodb,
    Riak, WriteConcern, Zookeeper, judge,
};
use crate::quorum::{Limits, Verdict};

fn report(dialect: &Dialect) -> DialectReport {
    judge(dialect, &Limits::default()).unwrap()
}

fn level(text: &str) -> Level {
    let (name, centre) = text.split_once('@').map_or((text, None), |(name, dc)| (name, Some(dc.to_owned())));
    Level { level: ConsistencyLevel::of_name(name).unwrap(), centre }
}

fn cassandra(replication: &[(&str, usize)], write: &str, read: &str) -> Dialect {
    Dialect::Cassandra(Cassandra {
        scylla: false,
        replication: replication.iter().map(|(dc, factor)| ((*dc).to_owned(), *factor)).collect(),
        write: level(write),
        read: level(read),
    })
}

#[test]
fn two_data_centres_of_three() {
    let centres = [("dc1", 3), ("dc2", 3)];
    for (write, read, safe) in [
        ("LOCAL_QUORUM@dc1", "QUORUM", false),
        ("QUORUM", "LOCAL_QUORUM@dc1", false),
        ("EACH_QUORUM", "LOCAL_QUORUM@dc2", true),
        ("QUORUM", "QUORUM", true),
        ("ALL", "ONE", true),
        ("LOCAL_QUORUM@dc1", "LOCAL_QUORUM@dc1", true),
        ("LOCAL_QUORUM@dc1", "LOCAL_QUORUM@dc2", false),
        ("ANY", "ALL", false),
    ] {
        let report = report(&cassandra(&centres, write, read));
        assert_eq!(report.judgement.verdict == Verdict::Safe, safe, "{write} / {read}");
    }
    let report = report(&cassandra(&centres, "LOCAL_QUORUM@dc1", "QUORUM"));
    let check = &report.judgement.checks[0];
    let witness = check.witness.as_ref().unwrap();
    assert_eq!(report.system.names(&witness.quorums[0].members).len(), 2);
    assert_eq!(report.system.names(&witness.quorums[1].members).len(), 4);
    assert!(check.fix.contains(&"read at LOCAL_QUORUM@dc1".to_owned()), "{:?}", check.fix);
    assert!(check.fix.contains(&"write at QUORUM".to_owned()), "{:?}", check.fix);
    let safe = |write: &str, read: &str| {
        let pair = report.pairs.iter().find(|pair| pair.write == level(write) && pair.read == level(read));
        pair.unwrap().safe.unwrap()
    };
    assert!(safe("EACH_QUORUM", "LOCAL_QUORUM@dc1") && !safe("EACH_QUORUM", "ONE"));
}

#[test]
fn cassandra_s_settings_that_cannot_be_are_errors() {
    for (dialect, field) in [
        (cassandra(&[("dc1", 3), ("dc2", 3)], "LOCAL_QUORUM", "ONE"), "cassandra.write.dc"),
        (cassandra(&[("dc1", 3)], "ONE", "LOCAL_ONE@dc9"), "cassandra.read.dc"),
        (cassandra(&[("dc1", 2)], "THREE", "ONE"), "cassandra.write.cl"),
        (cassandra(&[("dc1", 0)], "ONE", "ONE"), "cassandra.replication"),
        (cassandra(&[("dc1", usize::MAX), ("dc2", 2)], "ONE", "ONE"), "cassandra.replication"),
    ] {
        assert_eq!(judge(&dialect, &Limits::default()).unwrap_err().field, field);
    }
}

#[test]
fn riak_s_sums_promise_nothing_unless_they_count_primaries() {
    let riak = |r, w, pr, pw| report(&Dialect::Riak(Riak { n: 3, r, w, pr, pw }));
    assert_eq!(riak(2, 2, 0, 0).judgement.verdict, Verdict::Unsafe);
    assert_eq!(riak(2, 2, 0, 0).judgement.checks[0].fix, ["pr=2, pw=2"]);
    assert_eq!(riak(2, 2, 2, 2).judgement.verdict, Verdict::Safe);
    assert_eq!(riak(1, 1, 1, 1).judgement.verdict, Verdict::Unsafe);
}

#[test]
fn mongodb_with_an_arbiter_defaults_to_what_a_failover_undoes() {
    let mongodb = |members, arbiters, write_concern| {
        report(&Dialect::Mongodb(Mongodb { members, arbiters, write_concern })).judgement
    };
    assert_eq!(mongodb(2, 1, WriteConcern::Default).verdict, Verdict::Unsafe);
    assert_eq!(mongodb(2, 1, WriteConcern::Majority).verdict, Verdict::Safe);
    assert_eq!(mongodb(3, 0, WriteConcern::Default).verdict, Verdict::Safe);
    assert_eq!(mongodb(3, 0, WriteConcern::Members(1)).checks[0].fix[0], "w: 2");
    assert_eq!(mongodb(3, 0, WriteConcern::Members(0)).verdict, Verdict::Unsafe);
}

#[test]
fn kafka_s_floor_is_not_the_number_of_acknowledgements() {
    let kafka = |rf, least, acks, unclean| {
        report(&Dialect::Kafka(Kafka {
            replication_factor: rf,
            min_insync_replicas: least,
            acks,
            unclean_leader_election: unclean,
        }))
    };
    assert_eq!(kafka(3, 2, Acks::All, false).judgement.verdict, Verdict::Safe);
    assert_eq!(kafka(3, 2, Acks::All, true).judgement.verdict, Verdict::Unsafe);
    assert_eq!(kafka(3, 1, Acks::All, false).judgement.verdict, Verdict::Unsafe);
    assert_eq!(kafka(3, 2, Acks::Leader, false).judgement.verdict, Verdict::Unsafe);
    assert_eq!(kafka(1, 2, Acks::All, false).judgement.verdict, Verdict::Unsafe);
    let rigid = kafka(2, 2, Acks::All, false);
    assert_eq!(rigid.judgement.verdict, Verdict::Safe);
    assert!(rigid.statements.iter().any(|s| s.contains("as soon as one broker is down")));
}

#[test]
fn groups_of_zookeeper_and_sizes_of_etcd_and_elasticsearch() {
    let group = |names: &[&str], weight| names.iter().map(|name| ((*name).to_owned(), weight)).collect();
    let hierarchy = Zookeeper {
        groups: vec![
            group(&["1", "2", "3"], 1),
            group(&["4", "5", "6"], 1),
            group(&["7", "8", "9"], 1),
            group(&["10"], 0),
        ],
    };
    let report_of = report(&Dialect::Zookeeper(hierarchy));
    assert_eq!(report_of.judgement.verdict, Verdict::Safe);
    assert!(report_of.system.writes().is_quorum(&[0, 1, 3, 4].into_iter().collect()));
    assert!(report_of.statements.iter().any(|s| s.contains("without a say: 10")));
    let etcd = report(&Dialect::Etcd(Etcd { members: 4 }));
    assert!(etcd.statements[1].contains("any 1 member down"), "{:?}", etcd.statements);
    let elastic = Elasticsearch { master_eligible: 4, minimum_master_nodes: 2 };
    assert_eq!(report(&Dialect::Elasticsearch(elastic)).judgement.verdict, Verdict::Unsafe);
}
