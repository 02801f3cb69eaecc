//! The result for people: verdict, checks with drawings, measures, what-ifs.

use std::fmt::Write;

use tribunal_checker::quorum::{
    Check, Choice, Formula, QuorumSystem, Resilience, Stopped, Strategy, Verdict, zones,
};

use super::{Listing, Outcome, drawing};

mod extra;

/// The whole text.
pub(crate) fn render(outcome: &Outcome) -> String {
    let mut text = String::new();
    let system = &outcome.system;
    let subject = match &outcome.product {
        Some(product) => product.name.to_owned(),
        None => subject(system),
    };
    let _ = writeln!(text, "{}: {subject}\n", outcome.judgement.verdict);
    for check in &outcome.judgement.checks {
        check_lines(&mut text, system, check);
    }
    if let Some(product) = &outcome.product {
        extra::product(&mut text, product);
    }
    measures(&mut text, outcome);
    if let Some(stale) = &outcome.staleness {
        extra::staleness(&mut text, stale);
    }
    listings(&mut text, outcome);
    requirements(&mut text, outcome);
    what_ifs(&mut text, outcome);
    text
}

fn subject(system: &QuorumSystem) -> String {
    let n = system.replicas().len();
    let replicas = if n == 1 { "1 replica".to_owned() } else { format!("{n} replicas") };
    match system.voting() {
        Some(voting) if voting.votes().iter().all(|&vote| vote == 1) => {
            format!("{replicas}, N_R = {}, N_W = {}", voting.r(), voting.w())
        }
        Some(voting) => {
            format!("{replicas}, {} votes, N_R = {}, N_W = {}", voting.total(), voting.r(), voting.w())
        }
        None => replicas,
    }
}

fn check_lines(text: &mut String, system: &QuorumSystem, check: &Check) {
    let (mark, word) = match check.exact {
        Ok(true) => ("✓", "holds".to_owned()),
        Ok(false) => ("✗", format!("allows {}", check.prevents)),
        Err(stopped) => ("?", format!("undecided: {stopped}")),
    };
    let _ = writeln!(text, "{mark} {}: {} — {word}", check.id, check.rule);
    if let Some(inequality) = &check.inequality {
        let relation = if inequality.formula.contains(">=") { ">=" } else { ">" };
        let word = if inequality.holds { "holds" } else { "does not hold" };
        let _ = writeln!(
            text,
            "    {}: {} {relation} {} {word}",
            inequality.formula, inequality.lhs, inequality.rhs
        );
    }
    if let Some(note) = &check.note {
        let _ = writeln!(text, "    note: {note}");
    }
    if let Some(witness) = &check.witness {
        text.push('\n');
        for line in drawing::witness(system, witness) {
            let _ = writeln!(text, "    {}", line.trim_end());
        }
        text.push('\n');
    }
    if !check.fix.is_empty() {
        let _ = writeln!(text, "    mend: {}", check.fix.join(", or "));
    }
}

fn measures(text: &mut String, outcome: &Outcome) {
    let system = &outcome.system;
    let measures = &outcome.measures;
    if !outcome.down.is_empty() {
        let _ = writeln!(text, "\nwith {} down:", system.names(&outcome.down).join(", "));
    } else {
        text.push('\n');
    }
    for (name, tolerance) in [("reads", &measures.reads), ("writes", &measures.writes)] {
        let _ = writeln!(
            text,
            "  {name:7} {}",
            survives(&tolerance.resilience, "replica", &|i| { system.replicas()[i].name.clone() })
        );
        if let Some(found) = &tolerance.zones {
            let zones = zones(system);
            let _ = writeln!(text, "          {}", survives(found, "zone", &|i| zones[i].0.clone()));
        }
        match &tolerance.blocked {
            Some(Ok(blocked)) => {
                let _ = writeln!(text, "          available {}, blocked {blocked:.4e}", 1.0 - blocked);
            }
            Some(Err(stopped)) => {
                let _ = writeln!(text, "          availability not known: {stopped}");
            }
            None => {}
        }
    }
    match measures.nondominated {
        Ok(true) => text.push_str("  quorums nondominated: none can be smaller or added\n"),
        Ok(false) => {
            text.push_str("  quorums dominated: others could be smaller, or more be added, as safely\n");
        }
        Err(_) => {}
    }
    match &measures.strategy {
        Some(Ok(strategy)) => strategy_lines(text, outcome, strategy),
        Some(Err(why)) => {
            let _ = writeln!(text, "  load not known: {why}");
        }
        None => {}
    }
}

fn survives(found: &Result<Resilience, Stopped>, unit: &str, name: &dyn Fn(usize) -> String) -> String {
    match found {
        Err(stopped) => format!("resilience not known: {stopped}"),
        Ok(Resilience { blocking: None, .. }) => "blocked already".to_owned(),
        Ok(Resilience { survives, blocking: Some(blocking) }) => {
            let names: Vec<String> = blocking.iter().map(name).collect();
            let plural = if *survives == 1 { "" } else { "s" };
            format!("survive any {survives} {unit}{plural}; blocked without {}", names.join(" "))
        }
    }
}

/// The most sets of a strategy that are shown.
const SHOWN: usize = 8;

fn strategy_lines(text: &mut String, outcome: &Outcome, strategy: &Strategy) {
    let fractions = match strategy.loads.as_slice() {
        [(fraction, _)] => format!("read fraction {fraction}"),
        _ => "the given read fractions".to_owned(),
    };
    let proof = match &strategy.bounds {
        Some(bounds) => match bounds.exact() {
            Some(exact) if exact.to_string().len() <= 24 => format!(" = {exact}, proved least"),
            _ if bounds.certified() => ", proved least".to_owned(),
            _ => ", not proved least".to_owned(),
        },
        None => String::new(),
    };
    let _ = writeln!(text, "  load    {:.6}{proof} (at {fractions})", strategy.load);
    if let [_, _, ..] = strategy.loads.as_slice() {
        for (fraction, load) in &strategy.loads {
            let _ = writeln!(text, "          {load:.6} at read fraction {fraction}");
        }
        let _ = writeln!(
            text,
            "          capacity {:.4} expected, {:.4} at the busiest",
            strategy.expected_capacity, strategy.peak_capacity
        );
    } else {
        let _ = writeln!(text, "          capacity {:.4}", strategy.peak_capacity);
    }
    let _ = write!(text, "          {:.4} replicas contacted", strategy.network);
    match strategy.latency_ms {
        Some(latency) => {
            let _ = writeln!(text, ", {latency:.4} ms");
        }
        None => text.push('\n'),
    }
    for (name, choices) in [("read", &strategy.reads), ("write", &strategy.writes)] {
        choice_lines(text, &outcome.system, name, choices);
    }
}

fn choice_lines(text: &mut String, system: &QuorumSystem, name: &str, choices: &[Choice]) {
    for choice in choices.iter().take(SHOWN) {
        let _ = writeln!(
            text,
            "          {name:5} {:>8.4}%  {}",
            100.0 * choice.probability,
            system.names(&choice.members).join(" ")
        );
    }
    if choices.len() > SHOWN {
        let _ = writeln!(text, "          {name:5} … {} more (all of them in JSON)", choices.len() - SHOWN);
    }
}

fn listings(text: &mut String, outcome: &Outcome) {
    let formulas: [(&str, &Formula); 2] =
        [("read", outcome.system.reads()), ("write", outcome.system.writes())];
    for ((name, _), listing) in formulas.iter().zip(&outcome.listings) {
        match listing {
            None => {}
            Some(Err(stopped)) => {
                let _ = writeln!(text, "\nminimal {name} quorums not known: {stopped}");
            }
            Some(Ok(Listing { quorums, all })) => {
                let more = if *all { "" } else { " (the first of more)" };
                let _ = writeln!(text, "\nminimal {name} quorums{more}:");
                for quorum in quorums {
                    let _ = writeln!(text, "  {}", outcome.system.names(quorum).join(" "));
                }
            }
        }
    }
}

fn requirements(text: &mut String, outcome: &Outcome) {
    if outcome.requirements.is_empty() {
        return;
    }
    text.push_str("\nrequired:\n");
    for requirement in &outcome.requirements {
        let mark = match requirement.met {
            Some(true) => "✓",
            Some(false) => "✗",
            None => "?",
        };
        let found = match (requirement.found, &requirement.reason) {
            (Some(found), _) if found < 0.0 => "blocked already".to_owned(),
            (Some(found), _) => format!("found {found}"),
            (None, Some(reason)) => reason.clone(),
            (None, None) => "not known".to_owned(),
        };
        let _ = writeln!(text, "  {mark} {} {}: {found}", requirement.name, requirement.wanted);
    }
}

fn what_ifs(text: &mut String, outcome: &Outcome) {
    if outcome.what_ifs.is_empty() {
        return;
    }
    let width = outcome.what_ifs.iter().map(|row| row.change.chars().count()).max().unwrap_or(0);
    let _ = writeln!(text, "\none misconfiguration away:\n  {:width$}  verdict    reads  writes survive", "");
    for row in &outcome.what_ifs {
        let shown =
            |resilience: Option<usize>| resilience.map_or_else(|| "blocked".to_owned(), |f| f.to_string());
        let changed = if row.verdict == Verdict::Unsafe && outcome.judgement.verdict == Verdict::Safe {
            "  <- no longer safe"
        } else {
            ""
        };
        let _ = writeln!(
            text,
            "  {:width$}  {:9}  {:5}  {}{changed}",
            row.change,
            row.verdict.to_string(),
            shown(row.read_resilience),
            shown(row.write_resilience),
        );
    }
}
