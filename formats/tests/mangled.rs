//! Whatever the bytes are, reading ends with histories or with errors, never with a panic; and errors point into the
//! input.

use proptest::prelude::*;
use std::io::Write;
use tribunal_formats::{Format, ReadOptions, read_bytes};

/// A small history in each format, with most of what the format knows.
const SEEDS: &[&str] = &[
    concat!(
        "{\"tribunal\":1,\"spec\":\"register\",\"initial\":null,\"guards\":{\"x\":\"L1\"}}\n",
        "{\"process\":0,\"f\":\"write\",\"key\":\"x\",\"value\":1,\"start\":10,\"end\":25,\"node\":[1,{\"a\":\"\\u00e9\"}]}\n",
        "{\"process\":0,\"f\":\"cas\",\"key\":\"x\",\"value\":[1,2.5e3],\"start\":30,\"end\":41,\"ok\":false}\n",
        "{\"process\":1,\"f\":\"acquire\",\"lock\":\"L1\",\"mode\":\"shared\",\"start\":50,\"outcome\":\"info\"}\n",
        "{\"event\":\"crash\",\"time\":60}\n{\"replica\":\"L2\",\"log\":[0]}\n",
        "{\"history\":\"b\"}\n{\"process\":2,\"f\":\"txn\",\"value\":[[\"r\",\"x\",1],[\"w\",\"y\",2]],\"id\":3,\"hint\":4}\n",
    ),
    concat!(
        "{\"type\":\"invoke\",\"process\":0,\"f\":\"txn\",\"value\":[[\"r\",\"x\",null]],\"time\":9}\n",
        "{\"type\":\"invoke\",\"process\":1,\"f\":\"read\",\"value\":null}\n",
        "{\"type\":\"ok\",\"process\":0,\"f\":\"txn\",\"value\":[[\"r\",\"x\",1]]}\n",
        "{\"type\":\"fail\",\"process\":1,\"f\":\"read\"}\n",
    ),
    concat!(
        "# a figure\nexpect: causal yes, sequential no\ninitial: x=0, y=\"a b\"\nguards: x=L1\n",
        "P1: W(x)a?@[3,9] CAS(x)a>b>true \tAcqS(L) S\nP2: Enq(q)1.5 Deq(q)NIL crash\nhistory: two\nuntimed\n",
        "L1: WS(x1) R(x1)\nL2: WS(x1;x2) W(x3)\n",
    ),
    concat!(
        "[{:process 0, :type :invoke, :f :cas, :value [1 2], :time 12}\n",
        " {:process 0, :type :ok, :f :cas, :value [1 2], :error #{:a \"b\\n\"}}]\n",
    ),
    concat!(
        "[{\"process\":0,\"type\":\"invoke\",\"f\":\"write\",\"value\":1,\"index\":0},\n",
        "{\"process\":0,\"type\":\"ok\",\"f\":\"write\",\"value\":1,\"index\":1}]\n",
    ),
    "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\t3\n",
    concat!(
        "{:process 0, :type :invoke, :f :append, :key \"0\", :value \"x 0 0 y\"}\n",
        "{:process 0, :type :ok, :f :append, :key \"0\", :value \"x 0 0 y\"}\n",
    ),
];

#[derive(Clone, Debug)]
enum Harm {
    Truncate(prop::sample::Index),
    Flip(prop::sample::Index, u8),
    Insert(prop::sample::Index, Vec<u8>),
    Repeat(prop::sample::Index, prop::sample::Index),
    Remove(prop::sample::Index),
}

fn harm() -> impl Strategy<Value = Harm> {
    let index = any::<prop::sample::Index>;
    let syntax = prop::sample::select(b"{}[]()\":,\\;#@?>\n\t 0-.eNx\xff\xc3".to_vec());
    prop_oneof![
        index().prop_map(Harm::Truncate),
        (index(), prop_oneof![any::<u8>(), syntax.clone()]).prop_map(|(at, byte)| Harm::Flip(at, byte)),
        (index(), prop::collection::vec(syntax, 1..4)).prop_map(|(at, bytes)| Harm::Insert(at, bytes)),
        (index(), index()).prop_map(|(from, to)| Harm::Repeat(from, to)),
        index().prop_map(Harm::Remove),
    ]
}

fn packed(text: &str, zstd: bool) -> Vec<u8> {
    if zstd {
        let level = ruzstd::encoding::CompressionLevel::Fastest;
        return ruzstd::encoding::compress_to_vec(text.as_bytes(), level);
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    gzip.finish().unwrap()
}

fn mangle_bytes(mut bytes: Vec<u8>, harms: &[Harm]) -> Vec<u8> {
    for harm in harms {
        let length = bytes.len().max(1);
        match harm {
            Harm::Truncate(at) => bytes.truncate(at.index(length)),
            Harm::Flip(at, byte) => {
                if let Some(old) = bytes.get_mut(at.index(length)) {
                    *old = *byte;
                }
            }
            Harm::Insert(at, new) => {
                let at = at.index(length).min(bytes.len());
                bytes.splice(at..at, new.iter().copied());
            }
            Harm::Repeat(from, to) => {
                let (from, to) = (from.index(length).min(bytes.len()), to.index(length).min(bytes.len()));
                let again = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.extend(again);
            }
            Harm::Remove(at) => {
                if !bytes.is_empty() {
                    bytes.remove(at.index(bytes.len()));
                }
            }
        }
    }
    bytes
}

fn check(bytes: &[u8], options: &ReadOptions) -> Result<(), TestCaseError> {
    let lines = bytes.split(|&byte| byte == b'\n').count() as u64;
    let errors = match read_bytes(bytes, "mangled", options) {
        Ok(recordings) => recordings.into_iter().filter_map(|recording| recording.history.err()).collect(),
        Err(error) => vec![error],
    };
    for error in errors {
        prop_assert!(error.line <= lines || bytes.starts_with(b"\x1f\x8b") || bytes.starts_with(b"\x28\xb5"));
        prop_assert!(error.to_string().starts_with("mangled:"), "{error}");
        prop_assert!(!error.to_string().contains('\n'), "{error}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn mangled_histories_are_read_or_refused(
        seed in prop::sample::select(SEEDS),
        harms in prop::collection::vec(harm(), 0..5),
        format in prop::option::of(prop::sample::select(Format::ALL)),
    ) {
        let mut options = ReadOptions::new();
        options.format = format;
        check(&mangle_bytes(seed.into(), &harms), &options)?;
    }

    #[test]
    fn mangled_compression_is_read_or_refused(
        seed in prop::sample::select(SEEDS),
        zstd: bool,
        repeat in 1..200_usize,
        harms in prop::collection::vec(harm(), 0..4),
    ) {
        check(&mangle_bytes(packed(&seed.repeat(repeat), zstd), &harms), &ReadOptions::new())?;
    }

    #[test]
    fn junk_is_refused(bytes in prop::collection::vec(any::<u8>(), 0..200), format in prop::sample::select(Format::ALL)) {
        check(&bytes, &ReadOptions::new())?;
        check(&bytes, &ReadOptions::new().format(format))?;
        check(&[b"\x1f\x8b\x08\x00", &bytes[..]].concat(), &ReadOptions::new())?;
        check(&[b"\x28\xb5\x2f\xfd", &bytes[..]].concat(), &ReadOptions::new())?;
    }
}
