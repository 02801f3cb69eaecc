//! How the verdicts on every model but the linearizable ones scale, with known reads-from.

use super::arguments::Arguments;
use super::case::{Cost, judge};
use super::table;
use tribunal_checker::model::{Guarantees, Model};
use tribunal_checker::spec::SpecKind;
use tribunal_corpus::{Generate, Violation};

/// Runs the benchmark.
pub(crate) fn run(arguments: &Arguments) {
    table::title(
        "Models: registers, unique values, 100 clients, 100 keys, 50 % reads, no times but for eventual",
    );
    table::head("model, clients, history");
    let sizes: &[usize] = if arguments.full { &[10_000, 100_000, 1_000_000] } else { &[10_000, 100_000] };
    let each = Guarantees::EACH.map(Model::Session);
    for &model in Model::NAMED.iter().filter(|model| !model.needs_times() || **model == Model::Eventual) {
        // The guarantees one by one are judged on histories that satisfy all four.
        let made = if each.contains(&model) { Model::Session(Guarantees::ALL) } else { model };
        let violations =
            [None, Some(Violation::StaleRead).filter(|_| !each.contains(&model) && model != Model::Eventual)];
        for (at, violation) in violations.into_iter().enumerate() {
            if at == 1 && violation.is_none() {
                continue;
            }
            let kind = violation.map_or("valid", Violation::name);
            series(
                &format!("{model}, 100, {kind}"),
                &known(made, 100, 100, violation),
                model,
                sizes,
                arguments,
            );
        }
    }
    table::title("Sequential as in Axe's tables: 16 keys, 4 to 32 clients");
    table::head("model, clients, history");
    let sizes: &[usize] = if arguments.full { &[10_000, 100_000, 1_000_000] } else { &[10_000, 100_000] };
    for processes in [4, 16, 32] {
        let name = format!("sequential, {processes}, valid");
        series(&name, &known(Model::Sequential, processes, 16, None), Model::Sequential, sizes, arguments);
    }
}

fn known(model: Model, processes: usize, keys: usize, violation: Option<Violation>) -> Generate {
    let timed = model == Model::Eventual;
    Generate { model, processes, keys, violation, timed, at: 0.99, ..Generate::new(SpecKind::Register) }
}

/// One row a size, until one is not decided.
fn series(name: &str, options: &Generate, model: Model, sizes: &[usize], arguments: &Arguments) {
    if !arguments.wants(name) {
        return;
    }
    let mut costs: Vec<Cost> = Vec::new();
    for &operations in sizes {
        let cost = judge(&Generate { operations, ..options.clone() }, model, arguments);
        table::row(name, &cost);
        let known = cost.is_known();
        costs.push(cost);
        if !known {
            break;
        }
    }
    table::growth(&costs);
}
