//! How the verdict on linearizability scales, for each data type.

use super::arguments::Arguments;
use super::case::{Cost, judge};
use super::table;
use tribunal_checker::model::Model;
use tribunal_checker::spec::SpecKind;
use tribunal_corpus::{Generate, Violation};

/// Sizes, short and full.
const SIZES: [usize; 4] = [10_000, 100_000, 1_000_000, 10_000_000];

/// Numbers of clients, short and full.
const PROCESSES: [usize; 1] = [10];
const ALL_PROCESSES: [usize; 5] = [2, 5, 10, 40, 64];

/// Runs the benchmark.
pub(crate) fn run(arguments: &Arguments) {
    table::title("Scaling: linearizable, one object, unique values, clients always busy, 50 % reads");
    table::head("data type, clients, history");
    let sizes = if arguments.full { &SIZES[..] } else { &SIZES[..3] };
    let processes = if arguments.full { &ALL_PROCESSES[..] } else { &PROCESSES[..] };
    for (name, options, violation) in types() {
        for &processes in processes {
            for violation in [None, Some(violation)] {
                let kind = violation.map_or("valid", Violation::name);
                let name = format!("{name}, {processes}, {kind}");
                if arguments.wants(&name) {
                    let options = Generate { processes, violation, at: 0.99, ..options.clone() };
                    series(&name, &options, sizes, arguments);
                }
            }
        }
    }
}

/// The data types, each with a violation.
fn types() -> Vec<(&'static str, Generate, Violation)> {
    let cas = Generate { cas: 0.5, ..Generate::new(SpecKind::Register) };
    let mut types = vec![
        ("register", Generate::new(SpecKind::Register), Violation::StaleRead),
        ("cas-register", cas, Violation::LostUpdate),
    ];
    for &spec in SpecKind::ALL.iter().filter(|&&spec| spec != SpecKind::Register) {
        let violation = match spec {
            SpecKind::Queue | SpecKind::Stack | SpecKind::PriorityQueue => Violation::SwappedRemovals,
            SpecKind::Counter => Violation::WrongCount,
            SpecKind::Set => Violation::FlippedAnswer,
            SpecKind::Mutex | SpecKind::Semaphore => Violation::DoubleHold,
            _ => Violation::StaleRead,
        };
        // Transactions on one key would be a register's.
        let keys = if spec == SpecKind::MultiRegister { 5 } else { 1 };
        types.push((spec.name(), Generate { keys, ..Generate::new(spec) }, violation));
    }
    types
}

/// One row a size, until one is not decided.
fn series(name: &str, options: &Generate, sizes: &[usize], arguments: &Arguments) {
    let mut costs: Vec<Cost> = Vec::new();
    for &operations in sizes {
        let cost = judge(&Generate { operations, ..options.clone() }, Model::Linearizable, arguments);
        table::row(name, &cost);
        let known = cost.is_known();
        costs.push(cost);
        if !known {
            break;
        }
    }
    table::growth(&costs);
}
