//! How fast each format is read.

use super::arguments::Arguments;
use super::case::{Temporary, judge_file, make};
use super::{events, table};
use std::io::Write;
use tribunal_checker::history::History;
use tribunal_checker::spec::SpecKind;
use tribunal_corpus::Generate;
use tribunal_formats::{Format, write};

/// A format: its name, the file's extension, the data type, who writes it.
type Row = (&'static str, &'static str, SpecKind, fn(&History, &mut dyn Write));

const ROWS: [Row; 6] = [
    ("jsonl", "jsonl", SpecKind::Register, |history, out| by(Format::Native, history, out)),
    ("hist", "hist", SpecKind::Register, |history, out| by(Format::Notation, history, out)),
    ("edn", "edn", SpecKind::Register, |history, out| by(Format::JepsenEdn, history, out)),
    ("jepsen-json", "json", SpecKind::Register, events::jepsen_json),
    ("etcd-log", "log", SpecKind::Register, events::etcd_log),
    ("kv", "txt", SpecKind::AppendList, events::kv),
];

/// Runs the benchmark.
pub(crate) fn run(arguments: &Arguments) {
    table::title("Reading: one thread a file, 10 clients");
    println!(
        "{:14} {:>10} {:>9} {:>9} {:>9} {:>9} {:>8}",
        "format", "operations", "MB", "read s", "MB/s", "Mops/s", "peak MB"
    );
    let sizes: &[usize] = if arguments.full { &[1_000_000, 10_000_000] } else { &[100_000, 1_000_000] };
    for (name, extension, spec, fill) in ROWS.into_iter().filter(|row| arguments.wants(row.0)) {
        for &operations in sizes {
            // Times are columns in a figure: it is as wide as its history is long.
            let (operations, timed) =
                if name == "hist" { (operations / 100, false) } else { (operations, true) };
            let options = Generate { operations, timed, processes: 10, keys: 10, ..Generate::new(spec) };
            let history = make(&options);
            let file = Temporary::new(extension, |out| fill(&history, out));
            drop(history);
            let cost = judge_file(file.path(), None, arguments);
            let megabytes = cost.bytes as f64 / 1e6;
            println!(
                "{name:14} {:>10} {megabytes:>9.1} {:>9} {:>9} {:>9} {:>8}",
                cost.operations,
                table::seconds(cost.read),
                table::rate(megabytes, cost.read),
                table::rate(cost.operations as f64 / 1e6, cost.read),
                table::megabytes(cost.memory)
            );
        }
    }
}

fn by(format: Format, history: &History, out: &mut dyn Write) {
    write(history, format, out).expect("the format has a form for it");
}
